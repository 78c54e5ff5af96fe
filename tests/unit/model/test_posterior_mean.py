"""The normal law expects the acts that the posterior expects, not the more of a law around the mode."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import minimize

from detente.base.arrays import Floats
from detente.base.errors import FitError
from detente.model import posterior_mean as module
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.model.likelihood import Likelihood
from detente.model.mechanisms.base import Prior
from detente.model.posterior_mean import posterior_mean
from detente.model.program import Program
from worlds import AS_OF, baseline, embedded, essay, random_chronicle, renamed

_LEAPS = 6  # of a Hamiltonian trajectory
RARE = 0.04  # acts a day in all: a handful to a channel


def rare_program(days: int = 1200, per_day: float = RARE) -> Program:
    return compile_argument(
        baseline("A", "B"), random_chronicle(3, days=days, per_day=per_day), date(2003, 1, 1)
    )


@pytest.fixture(scope="module")
def rare() -> Posterior:
    return fit(rare_program())


def expected_total(posterior: Posterior, mean: Floats) -> float:
    """Acts of all channels expected over the normal law around a mean: the log-normal's own formula."""
    total = 0.0
    for columns, design in posterior.program.designs():
        covariance = posterior.covariance[np.ix_(columns, columns)]
        variance = np.einsum("tk,kl,tl->t", design, covariance, design)
        total += np.exp(design @ mean[columns] + variance / 2).sum()
    return float(total)


