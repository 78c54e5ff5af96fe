"""What an import returns: what became of every row, which days are covered, and where it all came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

from detente.base.days import Window
from detente.base.errors import Fault
from detente.events.files.raw_table import MAX_FIELDS
from detente.events.importing.releases import Compared

FOLDED_ON = ("date", "source", "target", "action", "place")
"""Rows that agree on these are one event, in however many reports."""


NUMBERED_ON = ("number", "source", "target", "action")
"""The same where people number events: rows with other numbers are others."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was imported.

    Attributes
    ----------
    name, sha256 : str
        Digest of the file as it lies on the disk, packed or not.
    size, rows : int
        Bytes on the disk, and rows in it.
    """

    name: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True)
class Imported:
    """Events of other formats as an event file of this program, and what became of every row.

    ``rows + more - sum(left_out) - sum(refused) - folded`` is the number of events.

    Attributes
    ----------
    form, codebook : str
        Format, and how its codes read.
    files : tuple[FileRead, ...]
    rows, events, folded, actors : int
    left_out, refused : Mapping[str, int]
        Rows by reason: sound ones that are no act between two actors asked for, and faulty ones.
    faults : tuple[Fault, ...]
        The first faulty rows of every reason, and the first that were set apart, with their lines.
    window : Window
        The days expected: those asked for, or from the first event to the last.
    declared : bool
        Whether the user gave both ends.
    missing : tuple[Window, ...]
        Windows in it in which no row of any kind was read.
    mapped : str or None
        The user's file that maps actors.
    applied : Mapping[str, int]
        How often each of its lines named an actor.
    output, sha256 : str
        The file written, and its digest.
    columns : tuple[str, ...]
        Its columns.
    more : int
        Acts beyond one a row: rows may name several actors, or a fight that is an act of each side.
    notes : Mapping[str, int]
        Rows that were kept though something about them is odd, by what it is.
    succeeded : Mapping[str, int]
        Rows in which a code of a former state became its successor's, by both.
    renamed : Mapping[str, int]
        Rows in which a form of a state became its ISO code, by both.
    alike : tuple of tuple of str
        Groups of actors that look like one.
    reissued, shared_ids : int
        Rows that say an event of the same number again, among those folded; numbers that stand for different pairs or
        acts, so that they number no event.
    other_deaths : int
        Events among those said again whose rows do not agree on the deaths.
    shared_examples : tuple[str, ...]
        The first of those numbers.
    changed : int
        Those numbers that were reported on different days: a later release changed an earlier row.
    gaps : tuple[Window, ...]
        Stretches of years without a row, between the parts that the files cover.
    files_left_out : tuple[str, ...]
        Files in archives that are no tables.
    columns_unused : tuple[str, ...]
        Columns of plain files that no event file has.
    fits_better : tuple or None
        Another codebook that more of the codes are in, the number of events in it, and in this one.
    numbered : bool
        Whether a row with a number is an event of its own, so that only its own number folds it.
    compared : Compared or None
        What became of the rows of an earlier release, if one was given.
    """

    form: str
    codebook: str
    files: tuple[FileRead, ...]
    rows: int
    events: int
    folded: int
    actors: int
    left_out: Mapping[str, int]
    refused: Mapping[str, int]
    faults: tuple[Fault, ...]
    window: Window
    declared: bool
    missing: tuple[Window, ...]
    mapped: str | None
    applied: Mapping[str, int]
    output: str
    sha256: str
    columns: tuple[str, ...]
    more: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
    succeeded: Mapping[str, int] = field(default_factory=dict)
    renamed: Mapping[str, int] = field(default_factory=dict)
    alike: tuple[tuple[str, ...], ...] = ()
    reissued: int = 0
    other_deaths: int = 0
    shared_ids: int = 0
    shared_examples: tuple[str, ...] = ()
    changed: int = 0
    gaps: tuple[Window, ...] = ()
    files_left_out: tuple[str, ...] = ()
    columns_unused: tuple[str, ...] = ()
    fits_better: tuple[str, int, int] | None = None
    numbered: bool = False
    compared: Compared | None = None

    @property
    def unmet(self) -> tuple[str, ...]:
        """Names in the user's map that no row had."""
        return tuple(name for name, count in self.applied.items() if not count)

    @property
    def too_many(self) -> bool:
        """Whether there are more fields than an event file may hold, so that no command reads it."""
        return self.events * len(self.columns) > MAX_FIELDS

    @property
    def days_missing(self) -> int:
        """Number of days in the window on which no row was read."""
        return sum(window.days for window in self.missing)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: what the sidecar holds."""
        compared = {} if self.compared is None else {"compared": self.compared.to_dict()}
        return {
            "format": self.form,
            "codebook": self.codebook,
            "detente": version("detente"),
            "files": [
                {"name": f.name, "bytes": f.size, "sha256": f.sha256, "rows": f.rows} for f in self.files
            ],
            "rows": self.rows,
            "events": self.events,
            "actors": self.actors,
            "folded": self.folded,
            "folded_on": list(NUMBERED_ON if self.numbered else FOLDED_ON),
            "left_out": dict(self.left_out),
            "refused": dict(self.refused),
            "refused_first": [str(fault) for fault in self.faults],
            "days_expected": self.window.days,
            "window": [self.window.start.isoformat(), self.window.end.isoformat()],
            "window_declared": self.declared,
            "days_missing": self.days_missing,
            "missing": [[window.start.isoformat(), window.end.isoformat()] for window in self.missing],
            "map": self.mapped,
            "map_rows": dict(self.applied),
            "map_unmet": list(self.unmet),
            "acts_beyond_rows": self.more,
            "notes": dict(self.notes),
            "succession": dict(self.succeeded),
            "names": dict(self.renamed),
            "actors_alike": [list(group) for group in self.alike],
            "reissued": self.reissued,
            "reissued_other_deaths": self.other_deaths,
            "ids_shared": {"count": self.shared_ids, "first": list(self.shared_examples)},
            "ids_changed": self.changed,
            "gaps": [[gap.start.isoformat(), gap.end.isoformat()] for gap in self.gaps],
            "files_left_out": list(self.files_left_out),
            "columns_unused": list(self.columns_unused),
            "codebook_fits_better": _fits(self.fits_better),
            "output": {"name": self.output, "sha256": self.sha256, "columns": list(self.columns)},
            **compared,
        }


def _fits(better: tuple[str, int, int] | None) -> dict[str, Any] | None:
    return None if better is None else dict(zip(("codebook", "events", "events_in_own"), better, strict=True))


def missing_windows(window: Window, seen: Sequence[date]) -> tuple[Window, ...]:
    """Return the windows in a window that hold none of the days seen.

    Examples
    --------
    >>> week = Window(date(2020, 1, 1), date(2020, 1, 8))
    >>> [str(window) for window in missing_windows(week, [date(2020, 1, 2), date(2020, 1, 5)])]
    ['2020-01-01', '2020-01-03 to 2020-01-04', '2020-01-06 to 2020-01-07']
    """
    inside = sorted(day for day in set(seen) if day in window)
    starts = [
        window.start,
        *(day + timedelta(days=1) for day in inside),
    ]  # no day before the calendar's first
    gaps = zip(starts, [*inside, window.end], strict=True)
    return tuple(Window(start, end) for start, end in gaps if start < end)
