"""Analogues as a page: the picture, moments with what followed each, crises, and other pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.outputs import write_outputs
from detente.base.progress import Progress
from detente.report.pages.environment import page_of
from detente.report.pictures.moments import moments_chart
from detente.report.text.actors import act_text, named
from detente.report.text.as_json import json_file, to_json

if TYPE_CHECKING:
    from detente.studies.analogues.related import Analogues

NAMES = ("analogues.json", "moments.svg", "moments.png", "index.html")
"""The files of written analogues, in the order in which they are made."""


def write_analogues(
    result: Analogues, out: Path, progress: Progress | None = None, *, force: bool = False
) -> list[Path]:
    """Write moments, crises, picture and page into a folder: all of it or nothing.

    Parameters
    ----------
    result : Analogues
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
    inputs = (*result.case.inputs, *result.files)
    return write_outputs(_contents(result), NAMES, Path(out), inputs=inputs, force=force, progress=progress)


def _contents(result: Analogues) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import render, to_svg

    yield "analogues.json", json_file(to_json(result))
    svg, png = render(moments_chart(result))
    yield "moments.svg", svg.encode()
    yield "moments.png", png
    yield "index.html", render_analogues(result, svg, to_svg(moments_chart(result, narrow=True))).encode()


def render_analogues(result: Analogues, svg: str, narrow: str) -> str:
    """Return the page of analogues as HTML that needs no network; `narrow` is the picture for a telephone."""
    svgs = {"moments": svg, "moments-narrow": narrow}
    return page_of("analogues.html.j2", svgs, **analogues_context(result))


def analogues_context(result: Analogues) -> dict[str, Any]:
    """Return what the page's template reads beside the picture."""
    return {"value": to_json(result), "named": named(result.case), "act_text": act_text}
