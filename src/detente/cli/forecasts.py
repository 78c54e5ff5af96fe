"""``detente forecasts``: an argument's forecasts in words, compared with the model and scored."""

from __future__ import annotations

from typing import Annotated

from detente.cli.options import AsJson, Only, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, show
from detente.report.text.forecasts import text_of


@options
def forecasts(
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    as_json: AsJson = False,
) -> None:
    """Score an argument's forecasts: its words, the model, two base rates, and what happened."""
    loaded = case.load()
    run.refuse_too_many(loaded)
    from detente.studies.claims import forecasts as use

    with progress_bars() as tell:
        result = use.forecasts(loaded, **run.given(), progress=tell)
    show(result, text_of, as_json=as_json)
