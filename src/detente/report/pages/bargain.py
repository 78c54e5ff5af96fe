"""A bargain as files: three pictures, an offline page and the numbers behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.outputs import write_outputs
from detente.base.progress import Progress
from detente.report.pages.environment import page_of
from detente.report.pictures.bargain import acceptance_chart, drawn, moves_chart
from detente.report.pictures.zone import zone_chart
from detente.report.text.as_json import json_file, page_values, to_json
from detente.report.text.bargain import interval_of_draws, verdict_lines, zone_sentence
from detente.studies.bargain.bargain import Bargain

if TYPE_CHECKING:
    from altair.typing import ChartType

    from detente.base.workers import Workers

NAMES = (
    "bargain.json",
    "zone-by-pair.svg",
    "zone-by-pair.png",
    "acceptance.svg",
    "acceptance.png",
    "moves.svg",
    "moves.png",
    "index.html",
)
"""The files of a written bargain, in the order in which they are made."""


def write_bargain(
    result: Bargain,
    out: Path,
    progress: Progress | None = None,
    *,
    force: bool = False,
    workers: Workers | None = None,
) -> list[Path]:
    """Write the numbers, the pictures and the page of a bargain into a folder: all of it or nothing.

    Parameters
    ----------
    result : Bargain
    out : path
        Made if it does not exist.
    progress : callable, optional
        Called with ("report", files made, files in all).
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.
    workers : Workers, optional
        Processes that draw the pictures; else they are drawn here.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_outputs(
        _contents(result, workers),
        NAMES,
        Path(out),
        inputs=result.argument.files,
        force=force,
        progress=progress,
    )


def _contents(result: Bargain, workers: Workers | None) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import picture_files

    more = drawn(result)
    value = to_json(result) | {"pictures": more.to_dict()}
    yield "bargain.json", json_file(value)
    svgs: dict[str, str] = {}
    yield from picture_files(PICTURES, result, more, svgs=svgs, workers=workers)
    yield "index.html", render_bargain_page(result, svgs).encode()


def render_bargain_page(result: Bargain, svgs: Mapping[str, str]) -> str:
    """Return the page of a bargain as HTML that needs no network."""
    return page_of("bargain.html.j2", svgs, **bargain_context(result))


def bargain_context(result: Bargain) -> dict[str, Any]:
    """Return what the page's template reads beside the pictures."""
    spec = result.inputs.spec
    return {
        "value": page_values(result),
        "title": result.argument.title,
        "lead_sentence": zone_sentence(result),
        "of_draws": interval_of_draws(result),
        "verdict": verdict_lines(result),
        "issues": spec.issues,
        "demands": {name: spec.demands[name] for name in result.inputs.demands},
        "because": result.inputs.because,
    }


PICTURES: dict[str, Callable[..., ChartType]] = {
    "zone-by-pair": zone_chart,
    "acceptance": acceptance_chart,
    "moves": moves_chart,
}
"""The pictures of a bargain by name, in the order in which they are shown."""
