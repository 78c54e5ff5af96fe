"""The claims in the margin of an article: each with its verdict, its number and what the number is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from detente.argument.texts import TextIn, text_in
from detente.report.languages.language import _, for_later, language, word
from detente.report.text.actors import names_of
from detente.report.text.numbers import to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.argument.argument import Argument
    from detente.argument.article_blocks import Language
    from detente.studies.article import Article
    from detente.studies.claims.rows import ClaimRow

_NUMBERS = {  # what the number of a claim is, by what its verdict rests on
    "Recorded": for_later("share of the acts on record"),
    "Judged": for_later("effect on the log of a daily rate"),
    "PageParts": for_later("share of the page's parts"),
    "RelatedFound": for_later("related pieces"),
    "Scored": for_later("chance in the model"),
    "Weighed": for_later("stock of {other} over that of {one}"),
    "OpenZone": for_later("chance of a zone of agreement"),
    "LeftOnTable": for_later("left on the table by both, as a share of what a side has at stake"),
    "DoorTested": for_later("added to the log hazard of an accord by both steps together"),
    "PlansCompared": for_later("change in the chance of an accord"),
    "Ranked": for_later("rank among third parties"),
}


def paragraph_of(article: Article, number: int) -> dict[str, Any]:
    """Return a paragraph as the page shows it: its text, the source's numbers and its claims."""
    spec = article.paragraphs[number]
    key = ("article", "paragraphs", number) if article.block else ("claims", spec.claims[0])
    claims = [
        claim_in_margin(article, claim)
        for claim in spec.claims
        if said_in_language(article.argument, "claims", claim)
    ]
    return {
        "number": number + 1,
        "source": spec.source,
        "text": text_shown(article, *key),
        "claims": claims,
    }


def claim_in_margin(article: Article, claim: str) -> dict[str, Any]:
    """Return a claim as the margin shows it: its text, and its verdict and number if it was judged."""
    row = article.row(claim)
    out: dict[str, Any] = {
        "id": claim,
        "text": text_shown(article, "claims", claim),
        "verdict": None,
        "number": None,
    }
    if row is None:
        return out
    out["verdict"] = verdict_text(article, row.verdict)
    if row.value is not None and row.low is not None and row.high is not None:
        digits = 0 if type(row.reason).__name__ in ("Ranked", "RelatedFound") else 2  # of what is counted
        out["number"] = _number(row.value, row.low, row.high, digits)
        out["what"] = _what(article, row)
    return out


def _number(value: float, low: float, high: float, digits: int) -> str:
    """Return a number with its interval; a count has none."""
    shown = f"{value:z.{digits}f}"
    ends = to(f"{low:z.{digits}f}", f"{high:z.{digits}f}")
    return shown if low == value == high else f"{shown} ({ends})"


def verdict_text(article: Article, verdict: str) -> str:
    """Return a claim's verdict in the language of the page."""
    if verdict.startswith("heavier on "):
        return _("heavier on {actor}").format(actor=actor_name(article, verdict.removeprefix("heavier on ")))
    if verdict.startswith("rank "):
        rank, count = verdict.removeprefix("rank ").split(" of ")
        return _("rank {rank} of {count}").format(rank=rank, count=count)
    return word(verdict)


def _what(article: Article, row: ClaimRow) -> str:
    """Return what the number of a claim is."""
    name = _NUMBERS[type(row.reason).__name__]
    if row.judgement is not None and row.judgement.of_sizes:
        name = for_later("effect on the log odds of a graver act")
    one, other = (actor_name(article, code) for code in article.argument.principals or ("", ""))
    return _(name).format(one=one, other=other)


def add_verdicts(context: dict[str, Any], article: Article, judged: Sequence[Mapping[str, Any]]) -> bool:
    """Add verdicts and numbers from a kept result to the margins of an article without them.

    Parameters
    ----------
    context : dict
        What `article_context` returns; changed in place.
    article : Article
    judged : sequence of mapping
        Claims as ``detente claims --json`` prints them.

    Returns
    -------
    bool
        Whether there was any.
    """
    rows = {row["id"]: row for row in judged}
    for claim in [*(c for p in context["paragraphs"] for c in p["claims"]), *context["further"]]:
        row = rows.get(claim["id"])
        if row is None:
            continue
        claim["verdict"] = verdict_text(article, row["verdict"])
        if None not in (row["value"], row["low"], row["high"]):
            digits = 0 if row["verdict"].startswith("rank ") else 2
            claim |= {"number": _number(row["value"], row["low"], row["high"], digits), "what": ""}
    context["judged"] = bool(rows)
    return bool(rows)


def said_in_language(argument: Argument, *key: str | int) -> TextIn | None:
    """Return a text of an argument in the language of the page, else its original; see `text_in`."""
    return text_in(argument, cast("Language", language().tag), *key)


def text_shown(article: Article, *key: str | int) -> TextIn:
    """Return a text that every argument has."""
    found = said_in_language(article.argument, *key)
    if found is None:
        raise KeyError(key)
    return found


def actor_name(article: Article, code: str) -> str:
    """Return an actor's name in the language of the page; its code where it has no name."""
    return names_of(article.case).get(code, code)
