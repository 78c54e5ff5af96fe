"""How often a verdict's test is right: its size without the claimed effect, its power with it, what it could find."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import pairwise
from math import exp, inf, isfinite, log
from typing import Any, Protocol

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.errors import FitError
from detente.base.random import Stream, generator
from detente.model.fit import Posterior, fit
from detente.model.mechanisms.base import Prior
from detente.model.program import Design, Program
from detente.studies.claims.rule import LEVEL
from detente.studies.claims.shifts import SHIFTS, ActTally, Point, ShiftTest, random_lags

CHRONICLES = 500
EFFECT = 2.0  # prior sds at which power is measured
FOUND = 0.8  # how surely the minimum detectable effect is found
FARTHEST = log(100.0)  # a smallest effect beyond this rate ratio is no effect at all
NEAR = 0.01  # posterior sds of the last step of a fit: what is left of it moves no printed figure
_FEW_SHIFTS = 199  # enough to look for the smallest effect, which takes many simulations
_HALVINGS = 3  # of the range in which the smallest effect lies
_HELD = 1e-4  # sd of a prior that holds its coefficient


class Simulation(Protocol):
    """What simulates chronicles with an effect."""

    def __call__(self, effect: float, which: int, shifts: int = ..., /) -> Floats:
        """Return their statistics, shape (1 + shift, chronicle), positive for the claimed sign."""


@dataclass(frozen=True, slots=True)
class Randomised:
    """What the randomisation test says of a contrast, and how far it may be trusted.

    Attributes
    ----------
    p_plus, p_minus : float
        How seldom chance alone speaks as strongly for the claimed sign, or against it. The larger of two shares: that
        of shifts, and that of simulated chronicles without the effect in which the share of shifts is as small.
    shifts_plus, shifts_minus : float
        The share of shifts alone.
    size_plus, size_minus : float
        Share of other simulated chronicles without the effect in which p is at most `LEVEL`.
    shifts_size_plus, shifts_size_minus : float
        The same of the share of shifts alone: where it is far from `LEVEL`, shifts alone would mislead.
    power : float
        Share of simulated chronicles with the contrast at `EFFECT` prior sds on the claimed side in which p is at most
        `LEVEL`.
    mde : float
        The smallest effect on the claimed side that is found with probability `FOUND`, on the scale of the coefficient
        and without its sign; infinite where none below `FARTHEST` is.
    """

    p_plus: float
    p_minus: float
    shifts_plus: float
    shifts_minus: float
    size_plus: float
    size_minus: float
    shifts_size_plus: float
    shifts_size_minus: float
    power: float
    mde: float

    @property
    def ratio(self) -> float | None:
        """The minimum detectable effect as a rate ratio above one; None where there is none."""
        return exp(self.mde) if isfinite(self.mde) else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self) | {"mde": self.mde if isfinite(self.mde) else None}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Randomised:
        """Return what `to_dict` made plain.

        Raises
        ------
        TypeError
            If the value is of another form.
        """
        return cls(**{**value, "mde": inf if value["mde"] is None else value["mde"]})


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the test, calibrated on chronicles without the effect.

    Attributes
    ----------
    chance : ndarray of shape (shift + 1,)
        p for each number of shifts whose statistic is at least as large.
    """

    chance: Floats

    @classmethod
    def of(cls, statistics: Floats) -> Side:
        """Calibrate on statistics of chronicles without the effect, shape (1 + shift, chronicle)."""
        shifts, chronicles = len(statistics) - 1, statistics.shape[1]
        at_least = np.cumsum(np.bincount(exceeding(statistics), minlength=shifts + 1))
        return cls(np.maximum((1 + np.arange(shifts + 1)) / (1 + shifts), (1 + at_least) / (1 + chronicles)))

    def p(self, statistics: Floats) -> Floats:
        """Return p of each chronicle."""
        return self.chance[exceeding(statistics)]


def exceeding(statistics: Floats) -> Ints:
    """Return for each chronicle how many shifts have a statistic at least as large as the first row, in its place.

    Examples
    --------
    >>> exceeding(np.array([[2.0, 0.0], [1.0, 0.0], [3.0, 0.0]]))
    array([1, 2])
    """
    # a shift back to where all began may differ in the last digit
    return np.asarray((statistics[1:] >= statistics[0] - 1e-9).sum(axis=0))


def randomise(
    base: Posterior, design: Design, weight: Floats, sign: str, *, seed: int, chronicles: int | None = None
) -> Randomised:
    """Test a contrast against shifts of its features, and the test against simulated chronicles.

    Parameters
    ----------
    base : Posterior
        A fit of the program.
    design : Design
        The program's.
    weight : ndarray of shape (coefficient,)
        Of the contrast.
    sign : str
        The claimed sign, ``+`` or ``-``.
    seed : int
    chronicles : int, optional
        How many are simulated for each figure; `CHRONICLES` by default.

    Returns
    -------
    Randomised

    Raises
    ------
    ValueError
        If no term of the contrast is in the program.

    Notes
    -----
    Simulated chronicles have the features of the days as they were and new counts. All else is fitted with the contrast
    held where the simulation has it, so that as many acts happen as did. Their statistics are one Newton step from the
    fit without the contrast to what happened, not each from a fit of its own. The smallest effect is found with fewer
    shifts.
    """
    if not weight.any():
        raise ValueError("weight must name a term of the program")
    side = 1.0 if sign == "+" else -1.0
    test = shift_test(base, design, weight, seed)

    def simulated(effect: float, which: int, shifts: int = SHIFTS) -> Floats:
        point = _with_effect(base, design, weight, side * effect) if effect else test.null
        acts = point.simulate(chronicles or CHRONICLES, generator(seed, Stream.CHRONICLES, which))
        return side * test.statistics(acts, shifts)

    effect = EFFECT * float(np.sqrt(weight**2 @ base.program.prior_sd**2))
    return tested(side * test.statistics(test.observed), simulated, effect)


