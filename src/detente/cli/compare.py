"""``detente compare``: rival arguments about one rivalry."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, Only, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, show
from detente.report.text.compare import text_of


@options
def compare(
    rivalry: Annotated[
        str,
        typer.Argument(help="a named rivalry, such as us-iran; leave it out if the first argument is a file"),
    ],
    arguments: Annotated[list[str], typer.Argument(help="two or more arguments: names, or YAML files")],
    case: Annotated[
        SimulationOptions,
        Only(
            *("events", "codebook", "principals", "skip_bad", "add", "add_until", "limits"),
            *("allow_unstable", "cache", "no_cache"),
        ),
    ],
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    as_json: AsJson = False,
) -> None:
    """Compare rival arguments: where they disagree, what the events say, and a forecast stacked over them."""
    from detente.lab.arguments import names_file
    from detente.studies.scoring import compare as use

    name = None if rivalry == "-" or names_file(rivalry) else rivalry
    arguments = [rivalry, *arguments] if names_file(rivalry) else arguments
    loaded = case.load(name, arguments[0]) if len(arguments) > 1 else None
    with progress_bars() as tell:
        result = use.compare(name, arguments, case=loaded, **run.given(), progress=tell)
    show(result, text_of, as_json=as_json)
