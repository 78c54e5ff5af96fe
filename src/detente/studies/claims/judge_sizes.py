"""Verdicts on how grave acts of force are, by the same rule as on how often they come."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
from scipy.special import ndtr

from detente.base.arrays import Floats
from detente.base.random import Stream, generator
from detente.studies.claims import power
from detente.studies.claims.judge import FREE, ContrastVariant, Judgement, multiple_of
from detente.studies.claims.power import EFFECT, Randomised, tested
from detente.studies.claims.shifts import SHIFTS
from detente.studies.claims.sizes import Ladder, SizeFit, SizeTest, fit_sizes

_HALF = 1.6448536269514722  # of a central 90 % interval, in sd
_FREED = 10.0  # times the prior sd of what else predicts a size


def judge_sizes(ladder: Ladder, of_rates: Judgement) -> Judgement:
    """Judge a contrast of sizes.

    Parameters
    ----------
    ladder : Ladder
    of_rates : Judgement
        What the same terms say of how often acts come: the claim's terms, sign and episodes, and its verdict under the
        first version of the rule, which knew no sizes.

    Returns
    -------
    Judgement
        On the log odds of one more step.
    """
    weight, side = ladder.weight, 1.0 if of_rates.sign == "+" else -1.0
    at_zero = fit_sizes(ladder)
    value, sd = at_zero.contrast(weight)
    own_sd = float(np.sqrt(weight**2 @ ladder.prior_sd**2))

    def variant(name: str, other: Ladder) -> ContrastVariant:
        there, spread = fit_sizes(other).contrast(weight)
        return ContrastVariant(name, there, spread, float(ndtr(side * there / spread)))

    years = [variant(f"without {year}", ladder.without(int(year))) for year in np.unique(ladder.year)]
    most = max(years, key=lambda v: abs(v.value - value) / v.sd)
    variants = (
        variant("levels by era", ladder.by_era()),
        variant(FREE, replace(ladder, given_sd=_FREED * ladder.given_sd)),
        most,
    )
    chance = float(ndtr(side * value / sd))
    return replace(
        of_rates,
        own_prior=(float(weight @ ladder.prior_mean), own_sd),
        own_posterior=fit_sizes(ladder, own_mean=True).contrast(weight),
        value=value,
        sd=sd,
        low=value - _HALF * sd,
        high=value + _HALF * sd,
        prior_sd=own_sd,
        V=max(0.0, 1 - sd / own_sd),
        P=chance,
        bayes_factor=chance / max(1 - chance, 1e-12),
        variants=variants,
        year=int(most.name.removeprefix("without ")),
        multiple=_multiple(at_zero, ladder),
        of_sizes=True,
    )


def randomise_sizes(ladder: Ladder, sign: str, *, seed: int, chronicles: int | None = None) -> Randomised:
    """Test a contrast of sizes against shifts of its features among the acts.

    Parameters
    ----------
    ladder : Ladder
    sign : str
        The claimed sign, ``+`` or ``-``.
    seed : int
    chronicles : int, optional
        How many are simulated for each figure, `CHRONICLES` by default: the acts as they came, with other sizes.
    """
    side, test = 1.0 if sign == "+" else -1.0, SizeTest.of(ladder, seed)

    def simulated(effect: float, which: int, shifts: int = SHIFTS) -> Floats:
        noise = generator(seed, Stream.CHRONICLES, which)
        return side * test.statistics(
            test.simulate(side * effect, chronicles or power.CHRONICLES, noise), shifts
        )

    effect = EFFECT * float(np.sqrt(ladder.weight**2 @ ladder.prior_sd**2))
    return tested(side * test.statistics(ladder.height[None]), simulated, effect)


def _multiple(fit: SizeFit, ladder: Ladder) -> float:
    """Return how many times as many acts it would take; see `judge.multiple_of`."""
    k = len(ladder.weight)
    weight = np.zeros(len(fit.mode))
    weight[-k:] = ladder.weight
    return multiple_of(fit.precision, ladder.prior_sds, weight) if weight.any() else inf
