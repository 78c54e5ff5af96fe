"""``detente unlock``: the door test, in a sentence, a table and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    FirstDay,
    Rivalry,
    Seed,
    Threads,
    case_of,
    day_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.unlock import text_of


def unlock(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    draws: Annotated[int, typer.Option(min=200, max=100_000, help="draws from the posterior")] = 250,
    copies: Annotated[int, typer.Option(min=1, max=1000, help="paths for each draw")] = 8,
    seed: Seed = None,
    beside: Annotated[
        bool, typer.Option("--beside/--no-beside", help="run the other days, lockers and doses too")
    ] = True,
    out: Annotated[Path | None, typer.Option(help="write a page with the picture into this folder")] = None,
    threads: Threads = 0,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Test whether third parties can open the door, or the one who locked it has to unlock it."""
    from detente.studies.whatif.door_test import unlock as unlock_of

    case = case_of(rivalry, argument, None, None, None, False, add, add_until)
    with progress_bars() as tell:
        result = unlock_of(
            case,
            as_of=day_of(as_of, "as_of"),
            draws=draws,
            copies=copies,
            seed=seed,
            beside=beside,
            threads=threads,
            progress=tell,
        )
    if out is not None:
        from detente.report.pages.door import write_door

        write_door(result, out)
    write(json_of(result) if as_json else text_of(result))
