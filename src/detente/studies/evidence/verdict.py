"""The verdict of a row, its power and what an unmeasured cause would have to be."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log, sqrt
from statistics import NormalDist

SIZE = 0.05
TRIED_RATIO = 1.5  # against which power is stated
LEAST_POWER = 0.5
WANTED_POWER = 0.8  # at which the minimum detectable effect is stated
NEGLIGIBLE = (0.8, 1.25)
LEADS_LEVEL = 0.05
Z90 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Tested:
    """What decides a verdict; the effect is a ratio, its claimed side above 1 for ``+``."""

    effect: float
    low: float
    high: float
    sd: float
    power: float
    mde: float
    verdict: str


def power_of(sd: float, ratio: float = TRIED_RATIO) -> float:
    """Return the chance that a ratio on the claimed side passes the one-sided test.

    Examples
    --------
    >>> round(power_of(0.122), 2), round(power_of(0.28), 2)
    (0.95, 0.42)
    """
    return 0.5 * (1 + erf((log(ratio) / sd - Z90) / sqrt(2)))


def mde_of(sd: float) -> float:
    """Return the ratio that is found with probability .8.

    Examples
    --------
    >>> round(mde_of(0.28), 2)
    2.01
    """
    return exp((Z90 + NormalDist().inv_cdf(WANTED_POWER)) * sd)


def judge(log_effect: float, sd: float, p_for: float, p_against: float, leads_p: float | None) -> Tested:
    """Return the verdict of a row, in the order of the protocol.

    Parameters
    ----------
    log_effect, sd : float
    p_for, p_against : float
        Of the randomisation test on the claimed side and on the other.
    leads_p : float or None
        Of the placebo leads.

    Examples
    --------
    >>> judge(0.6, 0.15, 0.001, 1.0, 0.4).verdict, judge(0.6, 0.15, 0.001, 1.0, 0.02).verdict
    ('holds elsewhere', 'not credible')
    """
    low, high = exp(log_effect - Z90 * sd), exp(log_effect + Z90 * sd)
    power = power_of(sd)
    if leads_p is not None and leads_p <= LEADS_LEVEL:
        verdict = "not credible"
    elif power < LEAST_POWER:
        verdict = "no power"
    elif p_for <= SIZE:
        verdict = "holds elsewhere"
    elif p_against <= SIZE:
        verdict = "contradicted elsewhere"
    elif NEGLIGIBLE[0] < low and high < NEGLIGIBLE[1]:
        verdict = "negligible elsewhere"
    else:
        verdict = "silent elsewhere"
    return Tested(exp(log_effect), low, high, sd, power, mde_of(sd), verdict)


def e_value(ratio: float, *, odds: bool = False) -> float:
    """Return how strongly an unmeasured cause would have to go with both episode and outcome to make up a ratio.

    A ratio of odds of a common outcome is first turned into one of chances by its square root. Source: vanderweele2017.

    Examples
    --------
    >>> round(e_value(2.0), 2), round(e_value(0.5), 2), e_value(1.0)
    (3.41, 3.41, 1.0)
    """
    ratio = sqrt(ratio) if odds else ratio
    ratio = max(ratio, 1 / ratio)
    return ratio + sqrt(ratio * (ratio - 1))


def e_value_of_limit(low: float, high: float, *, odds: bool = False) -> float:
    """Return the E-value of the limit of an interval nearest to 1; 1 if the interval holds 1.

    Examples
    --------
    >>> e_value_of_limit(0.9, 3.0), round(e_value_of_limit(1.5, 3.0), 2)
    (1.0, 2.37)
    """
    return 1.0 if low <= 1 <= high else e_value(low if low > 1 else high, odds=odds)
