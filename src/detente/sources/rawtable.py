"""Tables of text: read CSV and Parquet strictly, so that no field is dropped, guessed or mended in silence."""

from __future__ import annotations

import csv
import gzip
import io
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from detente.errors import DataError, Fault

SUFFIXES = (".csv", ".csv.gz", ".gz", ".parquet")
"""What the name of an event file may end in."""

MAX_BYTES = 1 << 30
"""Largest file that is read, unpacked: a small archive can unpack to more than the memory."""

SHOWN = 20
"""Faults told one by one; the rest are counted."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass
class Table:
    """A file's columns as text, and the faults found in its rows so far.

    Attributes
    ----------
    name : str
        The file's name, for messages.
    columns : polars.DataFrame
        One String column per header name; null where the field is empty. Shape (row, column).
    lines : list[int]
        Line, or for Parquet row, on which each row starts.
    place : str
        What stands between the name and the line in messages.
    """

    name: str
    columns: pl.DataFrame
    lines: list[int]
    place: str = ":"
    _found: list[tuple[list[int], Callable[[int], Fault]]] = field(default_factory=list)

    def where(self, row: int) -> str:
        """Return the place of a row, as ``events.csv:14``."""
        return f"{self.name}{self.place}{self.lines[row]}"

    def refuse(self, rows: Iterable[int] | pl.Series, fault: Callable[[int], Fault]) -> None:
        """Note that rows, given by position or by a Boolean mask, are faulty; `fault` says what is wrong with one."""
        at = rows.arg_true().to_list() if isinstance(rows, pl.Series) else list(rows)
        if at:
            self._found.append((at, fault))

    def faulty(self) -> set[int]:
        """Return the positions of rows with at least one fault."""
        return {row for rows, _ in self._found for row in rows}

    def faults(self) -> tuple[Fault, ...]:
        """Return the first faults in the order of the file, and how many more there are."""
        every = [(row, i) for i, (rows, _) in enumerate(self._found) for row in rows[:SHOWN]]
        shown = tuple(self._found[i][1](row) for row, i in sorted(every)[:SHOWN])
        more = sum(len(rows) for rows, _ in self._found) - len(shown)
        if more > 0:
            shown += (Fault(f"and {more:,} more", "of the same kinds are not shown", where=self.name),)
        return shown


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
    if path.suffix not in SUFFIXES:
        hint = "Save it as CSV with commas."
        raise _file_fault("event file", f"must end in {', '.join(SUFFIXES)}", path.name, None, hint)
    if path.suffix == ".parquet":
        return _read_parquet(path.name, data, types)
    if path.suffix == ".gz":
        data = _unpack(path.name, data)
    return _read_csv(path.name, _decode(path.name, data))


def _bytes_of(path: Path) -> bytes:
    hint = "Give the path of a CSV or Parquet file."
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise _file_fault("event file", "must be a file", what, path.name, hint)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _file_fault("event file", "must exist", str(path), None, hint) from None
    except (OSError, ValueError) as error:
        raise _file_fault("event file", "must be readable", str(error), None, hint) from None
    return _no_more_than_fits(path.name, data)


def _unpack(name: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        hint = "Unpack it, or pack it anew with gzip."
        raise _file_fault("event file", "must be gzip, as its name says", str(error), name, hint) from None
    return _no_more_than_fits(name, unpacked)


def _no_more_than_fits(name: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        hint = "Split it by year."
        raise _file_fault("event file", f"must hold at most {MAX_BYTES:,} bytes", None, name, hint)
    if not data:
        raise _file_fault(
            "event file", "must not be empty", None, name, "Begin it with date,source,target,action."
        )
    return data


def _decode(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        packed = data.startswith(b"\x1f\x8b")
        hint = "It is packed: name it .csv.gz." if packed else "Save it as UTF-8."
        got = f"byte 0x{data[error.start]:02x}"
        raise _file_fault("event file", "must be UTF-8 text", got, f"{name}:{line}", hint) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        hint = "Save it as UTF-8, or remove the byte."
        raise _file_fault("event file", "must not hold NUL bytes", None, f"{name}:{line}", hint)
    return text


def _read_csv(name: str, text: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
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
                continue
            if len(fields) != len(header):
                ragged[len(rows)] = len(fields)
                fields = [""] * len(header)
            rows.append(fields)
            lines.append(line)
    except csv.Error as error:
        hint = (
            'Put fields with commas, quotes or line breaks in "double quotes", and double the quotes in them.'
        )
        raise _file_fault("row", "must be well-formed CSV", str(error), f"{name}:{last + 1}", hint) from None
    if header is None:
        raise _file_fault(
            "event file", "must have a header", None, name, "Begin it with date,source,target,action."
        )
    columns = zip(*rows, strict=True) if rows else [[] for _ in header]
    frame = pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(header, columns, strict=True)])
    table = Table(name, _strip(frame), lines)
    expected = len(header)

    def wrong_length(row: int) -> Fault:
        hint = "Put fields that hold commas in double quotes."
        return Fault("row", f"must have {expected} fields", ragged[row], table.where(row), hint)

    table.refuse(ragged, wrong_length)
    if _CONTROL.search(text):
        _refuse_control_characters(table)
    return table


def _check_header(where: str, fields: list[str]) -> list[str]:
    header = [name.strip() for name in fields]
    faults = []
    if len(header) == 1 and re.search("[;\t|]", header[0]):
        faults.append(
            Fault("fields", "must be separated by commas", header[0], where, "Save it as CSV with commas.")
        )
    elif "" in header:
        at = header.index("") + 1
        faults.append(
            Fault("header", "must name every column", f"nothing for column {at}", where, "Name or remove it.")
        )
    twice = dict.fromkeys(name for name in header if name and header.count(name) > 1)
    hint = "Rename or remove one."
    faults += [Fault("header", "must name each column once", name, where, hint) for name in twice]
    if faults:
        raise DataError(*faults)
    return header


def _refuse_control_characters(table: Table) -> None:
    for column in table.columns.columns:
        bad = table.columns[column].str.contains(_CONTROL.pattern).fill_null(value=False)

        def fault(row: int, column: str = column) -> Fault:
            got = table.columns[column][row]
            return Fault(column, "must not hold control characters", got, table.where(row), "Remove them.")

        table.refuse(bad, fault)


def _strip(frame: pl.DataFrame) -> pl.DataFrame:
    stripped = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(stripped != "").then(stripped))


_KINDS = {
    "text": ("must hold text", "Codes are strings: a number has lost its leading zeros."),
    "day": ("must hold dates", "Cast it to Date, or write YYYY-MM-DD."),
    "whole": ("must hold whole numbers", "Cast it to Int64."),
    "number": ("must hold numbers", "Cast it to Float64."),
    "flag": ("must hold true or false", "Cast it to Boolean."),
}


def _read_parquet(name: str, data: bytes, types: dict[str, str]) -> Table:
    try:
        schema = pl.read_parquet_schema(io.BytesIO(data))
        frame = pl.read_parquet(io.BytesIO(data), columns=[column for column in schema if column in types])
        faults = [
            fault for column, dtype in frame.schema.items() for fault in _misfit(name, column, dtype, types)
        ]
        if not faults:
            rest = [pl.lit(None, pl.String).alias(column) for column in schema if column not in types]
            frame = frame.select(_as_text(*item) for item in frame.schema.items()).with_columns(rest)
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - a broken file may raise anything
        got = (str(error).splitlines() or [""])[0]
        hint = "Write it anew, or give a CSV file."
        raise _file_fault("event file", "must be Parquet, as its name says", got, name, hint) from None
    if faults:
        raise DataError(*faults)
    table = Table(name, _strip(frame), list(range(1, frame.height + 1)), ":row ")
    _refuse_control_characters(table)
    return table


def _misfit(name: str, column: str, dtype: pl.DataType, types: dict[str, str]) -> Iterator[Fault]:
    kind = types[column]
    fits = dtype in (pl.String, pl.Null) or isinstance(dtype, pl.Categorical | pl.Enum)
    fits |= {"day": dtype == pl.Date, "flag": dtype == pl.Boolean}.get(kind, False)
    fits |= kind in ("whole", "number") and dtype.is_integer()
    fits |= kind == "number" and dtype.is_float()
    if not fits:
        constraint, hint = _KINDS[kind]
        yield Fault(f"column {column}", constraint, str(dtype), name, hint)


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(column).dt.to_string("%Y-%m-%d")
    return pl.col(column).cast(pl.String)


def _file_fault(what: str, constraint: str, got: str | None, where: str | None, hint: str) -> DataError:
    return DataError(Fault(what, constraint, got, where, hint))
