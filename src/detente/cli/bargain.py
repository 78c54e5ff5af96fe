"""``detente bargain``: how likely a zone of possible agreement is, which demands close it, and who can open it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import ArgumentName, AsJson, Rivalry
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.bargain import facts_text, spans_to_json, text_of


def bargain(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="day of the bargain, YYYY-MM-DD; nothing known later is used")
    ] = None,
    lever: Annotated[
        list[str] | None, typer.Option(help="a lever of the argument's bargain: block; may be repeated")
    ] = None,
    draws: Annotated[int | None, typer.Option(min=2, max=1_000_000, help="draws from the ranges")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="fixes every random number")] = None,
    out: Annotated[Path | None, typer.Option(help="folder for the numbers and the pictures")] = None,
    by_date: Annotated[
        bool,
        typer.Option("--by-date", help="print the chance by date as facts for the mechanism zone, and stop"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how likely a zone of possible agreement is, which demands close it, and who can open it."""
    from detente.base.days import parse_day
    from detente.studies.bargain import bargain, openings

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    spec = openings.bargain_argument(rivalry, argument)
    if by_date:
        spec = (
            spec
            if day is None
            else spec.model_copy(update={"run": spec.run.model_copy(update={"as_of": day})})
        )
        spans = openings.openings(spec, draws=draws, seed=seed)
        write(json.dumps(spans_to_json(spans), indent=2) if as_json else facts_text(spec, spans))
        return
    with progress_bars() as tell:
        result = bargain.bargain_of(
            spec, as_of=day, draws=draws, seed=seed, levers=lever or (), progress=tell
        )
        written = []
        if out is not None:
            from detente.report.pages.bargain import write_bargain

            written = write_bargain(result, out, progress=tell)
    if as_json:
        write(json_of(result))
        return
    write(text_of(result))
    for path in written:
        write(f"written to {path}")
