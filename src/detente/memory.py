"""Memories of past acts and the little grammar of expressions over them.

A memory is a decayed sum of weighted past acts, ``S(t) = sum of w_e * 2 ** (-(t - t_e) / half_life)`` over acts of
days before ``t``. Expressions turn memories into features; none lets a raw count into the exponential, because a
log-linear process fed by raw counts explodes in finite time (Bielecki et al. 2025).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RANKS = ("officer", "senior", "leader")


@dataclass(frozen=True, slots=True)
class Weight:
    """What one act adds to a memory.

    ``closeness * (|intensity| / 10 if by_intensity else 1) * rank_factor * (1 + per_log_death * log1p(deaths))``

    Examples
    --------
    >>> round(Weight(by_intensity=True, per_log_death=0.5).of(intensity=-9.5, deaths=10), 3)
    2.089
    """

    closeness: float = 1.0
    by_intensity: bool = False
    per_log_death: float = 0.0
    rank_factors: tuple[float, float, float] = (1.0, 1.0, 1.0)  # officer, senior, leader
    actions: tuple[str, ...] = ()

    def base(self, *, action: str, intensity: float, rank: str | None) -> float:
        """Return the weight of an act that kills nobody (0 for an act the memory does not take)."""
        if self.actions and action not in self.actions:
            return 0.0
        value = self.closeness * (abs(intensity) / 10 if self.by_intensity else 1.0)
        return value * (self.rank_factors[RANKS.index(rank)] if rank in RANKS else 1.0)

    def of(
        self, *, action: str = "", intensity: float = -10.0, rank: str | None = None, deaths: float = 0
    ) -> float:
        """Return the weight of one act with its deaths."""
        return self.base(action=action, intensity=intensity, rank=rank) * (
            1 + self.per_log_death * math.log1p(deaths)
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """A decayed sum of weighted past acts; with ``half_life_days = inf`` a stock, which never decays.

    Parameters
    ----------
    half_life_days : float
        Days after which an act counts half.
    feeds : tuple of (channel row, Weight)
        Which channels feed it, and how much.
    """

    half_life_days: float
    feeds: tuple[tuple[int, Weight], ...]

    @property
    def decay(self) -> float:
        """Share kept from one day to the next.

        Examples
        --------
        >>> Memory(1.0, ()).decay
        0.5
        """
        return math.exp2(-1.0 / self.half_life_days)

    @property
    def keeps_vague_dates(self) -> bool:
        """Whether acts dated only to a month or a year may enter: a half-life of a year or more blurs them anyway."""
        return self.half_life_days >= 365


@dataclass(frozen=True, slots=True)
class Log1p:
    """``log1p(memory / scale)``: unbounded, elasticity at most one."""

    memory: Memory
    scale: float = 1.0

    def value(self, s: Floats, cap: float) -> Floats:
        """Return the feature where the memory is `s`, any shape."""
        return np.asarray(np.log1p(s / self.scale))

    def slope(self, s: float, cap: float) -> float:
        """Return the feature's derivative by the memory at `s`."""
        return 1 / (self.scale + s)


@dataclass(frozen=True, slots=True)
class Saturate:
    """``log1p(S / (scale * (1 + S / cap)))``: bounded, so feedback through it cannot explode.

    ``cap`` of ``None`` is set at compile time to the 99.9th percentile of the memory over the training days.
    """

    memory: Memory
    scale: float = 1.0
    cap: float | None = None

    def value(self, s: Floats, cap: float) -> Floats:
        """Return the feature where the memory is `s`, any shape; it stays below ``log1p(cap / scale)``."""
        return np.asarray(np.log1p(s / (self.scale * (1 + s / cap))))

    def slope(self, s: float, cap: float) -> float:
        """Return the feature's derivative by the memory at `s`."""
        flat = 1 + s / cap
        return 1 / (self.scale * flat**2) / (1 + s / (self.scale * flat))


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 while the memory is above `threshold`, else 0."""

    memory: Memory
    threshold: float = 0.0

    def value(self, s: Floats, cap: float) -> Floats:
        """Return the feature where the memory is `s`, any shape."""
        return np.asarray(s > self.threshold, dtype=float)

    def slope(self, s: float, cap: float) -> float:
        """Return 0: a step has no slope where it is flat."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A declared step function of the date: each step holds from its day on; 0 before the first.

    Examples
    --------
    >>> schedule = Schedule("truce", ((date(2020, 1, 1), 1.0), (date(2020, 7, 1), 0.0)))
    >>> schedule.at(date(2020, 3, 1)), schedule.at(date(2021, 1, 1))
    (1.0, 0.0)
    """

    name: str
    steps: tuple[tuple[date, float], ...]

    def at(self, day: date) -> float:
        """Value on `day`."""
        value = 0.0
        for start, level in self.steps:
            if start <= day:
                value = level
        return value


Atom = Log1p | Saturate | Indicator | Schedule


@dataclass(frozen=True, slots=True)
class Product:
    """One product of two atoms: the only interaction the grammar knows."""

    left: Atom
    right: Atom


@dataclass(frozen=True, slots=True)
class Constant:
    """The feature that is always 1."""


Expression = Atom | Product | Constant


def atoms_of(expression: Expression) -> tuple[Atom, ...]:
    """Return the zero, one or two atoms of an expression."""
    if isinstance(expression, Product):
        return expression.left, expression.right
    return () if isinstance(expression, Constant) else (expression,)


def memories_of(expression: Expression) -> Iterator[Memory]:
    """Yield the memories an expression reads."""
    for atom in atoms_of(expression):
        if not isinstance(atom, Schedule):
            yield atom.memory


def pool(half_life_days: float, feeds: Mapping[int, Weight]) -> Memory:
    """Return a memory fed by several channels; the order of `feeds` does not matter.

    Examples
    --------
    >>> pool(14, {2: Weight(), 0: Weight()}) == pool(14, {0: Weight(), 2: Weight()})
    True
    """
    return Memory(half_life_days, tuple(sorted(feeds.items(), key=lambda item: item[0])))
