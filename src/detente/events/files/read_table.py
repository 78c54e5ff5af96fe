"""Read CSV strictly, so that no field is dropped, guessed or mended in silence."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl

from detente.base.errors import DataError, Fault
from detente.base.input_files import unfit
from detente.base.input_limits import LIMITS, UNSUSPICIOUS, Limits
from detente.base.printable import CONTROL, name_of
from detente.events.files.archives import OLD_WORKBOOK, refuse_workbook, tables_in
from detente.events.files.headers import in_any_case
from detente.events.files.raw_table import (
    MAX_FIELDS,
    SHOWN,
    SUFFIXES,
    RawTable,
    file_error,
    header_faults,
)
from detente.events.files.read_parquet import read_parquet

_LONGEST_LINE = 1_000_000  # characters: a longer one is no row, and its fields would fill the memory
_PIECE = 1 << 20  # bytes unpacked at once
_PREFIXED = r"^'('*[=+\-@\t\r])"  # what `base.spreadsheet.prefixed` writes before a cell


def read_table(path: Path, types: dict[str, str], limits: Limits = LIMITS) -> RawTable:
    """Read a .csv, .csv.gz, .gz or .parquet file as text.

    Parameters
    ----------
    path : Path
    types : dict
        ``text``, ``day``, ``whole``, ``number`` or ``flag`` for each column that may be used. A Parquet file must
        hold them as such, or as text; its other columns are not read.
    limits : Limits
        How large the file may be, packed and unpacked.

    Returns
    -------
    RawTable
        Fields without the white space around them, and in CSV without the apostrophe that keeps a spreadsheet from
        reading them as formulas. Rows that don't have as many fields as the header are in it,
        empty, and among its faults. Blank lines are left out.

    Raises
    ------
    DataError
        If there is no such file, or if it is no such table.
    """
    data = _bytes_of(path, limits)
    beside: tuple[str, ...] = ()
    name, suffix = name_of(path), path.suffix.lower()
    if data.startswith(OLD_WORKBOOK):
        raise file_error("workbook", name, "save_workbook")
    if data.startswith(b"PK\x03\x04"):
        name, data, beside = _only_table(name, data, limits)
        suffix = ".csv"
    if suffix not in SUFFIXES:
        raise file_error("wrong_ending", name, "save_as_csv", endings=SUFFIXES)
    if suffix == ".parquet":
        return read_parquet(name, data, types)
    if suffix == ".gz":
        data = _unpack(name, data, limits)
    table = _read_csv(name, _decode(name, data), types)
    table.beside = beside
    return table


def _bytes_of(path: Path, limits: Limits) -> bytes:
    hint = "give_table_file"
    try:
        if fault := unfit(path, "file", "table", limits.table, hint):
            raise _too_many(path.name, limits) if fault.code == "too_many_bytes" else DataError(fault)
        data = (
            path.read_bytes() if path.stat().st_size else b""
        )  # what is empty and yet gives bytes may never end
    except FileNotFoundError:
        raise file_error("missing_file", path, hint) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise file_error("unreadable", path, hint, reason=reason) from None
    if not data:
        raise file_error("empty", path.name, "begin_with_header")
    return data


def _only_table(name: str, data: bytes, limits: Limits) -> tuple[str, bytes, tuple[str, ...]]:
    """Return the one table in a zip archive with its name, and the names of texts beside it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [entry for entry in archive.namelist() if not entry.endswith("/")]
            refuse_workbook(name, inside)
            found = tables_in([entry for entry in inside if not entry.startswith("__MACOSX/")])
            if len(found) != 1:
                raise file_error("several_tables", name, "import_csv", got=len(found), file=name)
            most = limits.unpacked(len(data), limits.table)
            if archive.getinfo(found[0]).file_size > most:
                raise _unpacks_to(name, most, limits)
            beside = tuple(entry for entry in inside if entry != found[0])
            return f"{name}/{found[0]}", archive.read(found[0]), beside
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise file_error("not_unpacked", name, "unpack", reason=str(error)) from None


