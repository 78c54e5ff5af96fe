"""Verdicts: what the events say of a claimed coefficient, by a rule fixed before any result was looked at.

The term's prior mean is set to zero and its sd kept; the events then have to bring the claimed sign by themselves.
`power` adds how seldom chance would bring it, and whether these events could show it at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.model.clocks import at_clocks, with_usual_grid
from detente.model.compiler import Shared, assemble
from detente.model.fit import Posterior, fit
from detente.model.known import Known
from detente.model.likelihood import sweep
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Prior
from detente.model.program import Coefficient, Design, Program, contrast
from detente.studies.claims.power import NEAR, Randomised
from detente.studies.claims.rule import claim_verdict, false_chance, first_verdict

_HALF = 1.6448536269514722  # of a central 90 % interval, in sd
POWER = 1.243  # prior sd over standard error at which two prior sds are found with probability .8: (1.645 + .842) / 2
FREE = "free dynamics"
_FREED = 10.0  # times the prior sd of how acts follow acts
_OFF = 1e-3  # sd of a prior that holds its coefficient


@dataclass(frozen=True)
class ContrastVariant:
    """The contrast once more, under another choice that nobody can prove wrong."""

    name: str
    value: float
    sd: float
    P: float


@dataclass(frozen=True)
class Judgement:
    """What events say of a contrast of coefficients.

    Attributes
    ----------
    terms : tuple of str
        ``mechanism.term``, a minus before those that count the other way.
    sign : str
        The claimed sign, ``+`` or ``-``.
    own_prior, own_posterior : (float, float)
        Mean and sd under the argument's own prior.
    value, sd : float
        Posterior with the prior mean at zero.
    low, high : float
        Its central 90 % interval.
    prior_sd : float
    V : float
        Share of the prior sd that events remove.
    P : float
        Posterior probability of the claimed sign.
    bayes_factor : float
        For the sign, prior odds one to one.
    episodes : int
    variants : tuple of ContrastVariant
    year : int
        The calendar year that moves the contrast most when left out.
    multiple : float
        How many times as long a chronicle like this would have to be for the rule to have its power.
    first_false_chance : float
        Chance that the first rule called a true zero supported or contradicted with what the events remove here.
    first_verdict : str
        By the rule's first version; see `rule.first_verdict`.
    test : Randomised or None
        The randomisation test; None where a contrast is only shown beside another, or pooled over pairs.
    of_sizes : bool
        Whether it speaks of how grave acts of force are, on the log odds of one more step, and not of how often they
        come.
    """

    terms: tuple[str, ...]
    sign: str
    own_prior: tuple[float, float]
    own_posterior: tuple[float, float]
    value: float
    sd: float
    low: float
    high: float
    prior_sd: float
    V: float
    P: float
    bayes_factor: float
    episodes: int
    variants: tuple[ContrastVariant, ...]
    year: int
    multiple: float
    first_false_chance: float
    first_verdict: str
    test: Randomised | None = None
    of_sizes: bool = False

    @property
    def steady(self) -> bool:
        """Whether the contrast has the same sign in every variant."""
        return all(v.value * self.value > 0 for v in self.variants)

    @property
    def verdict(self) -> str:
        """By the rule in force; by its first version where there is no test."""
        if self.test is None:
            return self.first_verdict
        test = self.test
        return claim_verdict(
            test.power,
            self.episodes,
            test.p_plus,
            test.p_minus,
            steady=self.steady,
            low=self.low,
            high=self.high,
        )

    @property
    def false_chance(self) -> float:
        """Chance that the row were called supported or contradicted without any effect; variants can only lower it."""
        if self.test is None or self.verdict == "no power":
            return 0.0
        return self.test.size_plus + self.test.size_minus


@dataclass(frozen=True)
class Fits:
    """One program fitted under every variant of the rule; contrasts of its terms are judged from these.

    Attributes
    ----------
    base : Posterior
        At the declared half-lives, under the argument's own priors.
    variants : mapping of str to Posterior
        Shared and channel-wise eras, free dynamics, the ends of each clock's grid.
    years : mapping of int to (score, information)
        What each calendar year added to the gradient and the expected information at the base's mode.
    design : Design
        The base's, which every change of priors leaves as it is.
    """

    base: Posterior
    variants: Mapping[str, Posterior]
    years: Mapping[int, tuple[Floats, Floats]]
    design: Design

    @classmethod
    def of(cls, argument: Argument, known: Known) -> Fits:
        """Fit an argument on what is known, under each variant."""
        plain = at_clocks(argument, argument.clocks.half_lives())
        shared = Shared()
        program = assemble(plain, known, shared)
        design = program.stacked_design()
        base = fit(program, design=design)
        variants = {
            name: fit(_with_eras(program, shared=one), start=base, tolerance=NEAR, design=design)
            for name, one in (("one level per era", True), ("eras by channel", False))
        }
        variants[FREE] = fit(_with_free_dynamics(program), start=base, tolerance=NEAR, design=design)
        declared = argument.clocks.half_lives()
        for clock, values in with_usual_grid(argument).clocks.grid.items():
            for days in sorted({min(values), max(values)} - {declared[clock]}):
                other = assemble(at_clocks(argument, declared | {clock: days}), known, shared)
                variants[f"{clock} clock {days:g} days"] = fit(other, start=base, tolerance=NEAR)
        return cls(base, variants, _by_year(base, design), design)

    def judge(self, terms: Sequence[str], sign: str, episodes: int) -> Judgement | None:
        """Judge a contrast of terms; None where the program has none of them.

        Parameters
        ----------
        terms : sequence of str
            ``mechanism.term``; a minus before one counts it the other way. Terms the program lacks are left out.
        sign : str
            The claimed sign of their mean, ``+`` or ``-``.
        episodes : int
            Of the claim's condition.
        """
        program = self.base.program
        weight = contrast(program, terms)
        if not weight.any():
            return None
        side = 1.0 if sign == "+" else -1.0
        own_sd = _sd(weight, np.diag(program.prior_sd**2))
        centred = without_means(program, weight != 0)
        at_zero = fit(centred, start=self.base, tolerance=NEAR, design=self.design)
        value, sd = float(weight @ at_zero.mean), _sd(weight, at_zero.covariance)
        chance = float(ndtr(side * value / sd))
        variants = [
            _shifted(name, posterior, weight, side, program) for name, posterior in self.variants.items()
        ]
        year, without = self._without_a_year(weight, side, value)
        variants.append(without)
        share = max(0.0, 1 - sd / own_sd)
        low, high = value - _HALF * sd, value + _HALF * sd
        return Judgement(
            tuple(terms),
            sign,
            (float(weight @ program.prior_mean), own_sd),
            (float(weight @ self.base.mean), _sd(weight, self.base.covariance)),
            value,
            sd,
            low,
            high,
            own_sd,
            share,
            chance,
            chance / max(1 - chance, 1e-12),
            episodes,
            tuple(variants),
            year,
            multiple(at_zero, weight),
            false_chance(share),
            first_verdict(chance, share, episodes, [v.P for v in variants if v.name != FREE], low, high),
        )

    def _without_a_year(self, weight: Floats, sign: float, value: float) -> tuple[int, ContrastVariant]:
        """Leave each year out by one Newton step from the fit; return the year that moves the contrast most."""
        scores, covers = self._left_out
        spread = covers @ weight
        values = weight @ self.base.mean + (spread * (_to_zero(self.base.program, weight) - scores)).sum(
            axis=1
        )
        sd = np.sqrt(spread @ weight)
        moved = np.abs(values - value) / sd
        most = int(np.argmax(moved))
        year = list(self.years)[most]
        chance = float(ndtr(sign * values[most] / sd[most]))
        return year, ContrastVariant(f"without {year}", float(values[most]), float(sd[most]), chance)

    @cached_property
    def _left_out(self) -> tuple[Floats, Floats]:
        """Each year's score, and the covariance without it, shapes (year, coefficient) and (year, coefficient ** 2)."""
        scores = np.array([score for score, _ in self.years.values()])
        information = np.array([part for _, part in self.years.values()])
        return scores, np.asarray(np.linalg.inv(self.base.precision - information))


