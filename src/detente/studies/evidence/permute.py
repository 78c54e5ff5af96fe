"""How far an effect strays when labels are drawn again, and whether the placebo leads are zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.studies.evidence.estimate import RowEffect
from detente.studies.evidence.sample import Flags, UnitSample


@dataclass(frozen=True)
class Permuted:
    """What draws of labels say of an effect.

    Attributes
    ----------
    draws : int
    spread : float
        Sd of the effect over draws; 0 where no draw differs, and then nothing can be said.
    p_for, p_against : float
        Shares of draws, the data counted in, at least as far on the claimed side, and on the other.
    leads_p : float or None
        Of all placebo leads being zero; None if no lead can be computed.
    """

    draws: int
    spread: float
    p_for: float
    p_against: float
    leads_p: float | None


def permute(
    sample: UnitSample,
    found: RowEffect,
    sign: str,
    *,
    draws: int,
    noise: np.random.Generator,
    tell: Callable[[int], None] | None = None,
) -> Permuted:
    """Draw labels again and compare.

    The effect is divided by the larger of its clustered error and the spread of draws, each draw by that spread.

    Parameters
    ----------
    sample : UnitSample
    found : RowEffect
        Of the data.
    sign : {"+", "-"}
        The claimed direction.
    draws : int
    noise : numpy.random.Generator
    tell : callable, optional
        Called with the number of draws made.
    """
    columns = _columns(sample)
    effects, leads = np.empty(draws), np.empty((draws, len(sample.leads)))
    for i, (rows, episode, cell) in enumerate(sample.draw(noise, draws)):
        means = weighted_means(columns, rows, episode, cell)
        effects[i] = _effect(means[0], odds=sample.odds)
        leads[i] = means[1:, 0] - means[1:, 1]
        if tell is not None:
            tell(i + 1)
    kept = effects[np.isfinite(effects)]
    spread = float(kept.std(ddof=1)) if len(kept) > 1 else 0.0
    if spread == 0:
        return Permuted(len(kept), spread, 1.0, 1.0, None)
    direction = 1 if sign == "+" else -1
    z = direction * found.effect / max(spread, found.error)
    drawn = direction * kept / spread
    p_for = float((1 + (drawn >= z).sum()) / (1 + len(kept)))
    p_against = float((1 + (drawn <= z).sum()) / (1 + len(kept)))
    own = weighted_means(columns, sample.rows, sample.episode, sample.cell)
    return Permuted(len(kept), spread, p_for, p_against, _joint(own[1:, 0] - own[1:, 1], leads))


def _columns(sample: UnitSample) -> Floats:
    """Return count and exposure of the outcome and of each lead, shape (2 * measure, unit)."""
    measures = [sample.outcome, *(lead for _, _, lead in sample.leads)]
    return np.array([values for m in measures for values in (m.count, m.exposure)])


def weighted_means(columns: Floats, rows: Ints, episode: Flags, cell: Ints) -> Floats:
    """Return the weighted mean of each measure over episodes and over controls, shape (measure, 2).

    Parameters
    ----------
    columns : ndarray of shape (2 * measure, unit)
        Count and exposure in turn.
    rows : ndarray of shape (row,)
    episode : ndarray of bool, shape (row,)
    cell : ndarray of shape (row,)
    """
    size = int(cell.max(initial=-1)) + 1
    n1 = np.bincount(cell, weights=episode, minlength=size)
    n = np.bincount(cell, minlength=size)
    share = n1 / np.maximum(n, 1)
    weight = np.where(episode, (1 - share)[cell], share[cell])
    values = columns[:, rows]
    treated = values[:, episode] @ weight[episode]
    control = values[:, ~episode] @ weight[~episode]
    sums = np.stack([treated, control], axis=1).reshape(-1, 2, 2)  # measure, (count, exposure), group
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def _effect(means: Floats, *, odds: bool) -> float:
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.log(means / (1 - means)) if odds else np.log(means)
        return float(scaled[0] - scaled[1])


def _joint(own: Floats, drawn: Floats) -> float | None:
    """Return the share of draws whose leads are at least as far from zero, in the metric of all draws."""
    usable = np.isfinite(own) & np.isfinite(drawn).all(axis=0)
    usable &= drawn.std(axis=0) > 0
    if not usable.any():
        return None
    own, drawn = own[usable], drawn[:, usable]
    metric = np.linalg.pinv(np.atleast_2d(np.cov(drawn, rowvar=False)))
    far = np.einsum("di,ij,dj->d", drawn, metric, drawn)
    return float((1 + (far >= own @ metric @ own).sum()) / (1 + len(drawn)))
