"""Which simulated acts are plausible to players: those that are like an act on record.

The rule, of each act in turn:

1. Its source has done the same action in the same mode over the same issue to the same target; of a channel without
   an act on record, any act that the model draws there will do.
2. It kills no more than the deadliest act on record of that action and mode, and nobody if none is known to have
   killed.
3. What it presupposes has happened. Talks do not follow within `AFTERMATH_DAYS` of an act that killed `MANY` or more,
   a break of talks follows talks within 180 days, a truce follows force within 120 days; each unless there is a case
   on record without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Ints
from detente.events.phases import SETTLING, TALKING, Sides, feeds
from detente.model.act_table import ActTable
from detente.model.known import Known

AFTERMATH_DAYS = 7
MANY = 10  # deaths of one act
LONG_AGO = -(10**6)  # a day before every other

Kind = tuple[str, str | None]  # action and mode
_LIKE = ("source", "target", "action", "mode", "issue")  # by which an act is like another


@dataclass(frozen=True)
class Record:
    """What acts known by a day say of which acts are plausible; days count from that day.

    Attributes
    ----------
    done : frozenset of (channel, source, target, action, mode, issue)
        What has been done in the channels.
    tolls : mapping of (action, mode) to tuple of int
        Deaths of the acts known to have killed, ascending.
    deadliest : int
        The highest of them; 0 if no act is known to have killed.
    talks_after : int
        Talks may follow within `AFTERMATH_DAYS` of an act that killed so many.
    unbroken : frozenset of (action, mode)
        Breaks of talks on record without talks before them.
    unprovoked : frozenset of (action, mode)
        Truces on record without force before them.
    talks_day, force_day : int
        The last day of each, `LONG_AGO` if there was none.
    killed : tuple of (int, int)
        Day and deaths of acts that killed in the last `AFTERMATH_DAYS`.
    """

    done: frozenset[tuple[int, str, str, str, str | None, str | None]]
    tolls: Mapping[Kind, tuple[int, ...]]
    deadliest: int
    talks_after: int
    unbroken: frozenset[Kind]
    unprovoked: frozenset[Kind]
    talks_day: int
    force_day: int
    killed: tuple[tuple[int, int], ...]

    @cached_property
    def channels(self) -> frozenset[int]:
        """Channels with an act on record."""
        return frozenset(channel for channel, *_ in self.done)

    def has(self, row: Row) -> bool:
        """Return whether an act is like one on record (the first part of the rule)."""
        return row.key in self.done or row.channel not in self.channels

    def most_deaths(self, action: str, mode: str | None) -> int:
        """Return the most deaths that an act of this action and mode may have.

        Examples
        --------
        >>> nothing = (LONG_AGO, LONG_AGO, ())
        >>> tolls = {("ASSAULT", "raid"): (5, 1200)}
        >>> record = Record(frozenset(), tolls, 1200, 9, frozenset(), frozenset(), *nothing)
        >>> record.most_deaths("ASSAULT", "raid"), record.most_deaths("ASSAULT", "drone-shootdown")
        (1200, 0)
        """
        return max(self.tolls.get((action, mode), (0,)))

    def begin(self) -> Situation:
        """Return the situation at the start of a future."""
        return Situation(self, self.talks_day, self.force_day, list(self.killed))


@dataclass
class Situation:
    """What has gone before an act of a future: history, and the acts told so far."""

    record: Record
    talks_day: int
    force_day: int
    killed: list[tuple[int, int]]

    def allows(self, row: Row, day: int) -> bool:
        """Return whether what an act presupposes has happened (the third part of the rule)."""
        kind = row.action, row.mode
        if row.talks:
            lately = [deaths for then, deaths in self.killed if 0 <= day - then <= AFTERMATH_DAYS]
            if max(lately, default=0) > self.record.talks_after:
                return False
        if row.breaks and day - self.talks_day >= TALKING and kind not in self.record.unbroken:
            return False
        return not (row.truce and day - self.force_day >= SETTLING and kind not in self.record.unprovoked)

    def add(self, row: Row, day: int, deaths: int) -> None:
        """Let an act have happened."""
        if row.talks:
            self.talks_day = day
        if row.force:
            self.force_day = day
        if deaths:
            self.killed.append((day, deaths))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of acts, with what the rule reads of it."""

    channel: int
    source: str
    target: str
    action: str
    mode: str | None
    issue: str | None
    talks: bool
    breaks: bool
    truce: bool
    force: bool

    @property
    def key(self) -> tuple[int, str, str, str, str | None, str | None]:
        """What `Record.done` holds."""
        return self.channel, self.source, self.target, self.action, self.mode, self.issue


def table_rows(acts: ActTable, sides: Sides, scheme: str) -> list[Row]:
    """Return the rows of a table of acts with what the rule reads of them."""
    looks = acts.looks.with_columns(fatalities=pl.lit(0, dtype=pl.Int64))
    channel = np.repeat(np.arange(len(acts.start) - 1), np.diff(acts.start)).tolist()
    flags = [flag.tolist() for flag in _flags(looks, sides, scheme)]
    columns = looks.select(*_LIKE).iter_rows()
    return [Row(c, *act, *flag) for c, act, *flag in zip(channel, columns, *flags, strict=True)]


