"""Effects of single rivalries, partly pooled, and what they say of a rivalry that is not among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.studies.evidence.estimate import RowEffect, weights_of
from detente.studies.evidence.sample import Flags, UnitSample

BETWEEN_SCALE = 0.3  # of the half-normal prior on the spread between rivalries
LEAST_NEW_SD = 0.3  # of a rivalry that is not among them
PRIOR_BETWEEN_MEDIAN = BETWEEN_SCALE * 0.6744898
_MEAN_SD = 1.0
_MEANS = np.linspace(-3.0, 3.0, 121)
_BETWEEN = np.linspace(0.0, 1.5, 61)
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_EFFECTS = np.linspace(-8.0, 8.0, 321)


@dataclass(frozen=True)
class PairEffect:
    """One rivalry's effect on the log scale, pulled towards the mean; what its episodes gave and were expected to."""

    pair: tuple[int, int]
    episodes: int
    seen: float
    expected: float
    effect: float
    sd: float


@dataclass(frozen=True)
class RivalryEffects:
    """Effects over rivalries.

    Attributes
    ----------
    mean, mean_sd : float
    between, between_low, between_high : float
        Median and 90 % interval of the sd between rivalries.
    new_mean, new_sd : float
        Of a rivalry that is not among them; the sd is at least `LEAST_NEW_SD`.
    pairs : tuple of PairEffect
    """

    mean: float
    mean_sd: float
    between: float
    between_low: float
    between_high: float
    new_mean: float
    new_sd: float
    pairs: tuple[PairEffect, ...]


def pool_rivalries(
    sample: UnitSample, found: RowEffect, sd: float, *, overlap: int = 1
) -> RivalryEffects | None:
    r"""Pool the effects of rivalries, each against its own controls.

    Parameters
    ----------
    sample : UnitSample
    found : RowEffect
    sd : float
        Of the row's effect; the sd of the mean over rivalries is not below it.
    overlap : int
        How many controls share one outcome where their windows overlap: each then counts for its part.

    Returns
    -------
    RivalryEffects or None
        None if there is no effect to pool.

    Notes
    -----
    What controls of the same cell let one expect, :math:`x`, is an offset. A rivalry has a level of its own,
    :math:`a \sim N(0, 1)`, which is integrated out, so that a rivalry with many disputes is not taken for one with a
    large effect: :math:`y \sim \text{Poisson}(x e^a)` of controls and :math:`\text{Poisson}(x e^{a + \theta})` of
    episodes, or the same on logits.
    """
    if not np.isfinite([found.effect, sd]).all() or sd <= 0:
        return None
    kept = weights_of(sample.episode, sample.cell) > 0
    rows, episode = sample.rows[kept], sample.episode[kept]
    expected, y = _expected(sample)[kept], sample.outcome.count[rows]
    counts = np.where(episode, 1.0, 1 / (_repeats(rows, episode) * overlap))
    codes = np.unique(sample.pair[rows[episode]], axis=0)
    key = codes[:, 0] * 1000 + codes[:, 1]
    own = sample.pair[rows, 0] * 1000 + sample.pair[rows, 1]
    inside = np.isin(own, key)
    place = np.searchsorted(key, own[inside])
    parts = (y[inside], expected[inside], counts[inside], episode[inside], place)
    likelihood = (_binomial if sample.odds else _poisson)(*parts, pairs=len(codes))
    seen = episode[inside]
    return _posterior(likelihood, codes, place[seen], parts[0][seen], parts[1][seen], sd)


def _repeats(rows: Ints, episode: Flags) -> Floats:
    """Return in how many rows the unit of each row is a control; at least 1."""
    times = np.bincount(rows[~episode], minlength=int(rows.max(initial=0)) + 1)
    return np.maximum(times[rows], 1).astype(float)


def _expected(sample: UnitSample) -> Floats:
    """Return what controls of the same cell give, of each row; one control's worth of the overall mean steadies it."""
    y, e = sample.outcome.count[sample.rows], sample.outcome.exposure[sample.rows]
    control = ~sample.episode
    size = int(sample.cell.max(initial=-1)) + 1
    sums = [np.bincount(sample.cell[control], weights=v[control], minlength=size) for v in (y, e)]
    overall, one = y[control].sum() / e[control].sum(), e[control].mean()
    rate = (sums[0] + overall * one) / (sums[1] + one)
    return np.asarray(rate[sample.cell] * e)


