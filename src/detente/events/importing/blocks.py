"""Texts of any size as blocks of whole lines, and blocks as frames of text, strictly."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.files.raw_table import file_error
from detente.events.importing.members import Member, reading

BLOCK_BYTES = 1 << 24
"""Bytes of text read at once."""


LINE = "line"
"""Column of a row's line in its file."""


SHOWN_EACH = 3
"""Faulty rows told of each reason."""


_LONGEST = 1 << 26  # bytes of one line: more is no table
_BATCH = 50_000  # rows of a quoted file in one frame
_MORE = "more than the header"


@dataclass(frozen=True)
class Block:
    """Whole lines of a text.

    Attributes
    ----------
    data : bytes
    line : int
        Number of the first of them.
    ended : bool
        False for a text's last line if no line break ends it.
    """

    data: bytes
    line: int
    ended: bool = True


@dataclass(frozen=True)
class Bad:
    """Rows whose fields cannot be told apart: all are counted, the first few kept, however many there are.

    Attributes
    ----------
    why : Counter of str
        Rows by reason.
    shown : list of (int, str, str)
        Line, reason and what was got.
    """

    why: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, line: int, reason: str, got: str) -> None:
        """Count a row, and keep it if it is one of the first."""
        self.why[reason] += 1
        if len(self.shown) < SHOWN_EACH:
            self.shown.append((line, reason, got))


@dataclass(frozen=True)
class Rows:
    """Rows as text.

    Attributes
    ----------
    frame : polars.DataFrame
        A Categorical or String column for each wanted one, null where empty, and `LINE`. Shape (row, column).
    bad : Bad
        Rows whose fields cannot be told apart.
    """

    frame: pl.DataFrame
    bad: Bad = field(default_factory=Bad)


def blocks_of(member: Member) -> Iterator[Block]:
    """Yield a text in blocks of whole lines.

    Raises
    ------
    DataError
        If it does not unpack, is not UTF-8 by its first bytes, or has a line without end.
    """
    rest, line, first = b"", 1, True
    with reading(member.name):
        while chunk := member.stream.read(BLOCK_BYTES):
            if first:
                chunk, first = _without_mark(chunk, member.name), False
            cut = chunk.rfind(b"\n") + 1
            if not cut:
                rest += chunk
                if len(rest) > _LONGEST:
                    raise file_error("no_lines", member.name, "is_it_text", most=_LONGEST)
                continue
            data, rest = b"".join((rest, memoryview(chunk)[:cut])), chunk[cut:]
            yield Block(data, line)
            line += int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))
    if rest:
        yield Block(rest, line, ended=False)


def _without_mark(chunk: bytes, name: str) -> bytes:
    if chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise file_error("not_utf8", name, "save_as_utf8", got="UTF-16")
    return chunk.removeprefix(b"\xef\xbb\xbf")


def rows_of(block: Block, columns: tuple[str, ...], used: tuple[str, ...], separator: str) -> Rows:
    """Read a block whose fields are never quoted.

    Parameters
    ----------
    block : Block
    columns : tuple[str, ...]
        All columns of the text, in order.
    used : tuple[str, ...]
        Those wanted.
    separator : str

    Returns
    -------
    Rows
        Every line that is not blank is a row of the frame or among the bad ones.
    """
    if b"\0" not in block.data:
        try:
            frame = _parsed(block.data, columns, (*dict.fromkeys((*used, columns[-1])),), separator)
        except pl.exceptions.PolarsError:  # most often bytes that are not UTF-8; the slow way says where
            frame = None
        if frame is not None and _even(block, frame, columns, separator):
            return Rows(frame.select(used).with_row_index(LINE, block.line))
    return _line_by_line(block, columns, used, separator)


def _even(block: Block, frame: pl.DataFrame, columns: tuple[str, ...], separator: str) -> bool:
    """Tell whether every line has as many fields as there are columns.

    Polars fills a short row with nulls, and cuts a long one of whose columns not all are read, in silence.
    """
    text, each = np.frombuffer(block.data, np.uint8), len(columns) - 1
    if np.count_nonzero(text == ord(separator)) != each * frame.height:
        return False
    if not frame[columns[-1]].has_nulls():
        return True  # no row is short, so none is long either: the total is right
    ends = np.flatnonzero(text == ord("\n"))
    ends = ends if block.ended else np.append(ends, len(text))
    between = np.flatnonzero(text == ord(separator))
    if len(between) != each * len(ends):
        return False
    return not each or bool(
        (between[each - 1 :: each] < ends).all() and (between[each::each] > ends[:-1]).all()
    )


