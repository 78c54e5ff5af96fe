"""``detente clocks``: what the events say of each half-life."""

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
    SkipBad,
    case_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.clocks import text_of


def clocks(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="first unknown day, YYYY-MM-DD; nothing known later is used")
    ] = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    out: Annotated[Path | None, typer.Option(help="folder for the picture of the profiles")] = None,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Weigh half-lives on a grid by their evidence, and say how well each clock is identified."""
    from detente.base.days import parse_day
    from detente.lab import clocks

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = clocks.clocks_of(case, as_of=day, progress=tell)
    written = []
    if out is not None:
        from detente.report.pages.clocks import write_profiles

        written = write_profiles(result, out)
    if as_json:
        write(json_of(result))
        return
    write(text_of(result))
    for path in written:
        write(f"written to {path}")
