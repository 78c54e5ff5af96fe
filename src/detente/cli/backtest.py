"""``detente backtest``: what an argument would have said at fixed days of the past, beside plain baselines."""

from __future__ import annotations

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
from detente.report.text.as_json import json_text, to_json
from detente.report.text.backtest import text_of

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
        _only_pairs(argument=argument, events=events, principals=principals, add=add)
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
    over_pairs = {"pairs": pairs, "train_share": train_share, "horizons": horizons}
    over_pairs |= {"states": states or None, "quick": quick or None}
    if given := [name for name, value in over_pairs.items() if value is not None]:
        hint = "event_file_first"
        raise ArgumentError(*(Fault("needs_event_file", name, got=rivalry, hint=hint) for name in given))
    from detente.base.disk_cache import user_cache
    from detente.studies.scoring import backtest

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        found = backtest.backtest(
            case,
            robustness=robustness,
            cache=cache or user_cache(),
            threads=threads,
            progress=tell,
        )
    if as_json:
        digest = {"rivalry": case.name, "data": {"digest": case.chronicle.digest}}
        write(json_text(digest | to_json(found)))
        return
    write(text_of(found))


def _only_pairs(**given: object) -> None:
    """Refuse options that apply to one rivalry together with an event file of many pairs."""
    if names := [name for name, value in given.items() if value]:
        hint = "leave_out_or_events"
        raise ArgumentError(*(Fault("one_rivalry_only", name, hint=hint) for name in names))
