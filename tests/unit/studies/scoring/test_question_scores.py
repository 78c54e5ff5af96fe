"""Scores of probabilities: against plain loops, and what is said where nothing can be computed."""

from __future__ import annotations

import numpy as np
import pytest

from detente.studies.scoring.question_scores import (
    BLOCK,
    brier_skill,
    calibration_slope,
    discrimination,
    reliability,
    resampled_dates,
    without_overlap,
)


def test_blocks_of_dates_stay_together() -> None:
    draws = resampled_dates(40, seed=3, resamples=50)
    assert draws is not None
    assert (draws.sum(axis=1) == 40).all()
    # a date drawn without its neighbours would leave runs shorter than a block
    for row in draws > 0:
        ends = np.flatnonzero(row & ~np.roll(row, 1))
        for start in ends:
            length = next(i for i in range(41) if i == 40 or not row[(start + i) % 40])
            assert length >= BLOCK
    assert resampled_dates(2 * BLOCK - 1, seed=1) is None


def test_the_interval_is_that_of_ratios_over_resampled_dates() -> None:
    rng = np.random.default_rng(2)
    ours, theirs = rng.random(40), rng.random(40) + 0.5
    draws = resampled_dates(40, seed=1, resamples=200)
    assert draws is not None
    ratios = [1 - (row * ours).sum() / (row * theirs).sum() for row in draws]
    found = brier_skill(ours, theirs, draws)
    assert found.mean == pytest.approx(1 - ours.sum() / theirs.sum())
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(ratios, [0.05, 0.95])))
    assert brier_skill(ours, np.zeros(40), draws).mean is None


@pytest.mark.parametrize("true", [0.5, 1.0, 1.6])
def test_the_slope_is_found_again(true: float) -> None:
    rng = np.random.default_rng(5)
    odds = rng.normal(0, 1.2, 40_000)
    came = rng.random(40_000) < 1 / (1 + np.exp(-true * odds))
    assert calibration_slope(1 / (1 + np.exp(-odds)), came) == pytest.approx(true, abs=0.06)


@pytest.mark.parametrize("seed", range(6))
def test_the_slope_is_that_of_another_optimiser(seed: int) -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(seed)
    p = np.round(rng.beta(0.4, 1.2, 51), 3)  # many near 0: whole Newton steps run in circles
    came = rng.random(51) < 0.3 + 0.3 * p
    odds = np.log(np.clip(p, 0.005, 0.995) / (1 - np.clip(p, 0.005, 0.995)))
    found = minimize(
        lambda b: np.logaddexp(0, (1 - 2 * came) * (b[0] + b[1] * odds)).sum(), [0, 0], tol=1e-10
    )
    assert calibration_slope(p, came) == pytest.approx(found.x[1], abs=1e-4)


def test_there_is_no_slope_where_outcomes_or_probabilities_do_not_vary_or_are_separated() -> None:
    assert calibration_slope([0.2, 0.8], [1, 1]) is None
    assert calibration_slope([0.3, 0.3, 0.3], [0, 1, 1]) is None
    assert calibration_slope([0.1, 0.2, 0.8], [0, 0, 1]) is None
    assert calibration_slope([], []) is None
    assert discrimination([0.2, 0.8], [0, 0]) is None


def test_discrimination_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(7)
    p, y = rng.integers(0, 6, 60) / 5, rng.random(60) < 0.4
    pairs = [(a > b) + 0.5 * (a == b) for a in p[y] for b in p[~y]]
    assert discrimination(p, y) == pytest.approx(np.mean(pairs))


def test_a_tenth_holds_its_lower_end() -> None:
    bins = reliability([0.0, 0.1, 0.3, 0.7, 1.0], [0, 0, 1, 1, 1])
    assert [row.cases for row in bins] == [1, 1, 0, 1, 0, 0, 0, 1, 0, 1]
    assert bins[2].frequency is None


def test_windows_are_taken_one_after_the_other() -> None:
    assert without_overlap([], []) == 0
    assert without_overlap([0, 91, 182, 273, 365], [366] * 5) == 1
    assert without_overlap([0, 91, 182, 273, 366], [366] * 5) == 2
