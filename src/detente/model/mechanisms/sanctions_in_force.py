"""Sanctions in force: a stock that new ones fill and relief draws down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import (
    COOPERATIVE,
    STOCK,
    YIELDING,
    Mechanism,
    Prior,
    TermSpec,
    remembered,
    stock,
)
from detente.model.memory import Expression


class SanctionsInForce(Mechanism):
    """The stock of sanctions on a side acts on its own cooperation and hostile words; relief received is answered.

    The sign on cooperation is where two arguments part: pressure that insults, or pressure that brings to the table.
    """

    name = "sanctions_in_force"
    title = "Sanctions in force"
    says = "Sanctions in force change what the target is ready to do and to say; relief is answered by words."
    source = ("hufbauer2007", "galtung1967", "osgood1962")
    example = "From May 2018 the stock on Iran grew month by month."
    clocks = ()
    terms = (
        TermSpec(
            "cooperation",
            "sanctions in force move own cooperation by word and deed",
            Prior(0.05, 0.30),
            "hufbauer2007",
        ),
        TermSpec(
            "hostility_by_word",
            "sanctions in force raise own hostile words",
            Prior(0.20, 0.15),
            "galtung1967",
        ),
        TermSpec("relief", "relief received raises own cooperation by word", Prior(0.30, 0.20), "osgood1962"),
    )
    settings = {**STOCK, "relief_half_life_days": 84.0}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the stock on the target's cooperation and hostile words, and relief on its friendly words."""
        for channel in layout.directed():
            role, squeezed = layout.role(channel), stock(layout, channel, settings)
            if squeezed is None:
                continue
            if role in COOPERATIVE:
                yield "cooperation", channel, squeezed
            if role == "hostility_by_word":
                yield "hostility_by_word", channel, squeezed
            if role == "cooperation_by_word":
                deeds = layout.received(channel, "cooperation_by_deed")
                relief = remembered(layout, settings["relief_half_life_days"], deeds, actions=YIELDING)
                if relief is not None:
                    yield "relief", channel, relief


MECHANISM = SanctionsInForce()
