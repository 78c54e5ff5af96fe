"""Memories of the acts of many pairs, and the features of the world model made of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled
from detente.studies.world.fit_class import HIGH_RATE, HIGH_SIZE, LOW_RATE, LOW_SIZE, ClassFit
from detente.studies.world.pairs import CLASSES, Pairs

ACTOR_OFFSET = 0.1  # acts a day added before the logarithm of an actor's activity
_TINY = 1e-6
_SPREADS = {"complete": 0.0, "partial": 0.05, "none": 2.0}


@dataclass(frozen=True)
class WorldSpec:
    """Which memories the world model has.

    Attributes
    ----------
    clocks : tuple of float
        Half-lives in days, shortest first, at which all four classes of own and received acts and the activity of both
        actors are remembered.
    own_clocks : tuple of float
        Further half-lives, at which only own acts of the same class are.
    received : bool
        Whether acts received enter.
    lags : bool
        Whether yesterday's count and that of the same day last week enter by themselves.
    pooling : str
        ``partial``: each pair's intercept deviates from the shared one, held close to it; ``complete``: it does not;
        ``none``: it, and the answers to its own and to received acts, are hardly held by anything.
    """

    clocks: tuple[float, ...] = (3.0, 30.0)
    own_clocks: tuple[float, ...] = (1.0, 10.0, 150.0)
    received: bool = True
    lags: bool = True
    pooling: str = "partial"

    @property
    def all_clocks(self) -> tuple[float, ...]:
        """Every half-life, the shared ones first."""
        return self.clocks + self.own_clocks

    def features(self) -> list[str]:
        """Return the names of the features of one class, in order; ``class`` stands for the class itself."""
        clocks = [f"{h:g} d" for h in self.clocks]
        out = [f"own {c}, {h}" for h in clocks for c in CLASSES]
        if self.received:
            out += [f"received {c}, {h}" for h in clocks for c in CLASSES]
        out += [f"own class, {h:g} d" for h in self.own_clocks]
        for h in clocks:
            out += [f"source's activity, {h}", f"target received, {h}", f"target's activity, {h}"]
        out += ["expected of both actors"]
        if self.lags:
            out += ["yesterday", "same day last week"]
        out += ["own class, slow, squared"]
        if len(self.clocks) > 1:
            out += ["own class, fast, squared", "own class, slow × fast"]
        if self.received:
            out += ["own class, slow × received class, fast"]
        return [*out, "all own acts, slow", *("Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]

    def spreads_with(self, cls: int) -> list[int]:
        """Return the features that move the dispersion of a class."""
        names = self.features()
        slow = f"{self.clocks[-1]:g} d"
        wanted = [f"own {CLASSES[cls]}, {h:g} d" for h in self.clocks]
        wanted += [f"own class, {h:g} d" for h in self.own_clocks]
        wanted += [f"source's activity, {slow}", f"target received, {slow}", "all own acts, slow"]
        if self.received:
            wanted.append(f"received {CLASSES[cls]}, {slow}")
        return [names.index(name) for name in [*wanted, *names[-6:]]]

    @property
    def spread(self) -> float:
        """Prior sd of a pair's deviations from the shared coefficients; 0 for no deviations."""
        return _SPREADS[self.pooling]

    def deviates_with(self, cls: int) -> list[int]:
        """Return the features whose coefficients may deviate pair by pair, besides the intercept."""
        names = self.features()
        if self.pooling != "none":
            return []
        fast = f"{CLASSES[cls]}, {self.clocks[0]:g} d"
        return [names.index(f"own {fast}"), *([names.index(f"received {fast}")] if self.received else [])]


def offset(half_life_days: float) -> float:
    """Return the acts a day added to a memory before its logarithm: fewer, the longer the memory looks back.

    Examples
    --------
    >>> [round(offset(h), 3) for h in (1, 3, 30)]
    [0.2, 0.103, 0.026]
    """
    return float(0.2 * half_life_days**-0.6)


def decays(half_lives: tuple[float, ...]) -> Floats:
    """Return the share of a memory kept from one day to the next, shape (clock,)."""
    return np.exp2(-1 / np.array(half_lives))


