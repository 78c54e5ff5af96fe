"""The sentences on one answer: its probability beside the base rates, and how often such answers came true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import day_text, listed
from detente.report.languages.language import _, for_later, own, word
from detente.report.languages.readers import visitor_reads
from detente.report.text.answers.past import share_text
from detente.report.text.answers.subject import is_shipped, subject_of
from detente.report.text.numbers import counted, likelihood, one_sided, percent, phrases

if TYPE_CHECKING:
    from detente.lab.ask import QuestionResult
    from detente.lab.case import Case
    from detente.lab.record import SimilarRecord
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.questions.certain import Certainty
    from detente.questions.question import Question

_IN = (
    for_later("the share of all earlier windows ({share})"),
    for_later("the share of those of the last four years ({share})"),
)
_OF = (for_later("{share} of all earlier windows"), for_later("{share} of those of the last four years"))
_SIDES = {
    "the same as": for_later("the same as {windows}"),
    "about the same as": for_later("about the same as {windows}"),
    "higher than": for_later("higher than {windows}"),
    "lower than": for_later("lower than {windows}"),
}


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
    past = listed([_(_OF[i]).format(share=share_text(rate)) for rate, i in _settled(rates)])
    if answer.status == NOT_MODELLED:
        number = answer.question.amount is not None
        if number and past:
            said = _(
                "This argument does not model {question}, so it gives no number; it came true in {past}."
            )
        elif number:
            said = _("This argument does not model {question}, so it gives no number.")
        elif past:
            said = _(
                "This argument does not model {question}, so it gives no probability; it came true in {past}."
            )
        else:
            said = _("This argument does not model {question}, so it gives no probability.")
        return said.format(question=in_quotes(answer), past=past)
    if answer.probability is None:
        return _("No future settles {question}.").format(question=in_quotes(answer))
    chance = counted(answer.probability, answer.settled, answer.unclear)
    if answer.only_bounds:
        chance = _("{bounds}, as {share} of futures do not settle it").format(
            bounds=chance, share=percent(answer.ambiguous)
        )
        against = [_("against {past}").format(past=past)] if past else []
        return _("How likely {question} is before {day} can only be bounded: {beside}.").format(
            question=in_quotes(answer),
            day=day_text(answer.question.window.end),
            beside=phrases(chance, *against),
        )
    compared = _compared(answer, answer.probability, rates)
    if one_sided(answer.probability, answer.settled) is not None:  # a bound: neither higher nor lower
        compared = [_("against {past}").format(past=past)] if past else []
    return _("{question} is {likelihood} before {day}: {beside}.").format(
        question=in_quotes(answer),
        likelihood=likelihood(answer.probability),
        day=day_text(answer.question.window.end),
        beside=phrases(chance, *compared),
    )


def record_sentence(asked: QuestionResult, case: Case) -> str:
    """Return how often similar questions came true; which command finds out where nothing was recorded yet.

    Parameters
    ----------
    asked : QuestionResult
    case : Case
        What it was asked of; a visitor of a server needs its files first, unless they come with the program.
    """
    if asked.record is not None:
        return record_text(asked.record, friendly_words=counts_friendly_words(asked.answer.question))
    if (
        asked.answer.only_bounds
        or asked.recorded
        or asked.answer.probability is None
        or asked.answer.certain is not None
    ):
        return ""
    said = _(
        "No record yet of how often such answers come true: `detente backtest {subject} --questions` makes one."
    )
    if visitor_reads() and not is_shipped(case):
        said = _(
            "No record yet of how often such answers come true. This page makes none; on the command line, in a folder "
            "with the files of this case, `detente backtest {subject} --questions` does."
        )
    return said.format(subject=subject_of(case))


def counts_friendly_words(question: Question) -> bool:
    """Whether acts that a question counts are friendly words: what talks are where no act is coded as done together."""
    from detente.events.ontology.classes import Role, scheme_of
    from detente.questions.statements import leaves

    words = scheme_of("quad").classes_of(Role.TALKS)
    acts = [getattr(leaf, "acts", None) for part in question.parts for leaf in leaves(part)]
    return any(kind.classes == words for each in acts if each is not None for kind in each.kinds)


def record_text(record: SimilarRecord, *, friendly_words: bool = False) -> str:
    """Return how often similar questions came true, as a sentence.

    Parameters
    ----------
    record : SimilarRecord
    friendly_words : bool
        Whether what it calls talks are friendly words; see `counts_friendly_words`.

    Examples
    --------
    >>> from detente.lab.record import SimilarRecord
    >>> record_text(SimilarRecord(0.4, 0.5, 0.39, 61, "type and horizon", "force", 90))
    'When the model said 40 % to 50 % on such questions (force, about 90 days ahead), it happened 39 % of the time \
(61 cases).'
    """
    what = _("friendly words") if friendly_words and record.type == "talks" else word(record.type)
    if record.horizon is not None:
        what = _("{type}, about {days} days ahead").format(type=what, days=f"{record.horizon:,}")
    return _(
        "When the model said {low} to {high} on such questions ({what}), it happened {share} of the time "
        "({cases} cases)."
    ).format(
        low=percent(record.low),
        high=percent(record.high),
        what=what,
        share=percent(record.share),
        cases=f"{record.cases:,}",
    )


def in_quotes(answer: Answer) -> str:
    """Return the text of a question in quotation marks."""
    return _("“{text}”").format(text=own(answer.question.text.rstrip(".")))


def _compared(answer: Answer, probability: float, rates: Sequence[BaseRate]) -> list[str]:
    """Return how a probability compares with base rates: what more futures could make equal is about the same."""
    sides: dict[str, list[str]] = {}
    for rate, i in _settled(rates):
        low, high = (end or 0.0 for end in (rate.low, rate.high))
        if not rate.unclear and percent(probability) == percent(low):
            side = "the same as"
        elif (answer.low or 0.0) <= high and low <= (1.0 if answer.high is None else answer.high):
            side = "about the same as"
        else:
            side = "higher than" if probability > high else "lower than"
        sides.setdefault(side, []).append(_(_IN[i]).format(share=share_text(rate)))
    return [_(_SIDES[side]).format(windows=listed(whens)) for side, whens in sides.items()]


def _settled(rates: Sequence[BaseRate]) -> list[tuple[BaseRate, int]]:
    return [(rate, i) for i, rate in enumerate(rates[:2]) if rate.share is not None]


def _certain(answer: Answer, certain: Certainty) -> str:
    if certain.kind == "already settled":
        said = (
            _("{question} is already settled by what is known by then: it has come true.")
            if certain.yes
            else _("{question} is already settled by what is known by then: it cannot come true any more.")
        )
    elif certain.yes:
        said = _("{question} is always true: no chronicle could make it false.")
    else:
        said = _("{question} cannot happen: no chronicle could make it true.")
    return said.format(question=in_quotes(answer))
