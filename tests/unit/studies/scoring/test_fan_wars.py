"""Wars and crises of fan windows: the counts that questions give, on futures and on what happened."""

from __future__ import annotations

from datetime import date

import pytest

from detente.lab.ask import ask
from detente.lab.case import load_case
from detente.studies.scoring.fan_wars import FanWars, mean_wars, war_targets, wars_of

START = date(2025, 6, 1)


def test_shares_are_those_that_questions_give() -> None:
    case = load_case("us-iran")
    asked = ask(
        case, "phase hostilities within 60d", "phase crisis share>=0.01 within 60d", as_of=START, futures=60
    )
    found = wars_of(asked.run.futures, case.argument, case.chronicle)
    assert found is not None
    fought, crisis = (question.answer for question in asked.asked)
    assert fought.probability == pytest.approx((found.hostilities * 60 + 0.5) / 61)
    assert found.hostilities_observed
    assert fought.outcome.word == "yes"
    assert 0 < found.crisis_days_observed <= 1
    assert (found.crisis_days > 0) == (crisis.probability is not None and crisis.probability > 0.01)
    assert found.deadly_without <= found.deadly


def test_targets_are_of_means_over_windows() -> None:
    hot = FanWars(0.5, 0.06, 0.02, 0.4, True, 0.1)
    cold = FanWars(0.0, 0.0, 0.0, 0.0, False, 0.1)
    mean = mean_wars([hot, cold])
    assert mean["deadly"] == 0.03
    assert mean["hostilities_observed"] == 0.5
    assert [(target.kind, target.met) for target in war_targets(mean)] == [
        ("deadly", True),
        ("deadly_without", False),
        ("crisis_days", False),
    ]
    assert mean_wars([]) == {}
    assert war_targets({}) == ()
