"""The second picture: for each channel, the count of acts as futures let it grow, and as it grew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.futures import quantiles
from detente.lab import HIGH, LOW, Run, history_of
from detente.ontology.classes import scheme_of
from detente.report._style import (
    COLOUR_OF,
    INK,
    QUIET,
    data,
    day_text,
    days_axis,
    dress,
    month_ticks,
    plural,
    short,
)
from detente.timeline import Window

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

WIDTH, HEIGHT = 176, 104  # pixels of one panel
STEPS = 52  # points of a band
MOST_PANELS = 40


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
    """Return the fan of every channel in which anything was simulated or happened, in the layout's order."""
    layout = run.posterior.program.layout
    counts = run.futures.counts(run.days, every=-(-run.days // STEPS))
    happened = _happened(run)
    out = []
    for c, channel in enumerate(layout.channels):
        known = happened[c] if happened is not None else None
        if not counts[:, c].any() and not (known and known[-1][1]):
            continue
        bands = quantiles(counts[:, c].cumsum(axis=1), LOW, 0.25, 0.5, 0.75, HIGH)
        out.append(Fan(channel.label, channel.cls, np.hstack([np.zeros((5, 1)), bands]), known))
    return out


def _happened(run: Run) -> list[tuple[tuple[date, int], ...]] | None:
    """Return (day, count) of every channel from as_of to the last day asked for, if the chronicle covers them."""
    history, layout = history_of(run.case), run.posterior.program.layout
    window = Window(run.as_of, run.as_of + timedelta(days=run.days))
    if not (history.window.start <= window.start and window.end <= history.window.end):
        return None
    events = history.events.filter(pl.col("date").is_between(window.start, window.end, closed="left"))
    channel, days = layout.assign(events), events["date"]
    out = []
    for c in range(len(layout.channels)):
        path = [(window.start, 0)]
        path += [(day, i) for i, day in enumerate(days.filter(pl.Series(channel == c)).to_list(), start=1)]
        out.append((*path, (window.end, path[-1][1])))
    return out


def fans(run: Run) -> ChartType:
    """Draw the cumulative count of every channel: median, 50 % and 90 % of futures, and what happened."""
    import altair as alt

    drawn = fans_of(run)
    left_out = len(drawn[MOST_PANELS:])
    columns = len(scheme_of(run.case.chronicle.scheme).directed_classes)
    window = Window(run.as_of, run.as_of + timedelta(days=run.days))
    months = month_ticks(window, most=5)
    covered = any(fan.happened is not None for fan in drawn)
    more = [
        "Line: median future. Dark band: half of the futures. Light band: 90 % of them."
        + (" Black steps: what happened." if covered else " The chronicle does not cover these days."),
        *([f"{plural(left_out, 'channel')} more: see the table."] if left_out else []),
    ]
    says = (
        f"For each channel the count of acts over {plural(run.days, 'day')} from {day_text(run.as_of)}: the spread of futures"
        + (", and what happened." if covered else ".")
    )
    return alt.concat(
        *(_panel(fan, ends_of(run), window, months) for fan in drawn[:MOST_PANELS]),
        columns=columns,
        bounds="flush",  # else a tick label that sticks out moves its panel out of the row
        spacing=alt.RowColnumber(row=58, column=46),
        **dress(run, f"Acts counted over {plural(run.days, 'day')}, channel by channel", *more, says=says),
    )


def ticks(peak: int, most: int = 4) -> list[int]:
    """Return round counts from 0 to `peak`, none of them above it.

    Examples
    --------
    >>> ticks(3), ticks(19), ticks(1234)
    ([0, 1, 2, 3], [0, 5, 10, 15], [0, 500, 1000])
    """
    steps = (round_ * 10**power for power in range(9) for round_ in (1, 2, 5))
    step = next(step for step in steps if peak / step <= most)
    return list(range(0, peak + 1, step))


def _panel(fan: Fan, ends: list[date], window: Window, months: dict[str, Any]) -> alt.LayerChart:
    import altair as alt

    colour = COLOUR_OF.get(fan.cls, QUIET)
    names = ("low", "lower", "middle", "upper", "high")
    rows = [
        {"date": day} | dict(zip(names, map(float, at), strict=True))
        for day, at in zip(ends, fan.bands.T, strict=True)
    ]
    peak = max(int(fan.bands.max()), fan.happened[-1][1] if fan.happened else 0, 1)
    x = days_axis("date", window, grid=False, labelFontSize=9.5, **months)
    axis = alt.Axis(title=None, values=ticks(peak), format=",d", labelFontSize=9.5, domain=False, ticks=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, peak * 1.08], nice=False), axis=axis)

    base = alt.Chart(data(rows))
    layers = [
        base.mark_area(color=colour, opacity=0.22).encode(x=x, y=y("low"), y2=alt.Y2("high:Q")),
        base.mark_area(color=colour, opacity=0.4).encode(x=x, y=y("lower"), y2=alt.Y2("upper:Q")),
        base.mark_line(color=colour, strokeWidth=1.8).encode(x=x, y=y("middle")),
    ]
    if fan.happened is not None:
        path = alt.Chart(data({"date": day, "count": count} for day, count in fan.happened))
        layers.append(
            path.mark_line(color=INK, strokeWidth=1.4, interpolate="step-after").encode(x=x, y=y("count"))
        )
    title = alt.TitleParams(short(fan.label), fontSize=11, limit=WIDTH + 24, offset=5)
    return alt.layer(*layers, width=WIDTH, height=HEIGHT, title=title)
