"""Any event file: read back the same, blind to names and to what came later, or refused; never anything else."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from detente.base.errors import DataError
from detente.events.chronicle import Chronicle
from detente.events.columns import CONTENT, span_ends
from detente.events.files.event_file import load_events, write_events
from detente.events.files.folding import fold
from detente.events.ontology.actions import action_names
from detente.events.ontology.classes import scheme_for, scheme_of
from detente.events.ontology.crosswalks import cameo, weis
from tiers import examples

PROFILE = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
COLUMNS = (
    "date", "precision", "source", "target", "action", "code", "class", "mode", "fatalities", "fatalities_of",
    "victim_rank", "issue", "summary", "citation", "evidence", "confidence", "intensity", "mutual",
)  # fmt: skip
ACTORS = ("USA", "IRN", "ÖMN", "P5+1", "Q'", "伊朗")

# --- files that are good ---------------------------------------------------------------------------------------------

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\r\t,\"';"), max_size=12
)
few = st.sampled_from(["", "talks", "Talks in Vienna", 'a "quoted", word', "two\nlines", "end\r"])


# Mostly one week, so that rows fall on one day, but any day there is.
days = st.dates(date(2019, 12, 30), date(2020, 1, 4)) | st.dates(date(1925, 1, 1), date(2120, 12, 31))


@st.composite
def rows(draw: st.DrawFn, codebook: str) -> dict[str, str]:
    """Draw one row that its codebook allows; from few values, so that rows repeat and mirror each other."""
    source, target = draw(st.permutations(ACTORS))[:2]
    row = {
        "date": draw(days).isoformat(),
        "precision": draw(st.sampled_from(["", "day", "month", "year"])),
        "source": source,
        "target": target,
        "mode": draw(st.sampled_from(["", "visit", "restrict"]) | words),
        "fatalities": draw(st.sampled_from(["", "0", "3", "10000000"])),
        "fatalities_of": draw(st.sampled_from(["", "USA", "mixed"])),
        "victim_rank": draw(st.sampled_from(["", "leader", "senior", "officer"])),
        "issue": draw(few),
        "summary": draw(few),
        "citation": draw(words),
        "confidence": draw(st.sampled_from(["", "high", "medium", "low"])),
        "intensity": draw(st.just("") | st.floats(-10, 10).map(repr)),
    }  # fmt: skip
    if codebook in ("detente", "plover"):
        row["action"] = draw(st.sampled_from(action_names(codebook)))
    else:
        row["code"] = draw(
            st.sampled_from([code for code in (cameo() if codebook == "cameo" else weis()) if len(code) > 2])
        )
    row["class"] = draw(st.sampled_from(["", *scheme_of(scheme_for(codebook)).classes]))
    return row


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[dict[str, str]]]:
    """Draw a codebook and the rows of a file, some of them repeated and some of them in both directions."""
    codebook = draw(st.sampled_from(["detente", "detente", "plover", "cameo", "weis"]))
    drawn = draw(st.lists(rows(codebook), min_size=1, max_size=12))
    for row in draw(st.lists(st.sampled_from(drawn), max_size=6)):
        back = draw(st.booleans())
        drawn.append(row | {"source": row["target"], "target": row["source"]} if back else dict(row))
    return codebook, draw(st.permutations(drawn))


def text_of(drawn: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(drawn)
    return out.getvalue()


def load(content: str | bytes, name: str = "e.csv", **options: object) -> Chronicle:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        # Rows of a few days in two centuries: none is set apart here (test_kinds_of_event_data.py).
        return load_events(path, whole=True, **options)


def read_back(chronicle: Chronicle, name: str, **options: object) -> Chronicle:
    with tempfile.TemporaryDirectory() as folder:
        write_events(chronicle, Path(folder) / name)
        assert [path.name for path in Path(folder).iterdir()] == [name]
        return load_events(Path(folder) / name, whole=True, **options)


def said(chronicle: Chronicle) -> pl.DataFrame:
    return chronicle.events.select(CONTENT)


@PROFILE
@given(files(), st.sampled_from(["e.csv", "e.csv.gz", "e.parquet"]))
def test_what_was_written_reads_back_the_same(file, name):
    codebook, drawn = file
    chronicle = load(text_of(drawn), codebook=codebook)
    back = read_back(chronicle, name)
    assert said(back).equals(said(chronicle))
    assert back.digest == chronicle.digest
    assert (back.scheme, back.codebook) == (chronicle.scheme, codebook)
    assert back.provenance.duplicates_folded == back.provenance.mutual_folded == 0
    kept = load(text_of(drawn), codebook=codebook, duplicates="keep")
    assert read_back(kept, name, duplicates="keep").digest == kept.digest


@PROFILE
@given(files())
def test_every_row_is_accounted_for_and_folding_is_idempotent(file):
    codebook, drawn = file
    chronicle = load(text_of(drawn), codebook=codebook)
    told = chronicle.provenance
    assert told.rows_read == len(drawn)
    assert chronicle.acts == told.rows_read - told.duplicates_folded - told.mutual_folded
    again, repeated, mutual = fold(chronicle.events, chronicle.scheme)
    assert (repeated, mutual) == (0, 0)
    assert again.equals(chronicle.events)
    joint = scheme_of(chronicle.scheme).joint_class
    assert chronicle.events["mutual"].to_list() == [c == joint for c in chronicle.events["class"]]
    assert chronicle.events["date"].is_sorted()
    for _, day in chronicle.events.group_by("date", "mutual"):
        assert day["row"].is_sorted()
    deaths = sum(int(row["fatalities"] or 0) for row in drawn)
    assert chronicle.events["fatalities"].sum() <= deaths


@PROFILE
@given(files(), st.permutations(["AAA", "ZZZ", "MMM", "伊", "Ö", "x+y"]))
def test_renaming_actors_changes_only_names(file, names):
    codebook, drawn = file
    new = dict(zip(ACTORS, names, strict=True))
    renamed = [
        row
        | {"source": new[row["source"]], "target": new[row["target"]]}
        | {"fatalities_of": new.get(row["fatalities_of"], row["fatalities_of"])}
        for row in drawn
    ]
    before, after = (load(text_of(r), codebook=codebook) for r in (drawn, renamed))
    named = before.events.with_columns(pl.col("source", "target", "fatalities_of").replace(new))
    assert after.events.equals(named)
    assert after.provenance == before.provenance
    for columns in (["source"], ["class", "target"], ["year"]):
        assert after.count_by(*columns)["acts"].to_list() == before.count_by(*columns)["acts"].to_list()
    source = drawn[0]["source"]
    assert (
        after.filter(source=new[source]).events["row"].to_list()
        == before.filter(source=source).events["row"].to_list()
    )


@PROFILE
@given(files(), st.dates(date(2019, 12, 30), date(2020, 3, 1)) | st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_file_without_what_came_later_leaves_the_past_as_it_was(file, as_of):
    codebook, drawn = file

    def known(row: dict[str, str]) -> bool:
        frame = pl.DataFrame(
            {"date": [date.fromisoformat(row["date"])], "precision": [row["precision"] or "day"]}
        )
        return span_ends(frame)[0] <= as_of

    past = [row for row in drawn if known(row)]
    try:
        cut = load(text_of(drawn), codebook=codebook).known_at(as_of)
    except DataError:
        assert not past or min(row["date"] for row in past) >= as_of.isoformat()
        return
    # Which days nobody coded is found from the whole file, and is no news of what came later.
    alone = replace(load(text_of(past), codebook=codebook).known_at(as_of), gaps=cut.gaps)
    assert cut.digest == alone.digest
    assert cut.provenance == alone.provenance
    assert (cut.window, cut.window.end) == (alone.window, as_of)
    assert cut.known_at(as_of).digest == cut.digest


# --- files that are not ----------------------------------------------------------------------------------------------


def load_or_refuse(content: bytes, name: str, **options: object) -> Chronicle | None:
    """Load, or take the one error there may be; its messages must be printable in one line each."""
    try:
        chronicle = load(content, name, **options)
    except DataError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.faults
        assert all(str(fault).isprintable() for fault in refusal.faults)
        assert refusal.to_dict()["faults"]
        return None
    assert chronicle.acts > 0
    assert chronicle.events["source"].null_count() == 0
    return chronicle


book = st.sampled_from([None, "detente", "plover", "cameo", "weis"])
suffix = st.sampled_from(["e.csv", "e.csv.gz", "e.parquet"])


@settings(PROFILE, max_examples=examples(150))
@given(st.binary(max_size=200), suffix, book, st.booleans())
@example(b"PAR1" + b"\xff" * 8 + b"PAR1", "e.parquet", None, False)
@example(b"\x1f\x8b\x08\x00" + b"\0" * 20, "e.csv.gz", None, True)
@example(b"date,source,target,action\n" + b"0000-01-01,A,B,AID\n" * 30, "e.csv", None, False)
def test_any_bytes_are_a_chronicle_or_an_error(content, name, codebook, skip_bad):
    load_or_refuse(content, name, codebook=codebook, skip_bad=skip_bad)


fragments = st.sampled_from(
    [
        b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"9999", b"0000-01-01", b"2020-02-30", b"-",
        "２".encode(), b"ASSAULT", b"joint", b"true", b" ", b"1e999", b"nan", b"month", b"USA", b"class", b"code",
        b"cameo", b"codebook", "\u2028".encode(), "\u0085".encode(), b"\x1b[2J", b",,,,,,,,,,,,,,,,,,,",
    ]
)  # fmt: skip
changes = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "over", "cut", "end", "repeat"]),
        st.integers(0, 1 << 20),
        fragments | st.binary(min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=8,
)


@cache
def good(name: str) -> bytes:
    head = "date,precision,source,target,action,class,mode,fatalities,issue,summary,mutual,confidence\n"
    body = "".join(
        f'2020-01-{day:02d},day,{a},{b},{action},,x,{deaths},nuclear,"Of {action}, day {day}",,high\n'
        for day, action, deaths in [
            (3, "ASSAULT", 2),
            (8, "CONSULT", ""),
            (9, "YIELD", 0),
            (11, "ACCUSE", ""),
        ]
        for a, b in [("USA", "IRN"), ("IRN", "USA")]
    )
    if name == "plain.csv":
        return (head + body).encode()
    with tempfile.TemporaryDirectory() as folder:
        write_events(load(head + body), Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def changed(content: bytes, steps: list[tuple[str, int, bytes]]) -> bytes:
    out = bytearray(content)
    for how, place, what in steps:
        at = place % (len(out) + 1)
        match how:
            case "put":
                out[at:at] = what
            case "over":
                out[at : at + len(what)] = what
            case "cut":
                del out[at : at + 1 + place % 40]
            case "repeat":
                out[at:at] = out[at : at + 200]
            case "end":
                del out[max(at, 20) :]
    return bytes(out)


@pytest.mark.parametrize("name", ["plain.csv", "e.csv", "e.csv.gz", "e.parquet"])
@settings(PROFILE, max_examples=examples(150))
@given(changes, book, st.booleans())
def test_a_good_file_gone_bad_is_a_chronicle_or_an_error(name, steps, codebook, skip_bad):
    content = changed(good(name), steps)
    chronicle = load_or_refuse(content, name, codebook=codebook, skip_bad=skip_bad)
    if chronicle is None:
        return
    # What loads from the ruins is as sound as any chronicle.
    assert said(read_back(chronicle, "back.csv")).equals(said(chronicle))
    told = chronicle.provenance
    left_out = told.skipped + told.domestic + told.duplicates_folded + told.mutual_folded
    assert chronicle.acts == told.rows_read - left_out
    assert skip_bad or not told.faults
