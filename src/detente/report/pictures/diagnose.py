"""Pictures of a diagnosis: PIT histograms, rootograms, calibration, predictive checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.report.languages.formats import day_text
from detente.report.languages.language import _, word
from detente.report.pictures.style import (
    COLOUR_OF,
    GRID,
    INK,
    LINE,
    NARROW_WRAP,
    PAPER,
    QUIET,
    data,
    of_argument,
    short,
    wrapped_lines,
)
from detente.report.text.actors import channel_text
from detente.report.text.diagnose import COUNTED
from detente.report.text.numbers import clauses, of_count, phrases
from detente.studies.diagnose.predictive import Band
from detente.studies.diagnose.result import Calibration, Checks, Predictive

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

BAD, BANDED = "#c1121f", "#cfd8dc"
COLUMNS, NARROW_COLUMNS = 4, 2
WIDTH, NARROW_WIDTH, HEIGHT = 190, 130, 110  # pixels of one panel
_SHORT, _LONG = 23, 58  # characters of a title's line over a small and a large panel of a telephone


# --- pictures --------------------------------------------------------------------------------------------------------
def pit_chart(checks: Checks, *, narrow: bool = False) -> ChartType:
    """Draw for each channel of the principals how often 28-day totals fell into each tenth of what was expected."""
    panels = []
    for check in checks.pits:
        if check.span_days == 1 or not check.principals:
            continue
        rows = _cells(check.bars, [(i + 0.5) / 10 for i in range(10)], COLOUR_OF.get(check.cls, QUIET))
        acts = phrases(of_count(check.acts, "act"), _p(check.bars.p))
        title = [short(channel_text(check.channel)), f"{acts}{_word(check.inside)}"]
        across, up = _("tenth of what was expected"), _("blocks")
        panels.append(_banded(rows, 0.05, title, across, up, zero=False, narrow=narrow))
    says = _(
        "Where 28-day totals fell in what the fitted model expected, channel by channel, with 99 % bands."
    )
    more = _("Grey: 99 % band of all ten under the model. Dots: what happened; red ones have left the band.")
    heading = _("28-day totals against what was expected of them (PIT)")
    return _together(checks, panels, heading, more, says, narrow=narrow)


def rootograms_chart(checks: Checks, *, narrow: bool = False) -> ChartType:
    """Draw how many weeks had 0, 1, 2, ... acts, and how many the model expected, on a scale of square roots."""
    panels = []
    for check in checks.rootograms:
        if check.span_days == 1:
            continue
        n = len(check.times.observed)
        rows = _cells(check.times, [float(i) for i in range(n)], INK)
        title = [short(channel_text(check.channel)), f"{_p(check.times.p)}{_word(check.inside)}"]
        x = _("acts in a week ({n} or more last)").format(n=n - 1)
        panels.append(_banded(rows, 0.36, title, x, _("weeks"), zero=True, narrow=narrow, root=True))
    says = _("Weeks with 0, 1, 2 and more acts, seen and expected, channel by channel, with 99 % bands.")
    more = _(
        "Grey: 99 % band of all counts under the model. Dots: weeks observed. Square-root scale, so "
        "that rare counts show."
    )
    return _together(
        checks,
        panels,
        _("Number of weeks by number of acts, observed and expected (rootograms)"),
        more,
        says,
        narrow=narrow,
    )


def calibration_chart(checks: Checks, *, narrow: bool = False) -> ChartType:
    """Draw how often an act came against the chance the model gave it, for days and for weeks."""
    panels = [calibration_panel(check, narrow=narrow) for check in checks.calibrations]
    says = _("How often an act happened, against the chance the model gave it, with 99 % bands.")
    more = _(
        "Grey: 99 % band. Dots: share of channel-days or channel-weeks with an act. A point on the "
        "dashed line is a perfectly calibrated forecast."
    )
    columns = 1 if narrow else 2
    title = _("Calibration: forecast and observed frequencies")
    return _together(checks, panels, title, more, says, narrow=narrow, columns=columns)


def calibration_panel(check: Calibration, *, narrow: bool = False) -> alt.LayerChart:
    """Draw how often an act came against the chance the model gave it, for one span of days."""
    import altair as alt

    n = check.forecasts
    rows = [
        row | {"low": row["low"] / k, "high": min(row["high"] / k, 1.0), "seen": row["seen"] / k}
        for row, k in zip(_cells(check.acts, check.chance.tolist(), INK), n.tolist(), strict=True)
    ]
    top = 1.1 * max(max(row["high"], row["seen"], row["x"]) for row in rows)
    x = alt.X(
        "x:Q", title=_("forecast probability"), scale=alt.Scale(type="sqrt", domain=[0, top]), axis=_axis("%")
    )
    scale = alt.Scale(type="sqrt", domain=[0, top])
    y_axis = _axis("%")
    base = alt.Chart(data(rows))
    line = alt.Chart(data([{"x": 0.0, "seen": 0.0}, {"x": top, "seen": top}])).mark_line(
        color=LINE, strokeDash=[4, 3]
    )
    title = [
        (_("a day: {n} forecasts") if check.span_days == 1 else _("a week: {n} forecasts")).format(
            n=f"{int(n.sum()):,}"
        ),
        f"{_p(check.acts.p)}{_word(check.inside)}",
    ]
    layers = [
        line.encode(x=x, y=alt.Y("seen:Q", scale=scale)),
        base.mark_rule(strokeWidth=9, color=BANDED).encode(
            x=x, y=alt.Y("low:Q", title=_("observed share"), scale=scale, axis=y_axis), y2=alt.Y2("high:Q")
        ),
        _dots(base).encode(x=x, y=alt.Y("seen:Q", scale=scale), color=_colour()),
    ]
    return alt.LayerChart(
        layer=layers,
        width=300 if narrow else 330,
        height=270 if narrow else 300,
        title=_title(title, _LONG if narrow else None),
    )


def predictive_chart(checks: Checks, *, narrow: bool = False) -> ChartType:
    """Draw each property of the fitted window against the same property of windows simulated from the posterior."""
    import altair as alt

    panels, wide = [], 350 if narrow else 400
    for check in checks.predictive:
        known = check.simulated[~np.isnan(check.simulated)]
        if not len(known) or np.isnan(check.observed):
            continue
        whole = bool((known == np.round(known)).all()) and known.max() > 1
        values, counts = _piled(known, whole)
        rows = [{"x": float(v), "n": int(c)} for v, c in zip(values, counts, strict=True)]
        ends = [*values.tolist(), check.observed]
        pad = max(0.06 * (max(ends) - min(ends)), 1e-6)
        scale = alt.Scale(domain=[min(ends) - pad, max(ends) + pad], nice=False, zero=False)
        axis = alt.Axis(
            title=None,
            tickCount=5,
            grid=False,
            tickMinStep=1 if whole else 0.001,
            format=",d" if whole else ".0%",
        )
        x = alt.X("x:Q", scale=scale, axis=axis)
        size = max(3.0, 0.6 * (wide - 20) / max(len(values), 1)) if len(values) < 60 else 3.0
        seen = alt.Chart(data([{"x": check.observed}]))
        colour = INK if check.inside else BAD
        layers = [
            alt.Chart(data(rows))
            .mark_bar(size=min(size, 22), color="#9fb3bd")
            .encode(x=x, y=alt.Y("n:Q", title=None, axis=None)),
            seen.mark_rule(color=colour, strokeWidth=2.4).encode(x=x),
        ]
        title = [
            _headline(check),
            f"{clauses([_(COUNTED[check.name]), _p(check.p)])}{_word(check.inside)}",
        ]
        panels.append(
            alt.LayerChart(
                layer=layers, width=wide, height=70, title=_title(title, _LONG if narrow else None)
            )
        )
    says = _("Properties of the fitted window against those of windows simulated from the posterior.")
    more = _(
        "Grey: simulated windows of the same days, eras and first memories. Line: what happened; red outside 99 %."
    )
    columns = 1 if narrow else 2
    heading = _("The window as a whole (posterior predictive)")
    return _together(checks, panels, heading, more, says, narrow=narrow, columns=columns)


PICTURES: dict[str, Callable[..., ChartType]] = {
    "pit": pit_chart,
    "calibration": calibration_chart,
    "rootograms": rootograms_chart,
    "predictive": predictive_chart,
}
"""The pictures of checks by name, in the order in which they are shown."""


def _headline(check: Predictive) -> str:
    seen, low, high = (_number(v) for v in (check.observed, check.quantile(0.05), check.quantile(0.95)))
    return _("{name}: seen {seen}, 90 % of windows {low} to {high}").format(
        name=word(check.name), seen=seen, low=low, high=high
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 2 else f"{value:.2g}"


def _piled(values: Any, whole: bool) -> tuple[Any, Any]:
    """Return values and how often each was seen, in about forty bins if there are many."""
    found, counts = np.unique(values, return_counts=True)
    if len(found) <= 25:
        return found, counts
    low, high = float(values.min()), float(values.max())
    width = (
        max(-(-(high - low + 1) // 40), 1.0) if whole else (high - low) / 40
    )  # bins of whole numbers hold as many each
    edges = (low - 0.5 if whole else low) + width * np.arange(42)
    counts, edges = np.histogram(values, bins=edges)
    centres = (edges[1:] + edges[:-1]) / 2
    return centres[counts > 0], counts[counts > 0]


def _p(p: float) -> str:
    return "p < 0.01" if p < 0.01 else f"p {p:.2f}"


def _word(inside: bool) -> str:
    return "" if inside else _(": OUTSIDE")


def _cells(cells: Band, at: list[float], colour: str) -> list[dict[str, Any]]:
    bad = set(cells.outside)
    return [
        {
            "x": x,
            "low": float(cells.low[i]),
            "high": float(cells.high[i]),
            "mean": float(cells.expected[i]),
            "seen": float(cells.observed[i]),
            "colour": BAD if i in bad else colour,
        }
        for i, x in enumerate(at)
    ]


def _banded(
    rows: list[dict[str, Any]],
    half: float,
    title: list[str],
    x: str,
    y: str,
    *,
    zero: bool,
    narrow: bool,
    root: bool = False,
) -> alt.LayerChart:
    """Return a panel of cells: their band, what was expected, and what was seen."""
    import altair as alt

    rows = [row | {"left": row["x"] - half * 0.9, "right": row["x"] + half * 0.9} for row in rows]
    low, high = min(min(r["low"], r["seen"]) for r in rows), max(max(r["high"], r["seen"]) for r in rows)
    pad = 0.08 * (high - low)
    domain = [0 if zero else low - pad, high + pad]
    scale = alt.Scale(type="sqrt" if root else "linear", domain=domain, nice=False, zero=zero)
    ends = [rows[0]["x"] - 1.2 * half, rows[-1]["x"] + 1.2 * half]
    ticks: dict[str, Any] = {} if half < 0.1 else {"values": [row["x"] for row in rows], "format": "d"}
    x_scale = alt.Scale(domain=ends, nice=False, zero=False)
    across = alt.X("left:Q", title=x, scale=x_scale, axis=alt.Axis(grid=False, labelOverlap=True, **ticks))
    y_axis = alt.Axis(title=y, tickCount=4, domain=False, ticks=False, labelOverlap=True)
    base = alt.Chart(data(rows))
    layers = [
        base.mark_rect(color=BANDED).encode(
            x=across, x2=alt.X2("right:Q"), y=alt.Y("low:Q", scale=scale, axis=y_axis), y2=alt.Y2("high:Q")
        ),
        base.mark_rule(color=QUIET, strokeWidth=1).encode(
            x=across, x2=alt.X2("right:Q"), y=alt.Y("mean:Q", scale=scale)
        ),
        _dots(base).encode(x=alt.X("x:Q", scale=x_scale), y=alt.Y("seen:Q", scale=scale), color=_colour()),
    ]
    return alt.LayerChart(
        layer=layers,
        width=NARROW_WIDTH if narrow else WIDTH,
        height=HEIGHT,
        title=_title(title, _SHORT if narrow else None),
    )


def _dots(base: alt.Chart) -> alt.Chart:
    dots: alt.Chart = base.mark_point(filled=True, size=42, opacity=1)
    return dots


def _colour() -> alt.Color:
    import altair as alt

    return alt.Color("colour:N", scale=None, legend=None)


def _axis(format_: str) -> alt.Axis:
    import altair as alt

    return alt.Axis(format=".2~%" if format_ == "%" else format_, tickCount=6, labelOverlap=True)


def _title(lines: list[str], most: int | None) -> alt.TitleParams:
    import altair as alt

    head, *below = [wrapped_lines(line, most or 9 * len(line)) for line in lines]
    return alt.TitleParams(
        head,
        subtitle=[part for parts in below for part in parts],
        subtitleFontSize=10.5,
        subtitleColor=QUIET,
        anchor="start",
        frame="group",
    )


def _together(
    checks: Checks,
    panels: list[alt.LayerChart],
    title: str,
    more: str,
    says: str,
    *,
    narrow: bool,
    columns: int | None = None,
) -> ChartType:
    """Return panels side by side under one title that says what they rest on."""
    import altair as alt

    value = checks.to_dict()
    rests = " · ".join(
        [
            of_argument(value["rivalry"], value["argument"]),
            _("as of {day}").format(day=day_text(checks.as_of)),
            _("{n} acts fitted").format(n=f"{value['fit']['acts_in_channels']:,}"),
            _("seed {seed}").format(seed=checks.seed),
            f"detente {value['version']}",
        ]
    )
    chart: ChartType = (
        alt.concat(
            *panels,
            columns=columns or (NARROW_COLUMNS if narrow else COLUMNS),
            spacing=alt.RowColnumber(row=100 if narrow else 84, column=62),
            bounds="flush",
            description=says,
        )
        .properties(
            title=alt.TitleParams(
                wrapped_lines(title, NARROW_WRAP * 2 // 3) if narrow else title,
                subtitle=[part for line in (more, rests) for part in wrapped_lines(line, NARROW_WRAP)]
                if narrow
                else [more, rests],
                anchor="start",
                frame="bounds",
                fontSize=17,
                subtitleFontSize=11.5,
                subtitleColor=QUIET,
                subtitleLineHeight=16,
                subtitlePadding=6,
                offset=14,
            ),
            background=PAPER,
            padding=12,
        )
        .configure(font="sans-serif", aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET,
            titleColor=QUIET,
            labelFontSize=10,
            titleFontSize=10.5,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=LINE,
            tickColor=LINE,
        )
        .configure_title(fontSize=11.5, fontWeight="bold", color=INK)
    )
    return chart
