"""Where output may go, over no input of the run and no file of someone else's; and the one way to write there."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from detente.base.errors import Fault, OutputError
from detente.base.files import output_faults, regular_file, write_files, write_whole
from detente.base.ownership import is_ours
from detente.base.progress import Progress


def write_output(
    path: Path,
    content: bytes,
    *,
    inputs: Iterable[Path] = (),
    force: bool = False,
    field: str = "out",
    parents: bool = False,
) -> None:
    """Write a file, whole or not at all, where `check_target` allows it; the parameters are its own.

    Raises
    ------
    OutputError

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.txt"
    ...     _ = path.write_text("mine")
    ...     write_output(path, b"theirs", force=True)
    ...     path.read_text()
    'theirs'
    """
    check_target(path, inputs=inputs, force=force, field=field, parents=parents)
    write_whole(path, content, field=field, parents=parents)


def write_outputs(
    contents: Iterable[tuple[str, bytes]],
    names: Sequence[str],
    out: Path,
    *,
    inputs: Iterable[Path] = (),
    force: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write named files into a folder, all of them or none and no trace, where `check_folder` allows it.

    Parameters
    ----------
    contents : iterable of (name, bytes)
        Made one after the other.
    names : sequence of str
        The names in their order.
    out : path
        Made if it does not exist. Files of ours are replaced, other files in it stay.
    inputs : iterable of path
        Files that the result was made from; none of them is ever written to.
    force : bool
        Whether files that Détente did not write may be replaced.
    progress : callable, optional
        Called with ("report", files made, files in all).

    Raises
    ------
    OutputError
        If the folder must not take them, or cannot be written.
    """
    check_folder(out, names, inputs=inputs, force=force)
    return write_files(contents, len(names), out, progress)


def check_target(
    path: Path,
    *,
    inputs: Iterable[Path] = (),
    force: bool = False,
    field: str = "out",
    parents: bool = False,
    streams: bool = True,
) -> None:
    """Refuse a place that must not take a file.

    Parameters
    ----------
    path : path
    inputs : iterable of path
        Files that the run reads; none of them is ever written to.
    force : bool
        Whether a file that Détente did not write may be replaced.
    field : str
        What a fault calls the file.
    parents : bool
        Whether its folder is made if there is none.
    streams : bool
        Whether a pipe or a terminal will do.

    Raises
    ------
    OutputError
    """
    with output_faults(path, field):
        if path.is_dir():
            raise OutputError(Fault("not_a_file", field, got=str(path), hint="name_file"))
        target = regular_file(path)
        if target is None:
            if not streams:
                raise OutputError(Fault("not_a_file", field, got=str(path), hint="name_file"))
            return
        if any(_is_same(target, each) for each in inputs):
            raise OutputError(Fault("same_as_input", field, got=str(path), hint="other_file"))
        if not target.exists():
            _check_new(target, path, field, parents=parents)
            return
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        # An empty file holds nothing that could be lost.
        if not force and target.stat().st_size and not is_ours(target):
            raise OutputError(Fault("not_ours", field, got=str(path), hint="force_or_other_file"))


def check_folder(
    out: Path | None, names: Iterable[str], *, inputs: Iterable[Path] = (), force: bool = False
) -> None:
    """Refuse a folder that must not take files of these names; see `check_target`.

    Raises
    ------
    OutputError
    """
    if out is None:
        return
    with output_faults(out, "out"):
        with suppress(FileNotFoundError):
            out.stat()
        if out.exists() and not out.is_dir():
            raise OutputError(Fault("not_a_folder", "out", got=str(out), hint="new_folder"))
    inputs = tuple(inputs)
    for name in names:
        check_target(out / name, inputs=inputs, force=force, parents=True, streams=False)


def _check_new(target: Path, path: Path, field: str, *, parents: bool) -> None:
    """Refuse a new file where none can be made."""
    if not parents and not target.parent.is_dir():
        raise OutputError(Fault("no_such_folder", field, got=str(path), hint="other_file"))
    above = next(each for each in target.parents if each.exists())
    if not above.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(above, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _is_same(one: Path, other: Path) -> bool:
    with suppress(OSError, ValueError):
        return one.samefile(other)
    return False
