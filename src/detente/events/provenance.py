"""Where events came from: eras of coverage, what reading left out, and what was laid over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from detente.base.days import Window
from detente.base.errors import Fault


@dataclass(frozen=True, slots=True)
class Added:
    """An event file laid over a chronicle, and what became of its rows.

    Attributes
    ----------
    name : str
    rows_read, acts : int
        Rows in the file, and acts that the chronicle has gained.
    repeated : int
        Rows that say again what the chronicle or the file itself says.
    paired : int
        Rows that became the second direction of a mutual act.
    alike : int
        Acts gained on a day on which the chronicle has an act with the same parties and action, in other words.
    new_actors : tuple[str, ...]
        Codes that the chronicle had never seen.
    covers : Window or None
        The days by which the chronicle's window grew, which only this file covers.
    declared : bool
        Whether the user said that the file covers them; else they end with its last event.
    first : date or None
        Day of the file's first event.
    """

    name: str
    rows_read: int
    acts: int
    repeated: int = 0
    paired: int = 0
    alike: int = 0
    new_actors: tuple[str, ...] = ()
    covers: Window | None = None
    declared: bool = False
    first: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        covers = self.covers and [self.covers.start.isoformat(), self.covers.end.isoformat()]
        return {
            "file": self.name,
            "rows": self.rows_read,
            "acts": self.acts,
            "repeated": self.repeated,
            "paired": self.paired,
            "alike": self.alike,
            "new_actors": list(self.new_actors),
            "covers": covers,
            "declared": self.declared,
        }


@dataclass(frozen=True, slots=True, order=True)
class Era:
    """A stretch of even coverage that starts on `start`, and the day from which that may be used.

    Examples
    --------
    >>> Era(date(2017, 1, 1), known_from=date(2018, 1, 1)).start.year
    2017
    """

    start: date
    known_from: date


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where events came from and what reading them left out.

    For a file just read, ``rows_read - skipped - later - len(apart) - domestic - nobody - duplicates_folded -
    mutual_folded`` is the number of acts.
    After `Chronicle.known_at` the counts are those of its own acts, so that they tell nothing of later rows.

    Attributes
    ----------
    name : str
        The file or data set.
    codebook : str
        How its codes were read.
    rows_read, duplicates_folded, mutual_folded : int
        Rows in the file, rows left out as repetitions, rows left out as second directions of mutual acts.
    domestic : int
        Machine-coded acts of an actor on itself, left out.
    nobody : int
        Machine-coded acts with nobody on a side, left out.
    skipped : int
        Faulty rows left out at the user's wish.
    faults : tuple[Fault, ...]
        The first of their faults, and a count of the others.
    columns_left_out : tuple[str, ...]
        Columns of the file that no canonical column takes.
    codes_filled : tuple[str, ...]
        Codes without an intensity of their own, which stand at their root's.
    added : tuple[Added, ...]
        Files laid over, in order; the counts above include theirs.
    window_declared : bool
        False if the window is only the span of the events, so that it vouches for no quiet day after them.
    unfinished : bool
        Whether the file's last line has no line break after it, so that the file may have been cut off.
    beside : tuple[str, ...]
        Other files in its archive, which are not read.
    apart : tuple of (date, str)
        Rows dated so far off from the others that they are not used: the day and the place of each.
    vintage : date or None
        Only rows reported before this day were read.
    later : int
        Rows left out since they were reported later, or nobody says when.
    reported : polars.DataFrame or None
        The day on which each row was reported, columns row and reported; None if not every row says so.
    by_report : bool
        Whether a cut leaves out what was reported only after it.
    as_of : date or None
        The cut, if one was made.
    since : date or None
        The first day used, if only the last part of the coverage is.
    files : tuple[Path, ...]
        The files read, which nothing made from them is written over.
    """

    name: str
    codebook: str = "detente"
    rows_read: int = 0
    duplicates_folded: int = 0
    mutual_folded: int = 0
    domestic: int = 0
    nobody: int = 0
    skipped: int = 0
    faults: tuple[Fault, ...] = ()
    columns_left_out: tuple[str, ...] = ()
    codes_filled: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()
    window_declared: bool = True
    unfinished: bool = False
    beside: tuple[str, ...] = ()
    apart: tuple[tuple[date, str], ...] = ()
    vintage: date | None = None
    later: int = 0
    reported: pl.DataFrame | None = field(default=None, compare=False, repr=False)
    by_report: bool = False
    as_of: date | None = None
    since: date | None = None
    files: tuple[Path, ...] = field(default=(), compare=False, repr=False)
