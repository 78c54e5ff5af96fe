"""Totals of longer horizons, by running the fitted world model forward."""

from __future__ import annotations

from functools import partial

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.random import Stream, generator
from detente.base.workers import Workers, workers_of
from detente.studies.world.features import (
    WorldSpec,
    decays,
    lagged,
    memories,
    predict,
    remembered_features,
    seen,
)
from detente.studies.world.fit_class import ClassFit
from detente.studies.world.pairs import Pairs

LEAST_ALPHA = 1e-3
_LEAST_RATE = 1e-4  # acts a day


def simulate_totals(
    pairs: Pairs,
    spec: WorldSpec,
    fits: tuple[ClassFit, ...],
    starts: Ints,
    horizons: tuple[int, ...],
    *,
    futures: int,
    seed: int,
    fade: float = 1.0,
    threads: int | Workers = 0,
) -> dict[int, tuple[Floats, Floats]]:
    """Return what each pair's acts over the days from each start on may sum to.

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
    fade : float
        Share of a daily rate's distance from its slowest mean at the start, in logs, that is left each day farther
        ahead; see `_world_fade.chosen_fade`.
    threads : int or Workers
        0 uses every core.

    Returns
    -------
    dict of int to (mean, dispersion)
        Each of shape (start, pair, class, future): the total is a mixture of negative binomials, one a future.

    Notes
    -----
    With ``L`` a future's sum of daily means and ``V`` that of its daily variances, the total has mean ``E L`` and
    variance ``Var L + E V + 2 Cov(L, N - L)``. A future's part has mean ``L``, and its variance is ``V`` times what
    gives the mixture that variance. Only the covariance needs the drawn acts ``N``, so rare acts, which hardly any
    future draws, still have a chance; and a future in which a war feeds itself is one part, not the shape of all.
    """
    states = memories(pairs.counts, spec.all_clocks, starts)
    run = partial(_totals_from, pairs, spec, fits, horizons, futures=futures, seed=seed, fade=fade)
    found = workers_of(threads).map(run, list(zip(starts.tolist(), states, strict=True)))
    ordered = sorted(set(horizons))
    return {
        h: (np.stack([f[j][0] for f in found]), np.stack([f[j][1] for f in found]))
        for j, h in enumerate(ordered)
    }


def _totals_from(
    pairs: Pairs,
    spec: WorldSpec,
    fits: tuple[ClassFit, ...],
    horizons: tuple[int, ...],
    begin: tuple[int, Floats],
    *,
    futures: int,
    seed: int,
    fade: float,
) -> list[tuple[Floats, Floats]]:
    """Run the futures from one day, given as its row and the memories there; one entry for each horizon."""
    start, memory = begin
    rng = generator(seed, Stream.WORLD_TOTALS, start)
    slowest = int(np.argmax(spec.all_clocks))
    shape = (futures, len(pairs.source), pairs.counts.shape[2])
    state = np.broadcast_to(memory, (futures, *memory.shape)).copy()
    recent = [
        np.broadcast_to(lagged(pairs.counts, np.array([start]), lag), shape).copy() for lag in range(7, 0, -1)
    ]
    drawn, expected, variance = (np.zeros(shape) for _ in range(3))
    out = []
    decay = decays(spec.all_clocks)[None, :, None, None]
    for ahead in range(max(horizons)):
        day = np.array([start + ahead])
        means = state / seen(spec.all_clocks, day)[:, :, None, None]
        week = np.broadcast_to((pairs.window.start.weekday() + day) % 7, (futures,)).copy()
        known = remembered_features(pairs, spec, means, recent[-1], recent[-7], week)
        y = np.empty(shape)
        if ahead == 0:
            usual = np.maximum(means[:, slowest], _LEAST_RATE)
        for c, fit in enumerate(fits):
            mean, alpha = predict(pairs, spec, c, known, fit)
            if fade < 1:
                mean = mean ** (fade**ahead) * usual[:, :, c] ** (1 - fade**ahead)
            y[:, :, c] = rng.poisson(mean * rng.standard_gamma(1 / alpha) * alpha)
            expected[:, :, c] += mean
            variance[:, :, c] += mean + alpha * mean**2
        drawn += y
        recent = [*recent[1:], y]
        state = decay * state + (1 - decay) * y[:, None]
        if ahead + 1 in horizons:
            out.append(_parts(drawn, expected, variance))
    return out


def _parts(drawn: Floats, expected: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return mean and dispersion of each future's part, each of shape (pair, class, future)."""
    fed_back = ((expected - expected.mean(axis=0)) * (drawn - expected)).mean(axis=0)
    wider = 1 + 2 * np.maximum(fed_back, 0) / variance.mean(axis=0)
    alpha = np.maximum((variance * wider - expected) / expected**2, LEAST_ALPHA)
    return np.moveaxis(expected, 0, -1).astype(np.float32), np.moveaxis(alpha, 0, -1).astype(np.float32)
