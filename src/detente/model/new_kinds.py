"""How likely the next act of a class is of a new kind, learnt from how often its acts have been."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats

DISCOUNTS = np.arange(19) * 0.05
STRENGTHS = np.geomspace(0.1, 300.0, 25)


@dataclass(frozen=True, eq=False)
class NewKinds:
    """The posterior of a Pitman-Yor process over pairs of discount and strength.

    Attributes
    ----------
    discount, strength, mass : ndarray of shape (pair,)
    """

    discount: Floats
    strength: Floats
    mass: Floats

    def chance(self, kinds: int, acts: int) -> float:
        """Return the chance that the next act is of a new kind, after so many acts of so many kinds.

        Notes
        -----
        ``(strength + discount * kinds) / (strength + acts)`` ([pitman1997]), its mean over the posterior; 1 before the
        first act.
        """
        if not acts:
            return 1.0
        new = (self.strength + self.discount * kinds) / (self.strength + acts)
        return float(self.mass @ new)


def learn_new_kinds(pools: Sequence[Sequence[int]]) -> NewKinds:
    """Learn how often acts are of new kinds from how often each kind occurred.

    Parameters
    ----------
    pools : sequence of sequence of int
        For each class the number of acts of each kind it has shown; the order in which they came does not matter.

    Returns
    -------
    NewKinds
        Flat priors on the discount and on the log of the strength, shared by all classes.

    Examples
    --------
    >>> every_act_new, two_kinds = learn_new_kinds([[1] * 40]), learn_new_kinds([[20, 20]])
    >>> round(every_act_new.chance(40, 40), 1), round(two_kinds.chance(2, 40), 2)
    (0.9, 0.01)
    """
    discount, strength = (grid.ravel() for grid in np.meshgrid(DISCOUNTS, STRENGTHS, indexing="ij"))
    log_mass = np.zeros(len(discount))
    for pool in pools:
        if not pool:
            continue
        seen, acts = len(pool), sum(pool)
        first = np.arange(1, seen)
        log_mass += np.log(strength[:, None] + discount[:, None] * first).sum(axis=1)
        log_mass -= _log_gamma(strength + acts) - _log_gamma(strength + 1)
        for size, times in Counter(pool).items():
            log_mass += times * (_log_gamma(size - discount) - _log_gamma(1 - discount))
    mass = np.exp(log_mass - log_mass.max())
    return NewKinds(discount, strength, mass / mass.sum())


def _log_gamma(values: Floats) -> Floats:
    return np.array([math.lgamma(value) for value in values])
