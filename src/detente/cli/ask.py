"""``detente ask``: questions of one's own, answered in one run."""

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
    FutureCount,
    Principals,
    Seed,
    SkipBad,
    Threads,
    case_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.ask import text_of


def ask(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran; - with --events")],
    questions: Annotated[
        list[str], typer.Argument(help='such as "IRN->USA ASSAULT within 90d", or the id of a declared one')
    ],
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
    """Ask questions: chance, doubt, base rates, what moves it, and what happened (docs/questions.md)."""
    from detente.base.days import parse_day
    from detente.lab import ask

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    name = None if rivalry == "-" else rivalry
    case = case_of(name, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = ask.ask(
            case, *questions, as_of=day, futures=futures, seed=seed, threads=threads, progress=tell
        )
    write(json_of(result) if as_json else text_of(result))
