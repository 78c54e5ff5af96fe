"""A share of the sanctions in force is lifted."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever, PutIn, channel_of, other_of
from detente.model.channels import Layout


class Relief(Lever):
    """A share of the sanctions in force is lifted."""

    name = "relief"
    title = "Relief"
    says = (
        "The actor announces and lifts a share of the sanctions in force on the other, and asks "
        "nothing in return."
    )
    unit = "share of the stock of sanctions in force"
    default = 0.33
    limits = (0.0, 1.0)
    who = "principal"
    example = "relief=0.33@30"
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
            "waiver",
            6.5,
            issue="sanctions",
            drawdown=dose.size,
        )
        return Effect((act,))


LEVER = Relief()
