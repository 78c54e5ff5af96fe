"""The canonical columns of a chronicle's events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import polars as pl

COLUMNS: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "date": pl.Date(),
        "precision": pl.String(),  # day, month or year
        "source": pl.String(),
        "target": pl.String(),
        "action": pl.String(),
        "code": pl.String(),  # the machine code as given
        "class": pl.String(),
        "mode": pl.String(),
        "fatalities": pl.Int64(),  # null is unknown, not zero
        "fatalities_of": pl.String(),
        "victim_rank": pl.String(),
        "issue": pl.String(),
        "summary": pl.String(),
        "citation": pl.String(),
        "evidence": pl.String(),
        "confidence": pl.String(),
        "intensity": pl.Float64(),  # -10 to +10
        "mutual": pl.Boolean(),  # stands in both directions
        "row": pl.Int64(),  # line of the file: for messages only, no part of what was said
    }
)
"""Canonical columns of a chronicle's events, in order."""


CONTENT = tuple(name for name in COLUMNS if name != "row")
"""The canonical columns that say what happened."""


MIXED = "mixed"
"""In `fatalities_of`: dead of several actors, in shares that nobody states."""


PRECISIONS = ("day", "month", "year")
"""What an event's date may stand for."""


def span_ends(events: pl.DataFrame) -> pl.Series:
    """Return the day after the span each event's date stands for: the first day on which it is known.

    The same as ``detente.base.days.span_of(day, precision).end``, for all rows at once.

    Returns
    -------
    polars.Series of Date, shape (event,)

    Examples
    --------
    >>> from datetime import date
    >>> span_ends(pl.DataFrame({"date": [date(1987, 7, 1)], "precision": ["month"]})).to_list()
    [datetime.date(1987, 8, 1)]
    """
    day = pl.col("date")
    month = day.dt.month_start().dt.offset_by("1mo")
    year = pl.date(day.dt.year() + 1, 1, 1)
    ends = (
        pl.when(pl.col("precision") == "month")
        .then(month)
        .when(pl.col("precision") == "year")
        .then(year)
        .otherwise(day + timedelta(days=1))
    )
    return events.select(ends.alias("known_from"))["known_from"]
