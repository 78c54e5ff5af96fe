"""Pairs of a world that heat up or cool down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _
from detente.report.pictures.style import COLOUR_OF, NARROW_WRAP, QUIET, data, dress, short

if TYPE_CHECKING:
    import altair as alt

_SHOWN, _LAST_ACTS = 15, 12
_HOT, _COLD = COLOUR_OF["force"], COLOUR_OF["joint"]


def heating_chart(value: dict[str, Any], *, narrow: bool = False) -> alt.LayerChart | alt.FacetChart:
    """Draw the pairs that heat up and cool down most: from the rate over months to the rate of late."""
    import altair as alt

    ranked = value["rates"]
    shown = ranked if len(ranked) <= 2 * _SHOWN else ranked[:_SHOWN] + ranked[-_SHOWN:]
    rows = [
        {
            "pair": f"{row['source']} → {row['target']}",
            "months": row["hostile_months"] + 0.01,
            "lately": row["hostile_week"] + 0.01,
            "way": _way(row["heating"]),
        }
        for row in shown
    ]
    y = alt.Y(
        "pair:N",
        sort=[row["pair"] for row in rows],
        axis=alt.Axis(title=None, labelLimit=130 if narrow else 200),
    )
    axis = alt.Axis(
        title=_("hostile acts a day, plus a hundredth (log scale)"), format="~g", labelOverlap=True
    )
    x = alt.X("months:Q", scale=alt.Scale(type="log"), axis=axis)
    colour = alt.Color(
        "way:N",
        scale=alt.Scale(domain=[_way(1), _way(-1), _way(0)], range=[_HOT, _COLD, QUIET]),
        legend=alt.Legend(title=None, orient="top"),
    )
    base = alt.Chart(data(rows))
    line = base.mark_rule(strokeWidth=2.5).encode(y=y, x=x, x2="lately:Q", color=colour)
    before = base.mark_point(color=QUIET, filled=True, size=30, opacity=1).encode(y=y, x=x)
    now = base.mark_point(filled=True, size=70, opacity=1).encode(
        y=y, x=alt.X("lately:Q", axis=axis), color=colour
    )
    return alt.layer(line, before, now).properties(
        width=240 if narrow else 620,
        height=18 * len(rows),
        **dress(
            " · ".join(
                [
                    short(value["file"]),
                    _("through {day}").format(day=value["data_through"]),
                    f"detente {value['version']}",
                ]
            ),
            _("Rivalries that heat up and cool down"),
            _("Grey: hostile acts a day over the last months. Colour: lately. Sorted by the change."),
            says=_("For the pairs that changed most, hostile acts a day over months and lately."),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def _way(heating: float) -> str:
    return _("heats up") if heating > 0 else _("cools down") if heating < 0 else _("unchanged")
