"""Rows of `claims` on the article page: whether an argument gives it every part, and what it can lead to."""

from __future__ import annotations

from typing import get_args

import polars as pl

from detente.argument.article_blocks import Language
from detente.argument.claim_blocks import ClaimSpec
from detente.argument.texts import Key, keys_of, text_in
from detente.lab.case import Case
from detente.model.known import Known
from detente.studies.analogues.related import analogues
from detente.studies.claims.reasons import PageParts, RelatedFound
from detente.studies.claims.rows import ClaimRow

_PARTS: dict[str, Key] = {
    "category": ("article", "category"),
    "title": ("title",),
    "author": ("article", "author"),
    "trust": ("article", "trust"),
}


def page_row(case: Case, claim: ClaimSpec, known: Known) -> ClaimRow | None:
    """Compute a claim about the article page; None for any other claim.

    The number is the share of parts that are there, or the count of related pieces. That the page shows each of them
    is tested where it is rendered.

    Parameters
    ----------
    case : Case
    claim : ClaimSpec
    known : Known
    """
    match claim.page:
        case "article":
            return _parts_row(case, claim, known)
        case "related":
            return _related_row(case, claim, known)
    return None


def _parts_row(case: Case, claim: ClaimSpec, known: Known) -> ClaimRow:
    """Look for every part of the page, each text in each of the three languages."""
    argument, parts = case.argument, dict[str, bool]()
    for language in get_args(Language):

        def said(key: Key, language: Language = language) -> bool:
            found = text_in(argument, language, *key)
            return found is not None and found.language == language

        parts |= {f"{name} ({language})": said(key) for name, key in _PARTS.items()}
        told = [key for key in keys_of(argument) if key[:2] == ("article", "paragraphs")]
        parts[f"paragraphs ({language})"] = bool(told) and all(said(key) for key in told)
    parts["date"] = argument.article is not None and argument.article.written is not None
    ends = argument.principals or ()
    between = pl.col("source").is_in(ends) & pl.col("target").is_in(ends)
    parts["picture"] = not known.chronicle.events.filter(between).is_empty()
    there = tuple(name for name, given in parts.items() if given)
    missing = tuple(name for name, given in parts.items() if not given)
    share = len(there) / len(parts)
    verdict = "incomplete" if missing else "complete"
    return ClaimRow(claim, verdict, PageParts(there, missing), share, share, share)


def _related_row(case: Case, claim: ClaimSpec, known: Known) -> ClaimRow:
    """Count the earlier days and the crises that are like the argument's day, and the other arguments there are."""
    found = analogues(case, as_of=known.as_of)
    days = tuple(moment.day for moment in found.moments)
    nearest = found.moments[0].distance if days else None
    others = sum(piece.kind != "generic" for piece in found.pieces)
    reason = RelatedFound(days, nearest, len(found.crises), others)
    count = float(len(days) + len(found.crises) + others)
    verdict = "complete" if days and others else "incomplete"
    return ClaimRow(claim, verdict, reason, count, count, count)
