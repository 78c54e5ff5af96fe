"""One pull of a file at a time: a lock that the system itself opens again when its holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from detente.base.errors import Fault, OutputError
from detente.base.files import output_faults


def lock_of(path: Path) -> Path:
    """Return the name of the lock of a file.

    Examples
    --------
    >>> lock_of(Path("events.zip")).name
    '.events.zip.lock'
    """
    return path.with_name(f".{path.name}.lock")


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Keep a file from being fetched twice at a time: two pulls would write into the same pieces.

    Raises
    ------
    OutputError
        If another pull is at it.

    Notes
    -----
    What a dead process left is no lock: the system holds it, not the file. Processes of other machines count where the
    file system shares its locks; where it has none, nothing is locked.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, held_alone(Path(folder) / "events.zip"):
    ...     print(lock_of(Path(folder) / "events.zip").exists())
    True
    """
    lock = lock_of(path)
    with output_faults(path, "into"):
        number = _opened(lock)
    if number is None:
        raise OutputError(Fault("taken", "into", got=str(path), hint="wait_for_pull"))
    try:
        yield
    finally:
        if sys.platform != "win32":  # where an open file cannot be removed
            lock.unlink(missing_ok=True)
        os.close(number)


def _opened(lock: Path) -> int | None:
    """Open a file and lock it; None if it is locked."""
    while True:
        number = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        if not _locked(number):
            os.close(number)
            return None
        with suppress(OSError):
            # Its last holder may have removed it between our opening and our locking it.
            if os.path.samestat(os.fstat(number), lock.stat()):
                return number
        os.close(number)


def _locked(number: int) -> bool:
    """Lock an open file, and return whether nobody else had."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # the file system has no locks: better to go on without than not at all
        return True
    return True
