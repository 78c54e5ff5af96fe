"""Moments: earlier days whose memories are like those of the as-of day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Floats
from detente.events.phases import NO_PHASE, Phase
from detente.studies.analogues.followed import Followed, NotKnown, what_followed
from detente.studies.analogues.memories import APART_DAYS, CLOCKS, KINDS, Past, distances

_BEFORE_DAYS, _BEFORE_ACTS = 30, 3  # the acts shown of the days before a moment


@dataclass(frozen=True, slots=True)
class MemoryPart:
    """How a moment differs from the as-of day in one memory.

    Attributes
    ----------
    source : str
        Whose acts, of the two principals of the case.
    kind : str
        ``conflict``, ``cooperation`` or ``deaths``.
    clock : str
        ``fast`` or ``slow``.
    difference : float
        Of the moment from the as-of day, in standard deviations over the earlier days.
    """

    source: str
    kind: str
    clock: str
    difference: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        about = {"source": self.source, "kind": self.kind, "clock": self.clock}
        return {**about, "difference": self.difference}


@dataclass(frozen=True)
class Moment:
    """An earlier day like the as-of day, and what followed it.

    Attributes
    ----------
    day : date
    pair : (str, str)
        Who stands for the first and the second principal.
    distance : float
        Root mean square difference of the memories, in standard deviations.
    similarity : float
        Share of the earlier days searched that are further from the as-of day.
    phase : str
        Phase of the day before.
    same_phase : bool or None
        Whether it is that of the day before the as-of day; None where that is not covered.
    talks, same_talks : bool
        Whether talks went on on the day before, and whether that is as on the as-of day.
    parts : tuple of MemoryPart
    before : tuple of dict
        The most intense acts of the 30 days before: date, source, target, action, class, mode, fatalities, summary,
        citation.
    followed : tuple of Followed or NotKnown
        Within 1, 6 and 24 months.
    """

    day: date
    pair: tuple[str, str]
    distance: float
    similarity: float
    phase: str
    same_phase: bool | None
    talks: bool
    same_talks: bool
    parts: tuple[MemoryPart, ...]
    before: tuple[dict[str, Any], ...]
    followed: tuple[Followed | NotKnown, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "day": self.day.isoformat(),
            "pair": list(self.pair),
            "distance": self.distance,
            "similarity": self.similarity,
            "phase": self.phase,
            "same_phase": self.same_phase,
            "talks": self.talks,
            "same_talks": self.same_talks,
            "parts": [part.to_dict() for part in self.parts],
            "before": [act | {"date": act["date"].isoformat()} for act in self.before],
            "followed": [each.to_dict() for each in self.followed],
        }


def nearest_days(distance: Floats, same: Bools, count: int) -> Iterator[int]:
    """Yield the days of the least distance, those of the same phase first, `APART_DAYS` or more from one another.

    Parameters
    ----------
    distance : ndarray of shape (day,)
        NaN where a day is not compared.
    same : ndarray of shape (day,)
    count : int
        How many at most.
    """
    left = ~np.isnan(distance)
    for _ in range(count):
        chosen = left & same if (left & same).any() else left
        if not chosen.any():
            return
        at = int(np.argmin(np.where(chosen, distance, np.inf)))
        yield at
        left[max(at - APART_DAYS + 1, 0) : at + APART_DAYS] = False


def similar_days(past: Past, *, count: int, closed: int = 0) -> tuple[list[int], Floats, Floats]:
    """Return the days most like the day up to which a past is known, all distances, and the standardised memories.

    Parameters
    ----------
    past : Past
    count : int
    closed : int
        Only days that so many known days followed are returned.

    Returns
    -------
    days : list of int
    distance : ndarray of shape (day,)
        NaN where a day is not compared.
    z : ndarray of shape (source, kind, clock, day)
    """
    compared = past.compared()
    z = past.standardised(compared)
    distance = np.where(compared, distances(z, z[..., -1]), np.nan)
    same = past.phase == past.phase[-1] if past.phase[-1] != NO_PHASE else np.zeros(len(compared), dtype=bool)
    last = past.window.index(past.compared_days.end) - closed
    within = np.where(np.arange(len(compared)) <= last, distance, np.nan)
    return list(nearest_days(within, same, count)), distance, z


def moments(past: Past, *, count: int) -> tuple[tuple[Moment, ...], int]:
    """Find the earlier days most like the day up to which a past is known, with what followed each.

    Returns
    -------
    found : tuple of Moment
        Days of the same phase are taken first; of all that are taken, the closest come first.
    searched : int
        How many days were compared.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> from detente.studies.analogues.memories import past_of
    >>> past = past_of(load_case("us-iran"), date(2020, 1, 17))
    >>> found, searched = moments(past, count=3)
    >>> len(found), found[0].phase, found[0].distance <= found[1].distance
    (3, 'crisis', True)
    """
    days, distance, z = similar_days(past, count=count)
    searched = distance[~np.isnan(distance)]
    found = tuple(
        moment_of(
            past, at, z[..., at] - z[..., -1], (past.phase[-1], bool(past.talks[-1])), past.pair, searched
        )
        for at in days
    )
    return tuple(sorted(found, key=lambda moment: moment.distance)), len(searched)


def moment_of(
    past: Past,
    at: int,
    difference: Floats,
    now: tuple[int, bool],
    principals: tuple[str, str],
    searched: Floats,
    *,
    turned: bool = False,
) -> Moment:
    """Return a day of a past as a moment.

    Parameters
    ----------
    past : Past
    at : int
        The day, counted from the first.
    difference : ndarray of shape (source, kind, clock)
        Of its memories from those of the as-of day, in standard deviations.
    now : (int, bool)
        Phase, and whether talks went on, before the as-of day.
    principals : (str, str)
        Of the case.
    searched : ndarray of shape (day,)
        Distances of all days that were searched.
    turned : bool
        Whether the second of the pair stands for the first principal.
    """
    parts = tuple(
        MemoryPart(principals[s], kind, clock, float(difference[s, k, c]))
        for s in range(2)
        for k, kind in enumerate(KINDS)
        for c, clock in enumerate(CLOCKS)
        if not np.isnan(difference[s, k, c])
    )
    distance = float(np.sqrt(np.nanmean(difference**2)))
    day, (phase, talks) = past.window.day(at), now
    return Moment(
        day,
        past.pair[::-1] if turned else past.pair,
        distance,
        float((searched > distance).mean()),
        Phase(past.phase[at]).word,
        None if phase == NO_PHASE else bool(past.phase[at] == phase),
        bool(past.talks[at]),
        bool(past.talks[at]) == talks,
        parts,
        _before(past, day),
        what_followed(past.known, past.between, day, past.compared_days.end),
    )


def _before(past: Past, day: date) -> tuple[dict[str, Any], ...]:
    """Return the most intense acts of the days before, each once."""
    both, start = list(past.pair), day - timedelta(days=_BEFORE_DAYS)
    lately = past.events.filter(
        pl.col("date").is_between(start, day, closed="left")
        & (pl.col("source").is_in(both) | pl.col("target").is_in(both))
    )
    fields = ["date", "source", "target", "action", "mode", "summary", "citation"]
    strongest = lately.sort(pl.col("intensity").abs(), "date", descending=[True, True], nulls_last=True)
    shown = strongest.unique(fields, keep="first", maintain_order=True).head(_BEFORE_ACTS)
    told = [*fields[:4], "class", "mode", "fatalities", *fields[5:]]
    return tuple(shown.sort("date").select(told).to_dicts())
