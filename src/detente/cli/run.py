"""``detente run``: fit, simulate, answer the questions, write the page."""

from __future__ import annotations

from pathlib import Path

from detente.cli.drawing import start_drawing
from detente.cli.estimates import show_estimate
from detente.cli.options import AsJson, DryRun, Force, Out, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, show_text, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.as_json import json_of
from detente.report.text.first_line import first_lines


@options
def run(
    case: SimulationOptions,
    run: RunOptions,
    dry_run: DryRun = False,
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Fit an argument to what was known on a day, simulate futures and answer its questions."""
    from detente.base.outputs import check_folder
    from detente.report.write_run import FILES, write_run

    check_folder(out, FILES, inputs=case.inputs(), force=force)
    loaded = case.load()
    if dry_run:
        from detente.lab.estimate import run_estimate

        show_estimate(run_estimate(loaded, **run.given()), as_json=as_json)
        return
    run.refuse_too_many(loaded, answers=True)
    from detente.lab import run as use

    workers = start_drawing() if out is not None else None
    with progress_bars() as tell:
        result = use.run(loaded, **run.given(), progress=tell)
        written: list[Path] = []
        if out is not None:
            with written_in(lang, loaded.argument):
                written = write_run(result, out, tell, force=force, workers=workers)
    if out is not None:
        say_missing_letters(lang)
    if as_json:
        write(json_of(result))
        return
    from detente.report.text.run import text_of

    show_text(first_lines(result.cautions) + text_of(result, written))
