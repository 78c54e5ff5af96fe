"""Settling by compiled code equals the old code on frames, on random statements, logs and histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import oracle_settling as oracle
from detente.base.days import Window
from detente.events.act_log import UNKNOWN, ActLog
from detente.events.chronicle import Chronicle
from detente.events.phases import Phase, Sides
from detente.questions.chronicles import Chronicles, MemoryPath
from detente.questions.question import Question, first_days, resolve_many
from detente.questions.settle import settle, settle_earlier
from detente.questions.statements import (
    Acts,
    All,
    Any,
    Count,
    InPhase,
    Kind,
    MemoryChange,
    Not,
    Rate,
    Statement,
    War,
    leaves,
    shift,
)

START, DAYS, BEFORE = date(2020, 1, 1), 400, 420  # more than a year, for wars and for the pair's own mean
CLASS_OF = {
    "ASSAULT": "force",
    "COERCE": "force",
    "CONSULT": "joint",
    "AGREE": "joint",
    "YIELD": "material-cooperation",
    "SUPPORT": "verbal-cooperation",
    "REJECT": "verbal-conflict",
}
MODES = [None, "airstrike", "cyber", "ceasefire", "walkout"]
SIDES = Sides(("A", "B"), (("F",), ()), ((), ("P",)), (Window(START + timedelta(70), START + timedelta(80)),))


def looks_of(action: str, pair: str, mode: str | None) -> dict[str, object]:
    joint = CLASS_OF[action] == "joint"
    return {
        "source": pair[0],
        "target": pair[1],
        "class": CLASS_OF[action],
        "action": action,
        "mode": mode,
        "issue": None if mode == "cyber" else "other",
        "mutual": joint,
    }


LOOKS = [looks_of(a, p, m) for a in CLASS_OF for p in ("AB", "BA", "PA", "FB") for m in MODES]
LIKELY = np.array([6.0 if look["action"] == "ASSAULT" else 2.0 if look["mutual"] else 1.0 for look in LOOKS])

Rows = list[tuple[int, int, int, str]]  # day, look, deaths, precision; sorted by day


def rows_of(seed: int, days: int) -> Rows:
    """Return acts of a few busy times, most of them strikes and talks, so that every rule of phases is met."""
    rng = np.random.default_rng(seed)
    number, busy = int(rng.integers(0, 90)), rng.integers(0, days, size=rng.integers(1, 6))
    day = np.sort(np.clip(rng.choice(busy, number) + rng.integers(-15, 16, number), 0, days - 1))
    look = rng.choice(len(LOOKS), number, p=LIKELY / LIKELY.sum())
    deaths = rng.choice([UNKNOWN, 0, 1, 300, 600], number, p=[0.4, 0.2, 0.2, 0.15, 0.05])
    precision = rng.choice(list("dmy"), number, p=[0.9, 0.07, 0.03])
    return list(zip(day.tolist(), look.tolist(), deaths.tolist(), precision.tolist(), strict=True))


def acts_on(days: int) -> st.SearchStrategy[Rows]:
    return st.integers(0, 2**32 - 1).map(lambda seed: rows_of(seed, days))


def history(rows: Rows, start: date, days: int) -> Chronicle:
    words = {"d": "day", "m": "month", "y": "year"}
    frame = [
        LOOKS[look]
        | {
            "date": start + timedelta(day),
            "precision": words[precision],
            "fatalities": None if deaths == UNKNOWN else deaths,
        }
        for day, look, deaths, precision in rows
    ]
    schema = {"mode": pl.String, "issue": pl.String, "fatalities": pl.Int64, "date": pl.Date}
    columns = {**dict.fromkeys(("source", "target", "class", "action"), pl.String), "mutual": pl.Boolean}
    return Chronicle.of(
        pl.DataFrame(frame, schema=schema | columns | {"precision": pl.String}),
        Window(start, start + timedelta(days)),
    )


@st.composite
def both_ways(draw: st.DrawFn) -> tuple[Chronicles, oracle.FrameChronicles]:
    """Draw the same chronicles for the code and for the oracle: futures with a past, or a history with tolls."""
    window = Window(START, START + timedelta(DAYS))
    values = draw(st.lists(st.floats(0, 1), min_size=45, max_size=45))
    if draw(st.booleans()):
        rows = draw(acts_on(DAYS))
        tolls = ((Window(START + timedelta(40), START + timedelta(60)), draw(st.sampled_from([900, 1100]))),)
        tolls = tolls if draw(st.booleans()) else ()
        one = history(rows, START, DAYS)
        paths = {("fast", "A"): MemoryPath(START, 28, np.reshape(values, (-1, 15)))}
        now = replace(Chronicles.of(one), sides=SIDES, tolls=tolls, paths=paths)
        frame = one.events.with_columns(future=pl.lit(0, dtype=pl.Int32))
        return now, oracle.FrameChronicles(frame, window, 1, "detente", None, SIDES, tolls, paths)
    futures = [draw(acts_on(DAYS)) for _ in range(3)]
    past = history(draw(acts_on(BEFORE)), START - timedelta(BEFORE), BEFORE) if draw(st.booleans()) else None
    known = draw(st.booleans())
    looks = pl.DataFrame(LOOKS, schema_overrides={"mode": pl.String, "issue": pl.String})
    flat = [row for rows in futures for row in rows]
    day, look, deaths = (np.array([row[i] for row in flat], dtype=np.int32) for i in range(3))
    deaths = np.maximum(deaths, 0) if known else np.full_like(deaths, UNKNOWN)
    log = ActLog(
        window,
        np.cumsum([0, *map(len, futures)]),
        *(day, look, deaths, looks),
        np.ones(len(LOOKS), dtype=np.int64),
        np.ones(len(LOOKS), dtype=np.bool_),
    )
    frame = looks[look.tolist()].with_columns(
        future=pl.Series([f for f, rows in enumerate(futures) for _ in rows], dtype=pl.Int32),
        date=pl.Series([START + timedelta(int(d)) for d in day], dtype=pl.Date),
        precision=pl.lit("day"),
        fatalities=pl.Series([int(d) if known else None for d in deaths], dtype=pl.Int64),
    )
    paths = {("fast", "A"): MemoryPath(START, 28, np.reshape(values, (3, 15)))}
    now = Chronicles(log, "detente", past, SIDES, paths=paths, threads=2)
    return now, oracle.FrameChronicles(frame, window, 3, "detente", past, SIDES, (), paths)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = START + timedelta(draw(st.integers(-60, DAYS + 20)))
    return Window(start, start + timedelta(draw(st.integers(1, DAYS + 40))))


some = st.sampled_from
chosen_acts = st.builds(
    Acts,
    some([(), ("A",), ("A", "P")]),
    some([(), ("B",), ("A", "B")]),
    st.booleans(),
    some(
        [
            (),
            (Kind(classes=("force",)),),
            (Kind(actions=("AGREE", "YIELD")),),
            (Kind(("joint",), ("YIELD",)),),
        ]
    ),
    some([(), ("airstrike",), ("ceasefire", "cyber")]),
    some([(), (), ("other",)]),
    some([None, None, 1, 500]),
)
counts = st.one_of(
    st.builds(Count, chosen_acts, windows(), at_least=st.integers(1, 6)),
    st.builds(Count, chosen_acts, windows(), at_most=st.integers(0, 6)),
)
phases = some([*(phase.word for phase in Phase), "talks"])
leaf = st.one_of(
    counts,
    st.builds(Rate, chosen_acts, windows(), windows(), some([0.5, 1.0, 2.0]), st.booleans()),
    st.builds(InPhase, phases, windows(), st.none() | st.floats(0.01, 1), st.booleans()),
    st.builds(War, windows()),
    st.builds(MemoryChange, some(["fast", "slow"]), st.just("A"), windows(), st.booleans()),
)
statements: st.SearchStrategy[Statement] = st.recursive(
    leaf,
    lambda part: st.one_of(
        st.builds(Not, part),
        *(st.builds(kind, st.lists(part, min_size=1, max_size=3).map(tuple)) for kind in (All, Any)),
    ),
    max_leaves=4,
)


@given(both_ways(), st.lists(statements, min_size=1, max_size=4), st.none() | statements)
def test_settled_as_before(
    both: tuple[Chronicles, oracle.FrameChronicles], asked: list[Statement], condition: Statement | None
) -> None:
    now, before = both
    for asks in asked:
        question = Question("q", "q", asks, condition)
        assert_array_equal(resolve_many(question, now), oracle.resolve_many(question, before))
        for part in leaves(asks):
            assert_array_equal(settle(part, now), oracle.settle(part, before), str(part))


@given(both_ways(), chosen_acts, st.lists(windows(), min_size=5, max_size=15))
def test_counts_as_before(
    both: tuple[Chronicles, oracle.FrameChronicles], acts: Acts, many: list[Window]
) -> None:
    now, before = both
    for window in many:
        found = now.tally(acts, window)
        assert_array_equal(
            [found.certain, found.possible], before.tally(acts)[0].within(window, before.count)
        )


@given(both_ways())
def test_phases_as_before(both: tuple[Chronicles, oracle.FrameChronicles]) -> None:
    now, before = both
    phase, talks = before.phases
    assert_array_equal(now.phases.phase, phase)
    assert_array_equal(now.phases.talks, talks)
    assert_array_equal(now.phases.main_phase, oracle.main_phase(phase))
    in_phase, in_talks = now.phases.by_day()
    assert_array_equal(in_phase.T, [(phase == p).sum(axis=0) for p in Phase])
    assert_array_equal(in_talks, talks.sum(axis=0))


@given(both_ways(), counts)
def test_first_days_as_before(both: tuple[Chronicles, oracle.FrameChronicles], asks: Count) -> None:
    now, before = both
    assert_array_equal(first_days(Question("q", "q", asks), now), oracle.first_days(asks, before))


@given(both_ways(), leaf, st.lists(st.integers(-30, 90), min_size=1, max_size=5))
def test_earlier_windows_as_before(
    both: tuple[Chronicles, oracle.FrameChronicles], asks: Statement, days: list[int]
) -> None:
    now, before = both
    found = settle_earlier(asks, now, np.array(days)) if now.count == 1 else None
    if found is not None:
        assert found.tolist() == [int(oracle.settle(shift(asks, -d), before)[0]) for d in days]
