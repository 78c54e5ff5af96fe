"""What a backtest found, and the days it stands on: frozen results and their tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.base.tables import Tables, heading, table_of
from detente.futures.futures import quantiles
from detente.lab.too_little import Caution, with_cautions
from detente.studies.scoring.fan_wars import FanWars, WarTarget, mean_wars, war_targets
from detente.studies.scoring.protocol import ERAS, RECENT, RIDGE, SHARE, Protocol
from detente.studies.scoring.rows_behind import RowsBehind
from detente.studies.scoring.scores import block_bootstrap, coverage, interval_score

COVERAGE_BAR, RIDGE_BAR = (0.80, 0.97), -0.10
BLOCK = 4  # quarters: neighbours that one crisis may share


def interval_of(totals: Ints) -> tuple[tuple[float, float], ...]:
    """Return the central interval of totals over futures, one (low, high) a channel."""
    low, high = quantiles(totals, (1 - SHARE) / 2, (1 + SHARE) / 2)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))


@dataclass(frozen=True)
class FanWindow:
    """One two-year window: what came in each channel, and each model's interval.

    Attributes
    ----------
    start, end : date
    apart : str
        Why the window does not count: ``declared`` (the protocol says so) or ``break`` (it crosses a break of coverage
        that was not known at its start); empty if it counts.
    observed : tuple of int
        Per channel.
    intervals : mapping of str to tuple of (low, high)
        Per model, per channel.
    crossed : date or None
        The break that it crosses.
    spectral_radius : float or None
        The largest of the argument's fits on that day; None if it was not simulated.
    wars : FanWars or None
        Wars and crises in the argument's futures; None without principals.
    """

    start: date
    end: date
    apart: str
    observed: tuple[int, ...]
    intervals: Mapping[str, tuple[tuple[float, float], ...]]
    crossed: date | None = None
    spectral_radius: float | None = None
    wars: FanWars | None = None

    def scores(self, model: str) -> tuple[float, float]:
        """Return coverage and mean interval score of a model over the channels."""
        return _fan_scores([self], model)


@dataclass(frozen=True, slots=True)
class Bar:
    """One target of the protocol.

    Attributes
    ----------
    kind : str
        ``coverage`` of the fans, their mean ``interval score``, or the ``lower limit`` of a paired difference.
    against : str
        The baseline it is compared with; empty for a coverage.
    value : float
    met : bool
    target : (float or None, float or None)
        The least and the greatest value that meet it.
    turned_by : tuple of date
        Starts of those windows each of which decides alone whether it is met: without it, it would be otherwise.
    """

    kind: str
    against: str
    value: float
    met: bool
    target: tuple[float | None, float | None]
    turned_by: tuple[date, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "kind": self.kind,
            "against": self.against or None,
            "value": float(self.value),
            "target": list(self.target),
            "met": bool(self.met),
            "turned_by": [start.isoformat() for start in self.turned_by],
        }


@dataclass(frozen=True)
class Backtest(Tables):
    """What a backtest found; `to_dict` derives the tables.

    Attributes
    ----------
    argument : str
    protocol : Protocol
    channels : tuple of str
    windows : tuple of FanWindow
    models : tuple of str
        Of the rolling origin, the argument first.
    scores : ndarray of shape (model, quarter)
        Log density of each quarter, in nats.
    robustness : tuple of dict
        Rows of the headline table under other choices; empty unless asked for.
    head : mapping of str to Any
        The head of its case, as `head_of` returns it; empty for a backtest without one.
    cautions : tuple of Caution
        What a reader must know before any number; of the end of the chronicle, where data are most.
    rows : RowsBehind or None
        What the acts it was fitted to and scored on rest on; None for a backtest without a case.
    """

    argument: str
    protocol: Protocol
    channels: tuple[str, ...]
    windows: tuple[FanWindow, ...]
    models: tuple[str, ...]
    scores: Floats
    robustness: tuple[dict[str, Any], ...] = ()
    head: Mapping[str, Any] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()
    rows: RowsBehind | None = None
    tables = ("models", "differences", "windows")

    def _about(self) -> str:
        quarters, windows = len(self.protocol.origins), len(self.windows)
        return heading(
            self.argument, self.protocol.end, quarters=quarters, windows=windows, models=len(self.models)
        )

    def _table(self, name: str) -> pl.DataFrame:
        if name == "models":
            means = self.scores.mean(axis=1)
            return table_of({"name": str, "log_score": float}, zip(self.models, means, strict=True))
        if name == "differences":
            kinds = {"against": str} | dict.fromkeys(("mean", "low", "high"), float) | {"quarters": int}
            return table_of(kinds, ({"against": n} | self.difference(n) for n in self.models[1:]))
        columns: dict[str, type] = {"start": date, "end": date, "apart": str, "model": str}
        columns |= {"coverage": float, "interval_score": float}
        windows = [(w, model) for w in self.windows for model in w.intervals]
        return table_of(columns, ((w.start, w.end, w.apart, m, *w.scores(m)) for w, m in windows))

    @property
    def spectral_radius(self) -> float | None:
        """The largest over the days on which windows were simulated; None if there are none."""
        return max((w.spectral_radius for w in self.windows if w.spectral_radius is not None), default=None)

    def fan(self, model: str) -> tuple[float, float]:
        """Return coverage and mean interval score of a model over the windows that count."""
        return _fan_scores(self._counted, model)

    @property
    def _counted(self) -> list[FanWindow]:
        return [w for w in self.windows if not w.apart]

    def coverage_interval(self, model: str) -> tuple[float, float] | None:
        """Return the 90 % interval of a model's coverage when whole windows are resampled; None with fewer than two.

        Acts of one window share its crises, so windows are drawn and not single intervals.
        """
        shares = [window.scores(model)[0] for window in self._counted]
        if len(shares) < 2:
            return None
        _, low, high = block_bootstrap(shares, seed=self.protocol.seed, share=SHARE)
        return low, high

    def difference(self, against: str, *, before: bool | None = None, block: int = 1) -> dict[str, Any]:
        """Return the paired difference of quarterly log scores, argument minus `against`, with its bootstrap interval.

        Parameters
        ----------
        against : str
        before : bool, optional
            Only quarters that start before the protocol's split, or only the others.
        block : int
            Quarters resampled together; longer blocks keep what neighbours share.
        """
        chosen = np.ones(len(self.protocol.origins), dtype=bool)
        if before is not None and self.protocol.split is not None:
            chosen = np.array([(day < self.protocol.split) == before for day in self.protocol.origins])
        ours, theirs = self.scores[0, chosen], self.scores[self.models.index(against), chosen]
        mean, low, high = block_bootstrap(ours - theirs, seed=self.protocol.seed, block=block, share=SHARE)
        return {"mean": mean, "low": low, "high": high, "quarters": int(chosen.sum())}

    def bars(self) -> tuple[Bar, ...]:
        """Return the targets of the protocol, and whether each was met."""
        rows = []
        if counted := self._counted:
            low, high = COVERAGE_BAR

            def covers(some: Sequence[FanWindow]) -> bool:
                return low <= _fan_scores(some, self.argument)[0] <= high

            share, ours = self.fan(self.argument)
            turning = _turning(counted, covers)
            rows.append(Bar("coverage", "", share, covers(counted), COVERAGE_BAR, turning))
            for name in (ERAS, RECENT):

                def leads(some: Sequence[FanWindow], name: str = name) -> bool:
                    return _fan_scores(some, self.argument)[1] <= _fan_scores(some, name)[1]

                target = None, self.fan(name)[1]
                turning = _turning(counted, leads)
                rows.append(Bar("interval score", name, ours, leads(counted), target, turning))
        least = self.difference(RIDGE)["low"]
        rows.append(Bar("lower limit", RIDGE, least, least > RIDGE_BAR, (RIDGE_BAR, None)))
        return tuple(rows)

    def wars(self) -> dict[str, float]:
        """Return wars and crises in the argument's futures as means over all windows; nothing without principals."""
        return mean_wars([window.wars for window in self.windows if window.wars is not None])

    def war_targets(self) -> tuple[WarTarget, ...]:
        """Return the targets of wars and crises, and whether they were met."""
        return war_targets(self.wars())

    def to_dict(self) -> dict[str, Any]:
        """Return the backtest as plain values, ready for JSON; the same for the same input and seed."""
        counted = self._counted
        fans = self.windows[0].intervals if self.windows else {}
        by_model = []
        for name in fans:
            share, score = self.fan(name)
            spread = self.coverage_interval(name)
            by_model.append(
                {
                    "name": name,
                    "coverage": _plain(share),
                    "coverage_interval": None if spread is None else list(spread),
                    "interval_score": _plain(score),
                }
            )
        share, score = self.fan(self.argument)
        differences = []
        for name in self.models[1:]:
            row: dict[str, Any] = {"against": name, **self.difference(name)}
            if len(self.protocol.origins) >= 2 * BLOCK:
                longer = self.difference(name, block=BLOCK)
                row["in_blocks"] = {"block": BLOCK, "low": longer["low"], "high": longer["high"]}
            if self.protocol.split is not None:
                for part, before in (("before_split", True), ("after_split", False)):
                    found = self.difference(name, before=before)
                    if found["quarters"]:  # a mean of nothing is no number
                        row[part] = found
            differences.append(row)
        value = {
            **self.head,
            "argument": self.argument,
            "protocol": self.protocol.to_dict(),
            "fans": {
                "coverage": _plain(share),
                "interval_score": _plain(score),
                "intervals": sum(len(w.observed) for w in counted),
                "by_model": by_model,
                "channels": list(self.channels),
                "wars": {**self.wars(), "targets": [t.to_dict() for t in self.war_targets()]},
                "windows": [_window_to_dict(w) for w in self.windows],
            },
            "models": [
                {"name": name, "log_score": float(row.mean()), "quarters": [float(x) for x in row]}
                for name, row in zip(self.models, self.scores, strict=True)
            ],
            "differences": differences,
            "bars": [bar.to_dict() for bar in self.bars()],
            "robustness": list(self.robustness),
            "rows": None if self.rows is None else self.rows.to_dict(),
        }
        return with_cautions(value, self.cautions)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Backtest:
        """Return the backtest that `to_dict` wrote, but for its head and its cautions, which are of its case."""
        protocol, fans = value["protocol"], value["fans"]
        dates, apart, origins = (tuple(map(date.fromisoformat, protocol[name])) for name in _DAYS)
        split = date.fromisoformat(protocol["split"]) if protocol["split"] else None
        end = date.fromisoformat(protocol["end"])
        return cls(
            value["argument"],
            Protocol(
                dates,
                apart,
                origins,
                end,
                split,
                protocol["days_from"] == "repository",
                protocol["futures"],
                protocol["seed"],
            ),
            tuple(fans["channels"]),
            tuple(
                FanWindow(
                    date.fromisoformat(w["start"]),
                    date.fromisoformat(w["end"]),
                    w["apart"],
                    tuple(w["observed"]),
                    {m["name"]: tuple((low, high) for low, high in m["intervals"]) for m in w["by_model"]},
                    date.fromisoformat(w["crossed"]) if w["crossed"] else None,
                    w["spectral_radius"],
                    FanWars(**w["wars"]) if w["wars"] else None,
                )
                for w in fans["windows"]
            ),
            tuple(m["name"] for m in value["models"]),
            np.array([m["quarters"] for m in value["models"]]),
            tuple(value["robustness"]),
        )


