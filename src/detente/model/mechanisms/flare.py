"""Flare: for a few days after any act between the two, every kind of act between them is likelier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.base.errors import ArgumentError, Fault
from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression


class Flare(Mechanism):
    """Acts of the last days between the principals, of any class and in either direction, raise every class of both.

    The weeks of a flare-up are crowded with acts of all kinds: a strike, the answer, threats, a message through a third
    party. Channels that each draw their count alone, given memories of weeks, spread the same acts too evenly. The
    half-life is a setting, not a clock: it is about days in which things happen together, not about how long they are
    remembered.
    """

    name = "flare"
    title = "Flare-up"
    says = "Acts come in flares: for days after any act between the two, every kind of act between them is likelier."
    source = ("lerner2013", "goldstein1991")
    example = "From 3 to 8 January 2020 a killing, threats, warnings and missiles fell into six days."
    clocks = ()
    dynamic = True
    terms = (
        TermSpec(
            "any_act", "acts of the last days, of any kind, raise every kind", Prior(0.50, 0.50), "lerner2013"
        ),
    )
    settings = {"half_life_days": 3.0}
    proposed = 7

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield one memory of all the principals did, on every channel between them."""
        half_life = settings["half_life_days"]
        if half_life <= 0:
            raise ArgumentError(Fault("not_above", "flare.half_life_days", got=half_life, low=0))
        between = [*layout.directed(), *layout.joint()]
        expression = remembered(layout, half_life, [(channel, 1.0) for channel in between])
        if expression is not None:
            for channel in between:
                yield "any_act", channel, expression


MECHANISM = Flare()
