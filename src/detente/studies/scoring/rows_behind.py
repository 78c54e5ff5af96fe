"""What the rows behind a backtest are worth: when they were compiled, and how many were checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.events.chronicle import Chronicle
from detente.events.files.embedded import embedded_rivalries

UNCHECKED = "background"
"""What a row's ``evidence`` says if nobody saw a page for it."""


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """The acts on record before a day, and what their compilers knew.

    Attributes
    ----------
    before : date
    acts : int
    unchecked : int or None
        Those that rest on general knowledge and on no page; None where the chronicle does not say which.
    compiled : int or None
        The year in which the rows were chosen, where that is declared. Whoever chose them knew what happened until
        then.
    """

    before: date
    acts: int
    unchecked: int | None
    compiled: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        share = None if self.unchecked is None or not self.acts else self.unchecked / self.acts
        return asdict(self) | {"before": self.before.isoformat(), "unchecked_share": share}


def rows_behind(chronicle: Chronicle, before: date) -> RowsBehind:
    """Count the acts of a chronicle before a day, and those that nobody checked.

    Parameters
    ----------
    chronicle : Chronicle
    before : date
        The first day that does not count.

    Returns
    -------
    RowsBehind

    Examples
    --------
    >>> from datetime import date
    >>> from detente.lab.case import load_case
    >>> found = rows_behind(load_case("us-iran").chronicle, date(2020, 1, 17))
    >>> found.compiled, 0 < found.unchecked < found.acts
    (2026, True)
    """
    seen = chronicle.events.filter(pl.col("date") < before)
    said = seen["evidence"].drop_nulls() if "evidence" in seen.columns else pl.Series([], dtype=pl.String)
    unchecked = int((said == UNCHECKED).sum()) if len(said) else None
    embedded = embedded_rivalries().get(chronicle.provenance.name)
    return RowsBehind(before, seen.height, unchecked, embedded.compiled if embedded else None)
