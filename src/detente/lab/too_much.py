"""The rule on too many futures: what memory cannot hold is refused before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from detente.futures.memory_estimate import acts_expected, refuse_if_too_large
from detente.lab.case import Case
from detente.questions.question import Question, bind
from detente.questions.statements import InPhase, War, leaves


def refuse_too_many(case: Case, as_of: date, *, days: int, futures: int, phases: bool = False) -> None:
    """Refuse futures of a case that last too long or are expected to need more memory than they may take.

    Parameters
    ----------
    case : Case
    as_of : date
    days, futures : int
    phases : bool
        Whether the phase of each of their days is worked out.

    Raises
    ------
    DataError
    """
    case.limits.check_window(as_of, as_of + timedelta(days=days), "days")
    acts = acts_expected(case.known(as_of).counts)
    refuse_if_too_large(acts, days=days, futures=futures, limits=case.limits, phases=phases)


def ask_phases(questions: Iterable[Question]) -> bool:
    """Return whether one of some questions can only be settled by the phases of days."""
    return any(
        isinstance(leaf, InPhase | War) for q in questions for part in q.parts for leaf in leaves(part)
    )


def plan_run(case: Case, as_of: date, *, days: int, futures: int) -> tuple[tuple[Question, ...], int]:
    """Bind the questions of a run and return them with the days that it simulates for them.

    Raises
    ------
    DataError
        If the memory cannot hold its futures.
    QuestionError
    """
    questions, far = bound_questions(case, as_of, days)
    refuse_too_many(case, as_of, days=far, futures=futures, phases=ask_phases(questions))
    return questions, far


def bound_questions(case: Case, as_of: date, days: int) -> tuple[tuple[Question, ...], int]:
    """Bind the questions of an argument and return them with the days that settle them all.

    Raises
    ------
    QuestionError
    """
    scheme, codebook = case.chronicle.scheme, case.chronicle.codebook
    questions = tuple(
        bind(spec, case.argument, scheme, as_of, codebook=codebook, limits=case.limits)
        for spec in case.argument.questions
    )
    return questions, max([days, *((question.window.end - as_of).days for question in questions)])
