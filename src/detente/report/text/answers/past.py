"""How often a question came true before, in words: with what is not settled of its windows, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import BOTH_DEAD, NO_ISSUE, NO_MODE, NO_TOLL, OTHER
from detente.report.languages.formats import listed
from detente.report.languages.language import _, for_later, ngettext, sentences
from detente.report.text.numbers import percent, portion, to

if TYPE_CHECKING:
    from detente.questions.base_rates import BaseRate

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
    n = rate["unclear"]
    said = (
        ngettext(
            "Cannot be told: {n} of {all} windows is not settled, because {why}.",
            "Cannot be told: {n} of {all} windows are not settled, because {why}.",
            n,
        )
        if not _given(rate)
        else ngettext(
            "{n} of {all} windows is not settled, because {why}.",
            "{n} of {all} windows are not settled, because {why}.",
            n,
        )
    )
    ends = {name: percent(rate[name]) for name in ("low", "high") if rate[name] is not None}
    bounds = ""
    if ends:
        alike = ends["low"] == ends["high"]
        bounds = (
            _("It is {low} whether they came true or not.")
            if alike
            else _("If none of them came true it is {low}, if all did {high}.")
        ).format(**ends)
    return sentences(said.format(**many, why=because_text(rate["because"])), bounds)


def left_out_text(rate: Mapping[str, Any]) -> list[str]:
    """Return how many earlier windows count for nothing, and why; those of `unclear_text` are not among them.

    Examples
    --------
    >>> left_out_text({"unsettled": 125, "unclear": 2, "void": 119})
    ['in 119 more the condition did not hold', '4 more are not covered']
    """
    void, uncovered = rate["void"], rate["unsettled"] - rate["unclear"] - rate["void"]
    found = []
    if void:
        found.append(_("in {n} more the condition did not hold").format(n=f"{void:,}"))
    if uncovered:
        said = ngettext("{n} more is not covered", "{n} more are not covered", uncovered)
        found.append(said.format(n=f"{uncovered:,}"))
    return found


def _given(rate: Mapping[str, Any]) -> bool:
    """Whether a share, or a distribution, is given all the same."""
    return rate["share"] is not None or rate.get("distribution") is not None


def unclear_past(rates: Sequence[BaseRate]) -> str:
    """Return that it cannot be told how often a question came true before, where that holds of all earlier windows."""
    if not rates or not rates[0].unclear or _given(rates[0].to_dict()):
        return ""
    rate = rates[0]
    said = (
        ngettext(
            "What it was before cannot be told: {n} of {all} earlier windows is not settled, because {why}.",
            "What it was before cannot be told: {n} of {all} earlier windows are not settled, because {why}.",
            rate.unclear,
        )
        if rate.yes is None
        else ngettext(
            "How often it came true before cannot be told: {n} of {all} earlier windows is not settled, because {why}.",
            "How often it came true before cannot be told: {n} of {all} earlier windows are not settled, because "
            "{why}.",
            rate.unclear,
        )
    )
    every = rate.unclear + rate.windows
    return said.format(n=f"{rate.unclear:,}", all=f"{every:,}", why=because_text(rate.because))
