"""``detente crisis``: every equilibrium of the crisis game with audience costs."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import ArgumentName, AsJson, Rivalry
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.crisis import text_of


def crisis(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="day of the game, YYYY-MM-DD; nothing known later is used")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="a payoff, such as audience_a=-2.4; may be repeated")
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(help="a payoff to move along, such as audience_a:-2.4:-0.8:5 (first, last, steps)"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Return every equilibrium of a game of challenge, resistance and backing down before one's public."""
    from detente.base.days import parse_day
    from detente.studies.bargain import crisis, openings

    day = parse_day(as_of, what="as_of") if as_of is not None else None
    named = rivalry is not None or argument is not None
    spec = openings.bargain_argument(rivalry, argument) if named else None
    with progress_bars() as tell:
        result = crisis.crisis_of(spec, given=tuple(set_ or ()), sweep=sweep, as_of=day, progress=tell)
    write(json_of(result) if as_json else text_of(result))
