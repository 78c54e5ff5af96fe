"""The record of similar questions, in the row of each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from detente.lab.ask import QuestionResult, ask
from detente.lab.case import load_case
from detente.lab.record import SimilarRecord
from detente.report.text.ask import record_line


@pytest.fixture(scope="module")
def asked() -> QuestionResult:
    case = load_case("us-iran", argument="baseline")
    return ask(case, "talks within 90d", as_of=date(2020, 1, 17), futures=30, seed=1).asked[0]


def test_a_record_is_told_with_its_cases(asked: QuestionResult) -> None:
    record = SimilarRecord(0.1, 0.3, 0.25, 40, "type", "talks", None)
    said = record_line(replace(asked, record=record, recorded=True))
    assert (
        said
        == "when the model said 10 % to 30 % on such questions (talks), it happened 25 % of the time (40 cases)"
    )


def test_too_few_similar_cases_are_said_and_no_record_is_silent(asked: QuestionResult) -> None:
    assert (
        record_line(replace(asked, record=None, recorded=True))
        == "fewer than 20 similar questions are on record"
    )
    assert record_line(replace(asked, record=None, recorded=False)) == ""
