"""Totals of longer horizons, by running the fitted world model forward."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from detente._world_fit import ClassFit
from detente._world_memory import WorldSpec, decays, lagged, memories, predict, remembered, seen
from detente._world_pairs import Floats, Ints, Pairs

LEAST_ALPHA = 1e-3


def simulate_totals(
    pairs: Pairs,
    spec: WorldSpec,
    fits: tuple[ClassFit, ...],
    starts: Ints,
    horizons: tuple[int, ...],
    *,
    futures: int,
    seed: int,
    threads: int = 0,
) -> dict[int, tuple[Floats, Floats]]:
    """Return mean and dispersion of each pair's acts over the days from each start on.

    Parameters
    ----------
    starts : ndarray of shape (start,)
        Rows of days; the acts of a start's own day and later are not used.
    horizons : tuple of int
        Days each total runs over.
    futures : int
        Futures simulated from each start.
    seed : int
        The futures of a start depend on it and on the start alone.
    threads : int
        0 uses every core.

    Returns
    -------
    dict of int to (mean, dispersion)
        Each of shape (start, pair, class): the negative binomial with the futures' mean and variance.

    Notes
    -----
    With ``L`` a future's sum of daily means and ``V`` that of its daily variances, the total has mean ``E L`` and
    variance ``Var L + E V + 2 Cov(L, N - L)``: of its three parts only the last two need the drawn acts ``N``, so rare
    acts, which hardly any future draws, still get a variance.
    """
    states = memories(pairs.counts, spec.all_clocks, starts)
    longest = max(horizons)

    def run(k: int) -> list[tuple[Floats, Floats]]:
        start = int(starts[k])
        rng = np.random.Generator(np.random.Philox(key=[seed, start]))
        shape = (futures, len(pairs.source), pairs.counts.shape[2])
        state = np.broadcast_to(states[k], (futures, *states[k].shape)).copy()
        recent = [
            np.broadcast_to(lagged(pairs.counts, np.array([start]), lag), shape).copy()
            for lag in range(7, 0, -1)
        ]
        drawn, expected, variance = (np.zeros(shape) for _ in range(3))
        out = []
        kept = decays(spec.all_clocks)[None, :, None, None]
        for ahead in range(longest):
            day = np.array([start + ahead])
            means = state / seen(spec.all_clocks, day)[:, :, None, None]
            week = np.broadcast_to((pairs.window.start.weekday() + day) % 7, (futures,)).copy()
            known = remembered(pairs, spec, means, recent[-1], recent[-7], week)
            y = np.empty(shape)
            for c, fit in enumerate(fits):
                mean, alpha = predict(pairs, spec, c, known, fit)
                y[:, :, c] = rng.poisson(mean * rng.standard_gamma(1 / alpha) * alpha)
                expected[:, :, c] += mean
                variance[:, :, c] += mean + alpha * mean**2
            drawn += y
            recent = [*recent[1:], y]
            state = kept * state + (1 - kept) * y[:, None]
            if ahead + 1 in horizons:
                out.append(_matched(drawn, expected, variance))
        return out

    with ThreadPoolExecutor(threads or None) as pool:
        found = list(pool.map(run, range(len(starts))))
    ordered = sorted(set(horizons))
    return {
        h: (np.stack([f[j][0] for f in found]), np.stack([f[j][1] for f in found]))
        for j, h in enumerate(ordered)
    }


def _matched(drawn: Floats, expected: Floats, variance: Floats) -> tuple[Floats, Floats]:
    mean = expected.mean(axis=0)
    fed_back = ((expected - mean) * (drawn - expected)).mean(axis=0)
    total = variance.mean(axis=0) + expected.var(axis=0) + 2 * np.maximum(fed_back, 0)
    return mean, np.maximum((total - mean) / mean**2, LEAST_ALPHA)
