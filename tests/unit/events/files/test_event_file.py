"""Event files: what loads, what is refused and in which words, what is folded, and how files are written."""

from __future__ import annotations

import contextlib
import csv
import gzip
import itertools
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DataError, OutputError
from detente.base.input_limits import Limits
from detente.events.chronicle import Chronicle
from detente.events.files import raw_table, read_table
from detente.events.files.embedded import embedded_actors, embedded_revisions, load_embedded
from detente.events.files.event_file import load_actors, load_events, write_events
from detente.events.files.folding import fold
from detente.events.files.read_parquet import quiet
from detente.events.ontology.actors import Actor, Actors
from detente.events.provenance import Era, Provenance
from worlds import ROOT, SHARED

DATA = ROOT / "src" / "detente" / "data" / "us_iran"
LEAST = "date,source,target,action\n"
ROW = "2020-01-03,USA,IRN,ASSAULT"


def shared(path: str) -> Path:
    if not (SHARED / "data" / path).exists():
        pytest.skip(f"NOT CHECKED on the real file: {SHARED / 'data' / path} is not there")
    return SHARED / "data" / path


@pytest.fixture
def load(tmp_path):
    def load(content: str | bytes, name: str = "events.csv", **options) -> Chronicle:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_events(path, **options)

    return load


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(load, *arguments, **options) -> list[str]:
    with pytest.raises(DataError) as error:
        load(*arguments, **options)
    return [str(fault) for fault in error.value.faults]


# --- the embedded chronicle ------------------------------------------------------------------------------------------


def test_embedded_figures():
    chronicle = load_embedded("us-iran")
    assert chronicle.provenance == Provenance("us-iran", rows_read=1197, mutual_folded=118)
    assert chronicle.acts == 1079
    assert chronicle.scheme == "detente"
    assert chronicle.window == Window(date(1951, 5, 1), date(2026, 7, 5))
    assert [(e.start, e.known_from) for e in chronicle.eras] == [
        (date(year, 1, 1), date(year + 1, 1, 1)) for year in (1979, 2000, 2017, 2025)
    ]
    assert dict(chronicle.count_by("class").rows()) == {
        "force": 262 + 36,  # the second numbers: rows of the revision
        "verbal-conflict": 212 + 1,
        "pressure": 175 + 1,
        "verbal-cooperation": 137 - 2 + 1,
        "material-cooperation": 130 - 2 + 10,
        "joint": 102 + 2 + 14,
    }
    assert chronicle.events["mutual"].sum() == 104 + 14
    added = embedded_revisions("us-iran").filter(pl.col("change") == "added")
    assert added.height == 36 + 1 + 1 + 1 + 10 + 2 * 14
    assert load_embedded("us-iran@first").events["fatalities"].sum() == 2691
    # added: Buckley, Mykonos, AMIA, Mughniyeh, the Green Zone, scientists, Wasit, Burgas, Quneitra and 2024-25
    new = 1 + 4 + 85 + 1 + 15 + (1 + 1 + 1 + 2) + 3 + 5 + (1 + 6) + (1 + 6 + 1)
    # tolls corrected: Beirut twice, Mecca, the Iran Ajr, 2020 twice, two drowned, the consulate, Haniyeh
    assert chronicle.events["fatalities"].sum() == 2691 + new - 46 + 2 - 127 + 5 - 5 - 1 + 2 - 8 + 2
    assert chronicle.filter(between=("USA", "IRN")).acts > 500


def test_embedded_rows_point_at_lines_of_the_file():
    lines = (DATA / "events.csv").read_text(encoding="utf-8").splitlines()
    for row, day, summary in load_embedded("us-iran").events.select("row", "date", "summary").iter_rows():
        assert lines[row - 1].startswith(day.isoformat())
        assert summary in lines[row - 1].replace('""', '"')


def test_the_two_pairs_of_other_actions_become_joint():
    others = (
        load_embedded("us-iran")
        .filter(class_="joint")
        .events.filter(~pl.col("action").is_in(["AGREE", "CONSULT"]))
    )
    assert others.select("date", "action").rows() == [
        (date(2001, 12, 5), "COOPERATE"),
        (date(2026, 4, 18), "SUPPORT"),
    ]


def test_embedded_intensities():
    events = load_embedded("us-iran").events
    means = events.group_by("action", "class").agg(pl.col("intensity").unique())
    by_act = {(action, class_): values for action, class_, values in means.iter_rows()}
    assert by_act["YIELD", "verbal-cooperation"] == [4.5]
    assert by_act["YIELD", "material-cooperation"] == [6.5]
    assert by_act["SANCTION", "pressure"] == [-7.0]
    assert by_act["ASSAULT", "force"] == [-9.0]
    assert events["intensity"].null_count() == 0


def test_the_first_state_of_the_embedded_data_is_what_was_handed_over():
    first = load_embedded("us-iran@first")
    path = shared("us_iran/events.csv")
    again = load_events(path, codebook="detente", window=first.window, eras=first.eras)
    assert again.digest == first.digest


def test_embedded_actors():
    actors = embedded_actors("us-iran")
    assert len(actors) == 49
    assert actors["YEM-HOU"].patron == "IRN"
    assert actors["SUN"].iso3 == "SUN"
    assert {a.code for a in actors if a.kind == "state"} == {a.code for a in actors if a.iso3}
    assert len(actors.clients_of("IRN")) == 10


