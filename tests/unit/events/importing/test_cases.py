"""Event data as people have it: each case of docs/event-data.md, on our own files and on those that others made."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from detente.base.errors import DataError
from detente.events.importing.actor_names import ActorNames
from detente.events.importing.import_options import Options
from detente.events.importing.importer import import_events
from detente.lab.check import check_file
from detente.report.text import check as check_text
from detente.report.text.import_events import text_of
from event_cases import CASES, EventCase
from worlds import SHARED

PAGE = Path(__file__).resolve().parents[4] / "docs" / "event-data.md"
TODAY = date(2026, 7, 5)


def answer(case: EventCase, path: Path, folder: Path) -> tuple[tuple[str, ...], str]:
    """Return the acts of a file and what is said, as a case has it read."""
    try:
        if case.form == "check":
            return (), check_text.text_of(check_file(path, today=TODAY))
        given = dict(case.options)
        names = {name: given.pop(name) for name in ("states", "succession") if name in given}
        options = Options(ActorNames(**names), today=TODAY, **given)
        told = import_events(case.form, [path], folder / "out.parquet", options=options)
    except DataError as error:
        return (), "\n".join(map(str, error.faults))
    frame = pl.read_parquet(folder / "out.parquet")
    columns = ["date", "precision", "source", "target", "action", "code", "fatalities"]
    rows = frame.select(name for name in columns if name in frame.columns).rows()
    days = [[str(value) for value in row if value not in (None, "day")] for row in rows]
    return tuple(" ".join(row) for row in days), text_of(told)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {case.command}")
def test_our_own_file_of_the_kind_is_answered_rightly(case: EventCase, tmp_path: Path) -> None:
    path = tmp_path / f"{case.name}{case.ending}"
    path.write_bytes(case.text if isinstance(case.text, bytes) else case.text.encode())
    acts, said = answer(case, path, tmp_path)
    assert sorted(acts) == sorted(case.acts), said
    assert case.says in said


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.theirs is not None], ids=lambda case: f"{case.name} {case.command}"
)
def test_the_file_that_others_made_is_answered_rightly(case: EventCase, tmp_path: Path) -> None:
    path = SHARED / "cases" / f"{case.name}{case.ending}"
    if not path.exists():
        pytest.skip(f"NOT CHECKED on the case of others: {path} is not there")
    acts, said = answer(case, path, tmp_path)
    assert sorted(acts) == sorted(case.theirs or ()), said


def test_the_page_has_a_line_for_every_case() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
        for line in lines
        if line.startswith("| `")
    ]
    told = [(name, command, says) for name, _, command, says, _ in rows]
    assert told == [(case.name, case.command, case.says) for case in CASES]
