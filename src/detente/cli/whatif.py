"""``detente whatif``: levers pulled on futures, beside the same futures without."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    FirstDay,
    Principals,
    Rivalry,
    Seed,
    SkipBad,
    Threads,
    case_of,
    day_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.whatif import text_of


def whatif(
    rivalry: Rivalry = None,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", help="NAME[:ACTOR][=SIZE]@DAY, or a plan of the argument; may be repeated"),
    ] = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="how far to run")] = None,
    futures: Annotated[int | None, typer.Option(min=2, max=1_000_000, help="how many futures")] = None,
    seed: Seed = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Pull levers on futures and say what changes, through which coefficients, and what that rests on."""
    from detente.studies.whatif.whatif import whatif as whatif_of

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = whatif_of(
            case,
            lever or [],
            as_of=day_of(as_of, "as_of"),
            days=days,
            futures=futures,
            seed=seed,
            threads=threads,
            progress=tell,
        )
    write(json_of(result) if as_json else text_of(result))
