"""Episodes and controls of one row, with what was counted of each: what every estimate is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Floats, Ints

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """A count and the exposure it was taken over, of each unit; an exposure of 0 says that nothing is known."""

    count: Floats
    exposure: Floats


class Redraw(Protocol):
    """Draws labels anew: yields, for each draw, units of the sample, whether each is an episode, and its cell."""

    def __call__(self, noise: np.random.Generator, draws: int) -> Iterator[tuple[Ints, Flags, Ints]]:
        """Yield so many draws."""
        ...


@dataclass(frozen=True)
class UnitSample:
    """The units of a row.

    Attributes
    ----------
    units : int
        How many there are; the next attributes have one value a unit.
    pair : ndarray of shape (unit, 2)
        Codes, ascending.
    year : ndarray of shape (unit,)
    outcome : Measured
    leads, lags : tuple of (int, int, Measured)
        The measure in windows before and after.
    rows, episode, cell : ndarray of shape (row,)
        A unit stands in one row, or as a control in several; whether the row is an episode; its cell.
    odds : bool
        Whether the effect is a ratio of odds, else of rates or chances.
    draw : Redraw
        How labels are drawn again.
    """

    pair: Ints
    year: Ints
    outcome: Measured
    leads: tuple[tuple[int, int, Measured], ...]
    lags: tuple[tuple[int, int, Measured], ...]
    rows: Ints
    episode: Flags
    cell: Ints
    odds: bool
    draw: Redraw

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.year)


def cells_of(fields: Mapping[str, Floats], names: Sequence[str], chosen: Ints) -> Ints:
    """Return a number for each combination of the fields' values, of the chosen units.

    Examples
    --------
    >>> fields = {"war": np.array([0.0, 1.0, 0.0]), "decade": np.array([1950.0, 1950.0, 1950.0])}
    >>> cells_of(fields, ["war", "decade"], np.arange(3)).tolist()
    [0, 1, 0]
    """
    table = np.column_stack([fields[name][chosen] for name in names])
    return np.unique(table, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def within_cells(rows: Ints, episode: Flags, cell: Ints) -> Redraw:
    """Return a redraw that shuffles labels within cells."""
    numbers = np.bincount(cell, weights=episode).astype(np.int64)
    order = np.argsort(cell, kind="stable")
    sorted_cell = cell[order]
    starts = np.searchsorted(sorted_cell, np.arange(len(numbers)))
    rank_limit = numbers[sorted_cell]
    place = np.arange(len(cell)) - starts[sorted_cell]

    def draw(noise: np.random.Generator, draws: int) -> Iterator[tuple[Ints, Flags, Ints]]:
        for _ in range(draws):
            shuffled = np.lexsort((noise.random(len(cell)), cell))
            labels = np.zeros(len(cell), dtype=bool)
            labels[shuffled] = place < rank_limit
            yield rows, labels, cell

    return draw