def test_an_event_file_named_as_a_rivalry_is_told_where_it_goes():
    with pytest.raises(DataError, match="use your own events give events"):
        load_embedded("kashmir.csv")


@pytest.mark.parametrize("name", ["us-irak", "../us_iran", ""])
def test_an_unknown_embedded_chronicle_is_refused(name):
    for call in (load_embedded, embedded_actors):
        with pytest.raises(DataError, match="rivalry must be one of us-iran"):
            call(name)


# --- what loads ------------------------------------------------------------------------------------------------------


def test_the_least_a_file_needs(load):
    chronicle = load(LEAST + ROW + "\n2020-02-01,IRN,USA,THREATEN\n")
    assert chronicle.window == Window(date(2020, 1, 3), date(2020, 2, 2))
    assert chronicle.events.select("source", "class", "intensity", "precision", "row").rows() == [
        ("USA", "force", -9.0, "day", 2),
        ("IRN", "verbal-conflict", -3.5, "day", 3),
    ]
    assert chronicle.provenance == Provenance("events.csv", rows_read=2, window_declared=False)


def test_rows_are_sorted_by_date_and_stay_in_order_within_a_day(load):
    chronicle = load(LEAST + "2020-02-01,A,B,AID\n2020-01-01,Z,B,AID\n2020-01-01,C,B,AID\n")
    assert chronicle.events["source"].to_list() == ["Z", "C", "A"]
    assert chronicle.events["row"].to_list() == [3, 4, 2]


def test_a_declared_window_and_eras(load):
    eras = [Era(date(2020, 1, 2), date(2020, 1, 4))]
    window = Window(date(2020, 1, 1), date(2020, 2, 1))
    chronicle = load(LEAST + ROW, window=window, eras=eras)
    assert chronicle.window == window
    assert chronicle.eras == tuple(eras)
    assert chronicle.provenance.window_declared
    narrow = Window(date(2020, 1, 1), date(2020, 1, 3))
    (fault,) = refused(load, LEAST + ROW, window=narrow)
    assert fault == (
        "date must be within 2020-01-01 to 2020-01-02, got 2020-01-03 (events.csv:2). "
        "Declare a longer window, or remove the row."
    )


def test_space_bom_blank_lines_and_quotes_are_read_as_people_mean_them(load):
    text = "\ufeffdate, source ,target,action,summary\r\n\r\n"
    text += ' 2020-01-03 ,"USA", IRN,ASSAULT,"He said ""no"",\nand left"\r\n'
    (row,) = load(text).events.select("source", "target", "summary", "row").rows()
    assert row == ("USA", "IRN", 'He said "no",\nand left', 3)


def test_lines_are_counted_where_fields_hold_line_breaks(load):
    text = LEAST.replace("\n", ",summary\n") + f'{ROW},"one\ntwo\nthree"\n{ROW},x\n2020-01-04,USA,IRN,BAD,\n'
    assert "(events.csv:6)" in refused(load, text)[0]


def test_empty_fields_are_null_and_empty_deaths_are_not_zero(load):
    text = "date,source,target,action,fatalities,mode,issue\n2020-01-03,A,B,ASSAULT,, ,x\n2020-01-03,A,B,ASSAULT,0,,\n"
    rows = load(text).events.select("fatalities", "mode", "issue").rows()
    assert rows == [(None, None, "x"), (0, None, None)]


def test_other_columns_are_left_out_and_named(load):
    chronicle = load(
        "date,source,target,action,Weather,row,cameo\n2020-01-03,A,B,AID,fine,9,070\n", codebook="detente"
    )
    assert chronicle.provenance.columns_left_out == ("Weather", "row", "cameo")
    assert chronicle.events["row"].to_list() == [2]


def test_a_class_column_rules(load):
    chronicle = load(
        "date,source,target,action,class\n2020-01-03,A,B,REJECT,pressure\n2020-01-03,A,B,REJECT,\n"
    )
    assert chronicle.events["class"].to_list() == ["pressure", "verbal-conflict"]
    chronicle = load(
        "date,source,target,cameo,class\n2020-01-03,A,B,016,verbal-conflict\n2020-01-03,A,B,016,\n"
    )
    assert chronicle.events["class"].to_list() == ["verbal-conflict", "verbal-cooperation"]


def test_an_intensity_column_rules_where_it_is_filled(load):
    chronicle = load("date,source,target,action,intensity\n2020-01-03,A,B,AID,-1e-1\n2020-01-04,A,B,AID,\n")
    assert chronicle.events["intensity"].to_list() == [-0.1, 10.0]


@pytest.mark.parametrize("name", ["e.csv.gz", "e.gz", "E.CSV.GZ"])
def test_packed_files(load, name):
    assert load(gzip.compress((LEAST + ROW).encode()), name).acts == 1


# --- codebooks -------------------------------------------------------------------------------------------------------

CODED = "date,source,target,{}\n2020-01-03,A,B,{}\n"


def test_a_bare_code_column_needs_a_codebook(load):
    (fault,) = refused(load, CODED.format("code", "036"))
    assert fault == (
        "codebook is required for a column code (events.csv). "
        "Give codebook as one of detente, plover, cameo, weis."
    )


