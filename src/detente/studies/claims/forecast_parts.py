"""The parts of a forecast that claims several things at once, each answered on its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from detente.argument.blocks import QuestionSpec
from detente.lab.beyond import answers_beyond
from detente.lab.chronicles import of_history
from detente.lab.kept_rates import kept_base_rates
from detente.lab.run_result import Run
from detente.questions.answers import Answer, answer_all, answer_to_dict
from detente.questions.base_rates import BaseRate
from detente.questions.conjuncts import conjuncts
from detente.questions.question import Question, bind


@dataclass(frozen=True, slots=True)
class ForecastPart:
    """One of several statements that a forecast joins.

    Attributes
    ----------
    answer : Answer
        Its chance and its outcome; its question's text is the part of the line.
    base_rates : (BaseRate, BaseRate)
        Over all earlier windows, and over those of the last four years.
    """

    answer: Answer
    base_rates: tuple[BaseRate, BaseRate]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        whole, recent = (rate.to_dict() for rate in self.base_rates)
        return answer_to_dict(self.answer) | {"base_rates": {"all": whole, "four_years": recent}}


def parts_of(
    result: Run, specs: Iterable[QuestionSpec], *, threads: int = 0
) -> dict[str, tuple[ForecastPart, ...]]:
    """Answer the parts of each question that joins several by `and`, on the futures of a run.

    Parameters
    ----------
    result : Run
    specs : iterable of QuestionSpec
        Declared questions; one written as a count has no parts.
    threads : int
        For futures with channels added, where a part needs them; 0 uses every core.

    Returns
    -------
    dict of str to tuple of ForecastPart
        By the question's id, for those that have parts.
    """
    case, as_of = result.case, result.as_of
    scheme, codebook = case.chronicle.scheme, case.chronicle.codebook
    asked: dict[str, list[Question]] = {}
    for spec in specs:
        for number, line in enumerate(conjuncts(spec.ask or ""), 1):
            part = spec.model_copy(update={"id": f"{spec.id} {number}", "text": line, "ask": line})
            asked.setdefault(spec.id, []).append(
                bind(part, case.argument, scheme, as_of, codebook=codebook, limits=case.limits)
            )
    every = tuple(question for questions in asked.values() for question in questions)
    if not every:
        return {}
    known = case.known(as_of).cut
    before = of_history(case.argument, known, every, posterior=result.posterior)
    history = of_history(case.argument, case.chronicle, every, posterior=result.posterior)
    past = of_history(case.argument, known)
    answers = answer_all(every, result.chronicles, history, past)
    beyond = answers_beyond(
        case,
        result.posterior,
        result.futures,
        answers,
        threads=threads,
        settle_on=lambda asked, on: answer_all(asked, on, history, past),
    )
    answers = [beyond[a.question].answer if a.question in beyond else a for a in answers]
    found = {
        a.question.id: ForecastPart(a, kept_base_rates(case, a.question, before, as_of)) for a in answers
    }
    return {name: tuple(found[q.id] for q in questions) for name, questions in asked.items()}
