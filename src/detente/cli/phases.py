"""``detente phases``: the periods of each phase of a rivalry, with the acts that opened them."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, CaseOptions, day_of, options
from detente.cli.output import write
from detente.report.text.actors import names_of
from detente.report.text.as_json import json_text, to_json
from detente.report.text.events import phases_text_of


@options
def phases(
    case: CaseOptions,
    since: Annotated[str | None, typer.Option(help="first day, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day no longer included, YYYY-MM-DD")] = None,
    as_json: AsJson = False,
) -> None:
    """List the periods of each phase and of talks, with the acts that opened them."""
    from detente.lab.head import head_of
    from detente.lab.phases import phases_of

    loaded = case.load()
    history = phases_of(loaded, since=day_of(since, "since"), until=day_of(until, "until"))
    head = head_of(loaded)
    if as_json:
        write(json_text(head | to_json(history)))
        return
    write(phases_text_of(head, history, names_of(loaded)))
