"""The picture of how many or when: the share of futures at each number, or with the first act by each day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.base.days import Window
from detente.lab.run_result import Run
from detente.questions.distributions import steps
from detente.questions.question import Question, amounts
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, own
from detente.report.pictures.style import (
    INK,
    NARROW_WRAP,
    PRINCIPAL_COLOURS,
    QUIET,
    data,
    day_ticks,
    days_axis,
    dress,
    short,
)
from detente.report.text.answers.amounts import LABELS
from detente.report.text.numbers import percent, to

if TYPE_CHECKING:
    from altair.typing import ChartType

    from detente.lab.ask import QuestionResult

WIDE, NARROW, HEIGHT = 640, 300, 200  # pixels
MOST_BARS = 40
_MOST_SHOWN = 0.99  # of futures: the rest share the last bar


def amount_chart(run: Run, asked: QuestionResult, *, narrow: bool = False) -> ChartType:
    """Draw the distribution of an amount over futures, its median, and what happened if that is known.

    Parameters
    ----------
    run : Run
    asked : QuestionResult
        Of a question that asks how many or when, with a distribution.
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    question, told = asked.answer.question, asked.answer.distribution
    kind = told.kind if told else "count"
    width = NARROW if narrow else WIDE
    draw = _days if kind == "day" else _numbers
    if kind == "day":
        said = _(
            "Share of futures with the first such act by each day. Line: half of the futures. Circle: what happened, "
            "where that is known."
        )
        spoken = _("The share of futures with the first such act by each day, for: {question}")
    else:
        said = _(
            "Share of futures by number of {what}. Line: the median. Circle: what happened, where that is"
            " known."
        )
        spoken = _("The share of futures by number of {what}, for: {question}")
    what = _(LABELS[kind])
    return alt.vconcat(
        draw(run, asked, width),
        **dress(
            run,
            short(own(question.text)),
            said.format(what=what),
            says=spoken.format(what=what, question=own(question.text)),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def _numbers(run: Run, asked: QuestionResult, width: int) -> ChartType:
    import altair as alt

    answer = asked.answer
    values, chances = _steps(run, answer.question)
    # The few largest share the last bar, so that they do not press all others together.
    last = float(values[np.searchsorted(np.cumsum(chances), _MOST_SHOWN)]) + 1
    seen = answer.observed if isinstance(answer.observed, int | float) else 0
    step = max(1, int(np.ceil(max(last, seen + 1) / MOST_BARS)))
    edges = np.arange(0, max(last, seen + 1) + step, step)
    share, _edges = np.histogram(np.minimum(values, edges[-2]), edges, weights=chances)
    more = bool((values >= edges[-1]).any())
    rows: list[dict[str, Any]] = [
        {
            "low": float(a),
            "high": float(b),
            "share": float(s),
            "says": _bin_text(int(a), int(b), float(s), more=more and b == edges[-1]),
        }
        for a, b, s in zip(edges[:-1], edges[1:], share, strict=True)
    ]
    axis = alt.Axis(title=_(LABELS[answer.distribution.kind]) if answer.distribution else "", tickMinStep=1)
    scale = alt.Scale(domain=[0, float(edges[-1])], nice=False)
    x = alt.X("low:Q", scale=scale, axis=axis)
    top = alt.Scale(domain=[0, 1.08 * float(share.max())], nice=False)
    y = alt.Y("share:Q", scale=top, axis=alt.Axis(title=_("share of futures"), format="%"))
    layers = [
        alt.Chart(data(rows))
        .mark_bar(color=PRINCIPAL_COLOURS[0], opacity=0.75, stroke="#ffffff", strokeWidth=0.5)
        .encode(x=alt.X("low:Q", bin="binned", scale=scale, axis=axis), x2="high:Q", y=y)
    ]
    if answer.distribution is not None:
        median = answer.distribution.quantiles[2]
        if isinstance(median, int | float):
            middle = [{"low": float(median) + 0.5}]
            layers.append(alt.Chart(data(middle)).mark_rule(color=INK, strokeWidth=2).encode(x=x))
    if isinstance(answer.observed, int | float):
        mark = alt.Chart(data([{"low": float(min(answer.observed, edges[-1])) + 0.5, "share": 0.0}]))
        layers.append(
            mark.mark_point(
                shape="circle", size=90, filled=False, strokeWidth=2.5, color=PRINCIPAL_COLOURS[1]
            ).encode(x=x, y=y)
        )
    return alt.layer(*layers).properties(width=width, height=HEIGHT)


def _bin_text(low: int, high: int, share: float, *, more: bool) -> str:
    span = str(low) if high == low + 1 else to(str(low), str(high - 1))
    if more:
        span = _("{n} or more").format(n=low)
    return _("{span}: {share} of futures").format(span=span, share=percent(share, 1))


def _days(run: Run, asked: QuestionResult, width: int) -> ChartType:
    import altair as alt

    answer = asked.answer
    window = answer.question.window
    values, chances = _steps(run, answer.question)
    within = [int(np.clip(v, 0, window.days - 1)) for v in values[np.isfinite(values)]]
    by_day = np.zeros(window.days)
    np.add.at(by_day, within, chances[np.isfinite(values)])
    rows = [
        {"date": window.start + timedelta(days=i), "share": float(s)} for i, s in enumerate(np.cumsum(by_day))
    ]
    shown = Window(window.start, window.end)
    x = days_axis("date", shown, **day_ticks(shown, most=6 if width == NARROW else 12))
    y = alt.Y(
        "share:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=_("share of futures"), format="%")
    )
    curve = alt.Chart(data(rows))
    layers: list[Any] = [
        curve.mark_area(color=PRINCIPAL_COLOURS[0], opacity=0.25, interpolate="step-after").encode(x=x, y=y),
        curve.mark_line(color=PRINCIPAL_COLOURS[0], interpolate="step-after").encode(x=x, y=y),
        alt.Chart(data([{"share": 0.5}])).mark_rule(color=QUIET, strokeDash=[3, 3]).encode(y=y),
    ]
    seen = answer.observed
    if seen is not None and not isinstance(seen, int | float):
        at = rows[min(max(window.index(seen), 0), window.days - 1)]
        mark = alt.Chart(data([at | {"says": _("happened on {day}").format(day=day_text(seen))}]))
        layers.append(
            mark.mark_point(
                shape="circle", size=90, filled=False, strokeWidth=2.5, color=PRINCIPAL_COLOURS[1]
            ).encode(x=x, y=y)
        )
    return alt.layer(*layers).properties(width=width, height=HEIGHT)


def _steps(run: Run, question: Question) -> tuple[Any, Any]:
    return steps(amounts(question, run.chronicles))
