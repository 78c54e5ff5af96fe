"""How fast a burst's hold on the days to come fades, chosen on training days."""

from __future__ import annotations

from math import ceil

import numpy as np

from detente.base.store import Store
from detente.base.workers import Workers
from detente.studies.world import plain_models as plain
from detente.studies.world.fast_scores import log_scores
from detente.studies.world.features import WorldSpec
from detente.studies.world.pairs import Pairs
from detente.studies.world.totals import simulate_totals
from detente.studies.world.world import fit_world

FADES = (1.0, 0.995, 0.99, 0.985, 0.98, 0.97)
_FUTURES, _MOST_STARTS = 50, 20


def chosen_fade(
    known: Pairs,
    spec: WorldSpec,
    horizon: int,
    *,
    train_share: float,
    seed: int,
    store: Store = Store(),  # noqa: B008  a frozen value
    threads: int | Workers = 0,
) -> float:
    """Return the fade under which totals of a horizon were likeliest on the last training days.

    A model of the next day, run forward, lets bursts feed themselves for longer than they last: a persistent error
    too small to cost a day's forecast anything adds up. How much the days farther ahead must be drawn back to the
    slow mean differs between worlds, so it is learnt: the model is fitted on the first training days, each of `FADES`
    is tried on the rest.

    Parameters
    ----------
    known : Pairs
        Training days alone.
    spec : WorldSpec
    horizon : int
        Days a total runs over.
    train_share : float
        Of the training days, to fit on.
    seed : int
    store : Store
        Where the fit is kept.
    threads : int or Workers

    Returns
    -------
    float
        1, which fades nothing, where training is too short to tell.
    """
    split = plain.split_of(known, train_share)
    starts = np.arange(split.train, known.window.days - horizon + 1)
    if len(starts) == 0:
        return 1.0
    starts = starts[:: ceil(len(starts) / _MOST_STARTS)]
    earlier = known.until(known.window.day(split.train))
    world = fit_world(earlier, spec, days=split.trained, store=store, threads=threads)
    y = plain.totals(known.counts, starts, horizon)

    def score(fade: float) -> float:
        totals = simulate_totals(
            known,
            spec,
            world.fits,
            starts,
            (horizon,),
            futures=_FUTURES,
            seed=seed,
            fade=fade,
            threads=threads,
        )
        return float(log_scores(y, *totals[horizon]).sum(axis=2).mean())

    return max(FADES, key=score)
