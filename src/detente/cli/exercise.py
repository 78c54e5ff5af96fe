"""``detente exercise``: a future chosen by a stated rule, told as dated injects, with players' acts if wanted."""

from __future__ import annotations

import io
import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.days import Window
from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.base.input_limits import limits_of
from detente.base.ownership import comment_mark
from detente.cli.options import (
    AsJson,
    Force,
    Only,
    RunOptions,
    SimulationOptions,
    day_of,
    files_named,
    options,
)
from detente.cli.output import complain, progress_bars, say_written, write
from detente.report.text.actors import names_of
from detente.report.text.as_json import json_file, json_of, to_json
from detente.report.text.exercise import Format, text_of, words_of

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from detente.studies.exercise.exercise import Exercise


class Pick(StrEnum):
    """Which future is told."""

    TYPICAL = "typical"
    WORST = "worst"
    BRANCHING = "branching"


@options
def exercise(
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "seed", "threads")],
    pick: Annotated[
        Pick,
        typer.Option(
            help="typical: the future nearest to the median in acts and phases; worst: the one with the highest "
            "log(1 + deaths) + log(1 + force); branching: the one whose first half leaves the questions most undecided"
        ),
    ] = Pick.TYPICAL,
    days: Annotated[int, typer.Option(min=2, max=3650, help="number of days")] = ...,  # type: ignore[assignment]
    futures: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="number of futures to choose from")
    ] = None,
    moves: Annotated[
        Path | None, typer.Option("--play", help="an event file of players' acts, each on its day")
    ] = None,
    pause: Annotated[
        str | None,
        typer.Option(
            help="days at which to pause and ask for acts, separated by commas; or one number: every so many days"
        ),
    ] = None,
    held: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="the actor that the players represent: from the first pause on it acts only as they say",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="format of the injects")] = Format.MD,
    out: Annotated[Path | None, typer.Option(help="file to write instead of the terminal")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write one simulated future as dated injects for an exercise, in which players may act (docs/exercise.md)."""
    from detente.base.outputs import check_target, write_output
    from detente.studies.exercise import exercise as study
    from detente.studies.exercise.moves import read_moves

    inputs = (*case.inputs(), *files_named(moves, limits=limits_of(case.limits or ())))
    if out is not None:
        check_target(out, inputs=inputs, force=force)
    loaded = case.load()
    acts = read_moves(moves, loaded) if moves is not None else None
    with progress_bars() as tell:
        told = study.exercise(loaded, pick.value, days=days, futures=futures, **run.given(), progress=tell)
    stops = _stops(pause, told) if pause is not None else []
    if acts is not None:
        told = study.play(told, acts, held=held, held_from=stops[0] if stops else None)
    elif stops:
        told = _ask(told, stops, held)
    elif held is not None:
        raise ArgumentError(Fault("only_with", "held", got=held, other="moves or a pause"))
    if as_json:
        form = Format.JSON
    if out is None:
        write(json_of(told) if form is Format.JSON else text_of(told, form))
        return
    if form is Format.JSON:
        content = json_file(to_json(told))
    else:
        content = f"{comment_mark(markup=form is Format.MD)}\n{text_of(told, form)}\n".encode()
    write_output(out, content, inputs=inputs, force=force)
    say_written(f"Written to {out}.", out)


def _stops(pause: str, told: Exercise) -> list[date]:
    start, end = told.run.as_of, told.run.as_of + timedelta(days=told.days)
    if pause.strip().isdecimal():
        step = int(pause)
        if not 0 < step < told.days:
            high = told.days - 1
            raise ArgumentError(Fault("out_of_range", "pause", got=pause, low=1, high=high))
        return [start + timedelta(days=n) for n in range(step, told.days, step)]
    days = sorted({day for part in pause.split(",") if (day := day_of(part.strip(), "pause")) is not None})
    for day in days:
        if not start <= day < end:
            raise ArgumentError(Fault("not_in_window", "pause", got=day, window=str(Window(start, end))))
    return days


def _ask(told: Exercise, stops: list[date], held: str | None) -> Exercise:
    """Tell what has happened by each pause on standard error, and take acts from standard input until an empty line.

    A line that cannot be taken is asked for again at a terminal; from a pipe it ends the run and is named.
    """
    import polars as pl

    from detente.studies.exercise import exercise as study
    from detente.studies.exercise.moves import parse_move

    since, moves, names = told.run.as_of, told.moves, names_of(told.run.case)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # bytes that are no text are a typo, too
    number = 0  # of the line read last
    most = told.run.case.limits.question + 1  # characters: one too many is refused, and a line may never end
    for stop in stops:
        if held is not None:
            told = study.play(told, moves, held=held, held_from=stops[0])
        for inject in told.injects:
            if since <= inject.date < stop:
                complain(
                    f"{inject.date.isoformat()}  {words_of(inject, names, told.run.case.chronicle.codebook)}\n"
                )
        since = stop
        complain(f"--- {stop.isoformat()}: your acts, such as USA -> IRN SANCTION mode=oil; empty to go on\n")
        while True:
            line, number = _typed(most).strip(), number + 1
            if not line:
                break
            try:
                move: pl.DataFrame = parse_move(line, stop, told.run.case)
                together = pl.concat([moves, move])
                told = study.play(told, together, held=held, held_from=stops[0] if held else None)
                moves = together
            except DetenteError as error:
                if not sys.stdin.isatty():
                    raise type(error)(*(_on_line(fault, number) for fault in error.faults)) from None
                complain("".join(f"{fault}\n" for fault in error.faults))
    return told


def _typed(most: int) -> str:
    """Read a line of at most so many characters; at a terminal the rest of a longer one is thrown away."""
    line = rest = sys.stdin.readline(most)
    while sys.stdin.isatty() and rest and not rest.endswith("\n"):
        rest = sys.stdin.readline(most)
    return line


def _on_line(fault: Fault, number: int) -> Fault:
    place = f"line {number} of standard input"
    return fault.at(fault.field, place if fault.where is None else f"{place}, {fault.where}")
