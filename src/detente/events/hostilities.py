"""Hostilities followed act by act: on which days of a chronicle they held, and how they stood on its last."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools, Ints
from detente.events.phases import CEASED, OUTBREAK, STRIKES, Sides, feeds

NEITHER, FIRST, SECOND, TRUCE = 0, 1, 2, 3
"""What an act is to hostilities: nothing, a strike of the first or of the second side, or a truce."""

_EPOCH = date(1970, 1, 1).toordinal()  # what Polars counts days from

Roles = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fighting:
    """How hostilities stood before a day, day 0: all that the following days need to know.

    Attributes
    ----------
    until : int
        First day on which hostilities no longer hold if nothing else happens; 0 or less where they do not hold.
    renewed : int
        Last day on which one more strike of either side lets them go on; less than 0 where none does.
    recent : ndarray of shape (OUTBREAK - 1, 2)
        Strikes of each side on each of the days just before, the earliest first.
    """

    until: int = 0
    renewed: int = -1
    recent: Ints = field(default_factory=lambda: np.zeros((OUTBREAK - 1, 2), dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Spells:
    """The stretches of days on which hostilities held, and the strikes they rest on.

    Attributes
    ----------
    begins, ends : list of int
        First day of each, and first day after it, as ordinals (`datetime.date.toordinal`).
    renewed : int
        Last day on which one more strike would have let the last of them go on.
    strikes : dict
        Day to the strikes of both sides.
    truces : set of int
        Days of a truce.
    """

    begins: list[int]
    ends: list[int]
    renewed: int
    strikes: dict[int, tuple[int, int]]
    truces: frozenset[int]

    def hold(self, day: date) -> bool:
        """Return whether hostilities held on a day."""
        at = bisect_right(self.begins, day.toordinal()) - 1
        return at >= 0 and day.toordinal() < self.ends[at]

    def lasted(self, until: date) -> tuple[list[int], list[bool]]:
        """Return how many days each lasted, those before a day, and whether a truce ended it."""
        now = until.toordinal()
        days = [min(end, now) - begin for begin, end in zip(self.begins, self.ends, strict=True)]
        return days, [end <= now and end - 1 in self.truces for end in self.ends]

    def held(self, events: pl.DataFrame) -> Bools:
        """Return for each event whether hostilities held on its day; False where its day is not known."""
        day = events["date"].to_physical().to_numpy() + _EPOCH
        begins, ends = np.array([-1, *self.begins]), np.array([-1, *self.ends])
        inside = day < ends[np.searchsorted(begins, day, side="right") - 1]
        return np.asarray(inside & (events["precision"] == "day").to_numpy(), dtype=np.bool_)

    def before(self, day: date) -> Fighting:
        """Return how hostilities stood before a day; acts of that day and later ones are not read."""
        now = day.toordinal()
        strikes = {then: struck for then, struck in self.strikes.items() if then < now}
        known = _spells(strikes, frozenset(then for then in self.truces if then < now))
        until = max(known.ends[-1] - now, 0) if known.ends else 0
        recent = [strikes.get(now - back, (0, 0)) for back in range(OUTBREAK - 1, 0, -1)]
        return Fighting(until, max(known.renewed - now, -1), np.array(recent, dtype=np.int64))


def roles_of(looks: pl.DataFrame, sides: Sides, scheme: str) -> Roles:
    """Return what each act is to hostilities, by the expressions that the rule of phases reads, shape (act,).

    Examples
    --------
    >>> from detente.events.phases import Sides
    >>> look = {"class": "force", "action": "ASSAULT", "mode": ["missile", "cyber"], "mutual": False}
    >>> looks = pl.DataFrame({"source": "B", "target": "A", "fatalities": 0, **look})
    >>> roles_of(looks, Sides(("A", "B")), "detente").tolist()
    [2, 0]
    """
    rules = feeds(sides, scheme)
    names = ("strikes_first", "strikes_second", "truces")
    found = looks.select(**{name: rules[name] for name in names}).to_numpy()
    roles = np.array((FIRST, SECOND, TRUCE), dtype=np.int64)
    return np.where(found.any(axis=1), roles[found.argmax(axis=1)], NEITHER)


def follow_hostilities(events: pl.DataFrame, sides: Sides, scheme: str) -> Spells:
    """Follow hostilities through the acts of one chronicle whose day is known.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical events with agents' acts under their principals.
    sides : Sides
    scheme : str

    Returns
    -------
    Spells

    Notes
    -----
    The rule is that of phases: hostilities begin on a day with a strike if each side has struck at least twice in
    `OUTBREAK` days, that day included; they end after `CEASED` days without a strike, or on the day after a truce.
    """
    exact: Bools = (events["precision"] == "day").to_numpy()
    role = roles_of(events, sides, scheme)
    chosen = np.flatnonzero(exact & (role != NEITHER))
    strikes: dict[int, tuple[int, int]] = {}
    truces: set[int] = set()
    days = events["date"].gather(chosen).to_physical() + _EPOCH
    for i, day in zip(chosen, days, strict=True):
        if role[i] == TRUCE:
            truces.add(day)
        else:
            one, two = strikes.get(day, (0, 0))
            strikes[day] = (one + (role[i] == FIRST), two + (role[i] == SECOND))
    return _spells(strikes, frozenset(truces))


def _spells(strikes: dict[int, tuple[int, int]], truces: frozenset[int]) -> Spells:
    begins: list[int] = []
    ends: list[int] = []
    renewed = 0
    for day in sorted(strikes.keys() | truces):
        if day in strikes:
            last = [strikes.get(day - back, (0, 0)) for back in range(OUTBREAK)]
            begun = all(sum(side) >= STRIKES for side in zip(*last, strict=True))
            if begun and (not ends or day > ends[-1]):
                begins.append(day)
                ends.append(day)
            if begun or day <= renewed:
                ends[-1] = renewed = day + CEASED
        if day in truces and ends and day < ends[-1]:
            ends[-1], renewed = day + 1, day
    return Spells(begins, ends, renewed, strikes, truces)
