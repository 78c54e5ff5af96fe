"""The backtest over many pairs: the world model beside plain models, on days none of them was fitted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from math import ceil
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Ints
from detente.base.errors import DataError, Fault
from detente.base.progress import Progress
from detente.base.store import Store
from detente.base.tables import Tables, heading, table_of
from detente.base.workers import Workers
from detente.events.chronicle import Chronicle
from detente.studies.world import plain_models as plain
from detente.studies.world.fade import chosen_fade
from detente.studies.world.features import WorldSpec
from detente.studies.world.pairs import CLASSES, RANKED_SHARE, acts_between, pairs_of
from detente.studies.world.totals import simulate_totals
from detente.studies.world.trial import SEED, SHARE, ModelScores, Timer, Trial, paired_gain
from detente.studies.world.world import World, fit_world

OURS = "detente"
FUTURES = 100
MOST_STARTS = 90  # from which longer horizons run
FAST, MIDDLE, SLOW = 3.0, 20.0, 100.0  # of the ablations: days, weeks, months
LEAST_TEST_DAYS, LEAST_SPANS = 14, 5
_SOME_TRAINING = 300  # days from which a running mean's dispersion for longer totals is learnt
ABLATIONS = {
    "fast clock alone (3 d)": WorldSpec((FAST,), (), lags=False),
    "slow clock alone (100 d)": WorldSpec((SLOW,), (), lags=False),
    "two clocks (3, 100 d)": WorldSpec((FAST, SLOW), (), lags=False),
    "three clocks (3, 20, 100 d)": WorldSpec((FAST, MIDDLE, SLOW), (), lags=False),
    "without received acts": WorldSpec(received=False),
    "complete pooling": WorldSpec(pooling="complete"),
    "no pooling": WorldSpec(pooling="none"),
}
"""Worlds that lack something, by name."""
MEANS = (plain.TRAINING, plain.EXPANDING, *map(plain.ewma, plain.EWMA_DAYS))
"""Plain means, by name."""


@dataclass(frozen=True)
class Skill(Tables):
    """The result of a backtest over many pairs.

    Attributes
    ----------
    protocol : dict
        What was scored, and how.
    models : list of dict
        name, horizon, log_score (nats a pair and period, summed over classes), crps, seconds, pit, and the log score on
        quiet pairs and at onsets.
    differences : list of dict
        Ours minus each other: against, horizon, mean, low, high, and the same for CRPS (below 0 ours is better).
    ablations : list of dict
        The same for worlds that lack something, one day ahead: what the full world gains over each.
    verdict : dict
        What two clocks gain over either alone.
    left_out : list of str
        Models that are not there because a package is not installed.
    few_spans : list of int
        Horizons of which the test days hold fewer than `LEAST_SPANS`, so that their intervals say little.
    """

    protocol: dict[str, Any]
    models: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    ablations: list[dict[str, Any]] = field(default_factory=list)
    verdict: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    few_spans: list[int] = field(default_factory=list)
    tables = ("models", "differences", "ablations")

    def _about(self) -> str:
        first, last = self.protocol["test_from"], self.protocol["window"][1]
        pairs = self.protocol["directed_pairs"]
        return heading(f"{first} to {last}", directed_pairs=pairs, models=len(self.models))

    def _table(self, name: str) -> pl.DataFrame:
        return table_of(_COLUMNS[name], getattr(self, name))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON types."""
        return {
            "data": {"digest": self.protocol["digest"]},
            "protocol": self.protocol,
            "models": self.models,
            "differences": self.differences,
            "ablations": self.ablations,
            "verdict": self.verdict,
            "left_out": self.left_out,
            "few_spans": self.few_spans,
        }


_GAIN = {"against": str, "horizon": int} | dict.fromkeys(("mean", "low", "high"), float)
_COLUMNS: dict[str, dict[str, type]] = {
    "models": {"name": str, "horizon": int}
    | dict.fromkeys(("log_score", "crps", "quiet_pairs", "onsets", "seconds"), float),
    "differences": _GAIN,
    "ablations": _GAIN,
}


