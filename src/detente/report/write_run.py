"""Write a run into a folder: all of its files, or none and no trace."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from detente.base.outputs import write_outputs
from detente.base.ownership import parquet_mark
from detente.base.progress import Progress
from detente.report.text.as_json import json_file, to_json

if TYPE_CHECKING:
    from detente.base.workers import Workers
    from detente.lab.run_result import Run

FILES = (
    "result.json",
    "futures.parquet",
    "timeline.svg",
    "timeline.png",
    "fans.svg",
    "fans.png",
    "priors.svg",
    "priors.png",
    "index.html",
)
"""The files of a written run, in the order in which they are made."""


def write_run(
    run: Run,
    out: Path,
    progress: Progress | None = None,
    *,
    force: bool = False,
    workers: Workers | None = None,
) -> list[Path]:
    """Write a run's numbers, acts, pictures and page into a folder.

    Everything is made in a temporary folder first. If anything fails, or the user stops it, `out` is as it was before.

    Parameters
    ----------
    run : Run
    out : path
        Made if it does not exist. Files of an earlier run are replaced, other files in it stay.
    progress : callable, optional
        Called with ("report", files made, files in all).
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.
    workers : Workers, optional
        Processes that draw the pictures; else they are drawn here.

    Returns
    -------
    list of Path
        The files, in the order of `FILES`.

    Raises
    ------
    OutputError
        If `out` is a file or cannot be written: what, where and what to try.
    """
    return write_outputs(
        _contents(run, workers), FILES, Path(out), inputs=run.case.inputs, force=force, progress=progress
    )


def _contents(run: Run, workers: Workers | None) -> Iterator[tuple[str, bytes]]:
    """Make one file after the other."""
    from detente.report.pages.run import render_run_page
    from detente.report.pictures.render import PICTURES, picture_files

    yield "result.json", json_file(to_json(run))
    # Through memory: polars reports a full disk as a faulty file.
    acts = io.BytesIO()
    run.futures.events.write_parquet(acts, metadata=parquet_mark())
    yield "futures.parquet", acts.getvalue()
    svgs: dict[str, str] = {}
    yield from picture_files(PICTURES, run, svgs=svgs, workers=workers)
    yield "index.html", render_run_page(run, svgs).encode()
