"""Memories of past acts and the little grammar of expressions over them.

A memory is a decayed sum of weighted past acts, ``S(t) = sum of w_e * 2 ** (-(t - t_e) / half_life)`` over acts of
days before ``t``. Expressions turn memories into features; none lets a raw count into the exponential, because a
log-linear process fed by raw counts explodes in finite time (Bielecki et al. 2025).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from detente.base.arrays import Floats
from detente.base.days import Window

RANKS = ("officer", "senior", "leader")


@dataclass(frozen=True, slots=True)
class Weight:
    """What one act adds to a memory.

    ``closeness * (|intensity| / 10 if by_intensity else 1) * rank_factor * (per_act + per_log_death * log1p(deaths))``;
    nothing where `actions` or `modes` are given and the act's own is not among them (an empty mode stands for acts that
    have none, as in machine-coded data). A negative `per_act` draws the memory down.

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
    modes: tuple[str, ...] = ()
    per_act: float = 1.0
    unranked: float = 1.0  # factor of an act without a ranked victim
    only_caused: bool = False  # leave out people whom a side lost in an act of its own

    def factors(
        self,
        actions: Sequence[str],
        intensities: Floats,
        ranks: Sequence[str | None],
        modes: Sequence[str | None],
    ) -> Floats:
        """Return for each act what multiplies ``per_act + per_log_death * log1p(deaths)``, shape (act,).

        It is 0 for an act that the memory does not take.
        """
        of_rank = dict(zip(RANKS, self.rank_factors, strict=True))
        value = np.array([of_rank.get(rank or "", self.unranked) for rank in ranks]) * self.closeness
        if self.by_intensity:
            value *= np.abs(intensities) / 10
        if self.actions:
            value *= [action in self.actions for action in actions]
        if self.modes:
            value *= [(mode or "") in self.modes for mode in modes]
        return value

    def of(
        self,
        *,
        action: str = "",
        intensity: float = -10.0,
        rank: str | None = None,
        mode: str | None = None,
        deaths: float = 0,
    ) -> float:
        """Return the weight of one act with its deaths."""
        (factor,) = self.factors([action], np.array([intensity]), [rank], [mode])
        return float(factor) * (self.per_act + self.per_log_death * math.log1p(deaths))


@dataclass(frozen=True, slots=True)
class Memory:
    """A decayed sum of weighted past acts; with ``half_life_days = inf`` a stock, which never decays.

    Acts of negative weight draw it down, at the end of their day to no less than zero.

    Parameters
    ----------
    half_life_days : float
        Days after which an act counts half.
    feeds : tuple of (channel row, Weight)
        Which channels feed it, and how much.
    """

    half_life_days: float
    feeds: tuple[tuple[int, Weight], ...]
    _hash: int = field(
        init=False, repr=False, compare=False
    )  # asked for thousands of times on a grid of clocks

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.half_life_days, self.feeds)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Memory], tuple[float, tuple[tuple[int, Weight], ...]]]:
        return Memory, (self.half_life_days, self.feeds)  # another process hashes anew

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
    def drawn_down(self) -> bool:
        """Whether some act draws it down: what acts have left in it is then not a sum over them."""
        return any(weight.per_act < 0 for _, weight in self.feeds)

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

    ``cap`` of ``None`` is set at compile time to the 98th percentile of the memory over the training days.
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

    def values(self, window: Window) -> Floats:
        """Return the value on each day of a window, shape (day,)."""
        out = np.zeros(window.days)
        for start, level in self.steps:
            out[max(window.index(start), 0) :] = level
        return out


@dataclass(frozen=True, slots=True)
class Fading(Schedule):
    """A declared sum of pulses that fade: from its day on a pulse counts ``amount * 2 ** (-age / half_life_days)``.

    With `log` the value is ``log1p`` of that sum.

    Examples
    --------
    >>> breach = Fading("breach", (), ((date(2018, 5, 8), 1.0, 2922.0),))
    >>> breach.at(date(2018, 5, 7)), round(breach.at(date(2026, 5, 8)), 2)
    (0.0, 0.5)
    """

    pulses: tuple[tuple[date, float, float], ...] = ()  # day, amount, half-life in days
    log: bool = False

    def at(self, day: date) -> float:
        """Value on `day`."""
        return float(self.values(Window(day, day + timedelta(days=1)))[0])

    def values(self, window: Window) -> Floats:
        """Return the value on each day of a window, shape (day,)."""
        out, days = np.zeros(window.days), np.arange(window.days)
        for start, amount, half_life in self.pulses:
            at = window.index(start)
            age = days[max(at, 0) :] - at
            out[max(at, 0) :] += amount * np.exp2(-age / half_life)
        out = np.maximum(out, 0.0)  # amounts may be negative: something was taken back
        return np.log1p(out) if self.log else out


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
