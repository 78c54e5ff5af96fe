"""``detente crisis``: every equilibrium of the crisis game with audience costs."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, CaseOptions, Only, RunOptions, options
from detente.cli.output import progress_bars, show
from detente.report.text.bargain import with_events
from detente.report.text.crisis import text_of


@options
def crisis(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="a payoff, such as audience_a=-2.4; may be repeated")
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(help="a payoff to vary, such as audience_a:-2.4:-0.8:5 (first, last, steps)"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List every equilibrium of a game in which backing down costs a leader support at home."""
    from detente.studies.bargain import crisis as use

    named = (case.rivalry, case.argument, case.events, case.principals) != (None,) * 4
    declared = case.load_declared() if named else None
    argument = declared.argument if declared is not None else None
    chronicle = declared.chronicle if declared is not None else None
    with progress_bars() as tell:
        result = use.crisis_of(argument, given=tuple(set_ or ()), sweep=sweep, **run.given(), progress=tell)
    show(result, lambda found: with_events(text_of(found), chronicle), as_json=as_json, beside=chronicle)