def _parsed(data: bytes, columns: tuple[str, ...], used: tuple[str, ...], separator: str) -> pl.DataFrame:
    return pl.read_csv(
        data,
        has_header=False,
        separator=separator,
        quote_char=None,
        schema={name: pl.Categorical if name in used[:-1] else pl.String for name in columns},
        columns=[columns.index(name) for name in used],
    ).select(used)


def _line_by_line(block: Block, columns: tuple[str, ...], used: tuple[str, ...], separator: str) -> Rows:
    good: list[bytes] = []
    lines: list[int] = []
    bad = Bad()
    between = separator.encode()
    for number, line in enumerate(block.data.removesuffix(b"\n").split(b"\n"), block.line):
        line = line.removesuffix(b"\r")
        if not line.strip():
            continue
        fields = line.count(between) + 1
        if fields != len(columns):
            bad.add(number, "fields", f"{fields} instead of {len(columns)}")
        elif b"\0" in line:
            bad.add(number, "text", "a NUL byte")
        elif not _is_text(line):
            bad.add(number, "text", "no UTF-8 bytes")
        else:
            good.append(line)
            lines.append(number)
    # A first row of empty fields keeps the reader from taking a block of nothing for an error.
    head = between * (len(columns) - 1) + b"\n"
    frame = _parsed(head + b"\n".join(good) + b"\n" * bool(good), columns, used, separator).slice(1)
    return Rows(frame.insert_column(0, pl.Series(LINE, lines, pl.UInt32)), bad)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def quoted_rows(
    blocks: Iterable[Block], name: str, columns: tuple[str, ...], used: tuple[str, ...]
) -> Iterator[Rows]:
    """Read CSV in which fields may be quoted, and hold commas and line breaks; slower, and as strict.

    Raises
    ------
    DataError
        If it is not well-formed CSV in UTF-8; nothing after such a place can be trusted.
    """
    source = _Chained(iter(blocks))
    with closing(io.TextIOWrapper(io.BufferedReader(source), "utf-8", newline="")) as text:
        reader = csv.reader(text, strict=True)
        at, last = [columns.index(column) for column in used], 0
        records: list[list[str]] = []
        lines: list[int] = []
        bad = Bad()
        try:
            for fields in reader:
                line, last = source.first + last, reader.line_num
                if not fields:
                    continue
                if len(fields) != len(columns):
                    bad.add(line, "fields", f"{len(fields)} instead of {len(columns)}")
                elif any("\0" in value for value in fields):
                    bad.add(line, "text", "a NUL byte")
                else:
                    records.append([fields[i] for i in at])
                    lines.append(line)
                if len(records) + bad.why.total() >= _BATCH:
                    yield _batch(records, lines, bad, used)
                    records, lines, bad = [], [], Bad()
        except (csv.Error, UnicodeDecodeError) as error:
            where = f"{name}:{source.first + last}"
            if isinstance(error, UnicodeDecodeError):
                raise DataError(Fault("not_utf8", "row", where=where, hint="save_as_utf8")) from None
            raise DataError(
                Fault("bad_csv", "row", where=where, hint="quote_fields", reason=str(error))
            ) from None
        yield _batch(records, lines, bad, used)


def _batch(records: list[list[str]], lines: list[int], bad: Bad, used: tuple[str, ...]) -> Rows:
    columns = list(zip(*records, strict=True)) or [() for _ in used]
    frame = pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(used, columns, strict=True)])
    empty = pl.all() != ""
    frame = frame.with_columns(pl.when(empty).then(pl.all()))
    return Rows(frame.insert_column(0, pl.Series(LINE, lines, pl.UInt32)), bad)


class _Chained(io.RawIOBase):
    """Blocks as one stream."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._rest = b""
        self.first = 0  # line of the first block, once that has come

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block.data
            self.first = self.first or block.line
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)
