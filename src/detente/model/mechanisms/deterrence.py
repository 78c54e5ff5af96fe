"""Deterrence: as force rises on both sides, the cost of a war holds back the next step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered, together
from detente.model.memory import Expression


class Deterrence(Mechanism):
    """Force of both sides in the last month times a side's declared cost of war lowers that side's next force.

    Force is one class here, so the term holds back how often force is used, not how heavy it is; the theory speaks of
    the step to the next severity.
    """

    name = "deterrence"
    title = "Deterrence"
    says = "When violence mounts on both sides, the cost of a war makes the next step less likely."
    source = ("fearon1995", "huth1999")
    example = "In June 2019 a strike was called off at the last minute."
    clocks = ()
    terms = (
        TermSpec(
            "force",
            "joint force of a month lowers own force, in proportion to own cost of war",
            Prior(-0.20, 0.20),
            "fearon1995",
        ),
    )
    settings = {"half_life_days": 30.0}
    facts = {"war_cost": "what a war would cost the actor, from 0 (nothing) to 1 (its survival)"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the product on a principal's own force."""
        both = [(channel, 1.0) for channel in layout.sided("force")]
        for channel in layout.directed("force"):
            heat = remembered(layout, settings["half_life_days"], both)
            for expression in together(heat, layout.level("war_cost", channel.source.name)):
                yield "force", channel, expression


MECHANISM = Deterrence()
