"""In which memories earlier moments are like the as-of day, and in which not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.languages.formats import day_text
from detente.report.languages.language import _, for_later, word
from detente.report.pictures.style import INK, NARROW_WRAP, PAPER, data, dress, short

if TYPE_CHECKING:
    import altair as alt

    from detente.studies.analogues.related import Analogues

_LESS, _MORE, _WIDEST = "#7fb8de", "#efa06a", 3.0  # colours, and the difference from which they are full
_MEMORIES = {
    "fast": for_later("{kind} by {actor}, lately"),
    "slow": for_later("{kind} by {actor}, longer run"),
}


def moments_chart(result: Analogues, *, narrow: bool = False) -> alt.LayerChart | alt.FacetChart:
    """Draw the difference of each memory of each moment from the as-of day, in standard deviations."""
    import altair as alt

    rows = [
        {
            "moment": moment.day.isoformat(),
            "memory": _(_MEMORIES[part.clock]).format(kind=word(part.kind), actor=part.source),
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
    return alt.layer(cells, numbers).properties(
        width=190 if narrow else 560,
        height=22 * len({row["memory"] for row in rows}),
        **dress(
            _("{rivalry}, argument {argument} · as of {day} · detente {version}").format(
                rivalry=short(head["rivalry"]),
                argument=short(head["argument"]),
                day=day_text(result.as_of),
                version=head["version"],
            ),
            _("How like the as-of day each moment is"),
            _(
                "Standard deviations by which each memory was above (orange) or below (blue) that of the as-of day."
            ),
            says=_(
                "For each moment and each memory, how far it was above or below the memory of the as-of day."
            ),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )
