"""What the words for phases mean, each on one line: a phase is a state of the pair, not one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.languages.language import _
from detente.report.text.numbers import percent

if TYPE_CHECKING:
    from detente.lab.phases import PhaseHistory
    from detente.questions.question import Question


def phase_line(word: str) -> str:
    """Return what a phase is, ``talks`` and ``war`` among them.

    Examples
    --------
    >>> phase_line("talks")
    'talks are a state: the two met or agreed on 2 days within 180, with no break and no 180 quiet days since'
    >>> phase_line("war").partition(":")[2]
    ' 1,000 known deaths between the two within 366 days'
    """
    from detente.events import phases as rule
    from detente.questions.settle import WAR_DAYS, WAR_DEATHS

    return {
        rule.Phase.HOSTILITIES.word: _(
            "hostilities are a state: each side, or an ally, struck the other {strikes} times within {days} days, with "
            "no truce and no {quiet} quiet days since"
        ).format(strikes=rule.STRIKES, days=rule.OUTBREAK, quiet=rule.CEASED),
        rule.Phase.CRISIS.word: _(
            "crisis is a state: {points} points of force within {days} days (an assault between the two is 2, other "
            "force 1; more for a pair that often uses force), or a declared siege, and force since"
        ).format(points=rule.CRISIS_POINTS, days=rule.BURST),
        rule.Phase.THAW.word: _(
            "thaw is a state: within {days} days each side did something friendly, neither used force, and {share} of "
            "acts or more were cooperative"
        ).format(days=rule.SETTLING, share=percent(rule.COOPERATIVE)),
        rule.Phase.COLD.word: _(
            "cold disengagement is a state: no other phase holds, which leaves room for force below a crisis"
        ),
        "talks": _(
            "talks are a state: the two met or agreed on {meetings} days within {days}, with no break and no {days} "
            "quiet days since"
        ).format(meetings=rule.MEETINGS, days=rule.TALKING),
        "war": _("war is a state: {deaths} known deaths between the two within {days} days").format(
            deaths=f"{WAR_DEATHS:,}", days=f"{WAR_DAYS:,}"
        ),
    }[word]


def cold_text(history: PhaseHistory) -> str:
    """Return by what a last day that is cold falls short of a crisis; empty where the two hardly use force.

    Examples
    --------
    >>> from detente.lab.phases import phases_of
    >>> cold_text(phases_of("us-iran", until="1980-01-01"))
    ''
    """
    from detente.events import phases as rule

    if history.last is not rule.Phase.COLD or (not history.points and history.force_scale == 1):
        return ""
    return _(
        "The last day is called cold disengagement, which does not mean that nobody used force: the {days} days up to "
        "it hold {seen} points of force, and a crisis begins at {needed} (an assault between the two is 2, other force "
        "1; more for a pair that often uses force). Hostilities need {strikes} strikes by each side within {outbreak} "
        "days."
    ).format(
        days=rule.BURST,
        seen=history.points,
        needed=f"{history.points_needed:,.1f}".removesuffix(".0"),
        strikes=rule.STRIKES,
        outbreak=rule.OUTBREAK,
    )


def phase_lines(question: Question) -> list[str]:
    """Return what each phase is that a question names, once."""
    from detente.questions.statements import InPhase, War, leaves

    named = [leaf for part in question.parts for leaf in leaves(part) if isinstance(leaf, InPhase | War)]
    words = dict.fromkeys(leaf.phase if isinstance(leaf, InPhase) else "war" for leaf in named)
    return [phase_line(word) for word in words]
