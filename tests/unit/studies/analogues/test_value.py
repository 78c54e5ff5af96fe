"""The value of analogues: the past alone is asked, scores are those of the backtest of questions, the file is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from detente.base.arrays import Floats
from detente.lab.case import Case, load_case
from detente.questions.question import Question
from detente.studies.analogues import value
from detente.studies.analogues.memories import Past
from detente.studies.analogues.value import AnalogueValue, analogue_value, known_value, measured_value
from detente.studies.scoring.question_protocol import AskedQuestion, QuestionProtocol, question_templates
from worlds import essay, essay_case, random_chronicle


def few(*ids: str) -> QuestionProtocol:
    """Some of the questions on one day; finding all days of the essay takes seconds."""
    wanted = ids or ("force-90d", "talks-12m", "crisis-90d")
    asked = tuple(
        AskedQuestion(each.id, each.type, each.horizon, each.line(essay()))
        for each in question_templates()
        if each.id in wanted
    )
    return QuestionProtocol(asked, (date(2010, 4, 1),), fixed=True)


DAY = date(2010, 1, 1)


@cache
def on_day() -> tuple[Floats, Floats]:
    return value._on_day(essay_case(), few(), DAY)


def test_shares_and_base_rates_read_nothing_after_the_day() -> None:
    case, day = essay_case(), DAY
    cut = Case(
        case.rivalry,
        case.argument,
        replace(case.chronicle.known_at(day), provenance=case.chronicle.provenance),
    )
    for one, other in zip(on_day(), value._on_day(cut, few(), day), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_share_is_of_what_followed_the_nearest_moments() -> None:
    shares, rates = on_day()
    assert shares.shape == (3, 3)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert np.allclose(shares[0] * 5, np.round(shares[0] * 5))
    assert ((rates >= 0) & (rates <= 1)).all()


def test_a_value_is_kept_with_its_case_and_no_other(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = replace(essay_case(), cache=tmp_path)
    found = analogue_value(case, few())
    assert found is not None
    assert AnalogueValue.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    assert known_value(case) is None  # the shipped one is of the whole essay
    monkeypatch.setattr(value, "analogue_value", lambda case, progress=None: found)
    assert measured_value(case) == found
    assert known_value(case) == found
    other = replace(case, chronicle=random_chronicle(), argument=essay().between("A", "B"))
    assert known_value(other) is None


def test_the_essay_comes_with_a_value_measured_on_its_own_events() -> None:
    found = known_value(replace(load_case("us-iran"), cache=False))
    assert found is not None, "make docs measures it"
    assert found.cases > 1000
    assert [way.nearest for way in found.ways] == [5, 10, 20, 5, 10, 20]


@pytest.mark.slow
def test_the_value_that_comes_with_the_essay_is_what_is_measured() -> None:
    case = replace(load_case("us-iran"), cache=False)
    kept, now = known_value(case), analogue_value(case)
    assert kept is not None
    assert now is not None
    assert now.cases == kept.cases
    assert now.base_brier == pytest.approx(kept.base_brier)
    assert [way.brier for way in now.ways] == pytest.approx([way.brier for way in kept.ways])


def test_a_moment_is_asked_only_if_the_whole_window_after_it_had_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else an early act would count as a yes, and none could count as a no."""
    seen: list[tuple[int, list[int]]] = []

    def looked_at(question: Question, past: Past, offsets: list[int]) -> list[bool | None]:
        seen.append(((question.window.end - DAY).days, offsets))
        return [True] * len(offsets)

    monkeypatch.setattr(value, "_came", looked_at)
    value._on_day(essay_case(), few("hostilities-24m"), DAY)
    assert [days for days, _ in seen] == [730]
    assert min(seen[0][1]) >= 730
