"""``detente claims``: every row of an argument with its numbers and a verdict; ``--explain`` opens one."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.claims_pairs import over_pairs
from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    FutureCount,
    Principals,
    Rivalry,
    Seed,
    SkipBad,
    Threads,
    case_of,
    day_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_text, to_json
from detente.report.text.claims import explained, row_text, text_of


def claims(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="the day to judge as of, YYYY-MM-DD; nothing known later is used")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="open one claim: its terms, variants, episodes and acts with citations")
    ] = None,
    futures: FutureCount = None,
    seed: Seed = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    pairs: Annotated[
        int | None,
        typer.Option(
            min=1, max=100_000, help="judge the busiest pairs of --events, and all of them together"
        ),
    ] = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Judge every row of an argument: what the events say of each claim, with a number and an interval."""
    if pairs is not None:
        over_pairs(pairs, argument, events, codebook, skip_bad, as_of, threads, as_json)
        return
    from detente.studies.claims.claims import claims as claims_of

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = claims_of(
            case,
            as_of=day_of(as_of, "as_of"),
            futures=futures,
            seed=seed,
            only=[explain] if explain else [],
            threads=threads,
            progress=tell,
        )
    if as_json:
        value = to_json(result) | ({"explained": explained(result.rows[0])} if explain else {})
        write(json_text(value))
    else:
        write(row_text(result.rows[0]) if explain else text_of(result))
