"""The actor gets a new leader."""

from __future__ import annotations

from detente.futures.levers.base import Declare, Dose, Effect, Lever
from detente.model.channels import Layout


class NewLeader(Lever):
    """The actor gets a new leader."""

    name = "new_leader"
    title = "A change of leader"
    says = (
        "The actor gets a new leader, in the first year of office and not bound by the predecessor's policy."
    )
    unit = "strength, from 0 to 1"
    default = 1.0
    limits = (0.0, 1.0)
    who = "principal"
    example = "new_leader:USA@369"

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        return Effect(
            facts=(
                Declare("new_leader", dose.actor, dose.day, dose.size, days=365),
                Declare("legacy", dose.actor, dose.day, ends=True),
            )
        )


LEVER = NewLeader()
