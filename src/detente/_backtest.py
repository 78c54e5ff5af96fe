"""What a backtest found, and the days it stands on: frozen results and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from detente.argument import Argument
from detente.chronicle import Chronicle
from detente.errors import DataError, Fault
from detente.futures import quantiles
from detente.program import Floats, Ints
from detente.scoring import block_bootstrap, coverage, interval_score

SHARE = 0.9  # chance of every interval
COVERAGE_BAR, RIDGE_BAR = (0.80, 0.97), -0.10
FUTURES, SEED = 2000, 1
RIDGE, ERAS, RECENT, EWMA, EWMA_EACH = (
    "ridge",
    "era intercepts",
    "last four years",
    "EWMA, one half-life",
    "EWMA, one per channel",
)
SPLIT = date(2020, 1, 17)  # the day of the essay: quarters before it are not out of sample for its author
# Ten days, evenly from 2000-01-17 to 2023-01-17, and one that is reported without counting.
FAN_DATES = tuple(date(2000, 1, 17) + timedelta(days=round(i * 8401 / 9)) for i in range(10))
APART = (SPLIT,)
_SHARE_BEFORE = 1 / 3  # of a chronicle's days, kept for the first fit where dates are derived


@dataclass(frozen=True)
class Protocol:
    """The days a backtest stands on.

    Attributes
    ----------
    fan_dates : tuple of date
        Starts of the two-year windows.
    apart : tuple of date
        Starts of windows that are reported and do not count.
    origins : tuple of date
        Starts of quarters, in order.
    end : date
        End of the last quarter.
    split : date or None
        Differences are also told for the quarters that start before and after it.
    dates : str
        How the days were chosen, in words.
    """

    fan_dates: tuple[date, ...]
    apart: tuple[date, ...]
    origins: tuple[date, ...]
    end: date
    split: date | None
    dates: str
    futures: int = FUTURES
    seed: int = SEED

    def to_dict(self) -> dict[str, Any]:
        """Return the protocol as plain values."""
        return {
            "dates": self.dates,
            "fan_dates": [day.isoformat() for day in self.fan_dates],
            "fan_dates_apart": [day.isoformat() for day in self.apart],
            "fan_window": "two years",
            "interval": SHARE,
            "futures": self.futures,
            "seed": self.seed,
            "origins": [day.isoformat() for day in self.origins],
            "end": self.end.isoformat(),
            "split": self.split.isoformat() if self.split else None,
            "log_score": "mean over quarters of the summed log density of daily counts; higher is better",
            "difference": "argument minus baseline, nats a quarter; above 0 the argument is better",
            "densities": "negative binomial at the posterior mode and the declared half-lives (no draws); fans use one "
            "draw a future, its half-lives included where the argument gives a grid",
        }


def protocol_of(rivalry: str | None, argument: Argument, chronicle: Chronicle) -> Protocol:
    """Return the fixed days for the embedded rivalry, and days derived from the coverage for anything else.

    Derived days leave the first third of the covered days to the first fit: then every whole quarter is an origin, and
    ten days evenly from the first quarter to two years before the end start a fan.

    Raises
    ------
    DataError
        If no whole quarter is left.
    """
    window = chronicle.window
    if rivalry == "us-iran" and window.start <= FAN_DATES[0] and window.end >= two_years_after(FAN_DATES[-1]):
        origins = tuple(date(year, month, 1) for year in range(2000, 2024) for month in (1, 4, 7, 10))
        return Protocol(FAN_DATES, APART, origins, date(2024, 1, 1), SPLIT, "fixed in the repository")
    start = max(argument.run.fit_from or window.start, window.start)
    first = start + timedelta(days=round((window.end - start).days * _SHARE_BEFORE))
    quarters = [
        day
        for year in range(first.year, window.end.year + 1)
        for day in (date(year, month, 1) for month in (1, 4, 7, 10))
        if first <= day <= window.end
    ]
    if len(quarters) < 2:
        hint = "It takes about nine months of events for one quarter to be left."
        raise DataError(
            Fault("chronicle", "must hold a whole quarter after its first third", str(window), hint=hint)
        )
    last = window.end
    while two_years_after(last) > window.end:
        last -= timedelta(days=1)
    span = (last - quarters[0]).days
    fans = [quarters[0] + timedelta(days=round(i * span / 9)) for i in range(10)] if span >= 9 else []
    how = "derived from the coverage: first third for the first fit, then every whole quarter, ten even fan dates"
    if not fans:
        how += " (too short for a two-year fan)"
    split = argument.run.as_of if argument.run.as_of and quarters[0] < argument.run.as_of < last else None
    return Protocol(tuple(fans), (), tuple(quarters[:-1]), quarters[-1], split, how)


def two_years_after(day: date) -> date:
    """Return the same day two years later (1 March for 29 February)."""
    try:
        return day.replace(year=day.year + 2)
    except ValueError:
        return date(day.year + 2, 3, 1)


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
        Why the window does not count; empty if it does.
    observed : tuple of int
        Per channel.
    intervals : mapping of str to tuple of (low, high)
        Per model, per channel.
    """

    start: date
    end: date
    apart: str
    observed: tuple[int, ...]
    intervals: Mapping[str, tuple[tuple[float, float], ...]]

    def scores(self, model: str) -> tuple[float, float]:
        """Return coverage and mean interval score of a model over the channels."""
        return _fan_scores([self], model)


