"""Tension: months of conflict keep hostility going and make each blow weigh more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import HOSTILE, Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression, Product

_OWN = Prior(0.25, 0.15)


class Tension(Mechanism):
    """Own hostility of the last months, weighted by intensity, persists through the slow clock.

    The product term lets reprisal bite harder while the pair is tense, where reciprocity was found to live.
    """

    name = "tension"
    title = "Tension"
    says = (
        "Hostility of the last months persists, and force received in tense times is answered more strongly."
    )
    source = ("patchen1995", "goldstein1991")
    example = (
        "The tanker seizures of summer 2019 made strikes in the following winter likelier, "
        "and the answers to them quicker."
    )
    clocks = ("fast", "slow")
    dynamic = True
    terms = (
        TermSpec(
            "hostility_by_word",
            "own hostility of the last months raises hostile words",
            _OWN,
            "goldstein1991",
        ),
        TermSpec("pressure", "own hostility of the last months raises pressure", _OWN, "goldstein1991"),
        TermSpec("force", "own hostility of the last months raises force", _OWN, "goldstein1991"),
        TermSpec(
            "reprisal_when_tense",
            "force received counts more in tense times",
            Prior(0.05, 0.10),
            "patchen1995",
        ),
    )
    proposed = 4

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the slow term on hostile channels between the sides, and the product on those of force."""
        for channel in layout.sided(*HOSTILE):
            own = remembered(layout, clocks["slow"], layout.done(channel, *HOSTILE), by_intensity=True)
            if own is not None:
                yield layout.role(channel), channel, own
            if layout.role(channel) != "force":
                continue
            received = remembered(layout, clocks["fast"], layout.received(channel, "force"))
            both = [(other, 1.0) for other in layout.sided(*HOSTILE)]
            heat = remembered(layout, clocks["slow"], both, by_intensity=True)
            if received is not None and heat is not None:
                yield "reprisal_when_tense", channel, Product(received, heat)


MECHANISM = Tension()
