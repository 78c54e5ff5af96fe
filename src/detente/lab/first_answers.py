"""The first answers of a run beside their past: what its bottom line says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.lab.chronicles import of_history
from detente.lab.kept_rates import kept_base_rates
from detente.lab.why import Mover, drawn_values, movers
from detente.questions.answers import Answer
from detente.questions.base_rates import BaseRate

if TYPE_CHECKING:
    from detente.lab.run_result import Run

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


def first_answers(run: Run) -> tuple[FirstAnswer, ...]:
    """Return the first answers of a run with a probability, beside their past."""
    case, posterior, futures = run.case, run.posterior, run.futures
    first = [answer for answer in run.answers if answer.told][:FIRST]
    if not first:
        return ()
    as_of = futures.window.start
    history = of_history(
        case.argument, case.known(as_of).cut, tuple(a.question for a in first), posterior=posterior
    )
    return tuple(
        FirstAnswer(
            answer,
            kept_base_rates(case, answer.question, history, as_of),
            movers(
                run.outcomes_of(answer), drawn_values(run.posterior_of(answer), futures.count, futures.seed)
            ),
        )
        for answer in first
    )
