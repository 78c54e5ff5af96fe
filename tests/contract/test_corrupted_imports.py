"""Files of every format with a seeded fault: a clear error or a counted refusal, never an event that was not there."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections import Counter
from importlib import resources
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.base.errors import DataError
from detente.events.files.event_file import load_events
from detente.events.importing import blocks
from detente.events.importing.importer import import_events
from detente.events.importing.registry import layout_registry, layout_seen
from detente.events.ontology.null_words import NULL_WORDS, null_words
from tiers import SLOW_TIER

FORMATS = Path(str(resources.files("detente"))) / "data" / "formats"
FILES = {path.stem: path.read_bytes() for path in FORMATS.iterdir() if path.suffix != ".md"}
FILES["csv"] = (FORMATS.parent / "us_iran" / "events.csv").read_bytes()
FILES["csv of codes"] = FILES["keds-cameo"].replace(b",code", b",cameo", 1)
SEEDS = range(10 if SLOW_TIER else 3)


def opening(form, data):
    return layout_registry()[form].opening(data.partition(b"\n")[0].decode("utf-8-sig"))


def separator(form):
    return opening(form, FILES.get(form, FILES["csv"])).separator.encode()


def first_row(form):
    return int(opening(form, FILES[form]).header)


def fields_of(form, line):
    """Return the fields of a line; a separator in quotes is part of a field."""
    between = separator(form)
    parts, fields = line.split(between), []
    for part in parts:
        if fields and fields[-1].count(b'"') % 2:
            fields[-1] += between + part
        else:
            fields.append(part)
    return fields


def change_a_line(how):
    def corrupt(form, data, rng):
        rows = data.rstrip(b"\n").split(b"\n")
        at = int(rng.integers(first_row(form), min(len(rows), 200)))
        rows[at] = how(form, rows[at], rng, rows)
        return b"\n".join(rows) + b"\n"

    return corrupt


def column(form, rows, *names):
    have = opening(form, rows[0]).columns
    return next(have.index(name) for name in names if name in have)


def set_field(form, line, at, change):
    fields = fields_of(form, line)
    fields[at] = change(fields[at])
    return separator(form).join(fields)


DATE = ("SQLDATE", "Event Date", "event_date", "date_start", "story_date", "date8", "Date", "styear", "date")
CODE = (
    *("EventCode", "CAMEO Code", "Event Type", "sub_event_type", "type_of_violence", "CAMEOCode"),
    *("code", "cameo", "action"),
)
SOURCE = (
    *("Actor1Code", "Source Name", "Actor Name", "SourceActorFull", "Source", "actor1", "side_a", "ccode1"),
    *("ccode", "source"),
)


def lost_field(form, line, rng, rows):
    return line.partition(separator(form))[2]


def one_field_more(form, line, rng, rows):
    fields = fields_of(form, line)
    fields.insert(int(rng.integers(0, len(fields) + 1)), b"")
    return separator(form).join(fields)


def two_fields_run_together(form, line, rng, rows):
    fields = fields_of(form, line)
    at = int(rng.integers(0, len(fields) - 1))
    fields[at : at + 2] = [fields[at] + fields[at + 1]]
    return separator(form).join(fields)


def nul(form, line, rng, rows):
    at = int(rng.integers(0, len(line)))
    return line[:at] + b"\0" + line[at:]


def no_utf8(form, line, rng, rows):
    at = int(rng.integers(0, len(line)))
    return line[:at] + b"\xff\xfe" + line[at:]


def impossible_day(form, line, rng, rows):
    days = [b"2019-02-30", b"20190230", b"2019-13-01", b"", b"04.03.2019", b"NA", b"2019-3-4", b"9999-01-01"]
    return set_field(form, line, column(form, rows, *DATE), lambda _: days[rng.integers(len(days))])


def unknown_code(form, line, rng, rows):
    codes = [b"", b"999", b"X", b"40", b"4.0", b"1E3", b"---", b"0400", b"CONSUL"]
    return set_field(form, line, column(form, rows, *CODE), lambda _: codes[rng.integers(len(codes))])


def lost_zero(form, line, rng, rows):
    at = column(form, rows, *CODE)
    return set_field(form, line, at, lambda code: code.lstrip(b"0") if code[:1] == b"0" else b"7" + code)


def control_character(form, line, rng, rows):
    return set_field(form, line, column(form, rows, *SOURCE), lambda name: b"A\x1b[2J" + name)


def swapped(form, line, rng, rows):
    one, other = column(form, rows, *DATE), column(form, rows, *CODE)
    fields = fields_of(form, line)
    fields[one], fields[other] = fields[other], fields[one]
    return separator(form).join(fields)


def cut_off(form, data, rng):
    return data[: int(rng.integers(len(data) // 2, len(data)))]


def packed_and_cut(form, data, rng):
    whole = gzip.compress(data)
    return whole[: int(rng.integers(20, len(whole) - 1))]


def packed_and_damaged(form, data, rng):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", data)
    whole = bytearray(out.getvalue())
    at = int(rng.integers(60, len(whole) // 2))
    whole[at] ^= 0xFF
    return bytes(whole)


def shuffled_header(form, data, rng):
    if not opening(form, data).header:
        return b"\t".join(b"column %d" % i for i in range(len(opening(form, data).columns))) + b"\n" + data
    head, _, rest = data.partition(b"\n")
    for word in (b"ate", b"ear"):
        head = head.replace(word, b"oot")
    return head + b"\n" + rest


CORRUPTIONS = {
    how.__name__: change_a_line(how)
    for how in (lost_field, one_field_more, two_fields_run_together, nul, no_utf8, impossible_day, unknown_code,
                lost_zero, control_character, swapped)
} | {how.__name__: how for how in (cut_off, packed_and_cut, packed_and_damaged, shuffled_header)}  # fmt: skip
HEALED = {"lost_zero"}  # another column of the row says which code it was
SILENT = {"cut_off"}  # a cut between two lines leaves a sound, shorter file


def read(path):
    """Return the events of a file by what is known of them; when they were reported, and beside which, is no part."""
    rows = pl.read_parquet(path).drop("reported", strict=False).iter_rows(named=True)
    return Counter(frozenset((k, v) for k, v in row.items() if v not in (None, "one report")) for row in rows)


def without_deaths(events):
    """Return events as they are where nobody knows how many died, and of whom."""
    return Counter(
        frozenset((k, v) for k, v in event if k not in ("fatalities", "fatalities_of"))
        for event in events.elements()
    )


def clean(name, folder):
    (folder / "good.txt").write_bytes(FILES[name])
    import_events(name.split()[0], [folder / "good.txt"], folder / "clean.parquet")
    found = read(folder / "clean.parquet")
    for path in folder.iterdir():
        path.unlink()
    return found


def import_or_refuse(form, path, out):
    try:
        told = import_events(form, [path], out, threads=1)
    except DataError as error:
        return None, error.faults
    return told, told.faults


@pytest.mark.like_cases
@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("corruption", sorted(CORRUPTIONS))
def test_a_corrupted_file_gives_no_wrong_event(name, corruption, tmp_path):
    good, form = clean(name, tmp_path), name.split()[0]
    for seed in SEEDS:
        rng = np.random.default_rng([seed, *corruption.encode()])
        data = CORRUPTIONS[corruption](form, FILES[name], rng)
        if data == FILES[name]:
            continue
        path, out = tmp_path / "bad.txt", tmp_path / "out.parquet"
        path.write_bytes(data)
        told, faults = import_or_refuse(form, path, out)
        assert all(str(fault).isprintable() for fault in faults)
        if told is None:
            assert faults
            assert [p.name for p in tmp_path.iterdir()] == ["bad.txt"]
            continue
        events = read(out)
        odd = sum((events - good - without_deaths(good)).values())  # that deaths are unknown is not wrong
        # A place in Latin-1 is another place, and a last line that was cut may be another act: both are said.
        assert odd <= told.notes.get("latin-1", 0) + told.notes.get("unfinished", 0), (
            f"seed {seed}: {events - good}"
        )
        lost = sum(told.refused.values())
        assert told.rows + told.more == told.events + told.folded + sum(told.left_out.values()) + lost
        # The damage may heal, or lie in a line that is counted as no act of two actors.
        harmless = events == good and (corruption in HEALED or told.left_out)
        said = lost or "apart" in told.left_out or told.notes.keys() & {"latin-1", "unfinished", "padded"}
        assert said or harmless or corruption in SILENT, f"seed {seed}: nothing was refused"
        out.unlink()
        out.with_name("out.parquet.json").unlink()


# --- every layout ----------------------------------------------------------------------------------------------------

SAMPLES = {name: layout for name, layout in layout_registry().items() if layout.sample}
TABLES = {"keds-weis", "keds-cameo", "csv"}  # date, source, target, code


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_of_a_layout_is_seen_as_it(name):
    first = FILES[name].partition(b"\n")[0].decode("utf-8-sig")
    assert layout_seen(first).name == ("keds-cameo" if name in TABLES else name)


@pytest.mark.parametrize("other", SAMPLES)
def test_no_layout_reads_the_sample_of_another(other, tmp_path):
    path = tmp_path / "in.txt"
    path.write_bytes(FILES[other])
    for name in layout_registry():
        if name == other or {name, other} <= TABLES:
            continue
        with pytest.raises(DataError) as error:
            import_events(name, [path], tmp_path / "out.parquet")
        if other not in TABLES:
            assert f"looks like {other}" in str(error.value).lower()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_layout_reads_back_what_it_wrote(name, tmp_path, monkeypatch):
    layout, out = layout_registry()[name], tmp_path / "out.parquet"
    assert layout.sample == f"{name}{Path(layout.sample).suffix}"
    told = import_events(name, [FORMATS / layout.sample], out)
    assert told.rows + told.more == told.events + told.folded + sum(told.left_out.values())
    chronicle = load_events(out)
    assert chronicle.provenance.rows_read == told.events
    whole = out.read_bytes()
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 100)
    import_events(name, [FORMATS / layout.sample], out, threads=3)
    assert load_events(out).digest == chronicle.digest
    assert pl.read_parquet(out).equals(pl.read_parquet(whole))


@pytest.mark.parametrize("name", SAMPLES)
def test_words_for_nothing_are_nobody_in_every_layout(name, tmp_path):
    data = FILES[name].rstrip(b"\n").split(b"\n")
    at = column(name, data, *SOURCE)
    head, rows = data[: first_row(name)], data[first_row(name) :]
    for word in null_words(layout_registry()[name].codebook):
        changed = [set_field(name, row, at, lambda _, word=word: word.encode()) for row in rows]
        (tmp_path / "in.txt").write_bytes(b"\n".join([*head, *changed]) + b"\n")
        told, _ = import_or_refuse(name, tmp_path / "in.txt", tmp_path / "out.parquet")
        if told is not None:  # a country or a number may still say who it was: never the word itself
            actors = pl.read_parquet(tmp_path / "out.parquet")["source"]
            assert not set(actors) & set(NULL_WORDS), word
