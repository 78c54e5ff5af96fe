"""Scores of probabilities of events: skill with its interval, calibration slope, discrimination, reliability."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Floats
from detente.base.random import Stream, generator

HELD = 0.005
"""Probabilities are held this far from 0 and 1 where their logarithm is taken."""
BLOCK = 8
"""Quarters in a block of the bootstrap: two years."""
_BINS = 10
_STEPS = 100
_RESAMPLES = 10_000
_TOLERANCE, _LEAST_SCALE = 1e-9, 1e-6


@dataclass(frozen=True, slots=True)
class BrierSkill:
    """How much lower a mean score is than a reference's, as a share of that; above 0 is better.

    Attributes
    ----------
    mean : float or None
        Of all cases; None where the reference made no error, or there is no case.
    low, high : float or None
        90 % interval over resampled blocks of dates; None where dates are fewer than two blocks.
    """

    mean: float | None
    low: float | None = None
    high: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Forecasts of nearly one probability, and how often they came true; None where there are none."""

    low: float
    high: float
    cases: int
    probability: float | None
    frequency: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def resampled_dates(
    dates: int, *, seed: int, block: int = BLOCK, resamples: int = _RESAMPLES
) -> Floats | None:
    """Return how often each date stands in each resample, shape (resample, date).

    Parameters
    ----------
    dates : int
        In order of time.
    seed : int
    block : int
        Neighbours drawn together; blocks start anywhere and wrap around the end.
    resamples : int

    Returns
    -------
    ndarray or None
        None with fewer than two blocks: resamples would all be the same dates.

    Notes
    -----
    Source: [politis1992].

    Examples
    --------
    >>> resampled_dates(24, seed=1, resamples=3).sum(axis=1).tolist(), resampled_dates(15, seed=1)
    ([24.0, 24.0, 24.0], None)
    """
    if dates < 2 * block:
        return None
    rng = generator(seed, Stream.BOOTSTRAP)
    starts = rng.integers(dates, size=(resamples, -(-dates // block)))
    index = (starts[:, :, None] + np.arange(block)).reshape(resamples, -1)[:, :dates] % dates
    counts = np.zeros((resamples, dates))
    np.add.at(counts, (np.arange(resamples)[:, None], index), 1.0)
    return counts


def brier_skill(ours: Floats, reference: Floats, draws: Floats | None, share: float = 0.9) -> BrierSkill:
    """Return one minus the ratio of two sums of scores, with its interval over resampled dates.

    Parameters
    ----------
    ours, reference : ndarray of shape (date,)
        Sums of scores over the cases of each date; lower is better.
    draws : ndarray of shape (resample, date), optional
        See `resampled_dates`.
    share : float
        Chance of the interval.

    Notes
    -----
    Resamples in which the reference made no error are left out.

    Examples
    --------
    >>> brier_skill(np.array([0.1, 0.2]), np.array([0.2, 0.4]), None)
    BrierSkill(mean=0.5, low=None, high=None)
    """
    if reference.sum() == 0:
        return BrierSkill(None)
    mean = float(1 - ours.sum() / reference.sum())
    if draws is None:
        return BrierSkill(mean)
    below = draws @ reference
    ratios = 1 - (draws @ ours)[below > 0] / below[below > 0]
    low, high = np.quantile(ratios, [(1 - share) / 2, (1 + share) / 2])
    return BrierSkill(mean, float(low), float(high))


def calibration_slope(probability: npt.ArrayLike, happened: npt.ArrayLike) -> float | None:
    """Return the slope of a logistic regression of outcomes on the log odds of their probabilities.

    Parameters
    ----------
    probability, happened : array_like of shape (case,)
        Probabilities are held within .005 and .995; outcomes are 0 or 1.

    Returns
    -------
    float or None
        1 if probabilities are as far from one half as they should be, below 1 if they are too far, above 1 if they are
        too near. None where all outcomes are the same, all probabilities are, or they separate yes from no.

    Notes
    -----
    The log likelihood is concave, and Newton steps that would lower it are halved.

    Examples
    --------
    >>> said, came = np.repeat([0.2, 0.8], 10), np.array([1, 1] + [0] * 8 + [1] * 8 + [0, 0])
    >>> round(calibration_slope(said, came), 6)
    1.0
    """
    y = np.asarray(happened, dtype=float)
    p = np.clip(np.asarray(probability, dtype=float), HELD, 1 - HELD)
    x = np.log(p / (1 - p))
    if y.size == 0 or y.min() == y.max() or x.min() == x.max():
        return None
    if x[y == 1].min() >= x[y == 0].max() or x[y == 1].max() <= x[y == 0].min():
        return None
    design, beta = np.stack([np.ones_like(x), x]), np.zeros(2)
    value = _log_likelihood(beta, design, y)
    for _ in range(_STEPS):
        expected = 1 / (1 + np.exp(-(beta @ design)))
        information = (design * (expected * (1 - expected))) @ design.T
        move = np.linalg.solve(information, design @ (y - expected))
        scale, there = 1.0, _log_likelihood(beta + move, design, y)
        while there < value and scale > _LEAST_SCALE:  # a whole step may leave the hill
            scale /= 2
            there = _log_likelihood(beta + scale * move, design, y)
        beta, value = beta + scale * move, there
        if np.abs(move).max() < _TOLERANCE:
            return float(beta[1])
    return None


def _log_likelihood(beta: Floats, design: Floats, happened: Floats) -> float:
    return float(-np.logaddexp(0, (1 - 2 * happened) * (beta @ design)).sum())


def discrimination(probability: npt.ArrayLike, happened: npt.ArrayLike) -> float | None:
    """Return the chance that a case that came true had a higher probability than one that did not (AUC).

    Equal probabilities count one half. None where all outcomes are the same.

    Examples
    --------
    >>> discrimination([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    0.875
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(happened, dtype=bool)
    yes, no = p[y], np.sort(p[~y])
    if not len(yes) or not len(no):
        return None
    below = np.searchsorted(no, yes, side="left") + np.searchsorted(no, yes, side="right")
    return float(below.mean() / (2 * len(no)))


def held_log_scores(probability: Floats, happened: Floats) -> Floats:
    """Return minus the log of the probability given to what came, in nats, held within .005 and .995.

    Examples
    --------
    >>> held_log_scores(np.array([0.5, 0.0]), np.array([1.0, 1.0])).round(3).tolist()
    [0.693, 5.298]
    """
    p = np.clip(probability, HELD, 1 - HELD)
    return np.asarray(-np.log(np.where(happened == 1, p, 1 - p)))


def reliability(probability: npt.ArrayLike, happened: npt.ArrayLike) -> tuple[ReliabilityBin, ...]:
    """Return how often forecasts came true by tenths of their probability.

    Examples
    --------
    >>> reliability([0.31, 0.39, 0.8], [0, 1, 1])[3]
    ReliabilityBin(low=0.3, high=0.4, cases=2, probability=0.35, frequency=0.5)
    """
    p, y = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    tenth = np.minimum((p * _BINS + 1e-9).astype(int), _BINS - 1)
    found = []
    for i in range(_BINS):
        here = tenth == i
        some = bool(here.any())
        found.append(
            ReliabilityBin(
                i / _BINS,
                (i + 1) / _BINS,
                int(here.sum()),
                float(p[here].mean()) if some else None,
                float(y[here].mean()) if some else None,
            )
        )
    return tuple(found)


def without_overlap(starts: npt.ArrayLike, days: npt.ArrayLike) -> int:
    """Return how many of some windows, in order, can be taken so that no two share a day.

    Examples
    --------
    >>> without_overlap([0, 90, 180, 270, 360], [365] * 5), without_overlap([0, 90, 180], [90] * 3)
    (1, 3)
    """
    free, count = -np.inf, 0
    for start, length in zip(np.asarray(starts).tolist(), np.asarray(days).tolist(), strict=True):
        if start >= free:
            free, count = start + length, count + 1
    return count
