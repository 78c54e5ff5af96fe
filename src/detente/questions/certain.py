"""Questions that need no future: settled by days already known, or the same whatever a chronicle holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from detente.base.days import Window
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question, resolve
from detente.questions.settle import Outcome
from detente.questions.statements import Acts, All, Any, Count, Leaf, Not, Rate, Statement, leaves

_MOST_CASES = 4096  # combinations of a question's parts that are tried
_Unknown = tuple[Acts, Window] | Leaf
_Case = Mapping[_Unknown, int]


@dataclass(frozen=True, slots=True)
class Certainty:
    """Why a question's answer is 0 or 1.

    Attributes
    ----------
    kind : str
        ``already settled``, ``cannot happen`` or ``always true``.
    yes : bool
    """

    kind: str
    yes: bool


def certainty(question: Question, past: Chronicles | None = None) -> Certainty | None:
    """Return why a question has only one answer; None where chronicles may answer it either way.

    Parameters
    ----------
    question : Question
    past : Chronicles, optional
        What is known as of the day it is asked on.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.questions.grammar import QuestionNames, parse_question
    >>> line = "USA->IRN force count>=2 within 90d and no USA->IRN force within 90d"
    >>> asks = parse_question(line, QuestionNames({}), date(2020, 1, 17)).asks
    >>> certainty(Question("q", "?", asks))
    Certainty(kind='cannot happen', yes=False)
    """
    always = _always(question)
    if always is not None:
        return Certainty("always true" if always else "cannot happen", always)
    settled = None if past is None else decided(question, past)
    return None if settled is None else Certainty("already settled", settled)


def decided(question: Question, past: Chronicles) -> bool | None:
    """Return how a question is settled by what came before its window alone; None where that leaves it open.

    A rate cannot fall below a share of none: with no such act in the days it is compared with, it never comes true.
    """
    outcome = resolve(question, past)
    return outcome == Outcome.YES if outcome <= Outcome.YES else None


def _always(question: Question) -> bool | None:
    """Return the answer that a question has on every chronicle where its condition holds; None if there is none."""
    unknowns = _unknowns(question)
    size = 1
    for values in unknowns.values():
        size *= len(values)
    if size > _MOST_CASES:
        return None
    cases: Iterator[_Case] = (
        dict(zip(unknowns, values, strict=True)) for values in product(*unknowns.values())
    )
    asked = {
        _holds(question.asks, case)
        for case in cases
        if question.given is None or _holds(question.given, case)
    }
    return asked.pop() if len(asked) == 1 else None


def _unknowns(question: Question) -> dict[_Unknown, list[int]]:
    """Return what a chronicle may answer: how many acts there are of each sort, and whether each other part holds."""
    found: dict[_Unknown, set[int]] = {}
    for leaf in (leaf for part in question.parts for leaf in leaves(part)):
        if not isinstance(leaf, Count):
            found[leaf] = {0} if _never(leaf) else {0, 1}
        elif _impossible(leaf.acts):
            found[leaf.acts, leaf.window] = {0}
        else:
            limit = leaf.at_least - 1 if leaf.at_least is not None else leaf.at_most or 0
            found.setdefault((leaf.acts, leaf.window), {0}).update({max(limit, 0), max(limit, 0) + 1})
    return {unknown: sorted(values) for unknown, values in found.items()}


def _never(leaf: Leaf) -> bool:
    """Return whether a part other than a count holds on no chronicle."""
    if not isinstance(leaf, Rate):
        return False
    return _impossible(leaf.acts) or (leaf.below and leaf.times == 0)


def _impossible(acts: Acts) -> bool:
    """Return whether no act can be of such a sort: it would need two classes, or two actions."""
    named = {cls for kind in acts.kinds for cls in kind.classes}
    actions = {action for kind in acts.kinds for action in kind.actions}
    return not any(
        all(cls in kind.classes or action in kind.actions for kind in acts.kinds)
        for cls in (*named, None)
        for action in (*actions, None)
    )


def _holds(statement: Statement, case: _Case) -> bool:
    match statement:
        case Not(part):
            return not _holds(part, case)
        case All(parts):
            return all(_holds(part, case) for part in parts)
        case Any(parts):
            return any(_holds(part, case) for part in parts)
        case Count(acts, window, at_least, at_most):
            number = case[acts, window]
            return number >= at_least if at_least is not None else number <= (at_most or 0)
        case _:
            return bool(case[statement])
