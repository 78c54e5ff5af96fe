"""Zone: talks and accords come more often while a deal exists that leaves both sides better off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class Zone(Mechanism):
    """The declared chance that the zone of possible agreement is open raises talks and accords.

    The chance is a schedule of the argument, not of the events: `detente bargain --by-date` computes one from the
    argument's own bargain. No argument uses this mechanism unless it names it, so a bargain never bends the rates
    unasked.
    """

    name = "zone"
    title = "Zone of agreement"
    says = "The two talk and agree more while a deal exists that both prefer to no deal."
    source = ("fearon1995",)
    example = "The interim deal of November 2013 came when limits and relief could be traded."
    clocks = ()
    terms = (TermSpec("talks", "an open zone raises talks and accords", Prior(0.50, 0.30), "fearon1995"),)
    facts = {
        "zone_open": "the chance, from 0 to 1, that a deal exists which both prefer to none; declare it of one side"
    }

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the declared chance on talks."""
        chance = layout.level("zone_open", *sorted(layout.principals))
        if chance is not None:
            for channel in layout.talks():
                yield "talks", channel, chance


MECHANISM = Zone()
