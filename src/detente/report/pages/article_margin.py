"""The claims in the margin of an article: each with its verdict, its number and what the number is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from detente.argument.blanks import blanks_in
from detente.argument.texts import TextIn, text_in
from detente.report.languages.language import _, for_later, language, word
from detente.report.pages.article_legend import anchor_of, kind_of, verdicts_explained
from detente.report.text.actors import names_of
from detente.report.text.numbers import to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.argument.argument import Argument
    from detente.argument.article_blocks import Language
    from detente.studies.article import Article

_NUMBERS = {  # what the number of a claim is, by the first of these keys that the reason for its verdict has
    "there": for_later("share of the page's parts"),
    "missing": for_later("share of the acts on record"),
    "turned": for_later("effect on the log of a daily rate"),
    "crises": for_later("related pieces"),
    "chances": for_later("chance in the model"),
    "share": for_later("stock of {other} over that of {one}"),
    "closing": for_later("chance of a zone of agreement"),
    "gate_share": for_later("added to the log hazard of an accord by both steps together"),
    "drivers": for_later("change in the chance of an accord"),
    "third_parties": for_later("rank among third parties"),
}
_LEFT = for_later("left on the table by both, as a share of what a side has at stake")  # it has no reason
_COUNTED = ("related pieces", "rank among third parties")


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
    return out if row is None else out | _judged(article, row.to_dict())


def _judged(article: Article, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the verdict on a claim, its number and what that is, from a row of ``detente claims --json``."""
    kind = kind_of(row["verdict"])
    out = {"verdict": verdict_text(article, row["verdict"]), "kind": kind, "anchor": anchor_of(kind)}
    if None in (row["value"], row["low"], row["high"]):
        return out
    what = _what(article, row)
    value, low, high = (f"{row[end]:z.{0 if what in _COUNTED else 2}f}" for end in ("value", "low", "high"))
    exact = row["low"] == row["value"] == row["high"]  # a count has no interval
    one, other = (actor_name(article, code) for code in article.argument.principals or ("", ""))
    ends = "" if exact else f" ({to(low, high)})"
    return out | {"number": f"{value}{ends}", "what": _(what).format(one=one, other=other) if what else ""}


def verdict_text(article: Article, verdict: str) -> str:
    """Return a claim's verdict in the language of the page."""
    if verdict.startswith("heavier on "):
        return _("heavier on {actor}").format(actor=actor_name(article, verdict.removeprefix("heavier on ")))
    if verdict.startswith("rank "):
        rank, count = verdict.removeprefix("rank ").split(" of ")
        return _("rank {rank} of {count}").format(rank=rank, count=count)
    return word(verdict)


def _what(article: Article, row: Mapping[str, Any]) -> str:
    """Return what the number of a claim is."""
    spec = next((claim for claim in article.argument.claims if claim.id == row["id"]), None)
    if spec is not None and spec.size_of is not None:
        return for_later("effect on the log odds of a graver act")
    reason = row["reason"] or {}
    return next((name for key, name in _NUMBERS.items() if key in reason), "" if reason else _LEFT)


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
    claims = [*(c for p in context["paragraphs"] for c in p["claims"]), *context["further"]]
    for claim in claims:
        if claim["id"] in rows:
            claim |= _judged(article, rows[claim["id"]])
    context["judged"] = bool(rows)
    context["legend"] = verdicts_explained(claims)
    return bool(rows)


def said_in_language(argument: Argument, *key: str | int) -> TextIn | None:
    """Return a text of an argument in the language of the page, else its original; see `text_in`.

    A blank of a template is no text.
    """
    found = text_in(argument, cast("Language", language().tag), *key)
    return None if found is None or blanks_in(found.text) else found


def text_shown(article: Article, *key: str | int) -> TextIn:
    """Return a text that every argument has."""
    found = text_in(article.argument, cast("Language", language().tag), *key)
    if found is None:
        raise KeyError(key)
    return found


def actor_name(article: Article, code: str) -> str:
    """Return an actor's name in the language of the page; its code where it has no name."""
    return names_of(article.case).get(code, code)
