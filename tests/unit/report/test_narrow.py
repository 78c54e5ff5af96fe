"""Pages on a telephone, and their titles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import detente.report
from detente.base.days import Window
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.report.pictures.fans import fans_chart
from detente.report.pictures.heating import heating_chart
from detente.report.pictures.priors import priors_chart
from detente.report.pictures.questions import QuestionRow, questions_chart
from detente.report.pictures.style import day_ticks
from detente.report.pictures.timeline import timeline_chart
from detente.report.text.run import text_of
from detente.report.write_run import FILES
from worlds import essay_case

TEMPLATES = Path(detente.report.__file__).parent / "templates"
PAGES = {
    "run": "Run",
    "analogues": "Analogues",
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
    sheet = (TEMPLATES / "look.css").read_text(encoding="utf-8")
    assert "move it sideways" in sheet
    assert re.search(r"tbody th \{ position: sticky; left: 0", sheet)


@pytest.fixture(scope="module")
def result() -> Run:
    return run(essay_case(), days=30, futures=10, seed=1)


def texts(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the text marks of a layered chart."""
    marks = [layer["mark"] for layer in spec["layer"]]
    return [mark for mark in marks if isinstance(mark, dict) and mark["type"] == "text"]


def test_words_of_a_question_stand_in_the_panel_of_its_dots(result: Run) -> None:
    row = QuestionRow("Do the two talk to each other within twelve months?", 0.5, outcome="yes")
    spec = questions_chart(result, [row], narrow=True).to_dict(validate=False)
    (panel,) = spec["vconcat"]
    assert panel["width"] <= 420
    assert {"text", "point"} <= {layer["mark"]["type"] for layer in panel["layer"]}
    assert max(len(line) for line in spec["title"]["subtitle"]) <= 66


def test_the_picture_of_questions_fills_a_wide_page(result: Run) -> None:
    spec = questions_chart(result, [QuestionRow("Do they talk?", 0.5)]).to_dict(validate=False)
    assert spec["vconcat"][0]["width"] >= 800


def test_names_of_coefficients_stand_above_their_dots_on_a_telephone(result: Run) -> None:
    narrow = priors_chart(result, narrow=True).to_dict(validate=False)
    assert narrow["width"] <= 420
    assert {mark["align"] for mark in texts(narrow) if "fontWeight" not in mark} == {"left", "right"}
    assert all(mark.get("dx", 0) == 0 for mark in texts(narrow))
    assert max(len(line) for line in narrow["title"]["subtitle"]) <= 66
    wide = priors_chart(result).to_dict(validate=False)
    assert any(mark.get("dx", 0) < 0 for mark in texts(wide))


def test_panels_lie_below_each_other_on_a_telephone(result: Run) -> None:
    assert fans_chart(result, narrow=True).to_dict(validate=False)["columns"] == 2
    timeline = timeline_chart(result, narrow=True).to_dict(validate=False)
    assert timeline["columns"] == 1
    assert all(panel["width"] <= 360 for panel in timeline["concat"])


def test_a_page_shows_one_shape_of_a_picture_by_the_width_of_the_screen() -> None:
    text = (TEMPLATES / "look.css").read_text(encoding="utf-8")
    narrow = text[text.index("@media screen and (max-width: 40rem)") :]
    assert re.search(r"\.phone \{ display: none", text)
    assert re.search(r"\.desk \{ display: none", narrow)
    assert re.search(r"\.phone \{ display: block", narrow)


def test_years_are_named_where_months_would_run_into_each_other() -> None:
    six_years = Window(date(2016, 1, 16), date(2022, 11, 4))
    assert "%Y" in day_ticks(six_years, 16)["labelExpr"]
    assert "%b'" not in day_ticks(six_years, 16)["labelExpr"]
    assert "%b" in day_ticks(Window(date(2020, 1, 1), date(2021, 1, 1)), 8)["labelExpr"]


WRITERS = ("analogues", "bargain", "clocks", "diagnose", "door", "mediators", "world")


@pytest.mark.parametrize("name", WRITERS)
def test_the_page_in_a_folder_is_index_html(name: str) -> None:
    names = import_module(f"detente.report.pages.{name}").NAMES
    pages = [file for file in names if file.endswith(".html")]
    assert pages == ([] if name == "clocks" else ["index.html"])


def test_the_page_of_a_run_is_index_html() -> None:
    assert [file for file in FILES if file.endswith(".html")] == ["index.html"]


@pytest.mark.parametrize("name", ["door", "change"])
def test_one_path_is_no_paths(name: str) -> None:
    text = (TEMPLATES / f"{name}.html.j2").read_text(encoding="utf-8")
    assert 'paths_per_draw|plural("path")' in text


def test_captions_hold_for_both_shapes_of_a_picture() -> None:
    assert "Left are" not in (TEMPLATES / "run.html.j2").read_text(encoding="utf-8")


def test_names_of_pairs_leave_room_for_their_lines_on_a_telephone() -> None:
    rate = {"source": "ONE", "target": "TWO", "hostile_months": 0.1, "hostile_week": 0.2, "heating": 0.6}
    value = {"rates": [rate], "file": "events.csv", "data_through": "2020-01-01", "version": "0"}
    narrow = heating_chart(value, narrow=True).to_dict(validate=False)
    assert narrow["width"] + narrow["layer"][0]["encoding"]["y"]["axis"]["labelLimit"] <= 380
    assert max(map(len, narrow["title"]["subtitle"])) <= 66
    assert heating_chart(value).to_dict(validate=False)["width"] >= 600


@pytest.mark.parametrize("name", ["run", "report"])
def test_the_page_begins_with_its_bottom_line(name: str) -> None:
    text = (TEMPLATES / f"{name}.html.j2").read_text(encoding="utf-8")
    assert text.index("{% block brief %}") < text.index("{% block chapters %}")
    if name == "run":
        assert text.index('class="brief"') < text.index("{{ rows }} of events")


def test_a_column_of_what_happened_needs_covered_days(result: Run) -> None:
    unknown = replace(result, channels=tuple(replace(c, observed=None) for c in result.channels))
    assert "not covered" not in text_of(unknown, [])
    assert "observed" in text_of(result, [])


def test_pairs_of_a_world_stay_with_their_rows() -> None:
    assert '<th scope="row"><details>' in (TEMPLATES / "world.html.j2").read_text(encoding="utf-8")
