"""What keeps a reader from taking an answer at its word: a chance of none or all, and what the past contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import TYPE_CHECKING

from detente.report.languages.formats import listed
from detente.report.languages.language import _, ngettext
from detente.report.text.answers.amounts import earlier
from detente.report.text.answers.past import share_text
from detente.report.text.numbers import clauses, counted, one_sided, part, percent_beyond

if TYPE_CHECKING:
    from detente.lab.ask import QuestionResult
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.questions.distributions import Distribution

FAR = 0.5  # between a chance and both base rates, from which the two contradict each other
FEW = 5.0  # windows side by side below which a base rate contradicts nothing


def cautions(asked: QuestionResult) -> list[str]:
    """Return what keeps a reader from taking an answer at its word; empty for most.

    Notes
    -----
    A chance contradicts the past where it is half or more away from every base rate of at least five windows side by
    side. An amount does so where the same holds of the question whether it is more than some number: where the shares
    without any are half or more apart, or the middle half of the futures and that of earlier windows do not overlap.
    """
    answer, known = asked.answer, [rate for rate in asked.base_rates if rate.separate >= FEW]
    if answer.certain is not None:
        return []
    if answer.distribution is not None:
        return _of_amount(answer, answer.distribution, known)
    if answer.probability is None:
        return []
    all_ = one_sided(answer.probability, answer.settled)
    found = [] if all_ is None or answer.only_bounds else [_bound(answer, answer.probability, all_=all_)]
    return found + _of_chance(answer, [rate for rate in known if rate.share is not None])


def _bound(answer: Answer, chance: float, *, all_: bool) -> str:
    n, bound = answer.settled, (answer.low if all_ else answer.high) or 0.0
    said = (
        ngettext(
            "{count} says yes, so the true chance under this argument is only known to be above {share}",
            "{count} say yes, so the true chance under this argument is only known to be above {share}",
            n,
        )
        if all_
        else ngettext(
            "{count} says yes, so the true chance under this argument is only known to be below {share}",
            "{count} say yes, so the true chance under this argument is only known to be below {share}",
            n,
        )
    )
    return said.format(count=counted(chance, n), share=percent_beyond(bound, above=all_))


def _of_chance(answer: Answer, rates: Sequence[BaseRate]) -> list[str]:
    ends = (answer.low_all, answer.high_all) if answer.only_bounds else (answer.probability,) * 2
    low, high = (end or 0.0 for end in ends)
    above = [low - (rate.high or 0.0) >= FAR for rate in rates]
    below = [(rate.low or 0.0) - high >= FAR for rate in rates]
    if not rates or not (all(above) or all(below)):
        return []
    seen = listed([share_text(rate) if rate.unclear else part(rate.share or 0.0) for rate in rates])
    said = _(
        "it contradicts what happened before ({shares} of earlier windows): compare the channels' means with "
        "recent counts before using it"
    )
    return [said.format(shares=seen)]


def _of_amount(answer: Answer, told: Distribution, rates: Sequence[BaseRate]) -> list[str]:
    pasts = [(then, rate) for rate in rates if (then := rate.distribution) is not None]
    ways = {_way(told, then, rate) for then, rate in pasts}
    if len(ways) != 1 or ways == {0}:
        return []
    opens = answer.question.window.start.isoformat()
    said = _(
        "it contradicts what happened before ({past}): compare the channels' means with recent counts before using it"
    )
    return [said.format(past=clauses(earlier(then.to_dict(), opens) for then, __ in pasts))]


def _way(told: Distribution, then: Distribution, rate: BaseRate) -> int:
    """Return 1 where futures hold far more than earlier windows, or far sooner, -1 for far less, 0 for neither."""
    every = rate.windows + rate.unclear
    least, most = (then.never * rate.windows / every, (then.never * rate.windows + rate.unclear) / every)
    (low, high), (before_low, before_high) = _half(told), _half(then)
    if least - told.never >= FAR or low > before_high:
        return 1
    return -1 if told.never - most >= FAR or high < before_low else 0


def _half(told: Distribution) -> tuple[float, float]:
    """Return the ends of the middle half; of a day as numbers that are larger the sooner it comes."""
    one, other = (_size(told.quantiles[i]) for i in (1, 3))
    return min(one, other), max(one, other)


def _size(value: float | date | None) -> float:
    return -inf if value is None else -float(value.toordinal()) if isinstance(value, date) else value
