"""What `detente mechanisms` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.report.text.console import _console, _table

if TYPE_CHECKING:
    from detente.model.mechanisms.base import Mechanism


def mechanisms(registered: Mapping[str, Mechanism]) -> None:
    """Print every mechanism with its terms and default priors."""
    console = _console()
    for mechanism in registered.values():
        console.print(
            f"[bold]{mechanism.name}[/bold]: {mechanism.says} ({', '.join(mechanism.source)})",
            style="default",
        )
        table = _table("", "term", "says", "prior mean", "sd", numbers=2)
        for term in mechanism.terms:
            table.add_row(f"  {term.name}", term.says, f"{term.prior.mean:+.2f}", f"{term.prior.sd:.2f}")
        console.print(table, "")
