"""What stands beside the world model: means, running means, a plain log-linear model, gradient-boosted trees."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.store import Store
from detente.studies.world.fast_scores import best_dispersion
from detente.studies.world.features import by_actor, memories
from detente.studies.world.fit_class import ClassFit, fit_class
from detente.studies.world.kept_fits import kept_fits
from detente.studies.world.pairs import Pairs

TRAINING, EXPANDING, RICH, TREES = "training mean", "expanding mean", "log-linear, rich", "LightGBM"
EWMA_DAYS = (7.0, 14.0, 30.0)
RICH_CLOCKS, TREE_CLOCKS, ACTOR_CLOCKS = (1.0, 3.0, 10.0, 30.0, 150.0), (2.0, 10.0, 50.0), (3.0, 30.0)
_FLOOR = 1e-3  # acts a day added to a running mean
_RIDGE = 1e-4  # of the rich log-linear model, against the mean log likelihood


def ewma(half_life_days: float) -> str:
    """Return the name of a running mean."""
    return f"EWMA {half_life_days:g} d"


@dataclass(frozen=True)
class Split:
    """The days a model is fitted on and those it is scored on; rows of ``Pairs.counts``.

    `trained` is where fitting takes its days from: at most `MOST_ROWS` pair-days, evenly spread.
    """

    first: int  # of training: days before it feed memories only
    train: int  # first day that is not training
    test: Ints
    trained: Ints


MOST_ROWS = 1_000_000


def split_of(pairs: Pairs, train_share: float) -> Split:
    """Split the days of a history: ``int(share * days)`` for training, the rest to score."""
    days = pairs.window.days
    train = int(train_share * days)
    first = min(30, train // 4)
    every = max(1, -(-(train - first) * len(pairs.source) // MOST_ROWS))
    return Split(first, train, np.arange(train, days), np.arange(first, train, every))


def rate(pairs: Pairs, model: str, days: Ints, train: int) -> Floats:
    """Return a plain mean's acts a day on some days, shape (day, pair, class)."""
    counts = pairs.counts
    if model == TRAINING:
        return np.broadcast_to(counts[:train].mean(axis=0) + _FLOOR, (len(days), *counts.shape[1:]))
    if model == EXPANDING:
        before = np.concatenate([np.zeros((1, *counts.shape[1:])), np.cumsum(counts, axis=0)])[days]
        return np.asarray((before + 0.05) / (days + 1)[:, None, None])
    half_life = next(h for h in EWMA_DAYS if ewma(h) == model)
    return np.asarray(memories(counts, (half_life,), days)[:, 0] + _FLOOR)


def plain_design(pairs: Pairs, clocks: tuple[float, ...], days: Ints) -> Floats:
    """Return the features of both rich models, shape (day × pair, feature): own, received, actors, day of the week."""
    every = tuple(sorted({*clocks, *ACTOR_CLOCKS}))
    means = memories(pairs.counts, every, days)
    found = [means[:, every.index(h)] for h in clocks]
    columns = [np.log(x + 0.02) for f in found for x in (f, f[:, pairs.reverse])]
    for h in ACTOR_CLOCKS:
        f = means[:, every.index(h)]
        gave, got = by_actor(f, pairs.source, len(pairs.actors)), by_actor(f, pairs.target, len(pairs.actors))
        columns += [
            np.log(x + 0.1) for x in (gave[:, pairs.source], got[:, pairs.target], gave[:, pairs.target])
        ]
    week = (days % 7)[:, None] == np.arange(1, 7)
    columns.append(np.broadcast_to(week[:, None], (len(days), len(pairs.source), 6)).astype(float))
    out = np.concatenate(columns, axis=2)
    return out.reshape(-1, out.shape[2])


Predict = Callable[[Ints], tuple[Floats]]  # days -> means, shape (day, pair, class), alone in a tuple


def fit_rich(pairs: Pairs, split: Split, store: Store = Store()) -> Predict:  # noqa: B008  a frozen value
    """Fit the rich log-linear model: a negative binomial of one dispersion a class, with a slight ridge."""
    known = pairs.until(pairs.window.day(split.train))
    fits = kept_fits(store, known, split.trained, {"model": RICH}, lambda: _rich_fits(known, split.trained))

    def predict(days: Ints) -> tuple[Floats]:
        x = plain_design(pairs, RICH_CLOCKS, days)
        shape = len(days), len(pairs.source)
        return (np.stack([fit.predict(x.copy())[0].reshape(shape) for fit in fits], axis=2),)

    return predict


def _rich_fits(known: Pairs, days: Ints) -> list[ClassFit]:
    x, pairs = plain_design(known, RICH_CLOCKS, days), len(known.source)
    nothing: dict[str, Any] = {"spreads_with": [], "deviates_with": [], "spread": 0}
    fits = []
    for c in range(known.counts.shape[2]):
        y = np.ascontiguousarray(known.counts[days][:, :, c]).ravel()
        sd = (2 * _RIDGE * len(y)) ** -0.5
        fits.append(fit_class(x.copy(), y, pairs, sds=(sd, 1.0), clip=False, **nothing))
    return fits


def fit_trees(pairs: Pairs, split: Split) -> Predict | None:
    """Fit LightGBM's Poisson trees on the rich model's kinds of features; None where it is not installed."""
    try:
        lightgbm = importlib.import_module("lightgbm")
    except ImportError:
        return None
    settings = {
        "objective": "poisson",
        "learning_rate": 0.03,
        "num_leaves": 15,
        "min_data_in_leaf": 100,
        "verbosity": -1,
        "num_threads": 1,  # for the same bits on any machine
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
    }
    x = plain_design(pairs, TREE_CLOCKS, split.trained)
    y = pairs.counts[split.trained]
    fits = [
        lightgbm.train(settings, lightgbm.Dataset(x, y[:, :, c].ravel()), 300)
        for c in range(pairs.counts.shape[2])
    ]

    def predict(days: Ints) -> tuple[Floats]:
        x = plain_design(pairs, TREE_CLOCKS, days)
        shape = len(days), len(pairs.source)
        return (np.stack([np.asarray(fit.predict(x)).reshape(shape) for fit in fits], axis=2),)

    return predict


def dispersions(pairs: Pairs, days: Ints, mean: Floats, horizon: int = 1) -> Floats:
    """Return the best dispersion of each class for totals of `horizon` days from each day on, shape (class,)."""
    y = totals(pairs.counts, days, horizon)
    return np.array([best_dispersion(y[:, :, c], mean[:, :, c]) for c in range(y.shape[2])])


def totals(counts: Floats, days: Ints, horizon: int) -> Floats:
    """Return the acts of `horizon` days from each day on, shape (day, pair, class)."""
    if horizon == 1:
        return counts[days]
    return np.stack([counts[t : t + horizon].sum(axis=0) for t in days])
