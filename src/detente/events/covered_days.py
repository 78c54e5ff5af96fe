"""Which days events vouch for: rows dated far off from the rest, and stretches of years without a row."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from detente.base.days import Window

_FAR = timedelta(days=5 * 365 + 1)
_SHARE = 100  # a group set apart is at most one row in so many
_SPAN = 4  # and lies further off than this part of the days of the rest
_CUTS = 50  # with more stretches of five years without a row, only groups at the ends are looked at
_AGES = timedelta(days=100 * 365)
_OUR_TIME = date(2000, 1, 1)
_YEAR, _BUSY = (
    timedelta(days=365),
    20,
)  # rows in the year before whole years without a row, and in the year after
_GAPS = ((timedelta(days=2 * 365), 200), (timedelta(days=5 * 365), 40))
"""How long a gap is at least, and how many times as long as rows elsewhere lie apart: one of the two pairs."""


def far_days(rows: Mapping[date, int]) -> tuple[date, ...]:
    """Return the days of rows that lie so far from the rest that their dates are likelier slips than history.

    A group of rows is set apart if it has at most one in a hundred of them, and lies more than five years, and more
    than a quarter of the days that the rest span, from its nearest row of the rest. A single row of fewer than a
    hundred must lie further off than the rest span.

    Parameters
    ----------
    rows : Mapping[date, int]
        Number of rows by day.

    Examples
    --------
    >>> years = {date(year, 1, 1): 30 for year in range(2010, 2020)}
    >>> far_days(years | {date(2100, 1, 1): 1, date(900, 5, 1): 2}) == (date(900, 5, 1), date(2100, 1, 1))
    True
    >>> far_days({date(1980, 1, 1): 1, date(2019, 1, 1): 1})
    ()
    """
    every = sum(rows.values())
    apart: list[date] = []
    kept = sorted(rows)
    while found := _farthest(kept, rows, every):
        apart += found
        gone = set(found)
        kept = [day for day in kept if day not in gone]
    return tuple(sorted(apart))


def _farthest(days: list[date], rows: Mapping[date, int], every: int) -> list[date]:
    """Return the group to set apart that lies farthest from the rest, or nothing."""
    if len(days) < 2:
        return []
    cuts = [i for i in range(1, len(days)) if days[i] - days[i - 1] > _FAR]
    behind = [0, *itertools.accumulate(rows[day] for day in days)]
    left = behind[-1]
    best: tuple[timedelta, int, int] | None = None
    ends = [0, *cuts, len(days)]
    pairs: Iterable[tuple[int, int]] = itertools.combinations(ends, 2)
    if len(cuts) > _CUTS:
        pairs = itertools.chain(((0, cut) for cut in cuts), ((cut, len(days)) for cut in cuts))
    for start, end in pairs:
        count = behind[end] - behind[start]
        few = count * _SHARE <= every
        if not (few or count == 1) or count * 2 > left:
            continue
        before = days[start] - days[start - 1] if start else timedelta.max
        after = days[end] - days[end - 1] if end < len(days) else timedelta.max
        rest = (days[start - 1] if end == len(days) else days[-1]) - (days[end] if start == 0 else days[0])
        off = min(before, after)
        if count * 2 == left and (off < _AGES or _nearer(days[start], days[0] if start else days[-1])):
            continue  # of two rows neither is the rest, unless they are ages apart: then the one nearer to our time is
        if off > _FAR and off > rest / (_SPAN if few else 1) and (best is None or off > best[0]):
            best = off, start, end
    return days[best[1] : best[2]] if best else []


def _nearer(one: date, other: date) -> bool:
    return abs(one - _OUR_TIME) < abs(other - _OUR_TIME)


def gaps_between(rows: Mapping[date, int]) -> tuple[Window, ...]:
    """Return the stretches without a row that are too long to be quiet: coverage is in parts, with these between.

    A gap is at least two years and two hundred times as long as rows lie apart on the other days, or five years and
    forty times. Whole calendar years without a row are one too, where the year before the stretch and the year after
    it hold twenty rows each: files come by years, and a year of one was left out.

    Parameters
    ----------
    rows : Mapping[date, int]
        Number of rows by day, of all actors of a file.

    Examples
    --------
    >>> days = [date(1990, 1, 1) + timedelta(days=5 * n) for n in range(200)]
    >>> later = [day.replace(year=day.year + 20) for day in days]
    >>> [str(gap) for gap in gaps_between(dict.fromkeys(days + later, 1))]
    ['1992-09-23 to 2009-12-31']
    >>> weekly = [date(2008, 1, 1) + timedelta(days=7 * n) for n in range(156)]
    >>> [str(gap) for gap in gaps_between({day: 1 for day in weekly if day.year != 2009})]
    ['2009-01-01 to 2009-12-31']
    """
    days = sorted(rows)
    if len(days) < 2:
        return ()
    least = min(length for length, _ in _GAPS)
    long = [(one, other) for one, other in itertools.pairwise(days) if other - one > least]
    within = (days[-1] - days[0]) - sum((other - one for one, other in long), timedelta())
    usual = max(within / sum(rows.values()), timedelta(hours=1))
    found = [
        Window(one + timedelta(days=1), other)
        for one, other in long
        if any(other - one > max(length, times * usual) for length, times in _GAPS)
    ]
    return tuple(sorted([*found, *_years_left_out(rows, days, {gap.end for gap in found})]))


def _years_left_out(rows: Mapping[date, int], days: list[date], taken: set[date]) -> list[Window]:
    """Return the whole calendar years without a row between two busy years, those of gaps already found left out."""
    behind = [0, *itertools.accumulate(rows[day] for day in days)]
    found = []
    for i, (one, other) in enumerate(itertools.pairwise(days), 1):
        first, end = date(one.year + 1, 1, 1), date(other.year, 1, 1)
        if first >= end or other in taken:
            continue
        before = behind[i] - behind[bisect_left(days, one - _YEAR)]
        after = behind[bisect_left(days, other + _YEAR)] - behind[i]
        if min(before, after) >= _BUSY:
            found.append(Window(first, end))
    return found
