"""How one future is told: each act as it was simulated, or as one like it on record where it is implausible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from detente.argument.sides import sides_of
from detente.base.arrays import Ints
from detente.base.random import Branch, branch_seed
from detente.futures.futures import Futures
from detente.futures.kernel.event_log import EventLog
from detente.futures.phases import phases_of_futures
from detente.futures.rerun import Again, rerun
from detente.lab.run_result import Run
from detente.studies.exercise.injects import Inject, Simulated, act_of, injects_of
from detente.studies.exercise.plausibility import Record, Row, Situation, read_record, table_rows


@dataclass(frozen=True)
class Story:
    """One future as it is told.

    Attributes
    ----------
    injects : tuple of Inject
    left_out : tuple of Inject
        Acts that were simulated and are not told, as they were simulated.
    """

    injects: tuple[Inject, ...]
    left_out: tuple[Inject, ...]


@dataclass(frozen=True)
class Play:
    """What players do to a future.

    Attributes
    ----------
    moves : polars.DataFrame
        Their acts, as canonical events.
    held : tuple of int
        Channels that draw no act of their own from `held_from` on.
    held_from : int
        Days since the start.
    """

    moves: pl.DataFrame
    held: tuple[int, ...] = ()
    held_from: int = 0

    def again(self, futures: Futures, numbers: Sequence[int], days: int | None = None) -> Again:
        """Run futures again under it, for so many days."""
        return rerun(futures, numbers, self.moves, days=days, held=self.held, held_from=self.held_from)


def record_of(result: Run) -> Record:
    """Return what was known by the as-of day of which acts are plausible."""
    return read_record(
        result.case.known(result.as_of),
        sides_of(result.case.argument, result.as_of, result.case.chronicle.gaps),
    )


def tell(result: Run, number: int, days: int, play: Play) -> Story:
    """Tell one future with players' acts in it.

    Parameters
    ----------
    result : Run
    number : int
        Which of its futures.
    days : int
        How many days are told.
    play : Play

    Notes
    -----
    Acts are judged day by day by the rule of `detente.studies.exercise.plausibility`, players' acts excepted. An act
    unlike any on record takes another row of its channel's table, of the same action if there is one, with chances in
    proportion to the model's; a toll too high becomes that of a recorded act of its action and mode. Talks that come
    too soon are left out. Phases are those of the acts as told.
    """
    case, sides = result.case, sides_of(result.case.argument, result.as_of, result.case.chronicle.gaps)
    again = play.again(result.futures, [number], days)
    one, log = again.futures, again.futures.log
    rows = table_rows(one.program.acts, sides, one.scheme)
    dice = Dice(one, rows, record_of(result), again.put, number)
    told: list[tuple[int, int, int]] = []  # (place in the log, act, deaths)
    left = []
    for place in range(len(log)):
        choice = dice.throw(place)
        if choice is None:
            left.append(place)
        else:
            told.append((place, *choice))
    places, acts, deaths = (
        (np.array(part, dtype=np.int64) for part in zip(*told, strict=True)) if told else _NONE
    )
    changed = (acts != log.act[places]) | (deaths != log.deaths[places])
    kept = _part(log, places)
    as_told = replace(kept, act=acts.astype(np.int32), deaths=deaths.astype(np.int32))
    simulated = replace(one, log=kept).events.to_dicts()
    shown = replace(one, log=as_told)
    phases = phases_of_futures(shown, case.argument, case.chronicle)
    was = [_simulated(act) if new else None for act, new in zip(simulated, changed, strict=True)]
    injects = injects_of(shown.events, phases, days, was, np.isin(acts, list(again.put)).tolist())
    gone = replace(one, log=_part(log, np.array(left, dtype=np.int64))).events.to_dicts()
    return Story(injects, tuple(act_of(act) for act in gone))


_NONE = (np.zeros(0, dtype=np.int64),) * 3


def _part(log: EventLog, places: Ints) -> EventLog:
    columns = {name: getattr(log, name)[places] for name in ("future", "day", "channel", "act", "deaths")}
    return replace(log, **columns)


def _simulated(act: dict[str, Any]) -> Simulated:
    return Simulated(*(act[name] for name in ("source", "target", "action", "mode", "issue", "fatalities")))


class Dice:
    """Chooses how each act of one future is told, in order; the same whenever it is asked again."""

    def __init__(
        self, one: Futures, rows: list[Row], record: Record, put: frozenset[int], number: int
    ) -> None:
        self.one, self.rows, self.record, self.put, self.number = one, rows, record, put, number
        self.situation: Situation = record.begin()
        self.before = (-1, -1, -1)  # day, channel and how many acts of both so far

    def throw(self, place: int) -> tuple[int, int] | None:
        """Return the row and the deaths with which an act is told; None to leave it out."""
        log, known = self.one.log, self.one.program.acts.deaths_known
        day, channel, act = int(log.day[place]), int(log.channel[place]), int(log.act[place])
        deaths = int(log.deaths[place])
        if act not in self.put:
            again = (day, channel) == self.before[:2]
            self.before = (day, channel, self.before[2] + 1 if again else 0)
            row = self.rows[act]
            if not self.situation.allows(row, day) and row.talks:
                return None
            if not (self.record.has(row) and self.situation.allows(row, day)):
                other = self._look(channel, day, row.action)
                if other is None:
                    return None
                act = other
            row = self.rows[act]
            if known and deaths > self.record.most_deaths(row.action, row.mode):
                tolls = self.record.tolls.get((row.action, row.mode), (0,))
                deaths = tolls[int(self._uniform(1) * len(tolls))]
        self.situation.add(self.rows[act], day, deaths if known else 0)
        return act, deaths

    def _look(self, channel: int, day: int, action: str) -> int | None:
        acts = self.one.program.acts
        own = [
            r
            for r in range(int(acts.start[channel]), int(acts.start[channel + 1]))
            if r not in self.put
            and self.record.has(self.rows[r])
            and self.situation.allows(self.rows[r], day)
        ]
        own = [r for r in own if self.rows[r].action == action] or own
        if not own:
            return None
        chance = acts.chance[own]
        until = np.cumsum(chance if chance.any() else np.ones(len(own)))
        return own[min(int(np.searchsorted(until, self._uniform(0) * until[-1], side="right")), len(own) - 1)]

    def _uniform(self, use: int) -> float:
        return branch_seed(self.one.seed, Branch.TOLD, self.number, *self.before, use) / 2.0**63
