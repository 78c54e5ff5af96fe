"""The parts that `and` joins are those of the tree, and nothing else is taken apart."""

from __future__ import annotations

from datetime import date

import pytest

from detente.questions.conjuncts import conjuncts
from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.statements import All

NAMES = QuestionNames({"principals": ("A", "B")})
AS_OF = date(2020, 1, 17)


@pytest.mark.parametrize(
    "line",
    [
        "A->B force within 30d and war within 12m",
        "not A->B force within 30d and (war within 12m or talks within 6m) and no B->A force within 90d",
        "clock fast A lower within 12m and clock slow B higher within 12m",
        "A<->B force rate < last 12m from 1m to 24m and A<->B THREATEN rate > 0.5 * last 12m from 1m to 24m",
        "A->B force within 30d and war within 12m given talks within 30d and not war within 30d",
        'A->"and" force within 30d and war within 12m',
    ],
)
def test_parts_are_those_of_the_tree(line: str) -> None:
    whole = parse_question(line, NAMES, AS_OF)
    parts = [parse_question(part, NAMES, AS_OF) for part in conjuncts(line)]
    assert isinstance(whole.asks, All)
    assert tuple(part.asks for part in parts) == whole.asks.parts
    assert {part.given for part in parts} == {whole.given}


@pytest.mark.parametrize(
    "line",
    [
        "war within 12m",
        "war within 12m or A->B force within 30d and talks within 6m",
        "(war within 12m and talks within 6m)",
        "war within 12m given talks within 30d and A->B force within 30d",
        "",
    ],
)
def test_nothing_else_is_taken_apart(line: str) -> None:
    assert conjuncts(line) == ()
