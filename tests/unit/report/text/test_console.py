"""Tables of text: short cells aligned, and sentences over the whole width below them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.events.chronicle import Chronicle
from detente.lab.run import run
from detente.report.text import events as events_text
from detente.report.text import run as run_text
from detente.report.text.console import entries
from worlds import essay_case

LONG = "An act of force by Iran or a force aligned with it against the United States kills someone within 90 days"


@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_sentence_takes_the_whole_width_and_no_line_is_longer(width: int) -> None:
    lines = entries(("id", "chance"), [(("deadly-90d", "9 %"), LONG)], width, numbers=["chance"]).splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(line.strip() for line in lines[2:]) == LONG
    assert len(lines[2:]) <= -(-len(LONG) // (width - 14))


def test_a_first_column_without_room_has_a_line_of_its_own() -> None:
    lines = entries(("id", "closes"), [(("a-very-long-name", "2020-02-16"), "")], 24).splitlines()
    assert lines == ["id", "    closes", "a-very-long-name", "    2020-02-16"]


def test_a_run_prints_each_question_below_its_numbers() -> None:
    result = run(essay_case(), days=30, futures=10, seed=1)
    text = run_text.text_of(result, [])
    lines = text[text.index("Questions") :].splitlines()
    for answer in result.answers:
        at = next(i for i, line in enumerate(lines) if line.split()[:1] == [answer.question.id])
        told = " ".join(line.strip() for line in lines[at + 1 : at + 4])
        assert answer.question.text in told
        assert lines[at + 1].startswith("    ")
        assert not lines[at + 1].startswith("     ")


def test_events_print_each_summary_below_its_act() -> None:
    chronicle: Chronicle = essay_case().chronicle
    rows = chronicle.events.head(3)
    text = events_text.text_of(chronicle, replace(chronicle), rows, 3, counted=False, names={})
    for summary in rows["summary"].to_list():
        assert summary in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100
    assert not any(line.startswith(" " * 5) for line in text.splitlines())
