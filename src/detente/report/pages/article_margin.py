"""The claims in the margin of an article: each with its verdict, its number and what the number is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.argument.texts import TextIn, text_in
from detente.report.pages.article_words import country_in, page_words
from detente.report.text.actors import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.argument.article_blocks import Language
    from detente.studies.article import Article
    from detente.studies.claims.rows import ClaimRow

_NUMBERS = {  # what the number of a claim is, by what its verdict rests on
    "Recorded": "share of the acts on record",
    "Judged": "effect on the log of a daily rate",
    "PageParts": "share of the page's parts",
    "RelatedFound": "related pieces",
    "Scored": "chance in the model",
    "Weighed": "stock of {other} over that of {one}",
    "OpenZone": "chance of a zone of agreement",
    "LeftOnTable": "left on the table by both, as a share of what a side has at stake",
    "DoorTested": "added to the log hazard of an accord by both steps together",
    "PlansCompared": "change in the chance of an accord",
    "Ranked": "rank among third parties",
}


def paragraph_of(article: Article, language: Language, number: int) -> dict[str, Any]:
    """Return a paragraph as the page shows it: its text, the source's numbers and its claims."""
    spec = article.paragraphs[number]
    key = ("article", "paragraphs", number) if article.block else ("claims", spec.claims[0])
    claims = [
        claim_in_margin(article, claim, language)
        for claim in spec.claims
        if text_in(article.argument, language, "claims", claim)
    ]
    return {
        "number": number + 1,
        "source": spec.source,
        "text": text_shown(article, language, *key),
        "claims": claims,
    }


def claim_in_margin(article: Article, claim: str, language: Language) -> dict[str, Any]:
    """Return a claim as the margin shows it: its text, and its verdict and number if it was judged."""
    row, say = article.row(claim), page_words(language)
    out: dict[str, Any] = {
        "id": claim,
        "text": text_shown(article, language, "claims", claim),
        "verdict": None,
        "number": None,
    }
    if row is None:
        return out
    out["verdict"] = verdict_text(article, row.verdict, language)
    if row.value is not None and row.low is not None and row.high is not None:
        shown = 0 if type(row.reason).__name__ in ("Ranked", "RelatedFound") else 2  # of what is counted
        ends = say("{low} to {high}").format(low=f"{row.low:z.{shown}f}", high=f"{row.high:z.{shown}f}")
        exact = row.low == row.value == row.high  # a count has no interval
        out["number"] = f"{row.value:z.{shown}f}" + ("" if exact else f" ({ends})")
        out["what"] = _what(article, row, language)
    return out


def verdict_text(article: Article, verdict: str, language: Language) -> str:
    """Return a claim's verdict in a language."""
    say = page_words(language)
    if verdict.startswith("heavier on "):
        return say("heavier on {actor}").format(
            actor=actor_name(article, verdict.removeprefix("heavier on "), language)
        )
    if verdict.startswith("rank "):
        rank, count = verdict.removeprefix("rank ").split(" of ")
        return say("rank {rank} of {count}").format(rank=rank, count=count)
    return say(verdict)


def _what(article: Article, row: ClaimRow, language: Language) -> str:
    """Return what the number of a claim is."""
    name = _NUMBERS[type(row.reason).__name__]
    if row.judgement is not None and row.judgement.of_sizes:
        name = "effect on the log odds of a graver act"
    one, other = (actor_name(article, code, language) for code in article.argument.principals or ("", ""))
    return page_words(language)(name).format(one=one, other=other)


def add_verdicts(
    context: dict[str, Any], article: Article, language: Language, judged: Sequence[Mapping[str, Any]]
) -> bool:
    """Add verdicts and numbers from a kept result to the margins of an article without them.

    Parameters
    ----------
    context : dict
        What `article_context` returns; changed in place.
    article : Article
    language : {"en", "zh-Hans", "zh-Hant"}
    judged : sequence of mapping
        Claims as ``detente claims --json`` prints them.

    Returns
    -------
    bool
        Whether there was any.
    """
    rows = {row["id"]: row for row in judged}
    say = page_words(language)
    for claim in [*(c for p in context["paragraphs"] for c in p["claims"]), *context["further"]]:
        row = rows.get(claim["id"])
        if row is None:
            continue
        claim["verdict"] = verdict_text(article, row["verdict"], language)
        if None not in (row["value"], row["low"], row["high"]):
            ends = say("{low} to {high}").format(low=f"{row['low']:z.2f}", high=f"{row['high']:z.2f}")
            claim |= {"number": f"{row['value']:z.2f} ({ends})", "what": ""}
    context["judged"] = bool(rows)
    return bool(rows)


def text_shown(article: Article, language: Language, *key: str | int) -> TextIn:
    """Return a text that every argument has."""
    found = text_in(article.argument, language, *key)
    if found is None:
        raise KeyError(key)
    return found


def actor_name(article: Article, code: str, language: Language) -> str:
    """Return an actor's name in a language; its code where it has no name."""
    return country_in(names_of(article.case).get(code, code), language)
