from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from detente.argument.blocks import MechanismSpec
from detente.base.days import Window
from detente.base.errors import UnstableModelError
from detente.futures.futures import simulate
from detente.futures.kernel.simulate import simulate_log
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.memory import Log1p, Memory, Saturate
from detente.model.program import Program
from detente.model.stability import (
    _DAYS,
    _DRAWS,
    feedback,
    refuse_if_explosive,
    spectral_radii,
    spectral_radius,
)
from worlds import AS_OF, baseline, embedded, essay, random_chronicle

LATER = date(2002, 6, 1)


@pytest.fixture(scope="module")
def program() -> Program:
    return compile_argument(baseline("A", "B"), random_chronicle(11), LATER)


def unsaturated(program: Program) -> Program:
    atoms = tuple(Log1p(a.memory) if isinstance(a, Saturate) else a for a in program.atoms)
    return replace(program, atoms=atoms, caps=np.full(len(atoms), np.inf))


def test_saturated_feedback_never_explodes(program: Program) -> None:
    strong = np.where([c.mechanism == "momentum" for c in program.coefficients], 3.0, program.prior_mean)
    refuse_if_explosive(program, strong)


def test_unsaturated_feedback_at_or_above_one_is_refused_with_the_number_and_the_remedy(
    program: Program,
) -> None:
    loose = unsaturated(program)
    refuse_if_explosive(loose, np.zeros(len(loose.coefficients)))
    strong = np.where([c.mechanism == "momentum" for c in loose.coefficients], 1.2, 0.0)
    with pytest.raises(UnstableModelError, match=r"spectral radius below 1, got 1\.2.*Saturate"):
        refuse_if_explosive(loose, strong)
    posterior = replace(fit(program), program=loose, mean=strong)
    with pytest.raises(UnstableModelError):
        simulate(posterior, days=10, futures=2, seed=1, scheme="detente", codebook="detente")


def test_the_feedback_matrix_is_what_one_more_act_sets_off(program: Program) -> None:
    """One act more in a channel on day 0, against none, in expectation over many futures."""
    quiet = replace(program, initial=program.history.memories.mean(axis=1))
    channels = len(program.layout.channels)
    beta = np.where([c.mechanism == "momentum" for c in program.coefficients], 0.3, 0.0)
    beta[:channels] = -4.0
    force = next(i for i, c in enumerate(program.layout.channels) if c.label == "A -> B force")
    days, futures = 120, 40_000
    dynamics = quiet.dynamics(days)
    weight, _ = program.acts.weights(program.memories)
    bump = weight[:, program.acts.start[force]] * dynamics.decay
    draws = np.tile(beta, (futures, 1)), np.full((futures, len(program.classes)), -np.inf)
    base = simulate_log(dynamics, *draws, days=days, seed=3)
    more = simulate_log(replace(dynamics, initial=dynamics.initial + bump), *draws, days=days, seed=3)
    extra = (np.sum(more.channel == force) - np.sum(base.channel == force)) / futures
    # the matrix is taken at fitted rates and mean memories; rebuild its entry at this experiment's own rate
    memory = next(
        i
        for i, m in enumerate(program.memories)
        if m.feeds == ((force, m.feeds[0][1]),) and m.half_life_days == 14
    )
    atom = next(
        i
        for i, a in enumerate(program.atoms)
        if isinstance(a, Saturate) and a.memory == program.memories[memory]
    )
    level = dynamics.initial[memory]
    rate = np.exp(-4.0 + 0.3 * program.atoms[atom].value(np.array(level), program.caps[atom]))  # type: ignore[union-attr]
    slope = program.atoms[atom].slope(float(level), program.caps[atom])  # type: ignore[union-attr]
    keep = program.memories[memory].decay
    expected = rate * 0.3 * slope * keep / (1 - keep)
    assert extra == pytest.approx(expected, rel=0.35)
    matrix = feedback(program, beta)
    assert matrix[force, force] > 0
    off = matrix.copy()
    np.fill_diagonal(off, 0)
    np.testing.assert_allclose(off, 0, atol=1e-12)
    assert spectral_radius(program, beta) == pytest.approx(matrix.diagonal().max())


def test_zero_coefficients_give_no_feedback(program: Program) -> None:
    assert spectral_radius(program, np.zeros(len(program.coefficients))) == 0


def test_a_lower_cap_and_an_account_that_answers_settle_lower_the_feedback() -> None:
    """The radius reads the slope of the saturated memory, and that an answer takes something off it."""

    def radius(cap: float, half_life_days: float = 20.0) -> tuple[float, float]:
        settings = {"cap": cap, "half_life_days": half_life_days}
        argument = baseline("A", "B").model_copy(
            update={"mechanisms": {"exchange": MechanismSpec(settings=settings)}}
        )
        program = compile_argument(argument, random_chronicle(5), AS_OF)
        beta = np.where([c.mechanism == "exchange" for c in program.coefficients], 1.0, 0.0)
        beta[: len(program.layout.channels)] = -3.0
        matrix = feedback(program, beta)
        force = [i for i, c in enumerate(program.layout.channels) if program.layout.role(c) == "force"]
        return spectral_radius(program, beta), float(np.diag(matrix)[force].max())

    radii = [radius(cap)[0] for cap in (0.5, 1.0, 5.0)]
    assert radii == sorted(radii)
    assert radii[2] > 1.1 * radii[0]
    assert radius(1.0)[1] < 0


def test_a_stock_has_a_finite_feedback_matrix() -> None:
    assert Memory(float("inf"), ()).decay == 1.0


def test_radii_of_draws_are_the_radii_one_by_one() -> None:
    """Enough draws and days that the last piece of either is a short one."""
    posterior = fit(compile_argument(essay(), embedded(), AS_OF))
    beta = posterior.draws(_DRAWS + 5, seed=2).beta
    assert posterior.program.history.window.days % _DAYS
    radii = spectral_radii(posterior.program, beta)
    some = [0, 1, _DRAWS - 1, _DRAWS, _DRAWS + 4]
    one_by_one = [spectral_radius(posterior.program, beta[i]) for i in some]
    np.testing.assert_allclose(radii[some], one_by_one, rtol=1e-5)
    assert radii.shape == (_DRAWS + 5,)
    assert len(set(radii.round(6))) > _DRAWS


def test_radii_grow_with_the_coefficients_that_feed_back(program: Program) -> None:
    """Doubled at the same rates, a coefficient doubles the radius; draws without feedback have none."""
    own = np.array([c.mechanism == "momentum" for c in program.coefficients])
    betas = np.where(own, np.array([[0.0], [0.01], [0.02]]), 0.0)
    betas[:, : len(program.layout.channels)] = -4.0
    none, once, twice = spectral_radii(program, betas)
    assert none == 0
    assert twice / once == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("days", [30, 365])
def test_the_radius_of_the_last_days_is_that_of_a_history_cut_to_them(program: Program, days: int) -> None:
    beta, history = program.prior_mean, program.history
    window = Window(history.window.end - timedelta(days=days), history.window.end)
    rows = {
        name: tuple(row[-days:] for row in getattr(history, name)) for name in ("memory_rows", "atom_rows")
    }
    cut = replace(program, history=replace(history, window=window, counts=history.counts[:, -days:], **rows))
    late = spectral_radius(program, beta, last=days)
    assert late == pytest.approx(spectral_radius(cut, beta))
    assert late != pytest.approx(spectral_radius(program, beta))
    assert spectral_radius(program, beta, last=10**6) == spectral_radius(program, beta)
