"""Points of a Sobol sequence, and the indices of influence estimated from them, without loading SciPy's statistics."""

from __future__ import annotations

from importlib import resources
from itertools import islice

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Floats

_BITS = 30
_LARGEST = 1024  # dimensions in `data/sobol/directions.txt`


def sobol_points(exponent: int, dimensions: int) -> Floats:
    """Return the first ``2**exponent`` points of a Sobol sequence, shape (point, dimension), each coordinate in [0, 1).

    Notes
    -----
    Point n is the exclusive or of the direction numbers at the bits of n's Gray code. The direction numbers are those
    of [joe2008], so the points are SciPy's; SciPy makes them itself where there are more than 1,024 dimensions.

    Examples
    --------
    >>> sobol_points(2, 2).tolist()
    [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]
    """
    if dimensions > _LARGEST:
        from scipy.stats import qmc

        return np.asarray(qmc.Sobol(dimensions, scramble=False).random_base2(exponent))
    directions = _directions(dimensions)
    points = np.zeros((1, dimensions), dtype=np.int64)
    for bit in range(exponent):
        # In the order of Gray codes the second half is the first one backwards, with one bit more.
        points = np.concatenate([points, points[::-1] ^ directions[bit]])
    return np.ldexp(points, -_BITS)


def _directions(dimensions: int) -> npt.NDArray[np.int64]:
    """Return the direction numbers, shape (bit, dimension)."""
    out = np.empty((_BITS, dimensions), dtype=np.int64)
    out[:, :1] = 1
    text = (resources.files("detente") / "data" / "sobol" / "directions.txt").read_text(encoding="ascii")
    rows = (line for line in text.splitlines() if not line.startswith("#"))
    for j, row in enumerate(islice(rows, max(dimensions - 1, 0)), start=1):
        polynomial, *numbers = map(int, row.split())
        degree = len(numbers)
        for bit in range(degree, _BITS):
            following = numbers[bit - degree]
            for k in range(1, degree + 1):
                if polynomial >> (degree - k) & 1:
                    following ^= numbers[bit - k] << k
            numbers.append(following)
        out[:, j] = numbers
    return out << np.arange(_BITS - 1, -1, -1)[:, None]


def sobol_indices(f_a: Floats, f_b: Floats, f_ab: Floats) -> tuple[Floats, Floats]:
    """Return the first-order and the total index of each input, both of shape (input,).

    Parameters
    ----------
    f_a, f_b : ndarray of shape (point,)
        A function at two independent sets of points; not constant.
    f_ab : ndarray of shape (input, point)
        The function at the first set, with one input taken from the second.

    Notes
    -----
    The estimators of [saltelli2010], after the mean has been taken off: the mean of f_b · (f_ab − f_a), and half of
    the mean of (f_a − f_ab)², as shares of the variance over both sets.

    Examples
    --------
    >>> a, b = sobol_points(10, 4)[:, :2], sobol_points(10, 4)[:, 2:]
    >>> mixed = np.array([3 * b[:, 0] + a[:, 1], 3 * a[:, 0] + b[:, 1]])
    >>> first, total = sobol_indices(3 * a[:, 0] + a[:, 1], 3 * b[:, 0] + b[:, 1], mixed)
    >>> first.round(1).tolist(), total.round(1).tolist()
    ([0.9, 0.1], [0.9, 0.1])
    """
    both = np.stack([f_a, f_b])
    both, f_ab = both - both.mean(), f_ab - both.mean()
    variance = both.var()
    first = np.mean(both[1] * (f_ab - both[0]), axis=-1) / variance
    total = 0.5 * np.mean((both[0] - f_ab) ** 2, axis=-1) / variance
    return first, total
