"""What the test of a verdict promises, against computations of its own: three rows, size and power, kept results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.argument.blocks import PriorSpec
from detente.base.random import Stream, generator
from detente.base.store import Store
from detente.model.fit import fit
from detente.model.known import read_known
from detente.model.program import contrast
from detente.studies.claims import power, rows
from detente.studies.claims.claims import claims
from detente.studies.claims.judge import Fits, without_means
from detente.studies.claims.power import (
    NEAR,
    Randomised,
    Side,
    detectable,
    era_bounds,
    exceeding,
    randomise,
    without_terms,
)
from detente.studies.claims.shifts import random_lags
from worlds import AS_OF, baseline, embedded, essay, essay_case, random_chronicle

Array = NDArray[np.float64]
ROWS = {"M9": "+", "R1": "-", "M12": "-"}


@cache
def fits() -> Fits:
    return Fits.of(essay(), read_known(essay(), embedded(), AS_OF))


# Three rows once more, from the counts and features alone -------------------------------------------------------------


def own_null(
    features: list[tuple[list[int], Array]],
    counts: Array,
    mean: Array,
    sd: Array,
    judged: Array,
    alpha: Array,
    start: Array,
) -> Array:
    """Newton's method on the written-out likelihood with the judged coefficients held at zero."""
    beta, free = np.where(judged, 0.0, start), np.flatnonzero(~judged)
    for _ in range(50):
        gradient, information = -(beta - mean) / sd**2, np.diag(1 / sd**2)
        for (columns, x), y, a in zip(features, counts, alpha, strict=True):
            rate = np.exp(x @ beta[columns])
            gradient[columns] += x.T @ ((y - rate) / (1 + a * rate))
            information[np.ix_(columns, columns)] += (x.T * (rate / (1 + a * rate))) @ x
        step = np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        beta[free] += step
        if np.abs(step).max() < 1e-9:
            break
    return beta


@pytest.mark.parametrize("row", ROWS)
def test_p_of_a_row_is_that_of_a_plain_script(row: str) -> None:
    """Its own likelihood, Newton steps and shifts; only features, counts, priors, dispersions and lags are read."""
    program = fits().base.program
    claim = next(c for c in essay().claims if c.id == row)
    weight = contrast(program, claim.terms)
    judged, side = weight != 0, 1.0 if ROWS[row] == "+" else -1.0
    test = power.shift_test(fits().base, fits().design, weight, seed=3)
    mean, sd = np.where(judged, 0.0, program.prior_mean), program.prior_sd
    features = [(list(columns), np.array(x)) for columns, x in program.designs()]
    counts = program.history.counts.astype(float)
    alpha = test.null.alpha
    beta = own_null(features, counts, mean, sd, judged, alpha, fits().base.mode)
    starts = era_bounds(program)
    lags = random_lags(starts, 999, generator(3, Stream.SHIFTS))
    got = side * test.statistics(test.observed)[:, 0]
    few = [0, *range(1, 1000, 37)]
    for s in few:
        gradient, information = -(beta - mean) / sd**2, np.diag(1 / sd**2)
        for (columns, x), y, a in zip(features, counts, alpha, strict=True):
            moved = x.copy()
            for j in np.flatnonzero(judged[columns]):
                for (begin, end), lag in zip(pairwise(starts), lags[s], strict=True):
                    moved[begin:end, j] = np.roll(x[begin:end, j], lag)
            rate = np.exp(x @ beta[columns])
            gradient[columns] += moved.T @ ((y - rate) / (1 + a * rate))
            information[np.ix_(columns, columns)] += (moved.T * (rate / (1 + a * rate))) @ moved
        step = beta + np.linalg.solve(information, gradient)
        t = side * weight @ step / np.sqrt(weight @ np.linalg.solve(information, weight))
        assert got[s] == pytest.approx(t, abs=2e-3), s


# What is made of the statistics ---------------------------------------------------------------------------------------


def test_p_is_the_larger_of_both_shares_and_never_below_what_the_simulated_size_allows() -> None:
    noise = np.random.default_rng(0)
    fair = noise.normal(size=(200, 400))
    wild = fair.copy()
    wild[0] *= 3  # the statistic in its place varies more than under shifts, as where rates are higher there
    for without in (fair, wild):
        side = Side.of(without)
        assert (np.diff(side.chance) >= 0).all()
        assert (side.p(without) >= (1 + exceeding(without)) / 200).all()
        assert (side.p(without) <= 0.05).mean() <= 0.05
    assert ((1 + exceeding(wild)) / 200 <= 0.05).mean() > 0.2  # what shifts alone would have told


def test_the_smallest_effect_is_where_power_crosses_four_fifths() -> None:
    def rising(effect: float) -> float:
        return float(1 - np.exp(-((effect / 0.7) ** 2)))

    found = detectable(rising, 0.2, rising(0.2))
    assert rising(found) == pytest.approx(0.8, abs=0.01)
    assert detectable(rising, 2.0, rising(2.0)) == pytest.approx(found, rel=0.15)
    assert detectable(lambda effect: 0.79, 0.2, 0.79) == np.inf


