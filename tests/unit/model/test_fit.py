from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.special import digamma, gammaln, polygamma
from scipy.stats import nbinom, norm

from detente.base.store import Store
from detente.model import fit_cache
from detente.model.compiler import compile_argument
from detente.model.fit import TOLERANCE, fit, numbers_of
from detente.model.likelihood import DISPERSION_PRIOR, Likelihood, sweep
from detente.model.mechanisms.base import Prior
from worlds import AS_OF, baseline, embedded, essay, essay_case, random_chronicle


@pytest.fixture(scope="module")
def program():
    return compile_argument(baseline("A", "B"), random_chronicle(3), date(2004, 1, 1))


def test_the_posterior_is_the_written_out_double_loop(program) -> None:
    """The density, term by term, in the plainest code there is."""
    problem = Likelihood(program)
    rng = np.random.default_rng(0)
    beta = program.prior_mean + 0.3 * rng.standard_normal(len(program.coefficients))
    log_alpha = np.log(rng.uniform(0.2, 2.0, len(program.classes)))
    total = 0.0
    for j, coefficient in enumerate(program.coefficients):
        total += norm.logpdf(beta[j], coefficient.prior.mean, coefficient.prior.sd)
    for value in log_alpha:
        total += norm.logpdf(value, *DISPERSION_PRIOR)
    days = list(range(0, program.history.window.days, 1))
    for c in range(len(program.layout.channels)):
        alpha = float(np.exp(log_alpha[program.channel_class[c]]))
        for t in days:
            eta = 0.0
            for channel, j, a, b in program.terms:
                if channel == c:
                    x = 1.0
                    for atom in (a, b):
                        if atom >= 0:
                            x *= program.history.atoms[atom, t]
                    eta += beta[j] * x
            mu = np.exp(eta)
            total += nbinom.logpmf(program.history.counts[c, t], 1 / alpha, 1 / (1 + alpha * mu))
    assert problem.log_posterior(beta, log_alpha) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize(("k", "days"), [(1, 3), (4, 512), (5, 513), (7, 1500)])
