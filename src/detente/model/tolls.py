"""How many an act kills that kills at all: one law for single acts, another in hostilities, both learnt with doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.base.arrays import Floats
from detente.model.points import rows_of_equal_mass

SINGLE_EXPONENT = (
    1.0,
    0.34,
)  # .71, disputes short of war, and 1.4, terrorist attacks, are one sd of the log away
MANY = 1_000
SINGLE_MANY = 1e-4, 1.0  # chance that a single deadly act kills a thousand: median, and sd of the log
HOSTILITIES_EXPONENT = 0.59, 0.185  # .49, wars, and .71, disputes short of war, are one sd of the log away
_EXPONENTS = np.exp(np.linspace(np.log(0.1), np.log(4.0), 241))
_MANY = np.exp(np.linspace(np.log(1e-6), np.log(1e-2), 81))
_STEPS = np.unique(np.round(np.geomspace(1, 1_000_000, 400)))  # deaths between which means are summed
_NO_TAPER = np.inf


@dataclass(frozen=True, eq=False)
class Tolls:
    """The posterior of the two laws of tolls, as points of equal mass.

    Of a single act that kills, ``P(deaths >= k) = k ** -a * exp(-(k - 1) / taper)``; of one in hostilities
    ``P(deaths >= k) = k ** -b``; k = 1, 2, ...

    Attributes
    ----------
    single : ndarray of shape (point, 2)
        ``a``, and the taper in deaths (inf: none).
    hostilities : ndarray of shape (point,)
        ``b``.

    Examples
    --------
    >>> tolls = learn_tolls([1, 2, 5, 30, 3], [4, 90])
    >>> tolls.expected_log(hostilities=True) > tolls.expected_log(hostilities=False)
    True
    """

    single: Floats
    hostilities: Floats

    @classmethod
    def of(cls, exponent: float, taper: float = _NO_TAPER, hostilities: float | None = None) -> Tolls:
        """Return laws known without doubt; in hostilities the same exponent unless another is given."""
        other = exponent if hostilities is None else hostilities
        return cls(np.array([[exponent, taper]]), np.array([other]))

    def expected_log(self, *, hostilities: bool) -> float:
        """Return the mean of ``log1p(deaths)`` of an act that kills, over the posterior."""
        return self._expected_logs[hostilities]

    @cached_property
    def _expected_logs(self) -> tuple[float, float]:
        """The means of both laws; the tail is summed in steps that grow with it."""
        lower = _STEPS[:-1]
        gain, k = np.log1p(_STEPS[1:] - 1) - np.log1p(lower - 1), np.sqrt(lower * (_STEPS[1:] - 1))
        fall = np.outer(1 / self.single[:, 1], k - 1)
        single, hostile = (
            np.outer(exponent, np.log(k)) for exponent in (self.single[:, 0], self.hostilities)
        )
        return float((np.exp(-single - fall) @ gain).mean()), float((np.exp(-hostile) @ gain).mean())


def learn_tolls(single: Sequence[float], hostilities: Sequence[float]) -> Tolls:
    """Learn both laws from the tolls of acts that killed.

    Parameters
    ----------
    single, hostilities : sequence of float
        Deaths, 1 or more, of acts outside hostilities, and of acts on days on which they held.

    Returns
    -------
    Tolls

    Notes
    -----
    The prior of a single act's law stands on its exponent, between those of deaths a dispute short of war and of deaths
    a terrorist attack ([clauset2007]), and on the chance that it kills a thousand: of 13,274 deadly attacks of 1968 to
    2007 one did ([clauset2013]), and acts of states may differ from these by a factor of e either way. The taper
    follows from both. In hostilities the exponent lies between those of deaths a war and of deaths a dispute short of
    war: the sum of many such tolls has the tail of one.
    """
    exponent, many = (grid.ravel() for grid in np.meshgrid(_EXPONENTS, _MANY, indexing="ij"))
    left = -np.log(many) - exponent * np.log(MANY)  # what is left for the taper to do at a thousand
    taper = np.where(left > 0, (MANY - 1) / np.where(left > 0, left, 1.0), _NO_TAPER)
    log_post = _normal(np.log(exponent), SINGLE_EXPONENT) + _normal(np.log(many), SINGLE_MANY)
    log_post += _log_likelihood(exponent, taper, np.asarray(single, float))
    # An exponent under which a thousand is rarer than the second number says leaves nothing to taper: drop it.
    log_post = np.where(left > 0, log_post, -np.inf)
    points = np.stack([exponent, taper], axis=1)[rows_of_equal_mass(log_post)]
    wars = _normal(np.log(_EXPONENTS), HOSTILITIES_EXPONENT)
    wars += _log_likelihood(_EXPONENTS, np.full(len(_EXPONENTS), _NO_TAPER), np.asarray(hostilities, float))
    return Tolls(points, _EXPONENTS[rows_of_equal_mass(wars)])


def _normal(log_value: Floats, prior: tuple[float, float]) -> Floats:
    return np.asarray(-0.5 * ((log_value - np.log(prior[0])) / prior[1]) ** 2)


def _log_likelihood(exponent: Floats, taper: Floats, deaths: Floats) -> Floats:
    """Return the log likelihood of tolls under each pair of exponent and taper, shape (pair,)."""
    out = np.zeros(len(exponent))
    for d in deaths:
        here = -exponent * np.log(d) - (d - 1) / taper
        next_ = -exponent * np.log(d + 1) - d / taper
        out += here + np.log(-np.expm1(next_ - here))
    return out
