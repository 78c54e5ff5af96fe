"""Pages on a telephone, and their titles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import detente.report
from detente.lab.run import run
from detente.report.pictures.questions import QuestionRow, questions_chart
from worlds import essay_case

TEMPLATES = Path(detente.report.__file__).parent / "templates"
PAGES = {
    "run": "Run",
    "bargain": "Bargain",
    "diagnose": "Checks",
    "door": "Door",
    "mediators": "Mediators",
}


@pytest.mark.parametrize(("name", "word"), PAGES.items())
def test_titles_name_the_result_the_rivalry_the_argument_and_the_day(name: str, word: str) -> None:
    text = (TEMPLATES / f"{name}.html.j2").read_text(encoding="utf-8")
    title = re.search(r"(?:<title>|block title %})(.*)", text)
    assert title is not None
    assert word in title[1]
    order = [title[1].index(part) for part in ("rivalry", ", argument", ", as of")]
    assert order == sorted(order)


def test_tables_that_scroll_say_so_and_keep_their_labels() -> None:
    sheet = (TEMPLATES / "sheet.html.j2").read_text(encoding="utf-8")
    assert "move it sideways" in sheet
    assert re.search(r"tbody th \{ position: sticky; left: 0", sheet)


def test_words_of_a_question_stand_in_the_panel_of_its_dots() -> None:
    result = run(essay_case(), days=30, futures=10, seed=1)
    row = QuestionRow("Do the two talk to each other within twelve months?", 0.5, outcome="yes")
    spec = questions_chart(result, [row]).to_dict(validate=False)
    (panel,) = spec["vconcat"]
    assert panel["width"] <= 420
    marks = [
        layer["mark"] if isinstance(layer["mark"], str) else layer["mark"]["type"] for layer in panel["layer"]
    ]
    assert {"text", "point"} <= set(marks)
    assert max(len(line) for line in spec["title"]["subtitle"]) <= 66
