"""`check`: what of an argument its events cannot carry, and columns of an event file that seem to be misnamed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from command_line import detente
from detente.base.errors import ArgumentError
from detente.lab.case import Case, load_case
from detente.report.text.overview import untested_text
from detente.studies.whatif import every_lever
from detente.studies.whatif.door_test import unlock

DOOR = """\
argument: doored
title: A door on events in codes that know no meeting
principals: [SWE, NOR]
events: events.csv
run: {as_of: 2002-01-01, days: 60, futures: 50, seed: 1}
mechanisms: {momentum: {}, good_offices: {}}
parties:
  others: {members: [FIN]}
channels:
  - {name: good offices, source: others, target: principals, role: cooperation_by_word}
locker: SWE
door:
  mediator: FIN
  gestures: {SWE: step=1, NOR: step=1}
  lapses_after_days: 180
  thesis: [good_offices.talks, good_offices.gated]
  gate: good_offices.gated
  because: made up
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [f"{2000 + i // 120}-{1 + i // 10 % 12:02}-{1 + i % 28:02},SWE,NOR,190" for i in range(240)]
    rows.append("2001-06-01,FIN,SWE,045")
    (tmp_path / "events.csv").write_text("\n".join(["date,source,target,code", *rows]) + "\n", "utf-8")
    (tmp_path / "doored.yaml").write_text(DOOR, "utf-8")
    return tmp_path / "doored.yaml"


def test_a_door_that_the_events_cannot_carry_is_told_by_check_and_refused_by_unlock(path: Path) -> None:
    said = detente("check", path, "--codebook", "cameo").stdout
    assert "a valid argument" in said
    assert "Warning: not with these events: door needs acts that both do together" in said
    with pytest.raises(ArgumentError, match="door needs acts that both do together"):
        unlock(load_case(argument=path, codebook="cameo"))


def test_check_says_where_it_could_not_read_the_events(path: Path) -> None:
    assert "the events that it names cannot be read as they are" in detente("check", path).stdout


def test_a_report_says_why_the_door_is_not_tested(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(every_lever, "_pull_all", lambda *_: ((), ()))
    case: Case = load_case(argument=path, codebook="cameo")
    change = every_lever.change_of(case, case.settings().as_of, 1)
    assert change.door is None
    assert untested_text(change).startswith("door needs acts that both do together")
    assert change.to_dict()["untested"][0]["code"] == "no_joint_channel"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Deaths", "fatalities"), ("killed", "fatalities"), ("notes", "summary"), ("Goldstein", "intensity")],
)
def test_a_misnamed_column_is_pointed_out(tmp_path: Path, theirs: str, ours: str) -> None:
    rows = [f"2000-01-{day:02},SWE,NOR,ASSAULT,1" for day in range(1, 29)]
    text = "\n".join([f"date,source,target,action,{theirs}", *rows]) + "\n"
    (tmp_path / "events.csv").write_text(text, "utf-8")
    hint = f"Did you mean {ours} by {theirs}?"
    assert hint in detente("check", tmp_path / "events.csv").stdout
    done = detente("import", "csv", tmp_path / "events.csv", "-o", tmp_path / "out.parquet")
    assert f"{hint} Rename the column, or import it with --columns {ours}={theirs}." in done.stdout


def test_a_column_that_is_used_is_not_meant_by_another(tmp_path: Path) -> None:
    rows = [f"2000-01-{day:02},SWE,NOR,ASSAULT,1,1" for day in range(1, 29)]
    text = "\n".join(["date,source,target,action,fatalities,killed", *rows]) + "\n"
    (tmp_path / "events.csv").write_text(text, "utf-8")
    said = detente("check", tmp_path / "events.csv").stdout
    assert "Columns not used: killed." in said
    assert "Did you mean" not in said


def test_import_names_the_longest_stretches_first(tmp_path: Path) -> None:
    days = [*range(1, 400, 2), *range(500, 900, 2)]
    rows = [f"{_day(730_000 + day)},SWE,NOR,ASSAULT" for day in days]
    (tmp_path / "events.csv").write_text("\n".join(["date,source,target,action", *rows]) + "\n", "utf-8")
    said = detente("import", "csv", tmp_path / "events.csv", "-o", tmp_path / "out.parquet").stdout
    assert f"No row, the longest first: {_day(730_400)} to {_day(730_499)} (100 days), " in said
    assert "stretches more." in said


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
