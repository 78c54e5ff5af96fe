"""Importing: what every format says of an event, how files are read in blocks, and what is told of every row."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from datetime import date
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from detente.base.errors import DataError, OutputError
from detente.base.ownership import is_ours, made_by
from detente.events.files.event_file import load_events
from detente.events.importing import blocks, result, spool
from detente.events.importing.actor_names import ActorNames, read_names
from detente.events.importing.import_options import Options
from detente.events.importing.importer import import_events, sidecar_of
from detente.events.importing.registry import layout_registry
from detente.report.text.import_events import text_of
from worlds import SHARED

FORMATS = Path(str(resources.files("detente"))) / "data" / "formats"
FILES = {path.stem: path for path in FORMATS.iterdir() if path.suffix != ".md"}
ONE_STORY = sorted(set(FILES) - {"acled", "ucdp", "mid", "midip"})
FORMS = sorted(FILES)
PLAIN = "date,source,target,cameo\n2020-01-03,USA,IRN,190\n2020-01-08,IRN,USA,190\n"


def imported(form, text, folder, name="in.txt", **options):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_events(form, [path], folder / "out.parquet", **options)


def events(folder):
    return pl.read_parquet(folder / "out.parquet")


def lines(form):
    return FILES[form].read_text().splitlines()


# --- what the formats say --------------------------------------------------------------------------------------------

GROUPS = {"icews": ("Citizen-Sweden", "UN"), "polecat": ("Fishing-Association-of-Sweden", "UN")}
DAYS = (4, 4, 5, 5, 6, 7, 7, 9, 10)


@pytest.mark.parametrize("form", ONE_STORY)
def test_each_format_gives_the_same_acts(form, tmp_path):
    told = import_events(form, [FILES[form]], tmp_path / "out.parquet")
    civil, body = GROUPS.get(form, ("SWECVL", "IGOUNO"))
    sources = ["NOR", "SWE", "SWE", civil, "NOR", "FIN", body, "SWE", "SWE"]
    targets = ["SWE", "NOR", "NOR", "NOR", "SWE", "SWE", "NOR", "NOR", "NOR"]
    got = events(tmp_path)
    assert got["date"].to_list() == [date(2019, 3, day) for day in DAYS]
    assert got.select("source", "target").rows() == list(zip(sources, targets, strict=True))
    codes = {
        "polecat": "CONSULT CONSULT AGREE PROTEST ACCUSE COOPERATE REQUEST COERCE AID",
        "keds-weis": "031 031 081 182 121 062 093 211 071",
    }.get(form, "040 040 036 141 112 062 020 1712 071")
    assert got["action" if form == "polecat" else "code"].to_list() == codes.split()
    assert (told.rows, told.events, told.folded, told.left_out) == (12, 9, 1, {"one-sided": 1, "domestic": 1})
    assert not told.refused
    assert [str(span) for span in told.missing] == ["2019-03-08"]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_imported_loads_without_flags(form, tmp_path):
    told = import_events(form, [FILES[form]], tmp_path / "out.parquet")
    chronicle = load_events(tmp_path / "out.parquet")
    assert chronicle.codebook == told.codebook == (layout_registry()[form].codebook or "cameo")
    assert chronicle.provenance.duplicates_folded == chronicle.provenance.domestic == 0
    assert chronicle.acts + chronicle.provenance.mutual_folded == told.events


def test_gdelt_1_reads_with_and_without_addresses(tmp_path):
    short = "\n".join(line.rpartition("\t")[0] for line in lines("gdelt1")) + "\n"
    imported("gdelt1", short, tmp_path)
    old = events(tmp_path)
    import_events("gdelt1", [FILES["gdelt1"]], tmp_path / "out.parquet")
    assert events(tmp_path).equals(old)


def test_the_place_tells_events_of_one_day_apart(tmp_path):
    rows = lines("icews")
    elsewhere = rows[1].replace("Oslo\tNA\tOslo", "Bodo\tNA\tNordland").replace("90000001", "90000099")
    assert imported("icews", "\n".join([rows[0], rows[1], elsewhere, rows[1]]) + "\n", tmp_path).folded == 1
    assert events(tmp_path).height == 2


@pytest.mark.parametrize(
    ("sectors", "code"),
    [
        ("Military,Government", "NOR"),
        ("Police", "NOR"),
        ("Parties,Government Major Party (In Government)", "Some-One"),
        ("Dissident,International Government Organization", "Some-One"),
        ("NA", "Some-One"),
    ],
)
def test_sectors_of_icews_tell_officials(sectors, code, tmp_path):
    row = lines("icews")[1].split("\t")
    row[2:5] = ["Some One", sectors, "Norway"]
    imported("icews", "\n".join([lines("icews")[0], "\t".join(row)]) + "\n", tmp_path)
    assert events(tmp_path)["source"].to_list() == [code]


@pytest.mark.parametrize(
    ("code", "folds"),
    [(code, code) for code in ("USAELI", "PSEGOVHMS", "IGOUNO", "MOSREB")]
    + [("USAGOV", "USA"), ("ISRCOP", "ISR")],
)
def test_suffixes_of_keds_tell_officials(code, folds, tmp_path):
    imported("keds-cameo", f"date,source,target,code\n1990-08-02,{code},EGY,190\n", tmp_path)
    assert events(tmp_path)["source"].to_list() == [folds]


# --- the map ---------------------------------------------------------------------------------------------------------


def test_a_map_names_actors_and_leaves_some_out(tmp_path):
    names = ActorNames({"Citizen (Sweden)": "SWE", "UN": "", "Sweden": "SE", "Nobody": "X"}, "map.csv")
    told = import_events("icews", [FILES["icews"]], tmp_path / "out.parquet", options=Options(names))
    got = events(tmp_path)
    assert "Citizen-Sweden" not in got["source"]
    assert told.left_out["map"] == 1
    assert told.unmet == ("Nobody",)
    assert (told.applied["UN"], told.applied["Citizen (Sweden)"]) == (1, 1)
    assert set(got["source"]) == {"NOR", "SWE", "SE", "FIN"}


def test_a_map_is_checked(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("from,to\nA,B\nA,C\n,D\n")
    with pytest.raises(DataError) as error:
        read_names(path)
    assert [fault.where for fault in error.value.faults] == ["map.csv:3", "map.csv:4"]
    path.write_text("name,code\nA,B\n")
    with pytest.raises(DataError, match="from must be a column of a map"):
        read_names(path)


# --- files and blocks ------------------------------------------------------------------------------------------------


def packed(path, how, folder):
    data = path.read_bytes()
    if how == "gz":
        (folder / "packed.gz").write_bytes(gzip.compress(data, mtime=0))
        return folder / "packed.gz"
    with zipfile.ZipFile(folder / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", data)
    return folder / "packed.zip"


@pytest.mark.parametrize("how", ["gz", "zip"])
@pytest.mark.parametrize("form", ["icews", "gdelt2", "keds-weis"])
def test_packing_changes_nothing(form, how, tmp_path):
    import_events(form, [FILES[form]], tmp_path / "out.parquet")
    plain = events(tmp_path)
    path = packed(FILES[form], how, tmp_path)
    told = import_events(form, [path], tmp_path / "out.parquet")
    assert events(tmp_path).equals(plain)
    assert told.files[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("size", [64, 301, 1 << 24])
@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_blocks_threads_and_spans_change_nothing(size, at_once, tmp_path, monkeypatch):
    import_events("icews", [FILES["icews"]], tmp_path / "out.parquet", threads=1)
    whole = (tmp_path / "out.parquet").read_bytes()
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(spool, "_AT_ONCE", at_once)
    monkeypatch.setattr(spool, "_PIECE", at_once)
    for threads in (1, 3):
        import_events("icews", [FILES["icews"]], tmp_path / "again.parquet", threads=threads)
        again = pl.read_parquet(tmp_path / "again.parquet")
        assert again.equals(events(tmp_path))
        if at_once == 1000:
            assert (tmp_path / "again.parquet").read_bytes() == whole


def test_line_endings_blank_lines_and_a_mark_at_the_start_change_nothing(tmp_path):
    text = FILES["icews"].read_text()
    import_events("icews", [FILES["icews"]], tmp_path / "out.parquet")
    plain = events(tmp_path)
    other = b"\xef\xbb\xbf" + text.replace("\n", "\r\n\r\n").encode()
    assert imported("icews", other, tmp_path).rows == 12
    assert events(tmp_path).equals(plain)
    assert imported("icews", text.rstrip("\n"), tmp_path).refused == {}
    assert events(tmp_path).equals(plain)


def test_a_quoted_field_may_hold_commas_and_line_breaks_over_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 16)
    text = "date,source,target,cameo,summary\n2020-01-03,USA,IRN,190,plain\n"
    text += '2020-01-04,IRN,USA,112,"said, ""no""\nand left"\n'
    told = imported("csv", text + "2020-01-05,IRN,USA\n", tmp_path)
    assert events(tmp_path)["summary"].to_list() == ["plain", 'said, "no"\nand left']
    assert told.refused == {"fields": 1}
    assert told.faults[0].where == "in.txt:5"


def test_several_files_are_one(tmp_path):
    for name, day in (("a.csv", 3), ("b.csv", 4)):
        (tmp_path / name).write_text(
            f"date,source,target,code\n1990-08-0{day},IRQ,KWT,190\n1990-08-05,IRQ,KWT,190\n"
        )
    told = import_events("keds-cameo", [tmp_path / "b.csv", tmp_path / "a.csv"], tmp_path / "out.parquet")
    assert [file.rows for file in told.files] == [2, 2]
    assert (told.events, told.folded) == (3, 1)
    assert events(tmp_path)["date"].to_list() == [date(1990, 8, day) for day in (3, 4, 5)]
    (tmp_path / "c.csv").write_bytes((tmp_path / "a.csv").read_bytes())
    with pytest.raises(DataError, match="is given twice"):
        import_events("keds-cameo", [tmp_path / "a.csv", tmp_path / "c.csv"], tmp_path / "out.parquet")


def test_plain_event_files_must_have_the_same_columns(tmp_path):
    (tmp_path / "a.csv").write_text(PLAIN)
    (tmp_path / "b.csv").write_text(PLAIN.replace("cameo", "cameo,summary").replace("190", "190,x"))
    with pytest.raises(DataError, match="must have the same columns"):
        import_events("csv", [tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out.parquet")


def test_days_asked_for_are_the_days_expected(tmp_path):
    told = import_events(
        "icews",
        [FILES["icews"]],
        tmp_path / "out.parquet",
        options=Options(since=date(2019, 3, 1), until=date(2019, 3, 7)),
    )
    assert told.declared
    assert told.left_out["outside"] == 4
    assert told.window.days == 6
    assert [str(span) for span in told.missing] == ["2019-03-01 to 2019-03-03"]


def test_more_than_an_event_file_holds_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(result, "MAX_FIELDS", 40)
    told = import_events("icews", [FILES["icews"]], tmp_path / "out.parquet")
    assert told.too_many
    assert "since and until" in text_of(told)


# --- the sidecar, and nothing half-written ---------------------------------------------------------------------------


def test_the_sidecar_accounts_for_every_row_and_names_digests(tmp_path):
    out = tmp_path / "out.parquet"
    told = import_events("gdelt2", [FILES["gdelt2"]], out)
    side = json.loads(sidecar_of(out).read_text())
    assert side == {"made_by": made_by()} | told.to_dict()
    assert is_ours(out)
    assert is_ours(sidecar_of(out))
    assert side["rows"] == side["events"] + side["folded"] + sum(side["left_out"].values())
    assert side["output"]["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert side["output"]["columns"] == pl.read_parquet(out).columns
    assert not told.too_many
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet", "out.parquet.json"]


@pytest.mark.parametrize(
    ("form", "content", "message"),
    [
        ("gdelt1", FILES["gdelt2"].read_bytes(), "It looks like gdelt2"),
        ("gdelt2", FILES["gdelt1"].read_bytes(), "It looks like gdelt1"),
        ("icews", FILES["polecat"].read_bytes(), "It looks like polecat"),
        ("keds-weis", b"date,source,target,cameo\n", "code must be a column of"),
        ("icews", b"", "must not be empty"),
        ("icews", FILES["icews"].read_text().encode("utf-16"), "must be UTF-8 text"),
        ("icews", lines("icews")[0].encode() + b"\n", "none of 0 rows is kept"),
        ("icews", gzip.compress(FILES["icews"].read_bytes())[:-20], "must unpack"),
        ("csv", PLAIN.replace("IRN", '"IRN', 1).encode(), "must be well-formed CSV"),
        ("csv", b"date,source,target,code\n2020-01-03,USA,IRN,190\n", "codebook is required"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_of_its_format_leaves_everything_as_it_was(form, content, message, tmp_path):
    (tmp_path / "out.parquet").write_text("what was there")
    with pytest.raises(OutputError, match="must not be a file that detente did not write"):
        imported(form, content, tmp_path)
    with pytest.raises(DataError, match=message):
        imported(form, content, tmp_path, force=True)
    assert (tmp_path / "out.parquet").read_text() == "what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "out.parquet"]


def test_output_must_be_a_parquet_file_elsewhere(tmp_path):
    for out, message in (
        (tmp_path / "out.csv", "must end in"),
        (tmp_path / "no" / "out.parquet", "folder that exists"),
    ):
        with pytest.raises(OutputError, match=message):
            import_events("icews", [FILES["icews"]], out)
    with pytest.raises(DataError, match="does not exist"):
        import_events("icews", [tmp_path / "absent.tab"], tmp_path / "out.parquet")


def test_plain_event_files_keep_their_rules(tmp_path):
    bad = "2020-01-09,IRN,IRN,010\n2020-02-30,IRN,USA,190\n2020-01-09,IRN,USA,10\n2020-01-09,,USA,999\n"
    told = imported("csv", PLAIN + bad, tmp_path)
    assert (told.events, told.left_out) == (2, {"domestic": 1})
    assert told.refused == {"date": 1, "zeros": 1, "code": 1}
    assert "got 2020-02-30 (in.txt:5)" in text_of(told)
    plain = events(tmp_path)
    # With one more column the same rows are read by the rules of event files, and give the same events.
    longer = "".join(
        line + ("," if n else ",issue") + "\n" for n, line in enumerate((PLAIN + bad).splitlines())
    )
    told = imported("csv", longer, tmp_path)
    assert (told.events, told.left_out, told.refused) == (2, {"domestic": 1}, {"zeros": 1, "rule": 2})
    assert "2020-02-30" in text_of(told)
    assert events(tmp_path).drop("issue").equals(plain)


@pytest.mark.skipif(
    not SHARED.exists(), reason="../shared/data is not here: the real ICEWS layout is not tried"
)
def test_the_real_layout_of_icews(tmp_path):
    told = import_events(
        "icews", [SHARED / "data" / "codes" / "icews_raw_sample.tab"], tmp_path / "out.parquet"
    )
    assert (told.rows, told.refused) == (3705, {})
    assert told.rows == told.events + told.folded + sum(told.left_out.values())
    assert {"USA", "RUS", "PSE", "CIV", "VAT", "EU", "UN"} <= set(events(tmp_path)["source"])
