"""Counts by time are in order and hold the empty years."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DataError
from detente.events.chronicle import Chronicle
from detente.events.counts import ordered_counts

ROWS = [
    {"date": date(2001, 5, 1), "source": "A", "target": "B", "class": "force"},
    {"date": date(2003, 2, 1), "source": "B", "target": "A", "class": "force"},
    {"date": date(2003, 2, 1), "source": "B", "target": "A", "class": "pressure"},
]
CHRONICLE = Chronicle.of(pl.DataFrame(ROWS), Window(date(2000, 11, 5), date(2004, 1, 1)))


def test_years_are_in_order_and_empty_ones_shown() -> None:
    assert ordered_counts(CHRONICLE, "year").rows() == [(2000, 0), (2001, 1), (2002, 0), (2003, 2)]
    months = ordered_counts(CHRONICLE, "month").rows()
    assert months[0] == ("2000-11", 0)
    assert months[-1] == ("2003-12", 0)
    assert len(months) == 38


def test_years_with_another_column_are_in_order_and_other_counts_by_number() -> None:
    assert ordered_counts(CHRONICLE, "year", "source").rows() == [(2001, "A", 1), (2003, "B", 2)]
    assert ordered_counts(CHRONICLE, "source").rows() == [("B", 2), ("A", 1)]
    with pytest.raises(DataError):
        ordered_counts(CHRONICLE, "colour")
