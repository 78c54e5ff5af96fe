"""The upper panels of the timeline: the acts of both sides, a row for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from detente.argument.sides import gaps_of
from detente.base.days import Window
from detente.events.columns import span_ends
from detente.events.coverage import Coverage
from detente.events.ontology.classes import scheme_of
from detente.lab.chronicles import history_of
from detente.lab.run_result import Run
from detente.model.channels import Layout
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, own_name, word
from detente.report.pictures.style import (
    COLOUR_OF,
    GRID,
    INK,
    PAPER,
    PRINCIPAL_COLOURS,
    QUIET,
    SHADE,
    data,
    days_axis,
    plural,
    short,
)
from detente.report.text.numbers import phrases

if TYPE_CHECKING:
    import altair as alt

LANE = 17  # pixels
OTHERS = "others"
_STEPS = (1, 2, 4, 7, 14, 28, 56, 112, 224, 448)  # days
_LABELS, _LABEL_SHARE = 5, 0.12  # so many deadliest acts are named, no closer than this share of a row


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the picture: one class of acts of one side, or the heading of a side."""

    side: str
    cls: str
    label: str
    colour: str = INK
    heading: bool = False


def lanes_of(layout: Layout, scheme: str, *, others: bool) -> tuple[Lane, ...]:
    """Return the rows from top to bottom: the harsher an act, the farther from the joint acts in the middle."""
    classes = scheme_of(scheme)

    def side(i: int, order: Sequence[str]) -> list[Lane]:
        principal, colour = layout.principals[i], PRINCIPAL_COLOURS[i]
        names = dict.fromkeys(
            [principal, *(c.source.name for c in layout.channels if c.source.side == principal)]
        )
        rows = [Lane(principal, cls, word(cls.replace("-", " ")), colour) for cls in order]
        heading = short(_("acts of {actors}").format(actors=_(" and ").join(map(own_name, names))))
        return [Lane(principal, "", heading, colour, heading=True), *rows]

    joint = [Lane("", classes.joint_class, _("joint acts"))] if classes.joint_class else []
    rest = [Lane(OTHERS, "", _("acts of others"))] if others else []
    order = classes.directed_classes
    return (*side(0, order[::-1]), *joint, *side(1, order), *rest)


def acts_in_channels(run: Run) -> pl.DataFrame:
    """Return the acts of every channel: ``day`` (middle of the days its date stands for), side, cls, deaths, known."""
    layout = run.posterior.program.layout
    events = history_of(run.case).events
    sides = [
        "" if c.joint else c.source.side if c.source.side in layout.principals else OTHERS
        for c in layout.channels
    ]
    half_span = (pl.col("ends") - pl.col("date")).dt.total_days() // 2
    return (
        events.with_columns(channel=pl.Series(layout.assign(events)), ends=span_ends(events))
        .filter(pl.col("channel") >= 0)
        .select(
            day=pl.col("date") + pl.duration(days=half_span),
            cls=pl.col("class"),
            side=pl.col("channel").replace_strict(dict(enumerate(sides)), return_dtype=pl.String),
            deaths=pl.col("fatalities").fill_null(0),
            known=pl.col("ends") <= run.as_of,
        )
        # of a month in which as_of lies the fit knows nothing yet
        .with_columns(day=pl.when("known").then("day").otherwise(pl.max_horizontal("day", pl.lit(run.as_of))))
    )


def cells(
    acts: pl.DataFrame, lanes: Sequence[Lane], window: Window, as_of: date, most: int
) -> list[dict[str, Any]]:
    """Put the acts of a window into cells of row and days, as fine as `most` cells allow.

    No cell has days on both sides of as_of.

    Returns
    -------
    list of dict
        ``date`` (the middle of the cell's days), ``lane``, ``colour``, ``deaths`` (of its deadliest act), ``says``.
    """
    row = {(lane.side, lane.cls): i for i, lane in enumerate(lanes) if not lane.heading}
    inside = acts.filter(pl.col("day").is_between(window.start, window.end, closed="left"))
    grouped = inside
    for step in _STEPS:
        cell = (pl.col("day") - as_of).dt.total_days().floordiv(step) * step + step // 2
        grouped = inside.group_by("side", "cls", cell.alias("cell"), maintain_order=True).agg(
            pl.col("deaths").max()
        )
        if grouped.height <= most:
            break
    out = []
    for side, cls, cell, deaths in grouped.iter_rows():
        lane = row.get((side, "" if side == OTHERS else cls))
        if lane is not None:
            colour = COLOUR_OF.get(cls, QUIET)
            day = max(window.start, min(as_of + timedelta(days=cell), window.end - timedelta(days=1)))
            of = {"day": day_text(day), "act": word(cls.replace("-", " ")), "days": step}
            says = (_("{day}: {act}") if step == 1 else _("{day}: {act}, the {days} days around it")).format(
                **of
            )
            says = phrases(says, plural(deaths, "death")) if deaths else says
            out.append({"date": day, "lane": lane, "colour": colour, "deaths": deaths, "says": says})
    return sorted(out, key=lambda cell: -cell["deaths"])  # small marks lie on top of large ones


def breaks_of(run: Run, window: Window) -> list[date]:
    """Return the changes in coverage inside a window that were known by as_of."""
    eras = run.case.argument.eras or run.case.chronicle.eras
    return [era.start for era in eras if era.known_from <= run.as_of and window.start < era.start < run.as_of]


