"""``detente diff``: which probabilities two states of knowledge disagree on, and which acts moved them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import limits_of
from detente.cli.options import AsJson, Only, RunOptions, SimulationOptions, day_of, options
from detente.cli.output import progress_bars, show
from detente.report.text.diff import text_of

if TYPE_CHECKING:
    from datetime import date

    from detente.lab.case import Case

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@options
def diff(
    rivalry: Annotated[str, typer.Argument(help="a named rivalry, such as us-iran; - for none")],
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    first: Annotated[str | None, typer.Argument(help="the earlier day, or an event file")] = None,
    second: Annotated[str | None, typer.Argument(help="the later day, or another event file")] = None,
    most: Annotated[
        int,
        typer.Option(
            min=0, max=100, help="number of new acts to remove one at a time, to see what each changes"
        ),
    ] = 6,
    as_json: AsJson = False,
) -> None:
    """Compare two days, two event files, or a chronicle with and without --add (docs/own-events.md)."""
    from detente.studies import diff as use

    name = None if rivalry == "-" else rivalry

    def load(file: Path | None, *, added: bool) -> Case:
        coded = (
            file is not None or added or _names_events(case, name)
        )  # an embedded chronicle has its own codebook
        chosen = replace(case, events=file, codebook=case.codebook if coded else None)
        return (chosen if added else replace(chosen, add=None, add_until=None)).load(name)

    given = [text for text in (first, second) if text is not None]
    if len(given) == 2 and all(_DAY.fullmatch(text) for text in given):
        days = day_of(given[0], "first day"), day_of(given[1], "second day")
        if run.as_of is not None:
            raise ArgumentError(Fault("cannot_combine", "as_of", got=run.as_of, other="two days"))
        before = after = load(case.events, added=bool(case.add))
    elif len(given) == 2 and not case.add and case.events is None:
        before, after = (load(Path(text), added=False) for text in given)
        days = _one_day(run, after)
    elif not given and case.add:
        before, after = load(case.events, added=False), load(case.events, added=True)
        days = _one_day(run, after)
    else:
        what = "two days, two event files, or add"
        raise ArgumentError(Fault("one_comparison", what, hint="diff_example"))
    with progress_bars() as tell:
        result = use.diff(before, after, **run.given() | {"as_of": days}, most=most, progress=tell)
    show(result, text_of, as_json=as_json)


def _names_events(case: SimulationOptions, name: str | None) -> bool:
    """Whether the chronicle is an event file that the argument's own file names."""
    from detente.lab.arguments import load_argument, names_file

    rivalry, argument = case.named(name)
    return (
        argument is not None
        and names_file(argument)
        and load_argument(argument, rivalry, limits_of(case.limits or ())).events is not None
    )


def _one_day(run: RunOptions, case: Case) -> tuple[date, date]:
    day = case.settings(as_of=day_of(run.as_of, "as_of")).as_of
    return day, day
