from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from detente.argument.blocks import PriorSpec
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.model.clocks import at_clocks
from detente.model.compiler import Shared, assemble
from detente.model.fit import fit
from detente.model.known import read_known
from detente.model.program import Program, contrast
from detente.studies.claims.judge import FREE, POWER, Fits, without_means
from worlds import AS_OF, baseline, embedded, essay, random_chronicle

AB_AS_OF = date(2004, 1, 1)
M1 = ("grievance.hostility_by_word", "grievance.pressure", "grievance.force")


@pytest.fixture(scope="module")
def fits() -> Fits:
    """The essay on the embedded chronicle, with few values of its grid."""
    return Fits.of(essay(), read_known(essay(), embedded(), AS_OF))


@pytest.fixture(scope="module")
def dense() -> Fits:
    """The baseline on two acts in five days."""
    argument = baseline("A", "B")
    return Fits.of(argument, read_known(argument, random_chronicle(3), AB_AS_OF))


# Contrasts and refits -----------------------------------------------------------------------------------------------


def test_a_contrast_is_the_mean_of_the_terms_that_are_there(dense: Fits) -> None:
    program = dense.base.program
    names = [f"{c.mechanism}.{c.term}" for c in program.coefficients]
    weight = contrast(program, ["reprisal.force", "-tension.force", "not.there"])
    assert {names[j]: w for j, w in enumerate(weight) if w} == {"reprisal.force": 0.5, "tension.force": -0.5}
    assert not contrast(program, ["not.there"]).any()
    assert dense.judge(["not.there"], "+", 9) is None


def test_the_refit_takes_the_means_away_and_leaves_the_spreads(dense: Fits) -> None:
    program = dense.base.program
    weight = contrast(program, ["reprisal.force", "reprisal.pressure"])
    flat = without_means(program, weight != 0)
    assert (flat.prior_mean[weight != 0] == 0).all()
    np.testing.assert_array_equal(flat.prior_mean[weight == 0], program.prior_mean[weight == 0])
    np.testing.assert_array_equal(flat.prior_sd, program.prior_sd)


def test_the_judged_value_is_the_fit_from_a_prior_of_mean_zero(dense: Fits) -> None:
    judged = dense.judge(["reprisal.force", "reprisal.pressure"], "+", 9)
    assert judged is not None
    argument = baseline("A", "B")
    use = argument.mechanisms["reprisal"]
    zeros = {t: PriorSpec(mean=0.0, sd=prior(dense, f"reprisal.{t}")[1]) for t in ("force", "pressure")}
    changed = use.model_copy(update={"terms": {**use.terms, **zeros}})
    other = argument.model_copy(update={"mechanisms": {**argument.mechanisms, "reprisal": changed}})
    plain = at_clocks(other, other.clocks.half_lives())
    posterior = fit(assemble(plain, read_known(other, random_chronicle(3), AB_AS_OF), Shared()))
    weight = contrast(posterior.program, judged.terms)
    assert judged.value == pytest.approx(float(weight @ posterior.mean), abs=1e-7)
    assert judged.sd == pytest.approx(sd_of(weight, posterior.covariance), rel=1e-7)
    assert pytest.approx(1 - judged.sd / judged.prior_sd) == judged.V
    assert judged.bayes_factor == pytest.approx(judged.P / (1 - judged.P))
    assert judged.own_prior[0] == pytest.approx(np.mean([prior(dense, t)[0] for t in judged.terms]))


def test_the_argument_s_own_mean_does_not_enter_the_verdict(dense: Fits) -> None:
    """However strongly the argument believes, P and the value are the same."""
    argument = baseline("A", "B")
    use = argument.mechanisms["reprisal"]
    mean, sd = prior(dense, "reprisal.force")
    strong = use.model_copy(update={"terms": {"force": PriorSpec(mean=mean + 2 * sd, sd=sd)}})
    other = argument.model_copy(update={"mechanisms": {**argument.mechanisms, "reprisal": strong}})
    believer = Fits.of(other, read_known(other, random_chronicle(3), AB_AS_OF))
    one, two = (f.judge(["reprisal.force"], "+", 9) for f in (dense, believer))
    assert one is not None
    assert two is not None
    assert two.own_posterior[0] > one.own_posterior[0] + 0.1 * one.prior_sd
    assert two.value == pytest.approx(one.value, abs=1e-7)
    assert pytest.approx(one.P, abs=1e-6) == two.P
    for a, b in zip(one.variants, two.variants, strict=True):  # by a Newton step from another fit
        assert a.value == pytest.approx(b.value, abs=0.05 * one.prior_sd)
        assert a.sd == pytest.approx(b.sd, rel=0.05)


def test_turning_the_sign_or_the_terms_round_turns_the_numbers_round(dense: Fits) -> None:
    one = dense.judge(["reprisal.force"], "+", 9)
    two = dense.judge(["reprisal.force"], "-", 9)
    three = dense.judge(["-reprisal.force"], "-", 9)
    assert one is not None
    assert two is not None
    assert three is not None
    assert (two.value, two.low) == (one.value, one.low)
    assert pytest.approx(1 - one.P) == two.P
    assert pytest.approx(one.P) == three.P
    assert (three.value, three.low) == pytest.approx((-one.value, -one.high))
    assert three.year == one.year


def prior(fits: Fits, term: str) -> tuple[float, float]:
    coefficients = fits.base.program.coefficients
    found = next(c.prior for c in coefficients if f"{c.mechanism}.{c.term}" == term)
    return found.mean, found.sd


def sd_of(weight: Floats, covariance: Floats) -> float:
    return float(np.sqrt(weight @ covariance @ weight))


