"""Anger: losses at home press for revenge; whether the answer falls short of that is a term of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import LOSSES, Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression, Indicator


class Anger(Mechanism):
    """Own deaths of the last weeks, with the rank of the dead, raise own force; a month's indicator takes it back.

    `limited` is the signed residual of a reprisal: within a month or so of an attack that killed, own force against
    what reprisal and anger together predict. A memory cannot count days; it halves in ten, and the indicator stands
    while it is above what one death leaves after thirty days, so twelve deaths hold it for about seven weeks.
    """

    name = "anger"
    title = "Public anger and restraint"
    says = "Deaths at home raise the demand for revenge, and the answer may still be limited."
    source = ("stein2019", "jin2020")
    example = "After 3 January 2020 crowds asked for revenge, and the answer was one night of missiles."
    clocks = ()
    dynamic = True
    terms = (
        TermSpec("force", "own deaths of the last weeks raise own force", Prior(0.20, 0.20), "stein2019"),
        TermSpec(
            "limited",
            "in the weeks after deaths own force stays below what was received",
            Prior(-0.20, 0.20),
            "jin2020",
        ),
    )
    settings = {"half_life_days": 30.0, "month_half_life_days": 10.0, "month_threshold": 0.0866}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield both terms on a principal's own force."""
        for channel in layout.directed("force"):
            received = [(other, 1.0) for other, _ in layout.received(channel, "force")]
            ranks = (LOSSES["officer"], LOSSES["senior"], LOSSES["leader"])
            grief = remembered(
                layout,
                settings["half_life_days"],
                received,
                per_act=0.0,
                per_log_death=1.0,
                rank_factors=ranks,
            )
            deadly = remembered(
                layout, settings["month_half_life_days"], received, per_act=0.0, per_log_death=1.0
            )
            if grief is not None and deadly is not None:
                yield "force", channel, grief
                yield "limited", channel, Indicator(deadly.memory, settings["month_threshold"])


MECHANISM = Anger()