@pytest.mark.parametrize(
    ("codebook", "code", "action", "class_", "intensity", "scheme"),
    [
        ("detente", "SANCTION", "SANCTION", "pressure", -7.0, "detente"),
        ("plover", "SANCTION", "SANCTION", "pressure", -6.0, "detente"),
        ("plover", "RETREAT", "RETREAT", "material-cooperation", 6.5, "detente"),
        ("cameo", "036", "AGREE", "verbal-cooperation", 4.0, "quad"),
        ("cameo", "0874", "RETREAT", "material-cooperation", 10.0, "quad"),
        ("weis", "036", "CONSULT", "verbal-cooperation", 1.0, "quad"),
        ("weis", "223", "ASSAULT", "material-conflict", -10.0, "quad"),
    ],
)
def test_a_code_reads_as_its_codebook_says(load, codebook, code, action, class_, intensity, scheme):
    chronicle = load(CODED.format("code", code), codebook=codebook)
    assert chronicle.events.select("action", "code", "class", "intensity").row(0) == (
        action,
        code,
        class_,
        intensity,
    )
    assert (chronicle.scheme, chronicle.codebook) == (scheme, codebook)


def test_a_cameo_column_says_its_codebook(load):
    chronicle = load(CODED.format("cameo", "163"))
    assert chronicle.events.select("action", "code", "class").row(0) == ("COERCE", "163", "material-conflict")


def test_plover_economic_sanctions_are_pressure(load):
    chronicle = load("date,source,target,action,mode\n2020-01-03,A,B,COERCE,restrict\n", codebook="plover")
    assert chronicle.events.select("class", "intensity").row(0) == ("pressure", -7.0)


def test_weis_codes_without_a_weight_are_told(load):
    rows = "2020-01-03,A,B,229\n2020-01-04,A,B,130\n2020-01-05,A,B,223\n"
    chronicle = load("date,source,target,code\n" + rows, codebook="weis")
    assert chronicle.provenance.codes_filled == ("229", "130")
    assert chronicle.known_at(date(2020, 1, 4)).provenance.codes_filled == ("229",)


@pytest.mark.parametrize(
    ("columns", "codebook", "message"),
    [
        ("action", "cameo", "codebook cameo needs a column cameo or code, got action"),
        ("action", "weis", "codebook weis needs a column code, got action"),
        ("cameo", "weis", "codebook weis needs a column code, got cameo"),
        ("cameo", "detente", "codebook detente needs a column action or code, got cameo"),
        (
            "action",
            "cammeo",
            "codebook must be one of detente, plover, cameo, weis, got cammeo. Did you mean cameo?",
        ),
        ("action,cameo", None, "codebook cannot be inferred from both action and cameo"),
        ("code,cameo", None, "CAMEO codes must be in one column, cameo or code, not in both"),
        ("code,cameo", "cameo", "CAMEO codes must be in one column"),
        ("deed", None, "action, cameo or code must be a column of an event file"),
    ],
)
def test_a_codebook_that_contradicts_the_columns_is_refused(load, columns, codebook, message):
    values = ",".join("036" for _ in columns.split(","))
    faults = refused(load, f"date,source,target,{columns}\n2020-01-03,A,B,{values}\n", codebook=codebook)
    assert faults[0].startswith(message)


def test_a_file_may_name_its_codebook(load):
    text = "date,source,target,code,codebook\n2020-01-03,A,B,223,weis\n"
    assert load(text).codebook == "weis"
    assert load(text, codebook="weis").codebook == "weis"
    assert refused(load, text, codebook="cameo")[0].startswith(
        "codebook must be what the file's column codebook says"
    )
    assert refused(load, text + "2020-01-03,A,B,223,\n")[0].startswith(
        "column codebook must hold the same one of"
    )
    assert refused(load, text.replace("weis", "wies"))[0].startswith(
        "column codebook must hold the same one of"
    )


def test_an_action_must_be_that_of_its_code(load):
    text = "date,source,target,code,action\n2020-01-03,A,B,036,{}\n"
    assert load(text.format("AGREE"), codebook="cameo").acts == 1
    assert refused(load, text.format("ASSAULT"), codebook="cameo") == [
        "action must be the action of its code, got ASSAULT (events.csv:2). Try AGREE, or leave the column action out."
    ]


def test_domestic_acts_of_machines_are_left_out_and_those_of_people_are_faults(load):
    chronicle = load("date,source,target,cameo\n2020-01-03,A,A,036\n2020-01-03,A,B,036\n")
    assert (chronicle.acts, chronicle.provenance.domestic) == (1, 1)
    assert refused(load, LEAST + "2020-01-03,A,A,AID\n")[0].startswith(
        "target must differ from the source, got A"
    )
    assert refused(load, "date,source,target,cameo\n2020-01-03,A,A,036\n") == [
        "file must hold at least one act between two actors (events.csv)."
    ]


# --- what is refused -------------------------------------------------------------------------------------------------

FULL = "date,source,target,action,precision,class,fatalities,confidence,victim_rank,intensity,mutual\n"


