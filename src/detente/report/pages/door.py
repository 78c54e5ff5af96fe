"""The door test as a page: its picture, a sentence and the tables behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.outputs import write_outputs
from detente.base.progress import Progress
from detente.report.pages.environment import page_of
from detente.report.pictures.door import CELL_WORDS, EFFECT_WORDS, FIT_WORDS, door_chart
from detente.report.text.as_json import json_file, page_values, to_json

if TYPE_CHECKING:
    from detente.studies.whatif.door_result import Door

NAMES = ("door.json", "door.svg", "door.png", "index.html")
"""The files of a written door test, in the order in which they are made."""


def write_door(
    result: Door, out: Path, progress: Progress | None = None, *, force: bool = False
) -> list[Path]:
    """Write the numbers, the picture and the page of a door test into a folder: all of it or nothing.

    Parameters
    ----------
    result : Door
    out : path
        Made if it does not exist.
    progress : callable, optional
        Called with ("report", files made, files in all).
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_outputs(
        _contents(result), NAMES, Path(out), inputs=result.case.inputs, force=force, progress=progress
    )


def _contents(result: Door) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import render, to_svg

    yield "door.json", json_file(to_json(result))
    svg, png = render(door_chart(result))
    yield "door.svg", svg.encode()
    yield "door.png", png
    yield "index.html", render_door(result, svg, to_svg(door_chart(result, narrow=True))).encode()


def render_door(result: Door, svg: str, narrow: str) -> str:
    """Return the page of a door test as HTML that needs no network; `narrow` is the picture for a telephone."""
    return page_of("door.html.j2", {"door": svg, "door-narrow": narrow}, **door_context(result))


def door_context(result: Door) -> dict[str, Any]:
    """Return what the page's template reads beside the picture."""
    return {
        "value": page_values(result),
        "names": FIT_WORDS,
        "cells": CELL_WORDS,
        "effects": EFFECT_WORDS,
        "shown": ("neither", "mediator", "gesture", "both"),
    }
