"""Rival arguments: the contest of held-out quarters, stacking on earlier quarters alone, and the whole comparison."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.argument.argument import Argument
from detente.base.errors import ArgumentError
from detente.futures.outcomes import Difference
from detente.lab.arguments import load_argument
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.report.text.as_json import to_json
from detente.report.text.compare import competition_sentence, rival_text, sentence, text_of
from detente.studies.claims.experiment_rows import plans_verdict, rival_of
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.scoring.compare import Comparison, compare
from detente.studies.scoring.competition import Competition, competition, stacking
from detente.studies.scoring.protocol import Protocol
from detente.studies.whatif.necessity import Necessity
from detente.studies.whatif.whatif import Driver, WhatIf
from worlds import AS_OF, embedded, essay_case

QUARTERS = tuple(date(year, month, 1) for year in (2018, 2019, 2020, 2021) for month in (1, 4, 7, 10))
BASELINES = ("ridge", "era intercepts", "EWMA, one half-life", "EWMA, one per channel")


def found(name: str, scores: np.ndarray) -> Backtest:
    protocol = Protocol((), (), QUARTERS, date(2022, 1, 1), AS_OF, "made up")
    others = np.tile(np.linspace(-30.0, -29.0, len(QUARTERS)), (len(BASELINES), 1))
    return Backtest(name, protocol, ("a",), (), (name, *BASELINES), np.vstack([scores, others]))


def contest(gap_before: float, gap_after: float, noise: float = 0.05) -> Competition:
    rng = np.random.default_rng(1)
    first = -30 + rng.normal(0, 1, len(QUARTERS))
    late = np.array([day >= AS_OF for day in QUARTERS])
    second = first - np.where(late, gap_after, gap_before) + rng.normal(0, noise, len(QUARTERS))
    return competition(("one", "two"), [found("one", first), found("two", second)])


def test_the_verdict_is_that_of_the_held_out_quarters() -> None:
    assert contest(-1.0, 1.0).verdict == "one"
    assert contest(1.0, -1.0).verdict == "two"
    assert contest(1.0, 0.0, noise=0.5).verdict == "cannot tell"
    parts = contest(-1.0, 1.0).to_dict()
    assert parts["before_split"]["mean"] == pytest.approx(-1.0, abs=0.1)
    assert parts["after_split"]["mean"] == pytest.approx(1.0, abs=0.1)
    assert parts["before_split"]["quarters"] + parts["after_split"]["quarters"] == len(QUARTERS)
    assert parts["after_split"]["low"] < parts["after_split"]["mean"] < parts["after_split"]["high"]


def test_sentence_says_what_it_can_and_cannot_tell() -> None:
    assert "favour one" in competition_sentence(contest(0.0, 1.0))
    assert "do not separate one from two" in competition_sentence(contest(0.0, 0.0, noise=0.5))


def test_weights_of_a_quarter_come_from_earlier_quarters_alone() -> None:
    whole = contest(1.0, -2.0)
    changed = whole.scores.copy()
    changed[0, 10:] += 5.0
    other = competition(("one", "two"), [found("one", changed[0]), found("two", changed[1])])
    assert whole.weights[:11].tolist() == other.weights[:11].tolist()
    assert whole.weights[0].tolist() == [0.5, 0.5]
    assert whole.weights[11:].tolist() != other.weights[11:].tolist()
    assert whole.stacked[:10].tolist() == other.stacked[:10].tolist()


def test_weights_at_a_day_use_the_quarters_that_had_ended() -> None:
    whole = contest(1.0, -2.0)
    assert whole.weights_at(date(2017, 1, 1)).tolist() == [0.5, 0.5]
    assert whole.weights_at(date(2018, 3, 31)).tolist() == whole.weights[0].tolist()
    assert whole.weights_at(date(2018, 4, 1)).tolist() == whole.weights[1].tolist()
    assert whole.weights_at(date(2030, 1, 1)).tolist() == whole.weights[-1].tolist()


@given(st.lists(st.tuples(*[st.floats(-40, -20)] * 3), min_size=1, max_size=12))
def test_stacking_weights_add_to_one_and_are_at_least_as_good_as_any_one_argument(
    rows: list[tuple[float, float, float]],
) -> None:
    scores = np.array(rows).T
    weights = stacking(scores)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    top = scores.max(axis=0)
    mixed = (top + np.log(weights @ np.exp(scores - top))).sum()
    assert mixed >= scores.sum(axis=1).max() - 0.05


def test_backtests_on_other_days_do_not_mix() -> None:
    one = found("one", np.zeros(len(QUARTERS)))
    other = replace(one, protocol=replace(one.protocol, seed=2))
    with pytest.raises(ValueError, match="other days"):
        competition(("one", "two"), [one, other])


# --- the whole comparison --------------------------------------------------------------------------------------------


def plain(name: str) -> Argument:
    whole = load_argument(name, "us-iran")
    return at_clocks(whole, whole.clocks.half_lives())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up backtests and fixed half-lives: what compare does with them is tested, not the fits."""

    def made(case: Case, **_: Any) -> Backtest:
        shift = 0.1 if case.argument.argument == "essay" else 0.0
        return found(case.argument.argument, np.linspace(-30, -29, len(QUARTERS)) + shift)

    def load(rivalry: str, *, argument: str) -> Case:
        return Case(rivalry, plain(argument), embedded())

    monkeypatch.setattr("detente.studies.scoring.compare.backtest", made)
    monkeypatch.setattr("detente.lab.case.load_case", load)


