"""The study from files to results: on small files made by hand, and on the table that ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.argument.evidence_blocks import EvidenceRow
from detente.base.errors import ArgumentError, DataError
from detente.model.elsewhere import evidence_table
from detente.report.pages.evidence import NAMES, write_evidence
from detente.report.text.evidence.evidence import evidence_row_text, text_of
from detente.studies.evidence.protocol import FIRST_HASH, HASH, protocol, read_protocol
from detente.studies.evidence.run import Evidence, evidence
from detente.studies.evidence.sources import SOURCES
from rivalry_files import write_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def result(folder: Path) -> Evidence:
    return evidence(data=folder, permutations=40, cache=False)


def test_every_row_of_the_protocol_is_there(result: Evidence) -> None:
    assert [row["id"] for row in result.value["rows"]] == [row.id for row in protocol().rows]
    judged = [row for row in result.value["rows"] if row["verdict"] != "no data"]
    assert {row["id"] for row in judged} >= {"M1", "M9 disputes"}
    for row in judged:
        assert row["low"] < row["effect"] < row["high"]
        assert 0 < row["p_for"] <= 1
        assert 0 <= row["power"] <= 1
        assert row["mde"] > 1


def test_the_same_seed_gives_the_same_numbers_and_kept_ones_are_found(folder: Path, tmp_path: Path) -> None:
    rows = [evidence(data=folder, only=["M1"], permutations=40, cache=tmp_path).value["rows"] for _ in "ab"]
    assert rows[0] == rows[1]
    assert len(list(tmp_path.iterdir())) == 1
    other = evidence(data=folder, only=["M1"], permutations=40, seed=2, cache=False).value["rows"]
    assert other[0]["spread"] != rows[0][0]["spread"]
    assert other[0]["effect"] == rows[0][0]["effect"]


def test_the_pair_held_out_is_in_no_number(folder: Path) -> None:
    pairs = [
        {tuple(p["pair"]) for p in (row.get("pooled") or {"pairs": []})["pairs"]}
        for row in evidence(data=folder, without=["IND", "PAK"], permutations=40, cache=False).value["rows"]
    ]
    assert any(pairs)
    assert all((750, 770) not in each for each in pairs)


def test_a_folder_tells_at_once_all_that_it_lacks(tmp_path: Path) -> None:
    write_files(tmp_path)
    (tmp_path / "archigos.csv").unlink()
    (tmp_path / "icb2v14.csv").write_text("crisno,actor\n1,RUS\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "cow_nmc.csv").write_text("ccode,year,cinc\n2,1950,0.3\n")
    (tmp_path / "gsdb_v3.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError) as caught:
        evidence(data=tmp_path)
    assert {(f.code, f.field) for f in caught.value.faults} == {
        ("missing_file", "archigos.csv"),
        ("lacks_columns", "icb2v14.csv"),
        ("given_twice", "cow_nmc.csv"),
        ("not_utf8", "gsdb_v3.csv"),
    }
    assert "docs/evidence.md" in str(caught.value)


def test_what_needs_data_says_so() -> None:
    with pytest.raises(ArgumentError, match=r"data is required. Give data, a folder"):
        evidence(permutations=50)
    with pytest.raises(ArgumentError, match="M99"):
        evidence(only=["M99"])
    with pytest.raises(DataError, match="must be a folder"):
        evidence(data="no-such-folder")


def test_a_protocol_that_was_changed_is_refused() -> None:
    with pytest.raises(DataError, match="under which it was fixed before outcomes were joined"):
        read_protocol(b"version: 1\n")


def test_the_first_protocol_is_named_and_every_departure_is_dated() -> None:
    assert FIRST_HASH != HASH
    assert protocol().amendments
    assert all(a.date and a.because and a.seen for a in protocol().amendments)


def test_the_table_that_ships_was_made_under_this_protocol() -> None:
    table = evidence_table()
    assert (table["protocol"]["sha256"], table["protocol"]["first_sha256"]) == (HASH, FIRST_HASH)
    assert [row["id"] for row in table["rows"]] == [row.id for row in protocol().rows]
    assert table["permutations"] == protocol().permutations
    assert [s["file"] for s in table["sources"]] == [s.name for s in SOURCES]


def test_the_table_that_ships_was_made_by_this_code() -> None:
    """Else each reader is told that it was not: `detente evidence --data DIR --out out/evidence` makes it again."""
    assert evidence().of_this_code


def test_the_table_that_ships_has_the_fields_that_the_code_writes(result: Evidence) -> None:
    def fields(value: object) -> object:
        return sorted(value) if isinstance(value, dict) else None

    shipped, made = evidence_table(), result.value
    assert fields({k: v for k, v in shipped.items() if k != "made_by"}) == fields(made)
    full = next(row for row in made["rows"] if row["id"] == "M1")
    assert fields(next(row for row in shipped["rows"] if row["id"] == "M1")) == fields(full)
    assert sorted(shipped["rates"]) == sorted(made["rates"])
    for kind, rates in made["rates"].items():
        of = {rate["id"]: rate for rate in shipped["rates"][kind]}
        assert all(fields(rate) == fields(of[rate["id"]]) for rate in rates)


def test_text_page_and_table_hold_every_row(result: Evidence, tmp_path: Path) -> None:
    text = text_of(result)
    assert all(row.id in text for row in protocol().rows)
    assert HASH[:16] in text
    assert "Without any one rivalry" in evidence_row_text(evidence(only=["M13"]))
    assert result.to_polars().height == len(protocol().rows)
    written = write_evidence(evidence(only=["M13"]), tmp_path / "out")
    assert [path.name for path in written] == [*NAMES]
    table = json.loads((tmp_path / "out" / "evidence.json").read_text("utf-8"))
    assert table["rows"][0]["id"] == "M13"
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "Greece–Turkey" in page
    assert "no power" in page


OWN = """
extends: baseline
argument: mine
principals: [IND, PAK]
other_rivalries:
  - id: deaths and crises
    text: A deadly dispute is followed by more crises.
    sign: "+"
    units: disputes
    among: [war == 0]
    episode: [own_deaths >= 1]
    control: [own_deaths == 0]
    outcome: {measure: crises, from: 1, until: 24, as: count, after: end}
    cells: [decade]
