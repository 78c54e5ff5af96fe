"""``--add``, ``diff`` and ``exercise`` as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from command_line import detente

EARLIER = "".join(f"2018-{1 + i % 12:02d}-{10 + i // 12},BBB,AAA,ACCUSE\n" for i in range(20))
RIVALRY = f"""date,source,target,action
{EARLIER}2019-01-05,AAA,BBB,ACCUSE
2019-01-09,BBB,AAA,ACCUSE
2019-02-01,AAA,BBB,SANCTION
2019-06-01,BBB,AAA,ASSAULT
2019-09-01,AAA,BBB,CONSULT
"""
NEWS = "date,source,target,action,mode\n2026-07-06,USA,IRN,ASSAULT,airstrike\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news.csv").write_text(NEWS, encoding="utf-8")
    return tmp_path


def test_added_events_are_told_in_text_and_json(folder: Path) -> None:
    text = detente("events", "us-iran", "--add", "news.csv", "--since", "2026-07-05", cwd=folder).stdout
    assert "1 rows, 1 new acts" in " ".join(text.split())
    (folder / "bad.csv").write_text(NEWS.replace("ASSAULT", "ASSALT"), encoding="utf-8")
    done = detente("phases", "us-iran", "--add", "bad.csv", cwd=folder, code=3)
    assert "bad.csv:2" in done.stderr


def test_diff_compares_days_and_files(folder: Path) -> None:
    few = ("--futures", "20", "--most", "1", "--json")
    value = json.loads(detente("diff", "us-iran", "2020-01-02", "2020-01-04", *few, cwd=folder).stdout)
    assert (value["before"]["as_of"], value["after"]["as_of"], value["new_acts"]) == (
        "2020-01-02",
        "2020-01-04",
        2,
    )
    done = detente("diff", "us-iran", "2020-01-02", cwd=folder, code=4)
    assert "only one of them" in done.stderr
    done = detente("diff", "us-iran", "--add", "news.csv", cwd=folder, code=3)
    assert "known from 2026-07-07" in done.stderr


def test_exercise_is_told_and_played(folder: Path) -> None:
    (folder / "events.csv").write_text(RIVALRY, encoding="utf-8")
    base = ("exercise", "--events", "events.csv", "--principals", "AAA,BBB", "--as-of", "2019-10-01")
    base += ("--days", "40", "--futures", "40", "--seed", "1")
    plain = detente(*base, "--format", "csv", cwd=folder).stdout
    (folder / "none.csv").write_text("date,source,target,action\n", encoding="utf-8")
    assert detente(*base, "--format", "csv", "--play", "none.csv", cwd=folder).stdout == plain
    (folder / "moves.csv").write_text("date,source,target,action\n2019-10-05,AAA,BBB,AID\n", encoding="utf-8")
    played = detente(*base, "--format", "csv", "--play", "moves.csv", "--out", "told.csv", cwd=folder)
    assert "Written to told.csv" in played.stdout
    lines = (folder / "told.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))
    assert "argument baseline, as of 2019-10-01" in " ".join(lines)
    assert {row["mutual"] for row in rows if row["played"] == "True"} == {"False"}
    assert [row["date"] for row in rows if row["played"] == "True"] == ["2019-10-05"]
    typed = detente(*base, "--json", "--pause", "2019-10-05", cwd=folder, stdin="AAA -> BBB AID\n\n")
    assert "AAA gives aid to BBB." in [i["sentences"]["words"] for i in json.loads(typed.stdout)["injects"]]
    assert "2019-10-05: your acts" in typed.stderr
    typo = "AAA -> BBB AID\nAAA -> BBB HELP\n"
    (folder / "kept.md").write_text("kept", encoding="utf-8")
    wrong = detente(
        *base, "--pause", "2019-10-05", "--out", "kept.md", "--force", cwd=folder, stdin=typo, code=7
    )
    assert "an action" in wrong.stderr
    assert "line 2 of standard input" in " ".join(wrong.stderr.split())
    assert (folder / "kept.md").read_text(encoding="utf-8") == "kept"
