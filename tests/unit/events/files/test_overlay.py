"""Laying event files over a chronicle: what is folded, what is counted, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from detente.base.errors import DataError
from detente.events.files.event_file import load_events, write_events
from detente.events.files.overlay import overlay
from detente.lab.case import load_case
from detente.report.text.events import added_text
from worlds import embedded

HEAD = "date,source,target,action,mode,issue,summary\n"
NEWS = HEAD + "2026-07-06,USA,IRN,ASSAULT,airstrike,nuclear,Strikes\n2026-07-08,IRN,USA,THREATEN,,,Revenge\n"
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str) -> Path:
        path = tmp_path / "news.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return put


def test_new_acts_come_in_and_the_window_grows_to_the_last(write: Write) -> None:
    base, now = embedded(), overlay(embedded(), write(NEWS))
    assert now.acts == base.acts + 2
    assert (now.window.start, now.window.end) == (base.window.start, date(2026, 7, 9))
    assert now.digest != base.digest
    assert now.known_at(date(2026, 7, 5)).digest == base.known_at(date(2026, 7, 5)).digest
    (added,) = now.provenance.added
    assert (added.name, added.rows_read, added.acts, added.repeated) == ("news.csv", 2, 2, 0)
    assert str(added.covers) == "2026-07-05 to 2026-07-08"
    assert "assumed: up to its last event" in added_text(added)
    assert added_text(added, added.first).endswith(
        "None of it was known by 2026-07-06, so no probability changes: use a later as_of."
    )
    assert added_text(added, date(2026, 7, 7)) == added_text(added)
    came = now.provenance
    assert came.rows_read - came.duplicates_folded - came.mutual_folded == now.acts
    assert not now.known_at(date(2026, 7, 7)).provenance.added  # which would tell of later rows


def test_the_user_may_say_what_the_file_covers(write: Write) -> None:
    now = overlay(embedded(), write(NEWS), until=date(2026, 8, 1))
    assert now.window.end == date(2026, 8, 1)
    assert "(as declared)" in added_text(now.provenance.added[0])
    with pytest.raises(DataError, match=r"must be before 2026-07-08.*news\.csv:3"):
        overlay(embedded(), write(NEWS), until=date(2026, 7, 8))


def test_a_chronicle_laid_over_itself_is_itself(tmp_path: Path) -> None:
    base = embedded()
    write_events(base, tmp_path / "same.csv")
    now = overlay(base, tmp_path / "same.csv")
    assert now.digest == base.digest
    assert (now.provenance.added[0].acts, now.provenance.added[0].repeated) == (0, base.acts)


def test_rows_fold_against_what_is_there(tmp_path: Path, write: Write) -> None:
    talks = "2019-01-05,AAA,BBB,CONSULT,visit,other,They meet\n"
    back = "2019-01-05,BBB,AAA,CONSULT,visit,other,They meet\n"
    first = tmp_path / "first.csv"
    first.write_text(HEAD + talks + "2019-01-06,AAA,BBB,ACCUSE,,,x\n", encoding="utf-8")
    base = load_events(first)
    paired = overlay(base, write(HEAD + back))
    assert paired.acts == base.acts
    assert paired.events["class"].to_list() == ["joint", "verbal-conflict"]
    assert paired.provenance.added[0].paired == 1
    # One direction of what is mutual by now says nothing new.
    again = overlay(paired, write(HEAD + back))
    assert again.digest == paired.digest
    assert again.provenance.added[1].repeated == 1
    in_other_words = overlay(
        base, write(HEAD + "2019-01-06,AAA,BBB,ACCUSE,,,y\n2019-01-07,CCC,BBB,AID,,,z\n")
    )
    told = in_other_words.provenance.added[0]
    assert (told.acts, told.alike, told.new_actors) == (2, 1, ("CCC",))


@pytest.mark.parametrize(
    ("text", "codebook", "message"),
    [
        (HEAD + "2026-07-06,USA,IRN,ASSALT,,,x\n", None, r"action must be .*news\.csv:2"),
        (HEAD + "1900-07-06,USA,IRN,AID,,,x\n", None, r"must not be before .*1951-05-01.*news\.csv:2"),
        (
            HEAD + "2026-07-06,USA,IRN,RETREAT,,,x\n",
            "plover",
            r"action must be .*RETREAT.*news\.csv:2.*YIELD",
        ),
        (
            "date,source,target,cameo\n2026-07-06,USA,IRN,190\n",
            None,
            "must have the classes of the chronicle",
        ),
        ("date,source,target,code\n2026-07-06,USA,IRN,190\n", None, "codebook is required"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(
    text: str, codebook: str | None, message: str, write: Write
) -> None:
    with pytest.raises(DataError, match=message):
        overlay(embedded(), write(text), codebook=codebook)


def test_a_case_takes_files_to_add(write: Write) -> None:
    case = load_case("us-iran", add=[write(NEWS)], add_until=date(2026, 7, 20))
    assert case.chronicle.window.end == date(2026, 7, 20)
    assert case.chronicle.events.filter(pl.col("summary") == "Strikes").height == 1
    with pytest.raises(DataError, match="add_until can be used only with add"):
        load_case("us-iran", add_until=date(2026, 7, 20))
    with pytest.raises(DataError, match="codebook can be used only with events or added files"):
        load_case("us-iran", codebook="detente")
