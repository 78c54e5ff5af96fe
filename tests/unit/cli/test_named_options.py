"""The command line names the flag of a field that is an option; nothing below it does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from detente.base.errors import ArgumentError, Fault
from detente.cli.main import app, main
from detente.cli.named_options import as_json, option_of, options_of, told
from detente.lab.case import Case, load_case
from detente.lab.run import run
from detente.studies import diff

MINE = """\
argument: mine
title: A view of my own
principals: [USA, IRN]
run: {days: 90, futures: 100, seed: 1}
mechanisms: {momentum: {}}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return path


def fails(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["detente", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(str(stop.value.code))


def test_a_missing_as_of_is_told_with_its_flag(mine, monkeypatch, capsys) -> None:
    assert fails(monkeypatch, "run", "us-iran", "--argument", str(mine)) == 4
    told_ = capsys.readouterr().err
    assert told_.startswith("error: as_of is required and has no default.")
    assert told_.endswith(" (option --as-of)\n")


def test_in_json_the_flag_is_a_key_of_its_own(mine, monkeypatch, capsys) -> None:
    assert fails(monkeypatch, "run", "us-iran", "--argument", str(mine), "--json") == 4
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["code"], fault["field"], fault["option"]) == ("no_default", "as_of", "--as-of")
    assert "--" not in fault["message"]


def test_the_same_error_in_python_names_no_flag(mine: Path) -> None:
    with pytest.raises(ArgumentError, match="as_of is required and has no default") as caught:
        run(load_case("us-iran", argument=mine))
    assert "--" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "field", "flag"),
    [
        (["exercise", "us-iran"], "held", "--as"),
        (["exercise", "us-iran"], "moves", "--play"),
        (["crisis", "us-iran"], "set", "--set"),
        (["new", "USA", "IRN"], "out", "--out"),
        (["--json", "phases"], "since and until", "--since, --until"),
        (["phases"], "since and seed", None),
        (["phases"], "draws", None),
        ([], "as_of", None),
        (["no-such-command"], "as_of", None),
    ],
)
def test_a_field_is_looked_up_among_the_options_of_the_command(words, field, flag) -> None:
    options = options_of(typer.main.get_group(app), words)
    assert option_of(Fault("required", field), options) == flag


def test_a_field_on_a_line_of_a_file_is_no_option() -> None:
    options = options_of(typer.main.get_group(app), ["run"])
    fault = Fault("not_two_actors", "principals", where="mine.yaml:3")
    assert told(fault, options) == str(fault)
    assert "option" not in as_json(ArgumentError(fault), options)["faults"][0]


def test_diff_reads_the_events_of_an_arguments_file_by_the_codebook_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "acts.csv").write_text("date,source,target,code\n2001-01-01,A,B,190\n2001-02-01,B,A,040\n")
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "{argument: a, title: A, principals: [A, B], events: acts.csv, mechanisms: {momentum: {}}}"
    )
    seen: list[str] = []

    def stop(before: Case, after: Case, **_: Any) -> None:
        seen.extend(case.chronicle.codebook for case in (before, after))
        raise KeyboardInterrupt

    monkeypatch.setattr(diff, "diff", stop)
    CliRunner().invoke(app, ["diff", str(mine), "2001-01-05", "2001-02-05", "--codebook", "cameo"])
    assert seen == ["cameo", "cameo"]
