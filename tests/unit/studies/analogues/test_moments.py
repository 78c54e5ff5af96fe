"""Moments: the closest days of the past, and what followed each as far as it was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.lab.chronicles import history_of
from detente.lab.phases import phases_of
from detente.questions.windows import later
from detente.studies.analogues.elsewhere import moments_elsewhere
from detente.studies.analogues.followed import MONTHS, Followed
from detente.studies.analogues.memories import APART_DAYS, Past, past_of
from detente.studies.analogues.moments import Moment, moments, nearest_days, similar_days
from worlds import AS_OF, baseline, embedded, essay_case, random_chronicle


@cache
def past() -> Past:
    return past_of(essay_case(), AS_OF)


@cache
def found() -> tuple[Moment, ...]:
    return moments(past(), count=5)[0]


def test_they_lie_apart_and_days_of_the_same_phase_come_first() -> None:
    assert len(found()) == 5
    days = sorted([*(m.day for m in found()), AS_OF])
    assert min((b - a).days for a, b in pairwise(days)) >= APART_DAYS
    order = [(not m.same_phase, m.distance) for m in found()]
    assert order == sorted(order)
    labels = phases_of(essay_case())
    for moment in found():
        before = labels.at(moment.day - timedelta(days=1))
        assert before is not None
        assert moment.phase == before.word


def test_what_followed_is_what_the_chronicle_holds() -> None:
    events = history_of(essay_case()).events.filter(
        pl.col("source").is_in(["USA", "IRN"]) & pl.col("target").is_in(["USA", "IRN"])
    )
    for moment in found():
        for months, followed in zip(MONTHS, moment.followed, strict=True):
            end = later(moment.day, f"{months}m")
            assert isinstance(followed, Followed) is (end <= AS_OF)
            if isinstance(followed, Followed):
                inside = events.filter(pl.col("date").is_between(moment.day, end, closed="left"))
                assert sum(followed.acts.values()) == inside.height
                told = inside["fatalities"].sum() or (None if followed.unknown_tolls else 0)
                assert followed.deaths == told
        assert all(act["date"] < moment.day for act in moment.before)


def test_a_memory_is_the_sum_of_past_acts_each_halved_once_a_half_life() -> None:
    rows = [
        {"date": date(2000, 1, 3), "source": "A", "target": "B", "class": "force", "intensity": -10.0},
        {"date": date(2000, 1, 5), "source": "B", "target": "A", "class": "joint", "intensity": 5.0},
    ]
    known = Chronicle.of(pl.DataFrame(rows), Window(date(2000, 1, 1), date(2000, 1, 20)))
    memories = Past.of(baseline("A", "B"), known, {"fast": 2.0, "slow": 100.0}).memories
    conflict = np.expm1(memories[0, 0, 0])
    assert conflict[:3].tolist() == [0, 0, 0]  # the act counts from the day after it on
    assert conflict[3] == pytest.approx(2**-0.5)
    assert conflict[5] == pytest.approx(2**-1.5)
    assert np.expm1(memories[:, 1, 0, 5]) == pytest.approx([2**-0.5 / 2] * 2)  # a joint act is of both
    assert not memories[1, 0].any()


def test_the_day_itself_comes_first_where_it_is_repeated() -> None:
    """A year of the past written down again as the last year is the moment most like the as-of day."""
    start = date(2000, 1, 1)
    acts = random_chronicle(3, days=400)
    last = acts.events.with_columns(pl.col("date") + timedelta(days=1200))
    both = pl.concat([acts.events, last])
    known = Chronicle.of(both, Window(start, start + timedelta(days=1600)))
    past = Past.of(baseline("A", "B"), known, {"fast": 14.0, "slow": 60.0})
    (at,), distance, _ = similar_days(past, count=1)
    assert abs(at - 400) <= 2
    assert distance[400] == pytest.approx(0, abs=0.01)


def test_nothing_after_the_day_changes_anything() -> None:
    case = essay_case()
    cut = replace(case.chronicle.known_at(AS_OF), provenance=case.chronicle.provenance)
    early = Case(case.rivalry, case.argument, cut)
    assert [m.to_dict() for m in moments(past_of(early, AS_OF), count=5)[0]] == [m.to_dict() for m in found()]


def test_days_after_the_events_are_neither_compared_nor_quiet() -> None:
    argument, known = baseline("A", "B"), random_chronicle(1, days=1500)
    end = known.window.day(1000)
    past = Past.of(argument, known, {"fast": 14.0, "slow": 365.0}, end)
    shown, _ = moments(past, count=5)
    assert max(m.day for m in shown) <= end
    for moment in shown:
        assert all(isinstance(each, Followed) is (each.window.end <= end) for each in moment.followed)


def test_days_of_another_phase_come_when_there_is_no_other() -> None:
    distance, same = np.array([3.0, 1.0, 2.0]), np.array([True, False, False])
    assert list(nearest_days(distance, same, 3)) == [0]  # the others lie too near
    far = np.full(1000, np.nan)
    far[[0, 400, 800]] = [2.0, 1.0, 3.0]
    same = np.zeros(1000, dtype=bool)
    same[800] = True
    assert list(nearest_days(far, same, 3)) == [800, 400, 0]
    assert list(nearest_days(np.full(5, np.nan), same[:5], 3)) == []


def test_the_same_pair_in_a_file_of_its_own_is_found_with_its_sides() -> None:
    own = Past.of(baseline(), embedded().known_at(AS_OF), {"fast": 14.0, "slow": 365.0})
    elsewhere = moments_elsewhere(own, embedded(), AS_OF, count=3)
    assert ("IRN", "USA") in elsewhere.pairs
    mine = [m for m in elsewhere.moments if set(m.pair) == {"USA", "IRN"}]
    assert {m.pair for m in mine} <= {("USA", "IRN"), ("IRN", "USA")}
    assert all(m.day < AS_OF for m in elsewhere.moments)
    assert elsewhere.searched > 10_000


def test_a_mirrored_pair_is_turned_round() -> None:
    """Where names are exchanged in the file, the second stands for the first principal, and nothing else changes."""
    own = Past.of(
        baseline("A", "B"), random_chronicle(2).known_at(date(2003, 1, 1)), {"fast": 14.0, "slow": 365.0}
    )
    file = random_chronicle(2)
    swap = {"A": "Y", "B": "X"}
    events = file.events.with_columns(pl.col("source", "target").replace(swap))
    found = moments_elsewhere(own, replace(file, events=events), date(2003, 1, 1), count=1).moments
    straight = moments_elsewhere(own, file, date(2003, 1, 1), count=1).moments
    assert found[0].pair == tuple(swap[code] for code in straight[0].pair)
    assert found[0].day == straight[0].day
    assert found[0].distance == pytest.approx(straight[0].distance)
