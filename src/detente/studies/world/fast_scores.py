"""Scores of many negative binomial forecasts, and of mixtures of them, at once."""

from __future__ import annotations

from itertools import pairwise
from math import lgamma

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from detente.base.arrays import Floats
from detente.base.compiled import compiled

_TAIL = 1e-8  # chance left beyond the last count that CRPS sums over
_SMALLEST = 700.0  # minus the log of the smallest chance that is still a number
_MOST = 100_000  # counts after which CRPS stops, however long the tail


@compiled
def _log_scores(y: Floats, mean: Floats, alpha: Floats, out: Floats) -> None:
    for i in range(len(y)):
        r, mu, k = 1 / alpha[i], mean[i], y[i]
        value = -r * np.log1p(mu / r)
        if k > 0:
            value += k * (np.log(mu) - np.log(r + mu))
            for j in range(int(k)):
                value += np.log((r + j) / (j + 1.0))
        out[i] = value


@compiled
def _crps_and_pit(y: Floats, mean: Floats, alpha: Floats, crps: Floats, below: Floats, upto: Floats) -> None:
    parts = mean.shape[1]
    chance, first = np.empty(parts), np.empty(parts, dtype=np.int64)
    for i in range(len(y)):
        for f in range(parts):
            r, mu = 1 / alpha[i, f], mean[i, f]
            start = -r * np.log1p(mu / r)
            k = 0
            if start < -_SMALLEST:  # far from nought: begin where the chance is still a number
                k = max(0, int(mu - 12 * np.sqrt(mu + mu * mu / r)))
                start += lgamma(r + k) - lgamma(r) - lgamma(k + 1.0) + k * (np.log(mu) - np.log(r + mu))
            chance[f], first[f] = np.exp(start), k
        reached, value, k = 0.0, 0.0, 0
        below[i] = 0.0
        while (1 - reached > _TAIL or k <= y[i]) and k < _MOST:
            if k == y[i]:
                below[i] = reached
            p = 0.0
            for f in range(parts):
                if k >= first[f]:
                    p += chance[f]
                    r, mu = 1 / alpha[i, f], mean[i, f]
                    chance[f] *= (r + k) / (k + 1.0) * mu / (r + mu)
            reached = min(reached + p / parts, 1.0)
            if k == y[i]:
                upto[i] = reached
            gap = reached - (1.0 if k >= y[i] else 0.0)
            value += gap * gap
            k += 1
        crps[i] = value


def log_scores(y: Floats, mean: Floats, alpha: Floats) -> Floats:
    """Return `detente.studies.scoring.scores.log_score` of whole counts, quickly where most are small.

    Parameters
    ----------
    y : ndarray of any shape
    mean, alpha : ndarray of that shape, or with one axis more
        The last axis then holds the equally likely parts of a mixture.

    Returns
    -------
    ndarray of the shape of `y`
    """
    y, mean, alpha = _with_parts(y, mean, alpha)
    out = np.empty(mean.size)
    _log_scores(np.broadcast_to(y[..., None], mean.shape).ravel(), mean.ravel(), alpha.ravel(), out)
    if mean.shape[-1] == 1:
        return out.reshape(y.shape)
    return np.asarray(logsumexp(out.reshape(mean.shape), axis=-1) - np.log(mean.shape[-1]))


def crps_and_pit(y: Floats, mean: Floats, alpha: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the CRPS (see `crps_count`), and the probabilities of less than the outcome and of no more than it.

    The shapes are those of `log_scores`.
    """
    y, mean, alpha = _with_parts(y, mean, alpha)
    parts = mean.shape[-1]
    crps, below, upto = (np.empty(y.size) for _ in range(3))
    _crps_and_pit(y.ravel(), mean.reshape(-1, parts), alpha.reshape(-1, parts), crps, below, upto)
    return crps.reshape(y.shape), below.reshape(y.shape), upto.reshape(y.shape)


def _with_parts(y: Floats, mean: Floats, alpha: Floats) -> tuple[Floats, Floats, Floats]:
    mean = np.ascontiguousarray(mean if mean.ndim > y.ndim else mean[..., None], dtype=float)
    alpha = np.asarray(alpha, dtype=float)
    alpha = alpha if alpha.ndim == mean.ndim else alpha[..., None]
    return y, mean, np.ascontiguousarray(np.broadcast_to(alpha, mean.shape))


def best_dispersion(y: Floats, mean: Floats) -> float:
    """Return the one dispersion under which counts of given means were likeliest."""
    y, mean = np.ascontiguousarray(y).ravel(), np.ascontiguousarray(mean).ravel()

    def lost(log_size: float) -> float:
        return -float(log_scores(y, mean, np.array(np.exp(-log_size))).mean())

    return float(np.exp(-minimize_scalar(lost, bounds=(-6, 6), method="bounded").x))


def pit_histogram(below: Floats, upto: Floats, bins: int = 10) -> list[float]:
    """Return the shares of the non-randomised PIT in equal bins; all ``1 / bins`` where forecasts are calibrated.

    Notes
    -----
    Each count spreads its unit of chance evenly between ``F(y - 1)`` and ``F(y)``. Source: [czado2009].

    Examples
    --------
    >>> pit_histogram(np.array([0.0]), np.array([0.5]), bins=4)
    [0.5, 0.5, 0.0, 0.0]
    """
    edges = np.linspace(0, 1, bins + 1)
    width = np.maximum(upto - below, 1e-12)
    reached = [float(np.clip((edge - below) / width, 0, 1).mean()) for edge in edges]
    return [b - a for a, b in pairwise(reached)]