# Variants -----------------------------------------------------------------------------------------------------------


def without_year(program: Program, year: int) -> Program:
    """The program without the days of a year, the features of the others as they were."""
    history, window = program.history, program.history.window
    kept = np.array([window.day(i).year != year for i in range(window.days)])
    cut = replace(
        history,
        window=Window(window.start, window.start + timedelta(days=int(kept.sum()))),
        counts=history.counts[:, kept],
        memory_rows=tuple(row[kept] for row in history.memory_rows),
        atom_rows=tuple(row[kept] for row in history.atom_rows),
    )
    return replace(program, history=cut)


@pytest.mark.parametrize(
    ("terms", "sign"),
    [
        (M1, "+"),
        (["broken_promises.cooperation", "broken_promises.talks"], "-"),
        (["sanctions_in_force.cooperation"], "-"),
    ],
)
def test_a_year_left_out_by_one_newton_step_is_the_refit_without_it(
    fits: Fits, terms: list[str], sign: str
) -> None:
    judged = fits.judge(terms, sign, 9)
    assert judged is not None
    (step,) = [v for v in judged.variants if v.name == f"without {judged.year}"]
    weight = contrast(fits.base.program, terms)
    flat = without_means(fits.base.program, weight != 0)
    exact = fit(without_year(flat, judged.year), start=fits.base)
    assert step.value == pytest.approx(float(weight @ exact.mean), abs=0.05 * judged.prior_sd)
    assert step.sd == pytest.approx(sd_of(weight, exact.covariance), rel=0.03)
    other = 1988 if judged.year != 1988 else 2019  # no year moves it more
    there = float(weight @ fit(without_year(flat, other), start=fits.base).mean)
    assert abs(there - judged.value) <= abs(step.value - judged.value) + 0.05 * judged.prior_sd


def test_what_the_years_add_is_the_whole_information(fits: Fits) -> None:
    program = fits.base.program
    information = sum(part for _, part in fits.years.values()) + np.diag(1 / program.prior_sd**2)
    np.testing.assert_allclose(information, fits.base.precision, rtol=1e-8, atol=1e-8)
    gradient = sum(score for score, _ in fits.years.values())
    np.testing.assert_allclose(
        gradient, (fits.base.mode - program.prior_mean) / program.prior_sd**2, atol=1e-4
    )
    assert sorted(fits.years) == list(range(1979, 2021))


def test_variants_are_two_layouts_of_eras_and_the_ends_of_every_grid(fits: Fits) -> None:
    judged = fits.judge(M1, "+", 9)
    assert judged is not None
    names = [v.name for v in judged.variants]
    assert names[:3] == ["one level per era", "eras by channel", FREE]
    clocks = [name for name in names if "clock" in name]
    assert clocks == ["fast clock 30 days"]  # 14, the other end, is what is declared: the base
    assert names[-1] == f"without {judged.year}"


@pytest.mark.parametrize("name", ["one level per era", "eras by channel"])
def test_a_variant_from_zero_by_one_newton_step_is_its_refit(fits: Fits, name: str) -> None:
    judged = fits.judge(M1, "+", 9)
    assert judged is not None
    step = next(v for v in judged.variants if v.name == name)
    program = fits.variants[name].program
    eras = {c.term: c.prior.sd for c in program.coefficients if c.mechanism == "era"}
    held = [sd for term, sd in eras.items() if (" " in term) == (name == "one level per era")]
    free = [sd for term, sd in eras.items() if (" " in term) != (name == "one level per era")]
    assert max(held) < 0.01 < min(free)
    weight = contrast(program, M1)
    exact = fit(without_means(program, weight != 0))
    assert step.value == pytest.approx(float(weight @ exact.mean), abs=0.05 * judged.prior_sd)
    assert step.sd == pytest.approx(sd_of(weight, exact.covariance), rel=0.03)


# How long a chronicle would have to be ------------------------------------------------------------------------------


def repeated(program: Program, times: int) -> Program:
    """The program with its days, counts and features alike, one after the other so many times."""
    history, window = program.history, program.history.window
    longer = replace(
        history,
        window=Window(window.start, window.start + timedelta(days=window.days * times)),
        counts=np.tile(history.counts, times),
        memory_rows=tuple(np.tile(row, times) for row in history.memory_rows),
        atom_rows=tuple(np.tile(row, times) for row in history.atom_rows),
    )
    return replace(program, history=longer)


@pytest.mark.parametrize("term", ["tension.hostility_by_word", "reprisal.force_to_word"])
def test_a_chronicle_as_many_times_as_long_has_the_power_the_multiple_promises(
    dense: Fits, term: str
) -> None:
    judged = dense.judge([term], "+", 9)
    assert judged is not None
    times = round(judged.multiple)
    assert 2 <= times <= 60
    weight = contrast(dense.base.program, [term])
    longer = fit(repeated(without_means(dense.base.program, weight != 0), times))
    sd = sd_of(weight, longer.covariance)
    error = 1 / np.sqrt(1 / sd**2 - 1 / judged.prior_sd**2)
    assert judged.prior_sd / error == pytest.approx(POWER, rel=0.15)


def test_where_nothing_was_seen_no_length_would_tell_and_nothing_is_claimed(fits: Fits) -> None:
    judged = fits.judge(["delegation.partners_force"], "-", 1)
    assert judged is not None
    assert judged.first_verdict == "not testable"
    assert pytest.approx(0, abs=0.01) == judged.V
    assert judged.multiple > 50
    assert pytest.approx(0.5, abs=0.1) == judged.P
