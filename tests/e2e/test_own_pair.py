"""A pair of one's own on the command line: the argument's file is enough, and what a command lacks it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import detente
from worlds import ROOT

EVENTS = ROOT / "src" / "detente" / "data" / "examples" / "own-pair.csv"


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    shutil.copy(EVENTS, tmp_path / "mine.csv")
    detente("new", "ALD", "BRV", "--events", "mine.csv", cwd=tmp_path)
    return tmp_path


@pytest.fixture
def whole(pair: Path) -> Path:
    blocks = "door,levers,bargain,claims"
    detente("new", "ALD", "BRV", "--events", "mine.csv", "--with", blocks, "--force", cwd=pair)
    return pair


def test_the_invented_events_are_what_the_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "docs" / "own_pair.py", tmp_path / "a.csv"], check=True)
    assert (tmp_path / "a.csv").read_bytes() == EVENTS.read_bytes()


@pytest.mark.parametrize(
    ("command", "block"),
    [
        ("unlock", "door: {mediator"),
        ("bargain", "Write bargain:"),
        ("crisis", "standoff: {challenger"),
        ("claims", "{id: C1, kind: mechanism"),
        ("forecasts", "{kind: forecast"),
    ],
)
def test_what_is_lacking_is_said_with_what_to_write(pair: Path, command: str, block: str) -> None:
    done = detente(command, "ALD-BRV.yaml", cwd=pair, code=4)
    assert block in done.stderr
    assert re.search(
        r"`detente new FILE` with the block (door|bargain|claims) prints a template", done.stderr
    )


@pytest.mark.parametrize("command", [("bargain", "--draws", "64"), ("crisis",)])
def test_heads_say_which_file_was_used(whole: Path, command: tuple[str, ...]) -> None:
    shutil.copy(whole / "mine.csv", whole / "other.csv")
    name, *rest = command
    for given, file in (((), "mine.csv"), (("--events", "other.csv"), "other.csv")):
        done = detente(name, "ALD-BRV.yaml", *rest, *given, cwd=whole)
        blanks, _, events, *_ = done.stdout.splitlines()
        assert f"Events {file}, data " in events
        assert blanks.startswith("FILL-IN is still in ")


def test_events_of_an_argument(pair: Path) -> None:
    value = json.loads(detente("events", "ALD-BRV.yaml", "--json", cwd=pair).stdout)
    assert value["acts"] == 150


def test_a_world_of_an_argument(pair: Path) -> None:
    value = json.loads(detente("world", "ALD-BRV.yaml", "--json", cwd=pair).stdout)
    assert (value["file"], value["actors"]) == ("mine.csv", 6)
    (pair / "bare.yaml").write_text("argument: b\ntitle: B\nmechanisms: {momentum: {}}\n")
    assert "events is required" in detente("world", "bare.yaml", cwd=pair, code=4).stderr
    assert "events is required" in detente("world", cwd=pair, code=4).stderr


@pytest.mark.slow
def test_backtest_and_compare_need_the_files_alone(whole: Path) -> None:
    (whole / "doubter.yaml").write_text(
        "extends: ALD-BRV.yaml\nargument: doubter\nmechanisms:\n  reprisal:\n    terms:\n"
        '      force: {mean: 0.0, sd: 0.1, because: "I expect no answer in kind"}\n'
    )
    detente("backtest", "ALD-BRV.yaml", "--no-cache", cwd=whole)
    done = detente("compare", "ALD-BRV.yaml", "doubter.yaml", "--futures", "50", "--no-cache", cwd=whole)
    assert "mine.csv, as of" in done.stdout


@pytest.mark.slow
def test_a_world_of_the_embedded_rivalry(tmp_path: Path) -> None:
    value = json.loads(detente("world", "us-iran", "--json", cwd=tmp_path).stdout)
    assert (value["file"], value["window"][0]) == ("us-iran", "2017-01-01")
    assert value["pairs"] > 30
