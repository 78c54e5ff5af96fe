"""Standing: negotiators whose work was undone have less say at home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class Standing(Mechanism):
    """The declared loss of standing of a side's negotiators lowers its offers and both sides' talks."""

    name = "standing"
    title = "Negotiators' standing"
    says = "Where those who negotiated have lost their standing at home, offers and talks become rare."
    source = ("putnam1988", "jin2020")
    example = "Iran's nuclear team after May 2018."
    clocks = ()
    terms = (
        TermSpec("offers", "own negotiators' lost standing lowers own offers", Prior(-0.40, 0.25), "jin2020"),
        TermSpec("talks", "lost standing on either side lowers talks", Prior(-0.40, 0.25), "jin2020"),
    )
    facts = {"lost_standing": "the actor's negotiators have lost standing, from 0 (none lost) to 1 (all)"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield own loss on own friendly words, and both sides' on talks."""
        for channel in layout.directed("cooperation_by_word"):
            lost = layout.level("lost_standing", channel.source.name)
            if lost is not None:
                yield "offers", channel, lost
        for channel in layout.joint():
            lost = layout.level("lost_standing", *layout.principals)
            if lost is not None:
                yield "talks", channel, lost


MECHANISM = Standing()
