"""Delegation: a leader's order on who shall answer holds armed partners back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class Delegation(Mechanism):
    """A declared order that only the patron's own forces shall answer lowers its partners' force, and fades."""

    name = "delegation"
    title = "Delegation"
    says = "An order that only regular forces shall answer holds armed partners back for a while."
    source = ("salehyan2010",)
    example = "In January 2020 Iran's leader reserved the answer to the military."
    clocks = ()
    terms = (
        TermSpec(
            "partners_force",
            "the patron's order lowers its partners' force",
            Prior(-0.40, 0.30),
            "salehyan2010",
        ),
    )
    settings = {"half_life_days": 60.0}
    facts = {"delegated": "an order that only the actor's own forces shall answer; the value is its weight"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the order on the force of every partner of the actor who gave it."""
        for channel in layout.sided("force"):
            if channel.source.name not in layout.principals:
                order = layout.fading("delegated", settings["half_life_days"], channel.source.side)
                if order is not None:
                    yield "partners_force", channel, order


MECHANISM = Delegation()
