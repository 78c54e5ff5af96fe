"""Rows of `claims` on the article page: whether an argument gives it every part, and what it can lead to."""

from __future__ import annotations

from typing import get_args

import polars as pl

from detente.argument.article_blocks import Language
from detente.argument.claim_blocks import ClaimSpec
from detente.argument.load import embedded_arguments
from detente.argument.texts import Key, keys_of, text_in
from detente.lab.case import Case
from detente.lab.chronicles import history_of
from detente.model.known import Known
from detente.studies.analogues import analogues
from detente.studies.claims.reasons import PageParts, RelatedFound
from detente.studies.claims.rows import ClaimRow

ANALOGUES, FOLLOWED_DAYS = 5, 90
_PARTS: dict[str, Key] = {
    "category": ("article", "category"),
    "title": ("title",),
    "author": ("article", "author"),
    "trust": ("article", "trust"),
}


def page_row(case: Case, claim: ClaimSpec, known: Known, threads: int = 0) -> ClaimRow | None:
    """Compute a claim about the article page; None for any other claim.

    The number is the share of parts that are there, or the count of related pieces. That the page shows each of them
    is tested where it is rendered.

    Parameters
    ----------
    case : Case
    claim : ClaimSpec
    known : Known
    threads : int
        0 uses every core; the result does not depend on it.
    """
    match claim.page:
        case "article":
            return _parts_row(case, claim, known)
        case "related":
            return _related_row(case, claim, known, threads)
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


def _related_row(case: Case, claim: ClaimSpec, known: Known, threads: int) -> ClaimRow:
    """Count the earlier days that are like the day of the argument, and the other arguments of the library."""
    posterior = case.fitted(known.as_of, threads=threads)
    found = analogues(posterior, history_of(case).events, count=ANALOGUES, days=FOLLOWED_DAYS)
    others = sum(
        other.argument != case.argument.argument and other.principals is not None
        for other in embedded_arguments()
    )
    reason = RelatedFound(tuple(each.day for each in found), found[0].distance if found else None, others)
    count = float(len(found) + others)
    verdict = "complete" if found and others else "incomplete"
    return ClaimRow(claim, verdict, reason, count, count, count)
