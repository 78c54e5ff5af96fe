"""Days and windows: dates are proleptic Gregorian days, windows are half-open and explicit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from detente.base.errors import DataError, Fault

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: str, *, what: str = "date", where: str | None = None) -> date:
    """Parse an ISO day, ``YYYY-MM-DD``.

    Parameters
    ----------
    text : str
        The day as written by the user.
    what, where : str
        The field and the place, for the message of the error.

    Returns
    -------
    date

    Raises
    ------
    DataError
        If `text` is not one existing day written as ``YYYY-MM-DD``.

    Examples
    --------
    >>> parse_day("2020-01-17")
    datetime.date(2020, 1, 17)
    """
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        fault = Fault("not_a_day", what, got=text, where=where, hint="try", example="2020-01-17")
        raise DataError(fault) from None


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A half-open run of days, ``start <= day < end``.

    Raises
    ------
    DataError
        If the window holds no day.

    Examples
    --------
    >>> window = Window(date(2020, 1, 17), date(2020, 2, 17))
    >>> window.days, date(2020, 2, 17) in window, str(window)
    (31, False, '2020-01-17 to 2020-02-16')
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            got = (self.start, self.end)
            raise DataError(Fault("ends_before_start", "window", got=got, hint="end_is_outside"))

    @property
    def days(self) -> int:
        """Number of days in the window."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def index(self, day: date) -> int:
        """Return days from the window's start to `day` (negative before it)."""
        return (day - self.start).days

    def day(self, index: int) -> date:
        """Return the day `index` days after the window's start."""
        return self.start + timedelta(days=index)

    @property
    def last(self) -> date:
        """The last day of the window: what people read, where `end` is the day after it."""
        return self.end - timedelta(days=1)

    def __str__(self) -> str:
        first, last = self.start.isoformat(), self.last.isoformat()
        return first if first == last else f"{first} to {last}"


def span_of(day: date, precision: str) -> Window:
    """Return the window a date of ``day``, ``month`` or ``year`` precision stands for.

    Examples
    --------
    >>> print(span_of(date(1987, 7, 1), "month"))
    1987-07-01 to 1987-07-31
    """
    if precision == "day":
        return Window(day, day + timedelta(days=1))
    if precision == "month":
        first = day.replace(day=1)
        return Window(first, (first + timedelta(days=32)).replace(day=1))
    if precision == "year":
        return Window(date(day.year, 1, 1), date(day.year + 1, 1, 1))
    raise DataError(Fault("not_one_of", "precision", got=precision, choices=("day", "month", "year")))