def backtest_pairs(
    chronicle: Chronicle,
    *,
    pairs: int,
    train_share: float,
    horizons: tuple[int, ...],
    ablations: bool = True,
    trees: bool = True,
    states: bool = False,
    futures: int = FUTURES,
    seed: int = SEED,
    store: Store = Store(),  # noqa: B008  a frozen value
    threads: int | Workers = 0,
    clock: Timer = lambda: 0.0,
    progress: Progress | None = None,
) -> Skill:
    """Fit every model on the first days and score it on the rest.

    Parameters
    ----------
    chronicle : Chronicle
    pairs : int
        Undirected pairs with most acts in the first 60 % of days.
    train_share : float
        Share of the days every model is fitted on; coefficients stay as they are on the others.
    horizons : tuple of int
        Days ahead; 1 is a density for the next day, others are totals.
    ablations, trees : bool
        Whether worlds that lack something, and LightGBM, stand in the table.
    states : bool
        See `acts_between`.
    futures, seed : int
        Of the totals.
    store : Store
        Where the fits of worlds and of the log-linear model are kept; LightGBM's are not.
    threads : int or Workers
        0 uses every core.
    clock : callable
        Tells the seconds; nothing below reads one by itself.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Skill

    Raises
    ------
    DataError
        If there are too few days to fit or to score.
    FitError
        If a model does not converge.
    """
    window = chronicle.window
    ranked = window.start + timedelta(days=ceil(RANKED_SHARE * window.days))
    data = pairs_of(acts_between(chronicle, states=states), window, pairs=pairs, ranked_until=ranked)
    longer = tuple(sorted({h for h in horizons if h > 1}))
    specs = {OURS: WorldSpec()} | (ABLATIONS if ablations else {})
    tell = _Stages(progress, len(specs) + len(MEANS) + 1 + trees + bool(longer))
    trial = Trial(data, train_share, store, threads, clock, tell)
    split = trial.split
    if len(split.test) < max(LEAST_TEST_DAYS, *horizons) or split.train < 2 * LEAST_TEST_DAYS:
        train, test = split.train, len(split.test)
        raise DataError(Fault("too_few_days", "days", hint="longer_file", train=train, test=test))
    world, found = _worlds(trial, specs)
    found += _means(trial)
    fitted, left_out = _fitted(trial, trees=trees)
    found += fitted
    starts, fade = np.arange(0), None
    if longer:
        starts = _starts(trial, longer[-1])
        fade, totals = _totals(trial, world, starts, longer, futures=futures, seed=seed)
        found += totals
    protocol = {
        "pairs": len(data.source) // 2,
        "directed_pairs": len(data.source),
        "ranked_before": ranked.isoformat(),
        "classes": list(CLASSES),
        "acts": int(data.counts.sum()),
        "window": [window.start.isoformat(), window.end.isoformat()],
        "train_share": train_share,
        "test_from": window.day(split.train).isoformat(),
        "days": {"train": split.train, "fitted": len(split.trained), "test": len(split.test)},
        "horizons": sorted(set(horizons)),
        "starts_of_totals": len(starts),
        "fade": fade,
        "futures": futures,
        "seed": seed,
        "interval": SHARE,
        "digest": chronicle.digest,
    }
    return _skill(found, protocol, starts, left_out)


def _worlds(trial: Trial, specs: dict[str, WorldSpec]) -> tuple[World, list[ModelScores]]:
    """Fit worlds and score their next day; return the first of them and all scores."""
    worlds, found, test = [], [], trial.split.test
    for name, spec in specs.items():
        start = trial.clock()
        world = fit_world(
            trial.known, spec, days=trial.split.trained, store=trial.store, threads=trial.threads
        )
        mean, alpha = trial.in_batches(partial(world.predict, pairs=trial.data), test)
        found.append(trial.score(name, 1, test, mean, alpha, trial.clock() - start))
        worlds.append(world)
        trial.tell()
    return worlds[0], found


def _means(trial: Trial) -> list[ModelScores]:
    """Score the next day of plain means."""
    found, data, split = [], trial.data, trial.split
    for name in MEANS:
        start = trial.clock()
        alpha = plain.dispersions(data, trial.training, plain.rate(data, name, trial.training, split.train))
        mean = plain.rate(data, name, split.test, split.train)
        found.append(trial.score(name, 1, split.test, mean, alpha, trial.clock() - start))
        trial.tell()
    return found