_DAYS = ("fan_dates", "fan_dates_apart", "origins")


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else value


def _turning(windows: Sequence[FanWindow], met: Callable[[Sequence[FanWindow]], bool]) -> tuple[date, ...]:
    """Return the starts of those windows without each of which the answer would be the other."""
    if len(windows) < 2:
        return ()
    whole = met(windows)
    return tuple(w.start for w in windows if met([other for other in windows if other is not w]) != whole)


def _fan_scores(windows: Sequence[FanWindow], model: str) -> tuple[float, float]:
    if not windows:
        return float("nan"), float("nan")
    observed = np.array([w.observed for w in windows])
    low, high = np.moveaxis(np.array([w.intervals[model] for w in windows]), 2, 0)
    return coverage(observed, low, high), float(interval_score(observed, low, high, SHARE).mean())


def _window_to_dict(window: FanWindow) -> dict[str, Any]:
    rows = []
    for name, intervals in window.intervals.items():
        share, score = window.scores(name)
        rows.append(
            {
                "name": name,
                "coverage": share,
                "interval_score": score,
                "intervals": [list(pair) for pair in intervals],
            }
        )
    return {
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "apart": window.apart,
        "crossed": window.crossed and window.crossed.isoformat(),
        "spectral_radius": window.spectral_radius,
        "wars": window.wars and window.wars.to_dict(),
        "observed": list(window.observed),
        "by_model": rows,
    }
