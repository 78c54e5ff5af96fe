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
    Table,
    file_error,
    header_faults,
)
from detente.events.files.read_parquet import read_parquet

_BEGIN = "Begin it with date,source,target,action."


def read_table(path: Path, types: dict[str, str]) -> Table:
    """Read a .csv, .csv.gz, .gz or .parquet file as text.

    Parameters
    ----------
    path : Path
    types : dict
        ``text``, ``day``, ``whole``, ``number`` or ``flag`` for each column that may be used. A Parquet file must
        hold them as such, or as text; its other columns are not read.

    Returns
    -------
    Table
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
        raise file_error(f"must end in {', '.join(SUFFIXES)}", path.name, None, "Save it as CSV with commas.")
    if suffix == ".parquet":
        return read_parquet(path.name, data, types)
    if suffix == ".gz":
        data = _unpack(path.name, data)
    return _read_csv(path.name, _decode(path.name, data))


def _bytes_of(path: Path) -> bytes:
    hint = "Give the path of a CSV or Parquet file."
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "a device"
            raise file_error("must be a file", f"{what}: {path}", None, hint)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise file_error("must exist", str(path), None, hint) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise file_error("must be readable", f"{reason}: {path}", None, hint) from None
    return _no_more_than_fits(path.name, data)


def _unpack(name: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        hint = "Unpack it, or pack it anew with gzip."
        raise file_error("must be gzip, as its name says", str(error), name, hint) from None
    return _no_more_than_fits(name, unpacked)


def _no_more_than_fits(name: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise file_error(f"must hold at most {MAX_BYTES:,} bytes", None, name, "Split it by year.")
    if not data:
        raise file_error("must not be empty", None, name, _BEGIN)
    return data


def _decode(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        packed = data.startswith(b"\x1f\x8b")
        hint = "It is packed: name it .csv.gz." if packed else "Save it as UTF-8."
        got = f"byte 0x{data[error.start]:02x}"
        raise file_error("must be UTF-8 text", got, f"{name}:{line}", hint) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        hint = "Save it as UTF-8, or remove the byte."
        raise file_error("must not hold NUL bytes", None, f"{name}:{line}", hint)
    return text


def _read_csv(name: str, text: str) -> Table:
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
                raise file_error(f"must hold at most {MAX_FIELDS:,} fields", None, name, "Split it by year.")
    except csv.Error as error:
        hint = (
            'Put fields with commas, quotes or line breaks in "double quotes", and double the quotes in them.'
        )
        fault = Fault("row", "must be well-formed CSV", str(error), f"{name}:{last + 1}", hint)
        raise DataError(fault) from None
    if header is None:
        raise file_error("must have a header", None, name, _BEGIN)
    columns = zip(*rows, strict=True) if rows else ([] for _ in header)
    frame = pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(header, columns, strict=True)])
    table = Table(name, frame, lines)

    def wrong_length(row: int) -> Fault:
        hint = "Put fields that hold commas in double quotes."
        return Fault("row", f"must have {len(blank)} fields", ragged[row], table.where(row), hint)

    table.refuse_unread(ragged, wrong_length)
    if CONTROL.search(text):
        table.refuse_control_characters()
    return table


def _check_header(where: str, fields: list[str]) -> list[str]:
    header = [name.strip() for name in fields]
    faults = []
    if len(header) == 1 and re.search("[;\t|]", header[0]):
        hint = "Save it as CSV with commas."
        faults.append(Fault("fields", "must be separated by commas", header[0], where, hint))
    elif "" in header:
        got = f"nothing for column {header.index('') + 1}"
        faults.append(Fault("header", "must name every column", got, where, "Name or remove it."))
    faults += header_faults(header, where)
    if faults:
        raise DataError(*faults[:SHOWN])
    return header
