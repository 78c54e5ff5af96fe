"""The picture of the zone: over each pair of issues, where deals lie that both sides would take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, own_name
from detente.report.pictures.bargain import Drawn, rests_on
from detente.report.pictures.style import (
    INK,
    LINE,
    NARROW_WRAP,
    PAPER,
    PRINCIPAL_COLOURS,
    data,
    dress,
    short,
)
from detente.report.text.numbers import portion
from detente.studies.bargain.bargain import Bargain

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

SHADES = ("#ffffff", "#6baed6", "#08306b")  # none, half and all of the draws
DASHES = ((1, 0), (4, 3))  # of the first and the second side: colour is not all that tells them apart
_GAP = 10
_WIDE, _NARROW = (620, 72), (330, 24)  # pixels of all panels, and the least of one
PlotRow = dict[str, Any]


@dataclass(frozen=True)
class Grid:
    """The lower triangle of panels in pixels: the first issue of a pair runs across, the second up."""

    names: list[str]
    narrow: bool = False

    @property
    def side(self) -> float:
        """Edge of a panel: whole pixels for 8 and for 12 cells, or seams would show."""
        room, least = _NARROW if self.narrow else _WIDE
        return max(min(room // max(len(self.names) - 1, 1), 150) // 24 * 24, least)

    @property
    def size(self) -> float:
        """Edge of the whole."""
        return max(len(self.names) - 1, 1) * (self.side + _GAP) - _GAP

    def x(self, first: str, at: float) -> float:
        """Where a point of the scaled axis lies, left to right."""
        return self.names.index(first) * (self.side + _GAP) + at * self.side

    def y(self, second: str, at: float) -> float:
        """Where a point of the scaled axis lies, from the top down."""
        return (self.names.index(second) - 1) * (self.side + _GAP) + (1 - at) * self.side


def zone_chart(result: Bargain, more: Drawn, *, narrow: bool = False) -> ChartType:
    """Draw over each pair of issues where deals lie that both would take, and where the demands stand."""
    import altair as alt

    grid = Grid(list(result.inputs.spec.issues), narrow)
    first, second = result.inputs.principals
    return alt.LayerChart(
        layer=[*_shades(more, grid), *_marks(result, more, grid), *_labels(grid)],
        width=grid.size,
        height=grid.size,
        **dress(
            rests_on(result, more.draws),
            _("The zone over each pair of issues, and where the demands stand")
            if len(grid.names) > 1
            else _("No pair of issues to draw the zone over: this bargain has one issue"),
            _(
                "Shade: share of draws in which a deal there leaves both better off, with the rest settled as"
                " well as possible and no demand insisted on."
            ),
            _(
                "Dot: today, at its median. Lines: demands at their medians, solid {first}'s, dashed {second}'s. Axes "
                "run from one end of each issue to the other."
            ).format(first=first, second=second),
            _("With all demands insisted on, the zone is open in {share} of the draws.").format(
                share=portion(result.variants[0].chance)
            ),
            says=_(
                "For each pair of issues the share of draws in which both sides would take a deal at each point, with "
                "today's state and the demands of both."
            ),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def _shades(more: Drawn, grid: Grid) -> Iterator[alt.Chart]:
    import altair as alt

    cells: list[PlotRow] = []
    frames: list[PlotRow] = []
    for m in more.maps:
        half = 0.5 / len(m.points)
        cells += [
            _box(grid, m.first, m.second, (x - half, x + half), (y - half, y + half))
            | {"share": float(m.share[i, j])}
            for i, x in enumerate(m.points.tolist())
            for j, y in enumerate(m.points.tolist())
        ]
        frames.append(_box(grid, m.first, m.second, (0, 1), (0, 1)))
    legend = alt.Legend(
        title=_("share of draws"), format=".0%", orient="top-right", offset=0, values=[0, 0.5, 1]
    )
    scale = alt.Scale(domain=[0, 0.5, 1], range=list(SHADES), interpolate="rgb")
    shade = alt.Color("share:Q", scale=scale, legend=legend)
    yield _boxes(grid, cells).mark_rect().encode(color=shade)
    yield _boxes(grid, frames).mark_rect(filled=False, stroke=LINE, strokeWidth=1)


def _marks(result: Bargain, more: Drawn, grid: Grid) -> Iterator[alt.Chart]:
    """Yield demands as lines and today's state as dots, in every panel."""
    import altair as alt

    middle, spec = result.inputs.middle(), result.inputs.spec

    def scaled(name: str, issue: str) -> float:
        low, high = spec.issues[issue].ends
        return (float(middle[name][0]) - low) / (high - low)

    dots = [
        {
            "x": grid.x(m.first, scaled(f"{m.first}.today", m.first)),
            "y": grid.y(m.second, scaled(f"{m.second}.today", m.second)),
        }
        for m in more.maps
    ]
    lines: dict[str, list[PlotRow]] = {side: [] for side in result.inputs.principals}
    for m in more.maps:
        for name in result.inputs.demands:
            demand = spec.demands[name]
            at = scaled(f"{name}.at", demand.issue)
            if demand.issue == m.first:
                lines[demand.by].append(_box(grid, m.first, m.second, (at, at), (0, 1)))
            elif demand.issue == m.second:
                lines[demand.by].append(_box(grid, m.first, m.second, (0, 1), (at, at)))
    for rows, colour, dash in zip(lines.values(), PRINCIPAL_COLOURS, DASHES, strict=True):
        if rows:
            yield _boxes(grid, rows).mark_rule(
                color=PAPER, strokeWidth=4.5
            )  # a rim, to stand out on any shade
            yield _boxes(grid, rows).mark_rule(color=colour, strokeWidth=2, strokeDash=list(dash))
    x, y = _pixels(grid)
    point = alt.Chart(data(dots)).mark_point(
        filled=True, fill=PAPER, stroke=INK, strokeWidth=1.4, size=40, opacity=1
    )
    yield point.encode(x=x, y=y)


