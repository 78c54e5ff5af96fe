"""``detente crisis``: every equilibrium of the crisis game with audience costs."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from detente.cli.options import ArgumentName, AsJson, Rivalry
from detente.cli.output import progress_bars, write
from detente.report.text.crisis import _row

_HEAD = "  resists  challenges  fights   status quo  concession  war      backing down"


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

    day = parse_day(as_of, what="--as-of") if as_of is not None else None
    named = rivalry is not None or argument is not None
    spec = openings.bargain_argument(rivalry, argument) if named else None
    with progress_bars() as tell:
        result = crisis.crisis_of(spec, given=tuple(set_ or ()), sweep=sweep, as_of=day, progress=tell)
    if as_json:
        write(json.dumps(result.to_dict(), indent=2, ensure_ascii=False))
        return
    write(f"{result.told}: {', '.join(f'{k} {v:g}' for k, v in vars(result.stakes).items())}.")
    write(
        "A is the challenger and B the target; payoffs are in standard deviations of what each keeps to itself.\n"
    )
    write(f"{len(result.found)} {'equilibrium' if len(result.found) == 1 else 'equilibria'}\n{_HEAD}")
    for row in result.found:
        write(_row(row))
    if len(result.found) > 1:
        write(
            "\nThe payoffs do not say which one is played: a forecast from one of them alone would be a guess."
        )
    if result.war is not None:
        counted = ", ".join(f"{n} in {draws}" for n, draws in result.counts.items())
        low, high = result.war
        write(
            f"\nOver the ranges ({len(result.spread)} draws, seed {result.seed}) equilibria number {counted}; "
            f"the chance of war runs from {low:.3f} to {high:.3f}."
        )
        if max(result.counts) > 1:
            write("So the number of equilibria hangs on payoffs that are not known.")
    for value, found in result.swept:
        write(f"\n{result.moved} {value:g}")
        for row in found:
            write(_row(row))
