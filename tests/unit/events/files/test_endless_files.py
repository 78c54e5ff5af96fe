"""Event files that never end, bombs, and text that is no actor's code."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DataError
from detente.base.input_limits import Limits
from detente.base.spreadsheet import prefixed
from detente.events.files import read_parquet
from detente.events.files.embedded import load_embedded
from detente.events.files.event_file import load_actors, load_events, write_events
from detente.events.files.overlay import overlay
from detente.events.importing.actor_names import read_names
from detente.events.importing.blocks import Block, SourceText, quoted_rows, rows_of
from detente.events.importing.import_options import Options
from detente.events.importing.importer import import_events

HEAD = "date,source,target,action,summary\n"
ROW = "2020-01-03,USA,IRN,ASSAULT,x\n"


def endless(folder: Path, kind: str, name: str) -> Path:
    """Make something that cannot be read to its end, or not at all."""
    path = folder / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "zero":
        path.symlink_to("/dev/zero")
    elif kind == "circle":
        path.symlink_to(path)
    else:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    return path


@pytest.mark.parametrize("kind", ["pipe", "zero", "socket", "circle"])
@pytest.mark.parametrize("name", ["e.csv", "e.csv.gz", "e.parquet"])
def test_no_reader_opens_what_never_ends(tmp_path: Path, kind: str, name: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = endless(tmp_path, kind, name)
    told = "cannot be read" if kind == "circle" else "must be a file, not a folder, a pipe or a device"
    for read in (load_events, load_actors, read_names, lambda file: overlay(load_embedded("us-iran"), file)):
        with pytest.raises(DataError, match=told):
            read(path)
    with pytest.raises(DataError, match=told):
        import_events("csv", [path], tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def lying_gzip(size: int) -> bytes:
    """Return a gzip file whose trailer says that it unpacks to one byte."""
    whole = gzip.compress(bytes(size))
    return whole[:-4] + struct.pack("<I", 1)


@pytest.mark.parametrize("make", [lambda: gzip.compress(bytes(40_000_000)), lambda: lying_gzip(40_000_000)])
def test_a_gzip_bomb_is_refused_by_readers_and_by_the_importer(tmp_path: Path, make) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(make())
    with pytest.raises(DataError, match=r"must unpack to at most .* bytes, 100 times its packed size"):
        load_events(path)
    with pytest.raises(DataError, match=r"must unpack to at most .* bytes, 100 times its packed size"):
        import_events("csv", [path], tmp_path / "out.parquet")
    with pytest.raises(DataError, match="at most 30,000,000 bytes"):
        load_events(path, limits=Limits(ratio=2_000, table=30_000_000))
    with pytest.raises(DataError, match="at most 30,000,000 bytes"):
        import_events("csv", [path], tmp_path / "out.parquet", limits=Limits(ratio=2_000, file=30_000_000))


def test_a_bomb_is_refused_at_its_beginning_and_little_of_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(
        lying_gzip(60_000_000) + gzip.compress(os.urandom(600_000))
    )  # 91 times as much as a whole
    tracemalloc.start()
    with pytest.raises(DataError, match="100 times its packed size"):
        load_events(path)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    with pytest.raises(DataError, match="100 times its packed size"):
        import_events("csv", [path], tmp_path / "out.parquet")


def test_a_gzip_file_is_read_whatever_its_parts_say(tmp_path: Path) -> None:
    path = tmp_path / "e.csv.gz"
    path.write_bytes(gzip.compress(HEAD.encode()) + gzip.compress(ROW.encode()) + bytes(8))
    assert load_events(path).acts == 1
    path.write_bytes(b"no gzip" + b"\xff" * 4)
    with pytest.raises(DataError, match="gzip"):
        load_events(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("e.csv", b"\n" * 50_000_000)
    with pytest.raises(DataError, match="100 times its packed size"):
        import_events("csv", [path], tmp_path / "out.parquet")
    with pytest.raises(DataError, match=r"at most 30,000,000 bytes.*raise the limit file"):
        import_events("csv", [path], tmp_path / "out.parquet", limits=Limits(ratio=2_000, file=30_000_000))


def test_faulty_rows_are_counted_and_only_the_first_are_kept() -> None:
    text = SourceText("e.csv", ("a", "b"), ("a", "b"))
    rows = rows_of(Block(b"a\n" * 100_000 + b"1,2\n", 2), text)
    assert (rows.frame.height, rows.bad.why, len(rows.bad.shown)) == (1, {"fields": 100_000}, 3)
    parts = list(quoted_rows([Block(b'"a"\n' * 120_000, 2)], text))
    assert [(part.bad.why["fields"], len(part.bad.shown)) for part in parts] == [
        (50_000, 3),
        (50_000, 3),
        (20_000, 3),
    ]


def test_parquet_of_too_many_rows_is_refused_before_they_are_read(tmp_path: Path, monkeypatch) -> None:
    rows = pl.DataFrame({"date": [date(2020, 1, 3)], "source": ["USA"], "target": ["IRN"], "action": ["AID"]})
    path = tmp_path / "e.parquet"
    pl.concat([rows] * 1_000).write_parquet(path)
    assert load_events(path).acts == 1
    asked = []
    read = pl.read_parquet
    monkeypatch.setattr(pl, "read_parquet", lambda *a, **o: asked.append(o["n_rows"]) or read(*a, **o))
    monkeypatch.setattr(read_parquet, "MAX_FIELDS", 400)
    with pytest.raises(DataError, match="at most 400 fields"):
        load_events(path)
    assert asked == [0]


def test_a_line_that_is_no_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("," * 2_000_000)
    with pytest.raises(DataError, match=r"must have lines of at most 1,000,000 characters \(wide.csv:1\)"):
        load_events(path)


def test_windows_of_more_than_200_years_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(HEAD + ROW * 2 + ROW.replace("2020", "9020") * 2)
    told = "window must not be longer than 200 years, got 2020-01-03, 9020-01-04"
    with pytest.raises(DataError, match=told):
        load_events(path, whole=True)
    assert load_events(path, limits=Limits(window=8_000), duplicates="keep", whole=True).acts == 4
    with pytest.raises(DataError, match="must not be longer than 200 years"):
        import_events("csv", [path], tmp_path / "out.parquet", options=Options(codebook="detente"))
    with pytest.raises(DataError, match="since and until must not be longer"):
        import_events(
            "csv",
            [path],
            tmp_path / "out.parquet",
            options=Options(since=date(1, 1, 1), until=date(2020, 1, 1)),
        )
    path.write_text(HEAD + ROW)
    with pytest.raises(DataError, match="must not be longer"):
        load_events(path, window=Window(date(1, 1, 1), date(2021, 1, 1)))
    with pytest.raises(DataError, match="must not be longer"):
        overlay(load_embedded("us-iran"), path, until=date(9000, 1, 1))


ODD = ["<script>", "=cmd|A1", "'=cmd|A1", "+A", "-A", "@A", "A B", "../A", "A;B", '"A"', "_A", "A" * 201]


@pytest.mark.parametrize("code", ODD)
def test_an_actor_that_is_no_code_is_refused_and_can_be_skipped(tmp_path: Path, code: str) -> None:
    path = tmp_path / "e.csv"
    written = '"' + code.replace('"', '""') + '"'
    path.write_text(HEAD + ROW + ROW.replace("IRN", written))
    with pytest.raises(DataError, match="target must be a code of at most 200 letters, digits and") as caught:
        load_events(path)
    assert caught.value.faults[0].where == "e.csv:3"
    kept = load_events(path, skip_bad=True)
    assert (kept.acts, kept.provenance.skipped) == (1, 1)
    told = import_events("csv", [path], tmp_path / "out.parquet", options=Options(codebook="detente"))
    assert (told.events, told.to_dict()["refused"]) == (1, {"rule": 1})


@pytest.mark.parametrize(
    "code", ["P5+1", "AT&T", "Cote-d'Ivoire", "U.S.", "LBN-HEZ", "日本", "São-Tomé", "3M", "A_B"]
)
def test_codes_of_letters_digits_and_signs_are_read(tmp_path: Path, code: str) -> None:
    path = tmp_path / "e.csv"
    path.write_text(HEAD + ROW.replace("IRN", code), encoding="utf-8")
    assert load_events(path).events["target"].to_list() == [code]


def test_machine_coded_actors_that_are_no_codes_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "keds.csv"
    path.write_text("date,source,target,code\n1990-08-02,IRQ,KWT,190\n1990-08-02,<b>,KWT,190\n")
    told = import_events("keds-cameo", [path], tmp_path / "out.parquet")
    assert (told.events, told.to_dict()["refused"]) == (1, {"actor": 1})


def test_the_apostrophe_of_spreadsheets_comes_off_and_data_never_get_one(tmp_path: Path) -> None:
    texts = ["=1+1", "+5", "-5", "@x", "'=1", "'quoted'", "plain"]
    rows = [
        ROW.replace(",x\n", f',"{prefixed(text)}"\n').replace("-03", f"-{i + 3:02}")
        for i, text in enumerate(texts)
    ]
    path = tmp_path / "e.csv"
    path.write_text(HEAD + "".join(rows))
    read = load_events(path)
    assert read.events["summary"].to_list() == texts
    import_events("csv", [path], tmp_path / "out.parquet", options=Options(codebook="detente"))
    assert pl.read_parquet(tmp_path / "out.parquet")["summary"].to_list() == texts
    write_events(read, tmp_path / "again.parquet")
    assert load_events(tmp_path / "again.parquet").digest == read.digest
    assert pl.read_parquet(tmp_path / "again.parquet")["summary"].to_list() == texts
