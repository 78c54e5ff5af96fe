"""What `detente mechanisms` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.report.text.console import Sheet, table

if TYPE_CHECKING:
    from detente.model.mechanisms.base import Mechanism


def text_of(registered: Mapping[str, Mechanism]) -> str:
    """Return every mechanism with its terms and default priors."""
    sheet = Sheet()
    for mechanism in registered.values():
        sheet.print(
            f"[bold]{mechanism.name}[/bold]: {mechanism.says} ({', '.join(mechanism.source)})",
            style="default",
        )
        terms = table("", "term", "says", "prior mean", "sd", numbers=2)
        for term in mechanism.terms:
            terms.add_row(f"  {term.name}", term.says, f"{term.prior.mean:+.2f}", f"{term.prior.sd:.2f}")
        sheet.print(terms, "")
    return sheet.text()