def full(**fields: str) -> str:
    row = {"date": "2020-01-03", "source": "A", "target": "B", "action": "AID"} | fields
    return FULL + ",".join(row.get(name, "") for name in FULL.strip().split(",")) + "\n"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"date": ""}, "date is required (events.csv:2). Fill it in, or remove the row."),
        ({"date": "2020-02-30"}, "date must be an existing day written YYYY-MM-DD, got 2020-02-30 (events.csv:2)."),
        ({"date": "03/01/2020"}, "date must be an existing day written YYYY-MM-DD, got 03/01/2020"),
        ({"date": "2020-1-3"}, "date must be an existing day written YYYY-MM-DD, got 2020-1-3"),
        ({"date": "2020-01-03T00:00"}, "date must be an existing day"),
        ({"date": "２０２０-01-03"}, "date must be an existing day written YYYY-MM-DD, got ２０２０-01-03"),
        ({"date": "0000-01-01"}, "date must be in the years 0001 to 9998, got 0000-01-01"),
        ({"date": "9999-12-31"}, "date must be in the years 0001 to 9998, got 9999-12-31"),
        ({"date": "10000-01-01"}, "date must be an existing day"),
        ({"source": " "}, "source is required"),
        ({"target": ""}, "target is required"),
        ({"target": "A"}, "target must differ from the source, got A"),
        ({"action": ""}, "action is required"),
        (
            {"action": "AIDE"},
            "action must be one of the 15 actions of codebook detente, got AIDE (events.csv:2). Did you mean AID?",
        ),
        (
            {"action": "RETREAT"},
            "action must be one of the 15 actions of codebook detente, got RETREAT (events.csv:2). In this codebook",
        ),
        ({"class": "presure"}, "class must be a class of scheme detente, got presure (events.csv:2). Did you mean"),
        ({"class": "material-conflict"}, "class must be a class of scheme detente, got material-conflict"),
        ({"precision": "weekly"}, "precision must be one of day, month, year, got weekly"),
        ({"precision": "years"}, "precision must be one of day, month, year, got years (events.csv:2). Did you mean"),
        ({"confidence": "hgih"}, "confidence must be one of high, medium, low, got hgih (events.csv:2). Did you"),
        ({"victim_rank": "private"}, "victim_rank must be one of leader, senior, officer, got private"),
        (
            {"fatalities": "-3"},
            "fatalities must be a whole number from 0 to 10,000,000, got -3 (events.csv:2). Leave it empty",
        ),
        ({"fatalities": "2.5"}, "fatalities must be a whole number"),
        ({"fatalities": "3.0"}, "fatalities must be a whole number"),
        ({"fatalities": "some"}, "fatalities must be a whole number"),
        ({"fatalities": "３"}, "fatalities must be a whole number"),
        ({"fatalities": "1_0"}, "fatalities must be a whole number"),
        ({"fatalities": "10000001"}, "fatalities must be a whole number"),
        ({"fatalities": "9" * 40}, "fatalities must be a whole number"),
        ({"intensity": "inf"}, "intensity must be a number"),
        ({"intensity": "10.5"}, "intensity must be a number"),
        ({"mutual": "yes"}, "mutual must be one of true, false, got yes"),
        ({"mutual": "true", "class": "force"}, "mutual must go with class joint, got true"),
        ({"mutual": "false", "class": "joint"}, "mutual must go with class joint, got false"),
        ({"source": "U\x9b31mA"}, "source must not hold control characters, got U\\x9b31mA"),
        ({"source": "U\x1b[31mA"}, "source must not hold control characters, got U\\x1b[31mA"),
    ],
)  # fmt: skip
def test_faulty_fields_are_told_with_file_line_value_and_what_to_try(load, fields, message):
    faults = refused(load, full(**fields))
    assert len(faults) == 1
    assert faults[0].startswith(message)
    assert "(events.csv:2)" in faults[0]


def test_the_bounds_themselves_are_good(load):
    for fields in (
        {"date": "0001-01-01"},
        {"date": "9998-12-31", "precision": "year"},
        {"fatalities": "10000000"},
    ):
        chronicle = load(full(**fields))
        assert chronicle.acts == 1
        chronicle.known_at(date(9999, 6, 1))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "file must not be empty (events.csv). Begin it with date,source,target,action."),
        (b"\xef\xbb\xbf", "file must have a header"),
        ("\n\n\n", "file must have a header (events.csv)"),
        (LEAST, "file must hold at least one event (events.csv). Add a row below the header."),
        ("date,source,target,action,action\n", "header must name each column once, got action (events.csv:1)"),
        ("date,source,target,action, action\n", "header must name each column once, got action"),
        ("date,source,target,action,\n", "header must name every column; column 5 has no name"),
        ("date,sou\x1brce,target,action\n", "header must hold printable names, got sou\\x1brce"),
        ("date;source;target;action\n" + ROW, "fields must be separated by commas, got date;source;target;action"),
        ("date\tsource\n", "fields must be separated by commas"),
        ("day,source,target,action\n", "date must be a column of an event file (events.csv). Import it with columns"),
        ("date,sources,target,action\n", "source must be a column of an event file (events.csv). Rename sources."),
        (
            LEAST + "2020-01-03,USA,IRN\n",
            "row must have 4 fields, got 3 (events.csv:2). Put fields that hold commas in",
        ),
        (LEAST + "2020-01-03,USA,IRN,AID,more\n", "row must have 4 fields, got 5 (events.csv:2)"),
        (LEAST + '2020-01-03,"USA,IRN,AID\n', "row must be well-formed CSV: unexpected end of data (events.csv:2)"),
        (LEAST + '2020-01-03,"USA"x,IRN,AID\n', "row must be well-formed CSV"),
        (LEAST + ROW + "\n2020-01-03,U\0A,IRN,AID\n", "file must not hold NUL bytes (events.csv:3)"),
        (
            LEAST.encode() + "2020-01-03,Ägypten,IRN,AID\n".encode("latin-1"),
            "file must be UTF-8 text, got 0xc4 (events.csv:2)",
        ),
        ((LEAST + ROW).encode("utf-16"), "file must be UTF-8 text, got 0xff (events.csv:1)"),
        (
            gzip.compress(LEAST.encode()),
            "file must be UTF-8 text, got 0x8b (events.csv:1). It is packed: name it .csv.gz.",
        ),
        (
            LEAST + "2020-01-03,USA,IRN," + "x" * 200_000,
            "row must be well-formed CSV: field larger than field limit",
        ),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_files_that_are_no_such_table(load, content, message):
    assert refused(load, content)[0].startswith(message)
    # Leaving rows out mends a row, never a file.
    mended = "file must hold at least one act" if message.startswith("row must have 4") else message
    assert refused(load, content, skip_bad=True)[0].startswith(mended)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("e.csv.gz", LEAST.encode(), "file must be gzip, as its name says: Not a gzipped file"),
        ("e.csv.gz", gzip.compress(LEAST.encode() * 99)[:-9], "file must be gzip, as its name says"),
        ("e.csv.gz", gzip.compress(b""), "file must not be empty"),
        ("e.parquet", LEAST.encode(), "file must be Parquet, as its name says"),
        ("e.parquet", b"PAR1" + b"\0" * 40 + b"PAR1", "file must be Parquet, as its name says"),
        (
            "e.xlsx",
            b"PK",
            "file must end in .csv, .csv.gz, .gz or .parquet (e.xlsx). Save it as CSV with commas.",
        ),
    ],
    ids=itertools.count(),
)
def test_files_that_are_not_what_their_name_says(load, name, content, message):
    assert refused(load, content, name)[0].startswith(message)


