"""Scores on arrays: how far a forecast was from what happened, and how sure a difference of scores is.

Arrays broadcast against each other. A NaN anywhere in an element gives NaN for that element; nothing is left out in
silence.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy

from detente.base.arrays import Floats
from detente.base.random import Stream, generator

_TAIL = 1e-12  # chance left beyond the last count that CRPS sums over
_CHUNK = 500  # resamples drawn at once


def log_score(observed: npt.ArrayLike, mean: npt.ArrayLike, alpha: npt.ArrayLike) -> Floats:
    """Return the log of the chance a negative binomial gave to the count that came; higher is better.

    Parameters
    ----------
    observed : array_like of int, any shape
        Counts; one below 0 or not whole scores ``-inf``.
    mean : array_like
        Expected counts, above 0 (at 0 only a count of 0 has a chance).
    alpha : array_like
        Dispersion: the variance is ``mean + alpha * mean ** 2``; 0 gives the Poisson law.

    Returns
    -------
    ndarray, broadcast shape
        In nats.

    Notes
    -----
    With ``r = 1 / alpha``, ``log p(y) = log Gamma(y + r) - log Gamma(r) - log y! + r log(r / (r + mean)) + y log(mean /
    (r + mean))``. It is ``-logs_negbinom`` of the library scoringrules. A proper score; source: [gneiting2007].

    Examples
    --------
    >>> log_score([0, 3], 0.5, 0.8).round(3).tolist()
    [-0.421, -3.758]
    >>> round(float(log_score(2, 1.0, 0.0)), 4)  # Poisson: log(exp(-1) / 2)
    -1.6931
    """
    y, mu, a = (np.asarray(x, dtype=float) for x in (observed, mean, alpha))
    y, mu, a = np.broadcast_arrays(y, mu, a)
    poisson = a == 0
    spread = np.where(poisson, 1.0, a)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = 1 / spread
        dispersed = (
            gammaln(y + r)
            - gammaln(r)
            - gammaln(y + 1)
            - r * np.log1p(spread * mu)
            + xlogy(y, spread * mu / (1 + spread * mu))
        )
        plain = xlogy(y, mu) - mu - gammaln(y + 1)
        out = np.where(poisson, plain, dispersed)
    impossible = (y < 0) | (y != np.floor(y))
    missing = np.isnan(y) | np.isnan(mu) | np.isnan(a)
    return np.asarray(np.where(missing, np.nan, np.where(impossible, -np.inf, out)))


def crps_count(observed: npt.ArrayLike, mean: npt.ArrayLike, alpha: npt.ArrayLike) -> Floats:
    """Return the continuous ranked probability score of a negative binomial count; lower is better.

    Parameters
    ----------
    observed, mean, alpha : array_like
        As for `log_score`.

    Returns
    -------
    ndarray, broadcast shape
        In counts.

    Notes
    -----
    ``CRPS = sum over k >= 0 of (F(k) - 1{k >= y}) ** 2`` with ``F`` the distribution function, summed until less than
    1e-12 is left. It is ``crps_negbinom`` of the library scoringrules. Source: [gneiting2007].

    Examples
    --------
    >>> crps_count([0, 3], 0.5, 0.8).round(3).tolist()
    [0.131, 2.16]
    """
    y, mu, a = (np.asarray(x, dtype=float) for x in (observed, mean, alpha))
    y, mu, a = np.broadcast_arrays(y, mu, a)
    missing = ~(np.isfinite(y) & np.isfinite(mu) & np.isfinite(a))
    y, mu, a = np.where(missing, 0.0, y), np.where(missing, 0.0, mu), np.where(missing, 0.0, a)
    reached, out, k = np.zeros(y.shape), np.zeros(y.shape), 0
    while k <= y.max(initial=0) or (1 - reached).max(initial=0) > _TAIL:
        reached = reached + np.exp(log_score(k, mu, a))
        out = out + (reached - (y <= k)) ** 2
        k += 1
    return np.asarray(np.where(missing, np.nan, out))


def crps_sample(observed: npt.ArrayLike, sample: npt.ArrayLike) -> Floats:
    """Return the CRPS of a forecast given as draws (axis 0); lower is better.

    Parameters
    ----------
    observed : array_like, shape (...)
    sample : array_like, shape (future, ...)

    Returns
    -------
    ndarray, shape (...)

    Notes
    -----
    ``CRPS = E|X - y| - E|X - X'| / 2`` with the expectations over the draws as they are (``estimator="nrg"`` of the
    library scoringrules). Source: [gneiting2007].

    Examples
    --------
    >>> float(crps_sample(2, [0, 1, 2, 5]))
    0.5
    """
    x = np.sort(np.asarray(sample, dtype=float), axis=0)
    y = np.asarray(observed, dtype=float)
    m = len(x)
    rank = np.arange(m).reshape(-1, *(1,) * (x.ndim - 1))
    spread = ((2 * rank - m + 1) * x).sum(axis=0) / m**2  # half the mean absolute difference
    return np.asarray(np.abs(x - y).mean(axis=0) - spread)


def interval_score(
    observed: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike, share: float = 0.9
) -> Floats:
    """Return the interval score of central intervals: their width, plus a fine for what falls outside; lower is better.

    Parameters
    ----------
    observed, low, high : array_like
        What came, and the two ends, both inside the interval.
    share : float
        Chance the interval claims, between 0 and 1.

    Returns
    -------
    ndarray, broadcast shape
        In the unit of `observed`; its mean over forecasts is the mean interval score.

    Raises
    ------
    ValueError
        If `share` is not between 0 and 1.

    Notes
    -----
    ``high - low + 2 / a * (low - y)_+ + 2 / a * (y - high)_+`` with ``a = 1 - share``: with 90 % an act outside costs
    as much as 20 acts of width. Source: [gneiting2007].

    Examples
    --------
    >>> interval_score([3, 9], 2, 8).round(6).tolist()
    [6.0, 26.0]
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")
    y, lo, hi = (np.asarray(x, dtype=float) for x in (observed, low, high))
    fine = 2 / (1 - share)
    return np.asarray(hi - lo + fine * np.maximum(lo - y, 0) + fine * np.maximum(y - hi, 0))


