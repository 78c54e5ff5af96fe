"""``detente ask``: your own questions, answered in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.base.input_limits import limits_of
from detente.cli.options import AsJson, Force, Only, RunOptions, SimulationOptions, files_named, options
from detente.cli.output import progress_bars, say_written, show
from detente.report.text.ask import text_of


@options
def ask(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran; - with --events")],
    questions: Annotated[
        list[str] | None,
        typer.Argument(help='such as "IRN->USA ASSAULT within 90d", or the id of a declared question'),
    ] = None,
    *,
    questions_file: Annotated[
        Path | None,
        typer.Option(
            "--questions", metavar="FILE", help="CSV or YAML file of many questions: id, line, text"
        ),
    ] = None,
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="file to write the answers to: .csv, .parquet or .json"),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Estimate the probability of dated events: with uncertainty, base rates, main drivers and the outcome."""
    from detente.base.outputs import check_target
    from detente.lab.asked import refuse_long_lines
    from detente.report.write_answers import check_answer_file, write_answers

    if out is not None:
        check_answer_file(out)
        allowed = limits_of(case.limits or ())
        inputs = (*case.inputs(), *files_named(rivalry, questions_file, limits=allowed))
        check_target(out, inputs=inputs, force=force)
    loaded = case.load(None if rivalry == "-" else rivalry)
    refuse_long_lines(loaded, questions or ())
    run.refuse_too_many(loaded)
    from detente.lab import ask as use

    asked = [*(questions or ()), *([] if questions_file is None else [questions_file])]
    with progress_bars() as tell:
        result = use.ask(loaded, *asked, **run.given(), progress=tell)
    if out is not None:
        write_answers(result, out, force=force)
    if out is None or as_json:
        show(result, text_of, as_json=as_json)
    else:
        say_written(f"Written to {out}: {len(result.asked):,} answers.", out)
