"""The second picture: for each channel, the count of acts as futures let it grow, and as it grew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.argument.sides import gaps_of
from detente.base.days import Window
from detente.base.intervals import HIGH, LOW
from detente.events.coverage import Coverage
from detente.events.ontology.classes import scheme_of
from detente.futures.futures import quantiles
from detente.lab.chronicles import history_of
from detente.lab.run_result import Run
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, sentences, word
from detente.report.pictures.style import (
    COLOUR_OF,
    INK,
    NARROW_WRAP,
    QUIET,
    data,
    day_ticks,
    days_axis,
    dress,
    plural,
    short,
    width_of,
)
from detente.report.text.actors import spelled

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

WIDTH, HEIGHT = 176, 104  # pixels of one panel
STEPS = 52  # points of a band
MOST_PANELS = 40
ONE_LINE = 32  # letters; Chinese ones count twice
LEAST = 4.0  # top of the lowest scale: below it Vega writes halves of acts
BANDS = ("low", "lower", "middle", "upper", "high")


@dataclass(frozen=True, slots=True, eq=False)
class Fan:
    """Cumulative count of one channel at the days of `ends_of`: five quantiles over futures, and what happened.

    ``bands`` has shape (5, day): 5, 25, 50, 75 and 95 %. ``happened`` holds (day, count) at each change, or is None
    where the chronicle does not cover the days.
    """

    label: str
    cls: str
    bands: npt.NDArray[np.float64]
    happened: tuple[tuple[date, int], ...] | None


def ends_of(run: Run) -> list[date]:
    """Return the days a fan is drawn at: as_of, the end of each step, and the end of the days asked for."""
    step = -(-run.days // STEPS)
    return [run.as_of + timedelta(days=min(day, run.days)) for day in range(0, run.days + step, step)]


def fans_of(run: Run) -> list[Fan]:
    """Return the fan of every channel with something to show, in the layout's order: principals first."""
    layout, say = run.posterior.program.layout, spelled(run.case)
    counts = run.futures.counts(run.days, every=-(-run.days // STEPS))
    happened = _happened(run)
    out = []
    for c, channel in enumerate(layout.channels):
        known = happened[c] if happened is not None else None
        bands = quantiles(counts[:, c].cumsum(axis=1), LOW, 0.25, 0.5, 0.75, HIGH)
        if bands.any() or (known and known[-1][1]):
            out.append(Fan(say(channel.label), channel.cls, np.hstack([np.zeros((5, 1)), bands]), known))
    return out


def _happened(run: Run) -> list[tuple[tuple[date, int], ...]] | None:
    """Return (day, count) of every channel from as_of to the last day asked for, if the chronicle covers them."""
    history, layout = history_of(run.case), run.posterior.program.layout
    window = Window(run.as_of, run.as_of + timedelta(days=run.days))
    if not Coverage(history.window, gaps_of(run.case.argument, window.end, history.gaps)).holds(window):
        return None
    events = history.events.filter(pl.col("date").is_between(window.start, window.end, closed="left"))
    channel, days = layout.assign(events), events["date"]
    out = []
    for c in range(len(layout.channels)):
        path = [(window.start, 0)]
        path += [(day, i) for i, day in enumerate(days.filter(pl.Series(channel == c)).to_list(), start=1)]
        out.append((*path, (window.end, path[-1][1])))
    return out


def fans_chart(run: Run, *, narrow: bool = False) -> ChartType:
    """Draw the cumulative count of every channel: median, 50 % and 90 % of futures, and what happened.

    Parameters
    ----------
    run : Run
    narrow : bool
        Two panels in a row, for a telephone.
    """
    import altair as alt

    drawn = fans_of(run)
    left_out = len(drawn[MOST_PANELS:])
    columns = 2 if narrow else len(scheme_of(run.case.chronicle.scheme).directed_classes)
    window = Window(run.as_of, run.as_of + timedelta(days=run.days))
    covered = any(fan.happened is not None for fan in drawn)
    more = [
        sentences(
            _("Line: median future. Inner band: half of the futures. Outer band: 90 % of them."),
            _("Steps: what happened.") if covered else _("The chronicle does not cover these days."),
        ),
        *(
            [_("{channels} more: see the table.").format(channels=plural(left_out, "channel"))]
            if left_out
            else []
        ),
    ]
    says = (
        _(
            "For each channel the count of acts over {days} from {day}: the spread of futures, and what happened."
        )
        if covered
        else _("For each channel the count of acts over {days} from {day}: the spread of futures.")
    ).format(days=plural(run.days, "day"), day=day_text(run.as_of))
    shown = drawn[:MOST_PANELS]
    rows = [row for i, fan in enumerate(shown) for row in _rows(i, fan, ends_of(run))]
    two_lines = any("\n" in title_of(fan) for fan in shown)
    title = _("Acts counted over {days}, channel by channel").format(days=plural(run.days, "day"))
    return _panels(window, title_at=-20 if two_lines else -7).facet(
        data=data(rows),
        facet=alt.Facet("panel:O", title=None, header=alt.Header(labelExpr="''", labelFontSize=1)),
        columns=columns,
        bounds="flush",  # else a tick label that sticks out moves its panel out of the row
        spacing=alt.RowColnumber(row=66 if two_lines else 52, column=50),
        resolve=alt.Resolve(scale={"y": "independent"}, axis={"x": "independent"}),
        **dress(run, title, *more, says=says, wrap=NARROW_WRAP if narrow else None),
    )


def title_of(fan: Fan) -> str:
    r"""Return the channel's label, its class on a line of its own where the names are long.

    Examples
    --------
    >>> title_of(
    ...     Fan(
    ...         "Federation -> Republic material-cooperation",
    ...         "material-cooperation",
    ...         np.zeros((5, 1)),
    ...         None,
    ...     )
    ... )
    'Federation -> Republic\nmaterial-cooperation'
    """
    label, cls = short(fan.label), word(fan.cls)
    if width_of(label) <= ONE_LINE or not fan.label.endswith(f" {cls}"):
        return label
    return f"{short(fan.label.removesuffix(f' {cls}'))}\n{cls}"


def _rows(panel: int, fan: Fan, ends: list[date]) -> list[dict[str, Any]]:
    """Return a fan as rows: the bands at each day, then the days on which something happened."""
    colour = COLOUR_OF.get(fan.cls, QUIET)
    bands = [
        {"panel": panel, "label": "", "date": day, "colour": colour, "happened": None, "top": None}
        | dict(zip(BANDS, map(float, at), strict=True))
        for day, at in zip(ends, fan.bands.T, strict=True)
    ]
    peak = max(float(fan.bands.max()), fan.happened[-1][1] if fan.happened else 0)
    bands[0] |= {"label": title_of(fan), "top": max(1.05 * peak, LEAST)}
    happened = [
        {"panel": panel, "label": "", "date": day, "colour": INK, "happened": count, "top": None}
        | dict.fromkeys(BANDS)
        for day, count in fan.happened or ()
    ]
    return bands + happened


def _panels(window: Window, title_at: float) -> alt.LayerChart:
    """Return what every panel draws, without data."""
    import altair as alt

    x = days_axis("date", window, grid=False, labelFontSize=9.5, **day_ticks(window, most=5))
    y_axis = alt.Axis(
        title=None, tickCount=4, tickMinStep=1, format=",d", labelFontSize=9.5, domain=False, ticks=False
    )
    y_scale = alt.Scale(domainMin=0, nice=False)
    colour = alt.Color("colour:N", scale=None, legend=None)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=y_axis)

    base = alt.Chart()
    bands = base.transform_filter("isValid(datum.high)")
    happened = base.transform_filter("isValid(datum.happened)")
    layers = [
        bands.mark_area(opacity=0.22).encode(x=x, y=y("low"), y2=alt.Y2("high:Q"), color=colour),
        bands.mark_area(opacity=0.4).encode(x=x, y=y("lower"), y2=alt.Y2("upper:Q"), color=colour),
        bands.mark_line(strokeWidth=1.8).encode(x=x, y=y("middle"), color=colour),
        happened.mark_line(strokeWidth=1.4, interpolate="step-after").encode(
            x=x, y=y("happened"), color=colour
        ),
        base.transform_filter("isValid(datum.top)").mark_point(opacity=0).encode(y=y("top")),
        # Not a header: that would stand higher where a number of the scale sticks out.
        base.transform_filter("isValid(datum.label)")
        .mark_text(
            align="left",
            baseline="bottom",
            lineBreak="\n",
            fontSize=11,
            fontWeight="bold",
            color=INK,
            limit=WIDTH + 36,
        )
        .encode(x=alt.XValue(-2), y=alt.YValue(title_at), text=alt.Text("label:N")),
    ]
    return alt.LayerChart(layer=layers, width=WIDTH, height=HEIGHT)