def coverage(observed: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> float:
    """Return the share of intervals, ends included, that held what came.

    Returns
    -------
    float
        NaN if any element is NaN or there is none.

    Examples
    --------
    >>> coverage([2, 9, 5, 8], 2, 8)
    0.75
    """
    y, lo, hi = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (observed, low, high)))
    if y.size == 0 or np.isnan(y + lo + hi).any():
        return float("nan")
    return float(((lo <= y) & (y <= hi)).mean())


def block_bootstrap(
    differences: npt.ArrayLike,
    *,
    seed: int,
    block: int = 1,
    share: float = 0.9,
    resamples: int = 10_000,
) -> tuple[float, float, float]:
    """Return the mean of paired differences and its bootstrap interval over blocks of neighbours in time.

    Parameters
    ----------
    differences : array_like, shape (period,)
        One paired difference of scores per period, in order of time.
    seed : int
    block : int
        Periods a block holds; blocks start anywhere and wrap around the end (circular blocks).
    share : float
        Chance of the interval.
    resamples : int

    Returns
    -------
    mean, low, high : float
        NaN where a difference is NaN or there is none; without a spread if there is only one.

    Raises
    ------
    ValueError
        If `block` is not between 1 and the number of periods.

    Notes
    -----
    Blocks are drawn with replacement until there are as many periods again; the interval lies between the quantiles of
    the resampled means (percentile method). Source: [politis1992].

    Examples
    --------
    >>> mean, low, high = block_bootstrap([0.2, 0.1, 0.4, -0.1] * 6, seed=1)
    >>> round(mean, 2), low < mean < high
    (0.15, True)
    """
    d = np.asarray(differences, dtype=float)
    if d.size == 0 or np.isnan(d).any():
        return float("nan"), float("nan"), float("nan")
    if not 1 <= block <= d.size:
        raise ValueError(f"block must lie from 1 to {d.size}, got {block}")
    rng = generator(seed, Stream.BOOTSTRAP)
    drawn = -(-d.size // block)
    means = np.empty(resamples)
    for done in range(0, resamples, _CHUNK):
        rows = min(_CHUNK, resamples - done)
        starts = rng.integers(d.size, size=(rows, drawn))
        index = (starts[:, :, None] + np.arange(block)).reshape(rows, -1)[:, : d.size] % d.size
        means[done : done + rows] = d[index].mean(axis=1)
    low, high = np.quantile(means, [(1 - share) / 2, (1 + share) / 2])
    return float(d.mean()), float(low), float(high)


_FLOOR = 0.001  # a forecast of 0 or 1 that fails would score without bound


def brier(probability: float, happened: bool) -> float:
    """Return the Brier score of one forecast, the squared error of its probability: 0 is best, 1 worst.

    Examples
    --------
    >>> brier(0.7, True), brier(1.0, False)
    (0.09000000000000002, 1.0)
    """
    return (probability - happened) ** 2


def log_loss(probability: float, happened: bool) -> float:
    """Return minus the log of the chance given to what happened, in nats: 0 is best.

    A chance below one in a thousand, or above 999, counts as that.

    Examples
    --------
    >>> round(log_loss(0.5, True), 3), round(log_loss(1.0, False), 3)
    (0.693, 6.908)
    """
    p = min(max(probability, _FLOOR), 1 - _FLOOR)
    return -log(p if happened else 1 - p)