@pytest.mark.parametrize("expected", [False, True])
def test_one_channel_is_the_plain_sum_over_its_days(k: int, days: int, expected: bool) -> None:
    """Whole blocks and tiles or not, quiet days, busy days and rates that are cut off."""
    rng = np.random.default_rng(k)
    design, beta, r = rng.normal(size=(k, days)), rng.normal(size=k), 0.7
    beta[0] = 40.0 if k == 5 else beta[0]
    y = rng.poisson(0.3, days) * rng.integers(1, 9, days).astype(float)
    mu, gradient, information, sums = sweep(design, beta, y, 1 / r, expected)
    want = np.exp(np.clip(beta @ design, -40, 40))
    weight = want * r / (r + want) if expected else want * r * (r + y) / (r + want) ** 2
    np.testing.assert_allclose(mu, want, rtol=1e-13)
    np.testing.assert_allclose(gradient, design @ (r * (y - want) / (r + want)), rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(information, (design * weight) @ design.T, rtol=1e-10, atol=1e-9)
    up = digamma(y + r) - digamma(r) + np.log(r / (r + want)) + (want - y) / (r + want)
    bend = polygamma(1, y + r) - polygamma(1, r) + 1 / r - 1 / (r + want) - (want - y) / (r + want) ** 2
    total = gammaln(y + r) - gammaln(r) - gammaln(y + 1) + r * np.log(r / (r + want))
    total += y * np.log(want / (r + want))
    np.testing.assert_allclose(sums, (total.sum(), up.sum(), bend.sum()), rtol=1e-10)


def test_derivatives_are_the_finite_differences(program) -> None:
    problem = Likelihood(program)
    rng = np.random.default_rng(1)
    beta = program.prior_mean + 0.2 * rng.standard_normal(len(program.coefficients))
    log_alpha = np.full(len(program.classes), -0.3)
    here = problem.evaluate(beta, log_alpha)
    h = 1e-5
    for j in range(0, len(beta), 3):
        e = np.zeros(len(beta))
        e[j] = h
        up, down = problem.log_posterior(beta + e, log_alpha), problem.log_posterior(beta - e, log_alpha)
        assert here.gradient[j] == pytest.approx((up - down) / (2 * h), rel=1e-4, abs=1e-3)
        slope = (
            problem.evaluate(beta + e, log_alpha).gradient - problem.evaluate(beta - e, log_alpha).gradient
        ) / (2 * h)
        np.testing.assert_allclose(here.information[j], -slope, rtol=1e-4, atol=1e-3)
    for k in range(len(log_alpha)):
        e = np.zeros(len(log_alpha))
        e[k] = 1e-4
        up, mid, down = (problem.log_posterior(beta, log_alpha + s * e) for s in (1, 0, -1))
        assert here.alpha_gradient[k] == pytest.approx((up - down) / 2e-4, rel=1e-3, abs=1e-3)
        assert here.alpha_curvature[k] == pytest.approx(
            max(-(up - 2 * mid + down) / 1e-8, 4.0), rel=1e-2, abs=0.1
        )


def test_the_gradient_vanishes_at_the_mode(program) -> None:
    posterior = fit(program)
    problem = Likelihood(program)
    here = problem.evaluate(posterior.mode, posterior.log_alpha_mean)
    assert np.abs(here.gradient / np.sqrt(np.diag(here.information))).max() < 1e-6
    assert np.abs(here.alpha_gradient).max() < 1e-6
    assert posterior.step_size < TOLERANCE


def test_with_flat_priors_it_is_statsmodels_negative_binomial() -> None:
    import statsmodels.api as sm

    program = compile_argument(baseline("A", "B"), random_chronicle(3, per_day=1.5), date(2004, 1, 1))
    flat = replace(
        program, coefficients=tuple(replace(c, prior=Prior(c.prior.mean, 1e4)) for c in program.coefficients)
    )
    posterior = fit(flat)
    # one stacked regression over all channels, at our dispersions
    designs, days = flat.designs(), flat.history.window.days
    x = np.zeros((days * len(designs), len(flat.coefficients)))
    alpha = np.exp(posterior.log_alpha_mean)[flat.channel_class]
    classes = sorted(set(flat.channel_class.tolist()))
    for c, (columns, design) in enumerate(designs):
        x[c * days : (c + 1) * days, columns] = design
    y = flat.history.counts.ravel()
    gradient = np.zeros(len(flat.coefficients))
    information = np.zeros((len(gradient), len(gradient)))
    for k in classes:
        rows = np.repeat(flat.channel_class == k, days)
        family = sm.families.NegativeBinomial(alpha=float(alpha[flat.channel_class == k][0]))
        model = sm.GLM(y[rows], x[rows], family=family)
        mean = model.predict(posterior.mode)
        weight = 1 / (mean * (1 + family.alpha * mean)) * mean
        gradient += x[rows].T @ (weight * (y[rows] - mean))
        information += x[rows].T @ (x[rows] * (weight * mean)[:, None])
    np.testing.assert_allclose(gradient, 0, atol=1e-4)
    np.testing.assert_allclose(
        posterior.precision, information + 1e-8 * np.eye(len(gradient)), rtol=1e-6, atol=1e-6
    )
    # and a whole fit of one class with statsmodels' own optimiser
    k = flat.channel_class[0]
    rows = np.repeat(flat.channel_class == k, days)
    used = np.flatnonzero(np.abs(x[rows]).sum(axis=0) > 0)
    shared = [j for j in used if np.abs(x[~rows][:, j]).sum() > 0]
    if not shared:
        theirs = sm.GLM(
            y[rows], x[rows][:, used], family=sm.families.NegativeBinomial(alpha=float(alpha[0]))
        ).fit()
        np.testing.assert_allclose(theirs.params, posterior.mode[used], rtol=1e-3, atol=1e-3)


def test_a_tight_prior_holds_its_coefficient_and_a_wide_one_lets_go(program) -> None:
    j = next(i for i, c in enumerate(program.coefficients) if c.mechanism == "momentum")

    def posterior_at(sd: float) -> float:
        changed = replace(program.coefficients[j], prior=Prior(2.0, sd))
        coefficients = (*program.coefficients[:j], changed, *program.coefficients[j + 1 :])
        return float(fit(replace(program, coefficients=coefficients)).mean[j])

    assert posterior_at(1e-4) == pytest.approx(2.0, abs=1e-3)
    assert abs(posterior_at(10.0)) < 1.0  # the data are random: nothing feeds itself


def test_events_move_what_the_essay_claims_little(program) -> None:
    """Dynamics are no claim of the essay: their priors are wide, and acts tell most about them."""
    posterior = fit(compile_argument(essay(), embedded(), AS_OF))
    removed = [
        1 - s / c.prior.sd
        for c, s in zip(posterior.program.coefficients, posterior.sd, strict=True)
        if c.mechanism
        not in ("era", "intercept", "level", "momentum", "attention", "reprisal", "tension", "flare")
    ]
    assert min(removed) >= 0
    assert max(removed) < 0.25
    assert np.median(removed) < 0.05


def test_draws_have_the_posterior_moments_and_a_stable_prefix(program) -> None:
    posterior = fit(program)
    draws = posterior.draws(20_000, seed=4)
    beta, log_alpha = draws.beta, draws.log_alpha
    np.testing.assert_allclose(beta.mean(axis=0), posterior.mean, atol=0.03 * 5)
    np.testing.assert_allclose(np.cov(beta.T), posterior.covariance, atol=0.05 * posterior.covariance.max())
    np.testing.assert_allclose(log_alpha.std(axis=0), posterior.log_alpha_sd, rtol=0.05)
    few = posterior.draws(100, seed=4).beta
    np.testing.assert_array_equal(few, beta[:100])


def test_the_evidence_is_the_integral_for_one_coefficient() -> None:
    """On a program with one channel's intercept free, Laplace agrees with quadrature."""
    program = compile_argument(baseline("A", "B"), random_chronicle(3, days=600), date(2001, 6, 1))
    tight = tuple(
        c if i == 0 else replace(c, prior=Prior(c.prior.mean, 1e-3))
        for i, c in enumerate(program.coefficients)
    )
    program = replace(program, coefficients=tight)
    posterior, problem = fit(program), Likelihood(program)
    grid = np.linspace(-5, 5, 201) * posterior.sd[0]
    values = []
    for step in grid:
        beta = posterior.mode.copy()
        beta[0] += step
        values.append(problem.log_posterior(beta, posterior.log_alpha_mean))
    area = np.log(np.trapezoid(np.exp(np.array(values) - posterior.log_posterior), grid))
    laplace = 0.5 * np.log(2 * np.pi) + np.log(posterior.sd[0])
    assert area == pytest.approx(laplace, abs=0.05)


def test_a_fit_is_found_again_by_all_that_made_it(program, tmp_path, monkeypatch) -> None:
    kept = replace(program, store=Store(tmp_path))
    made = fit(kept)
    fit(kept, start=made)
    fit(kept, tolerance=1e-3)
    one, *rest = kept.coefficients
    fit(replace(kept, coefficients=(replace(one, prior=Prior(one.prior.mean, 2 * one.prior.sd)), *rest)))
    history = replace(
        kept.history, atom_rows=tuple(row + (i == 0) for i, row in enumerate(kept.history.atom_rows))
    )
    fit(replace(kept, history=history))
    fit(program)  # keeps nothing
    assert len(Store(tmp_path).files()) == 5
    monkeypatch.setattr("detente.model.fit._newton", None)  # nothing is computed again
    found = fit(kept)
    for name, value in numbers_of([made]).items():
        np.testing.assert_array_equal(value, numbers_of([found])[name])
    assert type(found.log_evidence) is float
    assert type(found.steps) is int


def test_a_design_of_other_rows_is_refused(program) -> None:
    columns, first, rows = program.stacked_design()
    fewer = columns[:-1], np.minimum(first, len(columns) - 1), rows[:-1]
    with pytest.raises(ValueError, match="the program's own"):
        fit(program, design=fewer)


def test_the_points_of_a_grid_are_kept_as_one(tmp_path) -> None:
    case = replace(essay_case(), cache=tmp_path)
    assert case.known(AS_OF).store == case.store
    fit_cache._fits.clear()
    case.fitted(AS_OF)
    assert [file.kind for file in case.store.files()] == ["fit"]
