"""Broken promises: an agreement the other side left costs its promises their worth for years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import COOPERATIVE, Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class BrokenPromises(Mechanism):
    """Declared breaches by the other side, fading over eight years, gone when reversed, lower cooperation."""

    name = "broken_promises"
    title = "Broken promises"
    says = "A broken agreement lowers the betrayed side's cooperation, and both sides' talks, for years."
    source = ("gibler2008", "crescenzi2012", "kydd2005")
    example = "The American withdrawal from the nuclear deal in May 2018 discredited those in Tehran who had signed it."
    clocks = ()
    terms = (
        TermSpec(
            "cooperation", "breaches by the other lower own cooperation", Prior(-0.40, 0.25), "gibler2008"
        ),
        TermSpec("talks", "breaches by either side lower talks", Prior(-0.40, 0.25), "gibler2008"),
    )
    settings = {"half_life_days": 2922.0}
    facts = {"breach": "an agreement with the other broken by the actor; its end is the day it was reversed"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the other's breaches on own cooperation, and both sides' on talks."""
        days = settings["half_life_days"]
        for channel in layout.directed(*COOPERATIVE):
            broken = layout.fading("breach", days, channel.target.name)
            if broken is not None:
                yield "cooperation", channel, broken
        for channel in layout.joint():
            broken = layout.fading("breach", days, *layout.principals)
            if broken is not None:
                yield "talks", channel, broken


MECHANISM = BrokenPromises()
