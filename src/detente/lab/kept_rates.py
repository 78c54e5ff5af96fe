"""Base rates found again on disk by what they were made from."""

from __future__ import annotations

from datetime import date

from detente.base.store import key_of
from detente.lab.case import Case
from detente.model.fit_cache import fit_key
from detente.questions.base_rates import BaseRate, base_rates
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question


def kept_base_rates(
    case: Case, question: Question, history: Chronicles, as_of: date
) -> tuple[BaseRate, BaseRate]:
    """Return the base rates of a question, made or kept before: over all earlier windows, and of the last four years.

    Parameters
    ----------
    case : Case
    question : Question
    history : Chronicles
        What was known by `as_of`, with the clocks of the case's own fit where the question asks for one.
    as_of : date
    """
    since = case.argument.run.fit_from or history.window.start
    made_of = {
        "fit": fit_key(case.argument, case.known(as_of)),
        "asks": repr(question.asks),
        "given": repr(question.given),
        "since": since,
    }
    key = key_of(made_of)
    kept = case.store.value("rates", key)
    if kept is not None:
        every, recent = map(BaseRate.from_dict, kept)
        return every, recent
    found = base_rates(question, history, as_of, since)
    case.store.keep("rates", key, [rate.to_dict() for rate in found])
    return found
