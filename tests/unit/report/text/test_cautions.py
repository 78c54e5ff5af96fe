"""What an answer says of itself where the past contradicts it, or where most futures do not settle it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from detente.base.days import Window
from detente.lab.ask import QuestionResult
from detente.questions.amounts import Amounts
from detente.questions.answers import Answer, answer, answer_amount, answer_to_dict
from detente.questions.base_rates import BaseRate
from detente.questions.distributions import distribution
from detente.questions.question import Question
from detente.questions.settle import Outcome
from detente.questions.statements import Acts, Amount, Count
from detente.report.pages.environment import environment
from detente.report.pages.report import question_rows
from detente.report.text.answers.amounts import amount_lines, amount_sentence
from detente.report.text.answers.cautions import cautions
from detente.report.text.answers.sentence import answer_sentence
from detente.report.text.ask import add_to_question, chance_text

WINDOW = Window(date(2020, 1, 1), date(2021, 1, 1))
QUIET = [0.0] * 83 + [2.0] * 17
NEVER = [np.inf] * 80 + [200.0] * 20


def amounts(values: list[float]) -> Amounts:
    return Amounts(np.array(values), np.array(values), np.bool_(False))


def asked(kind: str, futures: list[float], past: list[float], separate: float = 20.0) -> QuestionResult:
    amount = Amount(Acts(), WINDOW, kind)
    question = Question("q", "how much", amount)
    told = distribution(amount, amounts(past))
    rate = BaseRate(date(1980, 1, 1), len(past), separate, None, 0, told)
    lately = replace(rate, separate=2.0, distribution=distribution(amount, amounts(futures)))
    return QuestionResult(answer_amount(question, amounts(futures)), None, (rate, lately), (), ())


@pytest.mark.parametrize(
    ("kind", "futures", "past", "cautioned"),
    [
        ("deaths", [0.0] * 4 + [31.0] * 96, QUIET, True),
        ("deaths", QUIET, [0.0] * 4 + [31.0] * 96, True),
        ("deaths", [0.0] * 50 + [3.0] * 50, QUIET, False),
        ("count", list(range(50, 150)), list(range(10, 60)), True),  # none without, but no middle in common
        ("count", list(range(20, 120)), list(range(10, 60)), False),
        ("day", [10.0] * 98 + [np.inf] * 2, NEVER, True),
        ("day", NEVER, [100.0] * 30 + [np.inf] * 70, False),
    ],
)
def test_amounts_that_the_past_contradicts_are_cautioned(
    kind: str, futures: list[float], past: list[float], cautioned: bool
) -> None:
    found = cautions(asked(kind, futures, past))
    assert [text[:40] for text in found] == ["it contradicts what happened before (med"] * cautioned
    assert cautions(asked(kind, futures, past, separate=4.0)) == []


def test_no_mean_is_printed_that_few_futures_make() -> None:
    def lines(futures: list[float]) -> str:
        one = asked("deaths", futures, QUIET)
        return "\n".join(amount_lines(one.to_dict()))

    heavy = lines([1.0] * 98 + [900.0] * 2)
    assert "mean 1" not in heavy
    assert "a few futures hold so many more" in heavy
    assert "90 % 1;" in heavy  # one number where both ends are alike
    assert "mean 5.0" in lines([4.0, 5.0, 6.0] * 30)
    sentence = amount_sentence(asked("deaths", [1.0] * 10, QUIET).answer)
    assert "holds 1 death, 90 % of futures 1" in sentence


def test_the_day_of_a_first_act_is_said_beside_its_past() -> None:
    one = asked("day", [10.0] * 98 + [np.inf] * 2, NEVER)
    assert amount_sentence(one.answer, one.base_rates) == (
        "“how much”: it comes by 11 January 2020 in half of the futures, and not before 1 January 2021 in 2 % of them "
        "(no such act in 80 % of earlier windows, within 10 days in half of those of the last four years)."
    )


def bounded(yes: int, no: int, ambiguous: int) -> Answer:
    outcomes = [Outcome.YES] * yes + [Outcome.NO] * no + [Outcome.AMBIGUOUS] * ambiguous + [Outcome.VOID] * 7
    question = Question("q", "war", Count(Acts(), WINDOW, 1))
    return answer(question, np.array(outcomes, dtype=np.int8), Outcome.NOT_YET)


def test_where_most_futures_do_not_settle_it_a_chance_is_given_as_its_bounds() -> None:
    one = bounded(363, 446, 1191)
    value = answer_to_dict(one)
    assert (value["low_all"], value["high_all"], value["unclear"]) == (363 / 2000, 1554 / 2000, 1191)
    assert value["only_bounds"]
    assert value["probability"] == pytest.approx(363.5 / 810)
    assert chance_text(value).startswith(
        "0.181 to 0.777, as 60 % of futures are ambiguous; 0.449 of the other 809"
    )
    rate = BaseRate(date(1980, 1, 1), 100, 20.0, 0.9, 0)
    assert "can only be bounded: 18 % to 78 %, as 60 % of futures do not settle it" in answer_sentence(
        one, (rate,)
    )
    few = bounded(600, 900, 400)
    assert not few.only_bounds
    assert "is about as likely as not before 1 January 2021: 40 %" in answer_sentence(few)


def test_bounds_that_hold_the_past_do_not_contradict_it() -> None:
    rate = BaseRate(date(1980, 1, 1), 100, 20.0, 0.6, 0)
    none, settled = bounded(0, 800, 1200), bounded(0, 2000, 0)
    assert cautions(QuestionResult(none, None, (rate, rate), (), ())) == []
    said = cautions(QuestionResult(settled, None, (rate, rate), (), ()))
    assert "is only known to be below 0.1 %" in said[0]
    assert said[1].startswith("it contradicts")


def test_a_report_and_its_picture_give_the_bounds_too() -> None:
    rate = BaseRate(date(1980, 1, 1), 100, 20.0, 0.9, 0, yes=90)
    one = QuestionResult(bounded(363, 446, 1191), None, (rate, rate), (), ())
    value = one.to_dict()
    add_to_question(value, one)
    page = environment().get_template("asked_table.html.j2").render(asked=[value])
    assert "<strong>18 % to 78 %</strong>" in page
    assert "60 % of futures leave it ambiguous: the probability lies between" in page
    assert "0.449" not in page
    run = SimpleNamespace(case=SimpleNamespace(argument=SimpleNamespace(claims=())))
    (row,) = question_rows(cast(Any, run), [one])
    assert (row.probability, row.low, row.high) == (None, 363 / 2000, 1554 / 2000)
