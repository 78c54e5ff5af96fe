"""Write a file whole or not at all: beside its place first, then in one move."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from detente.base.errors import Fault, OutputError
from detente.base.progress import Progress


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
        raise OutputError(
            Fault("unwritable", "file", where=str(path), hint="other_folder", reason=reason)
        ) from None


def beside(path: Path) -> Path:
    """Return a hidden name beside a path that nothing has yet."""
    names = (path.with_name(f".{path.name}.{os.getpid()}-{n}.tmp") for n in itertools.count())
    return next(name for name in names if not name.exists())


def write_files(
    contents: Iterable[tuple[str, bytes]], count: int, out: Path, progress: Progress | None = None
) -> list[Path]:
    """Write named files into a folder: all of them, or none and no trace; see `write_run`.

    Parameters
    ----------
    contents : iterable of (name, bytes)
        Made one after the other.
    count : int
        How many there are, for the progress told.
    """
    names = []
    try:
        with _all_or_nothing(out.resolve()) as folder:
            for done, (name, content) in enumerate(contents):
                if progress:
                    progress("report", done, count)
                (folder / name).write_bytes(content)
                names.append(name)
            if progress:
                progress("report", count, count)
    except OSError as error:
        raise OutputError(_fault(out, error)) from error
    return [out / name for name in names]


@contextmanager
def _all_or_nothing(out: Path) -> Iterator[Path]:
    """Give a temporary folder, and at the end move its files into `out`; on any failure leave no trace of either."""
    if out.exists() and not out.is_dir():
        raise FileExistsError(errno.EEXIST, "a file of that name", str(out))
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]  # innermost first
    stage: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(mkdtemp(prefix=f".{out.name}-", dir=_beside(out)))
        for name in ("new", "old"):
            (stage / name).mkdir()
        yield stage / "new"
        out.mkdir(exist_ok=True)
        _move(stage / "new", stage / "old", out)
    except BaseException:
        if stage:
            shutil.rmtree(stage, ignore_errors=True)
        for folder in missing:
            with suppress(OSError):  # someone else may have put something there
                folder.rmdir()
        raise
    shutil.rmtree(stage, ignore_errors=True)


def _beside(out: Path) -> Path:
    """Return where the temporary folder goes: next to `out`, or in it if `out` is on a file system of its own."""
    if out.exists() and (out.stat().st_dev != out.parent.stat().st_dev or not os.access(out.parent, os.W_OK)):
        return out
    return out.parent


def _move(new: Path, old: Path, out: Path) -> None:
    """Move every file of `new` into `out`; if one will not go, put back what lay there."""
    names = sorted(file.name for file in new.iterdir())
    for name in names:
        if (out / name).exists():
            shutil.copy2(out / name, old / name)
    moved = []
    try:
        for name in names:
            moved.append(name)
            (new / name).replace(out / name)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                (old / name).replace(out / name)
            else:
                (out / name).unlink(missing_ok=True)
        raise


def _fault(out: Path, error: OSError) -> Fault:
    hints = {
        errno.ENOSPC: "free_space",
        errno.EDQUOT: "free_space",
        errno.EACCES: "writable_folder",
        errno.EPERM: "writable_folder",
        errno.EROFS: "writable_folder",
    }
    hint = hints.get(error.errno or 0, "other_folder")
    return Fault("unwritable", "out", where=str(out), hint=hint, reason=error.strerror or str(error))
