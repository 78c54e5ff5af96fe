"""GRIT: unilateral steps of one side draw words, deeds and talks from the other, most of all the locker's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression


class Grit(Mechanism):
    """Material cooperation received in the last twelve weeks raises own cooperation and talks (Osgood's GRIT).

    The locker's steps have terms of their own: those who locked the door will have to unlock it.
    """

    name = "grit"
    title = "Steps toward the other"
    says = (
        "Steps taken without asking for anything in return are answered, and "
        "those of the side that locked the door count more."
    )
    source = ("osgood1962", "lindskold1978")
    example = "Waivers and releases before the interim deal of 2013."
    clocks = ()
    terms = (
        TermSpec("words", "steps received raise own friendly words", Prior(0.25, 0.15), "lindskold1978"),
        TermSpec("deeds", "steps received raise own friendly deeds", Prior(0.20, 0.15), "lindskold1978"),
        TermSpec("talks", "steps of either side raise talks", Prior(0.25, 0.15), "lindskold1978"),
        TermSpec(
            "locker_words", "the locker's steps raise friendly words more", Prior(0.25, 0.20), "jin2020"
        ),
        TermSpec("locker_talks", "the locker's steps raise talks more", Prior(0.25, 0.20), "jin2020"),
    )
    settings = {"half_life_days": 42.0}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield steps received on own cooperation, and steps of either side on talks."""
        days = settings["half_life_days"]
        for channel in layout.directed("cooperation_by_word", "cooperation_by_deed"):
            steps = remembered(layout, days, layout.received(channel, "cooperation_by_deed"))
            if steps is None:
                continue
            word = layout.role(channel) == "cooperation_by_word"
            yield "words" if word else "deeds", channel, steps
            if word and channel.target.name == layout.locker:
                yield "locker_words", channel, steps
        deeds = list(layout.directed("cooperation_by_deed"))
        for channel in layout.joint():
            either = remembered(layout, days, ((c, 1.0) for c in deeds))
            if either is not None:
                yield "talks", channel, either
            locker = remembered(layout, days, ((c, 1.0) for c in deeds if c.source.name == layout.locker))
            if locker is not None:
                yield "locker_talks", channel, locker


MECHANISM = Grit()