def multiple(posterior: Posterior, weight: Floats) -> float:
    """Return how many times its days a chronicle would have to hold for prior sd over standard error to be two.

    All coefficients are learnt from the longer chronicle together: a term that goes with its neighbours stays hard to
    tell apart from them. Infinite where a million times would not do.
    """
    return multiple_of(posterior.precision, posterior.program.prior_sd, weight)


def multiple_of(precision: Floats, prior_sd: Floats, weight: Floats) -> float:
    """Return the same from a precision, the prior's included, and the prior sds of all coefficients."""
    information = precision - np.diag(1 / prior_sd**2)
    size, axes = np.linalg.eigh(information * np.outer(prior_sd, prior_sd))
    along = (axes.T @ (prior_sd * weight)) ** 2  # the contrast's prior variance, axis by axis

    def excess(log_times: float) -> float:
        return float(
            (along / (1 + np.exp(log_times) * np.maximum(size, 0))).sum() * (1 + POWER**2) - along.sum()
        )

    low, high = np.log(1e-3), np.log(1e6)
    return inf if excess(high) > 0 else float(np.exp(brentq(excess, low, high)))


def without_means(program: Program, chosen: Any) -> Program:
    """Return the program with the prior means of the chosen coefficients at zero and their sds as they are."""
    changed = [
        replace(c, prior=Prior(0.0, c.prior.sd)) if at else c
        for c, at in zip(program.coefficients, chosen, strict=True)
    ]
    return replace(program, coefficients=tuple(changed))


