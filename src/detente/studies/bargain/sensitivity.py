"""Which uncertain inputs the zone hangs on: Sobol indices of the margin over all inputs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats
from detente.studies.bargain.inputs import InputChange, Inputs, low_discrepancy, terms_of
from detente.studies.bargain.sobol import sobol_indices
from detente.studies.bargain.zone import margins


@dataclass(frozen=True)
class Influence:
    """How much of the margin's variance an input explains.

    Attributes
    ----------
    name, because : str
        The input and the source of its range.
    range : tuple of float
    alone : float
        First-order index: the share of variance that goes if this input were known.
    total : float
        Total index: the share that stays if all but this input were known.
    """

    name: str
    because: str
    range: tuple[float, ...]
    alone: float
    total: float


def influences(
    inputs: Inputs, changes: tuple[InputChange, ...], *, points: int, seed: int
) -> tuple[Influence, ...]:
    """Return every uncertain input with its Sobol indices, the largest total first.

    Parameters
    ----------
    points : int
        Base points, a power of 2; the margin is evaluated ``points · (inputs + 2)`` times.

    Notes
    -----
    Estimators of [saltelli2010]. Indices are shares of variance; estimates may stray below 0 or
    above 1 by sampling error. Empty if nothing varies.
    """
    names = inputs.uncertain
    if not names:
        return ()
    both = low_discrepancy(points, 2 * len(names), seed)
    a, b = both[:, : len(names)], both[:, len(names) :]

    def margin(quantiles: Floats) -> Floats:
        return margins(terms_of(inputs, inputs.values(quantiles), changes))

    f_ab = np.empty((len(names), points))
    for j in range(len(names)):
        mixed = a.copy()
        mixed[:, j] = b[:, j]
        f_ab[j] = margin(mixed)
    f_a, f_b = margin(a), margin(b)
    if np.ptp(np.concatenate([f_a, f_b])) < 1e-12:
        return ()
    first, total = sobol_indices(f_a, f_b, f_ab)
    rows = [
        Influence(name, inputs.because[name], inputs.ranges[name], float(first[j]), float(total[j]))
        for j, name in enumerate(names)
    ]
    return tuple(sorted(rows, key=lambda row: -row.total))
