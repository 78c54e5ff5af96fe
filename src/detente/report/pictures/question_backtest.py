"""Pictures of a backtest of questions: reliability with counts, and skill by horizon and type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, pgettext, sentences, word
from detente.report.pictures.style import (
    GRID,
    INK,
    LINE,
    NARROW_WRAP,
    QUIET,
    data,
    dress,
    of_argument,
    plural,
)
from detente.report.text.backtests.backtest_questions import bin_text, question_summary
from detente.report.text.numbers import clauses, of_count

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

Values = dict[str, Any]
_WIDE, _PHONE, _ROW = 520, 290, 26  # pixels
_COLOUR = "#12507a"


def reliability_chart(value: Values, *, narrow: bool = False) -> ChartType:
    """Draw how often forecasts came true by tenths of their probability, over how many there were of each.

    Parameters
    ----------
    value : dict
        The plain values of a backtest of questions.
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    width = _PHONE if narrow else _WIDE
    rows = [
        {
            "probability": row["probability"],
            "frequency": row["frequency"],
            "middle": (row["low"] + row["high"]) / 2,
            "left": row["low"] + 0.01,
            "right": row["high"] - 0.01,
            "cases": row["cases"],
            "none": 0,
            "label": f"{row['cases']:,}",
        }
        for row in value["reliability"]
        if row["cases"]
    ]
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format=".0%", tickCount=5, gridColor=GRID)
    x = alt.X("probability:Q", scale=scale, axis=axis, title=_("mean probability"))
    y = alt.Y("frequency:Q", scale=scale, axis=axis, title=_("share that happened"))
    ideal = data([{"probability": 0.0, "frequency": 0.0}, {"probability": 1.0, "frequency": 1.0}])
    base = alt.Chart(data(rows))
    top = alt.layer(
        alt.Chart(ideal).mark_line(color=LINE, strokeDash=[4, 3]).encode(x=x, y=y),
        base.mark_line(color=_COLOUR, strokeWidth=1.5).encode(x=x, y=y),
        base.mark_point(filled=True, size=70, opacity=1, color=_COLOUR).encode(x=x, y=y),
    ).properties(width=width, height=width * 0.8)
    span = alt.X(
        "left:Q", scale=scale, axis=alt.Axis(format=".0%", tickCount=5, grid=False), title=_("probability")
    )
    most = max(row["cases"] for row in rows) * 1.18 if rows else 1
    count = alt.Y(
        "cases:Q", scale=alt.Scale(domain=[0, most]), axis=alt.Axis(tickCount=3, grid=False), title=_("cases")
    )
    below = alt.layer(
        base.mark_bar(color="#9fb3bd").encode(x=span, x2=alt.X2("right:Q"), y=count, y2=alt.Y2("none:Q")),
        base.mark_text(dy=-6, fontSize=10, color=INK).encode(
            x=alt.X("middle:Q", scale=scale), y=count, text="label:N"
        ),
    ).properties(width=width, height=90)
    told = clauses(
        _("{probabilities}: {share} of {cases}").format(
            probabilities=bin_text(row), share=f"{row['frequency']:.2f}", cases=row["cases"]
        )
        for row in value["reliability"]
        if row["cases"]
    )
    more = (
        _(
            "Dots: questions by tenths of the probability they got. A point on the dashed line is a "
            "perfectly calibrated forecast."
        ),
        _("Bars: how many there are."),
    )
    whole = alt.vconcat(top, below, spacing=14)
    says = sentences(
        question_summary(value), _("Share that happened by probability: {shares}.").format(shares=told)
    )
    return _dressed(
        whole, value, _("How often it happened, by the probability it got"), more, says, narrow=narrow
    )


def skill_chart(value: Values, *, narrow: bool = False) -> ChartType:
    """Draw skill against the better base rate by horizon and by type, each with its interval.

    Parameters
    ----------
    value : dict
        The plain values of a backtest of questions.
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    named = [(pgettext("cases", "all"), value["overall"])]
    named += [(of_count(row["horizon"], "day"), row) for row in value["by_horizon"]]
    named += [(word(row["type"]), row) for row in value["by_type"]]
    rows = []
    for name, row in named:
        found = row["skill"]
        if found["mean"] is None:
            continue
        low, high = (found["mean"] if found[end] is None else found[end] for end in ("low", "high"))
        group = _("{group} ({cases})").format(group=name, cases=plural(row["cases"], "case"))
        rows.append({"group": group, "skill": found["mean"], "low": max(low, -1.0), "high": min(high, 1.0)})
    ends = [*(row["low"] for row in rows), *(max(row["skill"], -1.0) for row in rows), 0.0]
    top = max([*(row["high"] for row in rows), *(row["skill"] for row in rows), 0.1])
    scale = alt.Scale(domain=[min(ends), top], nice=True, clamp=True)
    x = alt.X(
        "low:Q",
        scale=scale,
        axis=alt.Axis(format="+.0%", tickCount=6, gridColor=GRID),
        title=_("Brier skill"),
    )
    y = alt.Y(
        "group:N",
        sort=[row["group"] for row in rows],
        axis=alt.Axis(title=None, labelLimit=240, ticks=False, domain=False),
    )
    base = alt.Chart(data(rows))
    whole = alt.layer(
        alt.Chart(data([{"zero": 0.0}])).mark_rule(color=QUIET).encode(x=alt.X("zero:Q", scale=scale)),
        base.mark_rule(color=_COLOUR, strokeWidth=2).encode(x=x, x2=alt.X2("high:Q"), y=y),
        base.mark_point(filled=True, size=60, opacity=1, color=_COLOUR).encode(
            x=alt.X("skill:Q", scale=scale), y=y
        ),
    ).properties(width=_PHONE - 90 if narrow else _WIDE, height=_ROW * max(len(rows), 1))
    told = clauses(f"{row['group']}: {row['skill']:+z.2f}" for row in rows)
    more = (
        _(
            "Share by which the Brier score is lower than that of the better base rate; right of 0 the argument is "
            "better."
        ),
        _("Lines: 90 % of resampled dates, in blocks of two years; cut off at −100 %."),
    )
    says = _("Brier skill against the better base rate: {skills}.").format(skills=told)
    return _dressed(whole, value, _("Skill by horizon and type"), more, says, narrow=narrow)


PICTURES: dict[str, Callable[..., ChartType]] = {"reliability": reliability_chart, "skill": skill_chart}
"""The pictures by name, in the order in which they are shown."""


def _dressed(
    chart: Any, value: Values, title: str, more: tuple[str, ...], says: str, *, narrow: bool
) -> alt.Chart:
    overall = value["overall"]
    rests = " · ".join(
        [
            of_argument(value["rivalry"], value["argument"]),
            _("{cases:,} cases, {separate:,} separate windows").format(
                cases=overall["cases"], separate=overall["separate"]
            ),
            _("seed {seed}").format(seed=value["protocol"]["seed"]),
            f"detente {value['version']}",
        ]
    )
    properties = dress(rests, title, *more, says=says, wrap=NARROW_WRAP if narrow else None)
    dressed: alt.Chart = chart.properties(**properties)
    return dressed
