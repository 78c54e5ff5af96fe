"""The verdict rule: when a claim is supported, contradicted or open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LEAST_EPISODES, LEAST_SHARE = 5, 0.10  # of the condition; of the prior sd that events remove
SURE, STEADY = 0.975, 0.90
NEGLIGIBLE = 0.10  # on the log-rate scale


def claim_verdict(
    chance: float, removed: float, episodes: int, steady: Sequence[float], low: float, high: float
) -> str:
    """Apply the rule.

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
    ...     claim_verdict(0.99, 0.5, 12, [0.95, 0.97], 0.1, 0.5),
    ...     claim_verdict(0.99, 0.5, 12, [0.85, 0.97], 0.1, 0.5),
    ... )
    ('supported', 'silent')
    >>> claim_verdict(0.99, 0.05, 12, [], 0.1, 0.5), claim_verdict(0.6, 0.5, 12, [], -0.05, 0.08)
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
