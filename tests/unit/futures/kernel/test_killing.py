"""Who is killed in futures: the two laws of tolls, and the days on which the second holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.events.hostilities import Fighting, follow_hostilities
from detente.events.phase_days import read_days
from detente.events.phases import CEASED
from detente.futures.kernel.simulate import simulate_log
from detente.model.tolls import Tolls
from fighting import (
    CAP,
    DAYS,
    LOOKS,
    SIDES,
    START,
    TELLING,
    events_of,
    held,
    load_reference,
    simulated,
    world,
)


def test_the_law_of_hostilities_holds_on_the_days_that_the_phases_say() -> None:
    log = simulated(world(TELLING), 200)
    deadly = log.act < 3
    on = held(log)[log.future, log.day]
    assert np.array_equal(log.deaths[deadly] > 1, on[deadly])
    assert 0.05 < on[deadly].mean() < 0.95
    assert (log.act == 4).sum() > 100  # truces that end them


def test_days_before_the_first_count_as_in_the_phases() -> None:
    lead = 60
    rng = np.random.default_rng(2)
    for _ in range(12):
        n = 14
        look = rng.integers(0, 5, n)
        events = LOOKS[look.tolist()].with_columns(
            date=pl.Series([START - timedelta(days=int(d)) for d in rng.integers(1, lead // 3, n)]),
            precision=pl.lit("day"),
            fatalities=pl.lit(0),
        )
        events = events.sort("date")
        fighting = follow_hostilities(events, SIDES, "detente").before(START)
        before = read_days(events, Window(START - timedelta(days=lead), START), SIDES)
        log = simulated(world(TELLING, fighting), 60)
        deadly = log.act < 3
        on = held(log, before)[log.future, log.day]
        assert np.array_equal(log.deaths[deadly] > 1, on[deadly])


def test_acts_put_in_begin_and_end_hostilities() -> None:
    put = [(5, 0, 0, 0), (5, 0, 0, 0), (6, 1, 2, 0), (6, 1, 2, 0), (20, 2, 4, 0)]
    log = simulated(world(TELLING), 200, 0.05, injected=put)
    drawn = (log.act < 3) & (log.deaths > 0)
    on = held(log)
    assert np.array_equal(log.deaths[drawn] > 1, on[log.future, log.day][drawn])
    assert on[:, 6].all()


def test_threads_and_blocks_change_nothing() -> None:
    tolls = Tolls(np.array([[0.6, 100.0], [1.1, 300.0]]), np.array([0.5, 0.7]))
    whole = simulated(world(tolls, kills=0.4), 130, threads=1)
    for threads, block in ((2, 32), (1, 7)):
        other = simulated(world(tolls, kills=0.4), 130, threads=threads, block=block)
        assert np.array_equal(events_of(whole), events_of(other))


def test_the_plain_loop_kills_the_same() -> None:
    tolls = Tolls(np.array([[0.6, 100.0], [1.1, 300.0], [0.4, np.inf]]), np.array([0.5, 0.7]))
    fighting = Fighting(3, 3, np.array([[0, 0]] * 4 + [[2, 1], [0, 1]]))
    dynamics = world(tolls, fighting, kills=0.6, ceasefires=np.array([0.003, 0.01, 0.2]))
    rows = np.ones((60, 3))
    beta = rows * np.log([0.12, 0.12, 0.04])
    log = simulate_log(dynamics, beta, rows * np.log(2.0), days=DAYS, seed=9)
    plain = load_reference().simulate_reference(dynamics, beta, rows * np.log(2.0), days=DAYS, seed=9)
    np.testing.assert_array_equal(events_of(log), plain)
    assert (log.deaths > 100).any()


@pytest.mark.parametrize("taper", [40.0, np.inf])
def test_tolls_follow_their_laws(taper: float) -> None:
    exponent, other = 0.8, 0.5
    tolls = Tolls(np.array([[exponent, taper]]), np.array([other]))
    log = simulated(world(tolls), 1500, 0.1)
    on = held(log)[log.future, log.day]
    for law, chosen in (((exponent, taper), ~on), ((other, np.inf), on)):
        deaths = log.deaths[chosen & (log.act < 3)]
        for k in (1, 2, 5, 20, 100, 400):
            alive = k ** -law[0] * np.exp(-(k - 1) / law[1])
            assert abs((deaths >= k).mean() - alive) < 4 * np.sqrt(alive / len(deaths)) + 1e-9, (law, k)


def test_each_future_draws_its_laws_once_whatever_else_is_run() -> None:
    tolls = Tolls(np.array([[60.0, np.inf], [1e-8, np.inf]]), np.array([60.0, 1e-8]))
    log = simulated(world(tolls), 400, 0.1)
    on = held(log)[log.future, log.day]
    for chosen in (on, ~on):
        rows = chosen & (log.act < 3)
        # The second point makes every toll a large one, the first makes it one.
        size = [set(log.deaths[rows & (log.future == f)].tolist()) for f in range(400)]
        assert {len(kinds) for kinds in size} <= {0, 1}
        large = sum(CAP in kinds for kinds in size)
        assert 0.4 < large / sum(len(kinds) > 0 for kinds in size) < 0.6
    part = simulated(world(tolls), 3, 0.1, numbers=[7, 300, 11])
    for row, number in enumerate((7, 300, 11)):
        assert np.array_equal(part.deaths[part.future == row], log.deaths[log.future == number])


def test_without_sides_there_are_no_hostilities() -> None:
    base = world(TELLING)
    log = simulated(replace(base, acts=replace(base.acts, sides=None)), 50)
    assert log.deaths.max() == 1


def test_ceasefires_come_at_their_hazard_and_end_hostilities() -> None:
    fighting, joint = Fighting(CEASED, CEASED), 0.1
    for hazard, expected in ((0.01, 0.01), (0.05, 0.05), (0.5, joint)):
        base = world(TELLING, fighting, ceasefires=np.array([hazard]))
        acts = replace(base.acts, chance=np.array([0.8, 0.2, 1.0, 1.0, 1e-12]))
        rows = np.ones((4000, 3))
        beta = rows * np.log([1e-6, 1e-6, joint])
        log = simulate_log(replace(base, acts=acts), beta, rows * -30.0, days=DAYS, seed=4)
        truces = log.act == 4
        days = set(zip(log.future[truces].tolist(), log.day[truces].tolist(), strict=True))
        first = dict(days)
        assert len(first) == len(days)  # none after the first: it has ended them
        assert max(first.values()) < CEASED
        at_risk = sum(first.values()) + CEASED * (4000 - len(first))
        assert len(first) / at_risk == pytest.approx(expected, rel=0.15)


def test_a_changed_rate_of_joint_acts_changes_no_other_draw() -> None:
    base = world(TELLING, Fighting(CEASED, CEASED), ceasefires=np.array([0.02]))
    rows = np.ones((300, 3))
    logs = [
        simulate_log(base, rows * np.log([0.1, 0.1, rate]), rows * np.log(2.0), days=DAYS, seed=4)
        for rate in (0.05, 0.08)
    ]
    one, other = ({tuple(row[:4]) for row in events_of(log) if row[2] < 2} for log in logs)
    assert one == other
