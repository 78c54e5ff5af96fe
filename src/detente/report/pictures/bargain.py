"""Pictures of a bargain as curves: acceptance by demand and opening moves, and what all its pictures rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.report.languages.formats import day_text
from detente.report.languages.language import ORIGINAL, _, own, own_name, sentences, word
from detente.report.pictures.style import (
    GRID,
    INK,
    LINE,
    NARROW_WRAP,
    SHADE,
    data,
    dress,
    of_argument,
    short,
    wrapped_lines,
)
from detente.report.text.bargain import move_text, move_unit
from detente.report.text.numbers import percent, portion
from detente.studies.bargain.bargain import Bargain
from detente.studies.bargain.maps import Acceptance, PairMap, acceptances, pair_maps
from detente.studies.bargain.moves import OpeningMove
from detente.studies.bargain.variants import without_demands

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

CHANCE = "#0072B2"
CURVE_DRAWS, CURVE_POINTS = 2048, 21
_HEIGHT = 115


@dataclass(frozen=True, slots=True)
class Shape:
    """How the panels of a picture lie: how many beside each other, in pixels and characters.

    Attributes
    ----------
    columns, width : int
        Panels in a row, and pixels of each.
    bars : int
        Pixels of the one panel of bars.
    above : bool
        Whether a name stands above its bar, not beside it.
    title : int
        Characters on a line of a panel's title.
    wrap : int, optional
        Characters on a line below the picture's title.
    """

    columns: int
    width: int
    bars: int
    above: bool
    title: int
    wrap: int | None = None


WIDE = Shape(4, 190, 560, False, 32)
NARROW = Shape(2, 150, 330, True, 24, NARROW_WRAP)


def _shape(narrow: bool) -> Shape:
    return NARROW if narrow else WIDE


@dataclass(frozen=True)
class Drawn:
    """What the pictures add to a bargain's numbers.

    Attributes
    ----------
    draws : int
        Draws behind the maps.
    maps : tuple of PairMap
    acceptances : tuple of Acceptance
    """

    draws: int
    maps: tuple[PairMap, ...]
    acceptances: tuple[Acceptance, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers as plain values, for JSON."""
        return {
            "map_draws": self.draws,
            "maps": [
                {"first": m.first, "second": m.second, "at": m.points.tolist(), "share": m.share.tolist()}
                for m in self.maps
            ],
            "acceptances": [{"demand": a.demand, "curve": a.curve} for a in self.acceptances],
        }


def drawn(result: Bargain) -> Drawn:
    """Compute what the pictures add: the zone with no demand insisted on, and acceptance along each demand's axis."""
    bare = (*result.base, without_demands())
    # Pairs grow with the square of the issues; many small panels need fewer cells.
    draws, cells = (256, 12) if len(result.inputs.spec.issues) <= 6 else (128, 8)
    draws = min(draws, result.draws)
    maps = pair_maps(result.inputs, result.values, bare, draws=draws, cells=cells)
    curves = acceptances(result.inputs, result.values, result.base, draws=CURVE_DRAWS, points=CURVE_POINTS)
    return Drawn(draws, maps, curves)


def rests_on(result: Bargain, draws: int) -> str:
    """Say what a picture rests on: argument, lever, as_of, draws, seed and version."""
    value = result.to_dict()
    return " · ".join(
        [
            of_argument(value["rivalry"], value["argument"])
            if value["rivalry"]
            else _("argument {argument}").format(argument=short(value["argument"])),
            *(_("lever {lever}").format(lever=short(lever)) for lever in result.levers),
            _("as of {day}").format(day=day_text(result.as_of)),
            _("{draws} draws, seed {seed}").format(draws=f"{draws:,}", seed=result.seed),
            f"detente {value['version']}",
        ]
    )


def acceptance_chart(result: Bargain, more: Drawn, *, narrow: bool = False) -> ChartType:
    """Draw the chance of an open zone under each variant, and along the axis of each demand that stands alone."""
    import altair as alt

    shape = _shape(narrow)
    panels: list[Any] = [_variants(result, shape)]
    curves = [_demand(result, row, shape) for row in more.acceptances]
    if curves:
        panels.append(alt.concat(*curves, columns=shape.columns, spacing=34))
    dressed = dress(
        rests_on(result, result.draws),
        _("The chance that the zone is open, by demand"),
        _("Above: under every demand, without one of them, with one alone, with none, and under each lever."),
        _(
            "Below: one demand alone, set anywhere on its axis ({draws} draws); shaded: the range "
            "declared for it. Dashed: one half."
        ).format(draws=f"{min(CURVE_DRAWS, result.draws):,}"),
        says=_(
            "The chance that the zone is open with and without each demand and under each lever, and how it changes as "
            "each demand is set higher or lower."
        ),
        wrap=shape.wrap,
    )
    return alt.VConcatChart(vconcat=panels, spacing=34, **dressed)


