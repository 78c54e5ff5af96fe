"""Fields as spreadsheets, data frames and hurried people leave them, in the shipped sample of each layout."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from detente.base.errors import DataError
from detente.events.files.event_file import load_events
from detente.events.importing.import_options import Options
from detente.events.importing.importer import import_events
from detente.report.text.import_events import text_of
from event_cases import plain

FORMATS = Path(__file__).parents[4] / "src/detente/data/formats"


def changed(sample: str, *changes: dict[str, str]) -> str:
    """Return a sample's header, and its first row once for each set of changed fields."""
    between = "," if sample.endswith(".csv") else "\t"
    text = (FORMATS / sample).read_text(encoding="utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text), delimiter=between))[:2]
    if "event_id_cnty" in header or "relid" in header:  # the second row is an act of force
        row = list(csv.reader(io.StringIO(text), delimiter=between))[2]
    out = io.StringIO()
    lines = csv.writer(out, delimiter=between, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    lines.writerow(header)
    number = header[0]
    for n, change in enumerate(changes):
        lines.writerow((dict(zip(header, row, strict=True)) | {number: f"{n + 1}"} | change).values())
    return out.getvalue()


def kept(form: str, text: str | bytes, folder: Path, options: Options | None = None, name: str = "in.txt"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    told = import_events(form, [path], folder / "out.parquet", options=options, threads=1)
    return told, pl.read_parquet(folder / "out.parquet")


@pytest.mark.parametrize("odd", ["12+", "1,200", "-3", "3.5", "about 10", "99999999"])
@pytest.mark.parametrize(
    ("form", "day", "field"), [("acled", "event_date", "fatalities"), ("ucdp", "date_start", "deaths_b")]
)
def test_deaths_that_are_no_number_refuse_their_row(
    form: str, day: str, field: str, odd: str, tmp_path: Path
) -> None:
    text = changed(f"{form}.csv", {field: odd}, {field: "4.0", day: "2019-03-09"})
    told, events = kept(form, text, tmp_path)
    assert told.refused == {"deaths": 1}  # once, although a fight is an act in each direction
    assert odd in str(told.faults[0])
    assert events["date"].unique().to_list() == [date(2019, 3, 9)]
    assert 4 in events["fatalities"].to_list()


def test_deaths_of_disputes_are_numbers_or_unknown(tmp_path: Path) -> None:
    header = "ccode1,ccode2,styear,stmon,stday,action,fatalmin2,fatalmax2"
    rows = [f"385,380,1999,3,{n + 1},16,{dead},{dead}" for n, dead in enumerate(("2.0", "-9", "", "12+"))]
    told, events = kept("mid", plain(*rows, header=header), tmp_path)
    assert events["fatalities"].to_list() == [2, None, None]
    assert told.refused == {"deaths": 1}


def test_numbers_with_a_point_mean_the_same(tmp_path: Path) -> None:
    text = changed(
        "acled.csv",
        {"time_precision": "3.0"},
        {"time_precision": "1.0", "inter1": "1.0", "inter2": "state forces", "event_date": "2019-03-06"},
        {"time_precision": "4", "event_date": "2019-03-07"},
    )
    told, events = kept("acled", text, tmp_path)
    assert events["precision"].to_list() == ["month", "day"]
    assert events.select("source", "target").unique().rows() == [("NOR", "SWE")]
    assert (told.refused, told.notes["vague"]) == ({"code": 1}, 1)
    text = changed("ucdp.csv", {"date_prec": "4.0", "type_of_violence": "1.0"})
    assert kept("ucdp", text, tmp_path)[1]["precision"].to_list() == ["month", "month"]


def test_no_year_of_two_digits_becomes_the_first_century(tmp_path: Path) -> None:
    text = changed("acled.csv", {"event_date": "04 March 19"}, {"event_date": "04-March-2019"})
    told, events = kept("acled", text, tmp_path)
    assert events["date"].to_list() == [date(2019, 3, 4)]
    assert told.refused == {"date": 1}


@pytest.mark.parametrize(
    ("form", "sample", "field"),
    [
        ("icews", "icews.tab", "Event Date"),
        ("polecat", "polecat.txt", "Event Date"),
        ("cline-phoenix", "cline-phoenix.csv", "story_date"),
    ],
)
def test_days_in_two_orders_are_never_read_in_one(form: str, sample: str, field: str, tmp_path: Path) -> None:
    text = changed(sample, {field: "2/3/2019"}, {field: "13/3/2019"})
    with pytest.raises(DataError, match=r"only in the other order, got 13/3/2019 .*:3\).*give dates as dmy"):
        kept(form, text, tmp_path)
    assert not (tmp_path / "out.parquet").exists()
    _, events = kept(form, text, tmp_path, Options(dates="dmy"))
    assert events["date"].to_list() == [date(2019, 3, 2), date(2019, 3, 13)]


@pytest.mark.parametrize("more", ["", ",x"], ids=["least columns", "more columns"])
def test_an_order_that_the_user_names_must_fit_all_rows(more: str, tmp_path: Path) -> None:
    header = "date,source,target,cameo" + more.replace("x", "summary")
    text = plain(*(f"{n:02}/03/2019,NOR,SWE,190{more}" for n in range(10, 15)), header=header)
    with pytest.raises(DataError, match="only in the other order, got 13/03/2019"):
        kept("csv", text, tmp_path, Options(dates="mdy"))
    assert kept("csv", text, tmp_path, Options(dates="dmy"))[1].height == 5


def test_a_time_of_midnight_says_nothing(tmp_path: Path) -> None:
    days = ("2019-03-04 00:00:00", "2019-03-05T00:00:00Z", "3/6/2019 12:00:00 AM", "2019-03-07 12:30")
    told, events = kept("icews", changed("icews.tab", *({"Event Date": day} for day in days)), tmp_path)
    assert [day.day for day in events["date"]] == [4, 5, 6]
    assert told.refused == {"date": 1}


@pytest.mark.parametrize("word", ["nan", "none", "n/a", "<NA>", "#N/A", "NONE"])
def test_words_that_programs_write_for_nothing_are_no_actors(word: str, tmp_path: Path) -> None:
    text = plain(f"2019-03-04,NOR,{word},190", "2019-03-05,NOR,SWE,190", header="date,source,target,code")
    told, events = kept("keds-cameo", text, tmp_path)
    assert told.left_out == {"one-sided": 1}
    assert events["target"].to_list() == ["SWE"]


def test_quotes_of_a_spreadsheet_are_no_part_of_a_field_between_tabs(tmp_path: Path) -> None:
    text = changed("icews.tab", {})
    header, row = text.splitlines()
    quoted = "\n".join("\t".join(f'"{each}"' for each in line.split("\t")) for line in (header, row))
    told, events = kept("icews", quoted + "\n", tmp_path)
    assert (told.refused, events.select("source", "target").row(0)) == ({}, ("NOR", "SWE"))
    # of a text with commas alone: its sectors still tell the state
    some = row.replace("Executive,Foreign Ministry,Government", '"Executive,Foreign Ministry,Government"')
    assert some != row
    assert kept("icews", f"{header}\n{some}\n", tmp_path)[1]["source"].to_list() == ["NOR"]


def test_white_space_around_fields_says_nothing(tmp_path: Path) -> None:
    text = changed(
        "acled.csv", {"sub_event_type": " Armed clash ", "fatalities": " 3 ", "event_date": "2019-03-04 "}
    )
    _, events = kept("acled", text, tmp_path)
    assert events.select("action", "fatalities").row(0) == ("ASSAULT", 3)


def test_a_root_of_one_digit_has_a_code_of_three(tmp_path: Path) -> None:
    text = changed(
        "cline-phoenix.csv", {"code": "1", "root_code": "1"}, {"code": "112.0", "root_code": "11.0"}
    )
    _, events = kept("cline-phoenix", text, tmp_path)
    assert sorted(events["code"]) == ["010", "112"]


def test_sectors_of_several_actors_go_with_them(tmp_path: Path) -> None:
    several = {
        "Recipient Name": "Army; Fishers",
        "Recipient Country": "SWE; FIN",
        "Primary Recipient Sector": "MIL; CVL",
    }
    _, events = kept("polecat", changed("polecat.txt", several), tmp_path)
    assert events["target"].to_list() == ["SWE", "Fishers"]


def test_a_report_day_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    text = changed("polecat.txt", {"Publication Date": "4 March 2019"}, {"Publication Date": "None"})
    told, _ = kept("polecat", text, tmp_path)
    assert told.notes == {"no-report-day": 1}


@pytest.mark.parametrize(
    "spoilt",
    [lambda text: text.replace("\n", "\r") + "\n", lambda text: text.replace("\n", "\r\n", 1)],
    ids=["CR with one LF", "CRLF and LF"],
)
def test_line_ends_may_be_mixed(spoilt, tmp_path: Path) -> None:
    text = plain("2019-03-04,NOR,SWE,190", "2019-03-05,SWE,NOR,112", "2019-03-06,SWE,NOR,112")
    assert kept("csv", spoilt(text), tmp_path)[1].height == 3


def test_rows_of_one_number_with_other_deaths_are_counted(tmp_path: Path) -> None:
    rows = ({"event_id_cnty": "5"}, {"event_id_cnty": "5", "fatalities": "41"}, {"event_id_cnty": "7"})
    told, events = kept("acled", changed("acled.csv", *rows, {"event_id_cnty": "7"}), tmp_path)
    assert (events.height, told.reissued, told.other_deaths) == (2, 2, 1)
    assert "1 such event has other deaths in another row: those of the first day stay." in text_of(told)
    assert told.to_dict()["reissued_other_deaths"] == 1


def test_utf_16_without_its_mark_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="got UTF-16"):
        kept("csv", plain("2019-03-04,NOR,SWE,190").encode("utf-16-le"), tmp_path)


@pytest.mark.parametrize(("form", "acts"), [("acled", 1), ("ucdp", 2)])
def test_two_events_of_one_place_and_day_are_two_where_people_number_them(
    form: str, acts: int, tmp_path: Path
) -> None:
    number = {"acled": "event_id_cnty", "ucdp": "id"}[form]
    text = changed(f"{form}.csv", *({number: each} for each in ("5", "5", "7")))
    told, events = kept(form, text, tmp_path)
    assert (events.height, told.folded, told.reissued) == (2 * acts, acts, acts)
    assert sorted(set(events["citation"])) == [f"{told.form} 5", f"{told.form} 7"]
    assert load_events(tmp_path / "out.parquet").events.height == 2 * acts


@pytest.mark.parametrize(
    ("form", "options", "said"),
    [
        ("icews", Options(zeros_lost=True), "leading_zeros can be used only with formats gdelt-reduced"),
        ("acled", Options(nulls=("", "X")), "null can be used only with formats keds-cameo"),
        ("gdelt2", Options(dates="dmy"), "dates can be used only with formats acled"),
        ("ucdp", Options(columns={"date": "day"}), "columns can be used only with formats keds-cameo"),
        ("icews", Options(vintage=date(2019, 3, 5)), "vintage needs rows that say when they were reported"),
        ("csv", Options(vintage=date(2019, 3, 5)), "vintage needs rows that say when they were reported"),
        ("csv", Options(since=date(2020, 1, 1)), "none of 1 rows is kept: outside 1"),
    ],
)
def test_what_a_format_cannot_use_is_refused(form: str, options: Options, said: str, tmp_path: Path) -> None:
    samples = {path.name.partition(".")[0]: path.read_bytes() for path in FORMATS.iterdir()}
    text = samples.get(form, plain("2019-03-04,NOR,SWE,190").encode())
    with pytest.raises(DataError, match=said):
        kept(form, text, tmp_path, options)


def test_a_decimal_comma_is_a_point(tmp_path: Path) -> None:
    text = changed("icews.tab", {"Intensity": "1,0"})
    assert kept("icews", text, tmp_path)[1]["code"].to_list() == ["040"]


def test_codes_of_another_book_are_told_although_most_of_its_rows_are_refused(tmp_path: Path) -> None:
    rows = [
        f"2019-03-{n + 1:02},NOR,SWE,{code}" for n, code in enumerate(["112", "223", "223", "066", "095"])
    ]
    told, _ = kept("keds-cameo", plain(*rows, header="date,source,target,code"), tmp_path)
    assert told.fits_better == ("weis", 5, 1)
    path = tmp_path / "plain.csv"
    path.write_text(plain(*rows, header="date,source,target,code"), encoding="utf-8")
    with pytest.raises(
        DataError, match="codebook must be that of the codes: 5 rows have one of weis, 1 one of this"
    ):
        load_events(path, codebook="cameo")


@pytest.mark.parametrize("number", ["NA", "-", "NaN", "0"])
def test_a_word_for_nothing_numbers_no_event_and_neither_does_a_number_of_many(
    number: str, tmp_path: Path
) -> None:
    days = [{"Event ID": number, "Event Date": f"2019-03-0{n}"} for n in (4, 5, 6)]
    other = {"Event ID": number, "Target Name": "Denmark", "Target Country": "Denmark"}
    told, events = kept("icews", changed("icews.tab", *days, other), tmp_path)
    assert (told.reissued, events.height) == (0, 4)  # three days of one act are three acts


def test_a_row_set_apart_for_its_day_is_none_that_another_repeats(tmp_path: Path) -> None:
    rest = [{"Event Date": f"2019-03-{1 + n % 28:02}"} for n in range(200)]
    slip, again = ({"Event ID": "N7", "Event Date": day} for day in ("1919-03-30", "2019-03-30"))
    told, events = kept("icews", changed("icews.tab", slip, *rest, again), tmp_path)
    assert (told.left_out["apart"], told.reissued) == (1, 0)
    assert events["date"].max() == date(2019, 3, 30)


def test_a_gap_of_a_file_is_one_of_its_import(tmp_path: Path) -> None:
    first, second = (
        [day + timedelta(50 * n) for n in range(60)] for day in (date(1990, 1, 1), date(2003, 3, 1))
    )
    rows = [
        f"{day},NOR,SWE,{code}" for day in (*first, *second) for code in ("112", "190", "040", "173", "051")
    ]
    told, _ = kept("csv", plain(*rows), tmp_path, name="in.csv")
    assert [str(gap) for gap in told.gaps] == ["1998-01-30 to 2003-02-28"]
    read = [load_events(tmp_path / name).gaps for name in ("in.csv", "out.parquet")]
    assert read == [told.gaps, told.gaps]


def test_a_first_row_that_is_odd_is_told_by_its_field(tmp_path: Path) -> None:
    text = (FORMATS / "gdelt2.csv").read_text(encoding="utf-8").replace("700000001", "7e8", 1)
    with pytest.raises(DataError, match=r"GLOBALEVENTID must be as in GDELT 2\.0 in the first row.*got 7e8"):
        kept("gdelt2", text, tmp_path)


def test_a_quote_in_a_first_row_between_tabs_is_a_letter(tmp_path: Path) -> None:
    text = (FORMATS / "gdelt2.csv").read_text(encoding="utf-8").replace("Oslo, Oslo", '"Oslo, Oslo', 1)
    told, events = kept("gdelt2", text, tmp_path)
    assert told.refused == {}
    assert 'place: "Oslo, Oslo, Norway' in events["summary"].to_list()


def test_deaths_of_participants_are_numbers_or_unknown(tmp_path: Path) -> None:
    header = "dispnum,incidnum,ccode,insidea,fatalpre,styear,stmon,stday,action"
    rows = [
        "1,1,385,1,0,1999,3,4,16",
        "1,1,380,0,12+,1999,3,4,0",
        "1,2,385,1,-9,1999,3,5,16",
        "1,2,380,0,3.0,1999,3,5,0",
    ]
    told, events = kept("midip", plain(*rows, header=header), tmp_path)
    assert told.refused["deaths"] >= 1
    assert events.select("source", "target", "fatalities").rows() == [("NOR", "SWE", 3)]


@pytest.mark.parametrize(("at", "known"), [(2, [None, 3]), (4, [5, None]), (None, [5, 3])])
def test_deaths_are_nobodys_where_a_state_of_the_incident_may_be_in_a_lost_line(
    at: int | None, known: list[int | None], tmp_path: Path
) -> None:
    """With a third state nobody says whose dead they are, and a line that cannot be read may be a third state's."""
    header = "dispnum,incidnum,ccode,insidea,fatalpre,styear,stmon,stday,action"
    rows = [
        "1,1,385,1,0,1999,3,4,16",
        "1,1,380,0,5,1999,3,4,0",
        "1,2,385,1,0,1999,3,5,16",
        "1,2,380,0,3,1999,3,5,0",
    ]
    if at == 2:  # between the two stands another incident, and one at the end
        rows[2:2] = ["1,1,390", "8,8,2,1,0,1999,3,4,0"]
        rows.append("9,9,2,1,0,1999,3,6,0")
    elif at == 4:
        rows.append("1,2,390,0")
    _, events = kept("midip", plain(*rows, header=header), tmp_path)
    assert events.sort("date")["fatalities"].to_list() == known
