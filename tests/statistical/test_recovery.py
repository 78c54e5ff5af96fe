"""Contract 3: simulate from known coefficients, refit, and find them again at the nominal rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import RunSpec
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.futures.futures import Futures
from detente.futures.kernel.simulate import simulate_log
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.model.program import Program
from worlds import baseline, embedded

START, YEARS = date(1990, 1, 1), 25


def base_program() -> Program:
    """Two principals on six classes, without eras, with empty memories to start from."""
    chronicle = replace(embedded(), eras=())
    argument = baseline().model_copy(update={"run": RunSpec(fit_from=date(1979, 1, 1), outbreaks=False)})
    program = compile_argument(argument, chronicle, START)
    return replace(program, initial=np.zeros(len(program.memories)))


def replicate(
    seed: int, program: Program, lost: Window | None = None, gaps: tuple[Window, ...] = ()
) -> tuple[Floats, Posterior]:
    """Draw coefficients from the prior, simulate one long chronicle from them, fit it with the same caps.

    The acts of the days `lost` are taken out before the fit, which knows of the gaps.
    """
    rng = np.random.default_rng(seed)
    truth = program.prior_mean + program.prior_sd * rng.standard_normal(len(program.coefficients))
    channels = len(program.layout.channels)
    truth[:channels] = rng.normal(-3.6, 0.4, channels)  # rates of a well-covered pair
    log_alpha = rng.normal(np.log(0.5), 0.5, len(program.classes))
    window = Window(START, START + timedelta(days=YEARS * 365))
    log = simulate_log(
        program.dynamics(window.days), truth[None], log_alpha[None], days=window.days, seed=seed
    )
    stub = fit(program)
    chronicle = Futures(window, log, stub.program, "detente", "detente", seed).chronicle(0)
    if lost is not None:
        kept = ~pl.col("date").is_between(lost.start, lost.end, "left")
        chronicle = replace(chronicle, events=chronicle.events.filter(kept), gaps=gaps)
    again = compile_argument(baseline(), chronicle, window.end)
    assert [c.term for c in again.coefficients] == [c.term for c in program.coefficients]
    caps = np.empty_like(again.caps)
    atoms = list(again.history.atom_rows)
    for i, atom in enumerate(again.atoms):
        caps[i] = program.caps[program.atoms.index(atom)]
        atoms[i] = atom.value(again.history.memory_rows[again.memories.index(atom.memory)], caps[i])  # type: ignore[union-attr]
    again = replace(again, caps=caps, history=replace(again.history, atom_rows=tuple(atoms)))
    return truth, fit(again)


def covered(truth: Floats, posterior: Posterior) -> Floats:
    channels = len(posterior.program.layout.channels)
    z = (posterior.mean - truth) / posterior.sd
    return np.abs(z[channels:]) < 1.645


def test_one_replicate_is_recovered() -> None:
    program = base_program()
    truth, posterior = replicate(1, program)
    z = (posterior.mean - truth) / posterior.sd
    assert np.abs(z).max() < 4
    assert covered(truth, posterior).mean() > 0.7
    shrunk = posterior.sd[len(program.layout.channels) :] / program.prior_sd[len(program.layout.channels) :]
    assert np.median(shrunk) < 0.95, "a long chronicle must tell something"


@pytest.mark.slow
def test_ninety_per_cent_intervals_cover_at_about_their_rate() -> None:
    program = base_program()
    hits = np.array([covered(*replicate(seed, program)) for seed in range(200)])
    assert 0.85 <= hits.mean() <= 0.95, f"coverage {hits.mean():.3f}"


@pytest.mark.slow
def test_coefficients_are_recovered_from_two_parts_and_rates_are_not_diluted() -> None:
    """Of 25 years the middle ten are lost: taken as a gap, intervals keep nearly their rate; taken as quiet, not."""
    program = base_program()
    gap = Window(date(1997, 1, 1), date(2007, 1, 1))
    channels = len(program.layout.channels)
    hits, levels = {}, {}
    for name, gaps in (("gap", (gap,)), ("quiet", ())):
        found = [replicate(seed, program, lost=gap, gaps=gaps) for seed in range(24)]
        hits[name] = np.mean([covered(*each) for each in found])
        levels[name] = np.mean([(posterior.mean - truth)[:channels].mean() for truth, posterior in found])
    assert 0.81 <= hits["gap"] <= 0.95, f"coverage {hits['gap']:.3f}"
    assert hits["quiet"] < hits["gap"] - 0.05
    # of the ten years slow memories know nothing, for which levels stand in
    assert abs(levels["gap"]) < 0.4
    assert levels["quiet"] < -1
