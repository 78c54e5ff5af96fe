"""Leaders: elections to come, first years in office and a predecessor's legacy shape what is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class Leaders(Mechanism):
    """Declared windows of a side's calendar act on its own offers, force and pressure, and on talks of both."""

    name = "leaders"
    title = "Leaders' calendar"
    says = "The year before an election and the first in office change what a leader offers and dares."
    source = ("gaubatz1991", "conconi2014")
    example = (
        "A president who seeks re-election may want talks for their own sake, "
        "and the end of his predecessor's deal."
    )
    clocks = ()
    terms = (
        TermSpec("election_offers", "own election ahead raises own offers", Prior(0.10, 0.20), "jin2020"),
        TermSpec(
            "election_talks", "an election ahead on either side raises talks", Prior(0.10, 0.20), "jin2020"
        ),
        TermSpec("election_force", "own election ahead lowers own force", Prior(-0.10, 0.15), "gaubatz1991"),
        TermSpec(
            "new_leader_offers", "a first year in office raises own offers", Prior(0.10, 0.20), "jin2020"
        ),
        TermSpec(
            "new_leader_talks",
            "a first year in office on either side raises talks",
            Prior(0.10, 0.20),
            "jin2020",
        ),
        TermSpec(
            "legacy",
            "a leader who runs against his predecessor's policy presses harder",
            Prior(0.10, 0.20),
            "jin2020",
        ),
    )
    facts = {
        "election": "the twelve months before an election of the actor's leader",
        "new_leader": "the first year of a new leader of the actor",
        "legacy": "the actor's leader is out to undo his predecessor's policy toward the other",
    }

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield each declared window on its channels."""
        acts_on = {
            "cooperation_by_word": (("election_offers", "election"), ("new_leader_offers", "new_leader")),
            "force": (("election_force", "election"),),
            "pressure": (("legacy", "legacy"),),
        }
        for channel in layout.directed():
            for term, kind in acts_on.get(layout.role(channel), ()):
                window = layout.level(kind, channel.source.name)
                if window is not None:
                    yield term, channel, window
        for channel in layout.joint():
            for term, kind in (("election_talks", "election"), ("new_leader_talks", "new_leader")):
                window = layout.level(kind, *layout.principals)
                if window is not None:
                    yield term, channel, window


MECHANISM = Leaders()