def test_folders_devices_and_files_that_are_not_there(tmp_path):
    for path, message in [
        (tmp_path, "file must be a file, not a folder"),
        (tmp_path / "none.csv", r"file does not exist \(.*none.csv"),
        ("/dev/null", "file must be a file, not a folder, a pipe or a device"),
        ("a\0b.csv", r"file cannot be read: embedded null byte \(a"),
        ("x" * 5000 + ".csv", "file cannot be read"),
    ]:
        with pytest.raises(DataError, match=message):
            load_events(path)


def test_a_small_archive_that_unpacks_to_too_much_is_refused(load, monkeypatch):
    assert refused(load, gzip.compress(b"x" * 50_000), "bomb.csv.gz", limits=Limits(table=10_000)) == [
        "file must hold at most 10,000 bytes (bomb.csv.gz). Split it by year, or raise the limit table."
    ]
    message = "file must unpack to at most 1,000,000 bytes, 100 times its packed size (bomb.csv.gz). If this is meant, "
    assert refused(load, gzip.compress(b"x" * 5_000_000), "bomb.csv.gz") == [
        f"{message}raise the limit ratio."
    ]
    monkeypatch.setattr(read_table, "MAX_FIELDS", 40)
    assert refused(load, LEAST + "\n".join([ROW] * 11))[0].startswith("file must hold at most 40 fields")


def test_faults_are_told_in_the_order_of_the_file_and_counted_past_twenty(load):
    bad = "".join(f"2020-01-03,A{i},B,{'X' if i % 2 else 'AID'}\n" for i in range(100)) + "2020-13-01,A,B,X\n"
    faults = refused(load, LEAST + bad)
    assert len(faults) == raw_table.SHOWN + 1
    assert [
        f"(events.csv:{line})" in fault for fault, line in zip(faults, range(3, 43, 2), strict=False)
    ] == [True] * 20
    assert faults[-1] == "and 32 more are not shown (events.csv)."


def test_skip_bad_leaves_out_faulty_rows_and_says_so(load):
    text = LEAST + f"2020-01-03,USA\n{ROW}\n2020-02-30,USA,IRN,BAD\n"
    chronicle = load(text, skip_bad=True)
    assert chronicle.acts == 1
    told = chronicle.provenance
    assert (told.rows_read, told.skipped) == (3, 2)
    assert [fault.field for fault in told.faults] == ["row", "date", "action"]
    assert [fault.where for fault in told.faults] == ["events.csv:2", "events.csv:4", "events.csv:4"]
    assert refused(load, LEAST + "2020-02-30,USA,IRN,AID\n", skip_bad=True)[0].startswith(
        "file must hold at least one act"
    )


def test_actors_not_listed_are_refused(load):
    actors = Actors.of([Actor("USA", "United States", "state"), Actor("IRN", "Iran", "state")])
    text = (
        "date,source,target,action,fatalities_of\n2020-01-03,USA,IRN,AID,mixed\n2020-01-03,USA,IRM,AID,XX\n"
    )
    assert refused(load, text, actors=actors) == [
        "actor must be a listed actor, got IRM (events.csv:3). Did you mean IRN? If not, list it as an actor.",
        "actor must be a listed actor, got XX (events.csv:3). List it as an actor.",
    ]


def test_duplicates_must_be_fold_or_keep(load):
    assert refused(load, LEAST + ROW, duplicates="drop") == [
        "duplicates must be one of fold, keep, got drop."
    ]


# --- parquet ---------------------------------------------------------------------------------------------------------


def parquet(tmp_path: Path, frame: pl.DataFrame, **options) -> Chronicle:
    frame.write_parquet(tmp_path / "e.parquet")
    return load_events(tmp_path / "e.parquet", **options)


PLAIN = pl.DataFrame(
    {
        "date": [date(2020, 1, 3), date(2020, 1, 2)],
        "source": ["A", "A"],
        "target": ["B", "B"],
        "action": ["AID", "AGREE"],
    }
)


