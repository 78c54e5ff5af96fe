"""Scores of many negative binomial forecasts at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import njit
from scipy.optimize import minimize_scalar

from detente._world_pairs import Floats

_TAIL = 1e-9  # chance left beyond the last count that CRPS sums over
_MOST = 100_000  # counts after which CRPS stops, however long the tail


@njit(nogil=True, cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
def _log_scores(y: Floats, mean: Floats, alpha: Floats, out: Floats) -> None:
    for i in range(len(y)):
        r, mu, k = 1 / alpha[i], mean[i], y[i]
        value = -r * np.log1p(mu / r)
        if k > 0:
            value += k * (np.log(mu) - np.log(r + mu))
            for j in range(int(k)):
                value += np.log((r + j) / (j + 1.0))
        out[i] = value


@njit(nogil=True, cache=True)  # type: ignore[misc, untyped-decorator, unused-ignore]
def _crps_and_pit(y: Floats, mean: Floats, alpha: Floats, crps: Floats, below: Floats, upto: Floats) -> None:
    for i in range(len(y)):
        r, mu = 1 / alpha[i], mean[i]
        p = np.exp(-r * np.log1p(mu / r))
        reached, value, k = 0.0, 0.0, 0
        below[i] = 0.0
        while (1 - reached > _TAIL or k <= y[i]) and k < _MOST:
            if k == y[i]:
                below[i] = reached
            reached = min(reached + p, 1.0)
            if k == y[i]:
                upto[i] = reached
            gap = reached - (1.0 if k >= y[i] else 0.0)
            value += gap * gap
            p *= (r + k) / (k + 1.0) * mu / (r + mu)
            k += 1
        crps[i] = value


def log_scores(y: Floats, mean: Floats, alpha: Floats) -> Floats:
    """Return `detente.scoring.log_score` of whole counts, quickly where most are small; any one shape."""
    out = np.empty(y.size)
    _log_scores(y.ravel(), mean.ravel(), np.broadcast_to(alpha, y.shape).ravel(), out)
    return out.reshape(y.shape)


def crps_and_pit(y: Floats, mean: Floats, alpha: Floats) -> tuple[Floats, Floats, Floats]:
    """Return `detente.scoring.crps_count`, and the chances of less than what came and of no more than it."""
    crps, below, upto = (np.empty(y.size) for _ in range(3))
    _crps_and_pit(y.ravel(), mean.ravel(), np.broadcast_to(alpha, y.shape).ravel(), crps, below, upto)
    return crps.reshape(y.shape), below.reshape(y.shape), upto.reshape(y.shape)


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
