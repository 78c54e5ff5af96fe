"""The actor returns to the agreement it left."""

from __future__ import annotations

from detente.futures.levers.base import Declare, Dose, Effect, Lever, PutIn, channel_of, other_of
from detente.model.channels import Layout


class ReturnToDeal(Lever):
    """The actor returns to the agreement it left."""

    name = "return_to_deal"
    title = "Return to the deal"
    says = "The actor reverses its breach and lifts a share of the sanctions in force, as the deal provided."
    unit = "share of the stock of sanctions in force"
    default = 0.5
    limits = (0.0, 1.0)
    who = "principal"
    example = "return_to_deal=0.5@60"
    expected = {"talks": 1, "accords": 1, "pressure": -1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        other = other_of(layout, dose.actor)
        channel = channel_of(layout, dose.actor, other, "cooperation_by_deed")
        act = PutIn(
            dose.day,
            channel,
            dose.actor,
            other,
            "YIELD",
            "sanctions-lifted",
            6.5,
            issue="nuclear",
            drawdown=dose.size,
        )
        return Effect((act,), (Declare("breach", dose.actor, dose.day, ends=True),))


LEVER = ReturnToDeal()
