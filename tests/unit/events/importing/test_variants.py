"""Files of one family that differ: names of columns, headers, words for days, archives and workbooks."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from detente.base.errors import DataError
from detente.events.files.event_file import load_events
from detente.events.importing.import_options import Options, columns_given
from detente.events.importing.importer import import_events
from detente.events.importing.recognise import formats_seen
from event_cases import CASES, plain, tabbed

OURS = {case.name: case for case in CASES if case.form != "check" and not case.options}


def imported(
    form: str, text: str | bytes, folder: Path, options: Options | None = None, name: str = "in.txt"
):
    """Return what was told and the events of a text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    told = import_events(form, [path], folder / "out.parquet", options=options, threads=1)
    return told, pl.read_parquet(folder / "out.parquet")


TERRIER = {
    "code": "042",
    "root_code": "04",
    "quad_class": "1",
    "goldstein": 1.9,
    "date8": "20180502",
    "source": "FINGOV",
    "source_root": "FIN",
    "source_agent": "GOV",
    "source_others": "",
    "target": "DNKMIL",
    "target_root": "DNK",
    "target_agent": "MIL",
    "target_others": None,
}
OTHERWISE = {"source_root": "src_actor", "source_agent": "src_agent"} | {
    "target_root": "tgt_actor",
    "target_agent": "tgt_agent",
}


@pytest.mark.parametrize("names", [{}, OTHERWISE], ids=["as in the table", "as in interfaces"])
def test_terrier_comes_as_json_lines(names: dict[str, str], tmp_path: Path) -> None:
    def line(**more: object) -> str:
        return json.dumps({names.get(key, key): value for key, value in (TERRIER | more).items()})

    text = "\n".join(
        [
            line(geo={"lat": 1}),
            line(date8=20180503, code=42, root_code=4),
            line(source=None),
            line(target=["DNK"]),
            "{",
            "",
            line(date8="20180504").replace("FINGOV", "SWEGOV").replace('"FIN"', '"SWE"'),
        ]
    )
    told, events = imported("terrier", text, tmp_path)
    assert [tuple(map(str, row)) for row in events.select("date", "source", "target", "code").rows()] == [
        ("2018-05-02", "FIN", "DNK", "042"),
        ("2018-05-03", "FIN", "DNK", "042"),
        ("2018-05-04", "SWE", "DNK", "042"),
    ]
    assert (told.rows, dict(told.refused), dict(told.left_out)) == (6, {"fields": 2}, {"one-sided": 1})
    assert [fault.where for fault in told.faults] == ["in.txt:4", "in.txt:5"]
    assert told.notes["unfinished"] == 1
    assert [layout.name for layout in formats_seen([tmp_path / "in.txt"])] == ["terrier"]


_NO_PAIRS = {
    "MIDA": "dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,hiact,hostlev,numa,numb,version",
    "MIDB": "dispnum,stabb,ccode,stday,stmon,styear,sidea,revstate,fatality,fatalpre,hiact,hostlev,orig",
    "MIDI": "DispNum3,IncidNum3,StDay,StMon,StYear,Duration,TBI,Fatality,Action,HostLev,NumA,Version",
}
MIDIP = "dispnum,incidnum,stabb,ccode,stday,stmon,styear,insidea,sidea,fatality,fatalpre,action,hostlev"


@pytest.mark.parametrize("name", _NO_PAIRS)
def test_files_of_disputes_without_pairs_are_refused_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(plain("1", header=_NO_PAIRS[name]))
    said = rf"It looks like {name}, whose rows do not say who acted on whom\. Import MIE, MIDIP"
    for form in ("mid", "midip"):
        with pytest.raises(DataError, match=said):
            import_events(form, [path], tmp_path / "out.parquet")
    for ask in (lambda: formats_seen([path]), lambda: load_events(path)):
        with pytest.raises(DataError, match=said):
            ask()


def test_participants_act_on_the_other_side_of_their_incident(tmp_path: Path) -> None:
    text = plain(
        "1,11,FIN,375,4,3,1999,1,1,0,0,16,4",
        "1,11,DEN,390,4,3,1999,0,0,1,3,17,4",
        "1,12,FIN,375,5,3,1999,1,1,0,0,7,3",
        "1,12,DEN,390,5,3,1999,0,0,0,9,0,1",
        "1,12,SWD,380,5,3,1999,0,0,0,0,-9,1",
        "1,13,FIN,375,6,3,1999,1,1,0,0,7,3",
        header=MIDIP,
    )
    told, events = imported("midip", text, tmp_path)
    assert [tuple(map(str, row[1:])) for row in events.drop("precision", "mode", "codebook").rows()] == [
        ("FIN", "DNK", "ASSAULT", "3", "DNK", "None"),
        ("DNK", "FIN", "ASSAULT", "0", "None", "None"),
        ("FIN", "DNK", "MOBILIZE", "None", "None", "one report"),
        ("FIN", "SWE", "MOBILIZE", "None", "None", "one report"),
    ]
    assert dict(told.left_out) == {"one-sided": 1, "no-act": 2}
    assert told.rows + told.more - sum(told.left_out.values()) == told.events


