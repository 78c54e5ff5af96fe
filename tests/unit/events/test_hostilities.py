"""Hostilities followed act by act are those of the rule of phases."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.argument.sides import sides_of
from detente.base.days import Window
from detente.events.hostilities import follow_hostilities
from detente.events.phase_days import read_days
from detente.events.phases import CEASED, LeadIn, Phase, Sides, label
from detente.model.layout import lay_out
from worlds import embedded, essay

SIDES = Sides(("A", "B"), (("F",), ()))


def made_up(seed: int, days: int) -> pl.DataFrame:
    """Strikes in bursts, with a truce now and then."""
    rng = np.random.default_rng(seed)
    rows = []
    for burst in rng.integers(0, days, days // 60):
        for _ in range(int(rng.integers(2, 12))):
            source, target = [("A", "B"), ("B", "A"), ("F", "B"), ("B", "F")][int(rng.integers(4))]
            kind = [("ASSAULT", "missile", "force")] * 8 + [("AGREE", "ceasefire", "joint")]
            action, mode, cls = kind[int(rng.integers(len(kind)))]
            rows.append((int(burst + rng.integers(0, 25)), source, target, action, mode, cls))
    start = date(2001, 1, 1)
    table = {
        "date": [start + timedelta(days=r[0]) for r in rows],
        "precision": "day",
        "source": [r[1] for r in rows],
        "target": [r[2] for r in rows],
        "action": [r[3] for r in rows],
        "mode": [r[4] for r in rows],
        "class": [r[5] for r in rows],
        "mutual": [r[5] == "joint" for r in rows],
        "fatalities": pl.Series([0] * len(rows), dtype=pl.Int64),
    }
    return pl.DataFrame(table).filter(pl.col("date") < start + timedelta(days=days)).sort("date")


@pytest.mark.parametrize("seed", range(12))
def test_the_same_days_as_the_rule_of_phases(seed: int) -> None:
    events, window = made_up(seed, 1500), Window(date(2001, 1, 1), date(2005, 2, 9))
    phase, _ = label(read_days(events, window, SIDES))
    found = follow_hostilities(events, SIDES, "detente")
    held = [found.hold(window.day(i)) for i in range(window.days)]
    assert held == (phase[0] == Phase.HOSTILITIES).tolist()
    assert 0 < sum(held) < len(held)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_handed_on_is_what_the_rule_hands_on(seed: int) -> None:
    """Without another act, hostilities hold as long as the rule says from the days before."""
    events = made_up(seed, 1500)
    for day in events["date"].unique().sort().to_list()[::5]:
        known = events.filter(pl.col("date") <= day)
        start = day + timedelta(days=1 + seed % 4)
        fighting = follow_hostilities(known, SIDES, "detente").before(start)
        lead = LeadIn.of(read_days(known, Window(date(2001, 1, 1), start), SIDES))
        quiet = read_days(known.head(0), Window(start, start + timedelta(days=CEASED)), SIDES)
        phase, _ = label(quiet, lead)
        assert fighting.until == int((phase[0] == Phase.HOSTILITIES).sum())
        for side, name in enumerate(("strikes_first", "strikes_second")):
            assert fighting.recent[:, side].tolist() == getattr(lead.days, name)[0][-6:].tolist()


def test_the_embedded_wars() -> None:
    argument, until = essay(), date(2026, 7, 1)
    events = lay_out(argument, "detente").attribute(embedded().known_at(until).events)
    found = follow_hostilities(events, sides_of(argument, until, ()), "detente")
    assert found.hold(date(2026, 3, 20))
    assert not found.hold(date(2026, 2, 20))
    assert not found.hold(date(1988, 7, 3))


def test_events_are_held_where_their_day_is() -> None:
    events = made_up(3, 1500)
    found = follow_hostilities(events, SIDES, "detente")
    vague = events.with_columns(precision=pl.lit("month"))
    assert found.held(events).tolist() == [found.hold(day) for day in events["date"]]
    assert found.held(events).any()
    assert not found.held(vague).any()
    assert found.held(events.head(0)).tolist() == []


def test_no_act_no_hostilities() -> None:
    found = follow_hostilities(made_up(0, 1500).head(0), SIDES, "detente")
    assert not found.hold(date(2001, 1, 1))
    assert found.before(date(2001, 1, 1)).until == 0
    assert not found.held(made_up(0, 1500)).any()
