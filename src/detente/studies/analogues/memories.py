"""The past of two actors as memories, phases and talks of every day, and how far two days are from one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.base.arrays import Bools, Floats
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.columns import span_ends
from detente.events.phases import NO_PHASE, Labels
from detente.lab.case import Case
from detente.lab.chronicles import of_history
from detente.model.layout import lay_out
from detente.questions.chronicles import Chronicles

APART_DAYS = 180
"""The least number of days between two moments, and between a moment and the as-of day."""
KINDS, CLOCKS = ("conflict", "cooperation", "deaths"), ("fast", "slow")
_STILL = 1e-9  # spread of a memory that does not change but for the last digits


@dataclass(frozen=True)
class Past:
    """What two actors did to one another by a day, and the state of each day: memories, phase and talks.

    Attributes
    ----------
    pair : (str, str)
    events : polars.DataFrame
        All acts known, agents' under their principals.
    known : Chronicles
    half_lives : mapping of str to float
        Days, of the fast and of the slow clock.
    compared_days : Window
        The days that may be compared: those that a fit would read, and that the events cover.
    """

    pair: tuple[str, str]
    events: pl.DataFrame
    known: Chronicles
    half_lives: Mapping[str, float]
    compared_days: Window

    @classmethod
    def of(
        cls, argument: Argument, known: Chronicle, half_lives: Mapping[str, float], end: date | None = None
    ) -> Past:
        """Return the past of an argument's principals on a chronicle that ends where knowledge does.

        Parameters
        ----------
        argument : Argument
        known : Chronicle
        half_lives : mapping of str to float
        end : date, optional
            First day that the events do not cover, if that is before the chronicle's end.
        """
        one, two = argument.principals or ("", "")
        events = lay_out(argument, known.scheme).counted_once(known.events)
        window = known.window
        start = max(argument.run.fit_from or window.start, window.start)
        covered = Window(
            min(start, window.day(window.days - 1)), window.end if end is None else min(end, window.end)
        )
        return cls((one, two), events, of_history(argument, known), half_lives, covered)

    @property
    def window(self) -> Window:
        """Days that are known."""
        return self.known.window

    @cached_property
    def between(self) -> pl.DataFrame:
        """The acts between the two."""
        both = list(self.pair)
        return self.events.filter(
            pl.col("source").is_in(both)
            & pl.col("target").is_in(both)
            & (pl.col("source") != pl.col("target"))
        )

    @cached_property
    def memories(self) -> Floats:
        """``log1p`` of each memory before a day's acts, shape (source, kind, clock, day + 1); the last is of the end.

        Notes
        -----
        Acts of negative intensity are conflict and of positive cooperation, each by a tenth of its intensity; deaths
        are the known ones. Where only the month or the year is known, an act counts from its last day on.
        """
        from scipy.signal import lfilter  # loads for a while

        acts, days = self.between, self.window.days
        day = ((span_ends(acts) - self.window.start).dt.total_days() - 1).to_numpy()
        strength = acts["intensity"].fill_null(0.0).to_numpy() / 10
        deaths = acts["fatalities"].fill_null(0).to_numpy().astype(float)
        added = np.zeros((2, len(KINDS), days))
        for s, source in enumerate(self.pair):
            own = (acts["source"] == source) | acts["mutual"]
            rows = own.to_numpy() & (day >= 0) & (day < days)
            worth = np.maximum(-strength, 0), np.maximum(strength, 0), deaths
            for k, values in enumerate(worth):
                np.add.at(added[s, k], day[rows], values[rows])
        decay = np.array([2.0 ** (-1 / self.half_lives[clock]) for clock in CLOCKS])
        out = np.zeros((2, len(KINDS), len(CLOCKS), days + 1))
        for c, share in enumerate(decay):
            out[:, :, c, 1:] = lfilter([share], [1, -share], added)
        return np.log1p(out)

    @cached_property
    def phase(self) -> Labels:
        """Phase of the day before each day, shape (day + 1,); no phase before the first."""
        return np.append(np.int8(NO_PHASE), self.known.phases.phase[0])

    @cached_property
    def talks(self) -> Bools:
        """Whether talks went on on the day before each day, shape (day + 1,)."""
        return np.append(False, self.known.phases.talks[0])

    def compared(self) -> Bools:
        """Return which days are compared with the end, shape (day + 1,): covered, and `APART_DAYS` before it."""
        end = self.window.days
        days = np.arange(end + 1)
        first, last = (self.window.index(day) for day in (self.compared_days.start, self.compared_days.end))
        inside = (days >= max(first, 1)) & (days <= min(end - APART_DAYS, last))
        return np.asarray(inside & (self.phase != NO_PHASE))

    def standardised(self, compared: Bools) -> Floats:
        """Return memories in standard deviations from their mean over some days, shape (source, kind, clock, day).

        A memory that never changes on them is NaN: it tells no day from another.
        """
        rows = self.memories
        over = rows[..., compared]
        if not compared.any():
            return np.full_like(rows, np.nan)
        sd = over.std(axis=-1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            z = (rows - over.mean(axis=-1, keepdims=True)) / sd
        return np.asarray(np.where(sd > _STILL, z, np.nan))


def past_of(case: Case, as_of: date) -> Past:
    """Return the past of a case's principals as it was known by a day."""
    known, end = case.known(as_of).cut, case.chronicle.window.end
    return Past.of(case.argument, known, case.argument.clocks.half_lives(), end)


def distances(z: Floats, now: Floats) -> Floats:
    """Return the root mean square difference of each day's memories from those of a day, shape (day,).

    Parameters
    ----------
    z : ndarray of shape (source, kind, clock, day)
    now : ndarray of shape (source, kind, clock)

    Returns
    -------
    ndarray
        NaN where no memory is known on both sides.

    Examples
    --------
    >>> z = np.array([0.0, 1.0, np.nan]).reshape(1, 1, 1, 3)
    >>> distances(z, np.zeros((1, 1, 1))).tolist()
    [0.0, 1.0, nan]
    """
    squares = (z - now[..., None]) ** 2
    seen = (~np.isnan(squares)).sum(axis=(0, 1, 2))
    total = np.nansum(squares, axis=(0, 1, 2))
    return np.asarray(np.where(seen > 0, np.sqrt(total / np.maximum(seen, 1)), np.nan))
