"""How much memory this machine has left for a process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup")


def available_bytes() -> int | None:
    """Return the memory that may still be used, in bytes; None where the system does not say.

    On Linux it is what the kernel could free, or what is left of the container's share if that is less; elsewhere the
    whole memory of the machine.

    Examples
    --------
    >>> left = available_bytes()
    >>> left is None or left > 0
    True
    """
    found = [left for left in (_free(), _left_of_group()) if left is not None]
    return min(found) if found else _installed()


def peak_bytes() -> int:
    """Return the most memory that this process has taken so far, in bytes; 0 where the system does not say.

    Examples
    --------
    >>> peak_bytes() >= 0
    True
    """
    if sys.platform == "win32":
        return 0
    from resource import RUSAGE_SELF, getrusage

    unit = 1 if sys.platform == "darwin" else 1024
    return getrusage(RUSAGE_SELF).ru_maxrss * unit


def _free() -> int | None:
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _left_of_group() -> int | None:
    with suppress(OSError, ValueError):  # "max" is no number: nothing is shared out
        most = int((_GROUP / "memory.max").read_text(encoding="ascii"))
        return max(most - int((_GROUP / "memory.current").read_text(encoding="ascii")), 1)
    return None


def _installed() -> int | None:
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None