def test_parquet_of_several_types(tmp_path):
    more = PLAIN.with_columns(
        pl.col("action").cast(pl.Categorical),
        pl.col("source").cast(pl.Enum(["A"])),
        fatalities=pl.Series([3, None], dtype=pl.UInt8),
        intensity=pl.Series([1.5, None], dtype=pl.Float32),
        mutual=pl.Series([False, None]),
        mode=pl.lit(None),
        embedding=pl.Series([[1.0], [2.0]]),
    )
    chronicle = parquet(tmp_path, more)
    assert chronicle.events.select("date", "action", "fatalities", "intensity", "row").rows() == [
        (date(2020, 1, 2), "AGREE", None, 2.5, 2),
        (date(2020, 1, 3), "AID", 3, 1.5, 1),
    ]
    assert chronicle.provenance.columns_left_out == ("embedding",)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        (
            "date",
            [1, 2],
            "column date must hold dates, got Int64 (e.parquet). Cast it to Date, or write YYYY-MM-DD.",
        ),
        (
            "source",
            [1, 2],
            "column source must hold text, got Int64 (e.parquet). Codes are strings: a number has lost",
        ),
        ("action", [b"AID", b"AID"], "column action must hold text, got Binary"),
        ("fatalities", [1.0, 2.0], "column fatalities must hold whole numbers, got Float64"),
        ("mutual", [0, 1], "column mutual must hold true or false, got Int64"),
        ("summary", [["a"], ["b"]], "column summary must hold text, got List(String)"),
    ],
)
def test_parquet_of_wrong_types_is_refused(tmp_path, column, values, message):
    with pytest.raises(DataError) as error:
        parquet(tmp_path, PLAIN.with_columns(pl.Series(column, values)))
    assert str(error.value).startswith(message)


def test_faulty_parquet_rows_are_counted_by_row(tmp_path):
    with pytest.raises(DataError, match=r"action must be one of .*, got X \(e.parquet:row 2\)"):
        parquet(tmp_path, PLAIN.with_columns(action=pl.Series(["AID", "X"])))
    with pytest.raises(DataError, match=r"date must be in the years .* got \+12345-01-01|existing day"):
        parquet(tmp_path, PLAIN.with_columns(date=pl.Series([4_000_000, 0], dtype=pl.Int32).cast(pl.Date)))
    with pytest.raises(DataError, match="mode must not hold control characters"):
        parquet(tmp_path, PLAIN.with_columns(mode=pl.lit("a\0b")))
    with pytest.raises(DataError, match="file must hold at least one event"):
        parquet(tmp_path, PLAIN.head(0))


def test_a_broken_parquet_file_keeps_the_terminal_clean(tmp_path, capfd):
    PLAIN.with_columns(summary=pl.lit("x" * 50)).write_parquet(tmp_path / "e.parquet")
    good = (tmp_path / "e.parquet").read_bytes()
    for at in range(4, len(good) - 8, 29):
        (tmp_path / "e.parquet").write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        with contextlib.suppress(DataError):
            load_events(tmp_path / "e.parquet")
    assert capfd.readouterr() == ("", "")


def test_what_native_threads_write_is_kept_back_and_nothing_after(capfd):
    def break_off() -> None:
        with quiet():
            os.write(2, b"backtrace")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert capfd.readouterr().err == ""
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


# --- folding ---------------------------------------------------------------------------------------------------------

TALKS = "date,source,target,action,summary,fatalities,mode\n"


def talks(load, *rows: str, **options) -> Chronicle:
    return load(TALKS + "".join(row + "\n" for row in rows), **options)


def test_equal_rows_are_one_act(load):
    chronicle = load(LEAST + f"{ROW}\n{ROW}\n2020-01-03,IRN,USA,ASSAULT\n{ROW}\n")
    assert chronicle.acts == 2
    assert chronicle.provenance.duplicates_folded == 2
    assert chronicle.events["row"].to_list() == [2, 4]
    kept = load(LEAST + f"{ROW}\n{ROW}\n", duplicates="keep")
    assert (kept.acts, kept.provenance.duplicates_folded) == (2, 0)


def test_rows_that_differ_in_one_field_are_two_acts(load):
    assert talks(load, "2020-01-03,A,B,ASSAULT,x,1,", "2020-01-03,A,B,ASSAULT,x,,").acts == 2


def test_mutual_acts_are_one_joint_act_of_the_first_row(load):
    chronicle = talks(load, "2020-01-03,Z,A,CONSULT,Talks,,", "2020-01-03,A,Z,CONSULT,Talks,2,visit")
    assert chronicle.provenance.mutual_folded == 1
    columns = ("source", "target", "class", "mutual", "fatalities", "mode", "row", "intensity")
    assert chronicle.events.select(columns).rows() == [("Z", "A", "joint", True, 2, "visit", 2, 2.5)]


def test_deaths_of_a_mutual_act_come_with_whose_they_were(load):
    head = "date,source,target,action,summary,fatalities,fatalities_of\n"
    rows = "2020-01-03,A,B,AGREE,Truce,,A\n2020-01-03,B,A,AGREE,Truce,2,B\n"
    assert load(head + rows).events.select("source", "fatalities", "fatalities_of").rows() == [("A", 2, "B")]