def read_record(known: Known, sides: Sides) -> Record:
    """Read from what was known by a day which acts are plausible after it.

    Deaths are those of all acts known, done by anybody; everything else is of the acts in the argument's channels.
    """
    chronicle, looks = known.chronicle, known.acts.looks
    killing = chronicle.events.filter(pl.col("fatalities") > 0)
    tolls = {
        (action, mode): tuple(sorted(deaths))
        for action, mode, deaths in killing.group_by("action", "mode").agg("fatalities").iter_rows()
    }
    rows = np.unique(known.row_of[known.row_of >= 0])
    channel = np.searchsorted(known.acts.start, rows, side="right") - 1
    done = looks.select(*_LIKE)[rows.tolist()].iter_rows()
    exact = pl.Series(known.channel_of >= 0) & (chronicle.events["precision"] == "day")
    vague = pl.Series(known.channel_of >= 0) & (chronicle.events["precision"] != "day")
    events = chronicle.events.filter(exact)
    day = (events["date"] - known.as_of).dt.total_days().to_numpy()
    talks, breaks, truce, force = _flags(events, sides, chronicle.scheme)
    deaths = events["fatalities"].fill_null(0).to_numpy()
    met, fought = np.unique(day[talks]), np.unique(day[force])
    followed = (deaths > 0) & (_gap(-day, np.sort(-met)) <= AFTERMATH_DAYS)
    lone_break = breaks & (_gap(day, met) >= TALKING)
    lone_truce = truce & (_gap(day, fought) >= SETTLING)
    undated = chronicle.events.filter(vague)
    _, vague_break, vague_truce, _ = _flags(undated, sides, chronicle.scheme)
    lately = (deaths > 0) & (day >= -AFTERMATH_DAYS)
    return Record(
        frozenset((int(c), *act) for c, act in zip(channel, done, strict=True)),
        tolls,
        int(killing["fatalities"].max() or 0),  # type: ignore[arg-type]
        max(MANY - 1, int(deaths[followed].max(initial=0))),
        _kinds(events, lone_break) | _kinds(undated, vague_break),
        _kinds(events, lone_truce) | _kinds(undated, vague_truce),
        int(met.max(initial=LONG_AGO)),
        int(fought.max(initial=LONG_AGO)),
        tuple(zip(day[lately].tolist(), deaths[lately].tolist(), strict=True)),
    )


def _flags(events: pl.DataFrame, sides: Sides, scheme: str) -> tuple[Bools, Bools, Bools, Bools]:
    """Return which acts are talks of the principals, breaks of them, truces, and force of a side on the other."""
    rules = feeds(sides, scheme)
    table = events.select(
        talks=rules["talks"] > 0,
        breaks=rules["breaks"] > 0,
        truces=rules["truces"] > 0,
        force=(rules["points"] + rules["strikes_first"] + rules["strikes_second"]) > 0,
    )
    talks, breaks, truces, force = (table[name].to_numpy() for name in table.columns)
    return talks, breaks, truces, force


def _gap(day: Ints, earlier: Ints) -> Ints:
    """Return how many days before each day the last of some sorted earlier days was, at most the day itself."""
    place = np.searchsorted(earlier, day, side="right") - 1
    padded = np.append(earlier, LONG_AGO)  # place -1 reads the last
    return np.asarray(day - padded[place])


def _kinds(events: pl.DataFrame, which: Bools) -> frozenset[Kind]:
    return frozenset(events.filter(pl.Series(which)).select("action", "mode").iter_rows())


def grave(day: Ints, future: Ints, deaths: Ints, talks: Bools, record: Record, futures: int) -> Ints:
    """Count in each future the faults that no other look can mend, since what follows depends on them.

    Parameters
    ----------
    day, future, deaths : int arrays of shape (event,)
        Simulated acts.
    talks : bool array of shape (event,)
        Which of them are talks.
    record : Record
    futures : int

    Returns
    -------
    ndarray of shape (future,)
        Acts deadlier than any on record, and talks too soon after an act of many deaths.

    Examples
    --------
    >>> record = Record(frozenset(), {}, 100, 9, frozenset(), frozenset(), LONG_AGO, LONG_AGO, ())
    >>> day, future = np.array([3, 5, 3, 30]), np.array([0, 0, 1, 1])
    >>> grave(
    ...     day, future, np.array([50, 0, 500, 0]), np.array([False, True, False, True]), record, 3
    ... ).tolist()
    [1, 1, 0]
    """
    out = np.bincount(future[deaths > record.deadliest], minlength=futures)
    stride = int(day.max(initial=0)) + AFTERMATH_DAYS + 1  # so that no week reaches into the next future
    met = np.sort(future[talks] * stride + day[talks])
    many = deaths > record.talks_after
    first = future[many] * stride + day[many]
    soon = np.searchsorted(met, first + AFTERMATH_DAYS, side="right") - np.searchsorted(met, first)
    np.add.at(out, future[many], soon)
    for then, toll in record.killed:
        if toll > record.talks_after:
            np.add.at(out, future[talks & (day - then <= AFTERMATH_DAYS)], 1)
    return np.asarray(out)
