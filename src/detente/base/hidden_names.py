"""Hidden names of unfinished output: they say which process made it, and what dead processes left is removed."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_NAME = re.compile(r"\..*\.detente-([0-9a-f]{8})-(\d+)-(\d+)-.*", re.DOTALL)
_unfinished: set[Path] = set()
_LONGEST = 100  # bytes of the name itself, so that the whole stays within what file systems take


def hidden_prefix(name: str) -> str:
    """Return how hidden names beside a file or folder begin while this process writes it.

    Examples
    --------
    >>> hidden_prefix("report.html").startswith(".report.html.detente-")
    True
    """
    short = name.encode(errors="surrogateescape")[:_LONGEST].decode(errors="ignore")
    pid = os.getpid()
    return f".{short}.detente-{_machine()}-{pid}-{_start_of(pid)}-"


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Give a path of a hidden name, and remove what is still there at the end."""
    _unfinished.add(path)
    try:
        yield path
    finally:
        _remove(path)
        _unfinished.discard(path)


def remove_unfinished() -> None:
    """Remove all that this process has not finished: for a process that ends at once."""
    for path in list(_unfinished):
        _remove(path)


def remove_leftovers(folder: Path) -> None:
    """Remove what processes of this machine that are dead left unfinished in a folder.

    Parameters
    ----------
    folder : path
        One that cannot be listed is left as it is.

    Notes
    -----
    On Linux a process is known by its id, its start and the name space of ids, so that an id used again is not taken
    for the old process. On macOS and other systems without ``/proc`` the start and the name space are not known: what
    is left stays as long as any process has the id. On Windows nothing is removed, since asking after a process could
    end it. A process of another user counts as alive everywhere.
    """
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            match = _NAME.fullmatch(entry.name)
            if match is None or match[1] != _machine() or _is_alive(int(match[2]), int(match[3])):
                continue
            _remove(Path(entry.path))


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@cache
def _machine() -> str:
    """Return a digest of where ids of processes mean something: a machine, or a container on it."""
    space = ""
    with suppress(OSError):
        space = str(Path("/proc/self/ns/pid").readlink())
    return hashlib.sha256(f"{platform.node()} {space}".encode()).hexdigest()[:8]


def _start_of(pid: int) -> int:
    """Return when a process started, in the kernel's ticks; 0 where that is not told."""
    try:
        told = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return int(told[19])
    except (OSError, ValueError, IndexError):
        return 0


def _is_alive(pid: int, start: int) -> bool:
    """Return whether a process still runs; an id that another process has by now does not count."""
    if sys.platform == "win32":  # there is no harmless way to ask
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's, or no id at all: left alone
        return True
    return start == _start_of(pid)
