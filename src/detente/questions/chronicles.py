"""Many chronicles over one window, with the past they share: what questions are settled on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools, Ints
from detente.base.days import Window
from detente.base.errors import Fault, QuestionError
from detente.events.chronicle import Chronicle
from detente.events.columns import span_ends
from detente.events.phases import NO_PHASE, Labels, Sides, label, read_days
from detente.questions.statements import Acts


@dataclass(frozen=True, slots=True)
class ActTally:
    """The acts that fit, or may fit for want of a field, without regard to their day.

    Attributes
    ----------
    future : ndarray of shape (act,)
    first, end : ndarray of shape (act,)
        First day of the span each date stands for, and first day after it, as ordinals.
    sure : ndarray of bool, shape (act,)
    """

    future: Ints
    first: Ints
    end: Ints
    sure: Bools

    def within(self, window: Window, futures: int) -> tuple[Ints, Ints]:
        """Count acts that surely, and that possibly, fell into a window; two arrays of shape (future,)."""
        start, end = window.start.toordinal(), window.end.toordinal()
        touches = (self.first < end) & (self.end > start)
        surely = touches & self.sure & (self.first >= start) & (self.end <= end)
        counted = (np.bincount(self.future[rows], minlength=futures) for rows in (surely, touches))
        certain, possible = counted
        return certain.astype(np.int64), possible.astype(np.int64)

    def within_many(self, starts: Ints, days: int) -> tuple[Ints, Ints]:
        """Count the acts of one chronicle in windows of so many days; two arrays of the shape of the first days."""
        firsts, ends = self._sorted(np.ones(len(self.first), dtype=bool))
        stops = starts + days
        possible = np.searchsorted(firsts, stops, "left") - np.searchsorted(ends, starts, "right")
        # an act that is longer than the window is never inside; any other that begins before it ends before it ends
        firsts, ends = self._sorted(self.sure & (self.end - self.first <= days))
        certain = np.searchsorted(ends, stops, "right") - np.searchsorted(firsts, starts, "left")
        return certain.astype(np.int64), possible.astype(np.int64)

    def _sorted(self, rows: Bools) -> tuple[Ints, Ints]:
        return np.sort(self.first[rows]), np.sort(self.end[rows])


@dataclass(frozen=True)
class MemoryPath:
    """A principal's memory of what it received: a value every so many days from `start`, shape (future, step).

    Of a history there may be several, one for each half-life that its clock may have, shape (half-life, step).
    """

    start: date
    every: int
    values: npt.NDArray[np.float64]

    def at(self, day: date) -> npt.NDArray[np.float64] | None:
        """Return the last values recorded on or before a day, one for each row; None outside what was recorded."""
        step = (day - self.start).days // self.every
        return self.values[:, step] if 0 <= step < self.values.shape[1] else None

    def of(self, number: int) -> MemoryPath:
        """Return one row as a path of its own."""
        return replace(self, values=self.values[[number]])


@dataclass(frozen=True)
class Chronicles:
    """Chronicles that share one window: one history, or many futures with the past known when they start.

    Attributes
    ----------
    events : polars.DataFrame
        Canonical events with agents' acts under their principals, and a column ``future``.
    window : Window
    count : int
        How many there are, with or without acts.
    scheme : str
        Class scheme.
    past : Chronicle or None
        What was known before the window; it feeds phases and rates that look back.
    sides : Sides or None
        Who stands where; phases and wars need it.
    tolls : tuple of (Window, int)
        Deaths of wars as the argument cites them.
    paths : dict
        `MemoryPath` of each (clock, principal) recorded.
    modelled : frozenset of (str, str, str) or None
        Source, target and class of the acts that futures can hold; None for a history, which can hold all.
    """

    events: pl.DataFrame
    window: Window
    count: int
    scheme: str = "detente"
    past: Chronicle | None = None
    sides: Sides | None = None
    tolls: tuple[tuple[Window, int], ...] = ()
    paths: Mapping[tuple[str, str], MemoryPath] = field(default_factory=dict)
    modelled: frozenset[tuple[str, str, str]] | None = None
    _tallies: dict[Acts, tuple[ActTally, ActTally | None]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, chronicle: Chronicle, like: Chronicles | None = None) -> Chronicles:
        """Return one chronicle, with the past, sides and tolls of others if given."""
        events = chronicle.events.with_columns(future=pl.lit(0, dtype=pl.Int32))
        if like is None:
            return cls(events, chronicle.window, 1, chronicle.scheme)
        return replace(
            like, events=events, window=chronicle.window, count=1, paths={}, modelled=None, _tallies={}
        )

    @property
    def starts(self) -> date:
        """First day covered, the past included."""
        return self.window.start if self.past is None else min(self.past.window.start, self.window.start)

    def has_gap(self, window: Window) -> bool:
        """Return whether a declared gap takes days of a window: what happened on them is not known."""
        gaps = () if self.sides is None else self.sides.gaps
        return any(gap.start < window.end and window.start < gap.end for gap in gaps)

    def can_hold(self, acts: Acts) -> bool:
        """Return whether acts of this sort could be in them: futures hold only those of the argument's channels."""
        if self.modelled is None:
            return True
        return any(
            all(not kind.classes or bool(kind.actions) or cls in kind.classes for kind in acts.kinds)
            and any(
                (not acts.sources or one in acts.sources) and (not acts.targets or other in acts.targets)
                for one, other in ((source, target), *([(target, source)] * acts.either_way))
            )
            for source, target, cls in self.modelled
        )

    def tally(self, acts: Acts) -> tuple[ActTally, ActTally | None]:
        """Return the acts that fit, of the chronicles and of their past."""
        if acts not in self._tallies:
            past = self.past.events.with_columns(future=pl.lit(0)) if self.past is not None else None
            self._tallies[acts] = (
                tally(self.events, acts),
                None if past is None else tally(past, acts),
            )
        return self._tallies[acts]

    @cached_property
    def phases(self) -> tuple[Labels, Bools]:
        """Phase of every day (`NO_PHASE` in a gap) and whether talks went on, each of shape (future, day).

        Raises
        ------
        QuestionError
            If it is not known who stands on which side.
        """
        sides = self.known_sides
        before = None
        if self.past is not None and self.past.window.start < self.window.start:
            lead = Window(self.past.window.start, self.window.start)
            before = read_days(self.past.events, lead, sides, scheme=self.scheme)
        days = read_days(self.events, self.window, sides, scheme=self.scheme, futures=self.count)
        return label(days, before)

    @cached_property
    def covered(self) -> Bools:
        """Whether each day has a phase, shape (future, day): days of a declared gap have none."""
        return np.asarray(self.phases[0] != NO_PHASE)

    @cached_property
    def deaths(self) -> tuple[Ints, Ints, Ints]:
        """Known deaths of acts between the principals: future, day as an ordinal, and number, sorted by both."""
        both = list(self.known_sides.principals)
        between = pl.col("source").is_in(both) & pl.col("target").is_in(both)
        rows = self.events.filter(between & (pl.col("fatalities") > 0)).sort("future", "date")
        epoch = date(1970, 1, 1).toordinal()
        future, day, deaths = (rows[name].to_physical() for name in ("future", "date", "fatalities"))
        return (
            future.to_numpy().astype(np.int64),
            day.to_numpy().astype(np.int64) + epoch,
            deaths.to_numpy().astype(np.int64),
        )

    @property
    def known_sides(self) -> Sides:
        """Who stands where.

        Raises
        ------
        QuestionError
            If that is not known.
        """
        if self.sides is None:
            raise QuestionError(Fault("sides_unknown", "phases and wars", hint="principals_in_argument"))
        return self.sides


