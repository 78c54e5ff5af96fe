"""Positive control of the backtest: where acts received do move what follows, the difference must clear zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.argument.blocks import MechanismSpec, PriorSpec, RunSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.futures.futures import Futures
from detente.futures.kernel.simulate import simulate_log
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.mechanisms import mechanism_registry
from detente.model.program import Program
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.scoring.baselines import without
from detente.studies.scoring.protocol import Protocol
from detente.studies.scoring.rolling import Recipe, rolling
from worlds import baseline, embedded

START = date(1990, 1, 1)
RECEIVED = "reprisal"  # the mechanism whose terms are acts received
# The baseline when the protocol was fixed. World and claim keep it, since the control is one of the backtest: priors of
# rivalries move with what is learnt, and twice their answers to force feed themselves without end.
PRIORS = {
    "momentum": {"": (0.40, 0.15)},
    "attention": {"": (0.08, 0.10)},
    "reprisal": {
        "": (0.15, 0.10),
        "word_to_force": (0.12, 0.10),
        "force_to_word": (0.12, 0.10),
        "relief": (-0.10, 0.10),
    },
    "tension": {"": (0.25, 0.15), "reprisal_when_tense": (0.05, 0.10)},
}
# About 1.2 acts a day, some forty times the embedded density: there (BASE -6.1) the control is silent.
CAP, BASE = 20.0, -3.8
WITHOUT = f"without {RECEIVED}"
EWMAS = ("EWMA, one half-life", "EWMA, one per channel")


@cache
def claim() -> Argument:
    """The baseline with the mechanisms and priors of `PRIORS`."""
    uses = {}
    for name, priors in PRIORS.items():
        terms = [spec.name for spec in mechanism_registry()[name].terms]
        given = {t: priors.get(t, priors[""]) for t in terms}
        uses[name] = MechanismSpec(terms={t: PriorSpec(mean=mean, sd=sd) for t, (mean, sd) in given.items()})
    return baseline().model_copy(update={"mechanisms": uses})


def synthetic(seed: int, years: int, factor: float) -> Chronicle:
    """One well-covered pair at the means of `PRIORS`, the effects of acts received times a factor."""
    argument = claim().model_copy(update={"run": RunSpec(fit_from=date(1979, 1, 1), outbreaks=False)})
    program: Program = compile_argument(argument, replace(embedded(), eras=()), START)
    caps = np.where(np.isfinite(program.caps), CAP, program.caps)  # as dense as the acts it will simulate
    program = replace(program, initial=np.zeros(len(program.memories)), caps=caps)
    times = np.array([factor if c.mechanism == RECEIVED else 1.0 for c in program.coefficients])
    truth = program.prior_mean * times
    channels = len(program.layout.channels)
    truth[:channels] = BASE
    alpha = np.full(len(program.classes), np.log(0.5))
    window = Window(START, START + timedelta(days=years * 365))
    log = simulate_log(program.dynamics(window.days), truth[None], alpha[None], days=window.days, seed=seed)
    return Futures(window, log, fit(program).program, "detente", "detente", seed).chronicle(0)


def differences(chronicle: Chronicle, quarters: int) -> dict[str, dict[str, float]]:
    """Score the last quarters of a chronicle one day ahead."""
    last = chronicle.window.end.year
    days = [date(year, month, 1) for year in range(START.year, last) for month in (1, 4, 7, 10)]
    end = date(last, 1, 1)
    if end > chronicle.window.end:
        days, end = days[:-1], days[-1]
    protocol = Protocol((), (), tuple(days[-quarters:]), end, None, "the last quarters")
    argument = claim()
    recipes: dict[str, Recipe] = {"baseline": lambda p: p, WITHOUT: lambda p: without(p, RECEIVED)}
    scores = rolling(argument, chronicle, protocol, recipes)
    found = Backtest("baseline", protocol, (), (), tuple(scores), np.array(list(scores.values())))
    return {name: found.difference(name) for name in found.models[1:]}


def test_doubled_received_effects_clear_zero() -> None:
    found = differences(synthetic(1, 10, 2.0), 16)
    for name in (WITHOUT, *EWMAS):
        assert found[name]["low"] > 0, f"{name}: {found[name]}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_doubled_received_effects_clear_zero_at_every_seed(seed: int) -> None:
    found = differences(synthetic(seed, 15, 2.0), 40)
    for name in (WITHOUT, "era intercepts", *EWMAS):
        assert found[name]["low"] > 0, f"{name}: {found[name]}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_where_nothing_received_matters_claiming_it_does_not_clear_zero(seed: int) -> None:
    found = differences(synthetic(seed, 15, 0.0), 40)
    assert found[WITHOUT]["low"] < 0, f"{found[WITHOUT]}"