"""


def test_a_row_of_ones_own_is_tested_and_its_principals_are_held_out(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OWN)
    found = evidence(file, data=folder, only=["deaths and crises"], permutations=40, cache=False)
    row = found.value["rows"][0]
    assert row["n_episodes"] > 10
    assert found.value["held_out"] == ["IND", "PAK"]
    with pytest.raises(ArgumentError, match="data is required"):
        evidence(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"episode": ("deaths >= 1",)}, "must be a field of disputes"),
        ({"cells": ("weather",)}, "must be a field of disputes"),
    ],
)
def test_a_row_that_names_no_field_says_which_there_are(folder: Path, change: dict, message: str) -> None:
    row = next(row for row in protocol().rows if row.id == "M1").model_copy(update=change)
    from detente.studies.evidence.build import sample_of
    from detente.studies.evidence.sources import read_sources
    from detente.studies.evidence.world import states_of

    states = states_of(read_sources(folder), protocol(), None)
    with pytest.raises(ArgumentError, match=message) as caught:
        sample_of(row, states, protocol())
    assert "own_deaths" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"event": "mediation"},
        {"control": ()},
        {"outcome": {"measure": "crises", "as": "share"}},
        {"outcome": {"measure": "crises", "from": 5, "until": 1, "as": "count"}},
        {"units": "months"},
        {"episode": ("own_deaths is high",)},
    ],
)
def test_a_row_that_contradicts_itself_is_refused(change: dict) -> None:
    given = next(row for row in protocol().rows if row.id == "M1").model_dump(by_alias=True)
    with pytest.raises(ValueError, match=r"needs|must be|should match"):
        EvidenceRow.model_validate(given | change)
