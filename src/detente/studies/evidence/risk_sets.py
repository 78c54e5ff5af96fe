"""Crises that a third party mediates, against crises of the same cell still open and unmediated on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.studies.evidence.crises import PairCrisis
from detente.studies.evidence.sample import Flags, Redraw

_NEVER = np.inf


@dataclass(frozen=True)
class Course:
    """How long each unit's crisis lasted and when it was mediated, in days since its trigger.

    Attributes
    ----------
    length, mediated : ndarray of shape (unit,)
        `mediated` is infinite where it never was.
    crisis : ndarray of shape (unit,)
        Number of the crisis: its pairs are mediated together.
    """

    length: Floats
    mediated: Floats
    crisis: Ints


def course_of(crises: Sequence[PairCrisis]) -> Course:
    """Return the course of pairs in crises."""
    return Course(
        np.array([(c.end - c.start).days for c in crises], dtype=float),
        np.array(
            [_NEVER if c.mediated_on is None else (c.mediated_on - c.start).days for c in crises], dtype=float
        ),
        np.array([c.number for c in crises], dtype=np.int64),
    )


def risk_sets(
    course: Course, mediated: Floats, cell: Ints, usable: Flags, *, never_mediated_only: bool = False
) -> tuple[Ints, Flags, Ints]:
    """Return the rows of all risk sets: unit, whether it is an episode, and the set as its cell.

    Parameters
    ----------
    course : Course
    mediated : ndarray of shape (unit,)
        Days of mediation, those observed or those drawn.
    cell : ndarray of shape (unit,)
    usable : ndarray of bool, shape (unit,)
    never_mediated_only : bool
        Whether only crises that are never mediated may be controls. This looks into the future and is wrong; it is
        computed to show what it does.
    """
    rows: list[Ints] = []
    episodes: list[Flags] = []
    sets: list[Ints] = []
    for group in np.unique(cell[usable]):
        inside = np.flatnonzero(usable & (cell == group))
        length, day = course.length[inside], mediated[inside]
        for when in np.unique(day[day <= length]):
            open_then = length >= when
            treated = open_then & (day == when)
            control = open_then & (np.isinf(day) if never_mediated_only else day > when)
            chosen = inside[treated | control]
            rows.append(chosen)
            episodes.append(treated[treated | control])
            sets.append(np.full(len(chosen), len(sets)))
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)
    return np.concatenate(rows), np.concatenate(episodes), np.concatenate(sets).astype(np.int64)


def by_days(course: Course, cell: Ints, usable: Flags) -> Redraw:
    """Return a redraw that, on each day of a mediation, picks one crisis of the cell still open and unmediated."""
    crises, first = np.unique(course.crisis[usable], return_index=True)
    where = np.flatnonzero(usable)[first]
    length, day, group = course.length[where], course.mediated[where], cell[where]
    place = np.searchsorted(crises, course.crisis)
    place = np.minimum(place, len(crises) - 1)
    plan = [
        (np.flatnonzero(group == g), np.sort(day[(group == g) & (day <= length)])) for g in np.unique(group)
    ]

    def draw(noise: np.random.Generator, draws: int) -> Iterator[tuple[Ints, Flags, Ints]]:
        for _ in range(draws):
            drawn = np.full(len(crises), _NEVER)
            for members, days in plan:
                for when in days:
                    free = members[(length[members] >= when) & np.isinf(drawn[members])]
                    if len(free):
                        drawn[free[int(noise.integers(len(free)))]] = when
            yield risk_sets(course, drawn[place], cell, usable)

    return draw
