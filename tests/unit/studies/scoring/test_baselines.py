"""Baselines: what each leaves of a program, what it is chosen on, and its means by a written-out sum."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.mechanisms.base import Prior
from detente.model.program import Program
from detente.studies.scoring.baselines import (
    HALF_LIVES_DAYS,
    RIDGE_SDS,
    choose_ridge,
    era_intercepts,
    ewma_means,
    expected_counts,
    fit_dispersion,
    fit_ewma,
    last_four_years,
    log_density,
    ridge,
    with_priors,
    without,
)
from detente.studies.scoring.scores import log_score
from worlds import embedded, essay, random_chronicle


@cache
def program() -> Program:
    return compile_argument(essay(), embedded(), date(2003, 1, 1))


def mechanisms(of: Program) -> set[str]:
    return {c.mechanism for c in of.coefficients}


def test_era_intercepts_keep_only_intercepts_and_eras() -> None:
    plain = era_intercepts(program())
    assert mechanisms(plain) == {"intercept", "era"}
    assert all(x.shape[1] == 3 for _, x in plain.designs())  # intercept, era, the channel's departure from it
    posterior = fit(plain)
    assert np.isfinite(posterior.mean).all()


def test_without_drops_one_mechanism_and_no_number_of_the_others() -> None:
    less = without(program(), "reprisal")
    assert mechanisms(program()) - mechanisms(less) == {"reprisal"}
    kept = [c for c in program().coefficients if c.mechanism != "reprisal"]
    assert list(less.coefficients) == kept
    beta = np.array([0.0 if c.mechanism == "reprisal" else 0.1 for c in program().coefficients])
    smaller = np.full(len(kept), 0.1)
    np.testing.assert_allclose(expected_counts(less, smaller), expected_counts(program(), beta))


def test_ridge_changes_the_mechanisms_priors_only() -> None:
    for before, after in zip(program().coefficients, ridge(program(), 0.3).coefficients, strict=True):
        if before.mechanism in ("intercept", "era"):
            assert after == before
        else:
            assert after.prior == Prior(0.0, 0.3)
    halved = with_priors(program(), lambda p: Prior(p.mean, p.sd / 2))
    assert halved.prior_sd[-1] == program().prior_sd[-1] / 2
    assert halved.prior_mean[-1] == program().prior_mean[-1]


def test_the_ridge_of_highest_evidence_is_taken() -> None:
    sd, posterior = choose_ridge(program())
    evidence = [fit(ridge(program(), s)).log_evidence for s in RIDGE_SDS]
    assert sd == RIDGE_SDS[int(np.argmax(evidence))]
    assert posterior.log_evidence == pytest.approx(max(evidence), abs=1e-6)


def test_ewma_equals_the_sum_written_out() -> None:
    rng = np.random.default_rng(4)
    counts, level = rng.poisson(0.3, (2, 40)), rng.uniform(0.1, 0.5, (2, 40))
    half_life = np.array([3.0, 20.0])
    got = ewma_means(counts, level, half_life)
    for c in range(2):
        for t in range(40):
            weight = 2.0 ** (-(t - np.arange(t)) / half_life[c])
            seen, expected = weight @ counts[c, :t], weight @ level[c, :t]
            assert got[c, t] == pytest.approx(level[c, t] * (1 + seen) / (1 + expected))


def test_each_channel_finds_its_own_half_life() -> None:
    rng = np.random.default_rng(5)
    days, level = 6000, np.full((2, 6000), 1.0)
    fast = np.exp(1.2 * np.sin(np.arange(days) / 12))
    slow = np.exp(1.2 * np.sin(np.arange(days) / 900))
    counts = np.array([rng.poisson(fast), rng.poisson(slow)])

    class _History:
        pass

    history = _History()
    history.counts = counts  # type: ignore[attr-defined]
    class_of, log_alpha = np.zeros(2, dtype=np.int64), np.array([np.log(0.2)])
    one, each = fit_ewma(history, level, class_of, log_alpha)  # type: ignore[arg-type]
    assert each.half_life_days[0] < each.half_life_days[1]
    assert one.half_life_days[0] == one.half_life_days[1]
    assert set(each.half_life_days) <= set(HALF_LIVES_DAYS)


def test_dispersion_is_found_again() -> None:
    rng = np.random.default_rng(6)
    mean = np.full((3, 20_000), 0.5)
    alpha = np.array([0.3, 0.3, 1.5])
    counts = rng.negative_binomial(1 / alpha[:, None], 1 / (1 + alpha[:, None] * mean))
    found = np.exp(fit_dispersion(counts, mean, np.array([0, 0, 1]), 2))
    assert found == pytest.approx([0.3, 1.5], rel=0.2)


def test_last_four_years_count_their_days_and_no_others() -> None:
    rate = last_four_years(program())
    assert rate.days == 1461
    assert (rate.acts == program().history.counts[:, -1461:].sum(axis=1)).all()
    totals = rate.totals(730, 4000, seed=1)
    assert totals.shape == (4000, len(rate.acts))
    expected = (rate.acts + 0.5) * 730 / 1461
    assert totals.mean(axis=0) == pytest.approx(expected, rel=0.15, abs=0.1)
    assert (totals == rate.totals(730, 4000, seed=1)).all()
    short = compile_argument(essay(), random_chronicle_of_principals(), date(2001, 1, 1))
    assert last_four_years(short).days == 366


def random_chronicle_of_principals():  # type: ignore[no-untyped-def]
    from worlds import renamed

    return renamed(random_chronicle(), {"A": "USA", "B": "IRN"})


def test_log_density_is_the_log_score() -> None:
    rng = np.random.default_rng(7)
    counts, mean = rng.poisson(0.3, (3, 50)), rng.uniform(0.01, 2, (3, 50))
    alpha = np.array([[0.2], [1.0], [3.0]])
    np.testing.assert_allclose(log_density(counts, mean, alpha), log_score(counts, mean, alpha))
