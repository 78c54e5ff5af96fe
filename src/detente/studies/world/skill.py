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

from detente.base.arrays import Floats, Ints
from detente.base.errors import DataError, Fault
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.base.workers import Workers
from detente.events.chronicle import Chronicle
from detente.studies.scoring.scores import block_bootstrap
from detente.studies.world import plain_models as plain
from detente.studies.world.fade import chosen_fade
from detente.studies.world.fast_scores import crps_and_pit, log_scores, pit_histogram
from detente.studies.world.features import WorldSpec
from detente.studies.world.pairs import CLASSES, RANKED_SHARE, Pairs, acts_between, pairs_of
from detente.studies.world.totals import simulate_totals
from detente.studies.world.world import World, fit_world

OURS = "detente"
SEED, FUTURES, BLOCK_DAYS, SHARE = 1, 100, 7, 0.9
MOST_STARTS = 90  # from which longer horizons run
FAST, MIDDLE, SLOW = 3.0, 20.0, 100.0  # of the ablations: days, weeks, months
LEAST_TEST_DAYS, LEAST_SPANS = 14, 5
_SOME_TRAINING = 300  # days from which a running mean's dispersion for longer totals is learnt
_BATCH = 100_000  # pair-days predicted at once
_QUIET_DAYS = 30  # without an act of a class, after which one is an onset
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


Timer = Callable[[], float]


@dataclass
class _Scores:
    """One model at one horizon: its scores a pair, shape (period,), and what the table says beside them."""

    name: str
    horizon: int
    log: Floats
    crps: Floats
    pit: list[float]
    quiet: float
    onsets: float
    seconds: float


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
    split = plain.split_of(data, train_share)
    if len(split.test) < max(LEAST_TEST_DAYS, *horizons) or split.train < 2 * LEAST_TEST_DAYS:
        train, test = split.train, len(split.test)
        raise DataError(Fault("too_few_days", "days", hint="longer_file", train=train, test=test))
    ours: list[tuple[str, WorldSpec]] = [(OURS, WorldSpec())]
    ours += list(ABLATIONS.items()) if ablations else []
    tell = _Stages(progress, len(ours) + 5 + 1 + trees + (len(horizons) > 1))
    found: list[_Scores] = []
    left_out: list[str] = []
    main: World | None = None
    known = data.until(window.day(split.train))
    judge = _Judge(data, split)
    for name, spec in ours:
        start = clock()
        world = fit_world(known, spec, days=split.trained, threads=threads)
        mean, alpha = _in_batches(partial(world.predict, pairs=data), data, split.test)
        found.append(judge(name, 1, split.test, mean, alpha, clock() - start))
        main = main or world
        tell()
    names = (plain.TRAINING, plain.EXPANDING, *map(plain.ewma, plain.EWMA_DAYS))
    training = np.arange(split.first, split.train)
    for name in names:
        start = clock()
        alpha = plain.dispersions(data, training, plain.rate(data, name, training, split.train))
        mean = plain.rate(data, name, split.test, split.train)
        found.append(judge(name, 1, split.test, mean, alpha, clock() - start))
        tell()
    fitters = {plain.RICH: plain.fit_rich, **({plain.TREES: plain.fit_trees} if trees else {})}
    for name, fit in fitters.items():
        start = clock()
        predict = fit(data, split)
        if predict is None:
            left_out.append(plain.TREES)
            continue

        (mean,) = _in_batches(predict, data, split.trained)
        alpha = plain.dispersions(data, split.trained, mean)
        (mean,) = _in_batches(predict, data, split.test)
        found.append(judge(name, 1, split.test, mean, alpha, clock() - start))
        tell()
    longer = tuple(sorted({h for h in horizons if h > 1}))
    starts, fade = np.arange(0), None
    if longer and main is not None:
        begin = clock()
        starts = np.arange(split.train, window.days - longer[-1] + 1)
        starts = starts[:: ceil(len(starts) / MOST_STARTS)]
        fade = chosen_fade(known, main.spec, longer[-1], train_share=train_share, seed=seed, threads=threads)
        totals = simulate_totals(
            data, main.spec, main.fits, starts, longer, futures=futures, seed=seed, fade=fade, threads=threads
        )
        taken = (clock() - begin) / len(longer)
        for h in longer:
            found.append(judge(OURS, h, starts, *totals[h], taken))
            some = training[: max(len(training) - h, 1)]
            some = some[:: ceil(len(some) / _SOME_TRAINING)]
            for name in names:
                begin = clock()
                alpha = plain.dispersions(data, some, h * plain.rate(data, name, some, split.train), h)
                mean = h * plain.rate(data, name, starts, split.train)
                found.append(judge(name, h, starts, mean, alpha, clock() - begin))
        tell()
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


