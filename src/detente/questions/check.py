"""Checks of an argument's questions: lines of text, and questions that count acts."""

from __future__ import annotations

from datetime import date

from detente.argument.blocks import QuestionSpec
from detente.argument.faults import Faults
from detente.argument.yaml_lines import Path_
from detente.base.errors import QuestionError
from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.statements import Amount

_SOME_DAY = date(2000, 1, 1)  # where no as_of is declared a line is read for its grammar alone
_OF_COUNTS = ("at_least", "at_most", "closes", "count", "opens", "opens_after_days", "within_days")


def check_questions(faults: Faults) -> None:
    """Add what is wrong with the questions of an argument."""
    amounts = set()
    for i, question in enumerate(faults.argument.questions):
        if question.ask is None:
            _count(faults, ("questions", i), question)
        elif _line(faults, ("questions", i), question):
            amounts.add(question.id)
    for i, claim in enumerate(faults.argument.claims):
        if claim.question in amounts:  # a claim says how likely something is
            faults.add(("claims", i, "question"), "not_yes_or_no", claim.question)


def _line(faults: Faults, at: Path_, question: QuestionSpec) -> bool:
    """Check a question that is a line of text; return whether it asks how many or when."""
    for field in _OF_COUNTS:
        if field in question.model_fields_set:
            faults.add((*at, field), "cannot_combine", getattr(question, field), other="ask")
    argument = faults.argument
    groups = {name: party.members for name, party in argument.parties.items()}
    if argument.principals:
        groups["principals"] = argument.principals
    try:
        day = argument.run.as_of or _SOME_DAY
        parsed = parse_question(question.ask or "", QuestionNames(groups), day, faults.limits)
    except QuestionError as error:
        fault = error.faults[0]
        where = f"{fault.where}; {argument.place((*at, 'ask'))}"
        faults.found.append(fault.at(question.id, where))
        return False
    return isinstance(parsed.asks, Amount)


def _count(faults: Faults, at: Path_, question: QuestionSpec) -> None:
    if question.count is None:
        faults.add(at, "no_ask_or_count", question.id)
    if (question.at_least is None) == (question.at_most is None):
        faults.add(at, "exactly_one_of", question.id, one="at_least", other="at_most")
    if (question.closes is None) == (question.within_days is None):
        faults.add(at, "exactly_one_of", question.id, one="closes", other="within_days")
    if question.opens is not None and question.opens_after_days:
        faults.add(at, "not_both", question.id, one="opens", other="opens_after_days")
    if question.opens and question.closes and question.closes <= question.opens:
        faults.add((*at, "closes"), "not_after", question.closes, other="opens")
    if question.within_days is not None and question.within_days <= question.opens_after_days:
        faults.add((*at, "within_days"), "not_after_opening", question.within_days)
