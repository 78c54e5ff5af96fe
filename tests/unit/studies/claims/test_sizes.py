"""Sizes of acts: the ladder, its fit and its test against plain computations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from detente.model.clocks import at_clocks
from detente.model.compiler import Shared, assemble
from detente.model.known import read_known
from detente.model.program import contrast
from detente.studies.claims.power import era_bounds
from detente.studies.claims.sizes import RUNGS, Ladder, SizeTest, fit_sizes, read_ladder
from worlds import embedded, essay


def ladder(seed: int = 0, acts: int = 60) -> Ladder:
    """Made-up acts of two sides in two eras."""
    noise = np.random.default_rng(seed)
    side, era = np.arange(acts) % 2, np.arange(acts) * 2 // acts
    return Ladder(
        noise.integers(0, RUNGS + 1, acts),
        noise.gamma(1.0, 1.0, (acts, 2)),
        np.stack([side, noise.normal(size=acts)], axis=1).astype(float),
        era * 2 + side,
        1990 + np.arange(acts) // 6,
        era,
        np.array([-0.2, 0.1]),
        np.array([0.5, 0.4]),
        np.array([0.5, -0.5]),
    )


def log_posterior(found: Ladder, beta: np.ndarray) -> float:
    """The log posterior of every act's path up the ladder, act by act."""
    total = -0.5 * float(((beta / found.prior_sds) ** 2).sum())
    for i, height in enumerate(found.height):
        x = np.concatenate([found.given[i], found.judged[i]])
        for rung in range(RUNGS):
            chance = 1 / (1 + np.exp(-(beta[rung] + x @ beta[RUNGS:])))
            if height > rung:
                total += np.log(chance)
            else:
                total += np.log(1 - chance)
                break
    return total


def test_the_fit_is_the_mode_of_the_written_out_posterior() -> None:
    found = ladder()
    mode = fit_sizes(found).mode
    best = minimize(lambda beta: -log_posterior(found, beta), np.zeros(len(mode)), tol=1e-10).x
    np.testing.assert_allclose(mode, best, atol=1e-4)


def test_every_shift_of_sizes_is_the_newton_step_of_a_plain_computation() -> None:
    found = ladder(1, 24)
    test = SizeTest.of(found, seed=3)
    null = fit_sizes(found, effect=0.0).mode
    got = test.statistics(found.height[None])
    weight = np.concatenate([np.zeros(len(null) - 2), found.weight])
    for s in (0, 1, 500, 999):
        moved = replace(found, judged=test.features[s])
        gradient, information = np.zeros(len(null)), np.diag(1 / found.prior_sds**2)
        gradient -= null / found.prior_sds**2
        for i, height in enumerate(found.height):
            for rung in range(min(int(height) + 1, RUNGS)):
                x = np.concatenate([np.eye(RUNGS)[rung], moved.given[i], moved.judged[i]])
                chance = 1 / (1 + np.exp(-x @ null))
                gradient += x * (float(height > rung) - chance)
                information += chance * (1 - chance) * np.outer(x, x)
        step = null + np.linalg.solve(information, gradient)
        expected = weight @ step / np.sqrt(weight @ np.linalg.solve(information, weight))
        assert got[s, 0] == pytest.approx(expected, abs=1e-7)


def test_shifts_keep_each_group_of_acts_to_itself() -> None:
    found = ladder()
    test = SizeTest.of(found, seed=1)
    np.testing.assert_array_equal(test.features[0], found.judged)
    for group in np.unique(found.group):
        own = found.group == group
        for s in (1, 17, 999):
            np.testing.assert_allclose(
                np.sort(test.features[s, own], axis=0), np.sort(found.judged[own], axis=0)
            )


def test_a_shift_is_as_good_as_any_other_where_nothing_matters() -> None:
    found = ladder(2)
    test = SizeTest.of(found, seed=5)
    statistics = test.statistics(test.simulate(0.0, 800, np.random.default_rng(0)))
    p = (1 + (statistics[1:] >= statistics[0]).sum(axis=0)) / len(statistics)
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.03)
    there = test.statistics(test.simulate(1.5, 300, np.random.default_rng(1)))
    assert (1 + (there[1:] >= there[0]).sum(axis=0) <= 0.05 * len(there)).mean() > 0.8


@pytest.mark.parametrize("of", ["answers", "force in crises"])
def test_the_ladder_of_the_chronicle_holds_the_acts_it_should(of: str) -> None:
    argument = at_clocks(essay(), essay().clocks.half_lives())
    known = read_known(argument, embedded(), date(2020, 1, 17))
    program = assemble(argument, known, Shared())
    found = read_ladder(
        argument,
        known,
        program.stacked_design(),
        of,
        weight=contrast(program, ["anger.limited"]),
        given=[],
        prior_mean=program.prior_mean,
        prior_sd=program.prior_sd,
        eras=era_bounds(program),
    )
    assert found is not None
    force = known.chronicle.events.filter(
        (pl.col("class") == "force")
        & (pl.col("date") >= date(1979, 1, 1))
        & pl.col("source").is_in(["USA", "IRN"])
        & pl.col("target").is_in(["USA", "IRN"])
    )
    assert 10 < len(found.height) < force.height
    late = found.year == 2020  # the killing and the missiles; both answers, both in a crisis
    assert found.height[late].max() >= 2  # ten died on 3 January
    assert 1 in found.height[late]  # and nobody on 8 January
    assert set(np.unique(found.judged)) <= {0.0, 1.0}
