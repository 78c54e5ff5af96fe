"""Every act told is like one on record: checked by a second reading of the record, over many futures and seeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest

from detente.argument.sides import sides_of
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.columns import COLUMNS
from detente.events.provenance import Provenance
from detente.lab.case import Case
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.model.clocks import at_clocks
from detente.studies.exercise.exercise import Exercise, exercise, play
from detente.studies.exercise.injects import Inject
from detente.studies.exercise.moves import parse_move
from detente.studies.exercise.plausibility import (
    AFTERMATH_DAYS,
    LONG_AGO,
    MANY,
    Record,
    grave,
    table_rows,
)
from detente.studies.exercise.telling import Dice, Play, Story, record_of, tell
from worlds import AS_OF, baseline, essay, essay_case, random_chronicle

DAYS = 150
TALKS = ("CONSULT", "AGREE")
NO_MOVE = Play(pl.DataFrame(schema=dict(COLUMNS)))
HALF_LIVES = {"fast": 14.0, "slow": 365.0, "generational": 7305.0}


def us_iran(seed: int, futures: int) -> Run:
    case = essay_case()
    plain = replace(case, argument=at_clocks(essay(), HALF_LIVES))
    return run(plain, as_of=AS_OF, days=DAYS, futures=futures, seed=seed)


@cache
def raiders() -> Case:
    """A raids and kills, B shells, and both talk: each mode of force is one side's own, and shells kill nobody."""
    chronicle = random_chronicle(seed=3, days=2500, per_day=0.5)
    mode = (
        pl.when(pl.col("action") != "ASSAULT")
        .then(pl.col("mode"))
        .when(pl.col("source") == "B")
        .then(pl.lit("shelling"))
        .otherwise(pl.when(pl.col("fatalities") > 15).then(pl.lit("raid")).otherwise(pl.lit("airstrike")))
    )
    deaths = pl.when(pl.col("source") == "B").then(pl.lit(0)).otherwise(pl.col("fatalities"))
    talk = pl.col("action").is_in(TALKS)
    events = chronicle.events.with_columns(mode=mode, fatalities=deaths)
    killed = events.filter(pl.col("fatalities") >= MANY)["date"].to_list()
    soon = {day + timedelta(days=n) for day in killed for n in range(AFTERMATH_DAYS + 1)}
    events = events.filter(~(talk & pl.col("date").is_in(soon)))
    return Case(None, baseline("A", "B"), replace(chronicle, events=events))


def other_pair(seed: int, futures: int) -> Run:
    case = raiders()
    return run(case, as_of=case.chronicle.window.end, days=DAYS, futures=futures, seed=seed)


def faults_of(result: Run, story: Story) -> list[tuple[str, Inject]]:
    """Read the rule again from the events, act by act, without the code of the study."""
    known = result.case.known(result.as_of)
    seen = known.chronicle.events.with_columns(channel=pl.Series(known.channel_of))
    inside = seen.filter(pl.col("channel") >= 0)
    principals = set(result.case.argument.principals or ())
    layout = known.layout
    out = []
    deadly = [
        (act["date"], act["fatalities"]) for act in inside.filter(pl.col("fatalities") >= MANY).to_dicts()
    ]
    for inject in (i for i in story.injects if i.kind == "act"):
        mode = pl.col("mode").eq_missing(pl.lit(inject.mode))
        alike = pl.col("action").eq(pl.lit(inject.action)) & mode
        ends = (inject.source, inject.target)
        same = (pl.col("source") == ends[0]) & (pl.col("target") == ends[1])
        if inject.mutual:
            same |= (pl.col("source") == ends[1]) & (pl.col("target") == ends[0])
        row = pl.DataFrame(
            [{"source": ends[0], "target": ends[1], "action": inject.action, "mode": inject.mode}]
        )
        if not inject.played:
            by_them = inside.filter(alike, same)
            taken = {
                c
                for c, channel in enumerate(layout.channels)
                if ends in set(channel.pairs()) and channel.joint == inject.mutual
            }
            active = inside.filter(pl.col("channel").is_in(list(taken)))
            if by_them.is_empty() and not active.is_empty():
                out.append(("never done", inject))
            most = seen.filter(alike)["fatalities"].max() or 0
            if (inject.deaths or 0) > int(most):  # type: ignore[arg-type]
                out.append(("too deadly", inject))
            if inside.filter(alike, pl.col("issue").eq_missing(pl.lit(inject.issue))).is_empty() and not (
                active.is_empty()
            ):
                out.append(("issue never seen", inject))
            if row["action"][0] in TALKS and set(ends) == principals:
                before = [n for day, n in deadly if 0 <= (inject.date - day).days <= AFTERMATH_DAYS]
                if before:
                    out.append(("talks too soon", inject))
        if (inject.deaths or 0) >= MANY:
            deadly.append((inject.date, inject.deaths))
    return out


