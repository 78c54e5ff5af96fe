"""Read Parquet as a table of text, with columns of other types refused rather than cast."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.files.raw_table import MAX_FIELDS, RawTable, file_error, header_faults

_KINDS = {
    "text": ("not_texts", "codes_are_strings"),
    "day": ("not_dates", "cast_day"),
    "whole": ("not_whole_numbers", "cast_whole"),
    "number": ("not_numbers", "cast_number"),
    "flag": ("not_flags", "cast_flag"),
}
_STDERR = 2
_one_at_a_time = Lock()


def read_parquet(name: str, data: bytes, types: dict[str, str]) -> RawTable:
    """Read the bytes of a Parquet file; `types` as in `detente.events.files.read_table.read_table`.

    Raises
    ------
    DataError
        If it is not Parquet, or a column that may be used holds something else than its kind.
    """
    try:
        with quiet():
            schema = pl.read_parquet_schema(io.BytesIO(data))
            used = [column for column in schema if column in types]
            most = MAX_FIELDS // max(len(used), 1)
            # The head alone says how many rows there are: equal ones by the million pack into a few bytes.
            rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
            frame = pl.read_parquet(io.BytesIO(data), columns=used, n_rows=0 if rows > most else None)
            items = frame.schema.items()
            faults = header_faults(list(schema), name)
            faults += [fault for item in items for fault in _misfit(name, *item, types[item[0]])]
            if not faults:
                rest = [pl.lit(None, pl.String).alias(column) for column in schema if column not in types]
                frame = frame.select(_as_text(*item) for item in items).with_columns(rest)
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - a broken file may raise anything
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise file_error("not_parquet", name, "write_again", reason=reason) from None
    if faults:
        raise DataError(*faults)
    if rows > most:
        raise file_error("too_many_fields", name, "split_by_year", most=MAX_FIELDS)
    table = RawTable(name, frame, list(range(1, frame.height + 1)), ":row ")
    table.refuse_control_characters()
    return table


def _misfit(name: str, column: str, dtype: pl.DataType, kind: str) -> Iterator[Fault]:
    fits = dtype in (pl.String, pl.Null) or isinstance(dtype, pl.Categorical | pl.Enum)
    fits |= {"day": dtype == pl.Date, "flag": dtype == pl.Boolean}.get(kind, False)
    fits |= kind in ("whole", "number") and dtype.is_integer()
    fits |= kind == "number" and dtype.is_float()
    if not fits:
        code, hint = _KINDS[kind]
        yield Fault(code, f"column {column}", got=str(dtype), where=name, hint=hint)


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(column).dt.to_string("%Y-%m-%d")
    return pl.col(column).cast(pl.String)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what the reader's own threads say of a broken file, a backtrace, off the user's terminal.

    They write to the process's file descriptor, so nothing in Python can catch it. One at a time: two that overlap
    could leave the descriptor closed for good.
    """
    with _one_at_a_time:
        try:
            stderr = os.dup(_STDERR)
        except OSError:  # there is no terminal to keep clean
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STDERR)
            yield
        finally:
            os.dup2(stderr, _STDERR)
            os.close(stderr)
            os.close(nowhere)
