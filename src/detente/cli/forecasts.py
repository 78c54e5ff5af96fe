"""``detente forecasts``: an argument's forecasts in words, beside the model, base rates and what happened."""

from __future__ import annotations

from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    FirstDay,
    FutureCount,
    Principals,
    Rivalry,
    Seed,
    SkipBad,
    Threads,
    case_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.forecasts import text_of


def forecasts(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    futures: FutureCount = None,
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
    """Score an argument's forecasts: its words, the model, two base rates, and what happened."""
    from detente.base.days import parse_day
    from detente.studies.claims.forecasts import forecasts as forecasts_of

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = forecasts_of(case, as_of=day, futures=futures, seed=seed, threads=threads, progress=tell)
    write(json_of(result) if as_json else text_of(result))
