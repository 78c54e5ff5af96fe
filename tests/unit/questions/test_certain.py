"""Questions with one answer: settled by known days, or the same on every chronicle."""

from datetime import date

import pytest

from detente.lab.case import load_case
from detente.lab.chronicles import of_history
from detente.questions.certain import Certainty, certainty
from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.question import Question

DAY = date(2020, 1, 17)
NAMES = QuestionNames({"principals": ("USA", "IRN")})


def asked(line: str) -> Question:
    found = parse_question(line, NAMES, DAY)
    return Question("q", line, found.asks, found.given)


@pytest.mark.parametrize(
    "line",
    [
        "USA->IRN force count>=2 within 90d and no USA->IRN force within 90d",
        "USA->IRN force pressure within 90d",
        "USA->IRN ASSAULT AGREE within 90d",
        "war within 12m and not war within 12m",
        "USA->IRN force rate<0*last 12m within 90d",
        "USA->IRN force count>=3 within 90d given USA->IRN force count<3 within 90d",
    ],
)
def test_what_contradicts_itself_cannot_happen(line: str) -> None:
    assert certainty(asked(line)) == Certainty("cannot happen", False)


@pytest.mark.parametrize(
    "line",
    [
        "USA->IRN force within 90d or no USA->IRN force within 90d",
        "phase crisis within 90d or not phase crisis within 90d",
        "no USA->IRN force pressure within 90d",
        "USA->IRN force within 90d given USA->IRN force count>=2 within 90d",
    ],
)
def test_what_has_no_opposite_is_always_true(line: str) -> None:
    assert certainty(asked(line)) == Certainty("always true", True)


@pytest.mark.parametrize(
    "line",
    [
        "USA->IRN force within 90d",
        "USA->IRN force count>=2 within 90d and no USA->IRN force within 80d",
        "USA->IRN force count>=2 within 90d and USA->IRN force count<3 within 90d",
        "USA->IRN force within 90d or no USA->IRN pressure within 90d",
        "USA->IRN force ASSAULT within 90d",
        "phase crisis within 90d given war within 90d and not war within 90d",
        " or ".join(f"USA->IRN force within {d}d" for d in range(1, 20)),
    ],
)
def test_what_chronicles_may_answer_either_way_is_not_certain(line: str) -> None:
    assert certainty(asked(line)) is None


def test_known_days_settle_a_question() -> None:
    case = load_case("us-iran")
    known = of_history(case.argument, case.chronicle.known_at(DAY))
    come = asked("USA->IRN ASSAULT from 2020-01-01 to 2020-06-01")
    over = asked("USA->IRN ASSAULT count>=20 from 2020-01-01 to 2020-01-10")
    open_ = asked("USA->IRN ASSAULT count>=20 from 2020-01-01 to 2020-06-01")
    assert certainty(come, known) == Certainty("already settled", True)
    assert certainty(over, known) == Certainty("already settled", False)
    assert certainty(open_, known) is None
