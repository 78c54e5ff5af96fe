"""The picture of levers: by how much each outcome differs on the same futures, at every horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.lab.head import head_of
from detente.report.languages.formats import day_text, listed
from detente.report.languages.language import _, for_later
from detente.report.pictures.style import (
    INK,
    NARROW_WRAP,
    PRINCIPAL_COLOURS,
    QUIET,
    data,
    dress,
    from_seed,
    of_argument,
    short,
)
from detente.report.text.bottom_line import lever_name
from detente.report.text.whatif import OUTCOMES
from detente.studies.whatif.whatif import WhatIf

if TYPE_CHECKING:
    from altair.typing import ChartType

WIDE, NARROW, ROW = 560, 240, 20  # pixels
_SHARES = ("talks", "accords", "deaths")
_SHORT = {
    "talks": for_later("talks"),
    "accords": for_later("an accord"),
    "deaths": for_later("100 dead or more"),
    "force": for_later("days of force"),
    "pressure": for_later("acts of pressure"),
}


def changes_chart(result: WhatIf, *, narrow: bool = False) -> ChartType:
    """Draw the paired difference of every outcome with its 90 % interval: shares of futures, then counts.

    Parameters
    ----------
    result : WhatIf
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    names = [name for name in OUTCOMES if name not in result.not_modelled]
    groups = [
        ([n for n in names if n in _SHARES], 100.0, _("difference in percentage points of futures")),
        (
            [n for n in names if n not in _SHARES],
            1.0,
            _("difference in days of force, acts of pressure, a future"),
        ),
    ]
    panels = [_panel(result, group, scale, title, narrow) for group, scale, title in groups if group]
    head = head_of(result.case, result.as_of)
    pulled = listed([lever_name(dose) for dose in result.doses])
    return alt.vconcat(
        *panels,
        spacing=18,
        **dress(
            " · ".join(
                [
                    of_argument(result.case.name, head["argument"]),
                    _("as of {day}").format(day=day_text(result.as_of)),
                    from_seed(result.futures, result.seed),
                    f"detente {head['version']}",
                ]
            ),
            _("What {levers} changes").format(levers=short(pulled)),
            _(
                "Dots: with the levers less without, on the same random numbers. Lines: 90 % (Monte Carlo). "
                "A structural what-if under this argument."
            ),
            says=_("The difference that {levers} makes to each outcome, with 90 % intervals.").format(
                levers=short(pulled)
            ),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def _panel(result: WhatIf, names: list[str], scale: float, title: str, narrow: bool) -> ChartType:
    import altair as alt

    rows: list[dict[str, Any]] = [
        {
            "outcome": _("{outcome}, {days} days").format(outcome=_(_SHORT[name]), days=days),
            "mean": scale * d.mean,
            "low": scale * d.low,
            "high": scale * d.high,
            "colour": PRINCIPAL_COLOURS[0] if d.low > 0 or d.high < 0 else QUIET,
        }
        for name in names
        for (other, days), d in result.outcomes.items()
        if other == name
    ]
    y = alt.Y("outcome:N", sort=[row["outcome"] for row in rows], axis=alt.Axis(title=None, labelLimit=150))
    x, colour = alt.X("low:Q", axis=alt.Axis(title=title)), alt.Color("colour:N", scale=None, legend=None)
    base = alt.Chart(data(rows))
    return alt.layer(
        alt.Chart(data([{"nought": 0.0}])).mark_rule(color=INK).encode(x=alt.X("nought:Q")),
        base.mark_rule(strokeWidth=2.5).encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("mean:Q"), y=y, color=colour),
    ).properties(width=NARROW if narrow else WIDE, height=ROW * len(rows))
