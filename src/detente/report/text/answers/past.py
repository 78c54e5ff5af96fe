"""How often a question came true before, in words: with what is not settled of its windows, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import BOTH_DEAD, NO_ISSUE, NO_MODE, NO_TOLL, OTHER
from detente.report.languages.formats import listed
from detente.report.languages.language import _, for_later, ngettext, sentences
from detente.report.text.numbers import counted, one_sided, part, percent, portion, to

if TYPE_CHECKING:
    from detente.lab.ask import QuestionResult
    from detente.questions.base_rates import BaseRate

FAR = 0.5  # between a chance and both base rates, from which the two contradict each other
FEW = 5.0  # windows side by side below which a base rate contradicts nothing
_BECAUSE = {
    BOTH_DEAD: for_later("the data count the dead of both sides together"),
    NO_TOLL: for_later("the data do not say of every act how many died"),
    NO_MODE: for_later("the data do not give the mode of every act"),
    NO_ISSUE: for_later("the data do not give the issue of every act"),
    OTHER: for_later("what the data hold of them leaves it open"),
}


def share_text(rate: BaseRate) -> str:
    """Return the share of windows that came true, as bounds where some are not settled for want of knowledge.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.questions.base_rates import BaseRate
    >>> share_text(BaseRate(date(2000, 1, 1), 80, 9.0, 0.25, 20, yes=20, unclear=20))
    '20 % to 40 %'
    >>> share_text(BaseRate(date(2000, 1, 1), 80, 9.0, 0.0, 0, yes=0))
    'none'
    """
    share = rate.share or 0.0
    if rate.unclear and rate.low is not None and rate.high is not None:
        ends = percent(rate.low), percent(rate.high)
        if ends[0] != ends[1]:
            return to(*ends)
    return portion(share) if share in (0, 1) else percent(share)


def cautions(asked: QuestionResult) -> list[str]:
    """Return what keeps a reader from taking an answer at its word; empty for most."""
    chance, rates = asked.answer.probability, asked.base_rates
    out: list[str] = []
    if chance is None:
        return out
    if asked.answer.certain is not None:
        return out
    all_ = one_sided(chance, asked.answer.settled)
    if all_ is not None:
        n, bound = asked.answer.settled, (asked.answer.low if all_ else asked.answer.high) or 0.0
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
        out.append(said.format(count=counted(chance, n), share=percent(bound)))
    known = [rate for rate in rates if rate.share is not None and rate.separate >= FEW]
    gaps = [chance - min(max(chance, rate.low or 0.0), rate.high or 0.0) for rate in known]
    if gaps and (all(gap >= FAR for gap in gaps) or all(gap <= -FAR for gap in gaps)):
        seen = listed([share_text(rate) if rate.unclear else part(rate.share or 0.0) for rate in known])
        out.append(
            _(
                "it contradicts what happened before ({shares} of earlier windows): compare the channels' means with "
                "recent counts before using it"
            ).format(shares=seen)
        )
    return out


def because_text(codes: Sequence[str]) -> str:
    """Return why windows are not settled, as a clause."""
    return listed([_(_BECAUSE[code]) for code in codes])


def unclear_text(rate: Mapping[str, Any]) -> str:
    """Return what is not settled of earlier windows for want of knowledge, and what that leaves open; empty if nothing.

    Parameters
    ----------
    rate : Mapping
        A base rate as plain values.

    Examples
    --------
    >>> rate = {"share": None, "windows": 16, "unclear": 200, "low": 0.0, "high": 200 / 216}
    >>> rate |= {"because": ["both sides' dead"]}
    >>> unclear_text(rate)
    'Cannot be told: 200 of 216 windows are not settled, because the data count the dead of both sides together. If \
none of them came true it is 0 %, if all did 93 %.'
    """
    if not rate["unclear"]:
        return ""
    many = {"n": f"{rate['unclear']:,}", "all": f"{rate['unclear'] + rate['windows']:,}"}
    said = (
        _("Cannot be told: {n} of {all} windows are not settled, because {why}.")
        if not _given(rate)
        else _("{n} of {all} windows are not settled, because {why}.")
    )
    ends = {name: percent(rate[name]) for name in ("low", "high") if rate[name] is not None}
    bounds = _("If none of them came true it is {low}, if all did {high}.").format(**ends) if ends else ""
    return sentences(said.format(**many, why=because_text(rate["because"])), bounds)


def _given(rate: Mapping[str, Any]) -> bool:
    """Whether a share, or a distribution, is given all the same."""
    return rate["share"] is not None or rate.get("distribution") is not None


def unclear_past(rates: Sequence[BaseRate]) -> str:
    """Return that it cannot be told how often a question came true before, where that holds of all earlier windows."""
    if not rates or not rates[0].unclear or _given(rates[0].to_dict()):
        return ""
    rate = rates[0]
    said = (
        _("What it was before cannot be told: {n} of {all} earlier windows are not settled, because {why}.")
        if rate.yes is None
        else _(
            "How often it came true before cannot be told: {n} of {all} earlier windows are not settled, because {why}."
        )
    )
    every = rate.unclear + rate.windows
    return said.format(n=f"{rate.unclear:,}", all=f"{every:,}", why=because_text(rate.because))
