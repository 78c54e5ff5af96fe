"""What a file seems to be: which layouts of event data its first line has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from detente.base.errors import DataError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.events.files.raw_table import SUFFIXES
from detente.events.importing.blocks import blocks_of
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.members import members
from detente.events.importing.registry import layout_registry

_PLAIN = ("csv", "keds-cameo", "keds-weis")
"""Formats of tables that may be event files as they are."""


def first_line(path: Path, limits: Limits = LIMITS) -> str:
    """Return the first line of a file, or of the first table in it.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    with closing(members(path, limits)) as texts:
        for member in texts:
            block = next(blocks_of(member), None)
            line = b"" if block is None else block.data.partition(b"\n")[0]
            try:
                return line.decode()
            except UnicodeDecodeError:
                return line.decode("latin-1")
    return ""


def formats_seen(files: Sequence[Path], limits: Limits = LIMITS) -> tuple[FileLayout, ...]:
    """Return the layouts that the first lines of all files have, the likeliest first.

    Raises
    ------
    DataError
        If a file cannot be read, or has none of them.
    """
    lines = [first_line(path, limits) for path in files]
    found = tuple(
        layout for layout in layout_registry().values() if all(layout.opening(line) for line in lines)
    )
    if not found:
        if kin := _without_pairs(lines[0], files[0]):
            raise DataError(kin)
        choices = tuple(layout_registry())
        raise DataError(
            Fault("no_format_seen", "file", where=files[0].name, hint="known_formats", choices=choices)
        )
    return found


def _without_pairs(first: str, path: Path) -> Fault | None:
    faults = (layout.without_pairs(first, path.name) for layout in layout_registry().values())
    return next((fault for fault in faults if fault is not None), None)


def other_format(path: Path, limits: Limits = LIMITS) -> Fault | None:
    """Return the fault of a file that is of another project's format, with the command that reads it; None if not."""
    with suppress(DataError, OSError, ValueError):
        if kin := _without_pairs(first_line(path, limits), path):
            return kin
        seen = formats_seen([path], limits)
        if seen[0].name in _PLAIN:
            ending = path.suffix.lower() not in (*SUFFIXES, ".zip")
            name = path.name
            fault = Fault("wrong_ending", "file", got=name, hint="import_csv", file=name, endings=SUFFIXES)
            return fault if ending else None
        for layout in seen:
            if layout.name not in _PLAIN:
                return Fault(
                    "other_format", "file", where=path.name, hint="import_it",
                    title=layout.title, format=layout.name, file=path.name,
                )  # fmt: skip
    return None
