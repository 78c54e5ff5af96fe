"""The first picture: acts of both sides and what each principal remembers of them, known days and futures."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from detente.base.days import Window
from detente.lab.run_result import Run
from detente.report.languages.formats import day_text, window_text
from detente.report.languages.language import _, sentences
from detente.report.pictures.acts import OTHERS, acts_in_channels, acts_panel, breaks_of, gaps_in, lanes_of
from detente.report.pictures.clocks import clock_panel, memory_traces
from detente.report.pictures.style import NARROW_WRAP, day_ticks, dress, short

if TYPE_CHECKING:
    from altair.typing import ChartType

WIDE, NARROW = 560, 380  # pixels of all days, and of the days around as_of
PHONE = 330  # pixels of either on a telephone
MOST_MARKS, MOST_MARKS_LARGE = 800, 300


def around(run: Run) -> Window:
    """Return the days drawn large: a year or so before as_of, and all futures."""
    fitted, ahead = run.posterior.program.history.window, run.futures.window
    before = min((ahead.start - fitted.start).days, max(min(ahead.days, 365), ahead.days // 2, 60))
    return Window(ahead.start - timedelta(days=before), ahead.end)


def timeline_chart(run: Run, *, narrow: bool = False) -> ChartType:
    """Draw the acts of both sides, and the fast and the long clock of both principals.

    Filled marks are acts the fit knows. What happened from as_of on is drawn open, and enters no clock.

    Parameters
    ----------
    run : Run
    narrow : bool
        The days around as_of below all days, for a telephone.
    """
    import altair as alt

    program = run.posterior.program
    whole, near = Window(program.history.window.start, run.futures.window.end), around(run)
    acts = acts_in_channels(run)
    others = not acts.filter((pl.col("side") == OTHERS) & (pl.col("day") >= whole.start)).is_empty()
    later = not acts.filter(~pl.col("known") & (pl.col("day") < near.end)).is_empty()
    lanes = lanes_of(program.layout, run.case.chronicle.scheme, others=others)
    wide, large = (PHONE, PHONE) if narrow else (WIDE, NARROW)
    coarse, fine = day_ticks(whole, most=6 if narrow else 16), day_ticks(near, most=6 if narrow else 8)
    first = acts_panel(run, acts, lanes, whole, wide, names=True, ahead=False, most=MOST_MARKS, **coarse)
    first.title = window_text(whole.start, whole.end)
    second = acts_panel(
        run, acts, lanes, near, large, names=narrow, ahead=True, most=MOST_MARKS_LARGE, **fine
    )
    second.title = _("the days around {day}").format(day=day_text(run.as_of))
    panels = [first, second]
    for name in ("fast", "slow"):
        clocks = memory_traces(run, name)
        if clocks:
            panels.append(clock_panel(run, name, clocks, whole, wide, large=False, labels=True, **coarse))
            panels.append(clock_panel(run, name, clocks, near, large, large=True, labels=narrow, **fine))
    one, other = map(short, program.layout.principals)
    return alt.concat(
        *panels,
        columns=1 if narrow else 2,
        spacing=alt.RowColnumber(row=22, column=24),
        **dress(
            run,
            _("What {one} and {other} did, and what each remembers").format(one=one, other=other),
            sentences(
                _("Filled marks: acts the fit knows, larger with more deaths."),
                _("Open marks: what happened afterwards, which it does not know.") if later else "",
                _("Dotted: a change in coverage.") if breaks_of(run, whole) else "",
                _("Grey days: nobody looked, so what happened is unknown.") if gaps_in(run, whole) else "",
            ),
            sentences(
                _(
                    "Clocks: hostile acts received, an act of full intensity counting 1, fading by half in the "
                    "half-life."
                ),
                _("Shaded days: median and 90 % of futures."),
            ),
            says=_(
                "The acts of {one} and {other} from {start} on, and the fast and long clock of each up to {as_of} and "
                "in futures after it."
            ).format(one=one, other=other, start=day_text(whole.start), as_of=day_text(run.as_of)),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )
