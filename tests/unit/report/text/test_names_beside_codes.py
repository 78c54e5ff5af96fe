"""Names beside codes, words in place of a coefficient's code, and sentences broken at a terminal's width."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest

from detente import cli
from detente.cli.output import show
from detente.report.text.actors import with_legend
from detente.report.text.answers.mover import mover_text
from detente.report.text.console import wrapped
from detente.report.text.crisis import text_of
from detente.studies.bargain.crisis import crisis_of


@pytest.mark.parametrize(
    "study",
    [
        "backtests.backtest",
        "backtests.backtest_questions",
        "bargain",
        "claims",
        "compare",
        "diagnose",
        "world",
    ],
)
def test_every_text_with_codes_of_actors_names_them(study: str) -> None:
    assert import_module(f"detente.report.text.{study}").with_legend is with_legend


def test_the_line_of_actors_follows_the_first_line_and_needs_a_code() -> None:
    lines = with_legend("head\n\nPIT of IRN->USA force", "us-iran").split("\n")
    assert lines[1] == "Actors: IRN Iran, USA United States."
    assert with_legend("head\n\nnobody", "us-iran") == "head\n\nnobody"


def test_a_mover_is_named_by_its_mechanism_and_term() -> None:
    assert mover_text("asymmetry.force") == (
        "the coefficient of Asymmetry (pressure on the short side lowers its force; it is expected to be "
        "negative, so a higher value means a weaker effect)"
    )
    assert mover_text("era.2016-01-16") == "the level of the era 2016-01-16"
    assert mover_text("mine.own") == "the coefficient mine.own"


def test_sentences_are_broken_and_tables_are_not() -> None:
    sentence, row = "        " + "word " * 30, "name    " + "12345  " * 20
    broken = wrapped(f"{sentence}\n{row}\n", 80).split("\n")
    assert max(map(len, broken[:-2])) <= 80
    assert all(line.startswith("        word") for line in broken[:-2])
    assert broken[-2:] == [row, ""]


@dataclass
class Answer:
    cautions: tuple[object, ...] = field(default=())


@pytest.mark.parametrize(("terminal", "most"), [(True, 60), (False, 499)])
def test_only_a_terminal_breaks_sentences(
    terminal: bool, most: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    show(Answer(), lambda _: ("word " * 100).strip(), as_json=False)
    assert max(map(len, capsys.readouterr().out.splitlines())) in range(most - 9, most + 1)


def test_no_command_prints_a_result_past_the_edge_of_a_terminal() -> None:
    """Results are printed with `show` or `show_text`; `write` is for JSON, for files and for a line or two."""
    folder = Path(cli.__file__).parent
    past = re.compile(r"(?<!\w)write\((?![^\n]*json)[^\n]*first_lines\(")
    assert [file.name for file in folder.glob("*.py") if past.search(file.read_text())] == []


def test_a_chance_in_a_crisis_has_three_digits() -> None:
    payoffs = "status_quo_a=0 prize_a=1 war_a=-1.9 audience_a=-1.2 concede_b=0 prize_b=1 war_b=-2.9"
    text = text_of(crisis_of(None, given=tuple(payoffs.split())))
    assert "0.251 " in text
    assert "0.25110" not in text
