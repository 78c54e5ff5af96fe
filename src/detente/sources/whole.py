"""Write a file whole or not at all: beside its place first, then in one move."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.errors import Fault, OutputError


def write_whole(path: Path, content: bytes) -> None:
    """Write bytes to a file.

    Raises
    ------
    OutputError
        If the file can't be written. Nothing is left behind, and a file that was there stays as it was.
    """
    with replacing(path) as temporary, temporary.open("xb") as stream:
        stream.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the name of a file that is not there yet, and move what was written to it to `path` at the end.

    Raises
    ------
    OutputError
        As `write_whole` does.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError("it is a folder")
        # Beside the file, since os.replace is atomic only within one file system.
        temporary = beside(path)
        try:
            yield temporary
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = "Try another folder."
        raise OutputError(Fault("file", "must be writable", f"{reason}: {path}", hint=hint)) from None


def beside(path: Path) -> Path:
    """Return a hidden name beside a path that nothing has yet."""
    names = (path.with_name(f".{path.name}.{os.getpid()}-{n}.tmp") for n in itertools.count())
    return next(name for name in names if not name.exists())
