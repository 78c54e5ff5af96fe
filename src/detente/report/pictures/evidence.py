"""Pictures of the event study: effects before and after an episode, rivalries, and what each row could have shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, word
from detente.report.pictures.style import COLOUR_OF, INK, LINE, NARROW_WRAP, QUIET, data, dress
from detente.report.text.evidence.evidence import pair_name
from detente.report.text.numbers import to

if TYPE_CHECKING:
    from altair.typing import ChartType

_BLUE, _RED = COLOUR_OF["joint"], COLOUR_OF["force"]
_MOST_PAIRS = 12
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # ratios that a picture may show
_LOWEST, _HIGHEST = 0.1, 10.0  # and those that each does
_Reach = tuple[float, float]


def made_from(value: dict[str, Any]) -> str:
    """Say what a picture rests on."""
    said = _(
        "{rivalries} pairs of states, {held} held out · protocol {protocol} · {permutations} permutations, seed {seed}"
    )
    return said.format(
        rivalries=value["rivalries"],
        held=_(" and ").join(value["held_out"]),
        protocol=value["protocol"]["sha256"][:12],
        permutations=f"{value['permutations']:,}",
        seed=value["seed"],
    )


def reach_of(rows: Iterable[Mapping[str, Any]]) -> _Reach:
    """Return the lowest and the highest ratio of an axis on which every interval ends, as far as there are ticks.

    Examples
    --------
    >>> (
    ...     reach_of([{"low": 0.6, "high": 1.2}]),
    ...     reach_of([{"low": 0.03, "high": 18.8}, {"low": 1.0, "high": 900.0}]),
    ... )
    ((0.1, 10.0), (0.02, 100))
    """
    low, high = _LOWEST, _HIGHEST
    for row in rows:
        low = min(low, max((tick for tick in _TICKS if tick <= row["low"]), default=_TICKS[0]))
        high = max(high, min((tick for tick in _TICKS if tick >= row["high"]), default=_TICKS[-1]))
    return low, high


def _cut(ratio: float, reach: _Reach) -> float:
    return min(max(ratio, reach[0]), reach[1])


def _ratio_axis(field: str, title: str | None, reach: _Reach, *, y: bool = False) -> Any:
    import altair as alt

    scale = alt.Scale(type="log", domain=list(reach), nice=False)
    ticks = [tick for tick in _TICKS if reach[0] <= tick <= reach[1]]
    axis = alt.Axis(title=title, values=ticks, format="~g")
    return (alt.Y if y else alt.X)(f"{field}:Q", scale=scale, axis=axis)


def _marks(row: Mapping[str, Any], reach: _Reach) -> dict[str, float]:
    return {name: _cut(row[name], reach) for name in ("effect", "low", "high")}


def lags_chart(value: dict[str, Any], *, narrow: bool = False) -> ChartType:
    """Draw for each row the ratio in windows before and after the episode; before it nothing should be seen."""
    import altair as alt

    panels: list[Any] = []
    found = [row for row in value["rows"] if row.get("effect") is not None]
    shown = [w for row in found for w in (*row["leads"], *(row["lags"] or [row])) if w["effect"] is not None]
    reach = reach_of(shown)
    for row in found:
        before, after = _("before: placebo"), _("after")
        windows = [*((w, before) for w in row["leads"]), *((w, after) for w in row["lags"])]
        if not row["lags"]:
            windows.append(({"from": 0, "until": 0, **{k: row[k] for k in ("effect", "low", "high")}}, after))
        points = [
            {"at": _span(w), "order": i, "part": part, **_marks(w, reach)}
            for i, (w, part) in enumerate(windows)
            if w["effect"] is not None
        ]
        if points:
            panels.append(_panel(row["id"], points, reach, width=150 if narrow else 200))
    columns = 2 if narrow else 3
    return alt.concat(*panels, columns=columns, spacing=24).properties(
        **dress(
            made_from(value),
            _("Before and after the episode"),
            _(
                "Ratio of episodes to controls of the same cell, with 90 % intervals, by months from the episode,"
            ),
            _(
                "or by years where sanctions are compared. Orange: before it, where a sound design shows nothing."
            ),
            says=_("For each row the ratio of episodes to controls in windows before and after the episode."),
            wrap=NARROW_WRAP if narrow else None,
        )
    )


def _span(window: dict[str, Any]) -> str:
    since, until = window["from"], window["until"]
    if since == until:
        return _("outcome") if since == 0 else str(since)
    return to(str(since), str(until))


def _panel(name: str, points: list[dict[str, Any]], reach: _Reach, width: int) -> Any:
    import altair as alt

    base = alt.Chart(data(points))
    x = alt.X(
        "at:N",
        sort=[str(p["at"]) for p in points],
        axis=alt.Axis(title=None, labelAngle=-45, labelOverlap=False),
    )
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=[_("before: placebo"), _("after")], range=[_RED, _BLUE]),
        legend=None,
    )
    even = (
        alt.Chart(data([{"even": 1.0}]))
        .mark_rule(color=LINE, strokeDash=[4, 3])
        .encode(y=_ratio_axis("even", None, reach, y=True))
    )
    bars = base.mark_rule(strokeWidth=2).encode(
        x=x, y=_ratio_axis("low", None, reach, y=True), y2="high:Q", color=colour
    )
    dots = base.mark_point(filled=True, size=45, opacity=1).encode(
        x=x, y=_ratio_axis("effect", None, reach, y=True), color=colour
    )
    return alt.layer(even, bars, dots).properties(width=width, height=130, title=name)


def forest_chart(row: dict[str, Any], value: dict[str, Any], *, narrow: bool = False) -> ChartType:
    """Draw one row's effect in the rivalries with most episodes, pulled towards the mean, and in a new rivalry."""
    from math import exp

    import altair as alt

    from detente.report.pictures.priors import Z

    pooled = row["pooled"]
    shown = sorted(pooled["pairs"], key=lambda p: -p["episodes"])[:_MOST_PAIRS]
    middle, sd = pooled["new_mean"], pooled["new_sd"]
    new = {"effect": exp(middle), "low": exp(middle - Z * sd), "high": exp(middle + Z * sd)}
    reach = reach_of([*shown, row, new])
    rows = [
        {"name": f"{pair_name(p)} ({p['episodes']})", "kind": "rivalry", **_marks(p, reach)} for p in shown
    ]
    rows += [{"name": _("all together"), "kind": "all", **_marks(row, reach)}]
    rows += [{"name": _("a rivalry not among them"), "kind": "new", **_marks(new, reach)}]
    base = alt.Chart(data(rows))
    y = alt.Y(
        "name:N",
        sort=[str(r["name"]) for r in rows],
        axis=alt.Axis(title=None, labelLimit=170 if narrow else 240),
    )
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["rivalry", "all", "new"], range=[QUIET, _BLUE, _RED]),
        legend=None,
    )
    even = (
        alt.Chart(data([{"even": 1.0}]))
        .mark_rule(color=LINE, strokeDash=[4, 3])
        .encode(x=_ratio_axis("even", None, reach))
    )
    bars = base.mark_rule(strokeWidth=2).encode(
        y=y,
        x=_ratio_axis("low", _("{scale} (log scale)").format(scale=word(row["scale"])), reach),
        x2="high:Q",
        color=colour,
    )
    dots = base.mark_point(filled=True, size=50, opacity=1).encode(
        y=y, x=_ratio_axis("effect", None, reach), color=colour
    )
    return alt.layer(even, bars, dots).properties(
        width=200 if narrow else 420,
        height=18 * len(rows),
        **dress(
            made_from(value),
            _("{row} over rivalries").format(row=row["id"]),
            _(
                "The {n} pairs with most episodes (in brackets), each pulled towards the mean; 90 % intervals."
            ).format(n=len(shown)),
            _(
                "Spread between rivalries {between:.2f} ({between_low:.2f} to {between_high:.2f}), before the data "
                "{between_prior_median:.2f}."
            ).format(**pooled),
            says=_(
                "The effect of {row} in single rivalries, in all, and in a rivalry that is not among them."
            ).format(row=row["id"]),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )


def power_chart(value: dict[str, Any], *, narrow: bool = False) -> ChartType:
    """Draw what each row found beside the ratios that it would have missed."""
    import altair as alt

    found = [row for row in value["rows"] if row.get("mde") is not None]
    reach = reach_of(found)
    rows = [
        {
            "name": row["id"],
            "missed_low": _cut(1 / row["mde"], reach),
            "missed_high": _cut(row["mde"], reach),
            "verdict": word(row["verdict"]),
            **_marks(row, reach),
        }
        for row in found
    ]
    base = alt.Chart(data(rows))
    y = alt.Y("name:N", sort=[str(r["name"]) for r in rows], axis=alt.Axis(title=None))
    missed = base.mark_bar(height=13, color=LINE, opacity=0.4).encode(
        y=y, x=_ratio_axis("missed_low", _("ratio (log scale)"), reach), x2="missed_high:Q"
    )
    bars = base.mark_rule(strokeWidth=2.2, color=_BLUE).encode(
        y=y, x=_ratio_axis("low", None, reach), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=50, opacity=1, color=_BLUE).encode(
        y=y, x=_ratio_axis("effect", None, reach)
    )
    width = 220 if narrow else 430
    words = base.mark_text(align="left", dx=8, color=INK, fontSize=11).encode(
        y=y, x=alt.XValue(width), text="verdict:N"
    )
    return alt.layer(missed, bars, dots, words).properties(
        width=width,
        height=24 * max(len(rows), 1),
        **dress(
            made_from(value),
            _("What each row could have shown"),
            _(
                "Grey: ratios that the test finds with less than .8. Blue: the ratio found, with its 90 % interval."
            ),
            says=_("For each row the ratio found, and the ratios that the test would have missed."),
            wrap=NARROW_WRAP if narrow else None,
        ),
    )
