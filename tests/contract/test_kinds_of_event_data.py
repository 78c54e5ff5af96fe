"""Kinds of trouble in event data, whatever the file: words for nothing, lost zeros, far dates, numbers that repeat."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.base.errors import DataError
from detente.events.covered_days import far_days, gaps_between
from detente.events.files.event_file import load_events
from detente.events.importing.actor_names import ActorNames
from detente.events.importing.fitting_codebook import better_codebook
from detente.events.importing.import_options import Options
from detente.events.importing.importer import import_events
from detente.events.ontology.crosswalks import cameo, padded_code, weis
from detente.events.ontology.null_words import NOBODY, NULL_WORDS
from detente.events.ontology.state_codes import state_of, successions
from detente.lab.case import load_chronicle
from event_cases import gdelt, icews, plain, tabbed
from tiers import examples

PROFILE = settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
CODES = sorted(code for code in cameo() if len(code) > 2)


def imported(form: str, text: str, options: Options | None = None) -> pl.DataFrame:
    """Return the events of a text."""
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "in.txt", Path(name) / "out.parquet"
        path.write_text(text, encoding="utf-8")
        import_events(form, [path], out, options=options, threads=1)
        return pl.read_parquet(out)


# --- words for nothing -----------------------------------------------------------------------------------------------


def test_the_words_for_nothing_are_these() -> None:
    listed = {"", "NULL", "NA", "N/A", "NaN", "None", "null", "-", "---", "*", "UNK"}
    assert set(NULL_WORDS) == listed
    assert set(NOBODY) == {"---", "*", "UNK"}


@PROFILE
@given(st.sampled_from([w for w in NULL_WORDS if w]), st.sampled_from(["", " ", "  "]), st.booleans())
def test_a_word_for_nothing_is_nobody(word: str, space: str, first: bool) -> None:
    pair = f"{space}{word}{space},SWE" if first else f"SWE,{word}{space}"
    text = plain(f"2018-05-01,{pair},112", "2018-05-02,FIN,DNK,042")
    assert set(imported("csv", text)["source"]) == {"FIN"}
    keds = text.replace("cameo", "code", 1)
    assert set(imported("keds-cameo", keds)["source"]) == {"FIN"}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "e.csv"
        path.write_text(text, encoding="utf-8")
        if word in NOBODY:
            assert load_events(path).provenance.nobody == 1
            return
        with pytest.raises(DataError, match="must be an actor, not a word for nothing"):
            load_events(path)
        assert load_events(path, skip_bad=True).acts == 1


def test_na_is_namibia_among_codes_of_two_letters() -> None:
    rows = ("2018-05-01,NA,ZA,112", "2018-05-02,AO,NA,042")
    assert set(imported("csv", plain(*rows))["source"]) == {"NA", "AO"}
    with pytest.raises(DataError, match="must name both actors"):
        imported("csv", plain(*rows[:1]).replace("ZA", "ZAF"))
    named = imported("csv", plain("2018-05-01,NA,ZAF,112"), Options(nulls=("",)))
    assert named["source"].to_list() == ["NA"]


# --- lost zeros ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [int, float], ids=["number", "decimal"])
def test_every_code_is_read_back_from_a_number(change: type) -> None:
    for code in CODES:
        assert padded_code(str(change(code)), "cameo") == code
    for code in weis():
        assert padded_code(str(change(code)), "weis") == code


@PROFILE
@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=20))
def test_codes_without_zeros_are_refused_or_read_back(codes: list[str]) -> None:
    rows = [f"2018-05-{1 + n:02},FIN,DNK,{int(code)}" for n, code in enumerate(codes)]
    read = imported("csv", plain(*rows), Options(zeros_lost=True))
    assert read["code"].to_list() == codes
    whole = [code for code in codes if not code.startswith("0")]
    if whole:  # without a word of the user none is read as another
        assert imported("csv", plain(*rows))["code"].to_list() == whole
    else:
        with pytest.raises(DataError, match="leading zeros"):
            imported("csv", plain(*rows))


@PROFILE
@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=20))
def test_another_column_puts_zeros_back(codes: list[str]) -> None:
    rows = [
        icews(
            {
                "CAMEO Code": str(int(c)),
                "Intensity": str(cameo()[c].intensity),
                "Event ID": str(n),
                "City": str(n),
            }
        )
        for n, c in enumerate(codes)
    ]
    text = rows[0] + "".join(row.partition("\n")[2] for row in rows[1:])
    assert sorted(imported("icews", text)["code"]) == sorted(codes)
    quads = "1" * 5 + "2" * 4 + "3" * 5 + "4" * 6
    table = [
        gdelt(str(int(c)), str(int(c[:2])), quads[int(c[:2]) - 1], f"place {n}", str(n))
        for n, c in enumerate(codes)
    ]
    assert sorted(imported("gdelt2", tabbed(*table))["code"]) == sorted(codes)


# --- days ------------------------------------------------------------------------------------------------------------

starts = st.dates(date(1900, 1, 1), date(2010, 1, 1))


@PROFILE
@given(
    starts, st.integers(1, 60), st.integers(100, 400), st.integers(1, 3), st.booleans(), st.integers(0, 5000)
)
def test_few_rows_far_off_are_set_apart_and_no_others(
    start: date, years: int, rows: int, strays: int, before: bool, more: int
) -> None:
    step = timedelta(days=max(years * 365 // rows, 1))
    days = Counter(start + n * step for n in range(rows))
    span = max(days) - min(days)
    off = max(timedelta(days=5 * 365 + 2), span / 4 + timedelta(days=1)) + timedelta(days=more)
    stray = min(days) - off if before else max(days) + off
    few = min(strays, (rows + strays) // 100)
    assert far_days(days) == ()
    assert far_days(days | Counter({stray: few})) == (stray,)
    assert far_days(days | Counter({stray: rows})) == ()
    near = (
        min(days) - (off - timedelta(days=more + 3))
        if before
        else max(days) + (off - timedelta(days=more + 3))
    )
    assert far_days(days | Counter({near: few})) == ()


def test_gaps_are_of_years_and_of_many_times_the_usual_distance() -> None:
    dense = [date(1990, 1, 1) + timedelta(days=4 * n) for n in range(500)]
    sparse = [date(1960, 1, 1) + timedelta(days=300 * n) for n in range(60)]
    later = [day + timedelta(days=365 * 12) for day in dense]
    assert len(gaps_between(dict.fromkeys(dense + later, 1))) == 1
    assert gaps_between(dict.fromkeys(sparse, 1)) == ()
    assert gaps_between(dict.fromkeys([*dense, dense[-1] + timedelta(days=400)], 1)) == ()


def test_an_import_that_declares_its_days_covers_them(tmp_path: Path) -> None:
    days = [date(1990, 1, 1) + timedelta(days=4 * n) for n in range(200)]
    rows = [f"{day},FIN,DNK,112" for day in (*days, *(day.replace(year=day.year + 20) for day in days))]
    path, out = tmp_path / "e.csv", tmp_path / "out.parquet"
    path.write_text(plain(*rows))
    told = import_events("csv", [path], out)
    both = load_events(out)
    assert len(told.gaps) == 1
    assert (both.acts, both.window.start, both.gaps) == (400, date(1990, 1, 1), told.gaps)
    import_events("csv", [path], out, options=Options(since=date(1990, 1, 1), until=date(2013, 1, 1)))
    whole = load_events(out)
    assert (whole.acts, whole.provenance.window_declared, whole.gaps) == (400, True, ())
    assert (whole.window.start, whole.window.end) == (date(1990, 1, 1), date(2013, 1, 1))
    out.with_name("out.parquet.json").write_text("{}")
    assert load_events(out).gaps == told.gaps


def test_rows_that_an_import_leaves_out_cover_their_days_all_the_same(tmp_path: Path) -> None:
    days = [date(1990, 1, 1) + timedelta(days=4 * n) for n in range(2000)]
    rows = [f"{day},{'FIN,DNK' if not 300 < n < 1700 else 'FIN,FIN'},112" for n, day in enumerate(days)]
    path, out = tmp_path / "e.csv", tmp_path / "out.parquet"
    path.write_text(plain(*rows))
    import_events("csv", [path], out)
    assert load_events(out).gaps == ()
    out.with_name("out.parquet.json").unlink()
    assert len(load_events(out).gaps) == 1


def test_a_vintage_holds_for_a_file_laid_over_too(tmp_path: Path) -> None:
    head = "date,source,target,cameo,reported\n"
    (tmp_path / "e.csv").write_text(
        f"{head}2019-03-04,FIN,DNK,112,2019-03-05\n2019-03-05,FIN,DNK,112,2019-06-05\n"
    )
    (tmp_path / "more.csv").write_text(
        f"{head}2019-03-06,FIN,DNK,112,2019-03-07\n2019-03-07,FIN,DNK,112,2019-06-05\n"
    )
    found = load_chronicle(events=tmp_path / "e.csv", add=[tmp_path / "more.csv"], vintage="2019-04-01")
    assert found.events["date"].to_list() == [date(2019, 3, 4), date(2019, 3, 6)]
    assert (found.provenance.later, found.provenance.vintage) == (2, date(2019, 4, 1))


def test_days_to_come_are_refused_where_the_day_is_known(tmp_path: Path) -> None:
    text = plain("2018-05-02,FIN,DNK,112", "2018-05-04,FIN,DNK,112")
    assert imported("csv", text, Options(today=date(2018, 5, 3))).height == 1
    path = tmp_path / "e.csv"
    path.write_text(text)
    assert load_events(path).acts == 2
    with pytest.raises(
        DataError, match=r"must not be after the day on which it is read, got 2018-05-04 \(e.csv:3\)"
    ):
        load_events(path, today=date(2018, 5, 3))


@pytest.mark.parametrize(("order", "text"), [("dmy", "03.05.2018"), ("mdy", "5/3/2018"), ("ymd", "2018/5/3")])
def test_days_are_read_in_the_order_that_the_user_names(order: str, text: str) -> None:
    header = "date,source,target,cameo"
    for more in ("", ",issue"):
        row = f"{text},FIN,DNK,112" + ("," if more else "")
        assert imported("csv", plain(row, header=header + more), Options(dates=order))["date"].to_list() == [
            date(2018, 5, 3)
        ]
        with pytest.raises(DataError, match="none of 1 rows is kept"):
            imported("csv", plain(row, header=header + more))


# --- numbers, actors, codebooks --------------------------------------------------------------------------------------


@PROFILE
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["040", "112"]), st.integers(1, 9)),
        min_size=1,
        max_size=30,
    )
)
def test_rows_of_one_number_pair_and_act_are_one_event(rows: list[tuple[int, str, int]]) -> None:
    quads = {"040": "1", "112": "3"}
    table = []
    for n, (number, code, day) in enumerate(rows):
        row = gdelt(code, code[:2], quads[code], f"place {n}", str(number))
        row[1] = f"2018050{day}"
        row[59] = "20180601000000"
        table.append(row)
    read = imported("gdelt2", tabbed(*table))
    first = {
        (number, code): min(day for n, c, day in rows if (n, c) == (number, code)) for number, code, _ in rows
    }
    assert Counter(read.select("code", "date").rows()) == Counter(
        (code, date(2018, 5, day)) for (_, code), day in first.items()
    )


def test_succession_holds_from_its_day_on() -> None:
    days = [(rule, day) for rule in successions() for day in (rule.start - timedelta(days=1), rule.start)]
    rows = [f"{day},{rule.old},JPN,112" for rule, day in days]
    expected = []
    for rule, day in days:
        followed = [each.new for each in successions() if each.old == rule.old and each.start <= day]
        expected.append((day, followed[-1] if followed else rule.old))
    read = imported("csv", plain(*rows), Options(ActorNames(succession=True)))
    assert set(read.select("date", "source").rows()) == set(expected)
    assert set(imported("csv", plain(*rows))["source"]) == {rule.old for rule in successions()}


def test_codes_of_another_codebook_are_told() -> None:
    assert better_codebook({"112": 1, "036": 1, "190": 1}, "weis") == ("cameo", 3, 2)
    assert better_codebook({"223": 1, "112": 1}, "weis") is None
    assert better_codebook({"ACCUSE": 1}, "plover") is None


@pytest.mark.parametrize("text", ["Somalia", "SOM", "som", "SO", "Federal Republic of Somalia"])
def test_a_state_is_known_by_any_form(text: str) -> None:
    assert state_of(text) == "SOM"


# --- vintages --------------------------------------------------------------------------------------------------------

REPORTED = "date,source,target,cameo,reported"


def test_a_vintage_knows_only_what_was_reported_before_it(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    rows = (
        "2018-05-01,FIN,DNK,112,2018-05-02",
        "2018-05-01,DNK,FIN,112,2018-06-01",
        "2018-05-03,FIN,DNK,190,",
    )
    path.write_text(plain(*rows, header=REPORTED))
    found = load_events(path, vintage=date(2018, 6, 1))
    assert (found.acts, found.provenance.later, found.provenance.vintage) == (1, 2, date(2018, 6, 1))
    assert load_events(path, vintage=date(2018, 6, 2)).acts == 2
    assert load_events(path).acts == 3
    assert load_events(path).as_reported().provenance.by_report is False  # one row does not say when
    path.write_text(plain("2018-05-01,FIN,DNK,112"))
    with pytest.raises(DataError, match="reported must be a column"):
        load_events(path, vintage=date(2018, 6, 1))


def test_a_day_of_the_past_knows_what_was_reported_by_then(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    rows = (
        "2018-05-01,FIN,DNK,112,2018-05-02",
        "2018-05-01,DNK,FIN,112,2018-06-01",
        "2018-05-03,FIN,DNK,190,2018-05-03",
    )
    path.write_text(plain(*rows, header=REPORTED))
    plainly, by_report = load_events(path), load_events(path).as_reported()
    assert plainly.digest != by_report.digest
    for day, acts, known in (
        (date(2018, 5, 3), 2, 1),
        (date(2018, 5, 4), 3, 2),
        (date(2018, 6, 1), 3, 2),
        (date(2018, 6, 2), 3, 3),
    ):
        assert (plainly.known_at(day).acts, by_report.known_at(day).acts) == (acts, known)
    path.write_text(plain(rows[0], rows[2], header=REPORTED))
    earlier = load_events(path).as_reported()
    assert earlier.known_at(date(2018, 5, 4)).digest == by_report.known_at(date(2018, 5, 4)).digest


def test_an_import_keeps_when_rows_were_reported() -> None:
    row = gdelt("042", "04", "1")
    assert imported("gdelt2", tabbed(row))["reported"].to_list() == [date(2018, 5, 2)]
    late = [*row[:59], "20190101000000", row[60]]
    late[0] = "2"
    both = imported("gdelt2", tabbed(late, row))
    assert both["reported"].to_list() == [date(2018, 5, 2)]  # of one event in two rows, the first report
    with pytest.raises(DataError, match="none of 2 rows is kept"):
        imported("gdelt2", tabbed(row, late), Options(vintage=date(2018, 5, 2)))


def test_rows_that_a_later_release_changes_are_counted(tmp_path: Path) -> None:
    old, new = gdelt("042", "04", "1"), gdelt("112", "11", "3")
    new[59] = "20190101000000"
    for name, row in (("a.txt", old), ("b.txt", new)):
        (tmp_path / name).write_text(tabbed(row))
    told = import_events("gdelt2", [tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out.parquet")
    assert (told.events, told.shared_ids, told.changed) == (2, 1, 1)
    as_known = Options(vintage=date(2018, 6, 1))
    told = import_events(
        "gdelt2", [tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out.parquet", options=as_known
    )
    assert (told.events, dict(told.left_out), told.changed) == (1, {"later": 1}, 0)


def test_codes_of_states_in_weis_are_its_own() -> None:
    text = plain("1990-08-02,AUS,AUL,112", "1990-08-02,aus,IRQ,112", header="date,source,target,code")
    with pytest.raises(DataError, match="AUS is Austria, AUL Australia"):
        imported("keds-weis", text, Options(ActorNames(states=True)))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "e.csv"
        path.write_text(text)
        assert import_events("keds-weis", [path], Path(name) / "out.parquet").alike == (("AUS", "aus"),)


def test_unk_is_the_united_kingdom_in_weis() -> None:
    text = plain("1990-08-02,UNK,IRQ,112", "1990-08-03,---,IRQ,112", header="date,source,target,code")
    for read in (imported("keds-weis", text), imported("csv", text, Options(codebook="weis"))):
        assert read["source"].to_list() == ["UNK"]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "e.csv"
        path.write_text(text)
        found = load_events(path, codebook="weis")
    assert (found.acts, found.provenance.nobody) == (1, 1)


@pytest.mark.parametrize("more", ["", ",issue"])
def test_names_of_states_are_counted(more: str, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    row = "2018-05-0{},{},JPN,112" + ("," if more else "")
    path.write_text(
        plain(
            *(row.format(n, who) for n, who in enumerate(("IN", "India", "IND", "X-IN"), 1)),
            header="date,source,target,cameo" + more,
        )
    )
    told = import_events("csv", [path], tmp_path / "out.parquet", options=Options(ActorNames(states=True)))
    assert told.renamed == {"IN -> IND": 1, "India -> IND": 1}
    assert told.actors == 3
