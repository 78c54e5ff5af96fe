"""Months of rivalry of states whose leader has been in office for a while, and those in which he goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.studies.evidence.months import month_of
from detente.studies.evidence.protocol import EvidenceProtocol
from detente.studies.evidence.sample import Flags, Redraw
from detente.studies.evidence.units import Units, histories
from detente.studies.evidence.world import States


@dataclass(frozen=True)
class Tenures:
    """Each state's months: whether its leader has served long enough, and whether he is replaced.

    Attributes
    ----------
    states : ndarray of shape (state,)
        Codes, ascending.
    first : int
        The first month of the columns.
    long, changed : ndarray of bool, shape (state, month)
    begins, months : ndarray of shape (state,)
        First column of the state's own leaders, and how many columns they fill: within these dates are shifted.
    """

    states: Ints
    first: int
    long: Flags
    changed: Flags
    begins: Ints
    months: Ints

    def at(self, state: Ints, month: Ints, shift: Ints | None = None) -> tuple[Flags, Flags]:
        """Return who is at risk and who changes, in rows of (state's place, month), dates moved by months a state."""
        column = month - self.first
        begins, months = self.begins[state], np.maximum(self.months[state], 1)
        inside = (column >= begins) & (column < begins + months)
        if shift is not None:
            column = begins + (column - begins - shift[state]) % months
        column = np.clip(column, 0, self.long.shape[1] - 1)
        at_risk = inside & self.long[state, column]
        return at_risk, at_risk & self.changed[state, column]


def tenures_of(states: States, span: tuple[int, int], least_months: int) -> Tenures:
    """Return the tenures of all states in a span of years."""
    first, after = month_of(span[0], 1), month_of(span[1] + 1, 1)
    starts, last = states.leaders
    codes = np.array(sorted(starts), dtype=np.int64)
    shape = (len(codes), after - first)
    long, changed = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    begins, months = np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
    for i, code in enumerate(codes.tolist()):
        own = starts[code]
        begin, end = max(own[0], first) - first, min(last[code] + 1, after) - first
        begins[i], months[i] = max(begin, 0), max(end - begin, 0)
        for start, following in zip(own, [*own[1:], last[code] + 1], strict=True):
            since = max(start + least_months - first, 0)
            until = min(following - first, shape[1] - 1)
            if since <= until:
                long[i, since : until + 1] = True  # the month of the change is at risk too
            if following != last[code] + 1 and 0 <= following - first < shape[1]:
                changed[i, following - first] = True
    return Tenures(codes, first, long, changed, begins, months)


def of_months(states: States, protocol: EvidenceProtocol) -> tuple[Units, Ints]:
    """Return every month of rivalry of each side, and the place of that side's state among the tenures' states."""
    first, last = protocol.span.pairs
    known = np.array(sorted(states.leaders[0]), dtype=np.int64)
    rows: list[tuple[int, int, int]] = []
    for (a, b), years in states.rivals.years.items():
        for own, other in ((a, b), (b, a)):
            if own in states.leaders[0]:
                rows += [(own, other, year) for year in sorted(years) if first <= year <= last]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3).repeat(12, axis=0)
    month = table[:, 2] * 12 + np.tile(np.arange(12), len(rows))
    fields: dict[str, Floats] = {
        "year": table[:, 2].astype(float),
        "decade": (table[:, 2] // 10 * 10).astype(float),
    }
    units = Units(table[:, 0], table[:, 1], table[:, 2], month, month, fields)
    place = np.searchsorted(known, units.own)
    return replace(units, fields=fields | histories(units, states.measures)), place


def by_shifts(tenures: Tenures, month: Ints, place: Ints, cell: Ints, usable: Flags) -> Redraw:
    """Return a redraw that moves all changes of leader of a state by one random number of months, round its own span.

    Parameters
    ----------
    tenures : Tenures
    month, place, cell : ndarray of shape (unit,)
        Month of each unit, its state's place among the tenures' states, and its cell.
    usable : ndarray of bool, shape (unit,)
        Units whose outcome is known.
    """

    def draw(noise: np.random.Generator, draws: int) -> Iterator[tuple[Ints, Flags, Ints]]:
        for _ in range(draws):
            shift = (noise.random(len(tenures.states)) * np.maximum(tenures.months, 1)).astype(np.int64)
            at_risk, changes = tenures.at(place, month, shift)
            rows = np.flatnonzero(at_risk & usable)
            yield rows, changes[rows], cell[rows]

    return draw
