"""Days as people write them: when a row was reported, and days in another order than year, month, day."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime

import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.files.raw_table import RawTable

_ANY_DAY = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{4}-\d-\d{1,2}|\d{8}", re.ASCII
)


def other_order(text: str) -> str | None:
    """Return the order in which a text may be a day written otherwise than YYYY-MM-DD; ``dmy`` where two fit.

    Examples
    --------
    >>> [other_order(text) for text in ("13/04/2024", "04/13/2024", "20240413", "20240230", "spring")]
    ['dmy', 'mdy', 'ymd', None, None]
    """
    plain = re.sub("[./]", "-", text) if not text.isdecimal() else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if _ANY_DAY.fullmatch(text):
        for order, form in (("ymd", "%Y-%m-%d"), ("dmy", "%d-%m-%Y"), ("mdy", "%m-%d-%Y")):
            with suppress(ValueError):
                datetime.strptime(plain, form)  # noqa: DTZ007 - a day has no zone
                return order
    return None


def reported_late(reported: pl.Series, vintage: date | None) -> pl.Series:
    """Return which rows were not reported before a vintage: later, or nobody says when; none without a vintage."""
    if vintage is None:
        return pl.Series([False] * len(reported), dtype=pl.Boolean)
    return ~(reported < vintage).fill_null(value=False)


def reported_days(table: RawTable, vintage: date | None) -> pl.Series:
    """Return the days on which rows were reported, null where nobody says; a day that does not exist is a fault.

    Raises
    ------
    DataError
        If a vintage is asked for and the file has no column `reported`.
    """
    if "reported" not in table.columns.columns:
        if vintage is not None:
            hint = {"hint": "reported_column", "table": "an event file"}
            raise DataError(Fault("missing_column", "reported", where=table.name, **hint))
        return pl.Series("reported", [None] * len(table.lines), pl.Date)
    text = table.columns["reported"]
    day = text.str.to_date("%Y-%m-%d", strict=False)

    def fault(row: int) -> Fault:
        return Fault(
            "not_a_day", "reported", got=text[row], where=table.where(row), hint="try", example="2020-01-17"
        )

    table.refuse((text.is_not_null() & day.is_null()).fill_null(value=False), fault)
    return day
