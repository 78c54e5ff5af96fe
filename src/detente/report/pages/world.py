"""The page and the picture of heating and cooling rivalries."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from detente.base.outputs import write_outputs
from detente.report.pages.environment import page_of
from detente.report.pictures.heating import _LAST_ACTS, heating_chart
from detente.report.text.as_json import json_file, page_values, to_json
from detente.report.text.world import handful_text
from detente.studies.world.pairs import CLASSES
from detente.studies.world.run import WorldRun
from detente.studies.world.world import HOSTILE_DAYS

NAMES = ("world.json", "world.svg", "world.png", "index.html")


def write_world(run: WorldRun, out: Path, *, force: bool = False) -> list[Path]:
    """Write a world's numbers, picture and page into a folder: all of it or nothing.

    Parameters
    ----------
    run : WorldRun
    out : path
        Made if it does not exist.
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_outputs(_contents(run), NAMES, Path(out), inputs=run.chronicle.provenance.files, force=force)


def _contents(run: WorldRun) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import render, to_svg

    made = {"version": version("detente")}
    value = page_values(run) | made
    yield "world.json", json_file(to_json(run) | made)
    svg, png = render(heating_chart(value))
    yield "world.svg", svg.encode()
    yield "world.png", png
    yield "index.html", page(run, value, svg, to_svg(heating_chart(value, narrow=True))).encode()


def page(run: WorldRun, value: dict[str, Any], svg: str, narrow: str) -> str:
    """Return the page as HTML that needs no network.

    Parameters
    ----------
    run : WorldRun
    value : dict
        ``page_values(run)`` with the version.
    svg : str
        The picture.
    narrow : str
        The picture for a telephone.
    """
    fields = ("date", "class", "action", "code", "fatalities", "summary")
    rows = []
    for row in value["rates"]:
        last = run.last_acts(row["source"], row["target"], _LAST_ACTS).select(fields).to_dicts()
        rows.append(row | {"last": [act | {"date": act["date"].isoformat()} for act in last]})
    svgs = {"world": svg, "world-narrow": narrow}
    return page_of(
        "world.html.j2",
        svgs,
        value=value,
        rows=rows,
        classes=CLASSES,
        handful=handful_text(rows),
        hostile_days=HOSTILE_DAYS,
    )
