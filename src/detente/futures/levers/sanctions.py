"""New sanctions of the actor on the other."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever, PutIn, channel_of, other_of
from detente.model.channels import Layout


class Sanctions(Lever):
    """New sanctions of the actor on the other."""

    name = "sanctions"
    title = "New sanctions"
    says = "The actor adds the given number of sanctions on the other on one day."
    unit = "number of sanctions"
    default = 5.0
    limits = (0.0, 100.0)
    who = "principal"
    example = "sanctions=5@30"
    whole = True
    expected = {"accords": -1, "pressure": 1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        other = other_of(layout, dose.actor)
        channel = channel_of(layout, dose.actor, other, "pressure", "force")
        act = PutIn(dose.day, channel, dose.actor, other, "SANCTION", "designation", -7.0, issue="sanctions")
        return Effect((act,) * round(dose.size))


LEVER = Sanctions()