def test_turning_the_sign_turns_the_sides() -> None:
    weight = contrast(fits().base.program, ["sanctions_in_force.cooperation"])
    one, two = (
        randomise(fits().base, fits().design, weight, sign, seed=1, chronicles=60) for sign in ("+", "-")
    )
    assert (one.shifts_plus, one.shifts_minus) == (two.shifts_minus, two.shifts_plus)
    assert (one.p_plus, one.size_plus) == (two.p_minus, two.size_minus)


def test_a_contrast_without_a_term_is_refused() -> None:
    with pytest.raises(ValueError, match="a term of the program"):
        randomise(fits().base, fits().design, np.zeros(len(fits().base.mode)), "+", seed=1)


def test_any_pair_has_its_test_and_a_huge_prior_breaks_nothing() -> None:
    argument = baseline("A", "B")
    use = argument.mechanisms["reprisal"].model_copy(update={"terms": {"force": PriorSpec(mean=0.0, sd=9.0)}})
    argument = argument.model_copy(update={"mechanisms": {**argument.mechanisms, "reprisal": use}})
    dense = Fits.of(argument, read_known(argument, random_chronicle(3), date(2004, 1, 1)))
    weight = contrast(dense.base.program, ["reprisal.force"])
    found = randomise(dense.base, dense.design, weight, "+", seed=1, chronicles=40)
    assert all(0 <= p <= 1 for p in (found.p_plus, found.p_minus, found.power, found.size_plus))
    assert found == Randomised.from_dict(found.to_dict())


def test_a_kept_test_is_the_fresh_one_and_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(power, "CHRONICLES", 20)
    case = replace(essay_case(), cache=tmp_path)
    fresh = claims(case, only=["M9", "M2"]).rows

    def never(*_: object, **__: object) -> Randomised:
        raise AssertionError("made again")

    monkeypatch.setattr(rows, "randomise", never)
    monkeypatch.setattr(rows, "randomise_sizes", never)
    assert [row.judgement for row in claims(case, only=["M9", "M2"]).rows] == [row.judgement for row in fresh]
    with pytest.raises(AssertionError, match="made again"):
        claims(case, only=["M9"], as_of=date(2019, 6, 1))


def test_a_kept_fit_of_another_model_is_not_taken_for_the_one_without_the_contrast(tmp_path: Path) -> None:
    plain = fits().base
    weight = contrast(plain.program, ["leaders.election_offers"])
    kept = replace(plain, program=replace(plain.program, store=Store(tmp_path)))
    centred = fit(
        without_means(kept.program, weight != 0), start=kept, tolerance=NEAR, design=fits().design
    )  # as a verdict makes it before its test
    null = without_terms(kept, fits().design, weight)
    np.testing.assert_array_equal(null.mode, without_terms(plain, fits().design, weight).mode)
    assert null.mode[weight != 0] == pytest.approx(0.0)
    assert abs(centred.mode[weight != 0]) > 1e-3


def test_the_seed_given_is_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    case, seeds = replace(essay_case(), cache=False), []

    def noted(*_: object, seed: int) -> Randomised:
        seeds.append(seed)
        return Randomised(*(0.5,) * 10)

    monkeypatch.setattr(rows, "randomise", noted)
    (claim,) = (claim for claim in case.argument.claims if claim.id == "M9")
    for seed in (None, 7):
        rows.mechanism_row(case, case.known(AS_OF), fits(), claim, seed=seed)
    assert seeds == [case.argument.run.seed, 7]
    own, other = (claims(case, only=["M7"], seed=seed).rows[0].value for seed in (None, 7))
    assert own != other


# Against simulation in full -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("row", ["M9", "M11"])
def test_printed_power_is_that_of_chronicles_each_fitted_by_itself(row: str) -> None:
    """Every simulated chronicle gets its own fit without the contrast, dispersions too, and its own shifts."""
    base, design = fits().base, fits().design
    claim = next(c for c in essay().claims if c.id == row)
    weight, side = contrast(base.program, claim.terms), 1.0 if claim.sign == "+" else -1.0
    printed = randomise(base, design, weight, claim.sign or "+", seed=1)
    test, count = power.shift_test(base, design, weight, 1), 250
    effect = power.EFFECT * float(np.sqrt(weight**2 @ base.program.prior_sd**2))

    def in_full(effect: float, which: int) -> Array:
        point = power._with_effect(base, design, weight, side * effect) if effect else test.null
        acts = point.simulate(count, generator(1, Stream.CHRONICLES, which))
        out = []
        for m in range(count):
            at = acts.chronicle == m
            drawn = np.zeros_like(base.program.history.counts)
            np.add.at(drawn, (acts.channel[at], acts.day[at]), acts.count[at].astype(int))
            history = replace(base.program.history, counts=drawn)
            own = replace(base, program=replace(base.program, history=history))
            alone = power.shift_test(own, design, weight, 1)
            out.append(side * alone.statistics(alone.observed)[:, 0])
        return np.array(out).T

    calibrated = Side.of(in_full(0.0, 0))
    assert (calibrated.p(in_full(effect, 2)) <= 0.05).mean() == pytest.approx(printed.power, abs=0.05)
    assert (calibrated.p(in_full(0.0, 1)) <= 0.05).mean() == pytest.approx(0.05, abs=0.05)
