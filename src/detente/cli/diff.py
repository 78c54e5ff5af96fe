"""``detente diff``: which chances differ between two states of knowledge, and which acts moved them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.cli.options import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    FutureCount,
    Principals,
    Seed,
    SkipBad,
    Threads,
    case_of,
    day_of,
)
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.diff import text_of

if TYPE_CHECKING:
    from datetime import date

    from detente.lab.case import Case

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def diff(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran; - for none")],
    first: Annotated[str | None, typer.Argument(help="the earlier day, or an event file")] = None,
    second: Annotated[str | None, typer.Argument(help="the later day, or another event file")] = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="first unknown day of both chronicles, YYYY-MM-DD; not with two days")
    ] = None,
    futures: FutureCount = None,
    seed: Seed = None,
    most: Annotated[int, typer.Option(min=0, max=100, help="new acts to take away one by one")] = 6,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Compare two days, two event files, or a chronicle with and without --add (docs/own-events.md)."""
    from detente.studies import diff

    name = None if rivalry == "-" else rivalry

    def case(file: Path | None, *, added: bool) -> Case:
        files, until = (add, add_until) if added else (None, None)
        read_with = codebook if file is not None or added else None
        return case_of(name, argument, file, read_with, principals, skip_bad, files, until)

    given = [text for text in (first, second) if text is not None]
    if len(given) == 2 and all(_DAY.fullmatch(text) for text in given):
        early, late = _day(given[0], "first day"), _day(given[1], "second day")
        if as_of is not None:
            raise ArgumentError(Fault("cannot_combine", "as_of", got=as_of, other="two days"))
        before = after = case(events, added=bool(add))
    elif len(given) == 2 and not add and events is None:
        before, after = (case(Path(text), added=False) for text in given)
        early = late = _one_day(as_of, after)
    elif not given and add:
        before, after = case(events, added=False), case(events, added=True)
        early = late = _one_day(as_of, after)
    else:
        what = "two days, two event files, or add"
        raise ArgumentError(Fault("one_comparison", what, hint="diff_example"))
    with progress_bars() as tell:
        result = diff.diff(
            before,
            after,
            as_of=(early, late),
            futures=futures,
            seed=seed,
            most=most,
            threads=threads,
            progress=tell,
        )
    write(json_of(result) if as_json else text_of(result))


def _day(text: str, what: str) -> date:
    from detente.base.days import parse_day

    return parse_day(text, what=what)


def _one_day(as_of: str | None, case: Case) -> date:
    day = day_of(as_of, "as_of") or case.argument.run.as_of
    if day is None:
        raise ArgumentError(Fault("no_default", "as_of", hint="give_or_declare", block="run"))
    return day
