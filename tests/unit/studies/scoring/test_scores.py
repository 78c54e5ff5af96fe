"""Scores against the library scoringrules, against sums written out, and on their edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.studies.scoring.scores import (
    block_bootstrap,
    coverage,
    crps_count,
    crps_sample,
    interval_score,
    log_score,
)

COUNTS = np.array([0, 0, 1, 2, 7, 40])
MEANS = np.array([0.01, 2.0, 0.5, 3.0, 0.2, 35.0])
ALPHAS = np.array([0.3, 1.0, 4.0, 0.05, 2.0, 0.5])


@pytest.mark.filterwarnings("ignore")
def test_scores_equal_those_of_scoringrules() -> None:
    sr = pytest.importorskip("scoringrules")
    from scipy.stats import nbinom

    n, p = 1 / ALPHAS, 1 / (1 + ALPHAS * MEANS)
    # The library gives no chance at all to counts above 0 where n < 1, against its own CRPS; SciPy stands in there.
    sound = n >= 1
    theirs = -sr.logs_negbinom(COUNTS, n, p)[sound]
    np.testing.assert_allclose(log_score(COUNTS, MEANS, ALPHAS)[sound], theirs, rtol=1e-9)
    np.testing.assert_allclose(log_score(COUNTS, MEANS, ALPHAS), nbinom.logpmf(COUNTS, n, p), rtol=1e-9)
    np.testing.assert_allclose(crps_count(COUNTS, MEANS, ALPHAS), sr.crps_negbinom(COUNTS, n, p), rtol=1e-6)
    np.testing.assert_allclose(log_score(COUNTS, MEANS, 0), -sr.logs_poisson(COUNTS, MEANS), rtol=1e-9)
    np.testing.assert_allclose(crps_count(COUNTS, MEANS, 0), sr.crps_poisson(COUNTS, MEANS), rtol=1e-6)
    low, high = np.array([0, 1, 2, 0, 1, 50]), np.array([0, 3, 5, 1, 6, 60])
    theirs = sr.interval_score(COUNTS, low, high, 0.1)
    np.testing.assert_allclose(interval_score(COUNTS, low, high), theirs)
    draws = np.random.default_rng(0).poisson(3, (50, 6))
    theirs = sr.crps_ensemble(COUNTS.astype(float), draws.T.astype(float), estimator="nrg")
    np.testing.assert_allclose(crps_sample(COUNTS, draws), theirs)


@given(st.floats(0.001, 30), st.floats(0.01, 5))
@settings(max_examples=30, deadline=None)
def test_the_chances_of_all_counts_add_up_to_one_and_have_the_mean(mean: float, alpha: float) -> None:
    k = np.arange(20_000)
    chance = np.exp(log_score(k, mean, alpha))
    assert chance.sum() == pytest.approx(1, abs=1e-6)
    assert (k * chance).sum() == pytest.approx(mean, rel=1e-4)
    assert ((k - mean) ** 2 * chance).sum() == pytest.approx(mean + alpha * mean**2, rel=1e-2)


def test_what_cannot_come_has_no_chance() -> None:
    assert log_score([-1, 0.5], 1.0, 0.5).tolist() == [-np.inf, -np.inf]
    assert log_score([0, 1], 0.0, 0.5).tolist() == [0.0, -np.inf]
    assert log_score([0, 1], 0.0, 0.0).tolist() == [0.0, -np.inf]


def test_nan_stays_where_it_is() -> None:
    for score in (log_score, crps_count):
        assert np.isnan(score([np.nan, 1, 1, 1], [1, np.nan, 1, 1], [1, 1, np.nan, 1])).tolist() == [
            1,
            1,
            1,
            0,
        ]
    assert np.isnan(interval_score([np.nan, 1], 0, 2)).tolist() == [True, False]
    assert np.isnan(crps_sample([np.nan, 1], np.ones((3, 2)))).tolist() == [True, False]
    assert np.isnan(coverage([1, np.nan], 0, 2))
    assert np.isnan(coverage([], 0, 2))
    assert all(np.isnan(block_bootstrap([1, np.nan], seed=1)))
    assert all(np.isnan(block_bootstrap([], seed=1)))


def test_crps_of_many_draws_comes_near_that_of_the_law() -> None:
    draws = np.random.default_rng(1).negative_binomial(2.0, 2 / (2 + 3.0), 100_000)
    assert crps_sample(4, draws) == pytest.approx(float(crps_count(4, 3.0, 0.5)), rel=0.02)


def test_interval_score_is_width_and_fines() -> None:
    assert interval_score([5, 1, 10], 2, 8).tolist() == pytest.approx([6, 26, 46])
    assert coverage([5, 2, 8, 1, 10], 2, 8) == 0.6
    with pytest.raises(ValueError, match="share must lie between 0 and 1, got 1"):
        interval_score(1, 0, 2, 1.0)


def test_bootstrap_is_seeded_and_covers_at_about_its_rate() -> None:
    rng = np.random.default_rng(2)
    d = rng.normal(0.3, 1, 96)
    assert block_bootstrap(d, seed=5) == block_bootstrap(d, seed=5)
    assert block_bootstrap(d, seed=5) != block_bootstrap(d, seed=6)
    hits = 0
    for seed in range(100):
        mean, low, high = block_bootstrap(rng.normal(0.3, 1, 96), seed=seed, resamples=500)
        assert low < mean < high
        hits += low <= 0.3 <= high
    assert 80 <= hits <= 97


def test_blocks_widen_the_interval_of_a_dependent_series() -> None:
    rng = np.random.default_rng(3)
    d = np.repeat(rng.normal(0, 1, 40), 8)
    _, low, high = block_bootstrap(d, seed=1)
    _, low8, high8 = block_bootstrap(d, seed=1, block=8)
    assert high8 - low8 > 2 * (high - low)
    with pytest.raises(ValueError, match="block must lie from 1 to 320, got 0"):
        block_bootstrap(d, seed=1, block=0)
