"""Coverage in parts: the days that events vouch for, one after another, where nobody looked on the days between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools, Ints
from detente.base.days import Window

_Number = TypeVar("_Number", np.float64, np.int64, np.bool_)


@dataclass(frozen=True)
class Coverage:
    """The covered days of a window: all of it but the gaps.

    It counts days as a `Window` does, but only those covered: day 5 is the sixth covered day, whatever lies between.
    An array with an entry for each covered day therefore holds none for a day of which nothing is known.

    Attributes
    ----------
    span : Window
        From the first day to the last, gaps included.
    gaps : tuple of Window
        Sorted, apart, and inside the span: what is given is merged and cut so.

    Examples
    --------
    >>> first, gap = date(2020, 1, 1), Window(date(2020, 1, 3), date(2020, 1, 6))
    >>> covered = Coverage(Window(first, date(2020, 1, 8)), (gap,))
    >>> covered.days, [str(part) for part in covered.parts]
    (4, ['2020-01-01 to 2020-01-02', '2020-01-06 to 2020-01-07'])
    >>> covered.index(date(2020, 1, 6)), covered.day(2), date(2020, 1, 4) in covered
    (2, datetime.date(2020, 1, 6), False)
    """

    span: Window
    gaps: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        """Put the gaps in order, merge those that touch, and cut them to the span."""
        found: list[Window] = []
        for gap in sorted(self.gaps):
            start, end = max(gap.start, self.span.start), min(gap.end, self.span.end)
            if end <= start:
                continue
            if found and start <= found[-1].end:
                start, end = found[-1].start, max(end, found.pop().end)
            found.append(Window(start, end))
        object.__setattr__(self, "gaps", tuple(found))

    @property
    def start(self) -> date:
        """First day of the span."""
        return self.span.start

    @property
    def end(self) -> date:
        """First day after the span."""
        return self.span.end

    @cached_property
    def parts(self) -> tuple[Window, ...]:
        """The stretches of covered days, in order."""
        starts = (self.start, *(gap.end for gap in self.gaps))
        ends = (*(gap.start for gap in self.gaps), self.end)
        return tuple(Window(start, end) for start, end in zip(starts, ends, strict=True) if start < end)

    @cached_property
    def bounds(self) -> tuple[int, ...]:
        """Index of the first day of each part, and the number of days, shape (part + 1,)."""
        return tuple(accumulate((part.days for part in self.parts), initial=0))

    @property
    def days(self) -> int:
        """Number of covered days."""
        return self.bounds[-1]

    def __contains__(self, day: date) -> bool:
        return day in self.span and not any(day in gap for gap in self.gaps)

    def touches(self, window: Window) -> bool:
        """Return whether a gap takes days of a window."""
        return any(gap.start < window.end and window.start < gap.end for gap in self.gaps)

    def holds(self, window: Window) -> bool:
        """Return whether every day of a window is covered."""
        return self.start <= window.start and window.end <= self.end and not self.touches(window)

    def index(self, day: date) -> int:
        """Return how many covered days lie before a day; days before the span and after it count as a window's do.

        For a day of a gap it is the index of the first day after the gap.
        """
        lost = sum((min(gap.end, day) - gap.start).days for gap in self.gaps if gap.start < day)
        return (day - self.start).days - lost

    def day(self, index: int) -> date:
        """Return the covered day with an index; beyond both ends the days go on as a window's do."""
        if index >= self.days:
            return self.end + timedelta(days=index - self.days)
        part = max(bisect_right(self.bounds, index) - 1, 0)
        return self.parts[part].start + timedelta(days=index - self.bounds[part])

    def indices(self, days: pl.Series) -> Ints:
        """Return the index of many days at once, -1 for one that is not covered."""
        at: Ints = (days - self.start).dt.total_days().to_numpy().astype(np.int64)
        inside = (at >= 0) & (at < self.span.days)
        held = np.clip(at, 0, self.span.days - 1)
        found = np.cumsum(self.mask)[held] - 1
        return np.where(inside & self.mask[held], found, -1)

    @cached_property
    def mask(self) -> Bools:
        """Whether each day of the span is covered, shape (day of the span,)."""
        out = np.ones(self.span.days, dtype=np.bool_)
        for gap in self.gaps:
            out[self.span.index(gap.start) : self.span.index(gap.end)] = False
        return out

    def chosen(self, values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """Return the covered days of values that hold one for each day of the span, along the last axis."""
        return values[..., self.mask] if self.gaps else values

    def spread(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return values of the covered days for each day of the span; those of a gap are NaN."""
        if not self.gaps:
            return values
        out = np.full((*values.shape[:-1], self.span.days), np.nan)
        out[..., self.mask] = values
        return out

    def __str__(self) -> str:
        return " and ".join(map(str, self.parts))


def uncovered_of(gaps: Iterable[Window], covered: Iterable[Window]) -> tuple[Window, ...]:
    """Return what is left of gaps where other events cover some of their days.

    Examples
    --------
    >>> gap = Window(date(2000, 1, 1), date(2010, 1, 1))
    >>> [str(left) for left in uncovered_of([gap], [Window(date(2004, 1, 1), date(2005, 1, 1))])]
    ['2000-01-01 to 2003-12-31', '2005-01-01 to 2009-12-31']
    """
    left = list(gaps)
    for part in covered:
        ends = [
            pair
            for gap in left
            for pair in ((gap.start, min(gap.end, part.start)), (max(gap.start, part.end), gap.end))
        ]
        left = [Window(start, end) for start, end in ends if start < end]
    return tuple(left)
