"""The use case `exercise`: one future chosen by a stated rule and told as injects, which players may act in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.argument.sides import sides_of
from detente.base.arrays import Bools, Floats
from detente.base.days import parse_day
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.given import text_given
from detente.base.progress import Progress
from detente.base.shares import share_of
from detente.base.tables import Tables, heading, html_table
from detente.events.columns import COLUMNS
from detente.events.ontology.classes import scheme_of
from detente.events.phase_runs import PhaseRuns
from detente.futures.phases import phases_of_futures
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.lab.settings import Day, whole_given
from detente.lab.too_little import with_cautions
from detente.questions.question import resolve_many
from detente.questions.settle import Outcome
from detente.questions.statuses import MODELLED
from detente.studies.exercise.effect import Consequences, consequences_of
from detente.studies.exercise.injects import Inject
from detente.studies.exercise.moves import parse_move
from detente.studies.exercise.plausibility import grave, table_rows
from detente.studies.exercise.telling import Play, Story, record_of, tell

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
    eligible : int
        How many futures the pick chose from: those without a grave fault, see `plausibility.grave`.
    story : Story
        The future as it is told.
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
    eligible: int
    story: Story = field(repr=False)
    moves: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(COLUMNS)))
    held: str | None = None
    held_from: date | None = None
    tables = ("injects",)

    def _about(self) -> str:
        run, which = self.run, f"{self.pick} future {self.number}"
        return heading(run.case.title, run.as_of, which, injects=len(self.injects), moves=self.moves.height)

    @property
    def injects(self) -> tuple[Inject, ...]:
        """What is told, in order."""
        return self.story.injects

    @property
    def left_out(self) -> tuple[Inject, ...]:
        """Acts that were simulated and are not told."""
        return self.story.left_out

    @property
    def redrawn(self) -> int:
        """How many acts are told in another way than they were simulated."""
        return sum(inject.simulated is not None for inject in self.injects)

    @property
    def told_acts(self) -> int:
        """How many acts are told."""
        return sum(inject.kind == "act" for inject in self.injects)

    @cached_property
    def expected_acts(self) -> float:
        """Mean number of acts in these days over all futures, as they were simulated."""
        return float(self.run.futures.counts(self.days).sum(axis=1).mean())

    @cached_property
    def quiet_share(self) -> float:
        """Share of the futures that have no act in these days."""
        return float((self.run.futures.counts(self.days).sum(axis=1) == 0).mean())

    @cached_property
    def change(self) -> Consequences | None:
        """What the moves changed; None without a move. All futures run again for it, once."""
        if self.moves.is_empty():
            return None
        acted = _play_of(self, self.moves)
        none = replace(acted, moves=self.moves.clear())
        without = tell(self.run, self.number, self.days, none)
        return consequences_of(self.run, self.number, self.days, acted, self.injects, without.injects)

    def _table(self, name: str) -> pl.DataFrame:
        rows = [
            inject.to_dict() | {"simulated": None, "redrawn": inject.simulated is not None}
            for inject in self.injects
        ]
        frame = pl.DataFrame(rows, infer_schema_length=None).drop("simulated")
        return frame.with_columns(pl.col("date").str.to_date())

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
        value = {
            **head_of(self.run.case, self.run.as_of),
            "days": self.days,
            "seed": self.run.futures.seed,
            "futures": self.run.futures.count,
            "future": self.number,
            "pick": self.pick,
            "eligible": self.eligible,
            "acts": self.told_acts,
            "expected_acts": self.expected_acts,
            "quiet_share": self.quiet_share,
            "moves": self.moves.height,
            "held": self.held,
            "held_from": self.held_from.isoformat() if self.held_from else None,
            "change": self.change.to_dict() if self.change else None,
            "redrawn": self.redrawn,
            "left_out": [inject.to_dict() for inject in self.left_out],
            "injects": [inject.to_dict() for inject in self.injects],
        }
        return with_cautions(value, self.run.cautions)


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
    if text_given("pick", pick) not in PICKS:
        raise ArgumentError(Fault("not_one_of", "pick", got=pick, choices=tuple(PICKS)))
    result = run(case, as_of=as_of, days=days, futures=futures, seed=seed, threads=threads, progress=progress)
    phases = phases_of_futures(result.futures, case.argument, case.chronicle)
    score = {"typical": _typical, "worst": _worst, "branching": _branching}[pick](result, phases, days)
    open_to = _eligible(result, days)
    number = int(np.argmax(np.where(open_to, score, -np.inf)))
    story = tell(result, number, days, Play(pl.DataFrame(schema=dict(COLUMNS))))
    return Exercise(result, pick, number, days, int(open_to.sum()), story)


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
    window, layout = exercise.run.futures.window, exercise.run.futures.program.layout
    late = moves.filter(pl.col("date") >= window.day(exercise.days))
    if not late.is_empty():
        got = late["date"][0]
        raise DataError(Fault("not_in_days", "act", got=got, hint="more_days", days=exercise.days))
    start: date | None = None
    if held is not None:
        if not any(c.source.name == held and not c.joint for c in layout.channels):
            names = tuple(dict.fromkeys(c.source.name for c in layout.channels))
            raise DataError(Fault("not_one_of", "held", got=held, choices=names))
        for act in moves.to_dicts():
            if act["source"] != held and not act["mutual"]:
                raise DataError(Fault("not_held_actor", "act", got=act["source"], held=held))
        start = held_from or min(moves["date"], default=None)
        if start is None:
            raise DataError(Fault("no_held_day", "held", hint="give_pause_or_act"))
    again = replace(exercise, moves=moves, held=held, held_from=start)
    return replace(again, story=tell(again.run, again.number, again.days, _play_of(again, moves)))


def _play_of(exercise: Exercise, moves: pl.DataFrame) -> Play:
    if exercise.held is None or exercise.held_from is None:
        return Play(moves)
    channels = exercise.run.futures.program.layout.channels
    held = tuple(i for i, c in enumerate(channels) if c.source.name == exercise.held and not c.joint)
    return Play(moves, held, max(exercise.run.futures.window.index(exercise.held_from), 0))


def _eligible(result: Run, days: int) -> Bools:
    """Return the futures with the fewest grave faults, as a rule none, shape (future,)."""
    futures, log = result.futures, result.futures.log
    sides = sides_of(result.case.argument, result.as_of, result.case.chronicle.gaps)
    talks = np.array(
        [row.talks for row in table_rows(futures.program.acts, sides, futures.scheme)], dtype=bool
    )
    inside = log.day < days
    deaths = log.deaths if futures.program.acts.deaths_known else np.zeros_like(log.deaths)
    day, future, toll = (column[inside].astype(np.int64) for column in (log.day, log.future, deaths))
    faults = grave(day, future, toll, talks[log.act[inside]], record_of(result), futures.count)
    return np.asarray(faults == faults.min())


def _features(result: Run, phases: PhaseRuns, days: int) -> Floats:
    """Return acts by channel and days of phases and talks, each in standard deviations, shape (future, number)."""
    counts = result.futures.counts(days)
    columns = [counts, counts.sum(axis=1), phases.days(0, days), phases.talk_days(0, days)]
    table = np.column_stack(columns).astype(float)
    sd = table.std(axis=0)
    return np.asarray(table[:, sd > 0] / sd[sd > 0])


def _typical(result: Run, phases: PhaseRuns, days: int) -> Floats:
    table = _features(result, phases, days)
    return np.asarray(-np.abs(table - np.median(table, axis=0)).sum(axis=1))


def _worst(result: Run, phases: PhaseRuns, days: int) -> Floats:
    log, layout = result.futures.log, result.futures.program.layout
    inside = log.day < days
    deaths = np.bincount(log.future[inside], log.deaths[inside].astype(float), result.futures.count)
    classes = scheme_of(result.futures.scheme).classes_of("force")
    forceful = [i for i, c in enumerate(layout.channels) if c.cls in classes]
    return np.asarray(np.log1p(deaths) + np.log1p(result.futures.counts(days)[:, forceful].sum(axis=1)))


def _branching(result: Run, phases: PhaseRuns, days: int) -> Floats:
    half = max(days // 2, 1)
    opened = result.futures.window.day(half)
    asked = [a for a in result.answers if a.question.amount is None and a.status == MODELLED]
    questions = [a.question for a in asked if a.question.window.end > opened]
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
        counts = zip(yes[like].sum(axis=0), settled[like].sum(axis=0), strict=True)
        chances = [share_of(float(y), float(n)) or 0.0 for y, n in counts]  # none settled: nothing branches
        score[f] = sum(chance * (1 - chance) for chance in chances) / len(chances)
    return score
