"""The fits under which the door test is run: with the thesis out of the priors, and with no event seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.argument.argument import Argument
from detente.argument.blocks import DoorSpec, PriorSpec
from detente.model.clocks import at_clocks
from detente.model.compiler import Shared, assemble
from detente.model.fit import Posterior, fit
from detente.model.known import Known
from detente.model.mechanisms import mechanism_registry
from detente.model.program import Design
from detente.model.rivalries import prior_of
from detente.studies.whatif.door_result import FITS


def with_neutral_thesis(argument: Argument, spec: DoorSpec, fit_name: str) -> Argument:
    """Return the argument with the thesis' terms at prior mean zero, their sds kept or one."""
    if fit_name not in FITS[1:3]:
        return argument
    mechanisms = dict(argument.mechanisms)
    for term in spec.thesis:
        name, _, part = term.partition(".")
        use = mechanisms[name]
        declared = next(t for t in mechanism_registry()[name].terms if t.name == part)
        sd = 1.0 if fit_name == FITS[2] else prior_of(argument, name, declared)[0].sd
        changed = PriorSpec(mean=0.0, sd=sd, because="the thesis taken out")
        mechanisms[name] = use.model_copy(update={"terms": {**use.terms, part: changed}})
    return argument.model_copy(update={"mechanisms": mechanisms})


def without_events(posterior: Posterior) -> Posterior:
    """Return the prior as a posterior, at the intercepts and eras of a fit: the argument with no event seen."""
    program = posterior.program
    level = np.array([c.mechanism in ("intercept", "era") for c in program.coefficients])
    mean = np.where(level, posterior.mean, program.prior_mean)
    sd = np.where(level, posterior.sd, program.prior_sd)
    return replace(posterior, mode=mean, mean=mean, precision=np.diag(1 / sd**2))


class Refits:
    """Fits of arguments that differ in priors alone, at the declared half-lives; each starts where the last ended."""

    def __init__(self, known: Known) -> None:
        self._known, self._shared = known, Shared()
        self._last: Posterior | None = None
        self._design: Design | None = None

    def fit(self, argument: Argument) -> Posterior:
        """Fit an argument."""
        program = assemble(at_clocks(argument, argument.clocks.half_lives()), self._known, self._shared)
        if self._design is None:
            self._design = program.stacked_design()
        self._last = fit(program, start=self._last, design=self._design)
        return self._last