@pytest.mark.usefixtures("quick")
def test_comparison_of_essay_and_its_rival() -> None:
    result = compare("us-iran", ["essay", "maximum-pressure"], futures=60, seed=1)
    value = json.loads(json.dumps(result.to_dict()))
    terms = {row["term"]: row for row in value["terms"]}
    assert terms["sanctions_in_force.cooperation"]["priors"] == [
        {"mean": -0.15, "sd": 0.30},
        {"mean": 0.30, "sd": 0.30},
    ]
    assert "reprisal.force" not in terms  # on which they agree
    assert value["competition"]["verdict"] == "essay"
    assert [row["argument"] for row in value["evidence"]] == ["essay", "maximum-pressure"]
    for row in value["questions"]:
        one, two = row["chances"]
        assert min(one, two) - 1e-9 <= row["stacked"] <= max(one, two) + 1e-9
    gaps = [abs(one - two) for one, two in (row["chances"] for row in value["questions"])]
    assert gaps == sorted(gaps, reverse=True)
    assert [plan["plan"] for plan in value["plans"]] == ["benign-gesture", "new-sanctions"]
    assert all(len(plan["under"]) == 2 for plan in value["plans"])
    assert {row["against"] for row in value["scores"][0]["differences"]} == set(BASELINES)
    text = text_of(result)
    same = text_of(replace(result, terms=(), evidence=(1.0, 1.0)))
    assert "the evidence does not separate" in same
    assert "Their priors differ on no term." in same
    assert "Priors on which they differ" not in same
    assert f"data {value['data']['digest'][:12]}." in text.splitlines()[0]
    assert "favour essay" in sentence(result)
    assert sentence(result) in text
    assert to_json(result)["sentences"] == {"sentence": sentence(result)}
    assert "stacked" in text


@pytest.mark.usefixtures("quick")
def test_faults_of_compare() -> None:
    with pytest.raises(ArgumentError, match="two or more"):
        compare("us-iran", ["essay"])
    with pytest.raises(ArgumentError, match="must have different names"):
        compare("us-iran", ["essay", "essay"])


def test_comparison_is_frozen() -> None:
    assert Comparison.__dataclass_params__.frozen  # type: ignore[attr-defined]


# --- claims ----------------------------------------------------------------------------------------------------------


@cache
def rival_claim() -> Any:
    return next(c for c in essay_case().argument.claims if c.id == "R1")


def test_a_rival_row_names_the_command_while_nothing_is_kept(tmp_path: Path) -> None:
    rival = rival_of(replace(essay_case(), cache=tmp_path), rival_claim())
    assert rival is not None
    text = rival_text(rival)
    assert "detente compare us-iran essay maximum-pressure" in text


def test_a_rival_row_tells_what_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def kept(case: Case) -> Backtest:
        return found(case.argument.argument, np.linspace(-30, -29, len(QUARTERS)))

    monkeypatch.setattr("detente.studies.scoring.compare.kept_backtest", kept)
    rival = rival_of(replace(essay_case(), cache=tmp_path), rival_claim())
    assert rival is not None
    assert "do not separate essay from maximum-pressure" in rival_text(rival)


def gap(low: float, high: float) -> Difference:
    return Difference(0.5, 0.5, (low + high) / 2, low, high, 1.0)


@pytest.mark.parametrize(
    ("gesture", "sanctions", "moved", "verdict"),
    [
        ((0.01, 0.02), (-0.02, -0.01), 0.5, "in the data"),
        ((0.01, 0.02), (-0.02, -0.01), 0.0, "assumption"),
        ((0.0, 0.02), (-0.02, -0.01), 0.5, "assumption"),
        ((0.01, 0.02), (-0.02, 0.0), 0.5, "assumption"),
        ((-0.02, -0.01), (0.01, 0.02), 0.5, "against"),
        ((-0.02, -0.01), (0.01, 0.02), 0.0, "assumption"),
    ],
)
def test_verdict_on_plans(
    gesture: tuple[float, float], sanctions: tuple[float, float], moved: float, verdict: str
) -> None:
    drivers = (Driver("a", "b", 0.0, 1.0, 0.0, 1 - moved), Driver("a", "c", 0.0, 1.0, 0.0, 1.0))
    result = WhatIf(essay_case(), AS_OF, (), 730, 2, 1, {}, drivers, (), 0.5)
    found = plans_verdict(gap(*gesture), gap(*sanctions), [result], preceded(20, 20))
    assert found == verdict
    # Accords without a step, or too few accords, withhold the verdict for the thesis and turn none against it.
    for needed in (preceded(5, 20), preceded(3, 3)):
        weaker = plans_verdict(gap(*gesture), gap(*sanctions), [result], needed)
        assert weaker == ("assumption" if verdict == "in the data" else verdict)


def preceded(k: int, n: int) -> Necessity:
    more, fewer = (1e-6, 1.0) if k == n else (0.5, 1e-6)
    power = 0.9 if n >= 5 else 0.0
    return Necessity("either", AS_OF, n, k, 0.2, 0.0, 1.0, more, fewer, power, power, 5, ())
