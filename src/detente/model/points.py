"""Posteriors as points of equal mass: each stands for a slice, and a future draws one of them."""

from __future__ import annotations

import numpy as np

from detente.base.arrays import Floats, Ints

POINTS = 256
"""How many points stand for a posterior."""


def gamma_points(shape: float, exposure: float) -> Floats:
    """Return the middles of `POINTS` slices of equal mass of a gamma law, shape (point,), ascending.

    Parameters
    ----------
    shape : float
        What was counted, and the prior's count.
    exposure : float
        The days or the like in which it was.

    Examples
    --------
    >>> points = gamma_points(4.0, 2.0)
    >>> len(points), round(float(points.mean()), 2)
    (256, 2.0)
    """
    from scipy.special import gammaincinv

    return np.asarray(gammaincinv(shape, (np.arange(POINTS) + 0.5) / POINTS) / exposure)


def rows_of_equal_mass(log_mass: Floats) -> Ints:
    """Return the rows of a grid at the middles of `POINTS` slices of equal mass, shape (point,).

    Parameters
    ----------
    log_mass : ndarray of shape (row,)
        Up to a constant.

    Examples
    --------
    >>> rows = rows_of_equal_mass(np.log([1.0, 3.0]))
    >>> [int((rows == row).sum()) for row in (0, 1)]
    [64, 192]
    """
    total = np.cumsum(np.exp(log_mass - log_mass.max()))
    at = np.searchsorted(total, (np.arange(POINTS) + 0.5) / POINTS * total[-1])
    return np.asarray(np.minimum(at, len(log_mass) - 1), dtype=np.int64)
