"""The verdict rule: when a claim is supported, contradicted or open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LEAST_EPISODES, LEAST_POWER = 5, 0.5  # of the condition; of the test at two prior sds
LEVEL = 0.05  # of p, on each side
NEGLIGIBLE = 0.10  # on the log-rate scale
LEAST_SHARE, SURE, STEADY = 0.10, 0.975, 0.90  # of the first rule: V, and P in the base and in every variant


def claim_verdict(
    power: float, episodes: int, p_plus: float, p_minus: float, *, steady: bool, low: float, high: float
) -> str:
    """Apply the rule.

    Parameters
    ----------
    power : float
        Of the randomisation test, at two prior sds.
    episodes : int
        Of the claim's condition.
    p_plus, p_minus : float
        How seldom chance alone speaks as strongly for the claimed sign, or against it.
    steady : bool
        Whether the contrast has the same sign in every variant.
    low, high : float
        Central 90 % interval.

    Examples
    --------
    >>> [
    ...     claim_verdict(0.8, 12, p, 1 - p, steady=steady, low=0.1, high=0.5)
    ...     for p, steady in ((0.01, True), (0.01, False), (0.99, True))
    ... ]
    ['supported', 'silent', 'contradicted']
    >>> claim_verdict(0.3, 12, 0.01, 0.99, steady=True, low=0.1, high=0.5)
    'no power'
    >>> claim_verdict(0.8, 12, 0.4, 0.6, steady=True, low=-0.05, high=0.08)
    'negligible'
    """
    if power < LEAST_POWER or episodes < LEAST_EPISODES:
        return "no power"
    if p_plus <= LEVEL and steady:
        return "supported"
    if p_minus <= LEVEL and steady:
        return "contradicted"
    if low >= -NEGLIGIBLE and high <= NEGLIGIBLE:
        return "negligible"
    return "silent"


def first_verdict(
    chance: float, removed: float, episodes: int, steady: Sequence[float], low: float, high: float
) -> str:
    """Apply the first version of the rule, which had no stated size and hardly any power.

    It is shown beside the verdict in force, and pools over pairs still use it.

    Parameters
    ----------
    chance : float
        P, the posterior probability of the claimed sign.
    removed : float
        V, the share of the prior sd that events remove.
    episodes : int
    steady : sequence of float
        P under every variant.
    low, high : float
        Central 90 % interval.

    Examples
    --------
    >>> (
    ...     first_verdict(0.99, 0.5, 12, [0.95, 0.97], 0.1, 0.5),
    ...     first_verdict(0.99, 0.5, 12, [0.85, 0.97], 0.1, 0.5),
    ... )
    ('supported', 'silent')
    >>> first_verdict(0.99, 0.05, 12, [], 0.1, 0.5), first_verdict(0.6, 0.5, 12, [], -0.05, 0.08)
    ('not testable', 'negligible')
    """
    if episodes < LEAST_EPISODES or removed < LEAST_SHARE:
        return "not testable"
    if chance >= SURE and all(p >= STEADY for p in steady):
        return "supported"
    if 1 - chance >= SURE and all(1 - p >= STEADY for p in steady):
        return "contradicted"
    if low >= -NEGLIGIBLE and high <= NEGLIGIBLE:
        return "negligible"
    return "silent"


def false_chance(removed: float) -> float:
    """Return the chance that P leaves [.025, .975] where the truth is zero, by normal theory.

    The posterior mean of a true zero is normal with ``sqrt(1 - (1 - V) ** 2)`` of the posterior sd.

    Examples
    --------
    >>> round(false_chance(0.5), 3), round(false_chance(0.1), 5)
    (0.024, 1e-05)
    """
    spread = np.sqrt(1 - (1 - removed) ** 2)
    from scipy.special import ndtr, ndtri

    return float(2 * ndtr(ndtri(1 - SURE) / spread)) if spread > 0 else 0.0
