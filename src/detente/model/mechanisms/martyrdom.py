"""Martyrdom: after the killing of a figure of rank, talking looks like kneeling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression, Saturate


class Martyrdom(Mechanism):
    """Own dead of rank in the last years tax talks and concessions, as the essay says of one killing."""

    name = "martyrdom"
    title = "Martyrdom"
    says = (
        "After a leader or senior figure is killed, talks and concessions cost his side too much for years."
    )
    source = ("jin2020",)
    example = "After 3 January 2020 renegotiation looked like submission."
    clocks = ()
    terms = (
        TermSpec("talks", "dead of rank on either side lower talks", Prior(-0.30, 0.20), "jin2020"),
        TermSpec(
            "concessions", "own dead of rank lower own cooperation by deed", Prior(-0.30, 0.20), "jin2020"
        ),
    )
    settings = {"half_life_days": 730.0, "officer": 0.5, "senior": 1.0, "leader": 2.0}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield both sides' losses of rank on talks, and own on own cooperation by deed."""

        def dead(channels: Iterable[tuple[Channel, float]]) -> Saturate | None:
            return remembered(
                layout,
                settings["half_life_days"],
                channels,
                rank_factors=(settings["officer"], settings["senior"], settings["leader"]),
                unranked=0.0,
            )

        for channel in layout.directed("cooperation_by_deed"):
            own = dead(layout.received(channel, "force"))
            if own is not None:
                yield "concessions", channel, own
        for channel in layout.joint():
            both = dead((other, 1.0) for other in layout.sided("force"))
            if both is not None:
                yield "talks", channel, both


MECHANISM = Martyrdom()
