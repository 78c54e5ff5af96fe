"""`detente run`: fit, simulate, answer the questions, write the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.base.errors import Fault, OutputError
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


def run(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="days to count acts over")] = None,
    futures: FutureCount = None,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(help="folder for the page, the pictures and the tables")] = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Fit a rivalry to what was known by a day and run it forward."""
    from detente.base.days import parse_day
    from detente.lab import run as lab

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    if out is not None and out.exists() and not out.is_dir():
        raise OutputError(Fault("not_a_folder", "out", got=str(out), hint="new_folder"))
    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = lab.run(
            case, as_of=day, days=days, futures=futures, seed=seed, threads=threads, progress=tell
        )
        written: list[Path] = []
        if out is not None:
            from detente.report.write_run import write_run

            written = write_run(result, out, tell)
    if as_json:
        write(json_of(result))
        return
    from detente.report.text import run as text

    write(text.text_of(result, written))
