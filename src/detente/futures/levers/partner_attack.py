"""An armed partner of the actor attacks the other side and kills."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever, PutIn, other_of
from detente.model.channels import Layout


class PartnerAttack(Lever):
    """An armed partner of the actor attacks the other side and kills."""

    name = "partner_attack"
    title = "A deadly attack by an armed partner"
    says = "An armed partner of the actor attacks the other principal and kills the given number of people."
    unit = "deaths"
    default = 3.0
    limits = (0.0, 1000.0)
    who = "principal"
    example = "partner_attack:IRN=3@30"
    whole = True
    expected = {"talks": -1, "accords": -1, "force": 1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        other = other_of(layout, dose.actor)
        acts = tuple(
            PutIn(
                dose.day,
                channel,
                channel.source.members[0],
                other,
                "ASSAULT",
                "rocket",
                -9.0,
                deaths=round(dose.size),
            )
            for channel in layout.sided("force")
            if channel.source.side == dose.actor and channel.source.name != dose.actor
        )
        return Effect(acts[:1])


LEVER = PartnerAttack()
