"""Rows of files that hold a JSON object in each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from detente.events.importing.blocks import LINE, Bad, Block, Rows

_BATCH = 50_000  # rows in one frame
_SHOWN = 40  # characters of a value that is none


def object_in(line: str) -> dict[str, object] | None:
    """Return the object that a line holds, its numbers as they are written; None if it holds none.

    Examples
    --------
    >>> object_in('{"code": "040", "goldstein": 1.0}')
    {'code': '040', 'goldstein': '1.0'}
    >>> object_in("a,b") is None
    True
    """
    if not line.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def json_rows(blocks: Iterable[Block], names: Mapping[str, str]) -> Iterator[Rows]:
    """Read objects, one a line, as rows of a table.

    Parameters
    ----------
    blocks : iterable of Block
    names : Mapping[str, str]
        The wanted column by its key in the file. A key that an object lacks is an empty field.
    """
    records: list[list[str | None]] = []
    lines: list[int] = []
    bad = Bad()
    for block in blocks:
        for number, line in enumerate(block.data.removesuffix(b"\n").split(b"\n"), block.line):
            if not line.strip():
                continue
            fault, record = _record(line, names)
            if record is None:
                bad.add(number, *fault)
            else:
                records.append(record)
                lines.append(number)
            if len(records) + bad.why.total() >= _BATCH:
                yield _frame(records, lines, bad, names)
                records, lines, bad = [], [], Bad()
        if not block.ended and records:
            bad.notes["unfinished"] += 1
    yield _frame(records, lines, bad, names)


def _record(line: bytes, names: Mapping[str, str]) -> tuple[tuple[str, str], list[str | None] | None]:
    """Return what is wrong with a line, or its wanted values."""
    try:
        found = object_in(line.decode())
    except UnicodeDecodeError:
        return ("text", "no UTF-8 bytes"), None
    if found is None:
        return ("fields", "no JSON object"), None
    values = [found.get(key) for key in names]
    for key, value in zip(names, values, strict=True):
        if value is not None and not isinstance(value, str):  # a list, an object or a truth value
            return ("fields", f"{key}: {json.dumps(value)[:_SHOWN]}"), None
    texts = [value if isinstance(value, str) and value else None for value in values]
    if any(value is not None and "\0" in value for value in texts):
        return ("text", "a NUL byte"), None
    return ("", ""), texts


def _frame(records: list[list[str | None]], lines: list[int], bad: Bad, names: Mapping[str, str]) -> Rows:
    columns = list(zip(*records, strict=True)) or [() for _ in names]
    frame = pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(names.values(), columns, strict=True)])
    return Rows(frame.insert_column(0, pl.Series(LINE, lines, pl.UInt32)), bad)
