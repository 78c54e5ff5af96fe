"""The actor declares its answer concluded."""

from __future__ import annotations

from detente.futures.levers.base import Declare, Dose, Effect, Lever
from detente.model.channels import Layout


class RestraintSignal(Lever):
    """The actor declares its answer concluded."""

    name = "restraint_signal"
    title = "A signal of restraint"
    says = "The actor declares its reprisal over, after a warning and without deaths."
    unit = "strength, from 0 to 1"
    default = 1.0
    limits = (0.0, 1.0)
    who = "principal"
    example = "restraint_signal:IRN@10"
    expected = {"force": -1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        return Effect(facts=(Declare("restraint_signal", dose.actor, dose.day, dose.size),))


LEVER = RestraintSignal()
