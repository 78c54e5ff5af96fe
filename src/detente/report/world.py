"""The page and the picture of heating and cooling rivalries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.report._style import COLOUR_OF, QUIET, data, dress, short
from detente.report.page import environment
from detente.report.write import write_files
from detente.world import CLASSES
from detente.worlds import WorldRun

if TYPE_CHECKING:
    import altair as alt

NAMES = ("world.json", "world.svg", "world.png", "index.html")
_SHOWN, _LAST_ACTS = 15, 12
_HOT, _COLD = COLOUR_OF["force"], COLOUR_OF["joint"]


def write_world(run: WorldRun, out: Path) -> list[Path]:
    """Write a world's numbers, picture and page into a folder: all of it or nothing.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_files(_contents(run), len(NAMES), Path(out))


def _contents(run: WorldRun) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures import render

    value = run.to_dict() | {"version": version("detente")}
    yield "world.json", f"{json.dumps(value, indent=1, ensure_ascii=False)}\n".encode()
    svg, png = render(picture(value))
    yield "world.svg", svg.encode()
    yield "world.png", png
    yield "index.html", page(run, value, svg).encode()


def page(run: WorldRun, value: dict[str, Any], svg: str) -> str:
    """Return the page as HTML that asks no host for anything.

    Parameters
    ----------
    run : WorldRun
    value : dict
        ``run.to_dict()`` with the version.
    svg : str
        The picture.
    """
    from markupsafe import Markup

    told = ("date", "class", "action", "code", "summary")
    rows = []
    for row in value["rates"]:
        last = run.last_acts(row["source"], row["target"], _LAST_ACTS).select(told).to_dicts()
        rows.append(row | {"last": [act | {"date": act["date"].isoformat()} for act in last]})
    svgs = {"world": Markup(svg)}  # noqa: S704 - written and escaped by `render`
    return (
        environment().get_template("world.html.j2").render(value=value, rows=rows, classes=CLASSES, svgs=svgs)
    )


def picture(value: dict[str, Any]) -> alt.LayerChart | alt.FacetChart:
    """Draw the pairs that heat up and cool down most: from the rate over months to the rate of late."""
    import altair as alt

    ranked = value["rates"]
    shown = ranked if len(ranked) <= 2 * _SHOWN else ranked[:_SHOWN] + ranked[-_SHOWN:]
    rows = [
        {
            "pair": f"{row['source']} → {row['target']}",
            "months": row["hostile_months"] + 0.01,
            "lately": row["hostile_week"] + 0.01,
            "way": "heats up" if row["heating"] > 0 else "cools down",
        }
        for row in shown
    ]
    y = alt.Y("pair:N", sort=[row["pair"] for row in rows], axis=alt.Axis(title=None, labelLimit=200))
    axis = alt.Axis(title="hostile acts a day, plus a hundredth (log scale)", format="~g")
    x = alt.X("months:Q", scale=alt.Scale(type="log"), axis=axis)
    colour = alt.Color(
        "way:N",
        scale=alt.Scale(domain=["heats up", "cools down"], range=[_HOT, _COLD]),
        legend=alt.Legend(title=None, orient="top"),
    )
    base = alt.Chart(data(rows))
    line = base.mark_rule(strokeWidth=2.5).encode(y=y, x=x, x2="lately:Q", color=colour)
    before = base.mark_point(color=QUIET, filled=True, size=30, opacity=1).encode(y=y, x=x)
    now = base.mark_point(filled=True, size=70, opacity=1).encode(
        y=y, x=alt.X("lately:Q", axis=axis), color=colour
    )
    return alt.layer(line, before, now).properties(
        width=620,
        height=18 * len(rows),
        **dress(
            f"{short(value['file'])} · through {value['data_through']} · detente {value['version']}",
            "Rivalries that heat up and cool down",
            "Grey: hostile acts a day over the last months. Colour: lately. Sorted by the change.",
            says="For the pairs that changed most, hostile acts a day over months and lately.",
        ),
    )
