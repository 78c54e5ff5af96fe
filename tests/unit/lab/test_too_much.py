"""Futures that memory cannot hold are refused before anything is fitted, with the days that questions need."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from detente.base import memory
from detente.base.errors import DataError, QuestionError
from detente.base.input_limits import Limits
from detente.cli import exercise
from detente.cli.options import RunOptions
from detente.lab.too_much import ask_phases, plan_run, refuse_too_many
from worlds import essay_case

AS_OF = date(2020, 1, 17)


def test_a_run_is_as_long_as_its_questions_need() -> None:
    questions, far = plan_run(essay_case(), AS_OF, days=730, futures=10)
    assert far == max((q.window.end - AS_OF).days for q in questions) > 730
    assert ask_phases(questions)
    assert not ask_phases(q for q in questions if not ask_phases([q]))
    with pytest.raises(DataError, match="days must not be longer than 200 years"):
        refuse_too_many(essay_case(), AS_OF, days=80_000, futures=1)


def test_options_that_ask_for_too_many_futures_are_refused_before_a_study_is_loaded(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 200_000_000)
    case = essay_case()
    for options, answers, days in (
        (RunOptions(futures=100_000, days=100), False, 100),
        (RunOptions(futures=100_000), True, 1827),
    ):
        with pytest.raises(DataError, match=f"for 100,000 futures of {days:,} days"):
            options.refuse_too_many(case, answers=answers)
    RunOptions(futures=100).refuse_too_many(case, answers=True)
    RunOptions().refuse_too_many(case)


class Endless:
    """A stream whose first line never ends."""

    def readline(self, size: int = -1) -> str:
        assert 0 < size < 10_000
        return "x" * size

    def isatty(self) -> bool:
        return False


def test_an_endless_line_of_standard_input_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", Endless())
    for most in (2_000, 3_000):
        case = replace(essay_case(), limits=Limits(question=most))
        told = SimpleNamespace(run=SimpleNamespace(as_of=AS_OF, case=case), moves=None, injects=())
        with pytest.raises(QuestionError, match=f"at most {most:,} characters.*line 1 of standard input"):
            exercise._ask(told, [date(2020, 2, 1)], None)
