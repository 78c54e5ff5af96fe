"""Reprisal: what one side has just received moves what it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.events.ontology.classes import Role
from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import (
    COOPERATIVE,
    HOSTILE,
    Mechanism,
    PairTerm,
    Prior,
    TermSpec,
    remembered,
)
from detente.model.memory import Expression

_IN_KIND = Prior(0.30, 0.30)


class Reprisal(Mechanism):
    """Acts received from the other side, through the fast clock, move own acts: reciprocity for good and ill."""

    name = "reprisal"
    title = "Reprisal"
    says = "Acts are answered within weeks, in kind or across classes, and relief is answered too."
    source = ("goldstein1991", "goldstein1997", "patchen1995")
    example = "The missiles of 8 January 2020 answered the killing of 3 January."
    clocks = ("fast",)
    dynamic = True
    terms = (
        TermSpec("cooperation_by_word", "friendly words received are returned", _IN_KIND, "goldstein1991"),
        TermSpec("cooperation_by_deed", "friendly deeds received are returned", _IN_KIND, "goldstein1991"),
        TermSpec("hostility_by_word", "hostile words received are returned", _IN_KIND, "goldstein1991"),
        TermSpec("pressure", "pressure received is returned as pressure", _IN_KIND, "goldstein1991"),
        TermSpec("force", "force received is returned as force", _IN_KIND, "goldstein1991"),
        TermSpec(
            "word_to_force", "hostile words received raise own force", Prior(0.12, 0.10), "goldstein1991"
        ),
        TermSpec(
            "force_to_word", "force received raises own hostile words", Prior(0.12, 0.10), "goldstein1991"
        ),
        TermSpec(
            "relief", "friendly deeds received lower own hostility", Prior(-0.10, 0.10), "lindskold1978"
        ),
    )
    proposed = 3
    of_any_pair = True
    pair_terms = (
        *(PairTerm(role, Role(role), Role(role), received=True) for role in COOPERATIVE + HOSTILE),
        PairTerm("word_to_force", Role.FORCE, Role.HOSTILITY_BY_WORD, received=True),
        PairTerm("force_to_word", Role.HOSTILITY_BY_WORD, Role.FORCE, received=True),
        *(PairTerm("relief", Role(role), Role.COOPERATION_BY_DEED, received=True) for role in HOSTILE),
    )

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the terms on every directed channel between the two sides."""
        fast = clocks["fast"]
        for channel in layout.sided():
            role = layout.role(channel)
            answers = {role: [role]} if role in HOSTILE + COOPERATIVE else {}
            if role == "force":
                answers["word_to_force"] = ["hostility_by_word"]
            elif role == "hostility_by_word":
                answers["force_to_word"] = ["force"]
            if role in HOSTILE:
                answers["relief"] = ["cooperation_by_deed"]
            for term, received_roles in answers.items():
                expression = remembered(layout, fast, layout.received(channel, *received_roles))
                if expression is not None:
                    yield term, channel, expression


MECHANISM = Reprisal()
