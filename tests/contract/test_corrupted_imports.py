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
from detente.events.importing.importer import import_events
from detente.events.importing.layouts import LAYOUTS
from tiers import SLOW_TIER

FORMATS = Path(str(resources.files("detente"))) / "data" / "formats"
FILES = {path.stem: path.read_bytes() for path in FORMATS.iterdir() if path.suffix != ".md"}
FILES["csv"] = (FORMATS.parent / "us_iran" / "events.csv").read_bytes()
FILES["csv of codes"] = FILES["keds-cameo"].replace(b",code", b",cameo", 1)
SEEDS = range(10 if SLOW_TIER else 3)


def separator(form):
    return LAYOUTS[form].separator.encode()


def first_row(form):
    return 0 if LAYOUTS[form].widths else 1


def change_a_line(how):
    def corrupt(form, data, rng):
        rows = data.rstrip(b"\n").split(b"\n")
        at = int(rng.integers(first_row(form), min(len(rows), 200)))
        rows[at] = how(form, rows[at], rng, rows)
        return b"\n".join(rows) + b"\n"

    return corrupt


def column(form, rows, *names):
    layout = LAYOUTS[form]
    width = rows[0].count(separator(form)) + 1
    have = layout.widths[width] if layout.widths else tuple(rows[0].decode().split(layout.separator))
    return next(have.index(name) for name in names if name in have)


def set_field(form, line, at, change):
    fields = line.split(separator(form))
    fields[at] = change(fields[at])
    return separator(form).join(fields)


DATE = ("SQLDATE", "Event Date", "date")
CODE = ("EventCode", "CAMEO Code", "Event Type", "code", "cameo", "action")
SOURCE = ("Actor1Code", "Source Name", "Actor Name", "source")


def lost_field(form, line, rng, rows):
    return line.partition(separator(form))[2]


def one_field_more(form, line, rng, rows):
    fields = line.split(separator(form))
    fields.insert(int(rng.integers(0, len(fields) + 1)), b"")
    return separator(form).join(fields)


def two_fields_run_together(form, line, rng, rows):
    fields = line.split(separator(form))
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
    fields = line.split(separator(form))
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
    if LAYOUTS[form].widths:
        return b"\t".join(name.encode() for name in next(iter(LAYOUTS[form].widths.values()))) + b"\n" + data
    head, _, rest = data.partition(b"\n")
    return head.replace(b"ate", b"oot", 1) + b"\n" + rest


CORRUPTIONS = {
    how.__name__: change_a_line(how)
    for how in (lost_field, one_field_more, two_fields_run_together, nul, no_utf8, impossible_day, unknown_code,
                lost_zero, control_character, swapped)
} | {how.__name__: how for how in (cut_off, packed_and_cut, packed_and_damaged, shuffled_header)}  # fmt: skip
SILENT = {"cut_off"}  # a cut between two lines leaves a sound, shorter file


def clean(name, folder):
    (folder / "good.txt").write_bytes(FILES[name])
    import_events(name.split()[0], [folder / "good.txt"], folder / "clean.parquet")
    found = Counter(pl.read_parquet(folder / "clean.parquet").rows())
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
        path, out = tmp_path / "bad.txt", tmp_path / "out.parquet"
        path.write_bytes(data)
        told, faults = import_or_refuse(form, path, out)
        assert all(str(fault).isprintable() for fault in faults)
        if told is None:
            assert faults
            assert [p.name for p in tmp_path.iterdir()] == ["bad.txt"]
            continue
        events = Counter(pl.read_parquet(out).rows())
        assert events <= good, f"seed {seed}: {events - good}"
        lost = sum(told.refused.values())
        assert told.rows == told.events + told.folded + sum(told.left_out.values()) + lost
        assert lost or corruption in SILENT, f"seed {seed}: nothing was refused"
        out.unlink()
        out.with_name("out.parquet.json").unlink()
