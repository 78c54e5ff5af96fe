"""Futures beside the reference rates of other rivalries, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _
from detente.report.text.evidence.evidence import RATES
from detente.report.text.numbers import of_count, percent, to

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
            "outside": is_apart(row),
            "source": row.source,
        }
        for row in held
    ]


STRICTER = frozenset({"exchange_in_year"})
"""Rates of what futures count by a stricter rule, hostilities, so that fewer there are no departure."""


def is_apart(row: HeldAgainst) -> bool:
    """Whether the interval of a chance in futures and that of its reference rate do not meet.

    Below the rate of an exchange of force they may: hostilities ask for more.

    Examples
    --------
    >>> from detente.studies.against_rates import HeldAgainst
    >>> rate = (0.14, 0.13, 0.18, "gibler2016")
    >>> [is_apart(HeldAgainst("exchange_in_year", 24, p, p - 0.01, p + 0.01, *rate)) for p in (0.04, 0.3)]
    [False, True]
    """
    return (row.high < row.reference_low and row.rate not in STRICTER) or row.low > row.reference_high


def hostilities_rule() -> str:
    """Return what futures count as an exchange of force, as a phrase."""
    from detente.events.phases import OUTBREAK, STRIKES

    return _("at least {strikes} strikes by each side within {days} days").format(
        strikes=STRIKES, days=OUTBREAK
    )


def apart_text(row: HeldAgainst) -> str:
    """Return a chance in futures with its reference rate as a clause.

    Examples
    --------
    >>> from detente.studies.against_rates import HeldAgainst
    >>> apart_text(HeldAgainst("war_in_year", 12, 0.49, 0.46, 0.52, 0.014, 0.01, 0.018, "sarkees2010"))
    'a war begins, from the start of a year of rivalry, within 12 months: 49 % here, 1 % elsewhere (1 % to 2 %)'
    """
    said = (
        _(
            "{what}, within {months}: {here} here, where hostilities stand for it ({rule}), {elsewhere} elsewhere "
            "({low} to {high})"
        )
        if row.rate in STRICTER
        else _("{what}, within {months}: {here} here, {elsewhere} elsewhere ({low} to {high})")
    )
    return said.format(
        rule=hostilities_rule(),
        what=_(RATES[row.rate]),
        months=of_count(row.months, "month"),
        here=percent(row.probability),
        elsewhere=percent(row.reference),
        low=percent(row.reference_low),
        high=percent(row.reference_high),
    )


def spread_is_apart(row: SpreadAgainst) -> bool:
    """Whether the middle of futures is outside what four of five cases in other rivalries show."""
    low, _middle, high = row.reference
    return not low <= row.own[1] <= high


def spread_apart_text(row: SpreadAgainst) -> str:
    """Return the middle of days or deaths in futures with what other rivalries show, as a clause.

    Examples
    --------
    >>> from detente.studies.against_rates import SpreadAgainst
    >>> spread_apart_text(
    ...     SpreadAgainst("deaths_war", 40, (1e3, 2e5, 9e5), (1500.0, 5240.0, 72880.0), "sarkees2010")
    ... )
    'battle deaths of a war, the middle case: 200,000 here, 5,240 elsewhere (1,500 to 72,880 in four of five)'
    """
    said = _("{what}, the middle case: {here} here, {elsewhere} elsewhere ({low} to {high} in four of five)")
    low, middle, high = (f"{value:,.0f}" for value in row.reference)
    return said.format(
        what=_(RATES[row.rate]), here=f"{row.own[1]:,.0f}", elsewhere=middle, low=low, high=high
    )


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