@compiled
def _remember(counts: Floats, decay: Floats, days: Ints, out: Floats) -> None:
    state = np.zeros((len(decay), counts.shape[1], counts.shape[2]))
    k = 0
    for t in range(days[-1] + 1):
        while k < len(days) and days[k] == t:
            out[k] = state
            k += 1
        if t == len(counts):
            break
        for h in range(len(decay)):
            for i in range(counts.shape[1]):
                for c in range(counts.shape[2]):
                    state[h, i, c] = decay[h] * state[h, i, c] + (1 - decay[h]) * counts[t, i, c]


def memories(counts: Floats, half_lives: tuple[float, ...], days: Ints) -> Floats:
    """Return exponentially weighted means of the days before each wanted day.

    Parameters
    ----------
    counts : ndarray of shape (day, pair, class)
    half_lives : tuple of float
    days : ndarray of shape (wanted,)
        Ascending; at most the number of days, for the day after the last.

    Returns
    -------
    ndarray of shape (wanted, clock, pair, class)
        ``m[t] = d * m[t - 1] + (1 - d) * y[t - 1]``, ``m[0] = 0``, in acts a day; divide by `seen` for means.
    """
    out = np.empty((len(days), len(half_lives), *counts.shape[1:]))
    _remember(np.ascontiguousarray(counts, dtype=float), decays(half_lives), days, out)
    return out


def seen(half_lives: tuple[float, ...], days: Ints) -> Floats:
    """Return the share of a memory's weights that fell on days seen, shape (wanted, clock)."""
    return np.maximum(1 - decays(half_lives)[None] ** days[:, None], 1e-9)