def tested(seen: Floats, simulated: Simulation, effect: float) -> Randomised:
    """Test what was seen against shifts, and the test against simulated chronicles.

    Parameters
    ----------
    seen : ndarray of shape (1 + shift, 1)
        Statistics of the chronicle, positive for the claimed sign; the first row with the features in their place.
    simulated : callable
        Returns such statistics of chronicles with a given effect, shape (1 + shift, chronicle); the number says which,
        and a third one how many shifts.
    effect : float
        At which power is measured.
    """
    without = simulated(0.0, 0)
    for_, against = Side.of(without), Side.of(-without)
    fresh = simulated(0.0, 1)

    quick = Side.of(without[: 1 + _FEW_SHIFTS])

    def power(effect: float) -> float:
        with suppress(FitError):  # an effect so large that nothing fits it
            return float((quick.p(simulated(effect, 2, _FEW_SHIFTS)) <= LEVEL).mean())
        return 0.0

    at_effect, shifts = float((for_.p(simulated(effect, 2)) <= LEVEL).mean()), len(seen)
    return Randomised(
        float(for_.p(seen)[0]),
        float(against.p(-seen)[0]),
        float(1 + exceeding(seen)[0]) / shifts,
        float(1 + exceeding(-seen)[0]) / shifts,
        float((for_.p(fresh) <= LEVEL).mean()),
        float((against.p(-fresh) <= LEVEL).mean()),
        float((1 + exceeding(fresh) <= LEVEL * shifts).mean()),
        float((1 + exceeding(-fresh) <= LEVEL * shifts).mean()),
        at_effect,
        detectable(power, effect, at_effect),
    )


def shift_test(base: Posterior, design: Design, weight: Floats, seed: int) -> ShiftTest:
    """Return the test of a contrast against shifts of its features, at the fit without it."""
    program = base.program
    null = without_terms(base, design, weight)
    eras = era_bounds(program)
    lags = random_lags(eras, SHIFTS, generator(seed, Stream.SHIFTS))
    point = Point.of(design, null.mode, _dispersions(null))
    return ShiftTest.of(point, ActTally.of(program.history.counts), null.precision, weight, eras, lags)


def detectable(power: Callable[[float], float], effect: float, found: float) -> float:
    """Return the smallest effect that is found with probability `FOUND`; infinite if none up to `FARTHEST` is.

    Parameters
    ----------
    power : callable
        Of an effect.
    effect, found : float
        One effect above zero, and its power.

    Examples
    --------
    >>> detectable(lambda effect: min(effect, 1.0), 0.5, 0.5), detectable(lambda effect: 0.1, 0.5, 0.1)
    (0.8, inf)
    """
    low, high = (0.0, 0.0), (effect, found)
    while high[1] < FOUND:
        if high[0] >= FARTHEST:
            return inf
        low, further = high, min(2 * high[0], FARTHEST)
        high = further, power(further)
    for _ in range(_HALVINGS):
        middle = (low[0] + high[0]) / 2
        there = middle, power(middle)
        low, high = (low, there) if there[1] >= FOUND else (there, high)
    return low[0] + (FOUND - low[1]) / (high[1] - low[1]) * (high[0] - low[0])


def era_bounds(program: Program) -> list[int]:
    """Return the first day of each era of coding among the fitted days, and the day after the last.

    A part of the coverage counts as an era: what lies on both sides of a gap is never exchanged.
    """
    window = program.history.window
    starts = {c.term for c in program.coefficients if c.mechanism == "era" and " " not in c.term}
    return sorted({*window.bounds, *(window.index(date.fromisoformat(start)) for start in starts)})


def _dispersions(posterior: Posterior) -> Floats:
    """Return the dispersion of each channel's counts, shape (channel,)."""
    return np.asarray(np.exp(posterior.log_alpha_mean)[posterior.program.channel_class])


def without_terms(base: Posterior, design: Design, weight: Floats) -> Posterior:
    """Fit a program without the features of a contrast; its coefficients are zero."""
    columns, first, rows = design
    kept = weight[columns] == 0
    bounds = np.cumsum([0, *(int(kept[a:b].sum()) for a, b in pairwise(first))])
    held = _held(base.program, weight, 0.0, None)
    without = replace(held, terms=tuple(term for term in held.terms if weight[term[1]] == 0))
    return fit(without, start=base, tolerance=NEAR, design=(columns[kept], bounds, rows[kept]))


def _with_effect(base: Posterior, design: Design, weight: Floats, effect: float) -> Point:
    """Return the model fitted with a contrast held at an effect, each of its terms alike."""
    there = fit(_held(base.program, weight, effect, _HELD), start=base, tolerance=NEAR, design=design)
    return Point.of(design, there.mode, _dispersions(there))


def _held(program: Program, weight: Sequence[float] | Floats, effect: float, sd: float | None) -> Program:
    """Return the program with the prior means of a contrast's terms at an effect, and their sds if one is given."""
    changed = tuple(
        replace(c, prior=Prior(float(np.sign(w)) * effect, sd or c.prior.sd)) if w else c
        for c, w in zip(program.coefficients, weight, strict=True)
    )
    return replace(program, coefficients=changed)
