"""``detente compare``: rival arguments about one rivalry."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, CacheOptions, CaseOptions, Only, RunOptions, options
from detente.cli.output import progress_bars, show
from detente.report.text.compare import text_of


@options
def compare(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran")],
    arguments: Annotated[list[str], typer.Argument(help="two or more arguments: names, or YAML files")],
    case: Annotated[CaseOptions, Only("add", "add_until")],
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    kept: CacheOptions,
    as_json: AsJson = False,
) -> None:
    """Compare rival arguments: where they disagree, what the events say, and a forecast stacked over them."""
    from detente.studies.scoring import compare as use

    loaded = case.load(rivalry, arguments[0]) if case.add else None
    with progress_bars() as tell:
        result = use.compare(
            rivalry, arguments, case=loaded, **run.given(), cache=kept.given(), progress=tell
        )
    show(result, text_of, as_json=as_json)
