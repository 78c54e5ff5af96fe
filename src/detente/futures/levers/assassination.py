"""The actor kills a senior figure of the other side."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever, PutIn, channel_of, other_of
from detente.model.channels import Layout


class Assassination(Lever):
    """The actor kills a senior figure of the other side."""

    name = "assassination"
    title = "An assassination"
    says = "The actor kills a senior figure of the other side, with the given number of deaths in all."
    unit = "deaths"
    default = 1.0
    limits = (0.0, 1000.0)
    who = "principal"
    example = "assassination:USA=1@30"
    whole = True
    expected = {"talks": -1, "accords": -1, "force": 1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        other = other_of(layout, dose.actor)
        channel = channel_of(layout, dose.actor, other, "force")
        act = PutIn(
            dose.day,
            channel,
            dose.actor,
            other,
            "ASSAULT",
            "targeted-killing",
            -9.5,
            deaths=round(dose.size),
            victim_rank="senior",
        )
        return Effect((act,))


LEVER = Assassination()