def gaps_in(run: Run, window: Window) -> tuple[Window, ...]:
    """Return the stretches of a window that nobody covers."""
    gaps = gaps_of(run.case.argument, window.end, run.case.chronicle.gaps)
    return Coverage(window, gaps).gaps


def ground(run: Run, window: Window, label: str = "") -> list[alt.Chart]:
    """Return what every panel of days has below it: futures shaded, the line of as_of, gaps and breaks in coverage."""
    import altair as alt

    gaps = [{"gap": gap.start, "to": gap.end} for gap in gaps_in(run, window)]
    unknown = alt.Chart(data(gaps)).mark_rect(color=QUIET, opacity=0.25)
    shaded = alt.Chart(data([{"from": run.as_of, "to": window.end, "label": label}]))
    breaks = [{"at": start} for start in breaks_of(run, window)]
    broken = alt.Chart(data(breaks)).mark_rule(color=QUIET, strokeWidth=0.8, strokeDash=[2, 3])
    room = 4 * (window.end - run.as_of).days > window.days
    text = shaded.mark_text(
        align="left" if room else "right", dx=6 if room else -6, dy=9, fontSize=11, color=QUIET
    )
    x = days_axis("from", window)
    return [
        *([unknown.encode(x=days_axis("gap", window), x2=alt.X2("to:T"))] if gaps else []),
        shaded.mark_rect(color=SHADE).encode(x=x, x2=alt.X2("to:T")),
        shaded.mark_rule(color=INK, strokeWidth=1).encode(x=x),
        *([text.encode(x=x, y=alt.YValue(0), text=alt.Text("label:N"))] if label else []),
        *([broken.encode(x=days_axis("at", window))] if breaks else []),
    ]


def acts_panel(
    run: Run,
    acts: pl.DataFrame,
    lanes: Sequence[Lane],
    window: Window,
    width: int,
    *,
    names: bool,
    ahead: bool,
    most: int,
    **axis: Any,
) -> alt.LayerChart:
    """Return a panel of acts: known ones as filled marks; in one that looks ahead what happened, as open ones."""
    import altair as alt

    y = alt.Y(
        "lane:Q",
        scale=alt.Scale(domain=[-0.5, len(lanes) - 0.5], reverse=True, nice=False, zero=False),
        axis=None,
    )
    size = alt.Size(
        "deaths:Q", scale=alt.Scale(type="sqrt", domain=[0, 300], range=[16, 260], clamp=True), legend=None
    )
    x, colour = days_axis("date", window, **axis), alt.Color("colour:N", scale=None, legend=None)
    known = cells(acts.filter("known"), lanes, window, run.as_of, most)
    later = [] if not ahead else cells(acts.filter(~pl.col("known")), lanes, window, run.as_of, most)
    rules = alt.Chart(data({"lane": i} for i, lane in enumerate(lanes) if not lane.heading))
    layers = [
        *ground(run, window, "" if not ahead else _says(run, window) if later else _("futures")),
        rules.mark_rule(color=GRID, strokeWidth=0.8).encode(y=y),
        alt.Chart(data(known))
        .mark_point(filled=True, opacity=0.75)
        .encode(x=x, y=y, color=colour, size=size),
    ]
    if later:
        marks = alt.Chart(data(later)).mark_point(filled=False, opacity=1, strokeWidth=1.2)
        layers.append(marks.encode(x=x, y=y, color=colour, size=size))
    if not ahead:
        layers += [label.encode(x=x, y=y, text=alt.Text("text:N")) for label in _death_labels(known, window)]
    if names:
        layers += _lane_names(lanes, y)
    return alt.LayerChart(layer=layers, width=width, height=LANE * len(lanes))


def _says(run: Run, window: Window) -> str:
    covered = run.case.chronicle.window.end
    if covered >= window.end:
        return _("what happened")
    return _("what happened, known to {day}").format(day=day_text(covered))


def _death_labels(known: list[dict[str, Any]], window: Window) -> list[alt.Chart]:
    """Return the deaths of the deadliest acts as text, where they do not run into each other."""
    import altair as alt

    apart = timedelta(days=window.days * _LABEL_SHARE)
    named: list[dict[str, Any]] = []
    for cell in known:  # deadliest first
        clash = any(
            cell["lane"] == other["lane"] and abs(cell["date"] - other["date"]) < apart for other in named
        )
        if cell["deaths"] >= 10 and not clash and len(named) < _LABELS and window.end - cell["date"] > apart:
            named.append(cell | {"text": _("{n} dead").format(n=cell["deaths"])})
    base = alt.Chart(data(named))
    halo = base.mark_text(align="left", dx=12, dy=-1, fontSize=10, stroke=PAPER, strokeWidth=3, opacity=0.8)
    return [halo, base.mark_text(align="left", dx=12, dy=-1, fontSize=10, color=INK)] if named else []


def _lane_names(lanes: Sequence[Lane], y: alt.Y) -> list[alt.Chart]:
    import altair as alt

    def rows(*, heading: bool) -> alt.Chart:
        named = [(i, lane) for i, lane in enumerate(lanes) if lane.heading is heading]
        return alt.Chart(data({"lane": i, "text": lane.label, "colour": lane.colour} for i, lane in named))

    at = {
        "x": alt.XValue(0),
        "y": y,
        "text": alt.Text("text:N"),
        "color": alt.Color("colour:N", scale=None, legend=None),
    }
    return [
        rows(heading=False).mark_text(fontSize=11, align="right", dx=-8).encode(**at),
        rows(heading=True).mark_text(fontSize=11, align="left", dx=4, fontWeight="bold").encode(**at),
    ]
