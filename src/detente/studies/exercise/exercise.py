"""The use case `exercise`: one future chosen by a stated rule and told as injects, which players may act in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.base.days import parse_day
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.progress import Progress
from detente.base.tables import Tables, html_table
from detente.events.columns import COLUMNS
from detente.events.ontology.classes import scheme_of
from detente.events.phases import Phase
from detente.futures.futures import Futures
from detente.futures.phases import FuturePhases, phases_of_futures
from detente.futures.rerun import rerun
from detente.lab.case import Case, case_of
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.lab.settings import Day, whole_given
from detente.questions.question import resolve_many
from detente.questions.settle import Outcome
from detente.studies.exercise.injects import Inject, injects_of
from detente.studies.exercise.moves import parse_move

NEIGHBOURS = 0.05  # share of futures that count as like one
PICKS = ("typical", "worst", "branching")


@dataclass(frozen=True)
class Exercise(Tables):
    """One future told as injects: the result of `exercise` and `play`.

    Attributes
    ----------
    run : Run
    pick : str
        One of `PICKS`.
    number : int
        Which future.
    days : int
        How many days are told.
    injects : tuple of Inject
    moves : polars.DataFrame
        Players' acts so far, as canonical events.
    held : str or None
        The actor whose own acts are held back.
    held_from : date or None
    """

    run: Run
    pick: str
    number: int
    days: int
    injects: tuple[Inject, ...]
    moves: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(COLUMNS)))
    held: str | None = None
    held_from: date | None = None
    tables = ("injects",)

    def _table(self, name: str) -> pl.DataFrame:
        return pl.DataFrame(
            [inject.to_dict() for inject in self.injects], infer_schema_length=None
        ).with_columns(pl.col("date").str.to_date())

    def _repr_html_(self) -> str:
        columns = ("date", "kind", "source", "target", "action", "phase", "talks")
        rows = [tuple(getattr(inject, name) for name in columns) for inject in self.injects[-20:]]
        head = f"Future {self.number} of seed {self.run.futures.seed}, {self.pick}"
        return html_table(head, columns, rows, len(self.injects))

    def play(self, *moves: str, held: str | None = None) -> Exercise:
        """Go on with players' acts, each written as a day and a line; see `play` and `parse_move`.

        Parameters
        ----------
        *moves : str
            Such as ``2020-02-10 USA -> IRN AID mode=medicine``. They replace earlier moves.
        held : str, optional
            The actor that players speak for.

        Raises
        ------
        DataError, QuestionError
        """
        acts = [pl.DataFrame(schema=dict(COLUMNS))]
        for move in moves:
            day, _, line = move.strip().partition(" ")
            acts.append(parse_move(line, parse_day(day, what="move"), self.run.case))
        return play(self, pl.concat(acts), held=held)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "rivalry": self.run.case.name,
            "argument": self.run.case.argument.argument,
            "as_of": self.run.as_of.isoformat(),
            "days": self.days,
            "version": version("detente"),
            "digest": self.run.case.known(self.run.as_of).digest,
            "seed": self.run.futures.seed,
            "futures": self.run.futures.count,
            "future": self.number,
            "pick": self.pick,
            "moves": self.moves.height,
            "held": self.held,
            "held_from": self.held_from.isoformat() if self.held_from else None,
            "injects": [inject.to_dict() for inject in self.injects],
        }


def exercise(
    case: Case | str | Path,
    pick: str,
    *,
    days: int,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Exercise:
    """Choose a future by a stated rule and tell it as injects.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    pick : str
        ``typical``, ``worst`` or ``branching``; see `detente.report.text.exercise.RULES`.
    days : int
        How many days are told and judged.
    as_of, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused.
    threads : int
    progress : callable, optional
        Called with (stage, done, total).

    Raises
    ------
    ArgumentError
        If there is no such pick, or no question is left open for ``branching``.

    Examples
    --------
    >>> from detente.model.clocks import at_clocks
    >>> from detente.lab.case import load_case
    >>> whole = load_case("us-iran")
    >>> half_lives = {"fast": 14, "slow": 365, "generational": 7305}
    >>> case = replace(whole, argument=at_clocks(whole.argument, half_lives))
    >>> told = exercise(case, "typical", days=30, futures=40)
    >>> told.injects[0].date >= told.run.as_of, play(told, told.moves).injects == told.injects
    (True, True)
    """
    case = case_of(case)
    days = whole_given("days", days, 2, 3650) or 2
    if pick not in PICKS:
        raise ArgumentError(Fault("not_one_of", "pick", got=pick, choices=tuple(PICKS)))
    result = run(case, as_of=as_of, days=days, futures=futures, seed=seed, threads=threads, progress=progress)
    phases = phases_of_futures(result.futures, case.argument, case.chronicle)
    score = {"typical": _typical, "worst": _worst, "branching": _branching}[pick](result, phases, days)
    number = int(np.argmax(score))
    return Exercise(
        result, pick, number, days, _injects(result, result.futures, phases, number, number, days)
    )


def play(
    exercise: Exercise, moves: pl.DataFrame, *, held: str | None = None, held_from: date | None = None
) -> Exercise:
    """Go on from an exercise with players' acts, on the same random numbers.

    No day before the first act changes. With no act and nothing held, nothing does.

    Parameters
    ----------
    exercise : Exercise
    moves : polars.DataFrame
        Canonical events; see `read_moves` and `parse_move`. They replace earlier moves.
    held : str, optional
        The actor that players speak for: only its acts are taken, and from `held_from` on it draws none of its own in
        the directed channels. Acts of both sides together still come as drawn.
    held_from : date, optional
        First day held; the day of the first act if absent.

    Raises
    ------
    DataError
        If an act lies outside the exercise, in no channel, or is another actor's.
    """
    whole = exercise.run.futures
    layout, window = whole.program.layout, whole.window
    late = moves.filter(pl.col("date") >= window.day(exercise.days))
    if not late.is_empty():
        got = late["date"][0]
        raise DataError(Fault("not_in_days", "act", got=got, hint="more_days", days=exercise.days))
    channels: list[int] = []
    if held is not None:
        channels = [i for i, c in enumerate(layout.channels) if c.source.name == held and not c.joint]
        if not channels:
            names = tuple(dict.fromkeys(c.source.name for c in layout.channels))
            raise DataError(Fault("not_one_of", "held", got=held, choices=names))
        for act in moves.to_dicts():
            if act["source"] != held and not act["mutual"]:
                raise DataError(Fault("not_held_actor", "act", got=act["source"], held=held))
    first = held_from or moves["date"].min()
    if held is not None and not isinstance(first, date):
        raise DataError(Fault("no_held_day", "held", hint="give_pause_or_act"))
    since = window.index(first) if held is not None and isinstance(first, date) else 0
    one = rerun(whole, exercise.number, moves, held=channels, held_from=max(since, 0))
    case = exercise.run.case
    phases = phases_of_futures(one, case.argument, case.chronicle)
    injects = _injects(exercise.run, one, phases, 0, exercise.number, exercise.days, moves)
    start = first if held is not None and isinstance(first, date) else None
    return replace(exercise, injects=injects, moves=moves, held=held, held_from=start)


def _injects(
    result: Run,
    futures: Futures,
    phases: FuturePhases,
    row: int,
    number: int,
    days: int,
    moves: pl.DataFrame | None = None,
) -> tuple[Inject, ...]:
    events = futures.events.filter(pl.col("future") == row)
    none = pl.DataFrame(schema=dict(COLUMNS))
    return injects_of(events, phases, row, days, none if moves is None else moves)


def _features(result: Run, phases: FuturePhases, days: int) -> Floats:
    """Return acts by channel and days of phases and talks, each in standard deviations, shape (future, number)."""
    spent = [(phases.phase[:, :days] == phase).sum(axis=1) for phase in Phase]
    counts = result.futures.counts(days)
    columns = [counts, counts.sum(axis=1), *spent, phases.talks[:, :days].sum(axis=1)]
    table = np.column_stack(columns).astype(float)
    sd = table.std(axis=0)
    return np.asarray(table[:, sd > 0] / sd[sd > 0])


def _typical(result: Run, phases: FuturePhases, days: int) -> Floats:
    table = _features(result, phases, days)
    return np.asarray(-np.abs(table - np.median(table, axis=0)).sum(axis=1))


def _worst(result: Run, phases: FuturePhases, days: int) -> Floats:
    log, layout = result.futures.log, result.futures.program.layout
    inside = log.day < days
    deaths = np.bincount(log.future[inside], log.deaths[inside].astype(float), result.futures.count)
    classes = scheme_of(result.futures.scheme).classes_of("force")
    forceful = [i for i, c in enumerate(layout.channels) if c.cls in classes]
    return np.asarray(np.log1p(deaths) + np.log1p(result.futures.counts(days)[:, forceful].sum(axis=1)))


def _branching(result: Run, phases: FuturePhases, days: int) -> Floats:
    half = max(days // 2, 1)
    opened = result.futures.window.day(half)
    questions = [a.question for a in result.answers if a.question.window.end > opened]
    if not questions:
        hint = "later_question_or_fewer_days"
        raise ArgumentError(Fault("no_open_question", "pick", got="branching", hint=hint))
    outcomes = np.stack([resolve_many(question, result.chronicles) for question in questions], axis=1)
    table, size = (
        _features(result, phases, half),
        max(int(len(outcomes) * NEIGHBOURS), min(20, len(outcomes))),
    )
    yes, settled = (outcomes == Outcome.YES).astype(float), (outcomes <= Outcome.YES).astype(float)
    score = np.zeros(len(table))
    for f in range(len(table)):  # one future at a time: all pairs at once would fill the memory
        like = np.argpartition(((table - table[f]) ** 2).sum(axis=1), size - 1)[:size]
        share = yes[like].sum(axis=0) / np.maximum(settled[like].sum(axis=0), 1)
        score[f] = float((share * (1 - share)).mean())
    return score