def breaches(result: Run, play_: Play = NO_MOVE) -> tuple[list[tuple[str, Inject]], int, int]:
    found, redrawn, left = [], 0, 0
    for number in range(result.futures.count):
        story = tell(result, number, DAYS, play_)
        found += faults_of(result, story)
        redrawn += sum(i.simulated is not None for i in story.injects)
        left += len(story.left_out)
    return found, redrawn, left


@pytest.mark.parametrize("world", [us_iran, other_pair])
def test_no_inject_breaks_the_rule(world: object) -> None:
    result = world(1, 8)  # type: ignore[operator]
    found, redrawn, _ = breaches(result)
    assert not found
    assert redrawn  # else the rule would have had nothing to mend


@pytest.mark.slow
@pytest.mark.parametrize("world", [us_iran, other_pair])
@pytest.mark.parametrize("seed", range(2, 6))
def test_no_inject_breaks_the_rule_in_many_futures(world: object, seed: int) -> None:
    found, redrawn, _ = breaches(world(seed, 60))  # type: ignore[operator]
    assert not found
    assert redrawn


@pytest.fixture(scope="module")
def pair() -> Run:
    return other_pair(1, 60)


def test_what_was_simulated_is_kept_and_only_implausible_acts_are_told_in_another_way(pair: Run) -> None:
    events, told = pair.futures.events.filter(pl.col("date") < pair.as_of + timedelta(days=DAYS)), []
    for number in range(8):
        story = tell(pair, number, DAYS, NO_MOVE)
        told = [i for i in story.injects if i.kind == "act"]
        names = ("source", "target", "action", "mode", "issue")
        drawn = events.filter(pl.col("future") == number).select("date", *names, "fatalities").rows()
        kept = [
            (i.date, *(getattr(i.simulated or i, name) for name in (*names, "deaths")))
            for i in (*told, *story.left_out)
        ]
        assert sorted(kept, key=str) == sorted(drawn, key=str)
        assert all((i.simulated.source, i.simulated.target) for i in told if i.simulated)
    shells = [i for i in told if i.mode == "shelling"]
    assert not [i for i in shells if i.deaths]


def test_a_story_is_the_same_again_and_as_before_a_move(pair: Run) -> None:
    day = pair.as_of + timedelta(days=70)
    act = parse_move("A -> B ASSAULT mode=raid deaths=900", day, pair.case)
    for number in range(4):
        first, again = (tell(pair, number, DAYS, NO_MOVE) for _ in range(2))
        moved = tell(pair, number, DAYS, Play(act))
        assert first == again
        assert [i for i in first.injects if i.date < day] == [i for i in moved.injects if i.date < day]


def test_talks_do_not_follow_a_players_massacre_within_a_week(pair: Run) -> None:
    left = 0
    for number in range(6):
        days = [i.date for i in tell(pair, number, DAYS, NO_MOVE).injects if i.action in TALKS and i.mutual]
        if not days:
            continue
        day = max(days[0] - timedelta(days=3), pair.as_of)
        act = parse_move("A -> B ASSAULT mode=raid deaths=900", day, pair.case)
        story = tell(pair, number, DAYS, Play(act))
        assert not faults_of(pair, story)
        left += len(story.left_out)
        talks = parse_move("A <-> B CONSULT", day + timedelta(days=1), pair.case)
        both = tell(pair, number, DAYS, Play(pl.concat([act, talks])))
        assert [i for i in both.injects if i.played and i.action == "CONSULT"]  # players may talk
    assert left


def test_a_future_with_a_grave_fault_is_chosen_only_if_all_have_one(pair: Run) -> None:
    told = exercise(pair.case, "worst", days=DAYS, as_of=pair.as_of, futures=60, seed=1)
    deadliest = record_of(told.run).deadliest
    events = told.run.futures.events.filter(pl.col("date") < pair.as_of + timedelta(days=DAYS))
    worst = events.group_by("future").agg(pl.col("fatalities").max()).filter(pl.col("fatalities") > deadliest)
    assert 0 < told.eligible < 60
    assert worst.height  # some future is barred
    assert told.number not in worst["future"]
    assert told.to_dict()["eligible"] == told.eligible