def _poisson(
    y: Floats, expected: Floats, counts: Floats, episode: Flags, place: Ints, *, pairs: int
) -> Floats:
    """Return log likelihoods with the rivalry's level integrated out, shape (pair, effect on the grid)."""

    def sums(values: Floats, chosen: Flags) -> Floats:
        total = np.bincount(place[chosen], weights=(counts * values)[chosen], minlength=pairs)
        return np.asarray(total, dtype=float)[:, None, None]

    levels, effects = _NODES[:, None], _EFFECTS
    at = levels + effects
    value = sums(y, episode) * at - sums(expected, episode) * np.exp(at)
    value = value + sums(y, ~episode) * levels - sums(expected, ~episode) * np.exp(levels)
    return _integrated(value)


def _binomial(
    y: Floats, expected: Floats, counts: Floats, episode: Flags, place: Ints, *, pairs: int
) -> Floats:
    """Return log likelihoods of chances with the rivalry's level integrated out, shape (pair, effect on the grid)."""
    p = np.clip(expected, 1e-3, 1 - 1e-3)
    logit = np.log(p / (1 - p))
    value = np.zeros((pairs, len(_NODES), len(_EFFECTS)))
    for i in range(len(y)):
        at = logit[i] + _NODES[:, None] + (_EFFECTS if episode[i] else 0.0)
        value[place[i]] += counts[i] * (y[i] * at - np.logaddexp(0, at))
    return _integrated(value)


def _integrated(value: Floats) -> Floats:
    """Return the log of the mean over levels, shape (pair, level, effect) to (pair, effect)."""
    top = value.max(axis=1, keepdims=True)
    weights = (_NODE_WEIGHTS / _NODE_WEIGHTS.sum())[:, None]
    mean = (np.exp(value - top) * weights).sum(axis=1)
    return np.asarray(np.log(np.maximum(mean, 1e-300)) + top[:, 0])


def _posterior(
    likelihood: Floats, codes: Ints, place: Ints, y: Floats, expected: Floats, least_sd: float
) -> RivalryEffects:
    likelihood = likelihood - likelihood.max(axis=1, keepdims=True)
    weights = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()
    log_mass = np.empty((len(_BETWEEN), len(_MEANS)))
    first, second = (np.empty((len(codes), *log_mass.shape)) for _ in range(2))
    for i, between in enumerate(_BETWEEN):
        at = np.clip(_MEANS[:, None] + between * _NODES, _EFFECTS[0], _EFFECTS[-1])  # (mean, node)
        for j, row in enumerate(likelihood):
            value = np.exp(np.interp(at, _EFFECTS, row)) * weights
            total = np.maximum(value.sum(axis=1), 1e-300)
            first[j, i], second[j, i] = (value * at).sum(axis=1) / total, (value * at**2).sum(axis=1) / total
            log_mass[i] = np.log(total) if j == 0 else log_mass[i] + np.log(total)
        log_mass[i] -= 0.5 * (between / BETWEEN_SCALE) ** 2 + 0.5 * (_MEANS / _MEAN_SD) ** 2
    mass = np.exp(log_mass - log_mass.max())
    mass /= mass.sum()
    mean = float((mass * _MEANS).sum())
    mean_var = max(float((mass * (_MEANS - mean) ** 2).sum()), least_sd**2)
    spread = mass.sum(axis=1)
    low, middle, high = (float(np.interp(q, np.cumsum(spread), _BETWEEN)) for q in (0.05, 0.5, 0.95))
    new_sd = max(LEAST_NEW_SD, float(mean_var + spread @ _BETWEEN**2) ** 0.5)
    effects = (first * mass).sum(axis=(1, 2))
    sds = np.sqrt(np.maximum((second * mass).sum(axis=(1, 2)) - effects**2, 0))
    numbers, seen, awaited = (
        np.bincount(place, weights=v, minlength=len(codes)) for v in (np.ones(len(y)), y, expected)
    )
    pairs = tuple(
        PairEffect(
            (int(codes[j, 0]), int(codes[j, 1])),
            int(numbers[j]),
            float(seen[j]),
            float(awaited[j]),
            float(effects[j]),
            float(sds[j]),
        )
        for j in range(len(codes))
    )
    return RivalryEffects(mean, mean_var**0.5, middle, low, high, mean, new_sd, pairs)
