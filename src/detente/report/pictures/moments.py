"""In which memories earlier moments are like the as-of day, and in which not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.pictures.style import INK, NARROW_WRAP, PAPER, data, day_text, dress, short

if TYPE_CHECKING:
    import altair as alt

    from detente.studies.analogues.related import Analogues

_LESS, _MORE, _WIDEST = "#7fb8de", "#efa06a", 3.0  # colours, and the difference from which they are full
_CLOCKS = {"fast": "lately", "slow": "longer run"}


def moments_chart(result: Analogues, *, narrow: bool = False) -> alt.LayerChart | alt.FacetChart:
    """Draw the difference of each memory of each moment from the as-of day, in standard deviations."""
    import altair as alt

    rows = [
        {
            "moment": moment.day.isoformat(),
            "memory": f"{part.kind} by {part.source}, {_CLOCKS[part.clock]}",
            "difference": part.difference,
        }
        for moment in result.moments
        for part in moment.parts
    ]
    base = alt.Chart(data(rows)).encode(
        x=alt.X(
            "moment:N",
            sort=[moment.day.isoformat() for moment in result.moments],
            axis=alt.Axis(title=None, orient="top", labelAngle=-60 if narrow else 0),
        ),
        y=alt.Y(
            "memory:N",
            sort=list(dict.fromkeys(str(row["memory"]) for row in rows)),
            axis=alt.Axis(title=None, labelLimit=210),
        ),
    )
    colour = alt.Color(
        "difference:Q",
        scale=alt.Scale(
            domain=[-_WIDEST, 0, _WIDEST], range=[_LESS, PAPER, _MORE], clamp=True, interpolate="rgb"
        ),
        legend=None,
    )
    cells = base.mark_rect(stroke=PAPER).encode(color=colour)
    numbers = base.mark_text(color=INK, fontSize=10.5).encode(text=alt.Text("difference:Q", format="+.1f"))
    head = result.to_dict()
    about = f"{short(head['rivalry'])}, argument {short(head['argument'])} · as of {day_text(result.as_of)}"
    return alt.layer(cells, numbers).properties(
        width=190 if narrow else 560,
        height=22 * len({row["memory"] for row in rows}),
        **dress(
            f"{about} · detente {head['version']}",
            "How like the as-of day each moment is",
            "Standard deviations by which each memory was above (orange) or below (blue) that of the as-of day.",
            says="For each moment and each memory, how far it was above or below the memory of the as-of day.",
            wrap=NARROW_WRAP if narrow else None,
        ),
    )
