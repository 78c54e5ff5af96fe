"""The chronicle that comes with the program before and after its revisions."""

from __future__ import annotations

from datetime import date
from importlib import resources

import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DataError
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import (
    FIRST,
    embedded_actors,
    embedded_revisions,
    embedded_rivalries,
    load_embedded,
)
from detente.events.files.revisions import FIELDS, before_revisions
from detente.lab.case import load_case
from detente.studies.scoring.protocol import protocol_of

FIRST_DIGEST = "fd1710b1b46dd1d938d66dd7dc7337b1d2881f90ab1adc1418dd98458f5da813"
NAME = "us-iran"


def rows(path: str = "events.csv") -> pl.DataFrame:
    folder = resources.files("detente") / "data" / "us_iran"
    with resources.as_file(folder / path) as file:
        return pl.read_csv(file, infer_schema=False)


def test_the_first_state_is_the_one_that_was_published_to_the_byte() -> None:
    first, now = load_embedded(NAME + FIRST), load_embedded(NAME)
    assert first.digest == FIRST_DIGEST != now.digest
    assert (first.provenance.name, first.provenance.rows_read, first.provenance.mutual_folded) == (
        NAME + FIRST,
        1120,
        104,
    )
    assert (first.window, first.eras) == (now.window, now.eras)


def test_every_revision_names_one_row_of_the_file_and_what_it_says_now() -> None:
    key = ["date", "source", "target", "action", "summary"]
    file, revisions = rows(), embedded_revisions(NAME)
    assert file.select(key).is_unique().all()
    assert revisions.join(file, on=key, how="semi").height == revisions.height
    corrected = revisions.filter(pl.col("change") == "corrected")
    assert set(corrected["field"]) <= set(FIELDS)
    for row in corrected.join(file, on=key, suffix="_now").iter_rows(named=True):
        field = row["field"]
        assert (row[f"{field}_now"] if f"{field}_now" in row else row[field]) == row["new"]
        assert row["old"] != row["new"]
    assert corrected["why"].null_count() == corrected["citation"].null_count() == 0
    added = revisions.filter(pl.col("change") == "added")
    assert added.height + corrected.height == revisions.height
    assert file.height - added.height == 1120


def test_the_file_keeps_its_order_and_its_actors() -> None:
    assert rows()["date"].is_sorted()
    seen = set(rows()["source"]) | set(rows()["target"])
    assert seen <= set(embedded_actors(NAME).codes)


def test_revisions_of_an_invented_chronicle_are_taken_back() -> None:
    act = {"source": "A", "target": "B", "class": "force", "action": "ASSAULT"}
    talks = {"date": date(2000, 1, 5), "source": "A", "target": "B", "class": "joint", "action": "CONSULT"}
    now = [
        act | {"date": date(2000, 1, 2), "summary": "raid", "fatalities": 3, "fatalities_of": "A"},
        act | {"date": date(2000, 1, 3), "summary": "new"},
        talks | {"summary": "they meet"},
        act | {"date": date(2000, 1, 9), "summary": "moved"},
    ]
    text = {
        "source": "A",
        "target": "B",
        "action": "ASSAULT",
        "why": "w",
        "citation": "c",
        "evidence": "page",
    }
    listed = [
        text
        | {"change": "corrected", "date": "2000-01-02", "summary": "raid", "field": "fatalities", "new": "3"},
        text
        | {
            "change": "corrected",
            "date": "2000-01-02",
            "summary": "raid",
            "field": "fatalities_of",
            "old": "B",
        },
        text | {"change": "added", "date": "2000-01-03", "summary": "new"},
        text | {"change": "added", "date": "2000-01-05", "summary": "they meet", "action": "CONSULT"},
        text
        | {"change": "added", "date": "2000-01-05", "summary": "they meet", "action": "CONSULT"}
        | {"source": "B", "target": "A"},
        text
        | {
            "change": "corrected",
            "date": "2000-01-09",
            "summary": "moved",
            "field": "date",
            "old": "2000-01-01",
        },
    ]
    schema = dict.fromkeys((*text, "change", "date", "summary", "field", "old", "new"), pl.String)
    chronicle = Chronicle.of(pl.DataFrame(now), Window(date(2000, 1, 1), date(2001, 1, 1)))
    before = before_revisions(chronicle, pl.DataFrame(listed, schema=schema)).events
    assert before["summary"].to_list() == ["moved", "raid"]
    assert before["date"].to_list() == [date(2000, 1, 1), date(2000, 1, 2)]
    assert before["fatalities"].to_list() == [None, None]
    assert before["fatalities_of"].to_list() == [None, "B"]


def test_the_earlier_chronicle_has_the_arguments_and_days_of_its_rivalry() -> None:
    case = load_case(NAME + FIRST)
    assert (case.argument.argument, case.name, case.chronicle.digest) == ("essay", NAME + FIRST, FIRST_DIGEST)
    now = load_case(NAME)
    assert (
        protocol_of(case.argument, case.chronicle).fan_dates
        == protocol_of(now.argument, now.chronicle).fan_dates
    )
    assert load_case(NAME + FIRST, argument="maximum-pressure").argument.argument == "maximum-pressure"
    assert [name for name in embedded_rivalries() if not embedded_rivalries()[name].revised] == [NAME + FIRST]
    with pytest.raises(DataError, match="us-iran@first"):
        load_embedded("us-iran@second")
