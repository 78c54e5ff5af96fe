"""Asymmetry: a side short of countermeasures keeps a low profile under pressure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered, together
from detente.model.memory import Expression


class Asymmetry(Mechanism):
    """Pressure received in the last months times a declared shortage of countermeasures lowers own hostile deeds.

    A side that yields to pressure answers in the same way: [goldstein1997] saw one do so and read it as pressure that
    works. The term cannot tell a low profile from yielding.
    """

    name = "asymmetry"
    title = "Asymmetry"
    says = "A side with few ways to retaliate answers pressure by keeping a low profile."
    source = ("jin2020", "goldstein1997")
    example = "After the killing Iran had few ways to retaliate that would not have hurt itself more."
    clocks = ()
    terms = (
        TermSpec("force", "pressure on the short side lowers its force", Prior(-0.20, 0.20), "jin2020"),
        TermSpec(
            "pressure",
            "pressure on the short side lowers its own pressure",
            Prior(-0.20, 0.20),
            "jin2020",
        ),
    )
    settings = {"half_life_days": 90.0}
    facts = {"shortage": "the actor is short of countermeasures, from 0 (not at all) to 1 (it has none)"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the product on the force and the pressure of the side that is short."""
        for channel in layout.directed("force", "pressure"):
            days = settings["half_life_days"]
            squeezed = remembered(layout, days, layout.received(channel, "pressure"))
            if squeezed is None:  # a scheme that has no class of pressure
                by_deed = layout.received(channel, "force")
                squeezed = remembered(layout, days, by_deed, actions=("SANCTION",))
            for expression in together(squeezed, layout.level("shortage", channel.source.name)):
                yield layout.role(channel), channel, expression


MECHANISM = Asymmetry()
