"""Acts that players type: at a terminal a typo asks again, from a pipe it ends the run and names its line."""

from __future__ import annotations

import io
import os
import sys
from datetime import timedelta
from typing import Any

import pytest

from detente.base.errors import QuestionError
from detente.cli.exercise import _ask
from detente.studies.exercise import exercise as study
from detente.studies.exercise.exercise import Exercise, exercise
from worlds import AS_OF, essay_case

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals as POSIX has them")
MOVE = b"USA -> IRN AID mode=medicine\n"
TYPOS = (b"USA -> IRN AAID\n", b"\xff\xfe\n", b"USA -> IRN " + b"x" * 3000 + b"\n", b"\x1b[2J\n")


@pytest.fixture(scope="module")
def told() -> Exercise:
    return exercise(essay_case(), "typical", days=20, as_of=AS_OF, futures=20, seed=1)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take moves without simulating them; return what was played."""
    actions: list[str] = []

    def play(told: Exercise, moves: Any, **_: Any) -> Exercise:
        actions[:] = moves["action"].to_list()
        return told

    monkeypatch.setattr(study, "play", play)
    return actions


@pytest.mark.parametrize("typo", TYPOS)
def test_a_typo_at_a_terminal_is_told_and_asked_for_again(
    told: Exercise,
    played: list[str],
    typo: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    master, slave = os.openpty()
    os.write(master, typo + MOVE + b"\n")
    with os.fdopen(slave, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        _ask(told, [AS_OF + timedelta(days=5)], None)
    os.close(master)
    assert played == ["AID"]
    said = capsys.readouterr().err
    assert len(said.partition("empty to go on\n")[2].splitlines()) == 1  # one message, for one line
    assert "\x1b" not in said


@pytest.mark.parametrize("typo", TYPOS)
def test_a_typo_in_a_pipe_ends_the_run_and_names_its_line(
    told: Exercise, played: list[str], typo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MOVE + typo + b"\n"), encoding="utf-8"))
    with pytest.raises(QuestionError, match="line 2 of standard input"):
        _ask(told, [AS_OF + timedelta(days=5)], None)
    assert played == ["AID"]
