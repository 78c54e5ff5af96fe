"""The picture of rival arguments: the probability of each question under each of them, and stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.lab.head import head_of
from detente.report.languages.formats import day_text, listed
from detente.report.languages.language import _, for_later, own
from detente.report.pictures.style import (
    INK,
    NARROW_WRAP,
    QUIET,
    data,
    dress,
    from_seed,
    short,
    wrapped_lines,
)
from detente.report.text.numbers import clauses, share

if TYPE_CHECKING:
    from altair.typing import ChartType

    from detente.studies.scoring.compare import Comparison

WIDE, NARROW, ROW = 560, 300, 46  # pixels
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
STACKED = for_later("stacked")


def rivals_chart(result: Comparison, *, narrow: bool = False) -> ChartType:
    """Draw the probability of every question under each argument, the furthest apart first.

    Parameters
    ----------
    result : Comparison
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    questions = [q for q in result.questions() if any(chance is not None for chance in q["chances"])]
    names = [*map(short, result.names), _(STACKED)]
    marks: list[dict[str, Any]] = [
        {"row": row + 0.72, "argument": name, "chance": chance, "says": f"{name}: {share(chance, 2)}"}
        for row, q in enumerate(questions)
        for name, chance in zip(names, (*q["chances"], q["stacked"]), strict=True)
        if chance is not None
    ]
    spans = [
        {"row": row + 0.72, "low": min(known), "high": max(known)}
        for row, q in enumerate(questions)
        if (known := [chance for chance in q["chances"] if chance is not None])
    ]
    wrap = NARROW_WRAP * 2 // 3 if narrow else 92
    words = [
        {"row": row + 0.12 + 0.27 * line, "text": text}
        for row, q in enumerate(questions)
        for line, text in enumerate(wrapped_lines(own(q["text"]), wrap, max_lines=2, placeholder=" …"))
    ]
    y = alt.Y("row:Q", scale=alt.Scale(domain=[0, len(questions)], reverse=True, nice=False), axis=None)
    axis = alt.Axis(title=None, format="%", values=[0, 0.25, 0.5, 0.75, 1], orient="top")
    x = alt.X("chance:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)
    looks = [*zip(_COLOURS, _SHAPES, strict=True)][: len(names) - 1]
    colour = alt.Scale(domain=names, range=[*(c for c, _ in looks), INK])
    shape = alt.Scale(domain=names, range=[*(s for _, s in looks), "triangle-down"])
    legend = alt.Legend(title=None, orient="bottom", columns=2 if narrow else 0)
    head = head_of(result.cases[0], result.as_of)
    first = result.runs[0].futures
    return alt.vconcat(
        alt.layer(
            alt.Chart(data(spans))
            .mark_rule(color=QUIET, strokeWidth=1.5)
            .encode(x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="high:Q", y=y),
            alt.Chart(data(marks))
            .mark_point(filled=True, size=85, opacity=1)
            .encode(
                x=x,
                y=y,
                color=alt.Color("argument:N", scale=colour, legend=legend),
                shape=alt.Shape("argument:N", scale=shape, legend=legend),
            ),
            alt.Chart(data(words))
            .mark_text(align="left", baseline="middle", fontSize=11, color=INK)
            .encode(x=alt.XValue(0), y=y, text="text:N"),
        ).properties(width=NARROW if narrow else WIDE, height=ROW * len(questions)),
        **dress(
            " · ".join(
                [
                    short(result.cases[0].name),
                    _("as of {day}").format(day=day_text(result.as_of)),
                    from_seed(first.count, first.seed),
                    f"detente {head['version']}",
                ]
            ),
            _("{arguments}: what each makes of the questions").format(
                arguments=listed([*map(short, result.names)])
            ),
            _("One mark for each argument. Stacked: weighted by how well each did on earlier quarters."),
            says=_("The probability of each question under each argument: {chances}").format(
                chances=clauses(f"{own(q['text'])}: {_chances(q['chances'])}" for q in questions)
            ),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def _chances(chances: list[float | None]) -> str:
    return listed([_("not known") if chance is None else share(chance, 2) for chance in chances])
