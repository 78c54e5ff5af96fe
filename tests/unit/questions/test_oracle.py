"""Settling by compiled code equals the old code on frames, on random statements, logs and histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import oracle_settling as oracle
from detente.base.days import Window
from detente.events.act_log import UNKNOWN, ActLog
from detente.events.phases import Phase
from detente.questions.chronicles import Chronicles, MemoryPath
from detente.questions.question import Question, first_days, resolve_many
from detente.questions.settle import settle, settle_earlier
from detente.questions.statements import (
    Acts,
    Count,
    Statement,
    leaves,
    shift,
)
from random_statements import (
    BEFORE,
    DAYS,
    LOOKS,
    SIDES,
    START,
    acts_on,
    chosen_acts,
    counts,
    history,
    leaf,
    statements,
    windows,
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
