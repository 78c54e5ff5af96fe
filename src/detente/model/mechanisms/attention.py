"""Attention: when a pair is in the news, everything between them is recorded more often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression


class Attention(Mechanism):
    """Own acts of every other class, whatever their sign, feed a class through the fast clock.

    It takes up the volume of contact and coverage, which would otherwise be read as reciprocity.
    """

    name = "attention"
    title = "Attention"
    says = "When two actors have much to do with each other, acts of every class are more frequent, friendly or not."
    source = ("lerner2013", "goldstein1991")
    example = "In a crisis talks, threats and strikes are all reported more often than in a quiet year."
    clocks = ("fast",)
    terms = (
        TermSpec(
            "other_classes", "recent acts of any other class raise the class", Prior(0.08, 0.10), "lerner2013"
        ),
    )
    proposed = 2

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield one term on every channel that has neighbours: own other classes, and for talks both sides' acts."""
        joint = list(layout.joint())
        for channel in layout.channels:
            if channel.joint:
                others = list(layout.directed())
            else:
                others = [c for c in layout.same_pair(channel) if c is not channel]
                if {channel.source.name, channel.target.name} == set(layout.principals):
                    others += joint
            expression = remembered(layout, clocks["fast"], [(other, 1.0) for other in others])
            if expression is not None:
                yield "other_classes", channel, expression


MECHANISM = Attention()
