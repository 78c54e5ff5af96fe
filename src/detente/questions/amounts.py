"""How many and when: amounts measured on one chronicle or on thousands, and in every earlier window of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Bools, Floats, Ints
from detente.base.days import Window
from detente.questions.chronicles import Chronicles
from detente.questions.statements import Amount


@dataclass(frozen=True, slots=True)
class Amounts:
    """An amount on each chronicle: between what is sure and what is possible.

    Attributes
    ----------
    low, high : ndarray of shape (chronicle,)
        Acts, deaths, or days from the window's start to the first act (infinite if none comes in the window). They
        differ where acts are not known well enough, or days are not covered.
    late : bool or ndarray of shape (chronicle,)
        Whether days of the window are still to come.
    acts, unknown : int
        Tolls added in all chronicles, and those of them that are the usual ones; see `DeathsInWindow`.
    """

    low: Floats
    high: Floats
    late: Bools | np.bool_
    acts: int = 0
    unknown: int = 0

    @property
    def known(self) -> Bools:
        """Where sure and possible agree, shape (chronicle,)."""
        return np.asarray(self.low == self.high)

    @property
    def imputed(self) -> float:
        """Share of tolls that are the usual ones for want of a record; 0 without an act."""
        return self.unknown / self.acts if self.acts else 0.0


def measure(asked: Amount, on: Chronicles) -> Amounts:
    """Measure an amount on each chronicle.

    Parameters
    ----------
    asked : Amount
    on : Chronicles
        Futures that cannot hold such acts leave any amount possible.
    """
    late, whole = np.bool_(on.window.end < asked.window.end), _hole(asked.window, on) is None
    if not on.can_hold(asked.acts):
        return Amounts(np.zeros(on.count), np.full(on.count, np.inf), late)
    if asked.kind == "day":
        may, sure = on.first_acts(asked.acts, asked.window)
        return _days(may, sure, _hole(asked.window, on), asked.window.days, late)
    if asked.kind == "count":
        found = on.tally(asked.acts, asked.window)
        return Amounts(found.certain.astype(float), _bounded(found.possible.astype(float), whole), late)
    told = on.sum_deaths(asked.acts, asked.window)
    acts, unknown = int(told.acts.sum()), int(told.unknown.sum())
    return Amounts(told.certain, _bounded(told.possible, whole), late, acts, unknown)


def measure_earlier(asked: Amount, on: Chronicles, days: Ints) -> Amounts:
    """Measure an amount on one chronicle, as if asked so many days earlier, shape (day,).

    Windows that a gap takes days of are not looked at here: `base_rates` leaves them out.
    """
    length, first = asked.window.days, on.window.start.toordinal()
    starts = asked.window.start.toordinal() - days - first
    late, whole = on.window.days < starts + length, (starts >= 0) & (starts + length <= on.window.days)
    acts = on.fitting(asked.acts, dead=asked.kind == "deaths")
    if asked.kind == "count":
        certain, possible = acts.within_many(starts, length)
        return Amounts(certain.astype(float), _bounded(possible.astype(float), whole), late)
    if asked.kind == "day":
        may, sure = acts.first_of_many(starts, length)
        hole = np.where(starts < 0, 0, np.where(late, on.window.days - starts, length))
        return _days(may, sure, np.maximum(hole, 0), length, late)
    tolls, unknown = on.tolls_of(acts)
    low, high = acts.sums_within_many(starts, length, tolls)
    seen, guessed = (
        int(acts.sums_within_many(starts, length, n)[1].sum())
        for n in ((~unknown | (tolls > 0)).astype(float), (unknown & (tolls > 0)).astype(float))
    )
    return Amounts(low, _bounded(high, whole), late, seen, guessed)


def _days(may: Ints, sure: Ints, hole: int | Ints | None, length: int, late: Bools | np.bool_) -> Amounts:
    """Return days to the first act; one may have come on the first day that is not covered."""
    low = may if hole is None else np.minimum(may, hole)
    never = [np.where(day >= length, np.inf, day.astype(float)) for day in (np.minimum(low, sure), sure)]
    return Amounts(never[0], never[1], late)


def _bounded(possible: Floats, whole: Bools | bool) -> Floats:
    """Return what is possible at most: anything where days are not covered."""
    return np.where(whole, possible, np.inf)


def _hole(window: Window, on: Chronicles) -> int | None:
    """Return the first day of a window, from its start, that is not covered; None if all are."""
    days = [0] if window.start < on.window.start else []
    if on.window.end < window.end:
        days.append(max(window.index(on.window.end), 0))
    days += [max(window.index(g.start), 0) for g in on.gaps if g.start < window.end and window.start < g.end]
    return min(days, default=None)
