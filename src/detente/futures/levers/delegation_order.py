"""An order that only the own forces shall answer."""

from __future__ import annotations

from detente.futures.levers.base import Declare, Dose, Effect, Lever
from detente.model.channels import Layout


class DelegationOrder(Lever):
    """An order that only the own forces shall answer."""

    name = "delegation_order"
    title = "A delegation order"
    says = "The actor orders that only its regular forces respond, not its armed partners."
    unit = "strength, from 0 to 1"
    default = 1.0
    limits = (0.0, 1.0)
    who = "principal"
    example = "delegation_order:IRN@10"

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        return Effect(facts=(Declare("delegated", dose.actor, dose.day, dose.size),))


LEVER = DelegationOrder()
