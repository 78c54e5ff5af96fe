"""The first answers of a run beside their past: what its bottom line says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from detente.futures.futures import Futures
from detente.lab.case import Case
from detente.lab.chronicles import of_history
from detente.lab.kept_rates import kept_base_rates
from detente.lab.why import Mover, drawn_values, movers
from detente.model.fit import Fitted
from detente.questions.answers import Answer
from detente.questions.base_rates import BaseRate
from detente.questions.settle import Outcomes

FIRST = 2  # answers; `ask` and the report look into all of them


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """One answer beside how often it came true before, and what moves it most.

    Attributes
    ----------
    answer : Answer
    base_rates : (BaseRate, BaseRate)
        Over all earlier windows, and over those of the last four years.
    why : tuple of Mover
    """

    answer: Answer
    base_rates: tuple[BaseRate, BaseRate]
    why: tuple[Mover, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; the answer by its id, as the run holds it already."""
        return {
            "id": self.answer.question.id,
            "base_rates": {
                "all": self.base_rates[0].to_dict(),
                "four_years": self.base_rates[1].to_dict(),
            },
            "why": [mover.to_dict() for mover in self.why],
        }


def first_answers(
    case: Case,
    posterior: Fitted,
    futures: Futures,
    answers: Sequence[Answer],
    comes_from: Callable[[Answer], tuple[Fitted, Outcomes]],
) -> tuple[FirstAnswer, ...]:
    """Return the first answers with a probability or a distribution, beside their past.

    Parameters
    ----------
    case : Case
    posterior : Fitted
    futures : Futures
    answers : sequence of Answer
    comes_from : callable
        Returns the fit behind an answer, and how the question is settled on each future drawn from it.
    """
    first = [answer for answer in answers if answer.told][:FIRST]
    if not first:
        return ()
    as_of = futures.window.start
    history = of_history(
        case.argument, case.known(as_of).cut, tuple(a.question for a in first), posterior=posterior
    )
    told = []
    for answer in first:
        fit, outcomes = comes_from(answer)
        draws = drawn_values(fit, futures.count, futures.seed)
        rates = kept_base_rates(case, answer.question, history, as_of)
        why = movers(outcomes, draws) if answer.certain is None else ()
        told.append(FirstAnswer(answer, rates, why))
    return tuple(told)