def _variants(result: Bargain, shape: Shape) -> alt.LayerChart:
    import altair as alt

    names = [short(own_name(word(v.name))) for v in result.variants]
    rows = [
        {"name": name, "chance": v.chance, "told": portion(v.chance)}
        for name, v in zip(names, result.variants, strict=True)
    ]
    label = alt.Axis(
        title=None,
        labelColor=INK,
        labelFontSize=11,
        labelLimit=260,
        labelPadding=8,
        ticks=False,
        domain=False,
    )
    y = alt.Y("name:N", sort=names, axis=None if shape.above else label)
    axis = alt.Axis(title=_("chance that the zone is open"), tickCount=5)
    x = alt.X("chance:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    base = alt.Chart(data(rows))
    bars = base.mark_bar(color=CHANCE, height=9).encode(x=x, y=y)
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=10.5).encode(x=x, y=y, text="told:N")
    layers = [bars, labels, _half().encode(x=alt.X("half:Q"))]
    if shape.above:
        above = base.mark_text(align="left", dy=-12, color=INK, fontSize=10.5)
        layers.append(above.encode(x=alt.XValue(0), y=y, text="name:N"))
    return alt.LayerChart(layer=layers, width=shape.bars, height=(31 if shape.above else 19) * len(rows))


def _half() -> alt.Chart:
    import altair as alt

    chart: alt.Chart = alt.Chart(data([{"half": 0.5}])).mark_rule(color=LINE, strokeDash=[4, 3])
    return chart


def _chance() -> alt.Y:
    import altair as alt

    return alt.Y("chance:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=_("chance"), tickCount=3))


def _demand(result: Bargain, row: Acceptance, shape: Shape) -> alt.LayerChart:
    import altair as alt

    demand = result.inputs.spec.demands[row.demand]
    issue = result.inputs.spec.issues[demand.issue]
    end_labels = [f"{end:g} = {_own_cut(text)}" for end, text in zip(issue.ends, issue.means, strict=True)]
    scale = alt.Scale(domain=sorted(issue.ends), nice=False, zero=False)
    x = alt.X("at:Q", scale=scale, axis=alt.Axis(title=end_labels, tickCount=5, grid=False))
    held = result.inputs.ranges[f"{row.demand}.at"]
    band = alt.Chart(data([{"at": held[0], "to": held[-1]}])).mark_rect(color=SHADE, stroke=GRID)
    line = alt.Chart(data([{"at": at, "chance": p} for at, p in row.curve]))
    layers = [
        band.encode(x=x, x2=alt.X2("to:Q")),
        _half().encode(y=alt.Y("half:Q")),
        line.mark_line(color=CHANCE, strokeWidth=2).encode(x=x, y=_chance()),
    ]
    title = f"{demand.by}: {_cut(own_name(row.demand))}"
    return alt.LayerChart(layer=layers, width=shape.width, height=_HEIGHT, title=title)


def _cut(text: str, most: int = 28) -> str:
    line = short(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _own_cut(text: str) -> str:
    """Return a text of the argument cut to the room there is; one without a translation keeps its marks."""
    said = own(text)
    return own(_cut(text)) if said.startswith(ORIGINAL) else _cut(said)


def moves_chart(result: Bargain, more: Drawn, *, narrow: bool = False) -> ChartType:
    """Draw for each kind of move the chance of an open zone along its size, and its smallest size that opens."""
    import altair as alt

    shape = _shape(narrow)
    shown = [move for move in result.moves if not move.idle] or result.moves
    panels = [_move(move, shape) for move in shown]
    flat = len(result.moves) - len(shown)
    dressed = dress(
        rests_on(result, result.draws),
        _("What each actor can do alone, and what it takes"),
        _("Line: chance that the zone is open after a move of that size, on top of the present demands."),
        sentences(
            _(
                "Dot: smallest move for a chance of at least one half (dashed). Where there is none the title says so."
            ),
            _("Not drawn: {n} moves that change nothing.").format(n=flat) if flat else "",
        ),
        says=_(
            "For each actor's move the chance of an open zone along its size, with the smallest size that opens."
        ),
        wrap=shape.wrap,
    )
    return alt.ConcatChart(concat=panels, columns=shape.columns, spacing=34, **dressed)


def _move(move: OpeningMove, shape: Shape) -> alt.LayerChart:
    import altair as alt

    axis = alt.Axis(
        title=_("share of {unit}").format(unit=move_unit(move)),
        format=".0%",
        values=[0, 0.5, 1] if shape.above else [0, 0.25, 0.5, 0.75, 1],
        grid=False,
    )
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    rows = [{"share": share, "chance": chance} for share, chance in move.curve]
    line = alt.Chart(data(rows)).mark_line(color=CHANCE, strokeWidth=2).encode(x=x, y=_chance())
    layers = [_half().encode(y=alt.Y("half:Q")), line]
    threshold = _("none opens it")
    if move.share is not None:
        threshold = (
            _("open without it")
            if move.share == 0
            else _("from {share}").format(share=percent(move.share, 1))
        )
        dot = alt.Chart(data([{"share": move.share, "chance": move.chance}]))
        layers.append(dot.mark_point(filled=True, color=INK, size=60, opacity=1).encode(x=x, y=_chance()))
    lines = wrapped_lines(short(move_text(move)), shape.title, break_on_hyphens=False)
    title = alt.TitleParams(lines, subtitle=threshold, fontSize=11, subtitleFontSize=11, subtitleColor=INK)
    return alt.LayerChart(layer=layers, width=shape.width, height=_HEIGHT, title=title)