@pytest.mark.parametrize(
    "other",
    [
        "2020-01-04,B,A,CONSULT,Talks,,",  # another day
        "2020-01-03,B,A,AGREE,Talks,,",  # another action
        "2020-01-03,B,A,CONSULT,Other talks,,",  # another summary
        "2020-01-03,C,A,CONSULT,Talks,,",  # another pair
        "2020-01-03,A,B,CONSULT,Talks,,phone",  # the same direction
    ],
)
def test_what_is_not_the_other_direction_of_the_same_act(load, other):
    chronicle = talks(load, "2020-01-03,A,B,CONSULT,Talks,,", other)
    assert chronicle.acts == 2
    assert chronicle.events["class"].to_list() == ["verbal-cooperation"] * 2
    assert not chronicle.events["mutual"].any()


def test_without_a_summary_nothing_says_that_two_acts_are_one(load):
    assert talks(load, "2020-01-03,A,B,CONSULT,,,", "2020-01-03,B,A,CONSULT,,,").acts == 2


def test_two_sides_that_fire_on_each_other_commit_two_acts(load):
    chronicle = talks(
        load, "2020-01-03,A,B,ASSAULT,Exchange of fire,,", "2020-01-03,B,A,ASSAULT,Exchange of fire,,"
    )
    assert chronicle.events["class"].to_list() == ["force", "force"]


def test_dates_of_different_precision_do_not_fold(load):
    # A row known only at the month's end would otherwise change one known the next day.
    head = "date,precision,source,target,action,summary\n"
    chronicle = load(head + "2020-01-01,day,A,B,CONSULT,Talks\n2020-01-01,month,B,A,CONSULT,Talks\n")
    assert chronicle.acts == 2


def test_a_quad_scheme_has_no_joint_acts(load):
    text = "date,source,target,cameo,summary\n2020-01-03,A,B,040,Talks\n2020-01-03,B,A,040,Talks\n"
    assert load(text).events["class"].to_list() == ["verbal-cooperation"] * 2
    text = "date,source,target,cameo,mutual\n2020-01-03,A,B,040,true\n"
    assert refused(load, text)[0].startswith(
        "mutual must be false under codebook cameo, which has no joint class"
    )


def test_several_pairs_of_one_day_fold_first_to_first(load):
    rows = [
        "2020-01-03,A,B,CONSULT,Talks,,x",
        "2020-01-03,B,A,CONSULT,Talks,,x",
        "2020-01-03,B,A,CONSULT,Talks,,y",
    ]
    chronicle = talks(load, *rows)
    assert chronicle.events.select("class", "mode", "row").rows() == [
        ("joint", "x", 2),
        ("verbal-cooperation", "y", 4),
    ]


def test_mutual_acts_that_folding_made_alike_are_one(load):
    rows = ["2020-01-03,A,B,CONSULT,Talks,,", "2020-01-03,A,B,CONSULT,Talks,,x"]
    rows += ["2020-01-03,B,A,CONSULT,Talks,,x", "2020-01-03,B,A,CONSULT,Talks,,"]
    chronicle = talks(load, *rows)
    assert chronicle.acts == 1
    told = chronicle.provenance
    assert (told.rows_read, told.mutual_folded, told.duplicates_folded) == (4, 2, 1)


def test_a_joint_row_alone_is_mutual_by_its_class(load):
    chronicle = load("date,source,target,action,class\n2020-01-03,A,B,CONSULT,joint\n")
    assert chronicle.events["mutual"].to_list() == [True]
    chronicle = load("date,source,target,action,mutual\n2020-01-03,A,B,CONSULT,true\n")
    assert chronicle.events["class"].to_list() == ["joint"]


def test_folding_the_embedded_chronicle_again_changes_nothing():
    chronicle = load_embedded("us-iran")
    again, repeated, mutual = fold(chronicle.events, "detente")
    assert (repeated, mutual) == (0, 0)
    assert again.equals(chronicle.events)


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.gz", "out.parquet"])
def test_the_embedded_chronicle_reads_back_the_same(tmp_path, name):
    chronicle = load_embedded("us-iran")
    write_events(chronicle, tmp_path / name)
    back = load_events(tmp_path / name, window=chronicle.window, eras=chronicle.eras)
    assert back.digest == chronicle.digest
    assert back.events.drop("row").equals(chronicle.events.drop("row"))
    assert (back.acts, back.provenance.mutual_folded) == (1079, 0)
    first = (tmp_path / name).read_bytes()
    if name.endswith("gz"):
        assert first[4:8] == bytes(4)  # no time of packing
    write_events(back, tmp_path / f"again-{name}")
    assert (tmp_path / f"again-{name}").read_bytes() == first
    assert names_in(tmp_path) == [f"again-{name}", name]


@pytest.mark.parametrize("codebook", ["plover", "cameo", "weis"])
@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_other_codebooks_read_back_without_being_named(load, tmp_path, codebook, name):
    code = {"plover": "RETREAT", "cameo": "0874", "weis": "223"}[codebook]
    chronicle = load(CODED.format("code", code), codebook=codebook)
    write_events(chronicle, tmp_path / name)
    back = load_events(tmp_path / name)
    assert (back.codebook, back.scheme, back.digest) == (codebook, chronicle.scheme, chronicle.digest)


