from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from detente.argument.argument import Argument
from detente.argument.blocks import MechanismSpec
from detente.events.chronicle import Chronicle
from detente.futures.futures import simulate
from detente.lab.case import Case
from detente.lab.clocks import clocks_of
from detente.model.clock_prior import PRIOR_SD_LOG, log_prior_mass
from detente.model.clocks import ClockFit, at_clocks, fit_argument, fit_clocks, grid_of, with_usual_grid
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.model.known import read_known
from detente.report.text.clocks import identified
from worlds import AS_OF, baseline, embedded, essay, random_chronicle

LATER = date(2002, 6, 1)


def fit_known(
    method: Callable[..., Any],
    argument: Argument,
    chronicle: Chronicle | None = None,
    day: date = LATER,
    **options: Any,
) -> Any:
    return method(argument, read_known(argument, chronicle or random_chronicle(5), day), **options)


def gridded(**grid: tuple[float, ...]) -> Argument:
    argument = baseline("A", "B")
    return argument.model_copy(update={"clocks": argument.clocks.model_copy(update={"grid": grid})})


@pytest.fixture(scope="module")
def result() -> ClockFit:
    return fit_known(fit_clocks, gridded(fast=(3.0, 14.0, 60.0), slow=(90.0, 365.0)))


def test_every_point_is_the_fit_of_the_argument_at_those_clocks(result: ClockFit) -> None:
    assert len(result.points) == 6
    for point, posterior in list(zip(result.points, result.posteriors, strict=True))[::2]:
        alone = fit(compile_argument(at_clocks(baseline("A", "B"), point), random_chronicle(5), LATER))
        np.testing.assert_allclose(posterior.mean, alone.mean, atol=0.02 * alone.sd.max())
        assert posterior.log_evidence == pytest.approx(alone.log_evidence, abs=0.02)


def test_masses_are_prior_times_evidence(result: ClockFit) -> None:
    expected = np.exp(result.log_prior + result.evidence - result.evidence.max())
    np.testing.assert_allclose(result.weights, expected / expected.sum())
    for clock in ("fast", "slow"):
        points = result.profile(clock)
        assert sum(p.mass for p in points) == pytest.approx(1)
        assert sum(p.prior for p in points) == pytest.approx(1)
        assert max(p.log_evidence for p in points) == 0
        assert max(p.profile for p in points) == 0


def test_the_prior_mass_of_30_days_is_what_the_essays_grid_means() -> None:
    """The normal law in the log half-life (median 14 days, sd .5), cut at 7 and 30 days, by the trapezoidal rule."""
    fast, slow = gridded(fast=(7.0, 14.0, 21.0, 30.0)), gridded(slow=(90.0, 180.0, 365.0, 730.0))
    mass = np.exp(grid_of(fast).log_prior)
    np.testing.assert_allclose(mass / mass.sum(), [0.131, 0.543, 0.271, 0.055], atol=5e-4)
    even = np.exp(grid_of(slow).log_prior)  # almost equally spaced in the log: the ends have half a cell
    np.testing.assert_allclose(even / even.sum(), [0.082, 0.329, 0.422, 0.167], atol=5e-3)


def test_masses_of_a_fine_grid_are_those_of_the_law() -> None:
    days = np.exp(np.linspace(np.log(2.0), np.log(100.0), 400))
    mass = np.exp(log_prior_mass("fast", 14.0, days.tolist()))
    below = (mass / mass.sum())[days <= 21].sum()
    low, middle, high = (norm.cdf(np.log(d / 14.0) / PRIOR_SD_LOG["fast"]) for d in (2.0, 21.0, 100.0))
    assert below == pytest.approx((middle - low) / (high - low), abs=2e-3)


