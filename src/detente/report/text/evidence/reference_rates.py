"""Futures beside the reference rates of other rivalries, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _
from detente.report.text.evidence.evidence import RATES
from detente.report.text.numbers import percent, to

if TYPE_CHECKING:
    from detente.studies.against_rates import HeldAgainst, SpreadAgainst


def rate_rows(held: tuple[HeldAgainst, ...]) -> list[dict[str, Any]]:
    """Return the rows of the table: what, within how many months, in futures, in other rivalries, whence.

    Examples
    --------
    >>> from detente.studies.against_rates import HeldAgainst
    >>> rate_rows((HeldAgainst("war_in_year", 12, 0.02, 0.01, 0.03, 0.014, 0.01, 0.018, "sarkees2010"),))[
    ...     0
    ... ]["reference"]
    '1 % (1 % to 2 %)'
    """
    return [
        {
            "what": _(RATES[row.rate]),
            "months": row.months,
            "futures": _share(row.probability, row.low, row.high),
            "reference": _share(row.reference, row.reference_low, row.reference_high),
            "outside": row.high < row.reference_low or row.low > row.reference_high,
            "source": row.source,
        }
        for row in held
    ]


def _share(value: float, low: float, high: float) -> str:
    return f"{percent(value)} ({to(percent(low), percent(high))})"


def spread_rows(held: tuple[SpreadAgainst, ...]) -> list[dict[str, Any]]:
    """Return the rows of days and deaths: what, in futures, in other rivalries, whence.

    Examples
    --------
    >>> from detente.studies.against_rates import SpreadAgainst
    >>> row = SpreadAgainst("deaths_war", 40, (1e3, 2e3, 9e3), (1500.0, 5240.0, 72880.0), "sarkees2010")
    >>> spread_rows((row,))[0]["reference"]
    '1,500 / 5,240 / 72,880'
    """
    return [
        {
            "what": _(RATES[row.rate]),
            "n": row.n,
            "futures": " / ".join(f"{value:,.0f}" for value in row.own),
            "reference": " / ".join(f"{value:,.0f}" for value in row.reference),
            "source": row.source,
        }
        for row in held
    ]
