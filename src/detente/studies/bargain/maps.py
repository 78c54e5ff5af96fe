"""What the pictures of a bargain show: the zone over each pair of issues, and acceptance along each demand's axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from detente.base.arrays import Floats
from detente.studies.bargain.inputs import NO_CHANGE, InputChange, Inputs, terms_of
from detente.studies.bargain.zone import open_zones


@dataclass(frozen=True, eq=False)
class PairMap:
    """Where deals on two issues lie that both sides would take if the other issues can be settled as well as can be.

    Attributes
    ----------
    first, second : str
        The issues; their axes are scaled to 0 and 1.
    points : ndarray of shape (point,)
        Middles of the cells along both axes.
    share : ndarray of shape (point, point)
        Share of draws in which such a deal leaves both better off; the first issue on the first axis.
    """

    first: str
    second: str
    points: Floats
    share: Floats


@dataclass(frozen=True)
class Acceptance:
    """The chance of an open zone with one demand alone, set anywhere on its issue's axis.

    Attributes
    ----------
    demand : str
    curve : tuple of (point, chance)
        Points on the issue's own axis.
    """

    demand: str
    curve: tuple[tuple[float, float], ...]


def pair_maps(
    inputs: Inputs, values: Mapping[str, Floats], changes: tuple[InputChange, ...], *, draws: int, cells: int
) -> tuple[PairMap, ...]:
    """Return the zone over each pair of issues on the first draws.

    Parameters
    ----------
    draws : int
        How many draws to use; the first ones of a low-discrepancy sequence cover the ranges evenly too.
    cells : int
        Cells along each axis.
    """
    terms = terms_of(inputs, {name: column[:draws] for name, column in values.items()}, changes)
    points = (np.arange(cells) + 0.5) / cells
    names = list(inputs.spec.issues)
    grid = np.stack(np.meshgrid(points, points, indexing="ij"), axis=-1).reshape(-1, 2)
    count = len(terms.today)
    everywhere = terms.take(np.tile(np.arange(count), len(grid)))
    at = np.repeat(grid, count, axis=0)
    out = []
    for pair in combinations(range(len(names)), 2):
        low, high = everywhere.low.copy(), everywhere.high.copy()
        low[:, pair], high[:, pair] = np.maximum(low[:, pair], at), np.minimum(high[:, pair], at)
        zone = open_zones(replace(everywhere, low=low, high=high))
        share = zone.reshape(cells, cells, count).mean(axis=2)
        out.append(PairMap(names[pair[0]], names[pair[1]], points, share))
    return tuple(out)


def acceptances(
    inputs: Inputs, values: Mapping[str, Floats], base: tuple[InputChange, ...], *, draws: int, points: int
) -> tuple[Acceptance, ...]:
    """Return for each demand the chance of an open zone if it alone is insisted on, along its issue's axis."""
    few = {name: column[:draws] for name, column in values.items()}
    out = []
    for demand in inputs.demands:
        ends = inputs.spec.issues[inputs.spec.demands[demand].issue].ends
        curve = []
        for point in np.linspace(min(ends), max(ends), points).tolist():
            only = replace(NO_CHANGE, keep=(demand,), set={f"{demand}.at": point})
            zone = open_zones(terms_of(inputs, few, (*base, only)))
            curve.append((point, float(zone.mean())))
        out.append(Acceptance(demand, tuple(curve)))
    return tuple(out)
