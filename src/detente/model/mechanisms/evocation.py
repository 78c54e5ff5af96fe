"""Evocation: an injury called to mind again raises hostile words for weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class Evocation(Mechanism):
    """Declared evocations and round anniversaries of a side's injuries, fading within two months."""

    name = "evocation"
    title = "Evocation"
    says = "When an old injury is called to mind, hostile words against the other side come more often for weeks."
    source = ("volkan2001",)
    example = "On 4 January 2020 fifty-two targets were named, one for each hostage of 1979."
    clocks = ()
    terms = (
        TermSpec(
            "hostility_by_word", "own evocations raise own hostile words", Prior(0.10, 0.10), "volkan2001"
        ),
    )
    settings = {"half_life_days": 30.0}
    facts = {"evoked": "the actor calls an injury of its own to mind in public; the value is its weight"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the pulse on the hostile words of the side that remembers."""
        for channel in layout.directed("hostility_by_word"):
            pulse = layout.fading("evoked", settings["half_life_days"], channel.source.name)
            if pulse is not None:
                yield "hostility_by_word", channel, pulse


MECHANISM = Evocation()
