"""Checks of an argument's questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from detente.base.errors import Fault, QuestionError
from detente.questions.grammar import Names, parse_question

if TYPE_CHECKING:
    from detente.argument.argument import Argument

_SOME_DAY = date(2000, 1, 1)  # where no as_of is declared a line is read for its grammar alone


def _check_line(argument: Argument, i: int, fault: Any) -> Iterator[Fault]:
    """Yield the faults of a question written as a line of text."""
    question, at = argument.questions[i], ("questions", i)
    mixed = {"count", "at_least", "at_most", "opens", "closes", "within_days", "opens_after_days"}
    for field in sorted(mixed & question.model_fields_set):
        yield fault((*at, field), "must not stand beside ask", getattr(question, field))
    groups = {name: party.members for name, party in argument.parties.items()}
    names = Names({**groups, **({"principals": argument.principals} if argument.principals else {})})
    try:
        parse_question(question.ask or "", names, argument.run.as_of or _SOME_DAY)
    except QuestionError as error:
        told = error.faults[0]
        where = f"{told.where}; {fault((*at, 'ask'), '', '').where}"
        yield Fault(question.id, told.constraint, got=told.got, where=where, hint=told.hint)
