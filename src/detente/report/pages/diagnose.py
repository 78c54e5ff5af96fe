"""Checks of a fit as files: four pictures, an offline page and the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.base.outputs import write_outputs
from detente.base.progress import Progress
from detente.report.languages.formats import day_text
from detente.report.pages.environment import page_of
from detente.report.pictures.diagnose import PICTURES
from detente.report.pictures.render import picture_files
from detente.report.text.as_json import json_file, page_values, to_json
from detente.studies.diagnose.result import Checks

NAMES = (
    "checks.json",
    *(f"{name}.{ending}" for name in PICTURES for ending in ("svg", "png")),
    "index.html",
)
"""The files of written checks, in the order in which they are made."""


def write_checks(
    checks: Checks, out: Path, progress: Progress | None = None, *, force: bool = False
) -> list[Path]:
    """Write the numbers, the pictures and the page of checks into a folder, all of them or none.

    Parameters
    ----------
    checks : Checks
    out : path
        Made if it does not exist.
    progress : callable, optional
        Called with ("report", files made, files in all).
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Returns
    -------
    list of Path

    Raises
    ------
    OutputError
        If `out` cannot be written.
    """
    return write_outputs(
        _contents(checks), NAMES, Path(out), inputs=checks.inputs, force=force, progress=progress
    )


def _contents(checks: Checks) -> Iterator[tuple[str, bytes]]:
    yield "checks.json", json_file(to_json(checks))
    svgs: dict[str, str] = {}
    yield from picture_files(PICTURES, checks, svgs=svgs)
    yield "index.html", render_checks_page(checks, svgs).encode()


def render_checks_page(checks: Checks, svgs: dict[str, str]) -> str:
    """Return the page of checks as HTML that needs no network."""
    return page_of("diagnose.html.j2", svgs, **checks_context(checks))


def checks_context(checks: Checks) -> dict[str, Any]:
    """Return what the page's template reads beside the pictures."""
    return {"value": page_values(checks), "as_of": day_text(checks.as_of)}
