"""Killings: the dead, and who they were, are remembered apart from all other hostile acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import LOSSES, Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression


class Killings(Mechanism):
    """Own dead, weighted by the rank of the victim, feed own hostility through the generational clock.

    Acts that killed nobody do not enter. Beside a memory of all hostile acts it says what killing adds to hostility
    beyond the acts as such.
    """

    name = "killings"
    title = "Killings remembered"
    says = "Killings are held against the other side for a generation, more than its other hostile acts."
    source = ("crescenzi2001",)
    example = "The killing of 3 January 2020, apart from the sanctions and threats of the same months."
    clocks = ("generational",)
    terms = (
        TermSpec("hostility_by_word", "own dead raise own hostile words", Prior(0.15, 0.15), "crescenzi2001"),
        TermSpec("pressure", "own dead raise own pressure", Prior(0.10, 0.20), "crescenzi2001"),
        TermSpec("force", "own dead raise own force", Prior(0.10, 0.20), "crescenzi2001"),
    )
    settings = {rank: LOSSES[rank] for rank in ("officer", "senior", "leader")}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the terms on the principals' own hostile channels."""
        for channel in layout.directed("hostility_by_word", "pressure", "force"):
            dead = remembered(
                layout,
                clocks["generational"],
                layout.received(channel, "force"),
                per_act=0.0,
                per_log_death=1.0,
                rank_factors=(settings["officer"], settings["senior"], settings["leader"]),
            )
            if dead is not None:
                yield layout.role(channel), channel, dead


MECHANISM = Killings()