@given(
    steps=st.lists(st.floats(0.05, 1.5), min_size=4, max_size=8),
    at=st.floats(0.1, 0.9),
    data=st.data(),
)
def test_another_point_takes_mass_from_its_two_neighbours_only(
    steps: list[float], at: float, data: st.DataObject
) -> None:
    place = np.cumsum([1.0, *steps])
    split = data.draw(st.integers(0, len(steps) - 1))
    days = np.exp(place).tolist()
    finer = sorted([*days, float(np.exp(place[split] + at * steps[split]))])
    before = dict(zip(days, log_prior_mass("slow", 300.0, days), strict=True))
    after = dict(zip(finer, log_prior_mass("slow", 300.0, finer), strict=True))
    for i, each in enumerate(days):
        change = after[each] - before[each]
        assert change < 0 if i in (split, split + 1) else change == pytest.approx(0, abs=1e-12)
    cell = steps[split] / 2  # what the new point takes of widths is what its neighbours lose
    lost = sum(
        np.exp(values[d] + 0.5 * np.log(d / 300.0) ** 2) * sign
        for values, sign in ((before, 1), (after, -1))
        for d in (days[split], days[split + 1])
    )
    assert lost == pytest.approx(cell, rel=1e-6)


def test_a_point_between_moves_posterior_masses_no_more_than_its_own_cell() -> None:
    """Where the evidence hardly differs, what lies beyond 40 days keeps its mass when 14 days gets neighbours."""
    weak = {"mechanisms": {"attention": MechanismSpec()}}
    grids = (7.0, 14.0, 28.0, 56.0), (7.0, 10.0, 12.0, 14.0, 16.0, 20.0, 28.0, 56.0)
    coarse, fine = (fit_known(fit_clocks, gridded(fast=grid).model_copy(update=weak)) for grid in grids)
    last = [found.profile("fast")[-1].mass for found in (coarse, fine)]
    assert last[1] == pytest.approx(last[0], rel=0.1)


def test_averaged_moments_hold_the_spread_between_points(result: ClockFit) -> None:
    draws, rng = [], np.random.default_rng(0)
    j = len(result.mean) - 1
    for weight, posterior in zip(result.weights, result.posteriors, strict=True):
        draws.append(rng.normal(posterior.mean[j], posterior.sd[j], int(200_000 * weight)))
    pooled = np.concatenate(draws)
    assert result.mean[j] == pytest.approx(pooled.mean(), abs=4e-3)
    assert result.sd[j] == pytest.approx(pooled.std(), rel=0.02)


def test_starting_elsewhere_ends_at_the_same_mode() -> None:
    program = compile_argument(baseline("A", "B"), random_chronicle(5), LATER)
    here = fit(program)
    far = compile_argument(
        at_clocks(baseline("A", "B"), {"fast": 200.0, "slow": 20.0}), random_chronicle(8), LATER
    )
    for start in (None, fit(far)):
        np.testing.assert_allclose(fit(program, start=start).mean, here.mean, atol=1e-8)


def test_a_planted_clock_is_found_and_a_clock_of_decades_is_not() -> None:
    """KEDS-like density: a channel that feeds itself for a week is told from one that does so for two months."""
    from datetime import timedelta

    from detente.base.days import Window
    from detente.futures.futures import Futures
    from detente.futures.kernel.simulate import simulate_log

    base = compile_argument(
        at_clocks(baseline("A", "B"), {"fast": 7.0}), random_chronicle(5, per_day=1.5), LATER
    )
    beta = np.where([c.mechanism == "momentum" for c in base.coefficients], 0.9, 0.0)
    beta[: len(base.layout.channels)] = -2.5
    days = 3000
    log = simulate_log(
        base.dynamics(days), beta[None], np.full((1, len(base.classes)), np.log(0.3)), days=days, seed=2
    )
    window = Window(LATER, LATER + timedelta(days=days))
    chronicle = Futures(window, log, fit(base).program, "detente", "detente", 2).chronicle(0)
    found = fit_known(fit_clocks, gridded(fast=(7.0, 30.0, 90.0)), chronicle, window.end)
    assert max(found.profile("fast"), key=lambda p: p.mass).days == 7
    assert "speak against" in identified(found.identified("fast"))


