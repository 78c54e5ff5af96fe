"""The picture of questions: the model's probability beside base rates, the argument's words and the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.lab.run_result import Run
from detente.report.languages.language import ORIGINAL, _, sentences
from detente.report.pictures.style import GRID, INK, NARROW_WRAP, QUIET, data, dress, wrapped_lines
from detente.report.text.numbers import clauses, percent, to

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

MODEL, WORDS, BASE, RECENT = "#12507a", "#E69F00", "#009E73", "#CC79A7"
WIDE, NARROW, ROW, LINE = 900, 400, 68, 13  # pixels
AT = 0.84  # where the marks of a question lie in its row; its words lie above
WIDE_WRAP = 150  # characters of a question on one line


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as the picture shows it; what is not known is None.

    Attributes
    ----------
    text : str
    probability, low, high : float or None
        The model's, with the interval drawn around it; without a probability it lies between the two.
    base, recent : float or None
        Base rates over all earlier windows and over those of the last four years.
    base_low, base_high, recent_low, recent_high : float or None
        Between which they lie, where windows that cannot be settled leave it open.
    word : str
        The argument's own word of probability; empty if it has none.
    word_low, word_high : float or None
        Quartiles of what readers take the word to mean.
    outcome : str
    """

    text: str
    probability: float | None
    low: float | None = None
    high: float | None = None
    base: float | None = None
    recent: float | None = None
    word: str = ""
    word_low: float | None = None
    word_high: float | None = None
    outcome: str = ""
    base_low: float | None = None
    base_high: float | None = None
    recent_low: float | None = None
    recent_high: float | None = None


def questions_chart(run: Run, rows: Sequence[QuestionRow], *, narrow: bool = False) -> ChartType:
    """Draw one line a question: probability with its interval, base rates, the word's range and the outcome.

    Parameters
    ----------
    run : Run
    rows : sequence of QuestionRow
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    width, wrap = (NARROW, NARROW_WRAP) if narrow else (WIDE, WIDE_WRAP)
    y = _row(len(rows))
    x_axis = alt.Axis(title=None, format="%", values=[0, 0.25, 0.5, 0.75, 1], gridColor=GRID, orient="top")
    scale = alt.Scale(domain=[0, 1], nice=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=x_axis)

    def marks(what: str, mark: dict[str, Any], colour: str) -> Any:
        shown = [
            {"row": i + AT, "at": float(value)}
            for i, row in enumerate(rows)
            if (value := getattr(row, what)) is not None
        ]
        return alt.Chart(data(shown)).mark_point(**mark, color=colour).encode(x=x("at"), y=y)

    def bars(low: str, high: str, mark: dict[str, Any], colour: str) -> Any:
        shown = [
            {"row": i + AT, "low": float(a), "high": float(b)}
            for i, row in enumerate(rows)
            if (a := getattr(row, low)) is not None and (b := getattr(row, high)) is not None
        ]
        chart = alt.Chart(data(shown)).mark_bar(**mark, color=colour)
        return chart.encode(x=x("low"), x2="high:Q", y=y)

    layers = [
        bars("word_low", "word_high", {"height": 16, "opacity": 0.3}, WORDS),
        bars("low", "high", {"height": 5, "opacity": 0.55}, MODEL),
        bars("base_low", "base_high", {"height": 2, "yOffset": -5}, BASE),
        bars("recent_low", "recent_high", {"height": 2, "yOffset": 5}, RECENT),
        marks("base", {"shape": "diamond", "size": 70, "filled": False, "strokeWidth": 2}, BASE),
        marks("recent", {"shape": "square", "size": 55, "filled": False, "strokeWidth": 2}, RECENT),
        marks("probability", {"shape": "circle", "size": 90, "filled": True, "opacity": 1}, MODEL),
    ]
    words = any(row.word_low is not None for row in rows)
    return alt.vconcat(
        alt.layer(*layers, *_texts(rows, y, wrap)).properties(width=width, height=ROW * len(rows)),
        **dress(
            run,
            _("Questions: what the model says, what happened before, what the words mean")
            if words
            else _("Questions: what the model says, what happened before"),
            sentences(
                _(
                    "Blue dot and bar: probability over futures, and how far uncertainty about the coefficients moves "
                    "it (no bar: it cannot be estimated)."
                ),
                _("Blue bar without a dot: too many futures are ambiguous, so only its bounds are known.")
                if any(row.probability is None and row.low is not None for row in rows)
                else "",
                _("Green diamond: base rate over all earlier windows."),
                _("Pink square: base rate over the last four years."),
                _("A line in place of either: its bounds, as the data do not settle all windows.")
                if any(row.base_low is not None or row.recent_low is not None for row in rows)
                else "",
                _("Orange band: what half of the readers asked take the word to mean.") if words else "",
                _("At the end of the words: the outcome."),
            ),
            says=_(
                "For each question the model's probability, base rates, the argument's words and the outcome: {rows}"
            ).format(rows=clauses(f"{_named(row, i)}: {_chance(row)}" for i, row in enumerate(rows, 1))),
            wrap=wrap,
        ),
    )


def _named(row: QuestionRow, number: int) -> str:
    """Return the text of a question for a description, which can hold no other language; else its number."""
    return _("question {n}").format(n=number) if row.text.startswith(ORIGINAL) else row.text


def _texts(rows: Sequence[QuestionRow], y: alt.Y, wrap: int) -> list[alt.Chart]:
    """Return the words of each question above its marks, so that no screen is too narrow to show both."""
    import altair as alt

    shown = []
    for i, row in enumerate(rows):
        lines = wrapped_lines(row.text, wrap, max_lines=2, placeholder=" …") or [""]
        said = _("“{text}”").format(text=row.word) if row.word else ""
        ends = " · ".join(filter(None, [said, row.outcome]))
        lines += [ends] if ends else []
        for k, line in enumerate(lines):
            up = i + AT - (len(lines) - k) * LINE / ROW - 6 / ROW
            shown.append({"row": up, "text": line, "colour": QUIET if line == ends else INK})
    base = alt.Chart(data(shown)).mark_text(align="left", fontSize=11)
    return [
        base.encode(
            x=alt.XValue(0),
            y=y,
            text="text:N",
            color=alt.Color("colour:N", scale=None, legend=None),
        )
    ]


def _row(count: int) -> alt.Y:
    import altair as alt

    return alt.Y("row:Q", scale=alt.Scale(domain=[0, count], reverse=True, nice=False), axis=None)


def _chance(row: QuestionRow) -> str:
    if row.probability is None and row.low is not None and row.high is not None:
        return to(percent(row.low), percent(row.high))
    return _share(row.probability)


def _share(value: float | None) -> str:
    return _("not known") if value is None else percent(value)
