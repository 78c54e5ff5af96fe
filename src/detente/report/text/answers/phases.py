"""What the words for phases mean, each on one line: a phase is a state of the pair, not one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.text.numbers import percent

if TYPE_CHECKING:
    from detente.questions.question import Question

_PLURAL = ("hostilities", "talks")


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

    what = {
        rule.Phase.HOSTILITIES.word: (
            f"each side, or an ally, struck the other {rule.STRIKES} times within {rule.OUTBREAK} days, with no truce "
            f"and no {rule.CEASED} quiet days since"
        ),
        rule.Phase.CRISIS.word: (
            f"{rule.CRISIS_POINTS} points of force within {rule.BURST} days (an assault between the two is 2, other "
            "force 1; more for a pair that often uses force), or a declared siege, and force since"
        ),
        rule.Phase.THAW.word: (
            f"within {rule.SETTLING} days each side did something friendly, neither used force, and "
            f"{percent(rule.COOPERATIVE)} of acts or more were cooperative"
        ),
        rule.Phase.COLD.word: "no other phase holds",
        "talks": (
            f"the two met or agreed on {rule.MEETINGS} days within {rule.TALKING}, with no break and no "
            f"{rule.TALKING} quiet days since"
        ),
        "war": f"{WAR_DEATHS:,} known deaths between the two within {WAR_DAYS:,} days",
    }
    return f"{word} {'are' if word in _PLURAL else 'is'} a state: {what[word]}"


def phase_lines(question: Question) -> list[str]:
    """Return what each phase is that a question names, once."""
    from detente.questions.statements import InPhase, War, leaves

    named = [leaf for part in question.parts for leaf in leaves(part) if isinstance(leaf, InPhase | War)]
    words = dict.fromkeys(leaf.phase if isinstance(leaf, InPhase) else "war" for leaf in named)
    return [phase_line(word) for word in words]
