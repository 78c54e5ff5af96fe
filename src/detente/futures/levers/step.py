"""A nuclear or military step taken back: the gesture of a side that holds no sanctions."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever, PutIn, channel_of, other_of
from detente.model.channels import Layout


class Step(Lever):
    """A nuclear or military step taken back: the gesture of a side that holds no sanctions."""

    name = "step"
    title = "A step taken back"
    says = "The actor takes back the given number of its own steps that press on the other."
    unit = "number of steps"
    default = 1.0
    limits = (0.0, 10.0)
    who = "principal"
    example = "step:IRN=1@30"
    whole = True
    expected = {"talks": 1, "accords": 1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        other = other_of(layout, dose.actor)
        channel = channel_of(layout, dose.actor, other, "cooperation_by_deed")
        act = PutIn(
            dose.day, channel, dose.actor, other, "YIELD", "implementation-step", 6.5, issue="nuclear"
        )
        return Effect((act,) * round(dose.size))


LEVER = Step()
