"""One history on which models are fitted and scored, and the scores of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np

from detente.base.arrays import Bools, Floats, Ints
from detente.base.store import Store
from detente.base.workers import Workers
from detente.studies.scoring.scores import block_bootstrap
from detente.studies.world import plain_models as plain
from detente.studies.world.fast_scores import crps_and_pit, log_scores, pit_histogram
from detente.studies.world.pairs import Pairs

SEED, BLOCK_DAYS, SHARE = 1, 7, 0.9
_BATCH = 100_000  # pair-days predicted at once
_QUIET_DAYS = 30  # without an act of a class, after which one is an onset

Timer = Callable[[], float]


@dataclass(frozen=True)
class ModelScores:
    """One model at one horizon: its scores a pair, shape (period,), and what the table says beside them."""

    name: str
    horizon: int
    log: Floats
    crps: Floats
    pit: list[float]
    quiet: float
    onsets: float
    seconds: float

    def row(self) -> dict[str, Any]:
        """Return its row of the table of models."""
        return {
            "name": self.name,
            "horizon": self.horizon,
            "log_score": float(self.log.mean()),
            "crps": float(self.crps.mean()),
            "seconds": self.seconds,
            "quiet_pairs": self.quiet,
            "onsets": None if np.isnan(self.onsets) else self.onsets,
            "pit": self.pit,
        }


@dataclass(frozen=True)
class Trial:
    """What every model is fitted to and scored on.

    Attributes
    ----------
    data : Pairs
        All days.
    train_share : float
        Share of the days on which models are fitted.
    store : Store
        Where fits are kept.
    threads : int or Workers
    clock : callable
        Returns the seconds.
    tell : callable
        Called when a model is done.
    """

    data: Pairs
    train_share: float
    store: Store = Store()  # noqa: RUF009  a frozen value
    threads: int | Workers = 0
    clock: Timer = field(default=lambda: 0.0)
    tell: Callable[[], None] = field(default=lambda: None)

    @cached_property
    def split(self) -> plain.Split:
        """Which days are fitted and which are scored."""
        return plain.split_of(self.data, self.train_share)

    @cached_property
    def known(self) -> Pairs:
        """The days of training alone."""
        return self.data.until(self.data.window.day(self.split.train))

    @property
    def training(self) -> Ints:
        """Rows of the days of training, shape (day,)."""
        return np.arange(self.split.first, self.split.train)

    @cached_property
    def quiet(self) -> Bools:
        """Whether a pair has no more acts in training than the median pair, shape (pair,)."""
        acts = self.data.counts[: self.split.train].sum(axis=(0, 2))
        return np.asarray(acts <= np.median(acts))

    def in_batches(self, predict: Callable[[Ints], tuple[Floats, ...]], days: Ints) -> tuple[Floats, ...]:
        """Return what a model predicts for days, asked for as many at once as fit the memory."""
        step = max(1, _BATCH // len(self.data.source))
        parts = [predict(days[k : k + step]) for k in range(0, len(days), step)]
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))

    def score(
        self, name: str, horizon: int, days: Ints, mean: Floats, alpha: Floats, seconds: float
    ) -> ModelScores:
        """Score totals of `horizon` days from each of `days` on; a mixture has its parts on a last axis."""
        y = plain.totals(self.data.counts, days, horizon)
        log = log_scores(y, mean, alpha)
        crps, below, upto = crps_and_pit(y, mean, alpha)
        silent = np.stack([self.data.counts[max(t - _QUIET_DAYS, 0) : t].sum(axis=0) == 0 for t in days])
        onset = silent & (y > 0)
        each = log.sum(axis=2)
        return ModelScores(
            name,
            horizon,
            each.mean(axis=1),
            crps.sum(axis=2).mean(axis=1),
            pit_histogram(below, upto),
            float(each[:, self.quiet].mean()),
            float(log[onset].mean()) if onset.any() else float("nan"),
            seconds,
        )


def paired_gain(ours: ModelScores, other: ModelScores, starts: Ints) -> dict[str, Any]:
    """Return what ours gains over another model, with its interval over blocks of days.

    Parameters
    ----------
    ours, other : ModelScores
        At one horizon.
    starts : ndarray of shape (start,)
        Days on which longer horizons start.
    """
    apart = int(starts[1] - starts[0]) if ours.horizon > 1 and len(starts) > 1 else 1
    block = min(ceil(max(BLOCK_DAYS, ours.horizon) / apart), len(ours.log))
    row: dict[str, Any] = {"horizon": ours.horizon}
    for prefix, d in (("", ours.log - other.log), ("crps_", ours.crps - other.crps)):
        ends = block_bootstrap(d, seed=SEED, block=block, share=SHARE)
        row |= {f"{prefix}{k}": v for k, v in zip(("mean", "low", "high"), ends, strict=True)}
    return row
