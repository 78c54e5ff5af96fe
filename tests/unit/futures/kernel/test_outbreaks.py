"""Outbreaks in futures: how many, what they bring, how they end, and that runs which are compared share them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from detente.events.hostilities import Fighting
from detente.futures.injection import hold
from detente.futures.kernel.event_log import EventLog
from detente.futures.kernel.simulate import simulate_log
from detente.model.outbreaks import Outbreaks
from detente.model.program import Dynamics
from detente.model.tolls import Tolls
from fighting import DAYS, TELLING, events_of, held, load_reference, world

YEAR = 365.25
LITTLE = -20.0  # a log rate at which nothing happens by itself


def outbreaks(a_year: float, strikes: float, **more: Any) -> Dynamics:
    base = world(TELLING, **more)
    known = Outbreaks(np.array([a_year / YEAR]), np.array([strikes]))
    return replace(base, acts=replace(base.acts, outbreaks=known))


def quiet(
    dynamics: Dynamics, futures: int, *, days: int = DAYS, joint: float = LITTLE, **more: Any
) -> EventLog:
    beta = np.tile([LITTLE, LITTLE, joint], (futures, 1))
    return simulate_log(dynamics, beta, np.full((futures, 3), -30.0), days=days, seed=4, **more)


@pytest.mark.slow  # many futures
def test_they_come_at_their_hazard() -> None:
    log = quiet(outbreaks(0.2, 20.0), 4000, days=730)
    expected = 1 - np.exp(-0.2 * 730 / YEAR)
    share = len(np.unique(log.future)) / 4000
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 4000))


def test_each_future_draws_its_own_hazard() -> None:
    base = outbreaks(0.0, 20.0)
    mixed = replace(base.acts, outbreaks=Outbreaks(np.array([0.0, 50.0 / YEAR]), np.array([20.0])))
    log = quiet(replace(base, acts=mixed), 2000)
    assert len(np.unique(log.future)) / 2000 == pytest.approx(0.5, abs=0.05)


def test_from_an_outbreak_on_each_side_strikes_at_the_rate_drawn() -> None:
    log = quiet(outbreaks(40.0, 0.7), 500)
    first = np.full(500, DAYS)
    np.minimum.at(first, log.future, log.day)
    days = (DAYS - 1 - first).sum()  # after the day of the first strike
    for channel in (0, 1):
        rows = log.channel == channel
        assert (rows & (log.day > first[log.future])).sum() / days == pytest.approx(0.7, rel=0.05)
        assert set(log.act[rows].tolist()) == {0 if channel == 0 else 2}  # no hacking: strikes only


def test_acts_that_are_no_strikes_keep_their_rate() -> None:
    beta = np.tile([np.log(0.5), LITTLE, LITTLE], (300, 1))  # of which .2 are cyber attacks
    dynamics = outbreaks(1e5, 2.0)
    log = simulate_log(dynamics, beta, np.full((300, 3), -30.0), days=DAYS, seed=4)
    a_day = np.bincount(log.act, minlength=3) / (300 * DAYS)
    assert a_day[:3] == pytest.approx([2.0, 0.1, 2.0], rel=0.03)


def test_strikes_are_only_raised() -> None:
    logs = []
    for strikes in (0.0, 0.3):  # .8 of .5 a day is more than either
        beta = np.tile([np.log(0.5), np.log(0.5), LITTLE], (50, 1))
        logs.append(simulate_log(outbreaks(1e5, strikes), beta, np.full((50, 3), -30.0), days=DAYS, seed=4))
    assert np.array_equal(events_of(logs[0]), events_of(logs[1]))


@pytest.mark.parametrize("rate", [0.001, 0.2])
def test_they_end_at_the_hazard_of_a_ceasefire(rate: float) -> None:
    base = outbreaks(1e5, 0.0, ceasefires=np.array([0.02]))
    acts = replace(base.acts, chance=np.array([0.8, 0.2, 1.0, 1.0, 1e-12]))  # none by itself
    log = quiet(replace(base, acts=acts), 2000, days=60, joint=float(np.log(rate)))
    lasted = np.full(2000, 60)
    truce = log.act == 4
    np.minimum.at(lasted, log.future[truce], log.day[truce])
    assert (lasted < 60).mean() == pytest.approx(1 - 0.98**60, abs=0.05)


def test_without_a_possible_ceasefire_they_die_down_at_the_same_hazard() -> None:
    dynamics = outbreaks(0.2, 5.0, ceasefires=np.array([0.05]))
    futures, days = 3000, 120
    beta = np.full((futures, 3), LITTLE)
    without, beta = hold(dynamics, beta, [2], 0, days)
    log = simulate_log(without, beta, np.full((futures, 3), -30.0), days=days, seed=4)
    first, last = np.full(futures, days), np.zeros(futures, int)
    np.minimum.at(first, log.future, log.day)
    np.maximum.at(last, log.future, log.day)
    early = first < 40  # their ends are not cut off
    assert 15 < (last - first)[early].mean() < 25
    assert not (log.channel == 2).any()


def test_a_channel_held_at_zero_stays_so() -> None:
    dynamics = outbreaks(1e5, 5.0)
    held_, beta = hold(dynamics, np.full((20, 3), LITTLE), [1], 0, DAYS)
    log = simulate_log(held_, beta, np.full((20, 3), -30.0), days=DAYS, seed=4)
    assert (log.channel == 0).any()
    assert not (log.channel == 1).any()


def test_hostilities_follow_as_the_phases_say() -> None:
    dynamics = outbreaks(3.0, 0.7, ceasefires=np.array([0.01]))
    log = quiet(dynamics, 400, joint=float(np.log(0.05)))
    fought = held(log)
    deadly = log.act <= 2  # the toll says which law it followed
    wrong = (log.deaths > 1) != fought[log.future, log.day]
    assert wrong[deadly].mean() < 3e-4  # one toll in 14,000 of the law of wars is one
    first = np.full(400, DAYS)
    np.minimum.at(first, log.future[deadly], log.day[deadly])
    early = np.flatnonzero(first < DAYS - 14)
    assert np.mean([fought[f, first[f] : first[f] + 14].any() for f in early]) > 0.8


def test_runs_that_are_compared_share_them() -> None:
    few, many = (outbreaks(0.5, 3.0, ceasefires=np.array([h])) for h in (0.01, 0.1))
    days: list[dict[int, int]] = []
    for dynamics in (few, many):
        log = quiet(dynamics, 300, joint=float(np.log(0.1)))
        strikes = log.act <= 2
        first: dict[int, int] = {}
        for f, day in zip(log.future[strikes].tolist(), log.day[strikes].tolist(), strict=True):
            first.setdefault(f, day)
        days.append(first)
    assert days[0] == days[1]
    assert days[0]


@pytest.mark.parametrize(("threads", "block"), [(3, 128), (2, 17), (1, 5)])
def test_threads_blocks_and_the_number_of_futures_do_not_matter(threads: int, block: int) -> None:
    dynamics = outbreaks(1.0, 1.0, ceasefires=np.array([0.01, 0.1]))
    whole = events_of(quiet(dynamics, 130, threads=1))
    assert np.array_equal(whole, events_of(quiet(dynamics, 130, threads=threads, block=block)))
    fewer = events_of(quiet(dynamics, 40, threads=threads, block=block))
    assert np.array_equal(whole[whole[:, 0] < 40], fewer)
    some = np.array([7, 99])
    rows = whole[np.isin(whole[:, 0], some)]
    named = events_of(quiet(dynamics, 2, numbers=some))
    assert np.array_equal(rows[:, 1:], named[:, 1:])


def test_the_plain_loop_breaks_out_the_same() -> None:
    fighting = Fighting(3, 3, np.array([[0, 0]] * 4 + [[2, 1], [0, 1]]))
    for peaceful in (0.3, 0.0):
        base = world(
            Tolls(np.array([[0.6, 100.0], [1.1, 300.0]]), np.array([0.5, 0.7])),
            fighting, kills=0.6, ceasefires=np.array([0.01, 0.2]),
        )  # fmt: skip
        chance = np.array([0.8, 0.2, 1.0, 1 - peaceful, peaceful])
        known = Outbreaks(np.array([1.0, 9.0]) / YEAR, np.array([0.3, 2.0]))
        dynamics = replace(base, acts=replace(base.acts, outbreaks=known, chance=chance))
        rows = np.ones((60, 3))
        beta = rows * np.log([0.05, 0.12, 0.02])
        log = simulate_log(dynamics, beta, rows * np.log(2.0), days=DAYS, seed=9)
        plain = load_reference().simulate_reference(dynamics, beta, rows * np.log(2.0), days=DAYS, seed=9)
        np.testing.assert_array_equal(events_of(log), plain)


def test_without_sides_or_where_one_cannot_strike_there_are_none() -> None:
    base = outbreaks(1e5, 5.0)
    one_sided: npt.NDArray[np.float64] = np.array([0.0, 1.0, 1.0, 0.7, 0.3])
    for acts in (replace(base.acts, sides=None), replace(base.acts, chance=one_sided)):
        assert not len(quiet(replace(base, acts=acts), 50))


def test_after_a_ceasefire_an_outbreak_brings_no_more_strikes() -> None:
    log = quiet(outbreaks(0.3, 1.0, ceasefires=np.array([0.05])), 3000)
    rows = list(zip(log.future.tolist(), log.day.tolist(), log.act.tolist(), strict=True))
    struck = {future: day for future, day, act in rows if act < 3}  # the last day of each
    ceased = {future: day for future, day, act in rows if act == 4}
    assert len(ceased) > 300
    assert (
        np.mean([struck.get(future, 0) <= day for future, day in ceased.items()]) > 0.85
    )  # the others broke out again
