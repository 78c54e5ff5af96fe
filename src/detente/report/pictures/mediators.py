"""The picture of mediators: suitability through time, and the acts it comes from."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

from detente.base.days import Window
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, word
from detente.report.pictures.style import (
    GRID,
    INK,
    LINE,
    NARROW_WRAP,
    QUIET,
    data,
    day_ticks,
    days_axis,
    dress,
    of_argument,
)

if TYPE_CHECKING:
    from altair.typing import ChartType

    from detente.studies.whatif.mediators import Mediators

SHOWN = 5  # third parties with a line of their own
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8c4a00")
_WIDE, _PHONE, _HEIGHT, _ROW = 760, 330, 260, 19


def mediators_chart(result: Mediators, also: str | None = None, *, narrow: bool = False) -> ChartType:
    """Draw suitability by year, the best five in colour, over the acts behind every rank.

    Parameters
    ----------
    result : Mediators
    also : str, optional
        A third party drawn in ink beside the best.
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    if not result.standings:
        return _nobody(result, narrow=narrow)
    width, ticks = (_PHONE, 5) if narrow else (_WIDE, 14)
    beside: Literal["bottom", "right"] = "bottom" if narrow else "right"
    window = Window(result.days[0], result.as_of)
    best = [s.actor for s in result.standings[:SHOWN]]
    named = best + ([also] if also and also not in best and also in result.path else [])
    colours = dict(zip(best, _COLOURS, strict=False)) | {a: INK for a in named if a not in best}
    rows: list[dict[str, Any]] = [
        {"day": day, "actor": actor, "suitability": value}
        for actor, values in result.path.items()
        for day, value in zip(result.days, values, strict=True)
        if not isnan(value)
    ]
    x = days_axis("day", window, grid=False, **day_ticks(window, most=ticks))
    top_of = max(row["suitability"] for row in rows)
    y = alt.Y(
        "suitability:Q",
        scale=alt.Scale(domain=[0, top_of], nice=True),
        axis=alt.Axis(title=_("suitability"), tickCount=5, gridColor=GRID),
    )
    detail = alt.Detail("actor:N")
    colour = alt.Color(
        "actor:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None, orient=beside, labelFontSize=11.5, symbolStrokeWidth=3),
    )
    grey = alt.Chart(data([r for r in rows if r["actor"] not in named] or [rows[0]]))
    lines = alt.Chart(data([r for r in rows if r["actor"] in named]))
    last = [r for r in rows if r["actor"] in named and r["day"] == result.as_of]
    ends = alt.Chart(data(last))
    top = alt.layer(
        grey.mark_line(color=LINE, opacity=0.45, strokeWidth=1).encode(x=x, y=y, detail=detail),
        lines.mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour),
        ends.mark_point(filled=True, size=45, opacity=1).encode(x=x, y=y, color=colour),
    ).properties(width=width, height=_HEIGHT)
    sorts = [word(sort) for sort in ("mediation", "cooperation", "conflict")]
    acts = [
        {"day": day, "actor": f"{s.rank}  {s.actor}", "sort": _sort(act)}
        for s in result.standings
        for act in s.acts
        if (day := date.fromisoformat(act["date"])) >= window.start
    ]
    order = [f"{s.rank}  {s.actor}" for s in result.standings]
    strip = (
        alt.Chart(data(acts) if acts else alt.Data(values=[]))
        .mark_point(filled=True, size=42, opacity=0.75)
        .encode(
            x=days_axis("day", window, grid=False, **day_ticks(window, most=ticks)),
            y=alt.Y(
                "actor:N",
                sort=order,
                scale=alt.Scale(domain=order),
                axis=alt.Axis(title=None, grid=True, gridColor=GRID, ticks=False, labelColor=INK),
            ),
            color=alt.Color(
                "sort:N",
                scale=alt.Scale(domain=sorts, range=["#009E73", "#56B4E9", "#D55E00"]),
                legend=alt.Legend(title=None, orient=beside, labelFontSize=11.5),
            ),
            shape=alt.Shape(
                "sort:N", scale=alt.Scale(domain=sorts, range=["diamond", "circle", "square"]), legend=None
            ),
        )
        .properties(
            width=width,
            height=_ROW * max(len(order), 1),
            title=alt.TitleParams(_("Acts between each and a principal, by rank"), color=QUIET),
        )
    )
    first = result.standings[0]
    drawn: ChartType = (
        alt.vconcat(top, strip, spacing=26)
        .resolve_scale(color="independent")
        .properties(
            **dress(
                _rests_on(result),
                _("Suitability as a mediator over time"),
                _(
                    "Lines: suitability on every 1 January, from what was known by then; grey: other third parties."
                ),
                says=_(
                    "Suitability of third parties by year. As of {day} {actor} ranks first of {count}."
                ).format(day=day_text(result.as_of), actor=first.actor, count=len(result.standings)),
                wrap=NARROW_WRAP if narrow else None,
            )
        )
    )
    return drawn


def _rests_on(result: Mediators) -> str:
    value = result.to_dict()
    return " · ".join(
        [
            of_argument(value["rivalry"], value["argument"]),
            _("as of {day}").format(day=day_text(result.as_of)),
            f"detente {value['version']}",
        ]
    )


def _nobody(result: Mediators, *, narrow: bool) -> ChartType:
    """Draw that there is nobody to draw."""
    import altair as alt

    said = _("Nobody can be ranked as a mediator")
    look = dress(
        _rests_on(result),
        _("Suitability as a mediator over time"),
        says=said,
        wrap=NARROW_WRAP if narrow else None,
    )
    words = alt.Chart(data([{"said": said}])).mark_text(color=QUIET).encode(text="said:N")
    drawn: ChartType = words.properties(width=_PHONE if narrow else _WIDE, height=3 * _ROW, **look)
    return drawn


def _sort(act: dict[str, object]) -> str:
    if act["counts"] == "record":
        return word("mediation")
    return word("cooperation") if float(str(act["weight"])) > 0 else word("conflict")