def test_a_table_that_writes_whole_numbers_with_a_point_is_read_alike(tmp_path: Path) -> None:
    rows = (
        "1,11,FIN,375,4,3,1999,1,1,0,0,16,4",
        "1,11,DEN,390,-9,3,1999,0,0,1,-9,17,4",
        "1,12,FIN,375,-9,-9,1999,1,1,0,0,-9,3",
        "1,12,DEN,390,5,3,1999,0,0,0,0,0,1",
    )
    pointed = (re.sub(r"(?<=,)(-?\d+)(?=,|$)", r"\1.0", row) for row in rows)
    (told, events), (again, same) = (
        imported("midip", plain(*each, header=MIDIP), tmp_path) for each in (rows, pointed)
    )
    assert (same.rows(), again.left_out, again.refused) == (events.rows(), told.left_out, told.refused)
    assert (events.height, events["precision"].to_list()) == (2, ["month", "day"])


def test_files_without_pairs_beside_others_in_an_archive_are_left_out(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("MIDA 5.0.csv", plain("1", header=_NO_PAIRS["MIDA"]))
        rows = ("1,11,FIN,375,4,3,1999,1,1,0,0,16,4", "1,11,DEN,390,4,3,1999,0,0,0,0,0,1")
        archive.writestr("MIDIP 5.0.csv", plain(*rows, header=MIDIP))
    told, events = imported("midip", packed.getvalue(), tmp_path)
    assert (events.height, told.files_left_out) == (1, ("MIDA 5.0.csv",))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "disno,dyindex,statea,namea,stateb,nameb,strtday,strtmnth,strtyr,year,highmcaa,highmcab",
            "1,1,375,FIN,390,DEN,4,5,1918,1919,16,0",
        ),
        ("dispnum,ccode1,ccode2,year,midonset,stmon,hiact1,hiact2,hiact", "1,375,390,1918,1,5,16,0,16"),
        ("dispnum,ccode1,ccode2,year,midonset,stmon,hiact1,hiact2,hiact", "1,375,390,1918,0,5,16,0,16"),
    ],
    ids=["dyadic", "GML onset", "GML later year"],
)
def test_disputes_have_many_headers(header: str, row: str, tmp_path: Path) -> None:
    _, events = imported("mid", plain(row, header=header), tmp_path)
    act = events.select("source", "target", "action").row(0)
    assert act == ("FIN", "DNK", "ASSAULT")
    precision = {"1,1,3": "day", "1,375,390,1918,1": "month"}.get(row[: 16 if row[2] == "3" else 5], "year")
    assert events["precision"].to_list() == [precision]
    assert events["date"][0] == {"day": date(1918, 5, 4), "month": date(1918, 5, 1)}.get(
        precision, date(1918, 1, 1)
    )


def test_a_candidate_of_ucdp_may_lack_its_header(tmp_path: Path) -> None:
    whole = (Path(__file__).parents[4] / "src/detente/data/formats/ucdp.csv").read_text(encoding="utf-8")
    _, with_header = imported("ucdp", whole, tmp_path)
    _, without = imported("ucdp", whole.partition("\n")[2], tmp_path)
    assert without.equals(with_header)


def test_words_and_numbers_of_older_acled(tmp_path: Path) -> None:
    text = str(OURS["x01"].text).replace("2018-05-02", "02 May 2018").replace("State forces", "8")
    _, events = imported("acled", text.replace(",1,x", ",3,x"), tmp_path)
    assert events.select("date", "precision", "source", "target").row(0) == (
        date(2018, 5, 2),
        "month",
        "FIN",
        "DNK",
    )
    battle = text.replace("Explosions/Remote violence,Air/drone strike", "Battles,Armed clash")
    told, events = imported("acled", battle, tmp_path)
    assert (told.notes, events["mode"].to_list()) == ({"no-order": 1}, [None])


