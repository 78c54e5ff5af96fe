"""Mediators as a page: the picture, the ranks and the acts behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.outputs import write_outputs
from detente.base.progress import Progress
from detente.report.pages.environment import page_of
from detente.report.pictures.mediators import mediators_chart
from detente.report.text.actors import named
from detente.report.text.as_json import json_file, page_values, to_json

if TYPE_CHECKING:
    from detente.studies.whatif.mediators import Mediators

NAMES = ("mediators.json", "mediators.svg", "mediators.png", "index.html")
"""The files of written mediators, in the order in which they are made."""


def write_mediators(
    result: Mediators, out: Path, progress: Progress | None = None, *, force: bool = False
) -> list[Path]:
    """Write ranks, picture and page into a folder: all of it or nothing.

    Parameters
    ----------
    result : Mediators
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


def claimed_mediator(result: Mediators) -> str | None:
    """Return the third party whose rank a claim of the argument speaks of."""
    return next((c.mediator for c in result.case.argument.claims if c.mediator), None)


def _contents(result: Mediators) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import render, to_svg

    yield "mediators.json", json_file(to_json(result))
    also = claimed_mediator(result)
    svg, png = render(mediators_chart(result, also))
    narrow = to_svg(mediators_chart(result, also, narrow=True))
    yield "mediators.svg", svg.encode()
    yield "mediators.png", png
    yield "index.html", render_mediators(result, svg, narrow).encode()


def render_mediators(result: Mediators, svg: str, narrow: str) -> str:
    """Return the page of mediators as HTML that needs no network; `narrow` is the picture for a telephone."""
    svgs = {"mediators": svg, "mediators-narrow": narrow}
    return page_of("mediators.html.j2", svgs, **mediators_context(result))


def mediators_context(result: Mediators) -> dict[str, Any]:
    """Return what the page's template reads beside the picture."""
    return {
        "value": page_values(result),
        "named": named(result.case),
        "principals": list(result.case.argument.principals or ()),
    }
