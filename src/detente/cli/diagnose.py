"""``detente diagnose``: whether what happened looks like what the fitted model expected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    Principals,
    Rivalry,
    Seed,
    SkipBad,
    Threads,
    case_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.diagnose import text_of


def diagnose(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="first unknown day, YYYY-MM-DD; nothing known later is used")
    ] = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="folder for the page, the pictures and the numbers")
    ] = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Check a fit: PIT, calibration, rootograms, and properties of whole simulated windows."""
    from detente.base.days import parse_day
    from detente.studies.diagnose import diagnose

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = diagnose.diagnose(case, as_of=day, seed=seed, threads=threads, progress=tell)
        written: list[Path] = []
        if out is not None:
            from detente.report.pages.diagnose import write_checks

            written = write_checks(result, out, tell)
    if as_json:
        write(json_of(result))
        return
    write(text_of(result))
    if written:
        write(f"\nwritten to {out}: {', '.join(path.name for path in written)}")
