"""Acts in columns: one history, or thousands of futures over one window, counted by compiled code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools, Floats, Ints
from detente.base.days import Window
from detente.base.workers import Threads
from detente.events.columns import span_ends
from detente.events.usual_tolls import UsualTolls

UNKNOWN = -1  # deaths that nobody recorded
NO, MAYBE, SURE = range(3)  # whether an act of some look fits what is asked
BLOCK = 2048  # chronicles that one thread takes at a time
_MOST = 2**31 - 1


@dataclass(frozen=True, eq=False)
class ActLog:
    """Acts of many chronicles over one window, sorted by chronicle and day; each has the looks of a row of a table.

    Attributes
    ----------
    window : Window
    starts : ndarray of shape (chronicle + 1,)
        Acts of chronicle f are ``starts[f]`` to ``starts[f + 1]``.
    day : ndarray of int32, shape (act,)
        Days since the window's start; of a month or a year its first.
    act : ndarray of int32, shape (act,)
        Row of `looks`.
    deaths : ndarray of int32, shape (act,)
        `UNKNOWN` where they are not known.
    looks : polars.DataFrame
        What an act may look like: source, target, class, action, mode, issue, mutual. Of a history its events.
    spans : ndarray of shape (look,)
        Days that the date of such an act stands for.
    exact : ndarray of bool, shape (look,)
        Whether that day is known.

    Examples
    --------
    >>> from datetime import date
    >>> events = pl.DataFrame({"date": [date(2020, 1, 9)], "precision": ["day"], "fatalities": [None]})
    >>> log = ActLog.of(events, Window(date(2020, 1, 1), date(2020, 2, 1)))
    >>> log.count, log.day.tolist(), log.deaths.tolist()
    (1, [8], [-1])
    """

    window: Window
    starts: Ints
    day: npt.NDArray[np.int32]
    act: npt.NDArray[np.int32]
    deaths: npt.NDArray[np.int32]
    looks: pl.DataFrame
    spans: Ints
    exact: Bools

    @classmethod
    def of(cls, events: pl.DataFrame, window: Window) -> ActLog:
        """Return the events of one chronicle, sorted by date, as a log."""
        day = (events["date"] - window.start).dt.total_days()
        deaths = events["fatalities"].cast(pl.Int64).clip(upper_bound=_MOST).fill_null(UNKNOWN)
        return cls(
            window,
            np.array([0, events.height], dtype=np.int64),
            day.to_numpy().astype(np.int32),
            np.arange(events.height, dtype=np.int32),
            deaths.to_numpy().astype(np.int32),
            events,
            (span_ends(events) - events["date"]).dt.total_days().to_numpy().astype(np.int64),
            (events["precision"] == "day").to_numpy().astype(np.bool_),
        )

    @property
    def count(self) -> int:
        """Number of chronicles, with or without acts."""
        return len(self.starts) - 1

    def fitting(self, looks: npt.NDArray[np.int8], deaths_at_least: int | None = None) -> Fitting:
        """Return the acts of one chronicle that fit, or may fit, without regard to their day.

        Parameters
        ----------
        looks : ndarray of shape (look,)
            `NO`, `MAYBE` or `SURE`.
        deaths_at_least : int, optional
            Fewer do not fit; unknown deaths may.
        """
        fits, least = looks[self.act], deaths_at_least or 0
        if least:
            fits = np.where(
                self.deaths == UNKNOWN, np.minimum(fits, MAYBE), np.where(self.deaths < least, NO, fits)
            )
        rows = np.flatnonzero(fits)
        day = self.day[rows].astype(np.int64)
        return Fitting(day, day + self.spans[self.act[rows]], fits[rows] == SURE, rows)

    def tally(
        self,
        looks: npt.NDArray[np.int8],
        window: Window,
        *,
        deaths_at_least: int | None = None,
        threads: int = 0,
    ) -> ActsInWindow:
        """Count the acts of each chronicle that surely, and that possibly, fit and fell into a window."""
        from detente.events.act_counts import count_acts

        out = np.empty((self.count, 3), dtype=np.int64)
        first, end = (self.window.index(day) for day in (window.start, window.end))
        columns = self.day, self.act, self.deaths, looks, self.spans
        self.in_blocks(
            lambda starts, part: count_acts(starts, *columns, deaths_at_least or 0, first, end, out[part]),
            threads,
        )
        return ActsInWindow(out[:, 0], out[:, 1], out[:, 2])

    def first_acts(
        self, looks: npt.NDArray[np.int8], window: Window, *, threads: int = 0
    ) -> tuple[Ints, Ints]:
        """Return the day by which an act that fits may have come, and the one by which one surely has.

        Both have shape (chronicle,) and count from the window's start; without such an act they are its length.
        """
        from detente.events.act_counts import first_acts

        out = np.empty((self.count, 2), dtype=np.int64)
        first, end = (self.window.index(day) for day in (window.start, window.end))
        columns = self.day, self.act, looks, self.spans
        self.in_blocks(lambda starts, part: first_acts(starts, *columns, first, end, out[part]), threads)
        return out[:, 0], out[:, 1]

    def sum_deaths(
        self, looks: npt.NDArray[np.int8], window: Window, usual: UsualTolls, *, threads: int = 0
    ) -> DeathsInWindow:
        """Add the deaths of the acts of each chronicle that surely, and that possibly, fit and fell into a window."""
        from detente.events.act_counts import sum_deaths

        sums, acts = np.empty((self.count, 2)), np.empty((self.count, 2), dtype=np.int64)
        first, end = (self.window.index(day) for day in (window.start, window.end))
        sorts, tolls = usual.on(self.looks["action"], self.count)
        columns = self.day, self.act, self.deaths, looks, self.spans, sorts
        self.in_blocks(
            lambda starts, part: sum_deaths(
                starts, *columns, tolls[part], first, end, sums[part], acts[part]
            ),
            threads,
        )
        return DeathsInWindow(sums[:, 0], sums[:, 1], acts[:, 0], acts[:, 1])

    def usual_tolls(self) -> UsualTolls:
        """Return what an act of each action usually cost, for each chronicle by its own record."""
        return UsualTolls.of(self.looks["action"], self.starts, self.act, self.deaths)

    def deadly_years(
        self, looks: Bools, first: int, end: int, *, deaths: int, days: int, threads: int = 0
    ) -> Bools:
        """Say which chronicles have so many known deaths within so many days, by acts of some looks.

        Parameters
        ----------
        looks : ndarray of bool, shape (look,)
        first, end : int
            Days on which they count, from the window's start; `end` is the first outside.
        deaths, days : int
        threads : int

        Returns
        -------
        ndarray of shape (chronicle,)
        """
        from detente.events.act_counts import many_deaths

        out = np.empty(self.count, dtype=np.bool_)
        columns = self.day, self.act, self.deaths, looks
        self.in_blocks(
            lambda starts, part: many_deaths(starts, *columns, first, end, deaths, days, out[part]), threads
        )
        return out

    def in_blocks(self, work: Callable[[Ints, slice], Any], threads: int, block: int = BLOCK) -> list[Any]:
        """Apply compiled work to blocks of chronicles: to the starts of their acts, and where they stand."""
        parts = [slice(first, min(first + block, self.count)) for first in range(0, self.count, block)]
        run = partial(_of_part, work, self.starts)
        return [run(part) for part in parts] if len(parts) == 1 else Threads(threads).map(run, parts)


@dataclass(frozen=True, slots=True)
class ActsInWindow:
    """Acts that fit, counted in one window; every array has shape (chronicle,).

    Attributes
    ----------
    certain, possible : ndarray
        How many surely, and how many surely or for want of a field, fit and lie in the window.
    first : ndarray
        Days from the window's start to the first that surely does, -1 where none does.
    """

    certain: Ints
    possible: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class DeathsInWindow:
    """Deaths of acts that fit, added over one window; every array has shape (chronicle,).

    Attributes
    ----------
    certain, possible : ndarray
        Of the acts that surely, and of those that surely or for want of a field, fit and lie in the window; infinite
        where a toll is not known and nothing says what is usual.
    acts, unknown : ndarray
        Possible acts with a toll, known or usual, and those of them whose toll is the usual one.
    """

    certain: Floats
    possible: Floats
    acts: Ints
    unknown: Ints


@dataclass(frozen=True, slots=True)
class Fitting:
    """The acts of one chronicle that fit, or may fit for want of a field.

    Attributes
    ----------
    first, end : ndarray of shape (act,)
        First day of the span each date stands for, and first day after it, counted from the window's start.
    sure : ndarray of bool, shape (act,)
    rows : ndarray of shape (act,)
        Which acts of the log they are.
    """

    first: Ints
    end: Ints
    sure: Bools
    rows: Ints

    def within_many(self, starts: Ints, days: int) -> tuple[Ints, Ints]:
        """Count those that surely, and that possibly, fell into each window of so many days, shape (window,)."""
        firsts, ends = np.sort(self.first), np.sort(self.end)
        stops = starts + days
        possible = np.searchsorted(firsts, stops, "left") - np.searchsorted(ends, starts, "right")
        # an act that is longer than the window is never inside; any other that begins before it ends before it ends
        short = self.sure & (self.end - self.first <= days)
        firsts, ends = np.sort(self.first[short]), np.sort(self.end[short])
        certain = np.searchsorted(ends, stops, "right") - np.searchsorted(firsts, starts, "left")
        return certain.astype(np.int64), possible.astype(np.int64)

    def sums_within_many(self, starts: Ints, days: int, values: Floats) -> tuple[Floats, Floats]:
        """Add a value of those that surely, and that possibly, fell into each window; see `within_many`.

        An infinite value is nothing surely, and anything possibly.
        """
        stops, short, endless = starts + days, self.sure & (self.end - self.first <= days), np.isinf(values)
        if endless.any():
            low, high = self.sums_within_many(starts, days, np.where(endless, 0.0, values))
            _, some = self.sums_within_many(starts, days, endless.astype(float))
            return low, np.where(some > 0, np.inf, high)
        first, end, own = self.first[short], self.end[short], values[short]
        possible = _below(self.first, values, stops) - _below(self.end, values, starts + 1)
        return _below(end, own, stops + 1) - _below(first, own, starts), possible

    def first_of_many(self, starts: Ints, days: int) -> tuple[Ints, Ints]:
        """Return for each window the days by which one may have come, and surely has; see `ActLog.first_acts`."""
        firsts, ends = np.sort(self.first), np.sort(self.end)
        ahead = np.searchsorted(firsts, starts, "left")
        going_on = ahead > np.searchsorted(ends, starts, "right")
        may = np.where(going_on, 0, np.append(firsts, _MOST)[ahead] - starts)
        order = np.argsort(self.first[self.sure], kind="stable")
        first, last = self.first[self.sure][order], self.end[self.sure][order] - 1
        soonest = np.append(np.minimum.accumulate(last[::-1])[::-1], _MOST)
        sure = soonest[np.searchsorted(first, starts, "left")] - starts
        return np.minimum(may, days), np.minimum(sure, days)


def _below(days: Ints, values: Floats, stops: Ints) -> Floats:
    """Return the sum of values whose day is before each of some stops."""
    order = np.argsort(days, kind="stable")
    return np.append(0.0, np.cumsum(values[order]))[np.searchsorted(days[order], stops, "left")]


def _of_part(work: Callable[[Ints, slice], Any], starts: Ints, part: slice) -> Any:
    return work(starts[part.start : part.stop + 1], part)
