"""The lower panels of the timeline: the fast and the long clock of both principals, known days and futures."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from detente.base.days import Window
from detente.base.intervals import HIGH, LOW
from detente.futures.futures import TRACE_EVERY
from detente.lab.run_result import Run
from detente.model.memory import Memory
from detente.report.pictures.acts import ground
from detente.report.pictures.style import PRINCIPAL_COLOURS, data, days_axis, short, span_text

if TYPE_CHECKING:
    import altair as alt

LETTER = 6  # pixels of a letter of a title, at most
HEIGHT = 120  # pixels
Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class MemoryTrace:
    """One memory of one principal: over the fitted days, and over futures.

    ``known`` has shape (day,); ``low``, ``median`` and ``high`` have one value every `TRACE_EVERY` days.
    """

    principal: str
    colour: str
    memory: Memory
    known: Floats
    low: Floats
    median: Floats
    high: Floats


def memory_traces(run: Run, name: str) -> list[MemoryTrace]:
    """Return the clock called ``fast`` or ``slow`` of each principal that has one."""
    program = run.posterior.program
    recorded = list(program.watched)  # traces keep this order
    out = []
    for principal, colour in zip(program.layout.principals, PRINCIPAL_COLOURS, strict=True):
        if (principal, name) in program.watched:
            row = program.watched[principal, name]
            traces = run.futures.log.traces[:, recorded.index((principal, name)), :]
            low, median, high = np.quantile(traces, (LOW, 0.5, HIGH), axis=0)
            known = program.history.window.spread(program.history.memories[row])
            out.append(MemoryTrace(principal, colour, program.memories[row], known, low, median, high))
    return out


def envelope(values: Floats, most: int) -> npt.NDArray[np.int64]:
    """Return the indices that draw a long line as its full self would look: lowest and highest of each stretch.

    Examples
    --------
    >>> envelope(np.array([0.0, 5.0, 1.0, 2.0, 9.0, 3.0]), most=2).tolist()
    [0, 1, 3, 4, 5]
    """
    size = -(-len(values) // most)
    picked = {0, len(values) - 1}
    for start in range(0, len(values), size):
        part = values[start : start + size]
        picked |= {
            start + int(part.argmin()),
            start + int(part.argmax()),
        }  # of a gap, which is NaN, the first day
    return np.array(sorted(picked))


def shown_clock(run: Run, name: str, memory: Memory) -> str:
    """Return which of the argument's clocks a memory runs on: the long one is the generational where it is used."""
    clocks = dict(run.posterior.program.clocks)
    same = memory.half_life_days == clocks["generational"] != clocks["slow"]
    return "generational" if name == "slow" and same else name


def clock_title(name: str, memory: Memory) -> str:
    """Say what a clock counts and how fast it forgets.

    Examples
    --------
    >>> clock_title("fast", Memory(14.0, ()))
    'fast clock: hostile acts received, half-life 14 days'
    """
    weights = [weight for _, weight in memory.feeds]
    by = [
        *(["deaths"] if any(weight.per_log_death for weight in weights) else []),
        *(["rank of the victim"] if any(len(set(weight.rank_factors)) > 1 for weight in weights) else []),
    ]
    weighted = f" weighted by {' and '.join(by)}," if by else ""
    return f"{name} clock: hostile acts received,{weighted} half-life {span_text(memory.half_life_days)}"


def clock_panel(
    run: Run,
    name: str,
    clocks: list[MemoryTrace],
    window: Window,
    width: int,
    *,
    large: bool,
    labels: bool,
    **axis: Any,
) -> alt.LayerChart:
    """Return a panel of one clock of both principals."""
    import altair as alt

    memory = clocks[0].memory
    title = textwrap.wrap(clock_title(shown_clock(run, name, memory), memory), width // LETTER)
    top = max(1e-9, *(max(np.nanmax(c.known), c.high.max()) for c in clocks)) * 1.08
    x, colour = days_axis("date", window, **axis), alt.Color("colour:N", scale=None, legend=None)
    y_axis = alt.Axis(
        title="full acts" if labels else None,
        tickCount=4,
        labels=labels,
        ticks=False,
        domain=False,
        minExtent=34,
    )

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=y_axis)

    ahead = alt.Chart(data(row for clock in clocks for row in _ahead(run, clock)))
    known = alt.Chart(data(row for clock in clocks for row in _known(run, clock, window, width)))
    layers = [
        *ground(run, window, "futures" if large else ""),
        ahead.mark_area(opacity=0.2).encode(x=x, y=y("low"), y2=alt.Y2("high:Q"), color=colour),
        ahead.mark_line(strokeWidth=1.6, strokeDash=[4, 2]).encode(x=x, y=y("median"), color=colour),
        known.mark_line(strokeWidth=1.2, strokeJoin="round").encode(x=x, y=y("value"), color=colour),
    ]
    if large:
        ends = alt.Chart(data(_ends(clocks, window, top)))
        text = ends.mark_text(align="left", dx=5, fontSize=11, fontWeight="bold")
        layers.append(text.encode(x=x, y=y("value"), text=alt.Text("text:N"), color=colour))
        return alt.LayerChart(layer=layers, width=width, height=HEIGHT)
    return alt.LayerChart(layer=layers, width=width, height=HEIGHT, title=title)


def _ahead(run: Run, clock: MemoryTrace) -> list[dict[str, Any]]:
    return [
        {
            "date": run.futures.window.day(step * TRACE_EVERY),
            "colour": clock.colour,
            "low": float(low),
            "median": float(median),
            "high": float(high),
        }
        for step, (low, median, high) in enumerate(zip(clock.low, clock.median, clock.high, strict=True))
    ]


def _known(run: Run, clock: MemoryTrace, window: Window, width: int) -> list[dict[str, Any]]:
    fitted = run.posterior.program.history.window.span
    first = max(fitted.index(window.start), 0)
    values = clock.known[first:]
    if not len(values):  # the chronicle ends long before as_of
        return []
    rows = [
        {
            "date": fitted.day(first + int(i)),
            "colour": clock.colour,
            "value": None if isnan(values[i]) else float(values[i]),
        }
        for i in envelope(values, width)
    ]
    if fitted.end == run.as_of:
        rows.append({"date": run.as_of, "colour": clock.colour, "value": float(clock.median[0])})
    return rows


def _ends(clocks: list[MemoryTrace], window: Window, top: float) -> list[dict[str, Any]]:
    """Return where each principal's name stands at the right end, moved apart if they would touch."""
    gap = top * 14 / HEIGHT
    ordered = sorted(clocks, key=lambda clock: float(clock.median[-1]))
    out: list[dict[str, Any]] = []
    floor = gap / 2
    for clock in ordered:
        at = max(float(clock.median[-1]), floor)
        out.append({"date": window.end, "colour": clock.colour, "value": at, "text": short(clock.principal)})
        floor = at + gap
    return out
