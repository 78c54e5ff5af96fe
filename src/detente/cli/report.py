"""`detente report`: one page on what comes next, why, what came at such moments before, and how far to trust it."""

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


def report(
    rivalry: Rivalry = None,
    out: Annotated[
        Path | None, typer.Option(help="the HTML file to write; RIVALRY-report.html if not given")
    ] = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="days to count acts over")] = None,
    futures: FutureCount = None,
    seed: Seed = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    cache: Annotated[
        Path | None, typer.Option(help="folder where `backtest` keeps results; the platform's if not given")
    ] = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Write a report as one HTML file: what happens next, why, what happened at such moments, how far to trust it."""
    from detente.base.days import parse_day
    from detente.studies.overview import report_on

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    target = out or Path(f"{Path(case.name).stem}-report.html")
    if target.is_dir():
        raise OutputError(Fault("not_a_file", "out", got=str(target), hint="name_file"))
    with progress_bars() as tell:
        result = report_on(
            case,
            as_of=day,
            days=days,
            futures=futures,
            seed=seed,
            threads=threads,
            cache=cache,
            progress=tell,
        )
        if not as_json or out is not None:
            from detente.report.pages.report import write_report

            write_report(result, target, tell)
    if as_json:
        write(json_of(result))
        return
    size = target.stat().st_size / 1e6
    write(f"Written to {target} ({size:.1f} MB): one file, it needs no network.")