def _in_batches(predict: Callable[[Ints], tuple[Floats, ...]], data: Pairs, days: Ints) -> tuple[Floats, ...]:
    step = max(1, _BATCH // len(data.source))
    parts = [predict(days[k : k + step]) for k in range(0, len(days), step)]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


class _Judge:
    """Scores forecasts of a history, with quiet pairs and onsets apart."""

    def __init__(self, data: Pairs, split: plain.Split) -> None:
        self.data = data
        acts = data.counts[: split.train].sum(axis=(0, 2))
        self.quiet = acts <= np.median(acts)

    def __call__(
        self, name: str, horizon: int, days: Ints, mean: Floats, alpha: Floats, seconds: float
    ) -> _Scores:
        """Score totals of `horizon` days from each of `days` on; a mixture has its parts on a last axis."""
        y = plain.totals(self.data.counts, days, horizon)
        log = log_scores(y, mean, alpha)
        crps, below, upto = crps_and_pit(y, mean, alpha)
        silent = np.stack([self.data.counts[max(t - _QUIET_DAYS, 0) : t].sum(axis=0) == 0 for t in days])
        onset = silent & (y > 0)
        each = log.sum(axis=2)
        return _Scores(
            name,
            horizon,
            each.mean(axis=1),
            crps.sum(axis=2).mean(axis=1),
            pit_histogram(below, upto),
            float(each[:, self.quiet].mean()),
            float(log[onset].mean()) if onset.any() else float("nan"),
            seconds,
        )


def _skill(found: list[_Scores], protocol: dict[str, Any], starts: Ints, left_out: list[str]) -> Skill:
    by = {(f.name, f.horizon): f for f in found}
    models: list[dict[str, Any]] = []
    differences: list[dict[str, Any]] = []
    ablations: list[dict[str, Any]] = []
    for f in found:
        row = {
            "name": f.name,
            "horizon": f.horizon,
            "log_score": float(f.log.mean()),
            "crps": float(f.crps.mean()),
            "seconds": f.seconds,
            "quiet_pairs": f.quiet,
            "onsets": None if np.isnan(f.onsets) else f.onsets,
            "pit": f.pit,
        }
        models.append(row)
        if f.name == OURS:
            continue
        row = _difference(by[OURS, f.horizon], f, starts)
        (ablations if f.name in ABLATIONS else differences).append({"against": f.name, **row})
    verdict: dict[str, Any] = {}
    fast, slow, two = list(ABLATIONS)[:3]
    if (two, 1) in by:
        verdict = {
            name: _difference(by[two, 1], by[name, 1], starts) | {"against": name} for name in (fast, slow)
        }
        gains = [row["low"] > 0 for row in verdict.values()]
        code = {2: "supported", 1: "supported against one", 0: "not supported"}[sum(gains)]
        verdict = {"verdict": code, "differences": list(verdict.values())}
    few = [h for h in protocol["horizons"] if h > 1 and protocol["days"]["test"] < LEAST_SPANS * h]
    return Skill(protocol, models, differences, ablations, verdict, left_out, few)


def _difference(ours: _Scores, other: _Scores, starts: Ints) -> dict[str, Any]:
    """Return what ours gains, with its interval over blocks of days."""
    apart = int(starts[1] - starts[0]) if ours.horizon > 1 and len(starts) > 1 else 1
    block = min(ceil(max(BLOCK_DAYS, ours.horizon) / apart), len(ours.log))
    row: dict[str, Any] = {"horizon": ours.horizon}
    for prefix, d in (("", ours.log - other.log), ("crps_", ours.crps - other.crps)):
        ends = block_bootstrap(d, seed=SEED, block=block, share=SHARE)
        row |= {f"{prefix}{k}": v for k, v in zip(("mean", "low", "high"), ends, strict=True)}
    return row


class _Stages:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def __call__(self) -> None:
        self.done += 1
        if self.progress:
            self.progress("models", self.done, self.total)
