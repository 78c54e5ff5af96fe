"""Good offices: third parties raise talks, the more so while the side that locked the door makes gestures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered, together
from detente.model.memory import Expression


class GoodOffices(Mechanism):
    """Third parties' good offices of the last months act on talks, alone and times the locker's gestures (the gate)."""

    name = "good_offices"
    title = "Good offices"
    says = "Third parties help the two to talk, and more so while the locker makes gestures."
    source = ("wilkenfeld2003", "jin2020")
    example = "Oman carried messages for years; talks began once Washington moved."
    clocks = ()
    proposed = 9
    of_third_parties = True
    terms = (
        TermSpec("talks", "third parties' good offices raise talks", Prior(0.40, 0.20), "wilkenfeld2003"),
        TermSpec(
            "gated", "they raise talks more while the locker makes gestures", Prior(0.25, 0.20), "jin2020"
        ),
    )
    settings = {"half_life_days": 45.0, "gesture_half_life_days": 90.0}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield good offices, and their product with the locker's gestures, on talks."""
        offices = [(channel, 1.0) for channel in layout.third_parties()]
        gestures = [
            (c, 1.0) for c in layout.directed("cooperation_by_deed") if c.source.name == layout.locker
        ]
        for channel in layout.talks():
            help_ = remembered(layout, settings["half_life_days"], offices)
            if help_ is not None:
                yield "talks", channel, help_
            for gate in together(help_, remembered(layout, settings["gesture_half_life_days"], gestures)):
                yield "gated", channel, gate


MECHANISM = GoodOffices()