def _with_eras(program: Program, *, shared: bool) -> Program:
    """Return the program with one level per era and no deviations, or with levels by channel and no shared one."""

    def changed(c: Coefficient) -> Coefficient:
        if c.mechanism != "era":
            return c
        deviation = " " in c.term
        return replace(c, prior=Prior(0.0, _OFF if deviation == shared else 1.0))

    return replace(program, coefficients=tuple(changed(c) for c in program.coefficients))


def _to_zero(program: Program, weight: Floats) -> Floats:
    """Return how the gradient changes when the prior means of a contrast's coefficients go to zero."""
    return np.where(weight != 0, -program.prior_mean / program.prior_sd**2, 0.0)


def _with_free_dynamics(program: Program) -> Program:
    """Return the program with the priors ten times as wide that say how acts follow acts."""
    registry = mechanism_registry()

    def changed(c: Coefficient) -> Coefficient:
        known = registry.get(c.mechanism)
        if known is None or not known.dynamic:
            return c
        return replace(c, prior=Prior(c.prior.mean, _FREED * c.prior.sd))

    return replace(program, coefficients=tuple(changed(c) for c in program.coefficients))


def _shifted(name: str, posterior: Posterior, weight: Floats, sign: float, base: Program) -> ContrastVariant:
    """Judge a contrast under another fit, its priors brought to mean zero and the base's sds by one Newton step."""
    if len(weight) != len(posterior.mean):
        raise ValueError("a variant must have the coefficients of the base")
    own, program = weight != 0, posterior.program
    here, there = 1 / program.prior_sd**2, 1 / base.prior_sd**2
    covariance = posterior.covariance
    if (here[own] != there[own]).any():
        covariance = np.linalg.inv(posterior.precision + np.diag(np.where(own, there - here, 0.0)))
    pull = np.where(own, (posterior.mean - program.prior_mean) * here - posterior.mean * there, 0.0)
    value, sd = float(weight @ (posterior.mean + covariance @ pull)), _sd(weight, covariance)
    return ContrastVariant(name, value, sd, float(ndtr(sign * value / sd)))


def _sd(weight: Floats, covariance: Floats) -> float:
    return float(np.sqrt(weight @ covariance @ weight))


def _by_year(posterior: Posterior, stacked: Design) -> dict[int, tuple[Floats, Floats]]:
    """Return what each calendar year of the fitted days added to the gradient and to the expected information.

    A year of which no day is covered is left out.
    """
    program = posterior.program
    window, size = program.history.window, len(program.coefficients)
    edges = [
        window.start.replace(year=y, month=1, day=1)
        for y in range(window.start.year + 1, window.end.year + 1)
    ]
    bounds = [0, *(window.index(edge) for edge in edges if edge < window.end), window.days]
    years = [(window.start.year + i, a, b) for i, (a, b) in enumerate(itertools.pairwise(bounds)) if a < b]
    alpha = np.exp(posterior.log_alpha_mean)[program.channel_class]
    out = {year: (np.zeros(size), np.zeros((size, size))) for year, *_ in years}
    of_row, first, rows = stacked
    for c, (top, bottom) in enumerate(itertools.pairwise(first)):
        columns, design = of_row[top:bottom], rows[top:bottom]
        for year, a, b in years:
            counts = program.history.counts[c, a:b].astype(float)
            part = np.ascontiguousarray(design[:, a:b])
            _, score, information, _ = sweep(part, posterior.mode[columns], counts, alpha[c], True)
            out[year][0][columns] += score
            out[year][1][np.ix_(columns, columns)] += information
    return out
