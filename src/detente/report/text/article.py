"""Sentences about an article, for its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.text.claims import add_to_row

if TYPE_CHECKING:
    from detente.studies.article import Article


def add_sentences(value: dict[str, Any], result: Article) -> None:
    """Add to each claim why its verdict is what it is."""
    rows = () if result.claims is None else result.claims.rows
    for row, found in zip(value["claims"], rows, strict=True):
        add_to_row(row, found)
