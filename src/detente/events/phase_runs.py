"""The phases of many chronicles, kept as runs of days in one phase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Bools, Ints
from detente.base.days import Window
from detente.events.act_log import ActLog
from detente.events.phase_days import DayCounter
from detente.events.phases import Days, Labels, LeadIn, Phase, Sides, label

BLOCK = 64  # futures labelled at a time: their days by count fit in a processor's cache


@dataclass(frozen=True, eq=False)
class PhaseRuns:
    """The phase of every day of many futures, and whether talks went on: one row for each run of like days.

    Attributes
    ----------
    window : Window
    starts : ndarray of shape (future + 1,)
        Runs of future f are ``starts[f]`` to ``starts[f + 1]``.
    day : ndarray of int32, shape (run,)
        First day, counted from the window's start; the first run of a future begins on day 0.
    value : ndarray of int8, shape (run,)
        The label of its days.
    talking : ndarray of bool, shape (run,)

    Examples
    --------
    >>> from datetime import date
    >>> phase, none = np.array([[0, 0, 2]], dtype=np.int8), np.zeros((1, 3), dtype=bool)
    >>> runs = PhaseRuns.of(phase, none, Window(date(2020, 1, 1), date(2020, 1, 4)))
    >>> runs.days().tolist(), runs.days(1, 2).tolist(), len(runs.day)
    ([[2, 0, 1, 0]], [[1, 0, 0, 0]], 2)
    """

    window: Window
    starts: Ints
    day: npt.NDArray[np.int32]
    value: Labels
    talking: Bools

    @classmethod
    def of(cls, phase: Labels, talks: Bools, window: Window) -> PhaseRuns:
        """Return the runs of labels by day, two arrays of shape (future, day)."""
        begins = np.ones(phase.shape, dtype=bool)
        begins[:, 1:] = (phase[:, 1:] != phase[:, :-1]) | (talks[:, 1:] != talks[:, :-1])
        future, day = np.nonzero(begins)
        starts = np.searchsorted(future, np.arange(len(phase) + 1))
        return cls(window, starts, day.astype(np.int32), phase[begins], talks[begins])

    @property
    def count(self) -> int:
        """Number of futures."""
        return len(self.starts) - 1

    @property
    def phase(self) -> Labels:
        """The phase of every day, shape (future, day): written out anew whenever it is read."""
        return np.repeat(self.value, self._within()).reshape(self.count, -1)

    @property
    def talks(self) -> Bools:
        """Whether talks went on, shape (future, day): written out anew whenever it is read."""
        return np.repeat(self.talking, self._within()).reshape(self.count, -1)

    @property
    def main_phase(self) -> Labels:
        """The phase with the most days of each future, shape (future,); of equals the calmer one."""
        return np.asarray(self.days().argmax(axis=1), dtype=np.int8)

    def days(self, first: int = 0, end: int | None = None) -> Ints:
        """Count the days of each phase from one day to another, shape (future, phase).

        Parameters
        ----------
        first, end : int
            Counted from the window's start; `end` is the first day outside. Days outside the window are none.
        """
        within = self._within(first, end)
        return np.stack([self._sum(np.where(self.value == phase, within, 0)) for phase in Phase], axis=1)

    def talk_days(self, first: int = 0, end: int | None = None) -> Ints:
        """Count the days with talks from one day to another, shape (future,)."""
        return self._sum(np.where(self.talking, self._within(first, end), 0))

    def by_day(self) -> tuple[Ints, Ints]:
        """Count the futures in each phase, and those that talk, on each day: shapes (day, phase) and (day,)."""
        last = self.day + self._within()
        size = self.window.days + 1

        def running(rows: Bools) -> Ints:
            begun, ended = (np.bincount(day[rows], minlength=size) for day in (self.day, last))
            return np.cumsum(begun - ended)[:-1]

        return np.stack([running(self.value == phase) for phase in Phase], axis=1), running(self.talking)

    def _within(self, first: int = 0, end: int | None = None) -> Ints:
        """Return how many days of each run lie between two days."""
        until = np.append(self.day[1:], 0).astype(np.int64)
        until[self.starts[1:] - 1] = self.window.days
        last = self.window.days if end is None else end
        within: Ints = np.minimum(until, last) - np.maximum(self.day, first)
        return np.maximum(within, 0)

    def _sum(self, days: Ints) -> Ints:
        return np.asarray(np.add.reduceat(days, self.starts[:-1]), dtype=np.int64)


def phases_of_log(
    log: ActLog, sides: Sides, *, scheme: str, before: Days | None = None, threads: int = 0
) -> PhaseRuns:
    """Label every day of the chronicles of a log, a block of them at a time.

    Parameters
    ----------
    log : ActLog
    sides : Sides
    scheme : str
        Class scheme of its acts.
    before : Days, optional
        One chronicle of the days just before, shared by all.
    threads : int
        0 uses every core; the result does not depend on it.
    """
    counter = DayCounter.of(log, sides, scheme)
    lead = None if before is None else LeadIn.of(before)

    def runs_of(starts: Ints, part: slice) -> PhaseRuns:
        return PhaseRuns.of(*label(counter.count(starts), lead), log.window)

    blocks = log.in_blocks(runs_of, threads, BLOCK)
    sizes = np.concatenate([np.diff(block.starts) for block in blocks])
    day, value, talking = (
        np.concatenate([getattr(block, name) for block in blocks]) for name in ("day", "value", "talking")
    )
    return PhaseRuns(log.window, np.append(0, np.cumsum(sizes)), day, value, talking)