def test_the_generational_clock_is_not_identified_on_the_embedded_chronicle() -> None:
    argument = essay().model_copy(
        update={
            "clocks": essay().clocks.model_copy(update={"grid": {"generational": (3652.0, 7305.0, 14610.0)}})
        }
    )
    found = fit_known(fit_clocks, argument, embedded(), AS_OF).identified("generational")
    assert found.verdict == "not identified"
    assert "do not identify it" in identified(found)
    assert "rests on the prior" in identified(found)


def test_a_clock_without_a_grid_stays_where_it_was_declared(result: ClockFit) -> None:
    assert result.grid["generational"] == (7305.0,)
    assert (
        identified(result.identified("generational"))
        == "generational clock: fixed at 20 years, not estimated."
    )


def test_the_usual_grid_covers_the_clocks_in_use_only() -> None:
    assert set(with_usual_grid(baseline("A", "B")).clocks.grid) == {"fast", "slow"}
    plain = at_clocks(essay(), {})
    assert set(with_usual_grid(plain).clocks.grid) == {"fast", "slow", "generational"}
    own = gridded(fast=(5.0, 6.0))
    assert with_usual_grid(own) is own


def test_threads_do_not_change_the_result() -> None:
    one, two = (fit_known(fit_clocks, gridded(fast=(7.0, 14.0)), threads=n).evidence for n in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_the_lab_returns_profiles_and_sentences() -> None:
    value = clocks_of(Case("x", gridded(fast=(7.0, 14.0)), random_chronicle(5)), as_of=LATER).to_dict()
    assert value["points"] == 2
    assert [c["clock"] for c in value["clocks"]] == ["fast", "slow", "generational"]
    assert len(value["clocks"][0]["profile"]) == 2


def test_futures_draw_half_lives_by_their_mass_and_coefficients_from_their_own_fit(result: ClockFit) -> None:
    count = 4000
    draws = result.draws(count, 7)
    beta, log_alpha = draws.beta, draws.log_alpha
    parts = result.draws(count, 7).parts
    rows = np.concatenate([row for _, row in parts])
    assert sorted(rows.tolist()) == list(range(count))
    share = np.array(
        [sum(len(row) for part, row in parts if part is posterior) / count for posterior in result.posteriors]
    )
    np.testing.assert_allclose(share, result.weights, atol=0.03)
    np.testing.assert_allclose(beta.mean(axis=0), result.mean, atol=4 * result.sd.max() / np.sqrt(count))
    np.testing.assert_allclose(beta.std(axis=0), result.sd, rtol=0.08)
    posterior, row = parts[-1]
    np.testing.assert_array_equal(beta[row[0]], posterior.draws(count, 7).beta[row[0]])
    np.testing.assert_array_equal(result.draws(50, 7).beta, beta[:50])
    assert log_alpha.shape == (count, len(result.program.classes))


def test_a_future_of_a_grid_is_that_future_of_its_own_point(result: ClockFit) -> None:
    told: dict[str, Any] = {"days": 120, "futures": 60, "seed": 3, "scheme": "detente", "codebook": "detente"}
    watched = tuple(result.program.watched)
    both = simulate(result, **told, record=watched, threads=2)
    once = simulate(result, **told, record=watched, threads=1)
    assert both.events.equals(once.events)
    np.testing.assert_array_equal(both.log.traces, once.log.traces)
    posterior, rows = result.draws(60, 3).parts[0]
    alone = simulate(posterior, **told, record=watched)
    for future in rows:
        assert both.chronicle(int(future)).events.equals(alone.chronicle(int(future)).events)
        np.testing.assert_array_equal(both.log.traces[future], alone.log.traces[future])
    assert both.log.future.tolist() == sorted(both.log.future.tolist())


def test_an_argument_without_a_grid_is_fitted_once_and_a_clock_nothing_reads_stays_fixed() -> None:
    assert isinstance(fit_known(fit_argument, baseline("A", "B")), Posterior)
    found = fit_known(fit_argument, gridded(fast=(7.0, 14.0), generational=(3652.0, 7305.0)))
    assert isinstance(found, ClockFit)
    assert found.grid["generational"] == (7305.0,)
    assert len(found.points) == 2
