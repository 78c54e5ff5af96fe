"""Effects of single rivalries, partly pooled, and what they say of a rivalry that is not among them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.studies.evidence.estimate import RowEffect, weights_of
from detente.studies.evidence.sample import UnitSample

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


def pool_rivalries(sample: UnitSample, found: RowEffect, sd: float) -> RivalryEffects | None:
    """Pool the effects of rivalries.

    What the controls of its cells let one expect of each rivalry's episodes is scaled so that, without spread between
    rivalries, the mean is the row's effect, and likelihoods are tempered so that its sd is `sd`.

    Parameters
    ----------
    sample : UnitSample
    found : RowEffect
    sd : float

    Returns
    -------
    RivalryEffects or None
        None if there is no effect to pool.
    """
    if not np.isfinite([found.effect, sd]).all() or sd <= 0:
        return None
    rows = sample.rows[sample.episode]
    weight = weights_of(sample.episode, sample.cell)[sample.episode]
    kept = weight > 0
    rows = rows[kept]
    expected = _expected(sample)[sample.episode][kept]
    y = sample.outcome.count[rows]
    codes, place = np.unique(sample.pair[rows], axis=0, return_inverse=True)
    place = place.reshape(-1)
    likelihood, information = (_binomial if sample.odds else _poisson)(
        y, expected, place, len(codes), found.effect
    )
    likelihood *= min(1.0, 1 / (sd**2 * information))
    return _posterior(likelihood, codes, place, y, expected)


def _expected(sample: UnitSample) -> Floats:
    """Return what controls of the same cell give, of each row; one control's worth of the overall mean steadies it."""
    y, e = sample.outcome.count[sample.rows], sample.outcome.exposure[sample.rows]
    control = ~sample.episode
    size = int(sample.cell.max(initial=-1)) + 1
    sums = [np.bincount(sample.cell[control], weights=v[control], minlength=size) for v in (y, e)]
    overall, one = y[control].sum() / e[control].sum(), e[control].mean()
    rate = (sums[0] + overall * one) / (sums[1] + one)
    return np.asarray(rate[sample.cell] * e)


def _poisson(y: Floats, expected: Floats, place: Ints, pairs: int, effect: float) -> tuple[Floats, float]:
    """Return log likelihoods (pair, effect on the grid), and the information at the effect."""
    expected = expected * y.sum() / (expected.sum() * exp(effect))
    seen, awaited = (np.bincount(place, weights=v, minlength=pairs)[:, None] for v in (y, expected))
    return np.asarray(seen * _EFFECTS - awaited * np.exp(_EFFECTS)), float(y.sum())


def _binomial(y: Floats, expected: Floats, place: Ints, pairs: int, effect: float) -> tuple[Floats, float]:
    p = np.clip(expected, 1e-3, 1 - 1e-3)
    logit = np.log(p / (1 - p))
    low, high = -20.0, 20.0
    for _ in range(80):  # the shift under which the effect gives what was seen
        shift = (low + high) / 2
        if (1 / (1 + np.exp(-(logit + shift + effect)))).sum() < y.sum():
            low = shift
        else:
            high = shift
    at = logit[:, None] + shift + _EFFECTS
    each = y[:, None] * at - np.logaddexp(0, at)
    likelihood = np.zeros((pairs, len(_EFFECTS)))
    np.add.at(likelihood, place, each)
    chance = 1 / (1 + np.exp(-(logit + shift + effect)))
    return likelihood, float((chance * (1 - chance)).sum())


def _posterior(likelihood: Floats, codes: Ints, place: Ints, y: Floats, expected: Floats) -> RivalryEffects:
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
    mean_var = float((mass * (_MEANS - mean) ** 2).sum())
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