def test_several_actors_on_both_sides_of_polecat(tmp_path: Path) -> None:
    text = str(OURS["e02"].text)
    told, events = imported("polecat", text.replace("\tSweden\tSWE", "\tSweden; Norway\tSWE; NOR"), tmp_path)
    assert (told.rows, told.more, told.events) == (1, 3, 4)
    assert set(events.select("source", "target").rows()) == {
        (a, b) for a in ("FIN", "DNK") for b in ("SWE", "NOR")
    }
    with pytest.raises(DataError, match="countries that are known"):
        imported("polecat", text.replace("Finland; Denmark", "Finland"), tmp_path)


@pytest.mark.parametrize(("form", "book"), [("(Make a visit)", "cameo"), ("", None)])
def test_the_codebook_of_keds_is_told_or_asked_for(form: str, book: str | None, tmp_path: Path) -> None:
    text = tabbed(["180502", "FINGOV", "DNK", "042", form, "T"])
    if book is None:
        with pytest.raises(DataError, match="Give codebook as one of weis, cameo"):
            imported("keds-native", text, tmp_path)
        told, _ = imported("keds-native", text, tmp_path, Options(codebook="weis"))
        assert told.codebook == "weis"
    else:
        told, _ = imported("keds-native", text, tmp_path)
        assert told.codebook == book


# --- files -----------------------------------------------------------------------------------------------------------


def zipped(**files: str) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return out.getvalue()


XLSX = io.BytesIO()
with zipfile.ZipFile(XLSX, "w") as book:
    book.writestr("[Content_Types].xml", "x")


XLSX = io.BytesIO()
with zipfile.ZipFile(XLSX, "w") as book:
    book.writestr("[Content_Types].xml", "x")


def test_an_archive_is_read_past_what_is_about_it(tmp_path: Path) -> None:
    table = plain("2018-05-02,FIN,DNK,042")
    data = zipped(README_txt="about", a_csv=table, codebook_pdf="about")
    told, events = imported("csv", data, tmp_path, name="in.zip")
    assert (events.height, told.files_left_out) == (1, ("README.txt", "codebook.pdf"))
    found = load_events(tmp_path / "in.zip")
    assert (found.acts, found.provenance.beside) == (1, ("README.txt", "codebook.pdf"))
    (tmp_path / "two.zip").write_bytes(zipped(a_csv=table, b_csv=table))
    with pytest.raises(DataError, match="must hold one table, got 2"):
        load_events(tmp_path / "two.zip")


@pytest.mark.parametrize(
    "data",
    [
        XLSX.getvalue(),
        zipped(content_xml="x"),
        b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 600,
    ],
    ids=["xlsx", "ods", "xls"],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_workbook_is_named_as_such(data: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match="is a workbook of Excel"):
        load_events(tmp_path / name)
    with pytest.raises(DataError, match="is a workbook of Excel"):
        import_events("csv", [tmp_path / name], tmp_path / "out.parquet")


def test_a_table_with_tabs_is_imported_and_named(tmp_path: Path) -> None:
    text = plain("2018-05-02,FIN,DNK,042").replace(",", "\t")
    told, events = imported("csv", text, tmp_path, name="in.tsv")
    assert events.height == told.rows == 1
    with pytest.raises(DataError, match="`detente import csv` reads it"):
        load_events(tmp_path / "in.tsv")
    assert [layout.name for layout in formats_seen([tmp_path / "in.tsv"])] == ["csv"]


def test_days_in_another_order_are_told(tmp_path: Path) -> None:
    text = plain("02/05/2018,FIN,DNK,042")
    with pytest.raises(DataError, match="give dates as dmy, mdy or ymd"):
        imported("csv", text, tmp_path)
    (tmp_path / "e.csv").write_text(text)
    with pytest.raises(DataError, match="import it with dates as dmy, mdy or ymd"):
        load_events(tmp_path / "e.csv")
    _, events = imported("csv", text.replace("02/05/2018", "20180502"), tmp_path, Options(dates="ymd"))
    assert events["date"].to_list() == [date(2018, 5, 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date", "must be written NAME=VALUE"),
        ("day=event_date", "columns must be one of"),
        ("date=a,date=b", "is given twice"),
    ],
)
def test_names_of_columns_are_checked(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        columns_given(text)


def test_a_column_that_is_named_must_be_there(tmp_path: Path) -> None:
    options = Options(columns={"date": "when"})
    with pytest.raises(DataError, match="when must be a column of date"):
        imported("csv", plain("2018-05-02,FIN,DNK,042"), tmp_path, options)
    # What the user names takes the place of the column that has the name.
    text = plain("2018-01-01,2018-05-02,FIN,DNK,042", header="date,when,source,target,cameo")
    _, events = imported("csv", text, tmp_path, options)
    assert events["date"].to_list() == [date(2018, 5, 2)]
