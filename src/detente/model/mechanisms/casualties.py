"""Casualties: a reprisal that kills is answered by more force than one that does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered, together
from detente.model.memory import Expression


class Casualties(Mechanism):
    """Deaths of the other side's recent force, counted as it follows own recent force: a reprisal's, not an attack's.

    The product is zero where either is: an attack out of the blue is no reprisal, and a reprisal without deaths adds
    nothing; people lost in an act of one's own are left out. What is judged is the force that follows from the side
    that suffered it.
    """

    name = "casualties"
    title = "Casualties of reprisals"
    says = "A reprisal that spares lives is answered by less force than one that kills."
    source = ("haushofer2010",)
    example = "Sixteen missiles on 8 January 2020 killed nobody, and no strike followed."
    clocks = ()
    terms = (
        TermSpec(
            "force", "deaths of the other's reprisal raise own force", Prior(0.10, 0.15), "haushofer2010"
        ),
    )
    settings = {"half_life_days": 30.0}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the product on a principal's own force."""
        days = settings["half_life_days"]
        for channel in layout.directed("force"):
            deaths = remembered(
                layout,
                days,
                layout.received(channel, "force"),
                per_act=0.0,
                per_log_death=1.0,
                only_caused=True,
            )
            for both in together(deaths, remembered(layout, days, layout.done(channel, "force"))):
                yield "force", channel, both


MECHANISM = Casualties()
