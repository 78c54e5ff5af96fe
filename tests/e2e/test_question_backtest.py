"""`detente backtest --questions` from the command line: text, JSON, page, and what it cannot be combined with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import detente, few_clocks
from detente.report.pages.question_backtest import NAMES
from detente.report.pictures.question_backtest import PICTURES
from worlds import random_chronicle

CASE = ("--principals", "A,B", "--argument", "baseline", "--questions")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("past")
    events = random_chronicle(days=420, per_day=2).events
    columns = ("date", "source", "target", "action", "mode", "class", "fatalities")
    events.select(columns).write_csv(made / "events.csv")
    return made


def asked(folder: Path, *flags: str, code: int = 0) -> str:
    kept = ("--cache", str(folder / "kept"))
    done = detente("backtest", "--events", "events.csv", *CASE, *kept, *flags, cwd=folder, code=code)
    return done.stderr if code else done.stdout


def test_it_prints_and_writes_and_says_the_same_twice(folder: Path) -> None:
    value = json.loads(asked(folder, "--json"))
    assert value["overall"]["cases"] > 0
    assert value["protocol"]["futures"] == 500
    text = asked(folder, "--out", "page")
    answer = value["sentences"]["answer"]
    assert answer.startswith("Over ")
    assert answer in text
    assert "Targets:" in text
    assert [path.name for path in sorted((folder / "page").iterdir())] == sorted(NAMES)
    page = (folder / "page" / "index.html").read_text(encoding="utf-8")
    assert answer in page
    assert page.count("<svg") == 2 * len(PICTURES)
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    again = json.loads((folder / "page" / "questions.json").read_text(encoding="utf-8"))
    assert {name: part for name, part in again.items() if name != "made_by"} == value


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--robustness",), "questions cannot be combined with robustness"),
        (("--dry-run", "--cluster", "processes:2"), "dry_run cannot be combined with cluster"),
        (("--pairs", "5"), "--pairs"),
    ],
)
def test_what_it_cannot_be_combined_with_is_refused(folder: Path, flags: tuple[str, ...], said: str) -> None:
    assert said in asked(folder, *flags, code=4)


def test_questions_are_of_one_pair_and_a_page_is_of_questions(folder: Path) -> None:
    done = detente("backtest", "events.csv", "--questions", cwd=folder, code=4)
    assert "--questions" in done.stderr
    done = detente("backtest", "us-iran", "--out", "page", cwd=folder, code=4)
    assert "out can be used only with questions" in done.stderr


def test_a_dry_run_keeps_nothing(folder: Path) -> None:
    before = len(list((folder / "kept").iterdir())) if (folder / "kept").is_dir() else 0
    assert "500 futures of 730 days" in asked(folder, "--dry-run")
    after = len(list((folder / "kept").iterdir())) if (folder / "kept").is_dir() else 0
    assert before == after


@pytest.mark.slow
def test_the_walk_of_the_page_on_quality_runs(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "src/detente/data/examples/own-pair.csv"
    (tmp_path / "mine.csv").write_bytes(example.read_bytes())
    kept = ("--cache", str(tmp_path / "kept"))
    with few_clocks():
        detente("new", "ALD", "BRV", "--events", "mine.csv", cwd=tmp_path)
        done = detente("backtest", "ALD-BRV.yaml", "--questions", *kept, cwd=tmp_path)
        assert "past questions" in done.stdout
        question = "ALD<->BRV talks within 90d"
        detente("ask", "ALD-BRV.yaml", question, "--futures", "500", *kept, cwd=tmp_path)
