"""Texts of any size as blocks of whole lines, and blocks as frames of text, strictly."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import IO

import numpy as np
import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.files.raw_table import file_error
from detente.events.importing.members import Member, reading

BLOCK_BYTES = 1 << 24
"""Bytes of text read at once."""


LINE = "line"
"""Column of a row's line in its file."""
LACKING = "lacking"
"""Column of rows that are read all together: whether any line could not be read."""


SHOWN_EACH = 3
"""Faulty rows told of each reason."""


_LONGEST = 1 << 26  # bytes of one line: more is no table
_TAIL = 1 << 16  # bytes before the end of a block in which its last line is sought
_BATCH = 50_000  # rows of a quoted file in one frame


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
    notes : Counter of str
        Rows that are kept though something about them is odd, by what it is.
    shown : list of (int, str, str)
        Line, reason and what was got.
    """

    why: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, line: int, reason: str, got: str) -> None:
        """Count a row, and keep it if it is one of the first."""
        self.why[reason] += 1
        if len(self.shown) < SHOWN_EACH:
            self.shown.append((line, reason, got))


@dataclass(frozen=True)
class SourceText:
    """One text that is being read, and its columns.

    Attributes
    ----------
    name : str
    columns, used : tuple[str, ...]
        All columns, in order, and those that are read.
    separator : str
    quoted : bool
        Whether fields may be quoted.
    strict : frozenset[str]
        Columns that must be UTF-8; another with bytes that are not is read as Latin-1.
    texts : frozenset[str]
        Columns in which few values repeat.
    """

    name: str
    columns: tuple[str, ...]
    used: tuple[str, ...]
    separator: str = ","
    quoted: bool = True
    strict: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


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
    """Yield a text in blocks of whole lines, which may end with a carriage return alone.

    Raises
    ------
    DataError
        If it does not unpack, is not UTF-8 by its first bytes, or has a line without end.
    """
    rest, line, first, returns = b"", 1, True, False
    with reading(member.name):
        while chunk := _chunk(member.stream):
            if first:
                chunk, first = _without_mark(chunk, member.name), False
                lines = chunk.count(b"\n")
                returns = chunk.count(b"\r") - chunk.count(b"\r\n") > lines
            if returns:
                chunk = chunk.replace(b"\r", b"\n")
            cut = chunk.rfind(b"\n") + 1
            if not cut:
                rest += chunk
                if len(rest) > _LONGEST:
                    raise file_error("no_lines", member.name, "is_it_text", most=_LONGEST)
                continue
            if rest or cut < len(chunk):
                data, rest = b"".join((rest, memoryview(chunk)[:cut])), chunk[cut:]
            else:
                data = chunk
            yield Block(data, line)
            line += int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))
    if rest:
        yield Block(rest, line, ended=False)


def in_one(blocks: Iterable[Block], name: str) -> Block:
    """Return blocks as one.

    Raises
    ------
    DataError
        If there are too many bytes for that.
    """
    found, size = [], 0
    for block in blocks:
        found.append(block)
        size += len(block.data)
        if size > _LONGEST:
            raise file_error("too_many_bytes", name, "split_by_year", most=_LONGEST)
    if not found:
        return Block(b"", 1)
    return Block(b"".join(block.data for block in found), found[0].line, found[-1].ended)


def _chunk(stream: IO[bytes]) -> bytes:
    """Return the next bytes; of a file on the disk they end with a line, so that nothing needs to be copied."""
    size = BLOCK_BYTES
    if isinstance(getattr(stream, "raw", None), io.FileIO):
        start, tail = stream.tell(), min(_TAIL, BLOCK_BYTES)
        stream.seek(start + BLOCK_BYTES - tail)
        cut = stream.read(tail).rfind(b"\n") + 1
        stream.seek(start)
        size -= tail - cut if cut else 0
    return stream.read(size)


def _without_mark(chunk: bytes, name: str) -> bytes:
    if chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or [*chunk[:2]].count(0) == 1:
        raise file_error("not_utf8", name, "save_as_utf8", got="UTF-16")
    return chunk.removeprefix(b"\xef\xbb\xbf")


def rows_of(block: Block, text: SourceText) -> Rows:
    """Read a block whose fields are never quoted.

    Returns
    -------
    Rows
        Every line that is not blank is a row of the frame or among the bad ones.
    """
    rows = None
    if b"\0" not in block.data:
        try:
            frame = _parsed(block.data, text)
        except pl.exceptions.PolarsError:  # most often bytes that are not UTF-8; the slow way says where
            frame = None
        if frame is not None and _even(block, frame, text.columns, text.separator):
            rows = Rows(frame.select(text.used).with_row_index(LINE, block.line))
    rows = rows or _line_by_line(block, text)
    if not text.quoted and b'"' in block.data:
        rows = replace(rows, frame=rows.frame.with_columns(_without_quotes(rows.frame)))
    if not block.ended and not rows.frame.is_empty():
        rows.bad.notes["unfinished"] += 1
    return rows


def _without_quotes(frame: pl.DataFrame) -> list[pl.Expr]:
    """Return columns without the quotes that a spreadsheet puts around fields of a table with tabs."""
    inner = r'^"(.*)"$'
    return [
        pl.when(pl.col(name).cast(pl.String).str.contains(inner))
        .then(pl.col(name).cast(pl.String).str.replace(inner, "$1").str.replace_all('""', '"', literal=True))
        .otherwise(pl.col(name).cast(pl.String))
        .replace("", None)
        .cast(kind)
        .alias(name)
        for name, kind in frame.schema.items()
        if name != LINE and frame[name].cast(pl.String).str.contains(inner).any()
    ]


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


def _parsed(data: bytes, text: SourceText) -> pl.DataFrame:
    read = (*dict.fromkeys((*text.used, text.columns[-1])),)
    categories = set(read) - {text.columns[-1]} - text.texts
    return pl.read_csv(
        data,
        has_header=False,
        separator=text.separator,
        quote_char=None,
        schema={name: pl.Categorical if name in categories else pl.String for name in text.columns},
        columns=[text.columns.index(name) for name in read],
    ).select(read)


def _line_by_line(block: Block, text: SourceText) -> Rows:
    good: list[bytes] = []
    lines: list[int] = []
    bad = Bad()
    between = text.separator.encode()
    strict = [name in text.strict for name in text.columns]
    for number, line in enumerate(block.data.removesuffix(b"\n").split(b"\n"), block.line):
        line = line.removesuffix(b"\r")
        if not line.strip():
            continue
        fields = line.split(between)
        if len(fields) != len(text.columns):
            bad.add(number, "fields", f"{len(fields)} instead of {len(text.columns)}")
            continue
        if b"\0" in line:
            bad.add(number, "text", "a NUL byte")
            continue
        if not _is_text(line):
            odd = [i for i, value in enumerate(fields) if not _is_text(value)]
            if any(strict[i] for i in odd):
                bad.add(number, "text", "no UTF-8 bytes")
                continue
            for i in odd:
                fields[i] = fields[i].decode("latin-1").encode()
            line = between.join(fields)
            bad.notes["latin-1"] += 1
        good.append(line)
        lines.append(number)
    # A first row of empty fields keeps the reader from taking a block of nothing for an error.
    head = between * (len(text.columns) - 1) + b"\n"
    frame = _parsed(head + b"\n".join(good) + b"\n" * bool(good), text).select(text.used).slice(1)
    return Rows(frame.insert_column(0, pl.Series(LINE, lines, pl.UInt32)), bad)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def quoted_rows(blocks: Iterable[Block], text: SourceText) -> Iterator[Rows]:
    """Read a table in which fields may be quoted, and hold separators and line breaks; slower, and as strict.

    Raises
    ------
    DataError
        If it is not well-formed; nothing after such a place can be trusted.
    """
    source = _Chained(iter(blocks))
    with closing(
        io.TextIOWrapper(io.BufferedReader(source), "utf-8", "surrogateescape", newline="")
    ) as stream:
        reader = csv.reader(stream, strict=True, delimiter=text.separator)
        at, last = [text.columns.index(column) for column in text.used], 0
        strict = [column in text.strict for column in text.used]
        records: list[list[str]] = []
        lines: list[int] = []
        bad = Bad()
        try:
            for fields in reader:
                line, last = source.first + last, reader.line_num
                if not fields:
                    continue
                whole = "".join(fields)
                if len(fields) != len(text.columns):
                    bad.add(line, "fields", f"{len(fields)} instead of {len(text.columns)}")
                elif "\0" in whole:
                    bad.add(line, "text", "a NUL byte")
                elif _decoded(whole):
                    records.append([fields[i] for i in at])
                    lines.append(line)
                elif not all(_decoded(fields[i]) for i, wanted in zip(at, strict, strict=True) if wanted):
                    bad.add(line, "text", "no UTF-8 bytes")
                else:
                    records.append([_as_latin_1(fields[i]) for i in at])
                    lines.append(line)
                    bad.notes["latin-1"] += 1
                if len(records) + bad.why.total() >= _BATCH:
                    yield _batch(records, lines, bad, text)
                    records, lines, bad = [], [], Bad()
        except csv.Error as error:
            where = f"{text.name}:{source.first + last}"
            raise DataError(
                Fault("bad_csv", "row", where=where, hint="quote_fields", reason=str(error))
            ) from None
        if not source.ended and records:
            bad.notes["unfinished"] += 1
        yield _batch(records, lines, bad, text)


def _decoded(value: str) -> bool:
    """Return whether every byte of a text was UTF-8."""
    return value.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in value)


def _as_latin_1(value: str) -> str:
    return value if _decoded(value) else value.encode("utf-8", "surrogateescape").decode("latin-1")


def _batch(records: list[list[str]], lines: list[int], bad: Bad, text: SourceText) -> Rows:
    columns = list(zip(*records, strict=True)) or [() for _ in text.used]
    frame = pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(text.used, columns, strict=True)])
    empty = pl.all() != ""
    frame = frame.with_columns(pl.when(empty).then(pl.all()))
    return Rows(frame.insert_column(0, pl.Series(LINE, lines, pl.UInt32)), bad)


class _Chained(io.RawIOBase):
    """Blocks as one stream."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._rest = b""
        self.first = 0  # line of the first block, once that has come
        self.ended = True  # whether the last one that came ended with a line break

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest, self.ended = block.data, block.ended
            self.first = self.first or block.line
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)