def _fitted(trial: Trial, *, trees: bool) -> tuple[list[ModelScores], list[str]]:
    """Fit the log-linear model and LightGBM and score their next day; return the names of those left out too."""
    found: list[ModelScores] = []
    data, split = trial.data, trial.split
    fitters: dict[str, Callable[[], plain.Predict | None]] = {
        plain.RICH: partial(plain.fit_rich, data, split, trial.store)
    }
    if trees:
        fitters[plain.TREES] = partial(plain.fit_trees, data, split)
    left_out = []
    for name, fit in fitters.items():
        start = trial.clock()
        predict = fit()
        if predict is None:
            left_out.append(name)
            continue
        (mean,) = trial.in_batches(predict, split.trained)
        alpha = plain.dispersions(data, split.trained, mean)
        (mean,) = trial.in_batches(predict, split.test)
        found.append(trial.score(name, 1, split.test, mean, alpha, trial.clock() - start))
        trial.tell()
    return found, left_out


def _starts(trial: Trial, longest: int) -> Ints:
    """Return the scored days on which longer horizons start, shape (start,)."""
    starts = np.arange(trial.split.train, trial.data.window.days - longest + 1)
    return starts[:: ceil(len(starts) / MOST_STARTS)]


def _totals(
    trial: Trial, world: World, starts: Ints, longer: tuple[int, ...], *, futures: int, seed: int
) -> tuple[float, list[ModelScores]]:
    """Score totals of longer horizons, of a world and of plain means; return the world's fade too."""
    begin, data, split = trial.clock(), trial.data, trial.split
    shared: dict[str, Any] = {"seed": seed, "threads": trial.threads}
    fade = chosen_fade(
        trial.known, world.spec, longer[-1], train_share=trial.train_share, store=trial.store, **shared
    )
    totals = simulate_totals(
        data, world.spec, world.fits, starts, longer, futures=futures, fade=fade, **shared
    )
    taken = (trial.clock() - begin) / len(longer)
    found = []
    for h in longer:
        found.append(trial.score(OURS, h, starts, *totals[h], taken))
        some = trial.training[: max(len(trial.training) - h, 1)]
        some = some[:: ceil(len(some) / _SOME_TRAINING)]
        for name in MEANS:
            begin = trial.clock()
            alpha = plain.dispersions(data, some, h * plain.rate(data, name, some, split.train), h)
            mean = h * plain.rate(data, name, starts, split.train)
            found.append(trial.score(name, h, starts, mean, alpha, trial.clock() - begin))
    trial.tell()
    return fade, found


def _skill(found: list[ModelScores], protocol: dict[str, Any], starts: Ints, left_out: list[str]) -> Skill:
    by = {(f.name, f.horizon): f for f in found}
    differences: list[dict[str, Any]] = []
    ablations: list[dict[str, Any]] = []
    for f in found:
        if f.name != OURS:
            row = {"against": f.name, **paired_gain(by[OURS, f.horizon], f, starts)}
            (ablations if f.name in ABLATIONS else differences).append(row)
    few = [h for h in protocol["horizons"] if h > 1 and protocol["days"]["test"] < LEAST_SPANS * h]
    models = [f.row() for f in found]
    return Skill(protocol, models, differences, ablations, _verdict(by, starts), left_out, few)


def _verdict(by: dict[tuple[str, int], ModelScores], starts: Ints) -> dict[str, Any]:
    """Return what two clocks gain over either alone; nothing where those worlds were not fitted."""
    fast, slow, two = list(ABLATIONS)[:3]
    if (two, 1) not in by:
        return {}
    rows = [paired_gain(by[two, 1], by[name, 1], starts) | {"against": name} for name in (fast, slow)]
    code = {2: "supported", 1: "supported against one", 0: "not supported"}
    return {"verdict": code[sum(row["low"] > 0 for row in rows)], "differences": rows}


class _Stages:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def __call__(self) -> None:
        self.done += 1
        if self.progress:
            self.progress("models", self.done, self.total)
