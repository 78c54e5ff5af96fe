"""A table of text: what a file's fields say before they mean anything, and what is wrong with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from detente.base.errors import DataError, Fault
from detente.base.printable import CONTROL

SUFFIXES = (".csv", ".csv.gz", ".gz", ".parquet")
"""What the name of a file may end in."""


MAX_FIELDS = 50_000_000
"""Most fields that are read at once: each takes more memory than its text."""


SHOWN = 20
"""Faults told one by one; the rest are counted."""


@dataclass
class RawTable:
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
    unfinished : bool
        Whether the last line has no line break after it.
    beside : tuple[str, ...]
        Other files in its archive.
    """

    name: str
    columns: pl.DataFrame
    lines: list[int]
    place: str = ":"
    unfinished: bool = False
    beside: tuple[str, ...] = ()
    _unread: Collection[int] = ()
    _found: list[tuple[list[int], Callable[[int], Fault]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take away white space around fields, and make empty ones null."""
        stripped = pl.all().str.strip_chars()
        self.columns = self.columns.with_columns(pl.when(stripped != "").then(stripped))

    def where(self, row: int) -> str:
        """Return the place of a row, as ``events.csv:14``."""
        return f"{self.name}{self.place}{self.lines[row]}"

    def refuse(self, rows: Iterable[int] | pl.Series, fault: Callable[[int], Fault]) -> None:
        """Note that rows, given by position or by a Boolean mask, are faulty; `fault` says what is wrong with one."""
        at = rows.arg_true().to_list() if isinstance(rows, pl.Series) else list(rows)
        at = [row for row in at if row not in self._unread]
        if at:
            self._found.append((at, fault))

    def refuse_unread(self, rows: Collection[int], fault: Callable[[int], Fault]) -> None:
        """Note rows whose fields could not be told apart, so that nothing more is said of them."""
        self.refuse(rows, fault)
        self._unread = rows

    def refuse_control_characters(self) -> None:
        """Note every field that holds a control character."""
        for column in self.columns.columns:
            bad = self.columns[column].str.contains(CONTROL.pattern).fill_null(value=False)

            def fault(row: int, column: str = column) -> Fault:
                got = self.columns[column][row]
                where = self.where(row)
                return Fault("control_characters", column, got=got, where=where, hint="remove_them")

            self.refuse(bad, fault)

    def faulty(self) -> set[int]:
        """Return the positions of rows with at least one fault."""
        return {row for rows, _ in self._found for row in rows}

    def faults(self) -> tuple[Fault, ...]:
        """Return the first faults in the order of the file, and how many more there are."""
        every = [(row, i) for i, (rows, _) in enumerate(self._found) for row in rows[:SHOWN]]
        shown = tuple(self._found[i][1](row) for row, i in sorted(every)[:SHOWN])
        more = sum(len(rows) for rows, _ in self._found) - len(shown)
        if more > 0:
            shown += (Fault("more_faults", f"and {more:,} more", where=self.name),)
        return shown


def file_error(code: str, where: object, hint: str, **values: Any) -> DataError:
    """Return the error of a file that can't be read at all."""
    return DataError(Fault(code, "file", where=str(where), hint=hint, **values))


def header_faults(header: list[str], where: str) -> list[Fault]:
    """Return what is wrong with the names of columns: one used twice, or one that would upset a message."""
    faults = []
    for name, count in Counter(header).items():
        if name and count > 1:
            faults.append(
                Fault("column_named_twice", "header", got=name, where=where, hint="rename_or_remove")
            )
        if not name.isprintable():
            faults.append(Fault("unprintable_name", "header", got=name, where=where, hint="rename_it"))
    return faults
