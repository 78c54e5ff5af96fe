"""A third party consults each principal."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever, PutIn
from detente.model.channels import Layout


class Mediator(Lever):
    """A third party consults each principal."""

    name = "mediator"
    title = "Mediator"
    says = (
        "A third party offers good offices to both principals, in the given number of rounds a month apart."
    )
    unit = "rounds, thirty days apart"
    default = 1.0
    limits = (0.0, 24.0)
    who = "third party"
    example = "mediator:OMN@60"
    whole = True
    expected = {"talks": 1, "accords": 1}

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        acts = tuple(
            PutIn(
                dose.day + 30 * turn,
                channel,
                dose.actor,
                principal,
                "CONSULT",
                "mediation",
                4.0,
                issue="diplomacy",
            )
            for channel in layout.third_parties()
            if dose.actor in channel.source.members
            for turn in range(round(dose.size))
            for principal in layout.principals
        )
        return Effect(acts)


LEVER = Mediator()
