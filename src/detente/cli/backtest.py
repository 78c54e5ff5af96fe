"""``detente backtest``: what an argument would have said at fixed days of the past, beside plain baselines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.cli.backtest_pairs import pairs_backtest
from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    Principals,
    SkipBad,
    Threads,
    case_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.backtest import lines_of

RivalryOrFile = Annotated[
    str | None, typer.Argument(help="a named rivalry, such as us-iran, or an event file of many pairs")
]
HORIZONS = "1,7,30"


def backtest(
    rivalry: RivalryOrFile = None,
    argument: ArgumentName = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="the headline table again under other choices; takes minutes")
    ] = False,
    cache: Annotated[
        Path | None, typer.Option(help="folder of kept results; the platform's user cache if absent")
    ] = None,
    pairs: Annotated[
        int | None, typer.Option(min=1, max=5000, help="many pairs: how many, both directions of each [200]")
    ] = None,
    train_share: Annotated[
        float | None, typer.Option(min=0.1, max=0.95, help="many pairs: share of the days to fit on [0.7]")
    ] = None,
    horizons: Annotated[
        str | None, typer.Option(help=f"many pairs: days ahead, with commas [{HORIZONS}]")
    ] = None,
    states: Annotated[
        bool, typer.Option("--states", help="many pairs: an actor is the first three letters of its code")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="many pairs: no ablations and no LightGBM")] = False,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Score an argument, or with an event file a model of all its pairs, on the past beside plain baselines."""
    if rivalry is not None and rivalry.lower().endswith((".csv", ".csv.gz", ".gz", ".parquet")):
        _only_pairs(argument, events, principals, add)
        shown = pairs_backtest(
            rivalry,
            pairs=200 if pairs is None else pairs,
            train_share=0.7 if train_share is None else train_share,
            horizons=horizons or HORIZONS,
            codebook=codebook,
            states=states,
            skip_bad=skip_bad,
            quick=quick,
            threads=threads,
            as_json=as_json,
        )
        write(shown)
        return
    if pairs is not None or train_share is not None or horizons is not None or states or quick:
        hint = "Try detente backtest EVENTS.csv --pairs 200."
        raise ArgumentError(Fault("--pairs and its like", "need an event file first", rivalry, hint=hint))
    from detente.base.disk_cache import user_cache
    from detente.studies.scoring import backtest

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    name = rivalry if events is None else None
    with progress_bars() as tell:
        found = backtest.backtest(
            name,
            case.argument,
            case.chronicle,
            robustness=robustness,
            cache=cache or user_cache(),
            threads=threads,
            progress=tell,
        )
    if as_json:
        digest = {"rivalry": case.name, "data": {"digest": case.chronicle.digest}}
        write(json.dumps(digest | found.to_dict(), indent=2, ensure_ascii=False))
        return
    for line in lines_of(found):
        write(line)


def _only_pairs(*given: object) -> None:
    """Refuse options that speak of one rivalry beside an event file of many pairs."""
    if any(given):
        constraint = "speak of one rivalry, not of all pairs of a file"
        hint = "Leave them out, or give the file as --events."
        raise ArgumentError(Fault("--argument, --events, --principals and --add", constraint, hint=hint))
