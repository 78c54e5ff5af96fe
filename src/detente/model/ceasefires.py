"""How soon hostilities end by a ceasefire: a hazard learnt from how long wars last, and from those on record."""

from __future__ import annotations

from collections.abc import Sequence

from detente.base.arrays import Floats
from detente.model.points import gamma_points

PRIOR_CEASEFIRES, PRIOR_DAYS = (
    1.0,
    92.0,
)  # wars last 14, 92 and 1,005 days (quantiles .1, .5, .9); this prior: 10, 92, 828


def learn_ceasefires(days: Sequence[int], ended: Sequence[bool]) -> Floats:
    """Learn the hazard of a ceasefire from the hostilities on record.

    Parameters
    ----------
    days : sequence of int
        How long each lasted, or has lasted.
    ended : sequence of bool
        Whether a truce ended it.

    Returns
    -------
    ndarray of shape (point,)
        Ceasefires a day: points of equal mass of a gamma posterior, ascending.

    Notes
    -----
    Under the prior the days from outbreak to ceasefire have the survival function ``1 / (1 + days / 92)``. Each day of
    hostilities on record adds a day to the exposure, each truce one to the count.

    Examples
    --------
    >>> none, two = learn_ceasefires([], []), learn_ceasefires([5, 39], [True, True])
    >>> [round(float(1 / hazard.mean())) for hazard in (none, two)]
    [92, 45]
    """
    return gamma_points(PRIOR_CEASEFIRES + sum(ended), PRIOR_DAYS + sum(days))