def test_a_cell_like_a_formula_is_written_with_an_apostrophe_and_read_without(tmp_path):
    chronicle = load_embedded("us-iran").filter(class_="joint")
    cells = pl.Series(["=1+1", "'=1+1", "'plain", "-5", "@x", "'"])
    summary = cells.gather(pl.int_range(chronicle.events.height, eager=True) % len(cells))
    odd = replace(chronicle, events=chronicle.events.with_columns(summary=summary))
    for name in ("e.csv", "e.parquet"):
        write_events(odd, tmp_path / name)
        back = load_events(tmp_path / name, window=odd.window, eras=odd.eras)
        assert back.events["summary"].to_list() == summary.to_list()
    cells = pl.read_csv(tmp_path / "e.csv")["summary"].to_list()
    assert cells[:6] == ["'=1+1", "''=1+1", "'plain", "'-5", "'@x", "'"]
    assert pl.read_parquet(tmp_path / "e.parquet")["summary"].to_list() == summary.to_list()


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    chronicle = load_embedded("us-iran")
    for path, message in [
        (tmp_path / "none" / "e.csv", "file must be in a folder that exists"),
        (tmp_path, "file must end in"),
        (tmp_path / "e.txt", "file must end in .csv, .csv.gz, .gz or .parquet, got e.txt"),
        ("a\0b.csv", "file cannot be written: embedded null byte"),
    ]:
        with pytest.raises(OutputError, match=message):
            write_events(chronicle, path)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OutputError, match="file must be a file, not a folder"):
        write_events(chronicle, tmp_path / "folder.csv")
    (tmp_path / "folder.csv").rmdir()
    target = tmp_path / "e.csv"
    target.write_text("as it was")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="file cannot be written: No space left on device \\("):
        write_events(chronicle, target, force=True)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_events(chronicle, target, force=True)
    assert target.read_text() == "as it was"
    assert names_in(tmp_path) == ["e.csv"]


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path):
    (tmp_path / "plain").write_text("")
    write_events(load_embedded("us-iran"), tmp_path / "e.csv")
    assert (tmp_path / "e.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_leftover_of_another_run_is_not_in_the_way(tmp_path):
    leftover = tmp_path / f".e.csv.{os.getpid()}-0.tmp"
    leftover.write_text("theirs")
    write_events(load_embedded("us-iran"), tmp_path / "e.csv")
    assert leftover.read_text() == "theirs"
    assert names_in(tmp_path) == [leftover.name, "e.csv"]


# --- actors from files -----------------------------------------------------------------------------------------------


def test_actor_lists(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("code,name,type,patron\nIRN,Iran,state,\nKH,Kataib,nonstate,IRN\n")
    assert load_actors(path)["KH"].patron == "IRN"
    path.write_text("code,name,type\nIRN,Iran,state\n")
    assert load_actors(path)["IRN"].patron is None
    path.write_text("code,name\nIRN,Iran\n")
    with pytest.raises(DataError, match=r"type must be a column of a list of actors \(actors.csv\)"):
        load_actors(path)
    path.write_text("code,name,type,patron\nIRN,Iran,state,IRN\n,x,stat\n")
    with pytest.raises(DataError, match=r"row must have 4 fields, got 3 \(actors.csv:3\)"):
        load_actors(path)
    path.write_text("code,name,type,patron\nIRN,Iran,state,IRN\n,x,stat,\n")
    with pytest.raises(DataError) as error:
        load_actors(path)
    assert [fault.where for fault in error.value.faults] == ["actors.csv:3", "actors.csv:3", "actors.csv:2"]


# --- other people's files, where they are at hand --------------------------------------------------------------------


@pytest.mark.parametrize("duplicates", ["fold", "keep"])
def test_icews(duplicates):
    chronicle = load_events(shared("icews18/icews18_states.csv.gz"), duplicates=duplicates)
    assert chronicle.provenance.rows_read == 137_922
    assert chronicle.acts == {"fold": 117_576, "keep": 137_922}[duplicates]
    assert chronicle.window == Window(date(2018, 1, 1), date(2018, 11, 1))
    if duplicates == "keep":
        assert chronicle.filter(between=("USA", "IRN")).acts == 1_671


def test_keds_gulf():
    chronicle = load_events(shared("keds/gulf_weis.csv.gz"), codebook="weis")
    assert (chronicle.provenance.rows_read, chronicle.provenance.domestic) == (54_466, 359)
    assert chronicle.provenance.codes_filled == ()
    assert chronicle.filter(source="USA", target="IRN").acts == 1_604
    assert chronicle.filter(source="IRN", target="USA").acts == 1_447


def test_keds_levant_has_one_code_that_is_none():
    path = shared("keds/levant_cameo.csv.gz")
    with pytest.raises(DataError, match=r"got 0330 \(levant_cameo.csv.gz:144253\)\. Did you mean 033\?"):
        load_events(path, codebook="cameo")
    assert load_events(path, codebook="cameo", skip_bad=True).acts == 145_708


def test_a_file_that_could_be_mistaken_for_machine_codes_keeps_its_zeros(load):
    with (DATA / "events.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.reader(stream))) == 1198
    assert load(CODED.format("cameo", "010")).events["code"].to_list() == ["010"]
    (fault,) = refused(load, CODED.format("cameo", "01"))
    assert fault == (
        "code must have three or four digits, with its leading zeros, got 01 (events.csv:2). Did you mean 010?"
    )


def test_a_file_name_whose_bytes_are_no_text_is_spelled(load):
    text = "date,source,target,action\n2020-01-03,USA,IRN,ASSAULT\n"
    assert load(text, "a\udcff.csv").provenance.name == "a\\udcff.csv"
