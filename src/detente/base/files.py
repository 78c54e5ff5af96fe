"""Write files whole or not at all: beside their place first, then in one move; links are followed, devices kept."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from detente.base.errors import ClosedPipeError, Fault, OutputError
from detente.base.hidden_names import hidden_prefix, remove_leftovers, unfinished
from detente.base.progress import Progress

_MOST_LINKS = 40
_numbers = itertools.count()


def write_whole(path: Path, content: bytes, *, field: str = "file", parents: bool = False) -> None:
    """Write bytes to a file; to a pipe or a terminal as a stream.

    Parameters
    ----------
    path : path
        A link is followed.
    field : str
        What a fault calls the file.
    parents : bool
        Whether to make its folder if there is none.

    Raises
    ------
    OutputError
        If the file can't be written. Nothing is left behind, and a file that was there stays as it was.
    """
    with output_faults(path, field):
        if regular_file(path) is None:
            with _stream_of(path) as stream:
                stream.write(content)
            return
    with replacing(path, field=field, parents=parents) as temporary, temporary.open("xb") as stream:
        stream.write(content)


@contextmanager
def replacing(path: Path, *, field: str = "file", parents: bool = False) -> Iterator[Path]:
    """Give the name of a file that is not there yet, and move what was written to it to `path` at the end.

    Raises
    ------
    OutputError
        As `write_whole` does, and if `path` is a stream.
    """
    with output_faults(path, field):
        target = regular_file(path)
        if target is None:
            raise OSError(errno.ESPIPE, "it is a stream")
        # Beside the file, since os.replace is atomic only within one file system.
        with _folder_made(target.parent, parents=parents), unfinished(beside(target)) as temporary:
            yield temporary
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)


def beside(path: Path) -> Path:
    """Return a hidden name beside a path that nothing has yet; what dead processes left there is removed."""
    remove_leftovers(path.parent)
    prefix = hidden_prefix(path.name)
    names = (path.with_name(f"{prefix}{n}.tmp") for n in _numbers)  # threads never get the same one
    return next(name for name in names if not name.exists())


def regular_file(path: Path) -> Path | None:
    """Return the file that a path stands for, whether it exists or not, with links followed; None for a stream.

    Streams are pipes, terminals, other character devices, and whatever is already open, such as /dev/stdout.

    Raises
    ------
    OSError
        If links lead in a circle, or to a folder, a block device or a socket.

    Examples
    --------
    >>> regular_file(Path("/dev/null")) is None, regular_file(Path("report.html")).name
    (True, 'report.html')
    """
    if _descriptor_of(path) is not None:
        return None
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return path.resolve()
    if stat.S_ISREG(mode):
        return path.resolve()
    if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode):
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    raise OSError(errno.ENOTSUP, "it is a block device or a socket", str(path))


def _descriptor_of(path: Path) -> int | None:
    """Return the number of an open file that a path stands for, as /dev/stdout stands for 1."""
    folders = {os.path.realpath(name) for name in ("/dev/fd", "/proc/self/fd")}
    for _ in range(_MOST_LINKS):
        if path.name.isdecimal() and os.path.realpath(path.parent) in folders:
            return int(path.name)
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return None


def _stream_of(path: Path) -> BinaryIO:
    number = _descriptor_of(path)
    return os.fdopen(os.open(path, os.O_WRONLY) if number is None else os.dup(number), "wb")


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
    with output_faults(out, "out"), _all_or_nothing(_folder_at(out)) as folder:
        for done, (name, content) in enumerate(contents):
            if progress:
                progress("report", done, count)
            (folder / name).write_bytes(content)
            names.append(name)
        if progress:
            progress("report", count, count)
    return [out / name for name in names]


def _folder_at(out: Path) -> Path:
    """Return the folder that a path stands for, whether it exists or not, with links followed."""
    with suppress(FileNotFoundError):
        if not stat.S_ISDIR(out.stat().st_mode):
            raise FileExistsError(errno.EEXIST, "a file of that name", str(out))
    return out.resolve()


@contextmanager
def _all_or_nothing(out: Path) -> Iterator[Path]:
    """Give a temporary folder, and at the end move its files into `out`; on any failure leave no trace of either."""
    with _folder_made(out.parent, parents=True):
        home = _beside(out)
        remove_leftovers(home)
        with unfinished(Path(mkdtemp(prefix=hidden_prefix(out.name), dir=home))) as stage:
            for name in ("new", "old"):
                (stage / name).mkdir()
            yield stage / "new"
            with _folder_made(out, parents=True):
                _move(stage / "new", stage / "old", out)


@contextmanager
def _folder_made(folder: Path, *, parents: bool) -> Iterator[None]:
    """Make a folder if it is wanted and missing, and remove it again if what follows fails."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()] if parents else []
    try:
        if missing:
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in missing:  # innermost first
            with suppress(OSError):  # someone else may have put something there
                each.rmdir()
        raise


def _beside(out: Path) -> Path:
    """Return where the temporary folder goes: next to `out`, or in it if `out` is on a file system of its own."""
    if out.exists() and (out.stat().st_dev != out.parent.stat().st_dev or not os.access(out.parent, os.W_OK)):
        return out
    return out.parent


def _move(new: Path, old: Path, out: Path) -> None:
    """Move every file of `new` into `out`, where links are followed; if one will not go, put back what lay there."""
    targets = {}
    for name in sorted(file.name for file in new.iterdir()):
        target = regular_file(out / name)
        if target is None:
            raise OSError(errno.ESPIPE, f"{name} is a stream")
        targets[name] = target
        if target.exists():
            shutil.copy2(target, old / name)
    moved = []
    try:
        for name, target in targets.items():
            moved.append(name)
            _put(new / name, target)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                _put(old / name, targets[name])
            else:
                targets[name].unlink(missing_ok=True)
        raise


def _put(file: Path, target: Path) -> None:
    """Move a file, also to another file system, where a link may lead."""
    try:
        file.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with unfinished(beside(target)) as near:
            shutil.copy2(file, near)
            near.replace(target)


@contextmanager
def output_faults(path: Path, field: str) -> Iterator[None]:
    """Turn what the system says of a place for output into a fault."""
    hints = {
        errno.ENOSPC: "free_space",
        errno.EDQUOT: "free_space",
        errno.EACCES: "writable_folder",
        errno.EPERM: "writable_folder",
        errno.EROFS: "writable_folder",
    }
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipeError(
            Fault("unwritable", field, where=str(path), reason=error.strerror or str(error))
        ) from None
    except OSError as error:
        hint, reason = hints.get(error.errno or 0, "other_folder"), error.strerror or str(error)
        raise OutputError(Fault("unwritable", field, where=str(path), hint=hint, reason=reason)) from None
    except ValueError as error:
        if "null" not in str(error):
            raise
        fault = Fault("unwritable", field, where=str(path), hint="other_folder", reason=str(error))
        raise OutputError(fault) from None
