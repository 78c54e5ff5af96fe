"""What a question was read as, in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.question import Question
from detente.questions.statements import Statement
from detente.report.languages.language import in_language
from detente.report.text.answers.read_as import read_as
from random_statements import statements

DAY = date(2020, 1, 17)
NAMES = QuestionNames({"principals": ("A", "B"), "friends": tuple("CDEFGH")})
READ = {
    "no A<->B force from 2020-02-01 to 2020-02-02": "no such act: force between Atlantis and B, either way, on 1 "
    "February 2020",
    "A->any hostility_by_word count>=3 within 2w": "at least 3 acts: verbal conflict by Atlantis, 17 January 2020 to "
    "30 January 2020",
    "friends->A count<2 within 2d": "at most 1 act: acts of any kind by C, D, E, F or 2 others on Atlantis, 17 January "
    "2020 to 18 January 2020",
    "A->B force rate > 2* last 10d within 10d": "more acts a day than 2 times as many as 7 January 2020 to 16 January "
    "2020: force by Atlantis on B, 17 January 2020 to 26 January 2020",
    "talks on most days within 2d and not war within 2d": "(talks on most days, 17 January 2020 to 18 January 2020) "
    "and (not (war, 17 January 2020 to 18 January 2020))",
    "phase crisis share>=0.25 within 2d given clock slow A lower within 2d": "crisis on at least 25 % of the days, 17 "
    "January 2020 to 18 January 2020; only where this holds: the slow memory that Atlantis has of what it received is "
    "lower at the end than at the start, 17 January 2020 to 18 January 2020",
    "how many deaths A->B force,pressure mode=siege within 2d": "how many deaths by these acts, each toll that "
    "is not known taken as usual: force or pressure by Atlantis on B, mode siege, 17 January 2020 to 18 January 2020",
    "first B->A ASSAULT deaths>=2 within 2d": "at least one act: ASSAULT by B on Atlantis, at least 2 known deaths "
    "each, 17 January 2020 to 18 January 2020; and the day of the first",
}


@pytest.mark.parametrize("line", READ)
def test_a_line_is_read_back(line: str) -> None:
    parsed = parse_question(line, NAMES, DAY)
    question = Question("q", line, parsed.asks, parsed.given, parsed.first)
    assert read_as(question, {"A": "Atlantis"}) == READ[line]


@given(statements)
def test_any_statement_is_read_back_in_every_language(statement: Statement) -> None:
    said = {}
    for tag in ("en", "zh-Hans", "zh-Hant"):
        with in_language(tag):
            said[tag] = read_as(Question("q", "?", statement), {"A": "甲", "B": "乙"})
    assert len(set(said.values())) > 1
    assert not any("{" in text or "None" in text for text in said.values())
    assert " act" not in said["zh-Hans"]
    assert " day" not in said["zh-Hant"]
