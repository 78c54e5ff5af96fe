"""The prior of half-lives, laid on a grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Spread of the log half-life around its declared median: fast from three data sets, the others hardly known.
PRIOR_SD_LOG = {"fast": 0.5, "slow": 1.0, "generational": 1.0}


def log_prior_mass(clock: str, median: float, half_lives: Sequence[float]) -> list[float]:
    """Return the log prior mass of each half-life's cell, up to a constant.

    Parameters
    ----------
    clock : str
    median : float
        The declared half-life, in days.
    half_lives : sequence of float
        Those tried, in days, ascending and distinct.

    Returns
    -------
    list of float
        One for each half-life, in nats.

    Notes
    -----
    The prior is normal in the log half-life. A grid stands for the integral from its first half-life to its last by the
    trapezoidal rule: each point is weighed by its density times its cell, which reaches half-way, in the log, to its
    neighbours; the first and the last have no cell beyond the grid. So masses do not depend on where points crowd.

    Examples
    --------
    >>> mass = np.exp(log_prior_mass("fast", 14.0, (7.0, 14.0, 21.0, 30.0)))
    >>> [round(float(share), 3) for share in mass / mass.sum()]
    [0.131, 0.543, 0.271, 0.055]
    """
    if len(half_lives) == 1:
        return [0.0]
    place = np.log(np.array(half_lives) / median)
    ends = np.concatenate([place[:1], (place[1:] + place[:-1]) / 2, place[-1:]])
    masses = np.log(np.diff(ends)) - 0.5 * (place / PRIOR_SD_LOG[clock]) ** 2
    return [float(mass) for mass in masses]
