"""Answers: probabilities and outcomes of questions settled on chronicles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.base.shares import share_of, too_unclear
from detente.questions.amounts import Amounts
from detente.questions.certain import Certainty, certainty
from detente.questions.chronicles import Chronicles
from detente.questions.distributions import Distribution, distribution, observed, plain, score_amounts
from detente.questions.question import Question, amounts, asked_amount, first_days, resolve, resolve_many
from detente.questions.settle import Outcome, Outcomes, settled_amounts
from detente.questions.statuses import MODELLED

FIRST_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
AMOUNT_COLUMNS: Mapping[str, type] = {
    "kind": str,
    **dict.fromkeys(("mean", "q05", "q25", "q50", "q75", "q95", "never", "observed"), float),
}
"""Columns of a table of answers that are about how many and when; days count from the question's first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's probability over futures, with its Monte-Carlo interval, and the outcome if history has one.

    Attributes
    ----------
    question : Question
    probability, low, high : float or None
        `share_of` of the settled futures; None if there is none. The interval holds 90 % of the Monte-Carlo error. All
        three are 0 or 1 where the answer is certain.
    ambiguous : float
        Share of futures left out as ambiguous, of those where the condition held.
    outcome : Outcome
    yes, settled : int
        Futures that say yes, and those that say yes or no: what the probability is made of.
    first : tuple of date or None
        Days by which the first act came in 5, 25, 50, 75 and 95 % of futures, None where it came in fewer; empty
        unless asked for.
    first_seen : date or None
        Day of the first act in history, if asked for and covered.
    certain : Certainty or None
        Why the answer is 0 or 1, where it needs no future.
    distribution : Distribution or None
        How many or when over futures, if that is asked; there is no probability then, `ambiguous` is the share of
        futures in which it is not known, and `settled` counts the others.
    observed : float, date or None
        How many or when in history; None where that is not known, and of a day that did not come.
    observed_imputed : float
        Share of the tolls in `observed` that are not known and were taken as usual.
    status : str
        ``modelled``, ``channels added`` (in futures of their own) or ``not modelled`` (no probability is given then).
    added : tuple of str
        Labels of the channels added.
    unclear : int
        Futures left out as ambiguous.
    """

    question: Question
    probability: float | None
    low: float | None
    high: float | None
    ambiguous: float
    outcome: Outcome
    yes: int = 0
    settled: int = 0
    first: tuple[date | None, ...] = ()
    first_seen: date | None = None
    certain: Certainty | None = None
    status: str = MODELLED
    added: tuple[str, ...] = ()
    unclear: int = 0
    distribution: Distribution | None = None
    observed: float | date | None = None
    observed_imputed: float = 0.0

    @property
    def told(self) -> bool:
        """Whether futures answer it, with a probability or with a distribution."""
        return self.probability is not None or self.distribution is not None

    @property
    def only_bounds(self) -> bool:
        """Whether so many futures are ambiguous that the share of the others says nothing of all."""
        return (
            self.probability is not None and self.certain is None and too_unclear(self.settled, self.unclear)
        )

    @property
    def low_all(self) -> float | None:
        """Share of all futures that say yes, if no ambiguous one did; None without a probability."""
        return self._with(0)

    @property
    def high_all(self) -> float | None:
        """The same if every ambiguous one did."""
        return self._with(self.unclear)

    def _with(self, more: int) -> float | None:
        if self.probability is None or self.certain is not None or not self.unclear:
            return self.probability
        return (self.yes + more) / (self.settled + self.unclear)


def answer(
    question: Question,
    outcomes: Outcomes,
    outcome: Outcome,
    *,
    first: npt.NDArray[np.float64] | None = None,
    first_seen: float = np.inf,
    certain: Certainty | None = None,
) -> Answer:
    """Turn outcomes over futures into a probability.

    Ambiguous futures leave the probability and their share is kept. ``low`` and ``high`` bound 90 % of the
    Monte-Carlo error (Jeffreys interval), not the uncertainty of the model.

    Parameters
    ----------
    question : Question
    outcomes : ndarray of shape (future,)
    outcome : Outcome
        On history.
    first : ndarray of shape (future,), optional
        Days to the first act in each future, and `first_seen` in history; see `first_days`.
    certain : Certainty, optional
        Why the answer is 0 or 1 whatever the futures hold.
    """
    from scipy.special import betaincinv

    yes, no = int((outcomes == Outcome.YES).sum()), int((outcomes == Outcome.NO).sum())
    held = outcomes != Outcome.VOID
    unclear = float((outcomes[held] == Outcome.AMBIGUOUS).mean()) if held.any() else 0.0
    days: tuple[date | None, ...] = ()
    seen = None
    if first is not None and held.any():
        at = np.quantile(first[held], FIRST_SHARES, method="inverted_cdf")
        days = tuple(question.window.day(int(d)) if np.isfinite(d) else None for d in at)
        seen = question.window.day(int(first_seen)) if np.isfinite(first_seen) else None
    chance = share_of(yes, yes + no) if certain is None else float(certain.yes)
    low = high = chance
    if certain is None and chance is not None:
        low = float(betaincinv(yes + 0.5, no + 0.5, 0.05)) if yes else 0.0
        high = float(betaincinv(yes + 0.5, no + 0.5, 0.95)) if no else 1.0
    ambiguous = int((outcomes == Outcome.AMBIGUOUS).sum())
    return Answer(
        question, chance, low, high, unclear, outcome, yes, yes + no, days, seen, certain, unclear=ambiguous
    )


def answer_amount(question: Question, futures: Amounts, history: Amounts | None = None) -> Answer:
    """Turn amounts over futures into a distribution.

    Parameters
    ----------
    question : Question
        One that asks how many or when.
    futures : Amounts
    history : Amounts, optional
        On history; without it the outcome is not yet known.

    Raises
    ------
    QuestionError
        If the answer is yes or no.
    """
    asked = asked_amount(question)
    known = int(futures.known.sum())
    outcome, seen, imputed = Outcome.NOT_YET, None, 0.0
    if history is not None:
        outcome, imputed = Outcome(int(settled_amounts(history)[0])), history.imputed
        seen = observed(asked, history)
    return Answer(
        question,
        *(None, None, None),
        1 - known / len(futures.low),
        outcome,
        settled=known,
        distribution=distribution(asked, futures),
        observed=seen,
        observed_imputed=imputed,
    )


def answer_all(
    questions: tuple[Question, ...], futures: Chronicles, history: Chronicles, known: Chronicles | None = None
) -> list[Answer]:
    """Answer questions on futures and on history.

    Parameters
    ----------
    questions : tuple of Question
    futures, history : Chronicles
    known : Chronicles, optional
        What is known on the day that futures start; a question that it settles is certain.

    Raises
    ------
    QuestionError
        If one of them cannot be asked of these chronicles.
    """
    out = []
    for question in questions:
        if question.amount is not None:
            out.append(answer_amount(question, amounts(question, futures), amounts(question, history)))
            continue
        first = first_days(question, futures) if question.first else None
        seen = float(first_days(question, history)[0]) if question.first else np.inf
        outcomes = resolve_many(question, futures)
        out.append(
            answer(
                question,
                outcomes,
                resolve(question, history),
                first=first,
                first_seen=seen,
                certain=certainty(question, known),
            )
        )
    return out


def score_distribution(
    question: Question, chronicles: Chronicles, observed: float | date | None
) -> float | None:
    """Return the CRPS of how many or when over chronicles against what happened; see `score_amounts`.

    Parameters
    ----------
    question : Question
        One that asks how many or when.
    chronicles : Chronicles
        The futures that forecast, or earlier windows.
    observed : float, date or None
        The count or the deaths; the day, or None if the act did not come in the window.

    Raises
    ------
    QuestionError
        If the answer is yes or no.
    """
    return score_amounts(asked_amount(question), amounts(question, chronicles), observed)


def amount_row(a: Answer) -> tuple[str | float | None, ...]:
    """Return the values of `AMOUNT_COLUMNS`; None where a question is answered by yes or no, or a day did not come."""

    def number(value: float | date | None) -> float | None:
        return float(a.question.window.index(value)) if isinstance(value, date) else value

    if a.question.amount is None:
        return (None,) * len(AMOUNT_COLUMNS)
    told = a.distribution
    numbers: tuple[float | None, ...] = (None,) * 7
    if told is not None:
        numbers = (number(told.mean), *map(number, told.quantiles), told.never)
    return (a.question.amount.kind, *numbers, number(a.observed))


def answer_to_dict(a: Answer) -> dict[str, Any]:
    """Return an answer as plain values; ``first`` stands only where the day of the first act was asked for."""
    value: dict[str, Any] = {
        "id": a.question.id,
        "text": a.question.text,
        "opens": a.question.window.start.isoformat(),
        "closes": a.question.window.end.isoformat(),
        "probability": a.probability,
        "low": a.low,
        "high": a.high,
        "ambiguous": a.ambiguous,
        "unclear": a.unclear,
        "low_all": a.low_all,
        "high_all": a.high_all,
        "only_bounds": a.only_bounds,
        "yes": a.yes,
        "settled": a.settled,
        "certain": None if a.certain is None else a.certain.kind,
        "outcome": a.outcome.word,
        "status": a.status,
        "added": list(a.added),
    }
    if a.question.first:
        days = [None if day is None else day.isoformat() for day in a.first]
        seen = None if a.first_seen is None else a.first_seen.isoformat()
        value["first"] = dict(zip(map(str, FIRST_SHARES), days, strict=True)) | {"observed": seen}
    if a.question.amount is not None:
        value["distribution"] = None if a.distribution is None else a.distribution.to_dict()
        value |= {"yes": None, "observed": plain(a.observed)}
        if a.question.amount.kind == "deaths":
            value["observed_imputed"] = a.observed_imputed
    return value
