"""The profile of the evidence over half-lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.lab.clocks import Clocks
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, word
from detente.report.pictures.style import INK, LINE, QUIET, data, dress, of_argument, span_text

if TYPE_CHECKING:
    import altair as alt

_MASS, _WIDTH, _HEIGHT = "#0072B2", 240, 170


def profiles_chart(result: Clocks) -> alt.HConcatChart:
    """Draw one panel a clock: log evidence of each half-life below the best, with prior and posterior mass."""
    import altair as alt

    clocks = [clock for clock in result.to_dict()["clocks"] if len(clock["profile"]) > 1]
    panels = [_panel(clock) for clock in clocks]
    value = result.to_dict()
    rests_on = " · ".join(
        [
            of_argument(value["rivalry"], value["argument"]),
            _("as of {day}").format(day=day_text(result.as_of)),
            _("{n} fits").format(n=value["points"]),
            f"detente {value['version']}",
        ]
    )
    return alt.hconcat(*panels, spacing=34).properties(
        **dress(
            rests_on,
            _("What the events say about each clock"),
            _(
                "Line: log evidence below the best half-life, averaged over the other clocks; -3 speaks "
                "against a value."
            ),
            _("Bars: share of the prior (grey) and of the posterior (blue) at each half-life tried."),
            says=_(
                "For each clock the evidence for every half-life tried, with its prior and posterior mass."
            ),
        )
    )


def _panel(clock: dict[str, Any]) -> alt.VConcatChart:
    import altair as alt

    rows = [
        {
            "at": span_text(p["days"]),
            "order": i,
            "evidence": p["log_evidence"],
            "prior": p["prior"],
            "mass": p["mass"],
        }
        for i, p in enumerate(clock["profile"])
    ]
    names = [row["at"] for row in rows]
    base = alt.Chart(data(rows))
    low = min(-3.5, *(row["evidence"] for row in rows))

    def x(axis: alt.Axis | None) -> alt.X:
        return alt.X("at:N", sort=names, scale=alt.Scale(paddingInner=0.2), axis=axis)

    evidence = alt.Y(
        "evidence:Q",
        scale=alt.Scale(domain=[low, 0.3]),
        axis=alt.Axis(title=_("log evidence (nats)"), tickCount=5),
    )
    line = base.mark_line(color=INK, strokeWidth=1.5).encode(x=x(None), y=evidence)
    dots = base.mark_point(color=INK, filled=True, size=36, opacity=1).encode(x=x(None), y=evidence)
    bar = alt.Chart(data([{"against": -3.0}])).mark_rule(color=LINE, strokeDash=[4, 3]).encode(y="against:Q")
    top = alt.layer(bar, line, dots).properties(
        width=_WIDTH, height=_HEIGHT, title=_("{clock} clock").format(clock=word(clock["clock"]))
    )
    share = alt.Axis(title=_("share"), format=".0%", tickCount=3)
    label = alt.Axis(title=_("half-life"), labelAngle=0)
    y = alt.Scale(domain=[0, 1])
    prior = base.mark_bar(color=QUIET, opacity=0.35).encode(
        x=x(label), y=alt.Y("prior:Q", scale=y, axis=share)
    )
    mass = base.mark_bar(color=_MASS, width={"band": 0.45}).encode(
        x=x(label), y=alt.Y("mass:Q", scale=y, axis=share)
    )
    below = alt.layer(prior, mass).properties(width=_WIDTH, height=70)
    return alt.vconcat(top, below, spacing=8)
