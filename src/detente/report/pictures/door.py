"""The picture of the door test: five cells under four fits, with what each adds to the hazard of talks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.formats import day_text
from detente.report.languages.language import _, for_later, sentences, word
from detente.report.pictures.style import (
    GRID,
    INK,
    LINE,
    NARROW_WRAP,
    QUIET,
    data,
    dress,
    of_argument,
    plural,
    short,
)
from detente.report.text.unlock import sentence

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

    from detente.studies.whatif.door_result import Door, DoorCells

CELL_WORDS = {
    "neither": for_later("neither"),
    "mediator": for_later("a mediator"),
    "gesture": for_later("the locker's gestures"),
    "both": for_later("both"),
    "other_gesture": for_later("the other's gestures"),
}
FIT_WORDS = {
    "argument": for_later("the argument's priors"),
    "zero, own sd": for_later("thesis at zero, own sds"),
    "zero, sd 1": for_later("thesis at zero, sd 1"),
    "no events": for_later("the priors, no events seen"),
}
EFFECT_WORDS = {
    "mediator": for_later("a mediator"),
    "gesture": for_later("the locker's gestures"),
    "other_gesture": for_later("the other's gestures"),
    "interaction": for_later("both, beyond their sum"),
}
_LOCKER, _OTHERS = "#D55E00", "#12507a"
_WIDTH, _ROW = 205, 24


def door_chart(result: Door, *, narrow: bool = False) -> ChartType:
    """Draw the chance of talks in each cell, and below it each effect, one column a fit, with 90 % intervals.

    Parameters
    ----------
    result : Door
    narrow : bool
        All fits in one column, for a telephone.
    """
    import altair as alt

    panels, effects = [], []
    reach = max(0.1, *_ends(_kept(result)))
    for i, (fit, table) in enumerate(result.fits.items()):
        cells = [
            {
                "row": _(CELL_WORDS[cell]),
                "mean": v["talks"].mean,
                "low": v["talks"].low,
                "high": v["talks"].high,
            }
            for cell, v in table.cells.items()
        ]
        x = alt.X(
            "low:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title=_("chance of talks in a year"), format="%", tickCount=3, gridColor=GRID),
        )
        order = [_(cell) for cell in CELL_WORDS.values()]
        panels.append(_panel(cells, order, x, _(FIT_WORDS[fit]), names=narrow or i == 0))
        shifts = [
            {"row": _(EFFECT_WORDS[name]), "mean": v.mean, "low": v.low, "high": v.high}
            for name, v in table.effects.items()
        ]
        x = alt.X(
            "low:Q",
            scale=alt.Scale(domain=[-reach, reach], clamp=True),
            axis=alt.Axis(title=_("added to the log hazard"), tickCount=5, gridColor=GRID),
        )
        zero = alt.Chart(data([{"at": 0.0}])).mark_rule(color=LINE, strokeDash=[4, 3]).encode(x="at:Q")
        order = [_(effect) for effect in EFFECT_WORDS.values()]
        panel = _panel(shifts, order, x, "", names=narrow or i == 0)
        effects.append(alt.layer(zero, panel))
    farthest = max(_ends(list(result.fits.values())))
    beyond = _("Lines at the edge of the lower axes run on, to {most:.1f} at most.").format(most=farthest)
    case = result.case
    rests_on = " · ".join(
        [
            of_argument(case.name, case.argument.argument),
            _("as of {day}").format(day=day_text(result.as_of)),
            _("{draws} draws of {paths}, seed {seed}").format(
                draws=f"{result.draws:,}", paths=plural(result.copies, "path"), seed=result.seed
            ),
            _("locker {actor}").format(actor=short(result.locker)),
        ]
    )
    if narrow:
        one_column = [panel for pair in zip(panels, effects, strict=True) for panel in pair]
        whole: Any = alt.vconcat(*one_column, spacing=22)
    else:
        whole = alt.vconcat(alt.hconcat(*panels, spacing=22), alt.hconcat(*effects, spacing=22), spacing=24)
    drawn: ChartType = whole.properties(
        **dress(
            rests_on,
            _("Who can restart talks? Verdict: {verdict}").format(verdict=word(result.verdict)),
            _(
                "Dots: means. Lines: central 90 % over draws of the posterior. Orange: what takes the locker's "
                "own move."
            ),
            sentences(
                _(
                    "The thesis holds if the locker's gestures and what both add beyond their sum are clearly "
                    "above zero."
                ),
                beyond if farthest > reach else "",
            ),
            says=_(
                "Chance of talks within a year in five cells under four fits, and what each adds to their hazard: "
                "{sentence}"
            ).format(sentence=sentence(result)),
            wrap=NARROW_WRAP if narrow else None,
        )
    )
    return drawn


def _ends(tables: list[DoorCells]) -> list[float]:
    return [abs(v) for table in tables for e in table.effects.values() for v in (e.low, e.high)]


def _kept(result: Door) -> list[DoorCells]:
    """Return the tables the axis of effects is cut to: those whose priors are not the widest."""
    return [t for name, t in result.fits.items() if name != "zero, sd 1"]


def _panel(rows: list[dict[str, object]], order: list[str], x: alt.X, title: str, *, names: bool) -> Any:
    import altair as alt

    axis = alt.Axis(title=None, labelLimit=220, ticks=False, domain=False, labelColor=INK, labelFontSize=11.5)
    y = alt.Y("row:N", sort=order, axis=axis if names else alt.Axis(title=None, labels=False, ticks=False))
    own = [_("the locker's gestures"), _("both"), _("both, beyond their sum")]
    colour = alt.condition(
        alt.FieldOneOfPredicate(field="row", oneOf=own), alt.value(_LOCKER), alt.value(_OTHERS)
    )
    base = alt.Chart(data(rows))
    span = base.mark_rule(strokeWidth=2.5, opacity=0.55).encode(x=x, x2="high:Q", y=y, color=colour)
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x="mean:Q", y=y, color=colour)
    panel = alt.layer(span, dots).properties(width=_WIDTH, height=_ROW * len(order))
    if not title:
        return panel
    return panel.properties(title=alt.TitleParams(title, color=QUIET, fontSize=12, fontWeight="bold"))
