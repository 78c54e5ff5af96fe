"""Control of the door test: in a dense made-up chronicle a gate of .8 flips the rule, a gate of 0 does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.futures.futures import Futures
from detente.futures.kernel.simulate import simulate_log
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.studies.whatif.door_result import FITS
from detente.studies.whatif.door_test import quick_door
from worlds import AS_OF, embedded, essay

START, CAP, SEED = date(1979, 1, 1), 1.0, 7
# Log rates above the fitted ones: some eight times as many acts in all. Third parties and talks are dense, and the
# locker's deeds rare: else a mediator alone passes a gate that stands open anyway.
DENSER = {"USA -- IRN joint": 5.0, "good offices": 3.0, "USA -> IRN material-cooperation": 1.5}
OTHERS = 1.0
TRUTH = {("good_offices", "talks"): 0.4, ("grit", "locker_talks"): 0.5}


@cache
def argument() -> Argument:
    """The essay at its declared half-lives, without what only its own calendar carries."""
    plain = at_clocks(essay(), essay().clocks.half_lives())
    without = {"facts": {}, "sieges": (), "agents": (), "eras": (), "questions": (), "claims": ()}
    calm = plain.run.model_copy(update={"outbreaks": False})
    return plain.model_copy(update=without | {"run": calm})


@cache
def fitted() -> Posterior:
    return fit(compile_argument(argument(), replace(embedded(), eras=()), AS_OF))


def synthetic(gate: float) -> Chronicle:
    """Forty-one years from the essay's program at its prior means, but for the thesis and the levels."""
    posterior = fitted()
    program = posterior.program
    caps = np.where(np.isfinite(program.caps), CAP, program.caps)  # a higher cap lets so many acts explode
    program = replace(program, initial=np.zeros(len(program.memories)), caps=caps)
    truth = program.prior_mean.copy()
    for j, c in enumerate(program.coefficients):
        name = c.mechanism, c.term
        if c.mechanism == "intercept":
            denser = [value for label, value in DENSER.items() if label in c.channels or label == c.term]
            truth[j] = posterior.mean[j] + (denser[0] if denser else OTHERS)
        elif name == ("good_offices", "gated"):
            truth[j] = gate
        else:
            truth[j] = TRUTH.get(name, truth[j])
    window = Window(START, AS_OF)
    alpha = np.full(len(program.classes), np.log(0.5))
    log = simulate_log(program.dynamics(window.days), truth[None], alpha[None], days=window.days, seed=SEED)
    return Futures(window, log, posterior.program, "detente", "detente", SEED).chronicle(0)


@pytest.mark.slow
@pytest.mark.parametrize(("gate", "holds"), [(0.8, True), (0.0, False)])
def test_a_gate_in_the_events_flips_the_rule_and_none_does_not(gate: float, holds: bool) -> None:
    """The verdict asks for necessity too, which no simulated chronicle has: its accords have a rate on every day."""
    chronicle = synthetic(gate)
    assert chronicle.acts > 4000
    assert chronicle.window.end == AS_OF
    assert START + timedelta(days=365) > chronicle.events["date"].min()
    case = Case("made up", argument(), chronicle)
    result = quick_door(case, as_of=AS_OF, draws=200, copies=1, seed=1)
    assert result.gate_share >= 0.30  # with so many events the gate can be told either way
    free = [result.fits[name] for name in FITS[1:3]]
    assert all(t.bridges for t in free)
    assert [t.holds for t in free] == [holds, holds]
    assert result.necessity is not None
    assert result.necessity.verdict != "supported"
    assert result.verdict == "assumption"
