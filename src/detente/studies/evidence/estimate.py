"""The effect of a row: a ratio of weighted means in exact cells, clustered by pair and by year."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.studies.evidence.sample import Flags, Measured, UnitSample


@dataclass(frozen=True)
class RowEffect:
    """An effect on the log scale.

    Attributes
    ----------
    effect : float
        Log ratio of rates, chances or odds; NaN where nothing can be compared.
    error : float
        Standard error, clustered by pair and by year.
    treated, control : float
        Weighted means of both.
    """

    effect: float
    error: float
    treated: float
    control: float


def weights_of(episode: Flags, cell: Ints) -> Floats:
    """Return the weight of each row.

    In a cell of n1 episodes and n0 controls, n of both, an episode weighs n0 / n and a control n1 / n.

    Examples
    --------
    >>> weights_of(np.array([True, False, False, True]), np.array([0, 0, 0, 1])).round(2).tolist()
    [0.67, 0.33, 0.33, 0.0]
    """
    size = int(cell.max(initial=-1)) + 1
    n1 = np.bincount(cell, weights=episode, minlength=size)
    n0 = np.bincount(cell, weights=~episode, minlength=size)
    n = np.maximum(n1 + n0, 1)
    return np.asarray(np.where(episode, (n0 / n)[cell], (n1 / n)[cell]))


def estimate(sample: UnitSample, counted: Measured | None = None, *, keep: Flags | None = None) -> RowEffect:
    r"""Return the effect of a row on its outcome, or on another measure of its units.

    Parameters
    ----------
    sample : UnitSample
    counted : Measured, optional
        The measure; the outcome if none is given.
    keep : ndarray of bool, shape (unit,), optional
        The units that count.

    Notes
    -----
    With weights :math:`w` the means are :math:`m_g = \sum_g w y / \sum_g w e` over episodes and controls,
    the effect is :math:`\log m_1 - \log m_0`, or the difference of their logits for odds. A unit's influence is
    :math:`\pm w (y - m_g e) / \sum_g w y` (for odds over :math:`\sum_g w e \, m_g (1 - m_g)`), and the variance the sum
    of squared sums of influence within pairs, plus within years, less within both.
    """
    measure = sample.outcome if counted is None else counted
    rows, episode, cell = sample.rows, sample.episode, sample.cell
    usable = measure.exposure[rows] > 0
    if keep is not None:
        usable &= keep[rows]
    rows, episode, cell = rows[usable], episode[usable], cell[usable]
    weight = weights_of(episode, cell)
    y, e = measure.count[rows], measure.exposure[rows]
    sums = np.array([[(weight * v)[g].sum() for v in (y, e)] for g in (episode, ~episode)])
    if sums[:, 1].min() <= 0:
        return RowEffect(np.nan, np.nan, np.nan, np.nan)
    means = sums[:, 0] / sums[:, 1]
    odds = sample.odds and counted is None
    if sums[:, 0].min() <= 0 or (odds and means.max() >= 1):
        return RowEffect(np.nan, np.nan, float(means[0]), float(means[1]))
    scale = sums[:, 1] * means * (1 - means) if odds else sums[:, 0]
    mean, unit_scale = (np.where(episode, v[0], v[1]) for v in (means, scale))
    influence = np.where(episode, 1, -1) * weight * (y - mean * e) / unit_scale
    effect = log(means[0] / means[1]) - (log((1 - means[0]) / (1 - means[1])) if odds else 0.0)
    variance = clustered(influence, sample.pair[rows], sample.year[rows])
    return RowEffect(effect, variance**0.5, float(means[0]), float(means[1]))


def clustered(influence: Floats, pair: Ints, year: Ints) -> float:
    """Return the variance of a sum of influences, clustered by pair and by year; at least the larger one-way variance.

    Examples
    --------
    >>> clustered(
    ...     np.array([1.0, 1.0, -2.0]), np.array([[2, 40], [2, 40], [2, 70]]), np.array([1950, 1951, 1950])
    ... )
    8.0
    """
    pairs = pair[:, 0] * 1000 + pair[:, 1]
    both = pairs * 10_000 + year
    by_pair, by_year, by_both = (_squares(influence, key) for key in (pairs, year, both))
    return max(by_pair + by_year - by_both, by_pair, by_year)


def _squares(influence: Floats, key: Ints) -> float:
    group = np.unique(key, return_inverse=True)[1]
    return float((np.bincount(group, weights=influence) ** 2).sum())
