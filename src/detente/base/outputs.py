"""Whether a place may take output, found out before work begins: no input of the run, and no file of someone else's."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from detente.base.errors import Fault, OutputError
from detente.base.files import output_faults, regular_file
from detente.base.ownership import is_ours


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
