"""Months counted from year 0, and dated measures of pairs that are counted in windows of months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats, Ints

_STATES, _MONTHS = 1000, 100_000  # above any code and any month


def month_of(year: int, month: int) -> int:
    """Return a month's number.

    Examples
    --------
    >>> month_of(1946, 1), month_of(1945, 12)
    (23352, 23351)
    """
    return year * 12 + month - 1


def pair_key(own: Ints, other: Ints) -> Ints:
    """Return one number for a directed pair of state codes."""
    return np.asarray(own * _STATES + other)


@dataclass(frozen=True)
class Measure:
    """Months in which something of a directed pair happened, in order.

    Attributes
    ----------
    at : ndarray of shape (occurrence,)
        Pair and month as one number, ascending.
    last : int
        The last month of which the sources speak.
    """

    at: Ints
    last: int

    @classmethod
    def of(cls, found: Iterable[tuple[int, int, int]], last: int) -> Measure:
        """Make a measure of (own, other, month)."""
        rows = np.array(sorted(found), dtype=np.int64).reshape(-1, 3)
        return cls(np.sort(pair_key(rows[:, 0], rows[:, 1]) * _MONTHS + rows[:, 2]), last)

    def count(self, pair: Ints, since: Ints, until: Ints) -> Floats:
        """Return how often it happened in months `since` to `until`, both counted, of each directed pair.

        Examples
        --------
        >>> seen = Measure.of([(2, 40, 10), (2, 40, 12), (40, 2, 11)], last=20)
        >>> own = np.array([2 * 1000 + 40])
        >>> seen.count(own, np.array([10]), np.array([11]))
        array([1.])
        """
        first = np.searchsorted(self.at, pair * _MONTHS + since, side="left")
        after = np.searchsorted(self.at, pair * _MONTHS + until, side="right")
        return (after - first).astype(float)

    def covered(self, since: Ints, until: Ints) -> Floats:
        """Return how many months of a window the sources speak of."""
        return np.maximum(np.minimum(until, self.last) - since + 1, 0).astype(float)


Measures = Mapping[str, Measure]
