"""The command that prints the phases of a rivalry."""

from __future__ import annotations

import json
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
from detente.cli.output import write
from detente.report.text.phases import _text


def phases(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    since: Annotated[str | None, typer.Option(help="first day, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day outside, YYYY-MM-DD")] = None,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """List the periods of each phase and of talks, with the acts that opened them."""
    from detente.base.days import parse_day
    from detente.lab import phases

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    history = phases.phases_of(
        case,
        since=parse_day(since, what="--since") if since is not None else None,
        until=parse_day(until, what="--until") if until is not None else None,
    )
    if as_json:
        head = {"rivalry": case.name, "argument": case.argument.argument, "digest": case.chronicle.digest}
        write(json.dumps(head | history.to_dict(), indent=2, ensure_ascii=False))
        return
    write(_text(case.name, case.argument.argument, history))