def test_breaks_of_talks_and_truces_need_what_they_break_and_end() -> None:
    """The pair broke off talks once, a month after some, and made a truce once, a week after force."""
    start = date(2000, 1, 1)
    acts = [
        (10, "A", "B", "CONSULT", "talks", "joint"),
        (40, "A", "B", "REJECT", "walkout", "verbal-conflict"),
        (60, "A", "B", "ASSAULT", "raid", "force"),
        (67, "A", "B", "YIELD", "ceasefire", "verbal-cooperation"),
        *((80 + 9 * n, "A", "B", "REJECT", "statement", "verbal-conflict") for n in range(12)),
        *((81 + 9 * n, "A", "B", "YIELD", "release", "verbal-cooperation") for n in range(12)),
    ]
    rows = pl.DataFrame(
        [
            {"date": start + timedelta(days=d), "source": s, "target": t, "action": a, "mode": m, "class": c}
            | {"intensity": -1.0, "issue": "other"}
            for d, s, t, a, m, c in acts
        ]
    )
    window = Window(start, start + timedelta(days=3000))
    case = Case(
        None, baseline("A", "B"), Chronicle.of(rows, window, "detente", provenance=Provenance("made"))
    )
    result = run(case, as_of=window.end, days=DAYS, futures=2, seed=1)
    record = record_of(result)
    assert not record.unbroken
    assert not record.unprovoked
    layout = result.futures.program.layout
    names = [channel.label for channel in layout.channels]
    table = result.futures.program.acts
    for mode, label in (("walkout", "verbal-conflict"), ("ceasefire", "verbal-cooperation")):
        channel = names.index(f"A -> B {label}")
        row = next(
            r for r in range(table.start[channel], table.start[channel + 1]) if table.looks["mode"][r] == mode
        )
        log = result.futures.log
        one = replace(
            log,
            **{
                name: np.array([value], getattr(log, name).dtype)
                for name, value in zip(
                    ("future", "day", "channel", "act", "deaths"), (0, 5, channel, row, 0), strict=True
                )
            },
        )
        futures = replace(result.futures, log=one)
        rows_read = table_rows(table, sides_of(case.argument, result.as_of, ()), "detente")
        told = Dice(futures, rows_read, record, frozenset(), 0).throw(0)
        assert told is not None
        assert table.looks["mode"][told[0]] in ("statement", "release")
        fresh = replace(record, talks_day=-10, force_day=-10)
        assert Dice(futures, rows_read, fresh, frozenset(), 0).throw(0) == (row, 0)


def quiet() -> Exercise:
    """A pair that does next to nothing."""
    chronicle = random_chronicle(seed=1, days=2500, per_day=0.012)
    case = Case(None, baseline("A", "B"), chronicle)
    return exercise(case, "typical", days=30, as_of=chronicle.window.end, futures=100, seed=1)


def test_a_quiet_future_says_so_and_players_change_it() -> None:
    told = quiet()
    assert told.told_acts == 0
    counts = told.run.futures.counts(30).sum(axis=1)
    assert told.expected_acts == counts.mean()
    assert told.quiet_share == (counts == 0).mean() > 0.5
    assert told.change is None
    moved = play(told, parse_move("A -> B AID", told.run.as_of, told.run.case))
    assert moved.change is not None
    assert moved.change == moved.change


def test_grave_faults_are_counted_as_by_a_written_out_loop() -> None:
    rng = np.random.default_rng(0)
    n, futures = 400, 12
    future, day = np.sort(rng.integers(futures, size=n)), rng.integers(40, size=n)
    deaths, talks = rng.integers(0, 30, size=n) * (rng.random(n) < 0.3), rng.random(n) < 0.2
    nothing = Record(frozenset(), {}, 25, 9, frozenset(), frozenset(), LONG_AGO, LONG_AGO, ((-2, 50),))
    expected = np.zeros(futures, dtype=int)
    for i in range(n):
        expected[future[i]] += deaths[i] > 25
        expected[future[i]] += bool(talks[i]) and day[i] + 2 <= AFTERMATH_DAYS
        for k in range(n):
            soon = future[k] == future[i] and 0 <= day[k] - day[i] <= AFTERMATH_DAYS
            expected[future[i]] += bool(soon and deaths[i] > 9 and talks[k])
    assert grave(day, future, deaths, talks, nothing, futures).tolist() == expected.tolist()