def _unpack(name: str, data: bytes, limits: Limits) -> bytes:
    """Return what a gzip file holds: unpacked twice, since nothing is kept before it is known to be small enough."""
    most = limits.unpacked(len(data), limits.table)
    # It ends with how many bytes it, or its last part, unpacks to; that may be too few, and never too many. A small
    # file is soon read through, and may be one that was cut off.
    if (
        data.startswith(b"\x1f\x8b")
        and len(data) > UNSUSPICIOUS
        and int.from_bytes(data[-4:], "little") > most
    ):
        raise _unpacks_to(name, most, limits)
    packed, size = io.BytesIO(data), 0
    try:
        with gzip.GzipFile(fileobj=packed) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > most or size > limits.unpacked(packed.tell(), limits.table):
                    raise _unpacks_to(name, most, limits)
        if not size:
            raise file_error("empty", name, "begin_with_header")
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise file_error("not_gzip", name, "unpack", reason=str(error)) from None


def _unpacks_to(name: str, most: int, limits: Limits) -> DataError:
    """Return the error of a packed file: that it is too large, or that it is far larger than it looks."""
    return _too_many(name, limits) if most == limits.table else unpacks_to_too_much(name, most, limits)


def unpacks_to_too_much(name: str, most: int, limits: Limits) -> DataError:
    """Return the error of a packed file that holds far more than it seems to."""
    return file_error(
        "unpacks_to_too_much", name, "raise_limit", most=most, ratio=limits.ratio, limit="ratio"
    )


def _too_many(name: str, limits: Limits) -> DataError:
    return file_error("too_many_bytes", name, "split_or_raise", most=limits.table, limit="table")


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


def _read_csv(name: str, text: str, types: Collection[str]) -> RawTable:
    reader = csv.reader(_lines(name, text), strict=True)
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
                header = in_any_case(_check_header(f"{name}:{line}", fields, events="source" in types), types)
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
    if "'" in text:
        frame = frame.with_columns(without_prefix())
    table = RawTable(name, frame, lines, unfinished=bool(lines) and not text.endswith(("\n", "\r")))

    def wrong_length(row: int) -> Fault:
        got, where, hint = ragged[row], table.where(row), "quote_commas"
        return Fault("wrong_number_of_fields", "row", got=got, where=where, hint=hint, count=len(blank))

    table.refuse_unread(ragged, wrong_length)
    if CONTROL.search(text):
        table.refuse_control_characters()
    return table


def without_prefix() -> pl.Expr:
    """Return all columns of text without what `detente.base.spreadsheet.prefixed` puts before cells.

    Examples
    --------
    >>> pl.DataFrame({"summary": ["'=1+1", "'quoted'"]}).with_columns(without_prefix())["summary"].to_list()
    ['=1+1', "'quoted'"]
    """
    return pl.all().str.replace(_PREFIXED, "$1")


def _lines(name: str, text: str) -> Iterator[str]:
    """Yield lines, and refuse one that is no row of a table."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > _LONGEST_LINE:
            raise file_error("line_too_long", f"{name}:{number}", "is_it_text", most=_LONGEST_LINE)
        yield line


def _check_header(where: str, fields: list[str], *, events: bool) -> list[str]:
    header = [name.strip() for name in fields]
    faults = []
    if len(header) == 1 and re.search("[;\t|]", header[0]):
        hint = {"hint": "import_csv", "file": where.partition(":")[0]} if events else {}
        faults.append(Fault("not_commas", "fields", got=header[0], where=where, **hint))
    elif "" in header:
        number = header.index("") + 1
        faults.append(Fault("unnamed_column", "header", where=where, hint="name_or_remove", number=number))
    faults += header_faults(header, where)
    if faults:
        raise DataError(*faults[:SHOWN])
    return header