@dataclass(frozen=True)
class Backtest:
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
    """

    argument: str
    protocol: Protocol
    channels: tuple[str, ...]
    windows: tuple[FanWindow, ...]
    models: tuple[str, ...]
    scores: Floats
    robustness: tuple[dict[str, Any], ...] = ()

    def fan(self, model: str) -> tuple[float, float]:
        """Return coverage and mean interval score of a model over the windows that count."""
        return _fan_scores([w for w in self.windows if not w.apart], model)

    def difference(self, against: str, *, before: bool | None = None) -> dict[str, Any]:
        """Return the paired difference of quarterly log scores, argument minus `against`, with its bootstrap interval.

        Parameters
        ----------
        against : str
        before : bool, optional
            Only quarters that start before the protocol's split, or only the others.
        """
        chosen = np.ones(len(self.protocol.origins), dtype=bool)
        if before is not None and self.protocol.split is not None:
            chosen = np.array([(day < self.protocol.split) == before for day in self.protocol.origins])
        ours, theirs = self.scores[0, chosen], self.scores[self.models.index(against), chosen]
        mean, low, high = block_bootstrap(ours - theirs, seed=self.protocol.seed, share=SHARE)
        return {"mean": mean, "low": low, "high": high, "quarters": int(chosen.sum())}

    def bars(self) -> list[dict[str, Any]]:
        """Return the bars of the protocol: what was asked, what came, and whether it was met."""
        rows = []
        if any(not w.apart for w in self.windows):
            share, ours = self.fan(self.argument)
            low, high = COVERAGE_BAR
            rows.append(_bar(f"fans cover {low:.0%} to {high:.0%}", f"{share:.1%}", low <= share <= high))
            for name in (ERAS, RECENT):
                theirs = self.fan(name)[1]
                asked = f"mean interval score not above {name}"
                rows.append(_bar(asked, f"{ours:.2f} against {theirs:.2f}", ours <= theirs))
        least = self.difference(RIDGE)["low"]
        asked = f"lower limit against ridge above {RIDGE_BAR:.2f} nats a quarter"
        rows.append(_bar(asked, f"{least:+.3f}", least > RIDGE_BAR))
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Return the backtest as plain values, ready for JSON; the same for the same input and seed."""
        counted = [w for w in self.windows if not w.apart]
        fans = self.windows[0].intervals if self.windows else {}
        by_model = []
        for name in fans:
            share, score = self.fan(name)
            by_model.append({"name": name, "coverage": _plain(share), "interval_score": _plain(score)})
        share, score = self.fan(self.argument)
        differences = []
        for name in self.models[1:]:
            row = {"against": name, **self.difference(name)}
            if self.protocol.split is not None:
                for part, before in (("before_split", True), ("after_split", False)):
                    found = self.difference(name, before=before)
                    if found["quarters"]:  # a mean of nothing is no number
                        row[part] = found
            differences.append(row)
        return {
            "argument": self.argument,
            "protocol": self.protocol.to_dict(),
            "fans": {
                "coverage": _plain(share),
                "interval_score": _plain(score),
                "intervals": sum(len(w.observed) for w in counted),
                "by_model": by_model,
                "channels": list(self.channels),
                "windows": [_window_to_dict(w) for w in self.windows],
            },
            "models": [
                {"name": name, "log_score": float(row.mean()), "quarters": [float(x) for x in row]}
                for name, row in zip(self.models, self.scores, strict=True)
            ],
            "differences": differences,
            "bars": self.bars(),
            "robustness": list(self.robustness),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Backtest:
        """Return the backtest that `to_dict` wrote."""
        told, fans = value["protocol"], value["fans"]
        dates, apart, origins = (tuple(map(date.fromisoformat, told[name])) for name in _DAYS)
        split = date.fromisoformat(told["split"]) if told["split"] else None
        end = date.fromisoformat(told["end"])
        return cls(
            value["argument"],
            Protocol(dates, apart, origins, end, split, told["dates"], told["futures"], told["seed"]),
            tuple(fans["channels"]),
            tuple(
                FanWindow(
                    date.fromisoformat(w["start"]),
                    date.fromisoformat(w["end"]),
                    w["apart"],
                    tuple(w["observed"]),
                    {m["name"]: tuple((low, high) for low, high in m["intervals"]) for m in w["by_model"]},
                )
                for w in fans["windows"]
            ),
            tuple(m["name"] for m in value["models"]),
            np.array([m["quarters"] for m in value["models"]]),
            tuple(value["robustness"]),
        )


_DAYS = ("fan_dates", "fan_dates_apart", "origins")


def _bar(asked: str, got: str, met: bool) -> dict[str, Any]:
    return {"asked": asked, "got": got, "met": bool(met)}


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else value


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
        "observed": list(window.observed),
        "by_model": rows,
    }