def tally(events: pl.DataFrame, acts: Acts) -> ActTally:
    """Return which of some events fit."""
    sure, maybe = fits(acts)
    rows = events.with_columns(_sure=sure, _maybe=maybe).filter(pl.col("_sure") | pl.col("_maybe"))
    ends = span_ends(rows)
    epoch = date(1970, 1, 1).toordinal()
    return ActTally(
        rows["future"].to_numpy().astype(np.int64),
        rows["date"].to_physical().to_numpy().astype(np.int64) + epoch,
        ends.to_physical().to_numpy().astype(np.int64) + epoch,
        rows["_sure"].to_numpy(),
    )


def fits(acts: Acts) -> tuple[pl.Expr, pl.Expr]:
    """Return two expressions: the act surely fits; it may fit, for want of a field."""
    forward = _within("source", acts.sources) & _within("target", acts.targets)
    backward = _within("source", acts.targets) & _within("target", acts.sources)
    known = forward | (backward & (pl.lit(acts.either_way) | pl.col("mutual")))
    for kind in acts.kinds:
        known &= pl.col("class").is_in(list(kind.classes)) | pl.col("action").is_in(list(kind.actions))
    sure = may = known.fill_null(value=False)
    for column, allowed in (("mode", acts.modes), ("issue", acts.issues)):
        if allowed:
            says = pl.col(column).is_in(list(allowed))
            sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
    if acts.deaths_at_least:
        says = pl.col("fatalities") >= acts.deaths_at_least
        sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
    return sure, may & ~sure


def _within(column: str, allowed: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(allowed)) if allowed else pl.lit(value=True)
