"""Humiliation: pressure on a side that remembers what it suffered starves its cooperation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import (
    COOPERATIVE,
    LOSSES,
    STOCK,
    Mechanism,
    Prior,
    TermSpec,
    remembered,
    stock,
    together,
)
from detente.model.memory import Expression


class Humiliation(Mechanism):
    """The stock of sanctions times the memory of losses: dignity is not bargaining material."""

    name = "humiliation"
    title = "Dignity under pressure"
    says = "A side that remembers old losses feels pressure as an insult, and cooperates less."
    source = ("dehghani2010",)
    example = "Maximum pressure on a country that remembers 1953."
    clocks = ("generational",)
    terms = (
        TermSpec(
            "cooperation",
            "sanctions in force times losses remembered lower own cooperation",
            Prior(-0.10, 0.10),
            "dehghani2010",
        ),
    )
    settings = {**STOCK, **LOSSES}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the product on a principal's own cooperation."""
        for channel in layout.directed(*COOPERATIVE):
            losses = remembered(
                layout,
                clocks["generational"],
                layout.received(channel, "force"),
                by_intensity=True,
                per_log_death=settings["per_log_death"],
                rank_factors=(settings["officer"], settings["senior"], settings["leader"]),
            )
            for expression in together(stock(layout, channel, settings), losses):
                yield "cooperation", channel, expression


MECHANISM = Humiliation()