def _labels(grid: Grid) -> Iterator[alt.Chart]:
    import altair as alt

    x, y = _pixels(grid)
    across = [
        {"x": grid.x(name, 0.5), "y": grid.size + 8, "text": short(own_name(name))}
        for name in grid.names[:-1]
    ]
    up = [{"x": -8, "y": grid.y(name, 0.5), "text": short(own_name(name))} for name in grid.names[1:]]
    below, left = alt.Chart(data(across)), alt.Chart(data(up))
    flat = grid.side > 100
    named = (
        below.mark_text(fontSize=11, color=INK, align="center", baseline="top")
        if flat
        else below.mark_text(fontSize=11, color=INK, align="right", baseline="middle", angle=325)
    )
    yield named.encode(x=x, y=y, text="text:N")
    left_labels = left.mark_text(fontSize=11, color=INK, align="right", baseline="middle")
    yield left_labels.encode(x=x, y=y, text="text:N")


def _box(grid: Grid, first: str, second: str, x: tuple[float, float], y: tuple[float, float]) -> PlotRow:
    return {
        "x": grid.x(first, x[0]),
        "x2": grid.x(first, x[1]),
        "y": grid.y(second, y[1]),
        "y2": grid.y(second, y[0]),
    }


def _boxes(grid: Grid, rows: list[PlotRow]) -> alt.Chart:
    import altair as alt

    x, y = _pixels(grid)
    chart: alt.Chart = alt.Chart(data(rows)).encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"))
    return chart


def _pixels(grid: Grid) -> tuple[alt.X, alt.Y]:
    import altair as alt

    domain = [0, grid.size]
    return (
        alt.X("x:Q", scale=alt.Scale(domain=domain, nice=False, zero=False), axis=None),
        alt.Y("y:Q", scale=alt.Scale(domain=domain, nice=False, zero=False, reverse=True), axis=None),
    )
