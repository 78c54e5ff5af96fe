"""What each verdict in the margin of an article means, in one sentence, for the page's legend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detente.report.languages.language import _, for_later, word

_MEANINGS = {
    "no power": for_later(
        "These events could hardly show the effect if it were there, so they neither support nor contradict the claim."
    ),
    "supported": for_later(
        "The events lean the claimed way further than chance alone does in 95 of 100 cases, under every choice of the "
        "model that was tried. That is no proof of a cause."
    ),
    "contradicted": for_later(
        "The events lean against the claim further than chance alone does in 95 of 100 cases, under every choice of "
        "the model that was tried."
    ),
    "negligible": for_later("The effect is close to zero, and so is its whole interval."),
    "silent": for_later("The events could show the effect if it were there, and lean clearly neither way."),
    "not testable": for_later("The model of these events has nothing that the claim could be tested on."),
    "not computable": for_later("The chronicle lacks what the claim needs to be computed."),
    "recorded": for_later("The acts that the claim names are in the chronicle."),
    "missing": for_later(
        "Of the acts that the claim names, at least one is not in the chronicle as described."
    ),
    "came true": for_later("A forecast: what it says has happened."),
    "failed": for_later("A forecast: what it says did not happen in time."),
    "cannot fail": for_later(
        "A forecast whose words give only a least chance, so that no outcome can prove it wrong."
    ),
    "ambiguous": for_later("A forecast: what is known does not settle whether it came true."),
    "not yet": for_later("A forecast: its time is not over."),
    "heavier": for_later("The injuries that one side has declared weigh more in at least 90 % of draws."),
    "level": for_later("The injuries of neither side weigh more in 90 % of draws."),
    "open": for_later("In at least 95 % of the draws some deal is better than none for both sides."),
    "mostly open": for_later(
        "In half of the draws or more, but less than 95 %, some deal is better than none for both sides."
    ),
    "mostly empty": for_later(
        "In less than half of the draws, but more than 5 %, some deal is better than none for both sides."
    ),
    "empty": for_later("In at most 5 % of the draws some deal is better than none for both sides."),
    "joint loss": for_later("Without a deal both sides together lose something that a deal would give them."),
    "no joint loss": for_later("It is not clear that both sides together lose anything without a deal."),
    "in the data": for_later(
        "The events themselves say so: they informed most of the coefficients that it rests on."
    ),
    "against": for_later(
        "The events say the opposite, and informed most of the coefficients that it rests on."
    ),
    "assumption": for_later("It follows from the argument's own assumptions: the events do not settle it."),
    "rank": for_later("The place of a third party among all that might mediate, by its ties and its record."),
    "complete": for_later("All that the claim says the page has is there."),
    "incomplete": for_later("Something that the claim says the page has is missing."),
    "coming": for_later("This version does not compute it."),
}
"""The meaning of each verdict; those with an actor or a number are found by their first word."""


def kind_of(verdict: str) -> str:
    """Return under which name the legend explains a verdict; empty if it has none.

    Examples
    --------
    >>> kind_of("no power"), kind_of("heavier on IRN"), kind_of("rank 2 of 9"), kind_of("void")
    ('no power', 'heavier', 'rank', '')
    """
    if verdict in _MEANINGS:
        return verdict
    first = verdict.partition(" ")[0]
    return first if first in ("heavier", "rank") else ""


def anchor_of(kind: str) -> str:
    """Return the id of a verdict's line in the legend.

    Examples
    --------
    >>> anchor_of("no power")
    'verdict-no-power'
    """
    return f"verdict-{kind.replace(' ', '-')}"


def verdicts_explained(claims: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return a line for every verdict that some claims in the margin have, in the order of `_MEANINGS`.

    Parameters
    ----------
    claims : iterable of mapping
        As `claim_in_margin` returns them.
    """
    shown = {claim["kind"] for claim in claims if claim.get("kind")}
    names = {"heavier": _("heavier on one side"), "rank": _("rank")}
    return [
        {"anchor": anchor_of(kind), "name": names.get(kind) or word(kind), "meaning": _(meaning)}
        for kind, meaning in _MEANINGS.items()
        if kind in shown
    ]
