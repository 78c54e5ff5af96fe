"""Many questions in one run: from files, all faults at once, each answer that of the question asked alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from detente.base.errors import DetenteError, OutputError, QuestionError
from detente.cli.main import app
from detente.lab.ask import Ask, ask
from detente.report.write_answers import write_answers
from worlds import essay_case

ROWS = (
    ("deadly", "IRN->USA ASSAULT deaths>=1 within 90d", "=cmd|A1"),
    ("declared", "talks-12m", "Talks"),
    ("quiet", "phase cold share>=.5 within 12m", ""),
)


def table(folder: Path, rows: tuple[tuple[str, str, str], ...], name: str = "questions.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("id", "line", "text"), *rows])
    return path


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return ask(essay_case(), table(tmp_path_factory.mktemp("asked"), ROWS), futures=150, seed=4)


def test_a_file_is_asked_in_one_run_and_answers_as_each_line_alone(result: Ask) -> None:
    assert [asked.answer.question.id for asked in result.asked] == ["deadly", "declared", "quiet"]
    assert result.asked[1].answer.question.text == "Talks"
    for (_, line, _), asked in zip(ROWS, result.asked, strict=True):
        alone = ask(essay_case(), line, futures=150, seed=4).asked[0]
        assert asked.answer.probability == alone.answer.probability
        assert asked.base_rates == alone.base_rates


def test_all_faults_are_reported_at_once_with_file_and_line(tmp_path: Path) -> None:
    rows = (
        ("a", "talks within", ""),
        ("b", "IRM->USA force within 90d", ""),
        ("a b c;", "war within 1y", ""),
    )
    with pytest.raises(QuestionError) as caught:
        ask(essay_case(), "talks wthin 12m", table(tmp_path, rows), futures=10)
    places = [str(fault.where) for fault in caught.value.faults]
    assert places[0].startswith("column 7")
    assert [place.rpartition("; ")[2] for place in places[1:]] == [f"questions.csv:{n}" for n in (4, 2, 3)]
    first, more = (
        table(tmp_path, (("a", "war within 1y", ""),), name) for name in ("questions.csv", "more.csv")
    )
    with pytest.raises(QuestionError, match=r"id is given twice, got a \(more.csv:2\)"):
        ask(essay_case(), first, more, futures=10)


def test_a_line_that_no_question_is_as_long_as_is_refused() -> None:
    with pytest.raises(DetenteError, match="question must have at most 2,000 characters, got 100005"):
        ask(essay_case(), "talks" + "x" * 100_000, futures=10)


def test_answers_are_written_for_spreadsheets_and_as_data(result: Ask, tmp_path: Path) -> None:
    for ending in ("csv", "parquet", "json"):
        write_answers(result, tmp_path / f"answers.{ending}")
    frame = result.to_polars()
    assert pl.read_parquet(tmp_path / "answers.parquet").equals(frame)
    with (tmp_path / "answers.csv").open(newline="", encoding="utf-8") as stream:
        assert stream.readline().startswith("# Written by detente ")
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == ["'=cmd|A1", "Talks", ROWS[2][1]]
    assert [float(row["probability"]) for row in rows] == frame["probability"].to_list()
    value = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert [q["text"] for q in value["questions"]] == frame["text"].to_list()
    with pytest.raises(OutputError, match=r"out must end in .csv, .parquet or .json, got .*answers.xls"):
        write_answers(result, tmp_path / "answers.xls")


def test_the_command_asks_a_file_and_writes_one(tmp_path: Path) -> None:
    asked, out = table(tmp_path, ROWS[1:]), tmp_path / "answers.csv"
    words = ["ask", "us-iran", "war within 90d", "--questions", str(asked), "--out", str(out)]
    done = CliRunner().invoke(
        app, [*words, "--argument", "baseline", "--as-of", "2020-01-17", "--futures", "20"]
    )
    assert isinstance(done.exception, QuestionError), done.output  # the baseline declares no talks-12m
    assert not out.exists()
    rows = (("deadly", ROWS[0][1], ""), ("quiet", ROWS[2][1], ""))
    words[4] = str(table(tmp_path, rows))
    more = ["--argument", "baseline", "--as-of", "2020-01-17", "--futures", "20", "--seed", "1"]
    done = CliRunner().invoke(app, [*words, *more])
    assert done.output.splitlines()[-1] == f"Written to {out}: 3 answers.", done.exception
    assert pl.read_csv(out, comment_prefix="#")["id"].to_list() == ["asked 1", "deadly", "quiet"]
    done = CliRunner().invoke(app, [*words[:-1], words[4], *more])
    assert isinstance(done.exception, OutputError)
    assert done.exception.faults[0].code == "same_as_input"