@dataclass(frozen=True)
class Remembered:
    """What the features of any class are made of, on some days (or in some futures on one day).

    Axes: (day, clock, pair, class), (day, clock, actor, class), (day, pair, class), (day, pair), (day,).
    """

    own: Floats
    gave: Floats
    got: Floats
    expected: Floats
    total: Floats
    yesterday: Floats
    last_week: Floats
    weekday: Ints

    def arrays(self) -> tuple[Floats | Ints, ...]:
        """Return the arrays in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))


def remembered_features(
    pairs: Pairs, spec: WorldSpec, means: Floats, yesterday: Floats, last_week: Floats, weekday: Ints
) -> Remembered:
    """Return logarithms of memories that are means in acts a day, shape (day, clock, pair, class)."""
    shared = means[:, : len(spec.clocks)]
    gave, got = (by_actor(shared, ends, len(pairs.actors)) for ends in (pairs.source, pairs.target))
    slow = shared[:, -1]
    world = slow.sum(axis=1, keepdims=True)
    expected = gave[:, -1][:, pairs.source] * got[:, -1][:, pairs.target] / (world + _TINY)
    offsets = np.array([offset(h) for h in spec.all_clocks])[None, :, None, None]
    return Remembered(
        np.log(means + offsets),
        np.log(gave + ACTOR_OFFSET),
        np.log(got + ACTOR_OFFSET),
        np.log(expected + 0.01),
        np.log(slow.sum(axis=2) + 0.02),
        np.log1p(yesterday),
        np.log1p(last_week),
        weekday,
    )


@compiled
def _by_actor(values: Floats, actor: Ints, out: Floats) -> None:
    for t in range(values.shape[0]):
        for i in range(values.shape[1]):
            for c in range(values.shape[2]):
                out[t, actor[i], c] += values[t, i, c]


def by_actor(values: Floats, actor: Ints, actors: int) -> Floats:
    """Return sums over the pairs of each actor: (..., pair, class) becomes (..., actor, class)."""
    *lead, pairs, classes = values.shape
    out = np.zeros((int(np.prod(lead)), actors, classes))
    _by_actor(np.ascontiguousarray(values).reshape(-1, pairs, classes), actor, out)
    return out.reshape(*lead, actors, classes)


def on_days(pairs: Pairs, spec: WorldSpec, days: Ints) -> Remembered:
    """Return what was remembered on some days of a history; nothing of those days or later enters.

    Parameters
    ----------
    days : ndarray of shape (wanted,)
        Ascending rows of ``pairs.counts``; the number of days stands for the day after the last.
    """
    means = memories(pairs.counts, spec.all_clocks, days)
    means /= seen(spec.all_clocks, days)[:, :, None, None]
    return remembered_features(
        pairs,
        spec,
        means,
        lagged(pairs.counts, days, 1),
        lagged(pairs.counts, days, 7),
        (pairs.window.start.weekday() + days) % 7,
    )


def lagged(counts: Floats, days: Ints, lag: int) -> Floats:
    """Return the counts some days before each wanted day; 0 before the first, shape (wanted, pair, class)."""
    return np.where((days >= lag)[:, None, None], counts[np.maximum(days - lag, 0)], 0.0)


@compiled
def _row(cls, clocks, received, lags, known, source, target, t, i, x):  # type: ignore[no-untyped-def]
    """Write the features of one pair on one day into `x`, in the order of `WorldSpec.features`."""
    own, gave, got, expected, total, yesterday, last_week, weekday = known
    levels, classes = own.shape[1], own.shape[3]
    back, s, o, k = i ^ 1, source[i], target[i], 0
    for h in range(clocks):
        for c in range(classes):
            x[k] = own[t, h, i, c]
            k += 1
    if received:
        for h in range(clocks):
            for c in range(classes):
                x[k] = own[t, h, back, c]
                k += 1
    for h in range(clocks, levels):
        x[k] = own[t, h, i, cls]
        k += 1
    for h in range(clocks):
        x[k], x[k + 1], x[k + 2] = gave[t, h, s, cls], got[t, h, o, cls], gave[t, h, o, cls]
        k += 3
    x[k] = expected[t, i, cls]
    k += 1
    if lags:
        x[k], x[k + 1] = yesterday[t, i, cls], last_week[t, i, cls]
        k += 2
    fast, slow = own[t, 0, i, cls], own[t, clocks - 1, i, cls]
    x[k] = slow * slow
    k += 1
    if clocks > 1:
        x[k], x[k + 1] = fast * fast, slow * fast
        k += 2
    if received:
        x[k] = slow * own[t, 0, back, cls]
        k += 1
    x[k] = total[t, i]
    for d in range(1, 7):
        x[k + d] = 1.0 if weekday[t] == d else 0.0


@compiled
def _fill(cls, clocks, received, lags, known, source, target, out):  # type: ignore[no-untyped-def]
    pairs = len(source)
    for t in range(len(out) // pairs):
        for i in range(pairs):
            _row(cls, clocks, received, lags, known, source, target, t, i, out[t * pairs + i])


@compiled
def _predict(cls, clocks, received, lags, known, source, target, fit, mean, alpha):  # type: ignore[no-untyped-def]
    """As ``ClassFit.predict(design(...))``, row by row, so that nothing large is laid out."""
    centre, scale, low, high, slopes, sizes, spreads, deviating, deviations = fit
    x = np.empty(len(centre))
    for t in range(mean.shape[0]):
        for i in range(len(source)):
            _row(cls, clocks, received, lags, known, source, target, t, i, x)
            eta, size = slopes[0] + deviations[i, 0], sizes[0]
            for j in range(len(x)):
                x[j] = min(max((x[j] - centre[j]) / scale[j], low[j]), high[j])
                eta += slopes[1 + j] * x[j]
            for j in range(len(deviating)):
                eta += deviations[i, 1 + j] * x[deviating[j]]
            for j in range(len(spreads)):
                size += sizes[1 + j] * x[spreads[j]]
            mean[t, i] = np.exp(min(max(eta, LOW_RATE), HIGH_RATE))
            alpha[t, i] = np.exp(-min(max(size, LOW_SIZE), HIGH_SIZE))


def design(pairs: Pairs, spec: WorldSpec, cls: int, known: Remembered) -> Floats:
    """Return the features of one class, shape (day × pair, feature), pairs innermost."""
    out = np.empty((known.own.shape[0] * len(pairs.source), len(spec.features())))
    switches = cls, len(spec.clocks), spec.received, spec.lags
    _fill(*switches, known.arrays(), pairs.source, pairs.target, out)
    return out


def predict(
    pairs: Pairs, spec: WorldSpec, cls: int, known: Remembered, fit: ClassFit
) -> tuple[Floats, Floats]:
    """Return mean and dispersion of one class, each of shape (day, pair)."""
    mean, alpha = (np.empty((known.own.shape[0], len(pairs.source))) for _ in range(2))
    scaled = fit.centre, fit.scale, fit.low, fit.high
    arrays = (*scaled, fit.slopes, fit.size_slopes, fit.spreads_with, fit.deviates_with, fit.deviations)
    switches = cls, len(spec.clocks), spec.received, spec.lags
    _predict(*switches, known.arrays(), pairs.source, pairs.target, arrays, mean, alpha)
    return mean, alpha
