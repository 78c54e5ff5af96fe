"""The third picture: what the argument said of each mechanism's coefficients, and what events left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.lab.run_result import Run
from detente.report.languages.language import _, mechanism_word
from detente.report.pictures.style import GRID, INK, NARROW_WRAP, PAPER, QUIET, data, dress, short
from detente.report.text.numbers import percent

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

WIDE, NARROW, ROW, HIGH_ROW = 520, 400, 17, 32  # pixels
Z = 1.6448536269514722  # half-width of a normal law's central 90 %, in standard deviations
ENOUGH = 0.10  # share of the prior sd that events must remove before a verdict is given
MOVED, UNMOVED, PRIOR = "#2c86bd", "#a9cce3", "#555555"


def _rows(run: Run) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a row for each mechanism's heading, and one for each of its coefficients, in the argument's order."""
    moved, fit = run.moved_by_events(), run.posterior
    headings: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for c, mean, sd in zip(fit.program.coefficients, fit.mean.tolist(), fit.sd.tolist(), strict=True):
        removed = moved.get(f"{c.mechanism}.{c.term}")
        if removed is None:
            continue
        if not headings or headings[-1]["text"] != short(mechanism_word(c.mechanism)):
            headings.append({"row": len(headings) + len(rows), "text": short(mechanism_word(c.mechanism))})
        rows.append(
            {
                "row": len(headings) + len(rows),
                "term": short(mechanism_word(c.term).replace("_", " ")),
                "prior": c.prior.mean,
                "prior_low": c.prior.mean - Z * c.prior.sd,
                "prior_high": c.prior.mean + Z * c.prior.sd,
                "mean": mean,
                "low": mean - Z * sd,
                "high": mean + Z * sd,
                "removed": percent(removed),
                "colour": MOVED if removed >= ENOUGH else UNMOVED,
            }
        )
    return headings, rows


def priors_chart(run: Run, *, narrow: bool = False) -> ChartType:
    """Draw prior and posterior of every mechanism's coefficients, and how much of the prior's width events removed.

    Parameters
    ----------
    run : Run
    narrow : bool
        As wide as a telephone.
    """
    headings, rows = _rows(run)
    return forest(
        headings,
        rows,
        _("removed"),
        dress(
            run,
            _("How the events changed the priors"),
            _("Thin line: 90 % of the prior, tick at its mean. Bar: 90 % of the posterior, dot at its mean."),
            _(
                "Right: share of the prior's standard deviation that events removed; pale below {share}, where the "
                "coefficient still rests on its prior."
            ).format(share=percent(ENOUGH)),
            says=_(
                "For each coefficient of a mechanism its prior and its posterior interval, and how much events "
                "narrowed it."
            ),
            wrap=NARROW_WRAP if narrow else None,
        ),
        narrow=narrow,
    )


