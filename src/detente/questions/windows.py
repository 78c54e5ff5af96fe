"""Windows of a question: spans and days as words of the line, read with the column of what cannot be read."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from detente.base.days import Window, parse_day
from detente.base.errors import DataError
from detente.base.input_limits import Limits
from detente.questions.tokens import Reader

AMOUNTS = ("how", "when")
"""The words with which a question begins that is not answered by yes or no."""
STARTS = (*AMOUNTS, "no", "first", "not", "phase", "talks", "war", "clock")
JOINS = ("and", "or", "given", "within", "from", "count", "rate", "mode", "issue", "deaths")


def later(day: date, span: str) -> date:
    """Return the day so many days, weeks, months or years (``90d 2w 12m 2y``) after another; before it with a minus.

    Examples
    --------
    >>> later(date(2020, 1, 31), "1m"), later(date(2020, 2, 29), "1y"), later(date(2020, 1, 17), "2w")
    (datetime.date(2020, 2, 29), datetime.date(2021, 2, 28), datetime.date(2020, 1, 31))
    """
    number, unit = int(span[:-1]), span[-1]
    if unit in "dw":
        return day + timedelta(days=number * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class WindowReader(Reader):
    """Reads windows at the place; spans count from a day.

    Parameters
    ----------
    text : str
    as_of : date
    limits : Limits
    """

    def __init__(self, text: str, as_of: date, limits: Limits) -> None:
        super().__init__(text, limits)
        self.as_of = as_of

    def window(self) -> Window:
        """Take a window."""
        at = self.now.at
        if self.take("within"):
            return self.between(self.as_of, self._limit("expected_span", example=("90d", "12m", "2y")), at)
        if self.take("from"):
            start = self._limit("expected_limit")
            if not self.take("to"):
                self.fail("expected_to")
            return self.between(start, self._limit("expected_limit"), at)
        return self.fail("expected_window", (*JOINS, *STARTS))

    def _limit(self, code: str, **values: tuple[str, ...]) -> date:
        if self.now.kind == "date":
            return self.day()
        return self.moved(self.need("span", code, **values), self.tokens[self.place - 1].at)

    def moved(self, span: str, at: int, *, back: bool = False) -> date:
        """Return the day a span after the day that spans count from, or before it."""
        try:
            return later(self.as_of, f"-{span}" if back else span)
        except (OverflowError, ValueError):
            raise self.error("years_out_of_range", span, at) from None

    def day(self) -> date:
        """Take a day."""
        at, text = self.now.at, self.need("date", "expected_day")
        try:
            return parse_day(text)
        except DataError:
            raise self.error("not_a_day", text, at) from None

    def between(self, start: date, end: date, at: int) -> Window:
        """Return the window between two days, read at a column."""
        if end <= start:
            raise self.error("closes_before_open", (start, end), at)
        if self.limits.too_long(min(start, self.as_of), max(end, self.as_of)):
            years = self.limits.window
            raise self.error("window_too_long", (start, end), at, hint="check_years", years=years)
        return Window(start, end)
