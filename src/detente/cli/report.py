"""``detente report``: one page for a reader who was not there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.drawing import start_drawing
from detente.cli.options import AsJson, Force, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, say_written, show_text, write
from detente.cli.page_language import Lang
from detente.report.languages.argument_texts import written_in
from detente.report.text.as_json import json_of
from detente.report.text.first_line import first_lines


@options
def report(
    case: SimulationOptions,
    run: RunOptions,
    out: Annotated[Path | None, typer.Option(help="HTML file to write; default: RIVALRY-report.html")] = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write a report as one HTML file: what happens next, why, what followed similar days, how far to trust it."""
    from detente.base.outputs import check_target

    loaded = case.load()
    target = out or Path(f"{Path(loaded.rivalry or loaded.name).stem}-report.html")
    if not as_json or out is not None:
        check_target(target, inputs=case.inputs(), force=force, parents=True)
    run.refuse_too_many(loaded, answers=True)
    from detente.studies.overview import report_on

    workers = None if as_json and out is None else start_drawing()
    with progress_bars() as tell:
        result = report_on(loaded, **run.given(), progress=tell)
        if not as_json or out is not None:
            from detente.report.pages.report import write_report

            with written_in(lang, loaded.argument):
                write_report(result, target, tell, force=force, workers=workers)
    if as_json:
        write(json_of(result))
        return
    if lines := first_lines(result.run.cautions):
        show_text(lines.rstrip())
    size = target.stat().st_size / 1e6
    say_written(f"Written to {target} ({size:.1f} MB): one file, it needs no network.", target)