def forest(
    headings: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    right: str,
    dressed: dict[str, Any],
    *,
    narrow: bool = False,
) -> ChartType:
    """Draw a prior and a posterior on each row, its name at the left and a word at the right.

    In a narrow picture both lie above the marks, so that no screen is too narrow to show them together.

    Parameters
    ----------
    headings : list of dict
        Each with ``row`` and ``text``.
    rows : list of dict
        Each with ``row, term, removed, colour, prior, prior_low, prior_high, mean, low, high``.
    right : str
        What the words at the right are.
    dressed : dict
        What `dress` returns.
    narrow : bool
        As wide as a telephone.
    """
    import altair as alt

    count = len(headings) + len(rows)
    y_scale = alt.Scale(domain=[-0.5, max(count, 1) - 0.5], reverse=True, nice=False, zero=False)
    y = alt.Y("row:Q", scale=y_scale, axis=None)
    ends = [0.0, *(row[key] for row in rows for key in ("prior_low", "prior_high", "low", "high"))]
    margin = 0.04 * (max(ends) - min(ends)) or 1.0
    domain = [min(ends) - margin, max(ends) + margin]

    width, height, ticks = (NARROW, HIGH_ROW, 5) if narrow else (WIDE, ROW, 8)
    x_scale = alt.Scale(domain=domain, nice=False, zero=False)

    def x(field: str, axis: alt.Axis | None = None) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    ratio = alt.Axis(
        title=_("rate ratio: times the daily rate for each unit of the feature"),
        orient="top",
        grid=False,
        tickCount=ticks,
        labelExpr="'× ' + format(exp(datum.value), '.2f')",
    )
    log_rate = alt.Axis(title=_("coefficient: added to the log of the daily rate"), tickCount=ticks)
    nought = alt.Chart(data([{"nought": 0.0}]))
    layers: list[Any] = [
        nought.mark_rule(color=INK, strokeWidth=1).encode(x=x("nought", log_rate)),
        nought.mark_rule(opacity=0).encode(x=x("nought", ratio)),
    ]
    base, colour = alt.Chart(data(rows)), alt.Color("colour:N", scale=None, legend=None)
    if rows:
        layers += [
            base.mark_bar(height=8).encode(x=x("low"), x2=alt.X2("high:Q"), y=y, color=colour),
            base.mark_rule(color=PRIOR, strokeWidth=1.2).encode(
                x=x("prior_low"), x2=alt.X2("prior_high:Q"), y=y
            ),
            base.mark_tick(color=PRIOR, thickness=1.2, height=11).encode(x=x("prior"), y=y),
            base.mark_point(filled=True, color=INK, size=22, opacity=1).encode(x=x("mean"), y=y),
            *(_words_above if narrow else _words_beside)(base, alt.Chart(data(headings)), y, right),
        ]
    return alt.LayerChart(
        layer=layers,
        width=width,
        height=height * max(count, 3),
        resolve=alt.Resolve(axis={"x": "independent"}),
        **dressed,
    )


def _words_above(base: alt.Chart, headings: alt.Chart, y: alt.Y, name: str) -> list[alt.Chart]:
    """Return the names and the shares above the marks of their rows."""
    import altair as alt

    left, right = {"x": alt.XValue(0), "y": y}, {"x": alt.XValue(NARROW), "y": y}
    first = alt.Chart(data([{"row": 0, "text": name}]))
    names = base.mark_text(align="left", dy=-13, fontSize=11, color=INK)
    halo = base.mark_text(align="left", dy=-13, fontSize=11, stroke=PAPER, strokeWidth=3, opacity=0.85)
    return [
        *(text.encode(text=alt.Text("term:N"), **left) for text in (halo, names)),
        headings.mark_text(align="left", fontSize=11, fontWeight="bold", color=INK).encode(
            text=alt.Text("text:N"), **left
        ),
        base.mark_text(align="right", dy=-13, fontSize=11, color=QUIET).encode(
            text=alt.Text("removed:N"), **right
        ),
        first.mark_text(align="right", fontSize=11, fontWeight="bold", color=INK).encode(
            text=alt.Text("text:N"), **right
        ),
    ]


def _words_beside(base: alt.Chart, headings: alt.Chart, y: alt.Y, name: str) -> list[alt.Chart]:
    """Return the names at the left and the shares at the right."""
    import altair as alt

    left, right = {"x": alt.XValue(0), "y": y}, {"x": alt.XValue(WIDE), "y": y}
    first = alt.Chart(data([{"row": 0, "text": name}]))
    return [
        base.mark_text(align="right", dx=-10, fontSize=11, color=INK).encode(text=alt.Text("term:N"), **left),
        headings.mark_text(align="right", dx=-10, fontSize=11, fontWeight="bold", color=INK).encode(
            text=alt.Text("text:N"), **left
        ),
        headings.mark_rule(color=GRID).encode(y=y),
        base.mark_text(align="right", dx=58, fontSize=11, color=QUIET).encode(
            text=alt.Text("removed:N"), **right
        ),
        first.mark_text(align="right", dx=58, fontSize=11, fontWeight="bold", color=INK).encode(
            text=alt.Text("text:N"), **right
        ),
    ]
