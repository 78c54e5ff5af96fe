"""Counts of acts as a reader wants them: years and months in order with the empty ones, all else by number."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage

TIMES = {"year": "1y", "month": "1mo"}


def ordered_counts(chronicle: Chronicle, *columns: str) -> pl.DataFrame:
    """Count acts by columns, in order of time if they begin with a year or a month, else the most frequent first.

    Counted by years or months alone, those of the window without an act are there with 0, or with null if no day of
    theirs is covered.

    Parameters
    ----------
    chronicle : Chronicle
    *columns : str
        As for `Chronicle.count_by`.

    Raises
    ------
    DataError
        If there is no such column.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.base.days import Window
    >>> rows = [
    ...     {"date": date(year, 1, 3), "source": "USA", "target": "IRN", "class": "force"}
    ...     for year in (2020, 2022, 2022)
    ... ]
    >>> chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2019, 6, 1), date(2023, 1, 1)))
    >>> ordered_counts(chronicle, "year").rows()
    [(2019, 0), (2020, 1), (2021, 0), (2022, 2)]
    """
    table, keys = chronicle.count_by(*columns), tuple(dict.fromkeys(columns))
    times = [key for key in keys if key in TIMES]
    if not times:
        return table.sort("acts", descending=True, maintain_order=True)
    if len(keys) == 1:
        every = _every(chronicle, times[0])
        table = (
            every.join(table, on=times[0], how="left")
            .with_columns(acts=pl.when("covered").then(pl.col("acts").fill_null(0)).otherwise("acts"))
            .drop("covered")
        )
    return table.sort([*times, "acts"], descending=[*(False for _ in times), True], maintain_order=True)


def _every(chronicle: Chronicle, kind: str) -> pl.DataFrame:
    """Return every year or month of a window, and whether any of its days is covered."""
    window = chronicle.window
    first, last = window.start.replace(day=1), window.end - timedelta(days=1)
    if kind == "year":
        first = first.replace(month=1)
    days = pl.date_range(first, last, TIMES[kind], eager=True)
    name = days.dt.year() if kind == "year" else days.dt.strftime("%Y-%m")
    ends = [*days[1:], days[-1].replace(year=days[-1].year + 1)]
    spans = [
        Window(max(start, window.start), min(end, window.end)) for start, end in zip(days, ends, strict=True)
    ]
    return pl.DataFrame({kind: name, "covered": [Coverage(span, chronicle.gaps).days > 0 for span in spans]})
