"""``detente run``: fit, simulate, answer the questions, write the page."""

from __future__ import annotations

from pathlib import Path

from detente.cli.options import AsJson, CaseOptions, Out, RunOptions, options
from detente.cli.output import check_folder, progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.first_line import first_lines


@options
def run(case: CaseOptions, run: RunOptions, out: Out = None, as_json: AsJson = False) -> None:
    """Fit an argument to what was known by a day, simulate futures and answer its questions."""
    from detente.lab import run as use

    check_folder(out)
    loaded = case.load()
    with progress_bars() as tell:
        result = use.run(loaded, **run.given(), progress=tell)
        written: list[Path] = []
        if out is not None:
            from detente.report.write_run import write_run

            written = write_run(result, out, tell)
    if as_json:
        write(json_of(result))
        return
    from detente.report.text.run import text_of

    write(first_lines(result.cautions) + text_of(result, written))
