"""The picture of phases: what each day was, and the share of futures in each phase after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detente.base.days import Window
from detente.events.phase_runs import PhaseRuns
from detente.events.phases import NO_COVERAGE, Phase
from detente.lab.phases import PhaseHistory
from detente.lab.run_result import Run
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, sentences, word
from detente.report.pictures.style import INK, NARROW_WRAP, data, day_ticks, days_axis, dress

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

PHASE_COLOURS = {
    Phase.COLD: "#d9d9d9",
    Phase.THAW: "#009E73",
    Phase.CRISIS: "#E69F00",
    Phase.HOSTILITIES: "#D55E00",
}
TALKS_COLOUR = "#0072B2"
WIDE, NARROW, PHONE, HEIGHT = 560, 380, 360, 150  # pixels
STEP = 7  # days between two shares of futures


def phases_chart(run: Run, history: PhaseHistory, ahead: PhaseRuns, *, narrow: bool = False) -> ChartType:
    """Draw the phase of every known day, of what happened for_later, and the share of futures in each phase.

    Parameters
    ----------
    run : Run
    history : PhaseHistory
        Of the whole chronicle; days from as_of on are drawn apart, since the fit does not know them.
    ahead : PhaseRuns
    narrow : bool
        The share of futures below the phases, for a telephone.
    """
    import altair as alt

    whole = Window(run.posterior.program.history.window.start, run.futures.window.end)
    widths, ticks = ((PHONE, PHONE), (6, 6)) if narrow else ((WIDE, NARROW), (16, 8))
    beside = alt.vconcat if narrow else alt.hconcat
    talk = _talk(run)
    strips = (
        _(
            "Above: one strip for the phases, one for talks, which may lie over any of them; right of the line, what "
            "happened afterwards."
        )
        if narrow
        else _(
            "Left: one strip for the phases, one for talks, which may lie over any of them; right of the line, what "
            "happened afterwards."
        )
    )
    shares = {
        (True, True): _(
            "Below: the share of futures in each phase, week by week; the blue line: the share in which they talk."
        ),
        (True, False): _(
            "Below: the share of futures in each phase, week by week. Talks are not modelled on these events."
        ),
        (False, True): _(
            "Right: the share of futures in each phase, week by week; the blue line: the share in which they talk."
        ),
        (False, False): _(
            "Right: the share of futures in each phase, week by week. Talks are not modelled on these events."
        ),
    }[narrow, talk]
    return beside(
        _strips(run, history, whole, widths[0], ticks[0]),
        _shares(run, ahead, widths[1], ticks[1]),
        spacing=24,
        **dress(
            run,
            _("Phases: what each day was, and what futures hold"),
            strips,
            shares,
            sentences(
                _("Grey: cold disengagement. Green: thaw. Orange: crisis. Red: hostilities. Blue: talks."),
                "" if history.covered.all() else _("No bar: no coverage."),
            ),
            says=_(
                "Phases of the rivalry up to {day}, what happened after, and the share of futures in each phase."
            ).format(day=day_text(run.as_of)),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def _strips(run: Run, history: PhaseHistory, whole: Window, width: int, ticks: int) -> alt.LayerChart:
    import altair as alt

    rows: list[dict[str, Any]] = []
    covered = [period for period in history.periods if period.kind != NO_COVERAGE]
    for period in (*covered, *history.talk_periods):
        start, end = max(period.window.start, whole.start), min(period.window.end, whole.end)
        for first, last in ((start, min(end, run.as_of)), (max(start, run.as_of), end)):
            if first < last:
                rows.append(
                    {
                        "start": first,
                        "end": last,
                        "strip": word("talks") if period.kind == "talks" else word("phase"),
                        "colour": _colour(period.kind),
                        "opacity": 1.0 if first < run.as_of else 0.55,
                    }
                )
    x = days_axis("start", whole, **day_ticks(whole, most=ticks))
    bars = (
        alt.Chart(data(rows))
        .mark_bar(height=34)
        .encode(
            x=x,
            x2="end:T",
            y=alt.Y(
                "strip:N",
                sort=[word("phase"), word("talks")],
                axis=alt.Axis(title=None, domain=False, ticks=False),
            ),
            color=alt.Color("colour:N", scale=None, legend=None),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        )
    )
    line = alt.Chart(data([{"start": run.as_of}])).mark_rule(color=INK, strokeWidth=1).encode(x=x)
    title = _("phases from {day}").format(day=day_text(whole.start))
    return alt.LayerChart(layer=[bars, line], width=width, height=HEIGHT, title=title)


def _shares(run: Run, ahead: PhaseRuns, width: int, ticks: int) -> alt.LayerChart:
    import altair as alt

    at = np.arange(0, ahead.window.days, STEP)
    in_phase, in_talks = (futures / ahead.count for futures in ahead.by_day())
    rows = []
    for phase in Phase:
        share = in_phase[at, phase]
        rows += [
            {
                "date": ahead.window.day(int(d)),
                "phase": phase.word,
                "order": int(phase),
                "colour": PHASE_COLOURS[phase],
                "share": float(s),
            }
            for d, s in zip(at, share, strict=True)
        ]
    talks = [{"date": ahead.window.day(int(d)), "share": float(in_talks[d])} for d in at]
    x = days_axis("date", ahead.window, **day_ticks(ahead.window, most=ticks))
    y = alt.Y("share:Q", stack="zero", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format="%"))
    names, colours = [p.word for p in Phase], [PHASE_COLOURS[p] for p in Phase]
    areas = (
        alt.Chart(data(rows))
        .mark_area()
        .encode(
            x=x,
            y=y,
            order=alt.Order("order:Q"),
            color=alt.Color(
                "phase:N",
                scale=alt.Scale(domain=names, range=colours),
                legend=None,
            ),
        )
    )
    line = (
        alt.Chart(data(talks))
        .mark_line(color=TALKS_COLOUR, strokeWidth=2)
        .encode(x=x, y=alt.Y("share:Q", scale=alt.Scale(domain=[0, 1])))
    )
    layers = [areas, line] if _talk(run) else [areas]
    title = _("share of futures in each phase")
    return alt.LayerChart(layer=layers, width=width, height=HEIGHT, title=title)


def _talk(run: Run) -> bool:
    """Return whether futures can begin to talk; if not, what is left of earlier talks fades, and means nothing."""
    return "talks" in run.posterior.program.acts.feeds_phases


def _colour(kind: str) -> str:
    for phase, colour in PHASE_COLOURS.items():
        if phase.word == kind:
            return colour
    return TALKS_COLOUR
