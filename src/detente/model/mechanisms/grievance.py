"""Grievance: losses received are held against the other side for decades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import COOPERATIVE, HOSTILE, LOSSES, Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression


class Grievance(Mechanism):
    """Hostile acts received, weighted by intensity, deaths and rank of the victim, through the generational clock.

    Event data of one generation cannot tell a half-life of decades from a constant: the coefficient stands or falls
    with its prior, and the verdict has to say so.
    """

    name = "grievance"
    title = "Grievance"
    says = "Losses are remembered for a generation; they raise hostility and lower cooperation."
    source = ("crescenzi2001",)
    example = "The airliner of 1988 and the killing of 3 January 2020 still weigh years later."
    clocks = ("generational",)
    terms = (
        TermSpec(
            "hostility_by_word", "losses received raise own hostile words", Prior(0.15, 0.15), "crescenzi2001"
        ),
        TermSpec("pressure", "losses received raise own pressure", Prior(0.10, 0.20), "crescenzi2001"),
        TermSpec("force", "losses received raise own force", Prior(0.10, 0.20), "crescenzi2001"),
        TermSpec("cooperation", "losses received lower own cooperation", Prior(-0.15, 0.15), "crescenzi2001"),
        TermSpec(
            "talks", "losses on both sides lower talks and accords", Prior(-0.15, 0.15), "crescenzi2001"
        ),
    )
    settings = LOSSES
    proposed = 8

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the terms on the principals' own channels and on their joint talks."""

        def losses(channels: Iterable[tuple[Channel, float]]) -> Expression | None:
            return remembered(
                layout,
                clocks["generational"],
                channels,
                by_intensity=True,
                per_log_death=settings["per_log_death"],
                rank_factors=(settings["officer"], settings["senior"], settings["leader"]),
            )

        for channel in layout.directed():
            role = layout.role(channel)
            expression = losses(layout.received(channel, *HOSTILE))
            if expression is not None:
                yield ("cooperation" if role in COOPERATIVE else role), channel, expression
        for channel in layout.joint():
            expression = losses((other, 1.0) for other in layout.sided(*HOSTILE))
            if expression is not None:
                yield "talks", channel, expression


MECHANISM = Grievance()
