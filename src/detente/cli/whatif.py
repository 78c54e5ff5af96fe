"""``detente whatif``: the same futures with one thing changed."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, show
from detente.report.text.whatif import text_of


@options
def whatif(
    case: SimulationOptions,
    run: RunOptions,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", help="NAME[:ACTOR][=SIZE]@DAY, or a plan of the argument; may be repeated"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Apply levers to futures; report what changes, through which coefficients, and how much is due to data."""
    loaded = case.load()
    run.refuse_too_many(loaded)
    from detente.studies.whatif import whatif as use

    with progress_bars() as tell:
        result = use.whatif(loaded, lever or [], **run.given(), progress=tell)
    show(result, text_of, as_json=as_json)