def sampled_totals(program: Program, count: int, seed: int) -> tuple[Floats, Floats]:
    """Return the total of the rates at Hamiltonian Monte Carlo draws, coefficients and dispersions together."""
    posterior, problem = fit(program), Likelihood(program)
    k = len(posterior.mode)
    middle = np.concatenate([posterior.mode, posterior.log_alpha_mean])
    root = np.zeros((len(middle), len(middle)))
    root[:k, :k] = np.linalg.cholesky(posterior.covariance)
    root[k:, k:] = np.diag(posterior.log_alpha_sd)

    def at(z: Floats) -> tuple[float, Floats, Floats]:
        x = middle + root @ z
        here = problem.evaluate(x[:k], x[k:])
        return -here.value, -root.T @ np.concatenate([here.gradient, here.alpha_gradient]), x

    rng = np.random.default_rng(seed)
    z = np.zeros(len(middle))
    energy, slope, x = at(z)
    draws = []
    for i in range(count + count // 5):
        momentum = rng.standard_normal(len(z))
        before, step = energy + momentum @ momentum / 2, rng.uniform(0.25, 0.5)
        there, pull, trial, level, y = z, slope, momentum, energy, x
        for _ in range(_LEAPS):
            trial = trial - step / 2 * pull
            there = there + step * trial
            level, pull, y = at(there)
            trial = trial - step / 2 * pull
        if np.log(rng.random()) < before - level - trial @ trial / 2:
            z, energy, slope, x = there, level, pull, y
        if i >= count // 5:
            draws.append(x[:k])
    designs = program.designs()
    each = np.array([[np.exp(design @ beta[own]).sum() for own, design in designs] for beta in draws])
    return each.sum(axis=1), each


def test_the_expected_gradient_is_zero_at_the_mean(rare: Posterior) -> None:
    """By eighty nodes, day by day, in the plainest code there is."""
    problem, program = Likelihood(rare.program), rare.program
    nodes, shares = np.polynomial.hermite_e.hermegauss(80)
    shares = shares / shares.sum()
    alpha = np.exp(rare.log_alpha_mean)[program.channel_class]
    left = -(rare.mean - program.prior_mean) / program.prior_sd**2
    for c, (a, b) in enumerate(pairwise(problem.first)):
        own, x = problem.columns[a:b], problem.design[a:b]
        sd = np.sqrt(np.einsum("kt,kl,lt->t", x, rare.covariance[np.ix_(own, own)], x))
        mu = np.exp((rare.mean[own] @ x)[None] + nodes[:, None] * sd)
        left[own] += x @ (shares @ ((problem.counts[c] - mu) / (1 + alpha[c] * mu)))
    assert np.abs(left * rare.sd).max() < 1e-3
    assert np.abs(rare.mean - rare.mode).max() / rare.sd.max() > 0.1, "a case without skew tests nothing"


def test_it_is_the_nearest_of_all_normal_laws_of_that_covariance() -> None:
    """One free coefficient: the divergence by quadrature, minimised by a method that knows no gradient."""
    program = rare_program(days=500)
    tight = tuple(
        c if i == 0 else replace(c, prior=Prior(c.prior.mean, 1e-4))
        for i, c in enumerate(program.coefficients)
    )
    posterior = fit(replace(program, coefficients=tight))
    problem = Likelihood(posterior.program)
    nodes, shares = np.polynomial.hermite_e.hermegauss(40)

    def divergence(at: Floats) -> float:
        values = []
        for node in nodes:
            beta = posterior.mean.copy()
            beta[0] = at[0] + node * posterior.sd[0]
            values.append(problem.log_posterior(beta, posterior.log_alpha_mean))
        return -float(shares @ values / shares.sum())

    best = minimize(divergence, [posterior.mode[0]], method="Nelder-Mead", options={"xatol": 1e-6})
    assert posterior.mean[0] == pytest.approx(best.x[0], abs=1e-3 * posterior.sd[0])
    assert posterior.mode[0] - posterior.mean[0] > 0.02 * posterior.sd[0]


def test_draws_expect_as_many_acts_as_the_posterior_itself_on_a_small_case(rare: Posterior) -> None:
    totals, each = sampled_totals(rare.program, 800, seed=1)
    assert expected_total(rare, rare.mean) == pytest.approx(totals.mean(), rel=0.015)
    assert expected_total(rare, rare.mode) > 1.05 * totals.mean(), "a case without skew tests nothing"
    drawn = rare.draws(4000, seed=2).beta
    for (own, design), channel in zip(rare.program.designs(), each.T, strict=True):
        mine = np.exp(drawn[:, own] @ design.T).sum(axis=1)
        assert mine.mean() == pytest.approx(channel.mean(), rel=0.08)


@pytest.mark.slow
def test_principals_total_is_within_a_hundredth_and_a_half_of_monte_carlo() -> None:
    posterior = fit(compile_argument(essay(), embedded(), AS_OF))
    layout = posterior.program.layout
    own = [
        c
        for c, channel in enumerate(layout.channels)
        if {channel.source.name, channel.target.name} == set(layout.principals)
    ]
    assert own
    _, each = sampled_totals(posterior.program, 500, seed=1)
    drawn, total = posterior.draws(3000, seed=2).beta, 0.0
    for c, (columns, design) in enumerate(posterior.program.designs()):
        if c in own:
            total += np.mean([np.exp(design @ beta[columns]).sum() for beta in drawn])
    assert total == pytest.approx(each[:, own].sum(axis=1).mean(), rel=0.015)


def test_where_the_search_starts_does_not_matter(rare: Posterior) -> None:
    program, rng = rare.program, np.random.default_rng(0)
    start = rare.mode + 3 * rare.sd * rng.standard_normal(len(rare.mode))
    alpha, design = np.exp(rare.log_alpha_mean), program.stacked_design()
    found = posterior_mean(program, start, rare.covariance, alpha, design=design, tolerance=1e-9)
    np.testing.assert_allclose(found, rare.mean, atol=1e-7)


def test_swapped_principals_have_the_same_mean() -> None:
    one = fit(rare_program())
    chronicle = renamed(random_chronicle(3, days=1200, per_day=RARE), {"A": "B", "B": "A"})
    other = fit(compile_argument(baseline("B", "A"), chronicle, date(2003, 1, 1)))
    swap = str.maketrans("AB", "BA")

    def by_name(posterior: Posterior, *, swapped: bool) -> dict[tuple[str, str], float]:
        return {
            (c.mechanism, c.term.translate(swap) if swapped else c.term): m
            for c, m in zip(posterior.program.coefficients, posterior.mean, strict=True)
        }

    mine, theirs = by_name(one, swapped=False), by_name(other, swapped=True)
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        assert theirs[name] == pytest.approx(value, abs=1e-9)


def test_a_coefficient_held_at_zero_stays_there_and_moves_no_other() -> None:
    program = rare_program()
    j = next(i for i, c in enumerate(program.coefficients) if c.mechanism == "momentum")
    held = replace(program.coefficients[j], prior=Prior(0.0, 1e-7))
    without = tuple(term for term in program.terms if term[1] != j)
    with_it = replace(program, coefficients=(*program.coefficients[:j], held, *program.coefficients[j + 1 :]))
    one, other = fit(with_it), fit(replace(with_it, terms=without))
    assert abs(one.mean[j]) < 1e-9
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-9)


def test_the_more_acts_the_less_the_mean_moves(rare: Posterior) -> None:
    moved = [np.abs((p.mean - p.mode) / p.sd).max() for p in (rare, fit(rare_program(per_day=6.0)))]
    assert moved[1] < moved[0] / 2


def test_a_search_that_does_not_end_is_refused(rare: Posterior, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_STEPS", 1)
    design = rare.program.stacked_design()
    with pytest.raises(FitError, match="converge"):
        posterior_mean(
            rare.program,
            rare.mode,
            rare.covariance,
            np.exp(rare.log_alpha_mean),
            design=design,
            tolerance=1e-9,
        )
