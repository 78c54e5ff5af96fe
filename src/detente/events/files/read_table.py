"""Read CSV strictly, so that no field is dropped, guessed or mended in silence."""

from __future__ import annotations

import csv
import gzip
import io
import re
import stat
import zlib
from pathlib import Path

import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.files.raw_table import (
    CONTROL,
    MAX_BYTES,
    MAX_FIELDS,
    SHOWN,
    SUFFIXES,
    RawTable,
    file_error,
    header_faults,
)
from detente.events.files.read_parquet import read_parquet


def read_table(path: Path, types: dict[str, str]) -> RawTable:
    """Read a .csv, .csv.gz, .gz or .parquet file as text.

    Parameters
    ----------
    path : Path
    types : dict
        ``text``, ``day``, ``whole``, ``number`` or ``flag`` for each column that may be used. A Parquet file must
        hold them as such, or as text; its other columns are not read.

    Returns
    -------
    RawTable
        Fields without the white space around them. Rows that don't have as many fields as the header are in it,
        empty, and among its faults. Blank lines are left out.

    Raises
    ------
    DataError
        If there is no such file, or if it is no such table.
    """
    data = _bytes_of(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise file_error("wrong_ending", path.name, "save_as_csv", endings=SUFFIXES)
    if suffix == ".parquet":
        return read_parquet(path.name, data, types)
    if suffix == ".gz":
        data = _unpack(path.name, data)
    return _read_csv(path.name, _decode(path.name, data))


def _bytes_of(path: Path) -> bytes:
    hint = "give_table_file"
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise file_error("not_a_file", path, hint)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise file_error("missing_file", path, hint) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise file_error("unreadable", path, hint, reason=reason) from None
    return _no_more_than_fits(path.name, data)


def _unpack(name: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise file_error("not_gzip", name, "unpack", reason=str(error)) from None
    return _no_more_than_fits(name, unpacked)


def _no_more_than_fits(name: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise file_error("too_many_bytes", name, "split_by_year", most=MAX_BYTES)
    if not data:
        raise file_error("empty", name, "begin_with_header")
    return data


def _decode(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        packed = data.startswith(b"\x1f\x8b")
        hint = "name_it_gz" if packed else "save_as_utf8"
        got = f"0x{data[error.start]:02x}"
        raise file_error("not_utf8", f"{name}:{line}", hint, got=got) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise file_error("nul_bytes", f"{name}:{line}", "save_or_remove_byte")
    return text


def _read_csv(name: str, text: str) -> RawTable:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    blank: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: dict[int, int] = {}
    last = 0
    try:
        for fields in reader:
            line, last = last + 1, reader.line_num
            if not fields:
                continue
            if header is None:
                header = _check_header(f"{name}:{line}", fields)
                blank = [""] * len(header)
                continue
            if len(fields) == len(blank):
                rows.append(fields)
            else:
                ragged[len(rows)] = len(fields)
                rows.append(blank)
            lines.append(line)
            if len(rows) * len(blank) > MAX_FIELDS:
                raise file_error("too_many_fields", name, "split_by_year", most=MAX_FIELDS)
    except csv.Error as error:
        where = f"{name}:{last + 1}"
        raise DataError(
            Fault("bad_csv", "row", where=where, hint="quote_fields", reason=str(error))
        ) from None
    if header is None:
        raise file_error("no_header", name, "begin_with_header")
    columns = zip(*rows, strict=True) if rows else ([] for _ in header)
    frame = pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(header, columns, strict=True)])
    table = RawTable(name, frame, lines)

    def wrong_length(row: int) -> Fault:
        got, where, hint = ragged[row], table.where(row), "quote_commas"
        return Fault("wrong_number_of_fields", "row", got=got, where=where, hint=hint, count=len(blank))

    table.refuse_unread(ragged, wrong_length)
    if CONTROL.search(text):
        table.refuse_control_characters()
    return table


def _check_header(where: str, fields: list[str]) -> list[str]:
    header = [name.strip() for name in fields]
    faults = []
    if len(header) == 1 and re.search("[;\t|]", header[0]):
        faults.append(Fault("not_commas", "fields", got=header[0], where=where, hint="save_as_csv"))
    elif "" in header:
        number = header.index("") + 1
        faults.append(Fault("unnamed_column", "header", where=where, hint="name_or_remove", number=number))
    faults += header_faults(header, where)
    if faults:
        raise DataError(*faults[:SHOWN])
    return header
