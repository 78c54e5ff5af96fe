"""The sentences on one answer: its probability beside the base rates, and how often such answers came true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.questions.statuses import NOT_MODELLED
from detente.report.text.numbers import counted, likelihood, listed, one_sided, percent

if TYPE_CHECKING:
    from detente.lab.ask import QuestionResult
    from detente.lab.record import SimilarRecord
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.questions.certain import Certainty

_WINDOWS = ("all earlier windows", "those of the last four years")


def answer_sentence(answer: Answer, rates: Sequence[BaseRate] = ()) -> str:
    """Return the probability of a question and how it compares with the two base rates, as a sentence.

    Parameters
    ----------
    answer : Answer
    rates : sequence of BaseRate
        Over all earlier windows, and over those of the last four years; none are compared if there are none.
    """
    if answer.certain is not None:
        return _certain(answer, answer.certain)
    past = listed([f"{_past(rate)} of {when}" for rate, when in _settled(rates)])
    if answer.status == NOT_MODELLED:
        rest = f"; it came true in {past}" if past else ""
        what = "probability" if answer.question.amount is None else "number"
        return f"This argument does not model {in_quotes(answer)}, so it gives no {what}{rest}."
    if answer.probability is None:
        return f"No future settles {in_quotes(answer)}."
    day = answer.question.window.end
    chance = counted(answer.probability, answer.settled)
    compared = _compared(answer, answer.probability, rates)
    if one_sided(answer.probability, answer.settled) is not None:  # a bound: neither higher nor lower
        compared = [f"against {past}"] if past else []
    beside = ", ".join([chance, *compared])
    return f"{in_quotes(answer)} is {likelihood(answer.probability)} before {day.day} {day:%B} {day.year}: {beside}."


def record_sentence(asked: QuestionResult, subject: str) -> str:
    """Return how often similar questions came true; which command finds out where nothing was recorded yet.

    Parameters
    ----------
    asked : QuestionResult
    subject : str
        What the command line calls the case.
    """
    if asked.record is not None:
        return record_text(asked.record)
    if asked.recorded or asked.answer.probability is None or asked.answer.certain is not None:
        return ""
    return f"No record yet of how often such answers come true: `detente backtest {subject} --questions` makes one."


def record_text(record: SimilarRecord) -> str:
    """Return how often similar questions came true, as a sentence.

    Examples
    --------
    >>> from detente.lab.record import SimilarRecord
    >>> record_text(SimilarRecord(0.4, 0.5, 0.39, 61, "type and horizon", "force", 90))
    'When the model said 40 % to 50 % on such questions (force, about 90 days ahead), it happened 39 % of the time \
(61 cases).'
    """
    what = record.type if record.horizon is None else f"{record.type}, about {record.horizon} days ahead"
    return (
        f"When the model said {percent(record.low)} to {percent(record.high)} on such questions ({what}), it happened "
        f"{percent(record.share)} of the time ({record.cases:,} cases)."
    )


def in_quotes(answer: Answer) -> str:
    """Return the text of a question in quotation marks."""
    return f"“{answer.question.text.rstrip('.')}”"


def _compared(answer: Answer, probability: float, rates: Sequence[BaseRate]) -> list[str]:
    """Return how a probability compares with base rates: what more futures could make equal is about the same."""
    sides: dict[str, list[str]] = {}
    for rate, when in _settled(rates):
        share = rate.share or 0.0
        if percent(probability) == percent(share):
            side = "the same as"
        elif answer.low is not None and answer.high is not None and answer.low <= share <= answer.high:
            side = "about the same as"
        else:
            side = "higher than" if probability > share else "lower than"
        sides.setdefault(side, []).append(f"in {when} ({_past(rate)})")
    return [f"{side} {listed(whens)}" for side, whens in sides.items()]


def _settled(rates: Sequence[BaseRate]) -> list[tuple[BaseRate, str]]:
    return [(rate, when) for rate, when in zip(rates, _WINDOWS, strict=False) if rate.share is not None]


def _past(rate: BaseRate) -> str:
    return {0.0: "none", 1.0: "all"}.get(rate.share or 0.0) or percent(rate.share or 0.0)


def _certain(answer: Answer, certain: Certainty) -> str:
    if certain.kind == "already settled":
        how = "has come true" if certain.yes else "cannot come true any more"
        return f"{in_quotes(answer)} is already settled by what is known by then: it {how}."
    how = "is always true: no chronicle could make it false"
    return f"{in_quotes(answer)} {how if certain.yes else 'cannot happen: no chronicle could make it true'}."
