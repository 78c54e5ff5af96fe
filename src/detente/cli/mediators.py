"""``detente mediators``: third parties ranked as mediators, with the acts behind each rank."""

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
    case_of,
    day_of,
)
from detente.cli.output import write
from detente.report.text.as_json import json_of
from detente.report.text.mediators import text_of


def mediators(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="first day not known, YYYY-MM-DD; nothing known later is used")
    ] = None,
    draws: Annotated[int, typer.Option(min=100, max=1_000_000, help="draws behind each interval")] = 2000,
    seed: Seed = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    out: Annotated[Path | None, typer.Option(help="write a page with the picture into this folder")] = None,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Rank third parties by warmth and balance of their ties with both principals and by their record of mediation."""
    from detente.studies.whatif.mediators import mediators as rank

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    result = rank(case, as_of=day_of(as_of, "as_of"), draws=draws, seed=seed)
    if out is not None:
        from detente.report.pages.mediators import write_mediators

        write_mediators(result, out)
    write(json_of(result) if as_json else text_of(result))
