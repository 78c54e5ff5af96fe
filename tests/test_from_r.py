"""The columns that docs/from-r.md reads in R are those that the program writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from command_line import detente
from worlds import ROOT

BLOCKS = re.findall(r"```r\n(.*?)```", (ROOT / "docs" / "from-r.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("r")
    more = ("--argument", "baseline", "--as-of", "2020-01-17", "--futures", "20", "--seed", "1")
    detente("run", "us-iran", *more, "--days", "30", "--out", path / "out")
    detente("ask", "us-iran", "IRN->USA force within 30d", *more, "--out", path / "answers.parquet")
    return path


def named(block: str, frame: str) -> set[str]:
    """Return the columns that a block takes from a data frame: after `$`, and in `c("…")` in its brackets."""
    chosen = re.findall(rf"{frame}\[[^\]]*c\(([^)]*)\)", block)
    after = set(re.findall(rf"{frame}\$(\w+)", block)) - set(re.findall(rf"{frame}\$(\w+) <-", block))
    return after | {name for text in chosen for name in re.findall(r'"(\w+)"', text)}


def test_the_json(folder: Path) -> None:
    result = json.loads((folder / "out" / "result.json").read_text("utf-8"))
    assert set(re.findall(r"result\$(\w+)", "".join(BLOCKS))) == {
        "as_of",
        "data",
        "questions",
        "fit",
        "futures",
    }
    assert result["data"]["digest"]
    assert result["futures"]["count"] == 20
    names = named(BLOCKS[0], "coefficients") | {"mean", "sd"}
    assert names >= {"mechanism", "prior_sd"}
    assert names <= result["fit"]["coefficients"][0].keys()


def test_questions_of_a_result() -> None:
    kept = json.loads((ROOT / "tests" / "golden" / "commands" / "run.json").read_text("utf-8"))
    names = named(BLOCKS[0], "questions")
    assert names >= {"id", "probability"}
    assert names <= kept["questions"][0].keys()


def test_the_futures(folder: Path) -> None:
    schema = pl.read_parquet_schema(folder / "out" / "futures.parquet")
    inside = " ".join(re.findall(r"(?:filter|mutate|count|distinct)\((.*)\)", BLOCKS[1]))
    used = set(re.findall(r"\b[a-z]+\b", re.sub(r'"[^"]*"', "", inside))) - {
        "format",
        "month",
        "filter",
        "distinct",
    }
    assert used >= {"future", "class", "date", "source", "target", "fatalities"}
    assert used <= schema.keys()
    assert "mutual" in schema


def test_the_answers(folder: Path) -> None:
    schema = pl.read_parquet_schema(folder / "answers.parquet")
    names = named(BLOCKS[2], "answers")
    assert names >= {"probability", "settled"}
    assert names | {"mean", "q05", "q25", "q50", "q75", "q95", "never"} <= schema.keys()


def test_the_events(tmp_path: Path) -> None:
    names = re.findall(r"^  (\w+) = ", BLOCKS[3], re.MULTILINE)
    frame = pl.DataFrame(
        {"date": ["2001-03-04"], "source": ["ALD"], "target": ["BRV"], "action": ["THREATEN"]}
    )
    assert names == frame.columns
    frame.with_columns(pl.col("date").str.to_date()).write_parquet(tmp_path / "events.parquet")
    assert "1 acts" in detente("check", tmp_path / "events.parquet").stdout
