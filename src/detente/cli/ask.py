"""``detente ask``: your own questions, answered in one run."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, CaseOptions, Only, RunOptions, options
from detente.cli.output import progress_bars, show
from detente.report.text.ask import text_of


@options
def ask(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran; - with --events")],
    questions: Annotated[
        list[str],
        typer.Argument(help='such as "IRN->USA ASSAULT within 90d", or the id of a declared question'),
    ],
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    as_json: AsJson = False,
) -> None:
    """Estimate the probability of dated events: with uncertainty, base rates, main drivers and the outcome."""
    from detente.lab import ask as use

    loaded = case.load(None if rivalry == "-" else rivalry)
    with progress_bars() as tell:
        result = use.ask(loaded, *questions, **run.given(), progress=tell)
    show(result, text_of, as_json=as_json)
