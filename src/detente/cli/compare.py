"""``detente compare``: rival arguments on the same events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import Add, AddUntil, AsJson, case_of, day_of
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.compare import text_of


def compare(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran")],
    arguments: Annotated[list[str], typer.Argument(help="two or more arguments: names, or YAML files")],
    as_of: Annotated[
        str | None, typer.Option(help="first day to simulate, YYYY-MM-DD; nothing known later is used")
    ] = None,
    futures: Annotated[int | None, typer.Option(min=2, max=1_000_000, help="how many futures")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="fixes every random number")] = None,
    cache: Annotated[
        Path | None, typer.Option(help="folder of kept backtests; the platform's user cache if absent")
    ] = None,
    threads: Annotated[
        int, typer.Option(min=0, max=32, help="0 uses every core; results do not depend on it")
    ] = 0,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Compare rival arguments: where they disagree, what events say of it, and a forecast stacked over them."""
    from detente.studies.scoring.compare import compare as compare_of

    case = None
    if add:
        case = case_of(rivalry, arguments[0], None, None, None, False, add, add_until)
    with progress_bars() as tell:
        result = compare_of(
            rivalry,
            arguments,
            case=case,
            as_of=day_of(as_of, "as_of"),
            futures=futures,
            seed=seed,
            cache=cache,
            threads=threads,
            progress=tell,
        )
    write(json_of(result) if as_json else text_of(result))
