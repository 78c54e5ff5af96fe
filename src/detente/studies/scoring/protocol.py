"""The protocol of a backtest: its dates, its windows and the forecasts it compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from detente.argument.argument import Argument
from detente.argument.sides import gaps_of
from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage
from detente.events.files.embedded import embedded_rivalries

SHARE = 0.9  # chance of every interval
FUTURES, SEED = 2000, 1
RIDGE, ERAS, RECENT, EWMA, EWMA_EACH = (
    "ridge",
    "era intercepts",
    "last four years",
    "EWMA, one half-life",
    "EWMA, one per channel",
)
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
        End of the last quarter. Each lasts three months; between two of them there may be a gap.
    split : date or None
        Differences are also told for the quarters that start before and after it.
    fixed : bool
        Whether the days are those fixed in the repository; else they are derived from the coverage.
    """

    fan_dates: tuple[date, ...]
    apart: tuple[date, ...]
    origins: tuple[date, ...]
    end: date
    split: date | None
    fixed: bool
    futures: int = FUTURES
    seed: int = SEED

    def to_dict(self) -> dict[str, Any]:
        """Return the protocol as plain values."""
        return {
            "days_from": "repository" if self.fixed else "coverage",
            "fan_dates": [day.isoformat() for day in self.fan_dates],
            "fan_dates_apart": [day.isoformat() for day in self.apart],
            "fan_window": "two years",
            "interval": SHARE,
            "futures": self.futures,
            "seed": self.seed,
            "origins": [day.isoformat() for day in self.origins],
            "end": self.end.isoformat(),
            "split": self.split.isoformat() if self.split else None,
        }


def protocol_of(argument: Argument, chronicle: Chronicle) -> Protocol:
    """Return the days that an embedded rivalry declares, and days derived from the coverage for anything else.

    Derived days leave the first third of the covered days to the first fit: then every whole quarter is an origin, and
    ten days evenly from the first quarter to two years before the end start a fan. A window that a gap takes days of is
    left out, since what happened in it is not known.

    Raises
    ------
    DataError
        If no whole quarter is left.
    """
    window = chronicle.window
    embedded = embedded_rivalries().get(chronicle.provenance.name)
    days = embedded.backtest if embedded else None
    gaps = gaps_of(argument, window.end, chronicle.gaps)
    covered = Coverage(window, gaps)

    def seen(starts: Sequence[date], after: Callable[[date], date]) -> tuple[date, ...]:
        return tuple(day for day in starts if not covered.touches(Window(day, after(day))))

    if days and window.start <= days.fan_dates[0] and window.end >= two_years_after(days.fan_dates[-1]):
        origins = tuple(day for day in quarters_between(days.first_quarter, days.end) if day < days.end)
        return Protocol(
            seen(days.fan_dates, two_years_after),
            seen(days.apart, two_years_after),
            seen(origins, quarter_after),
            days.end,
            days.split,
            True,
        )
    quarters = quarters_between(first_fit_day(argument, chronicle), window.end)
    if len(quarters) < 2:
        raise DataError(Fault("no_whole_quarter", "chronicle", got=str(window), hint="nine_months"))
    last = window.end
    while two_years_after(last) > window.end:
        last -= timedelta(days=1)
    begin = covered.index(quarters[0])
    span = covered.index(last) - begin
    fans = [covered.day(begin + round(i * span / 9)) for i in range(10)] if span >= 9 else []
    split = argument.run.as_of if argument.run.as_of and quarters[0] < argument.run.as_of < last else None
    origins = seen(quarters[:-1], quarter_after)
    if not origins:
        raise DataError(Fault("no_whole_quarter", "chronicle", got=str(covered), hint="nine_months"))
    return Protocol(seen(fans, two_years_after), (), origins, quarter_after(origins[-1]), split, False)


def first_fit_day(argument: Argument, chronicle: Chronicle) -> date:
    """Return the day until which the first third of the days to fit on is kept for the first fit."""
    window = chronicle.window
    start = max(argument.run.fit_from or window.start, window.start)
    if start >= window.end:
        return start
    covered = Coverage(Window(start, window.end), gaps_of(argument, window.end, chronicle.gaps))
    return covered.day(round(covered.days * _SHARE_BEFORE))


def quarters_between(first: date, last: date) -> list[date]:
    """Return the first days of quarters from one day to another, both included."""
    starts = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10))
    return [day for day in starts if first <= day <= last]


def quarter_after(day: date) -> date:
    """Return the first day of the quarter after the one that begins on a day."""
    return date(day.year + 1, 1, 1) if day.month == 10 else day.replace(month=day.month + 3)


def two_years_after(day: date) -> date:
    """Return the same day two years later (1 March for 29 February)."""
    try:
        return day.replace(year=day.year + 2)
    except ValueError:
        return date(day.year + 2, 3, 1)
