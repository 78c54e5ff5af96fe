"""Tell rows: what becomes of every row of a block, and the events of those that are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import polars as pl

from detente.base.errors import Fault
from detente.base.printable import CONTROL
from detente.events.columns import CONTENT
from detente.events.files.codebook import codebook_of
from detente.events.files.raw_table import RawTable
from detente.events.files.read_table import without_prefix
from detente.events.files.rows import events_of
from detente.events.importing.actor_names import ActorNames, known
from detente.events.importing.blocks import LINE, SHOWN_EACH, Bad, Block, Rows, rows_of
from detente.events.importing.formats import REFUSED, WHY, once
from detente.events.importing.layouts import FileLayout


@dataclass(frozen=True)
class ImportOptions:
    """What the user asked for."""

    layout: FileLayout
    names: ActorNames
    codebook: str | None
    since: date | None
    until: date | None


@dataclass(frozen=True)
class SourceText:
    """One text that is being read, and its columns."""

    name: str
    columns: tuple[str, ...]
    used: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What one block said."""

    events: pl.DataFrame
    rows: int
    why: Counter[str]
    days: frozenset[date]
    shown: tuple[tuple[str, Fault], ...]
    met: frozenset[str]


def part_of(text: SourceText, piece: Block | Rows, asked: ImportOptions, book: str | None) -> Part:
    """Tell the rows of one block, or of one batch of quoted rows."""
    layout = asked.layout
    if isinstance(piece, Block):
        if not piece.ended and layout.separator == ",":
            # The last field may be the act's code: one that has lost a digit is another code.
            bad = Bad()
            bad.add(piece.line, "end", piece.data.decode("utf-8", "replace"))
            rows = Rows(pl.DataFrame(schema=dict.fromkeys((LINE, *text.used), pl.String)), bad)
        else:
            rows = rows_of(piece, text.columns, text.used, layout.separator)
    else:
        rows = piece
    bad = rows.bad
    events, faults = _events(text, rows.frame, asked, book)
    outside = pl.lit(value=False)
    if asked.since is not None:
        outside |= pl.col("date") < asked.since
    if asked.until is not None:
        outside |= pl.col("date") >= asked.until
    events = events.with_columns(
        pl.when(pl.col("why").is_null() & outside).then(pl.lit("outside", WHY)).otherwise("why").alias("why")
    )
    why = Counter({str(reason): n for reason, n in events["why"].drop_nulls().value_counts().iter_rows()})
    why.update(bad.why)
    shown = [(reason, _fault(text, line, reason, got)) for line, reason, got in bad.shown]
    shown += [("rule", fault) for fault in faults[:SHOWN_EACH]]
    for reason in sorted(why.keys() & layout.told.keys()):
        some = events.filter(pl.col("why") == reason).head(SHOWN_EACH)
        for row in some.select(LINE, *layout.told[reason]).iter_rows():
            got = ", ".join("nothing" if value is None else str(value) for value in row[1:])
            shown.append((reason, _fault(text, row[0], reason, got)))
    acts = events.filter(pl.col("why").is_null())
    return Part(
        _output(acts, layout, book),
        rows.frame.height + bad.why.total(),
        why,
        frozenset(events["date"].drop_nulls().unique().to_list()),
        tuple(shown),
        _met(rows.frame, asked.names),
    )


def _fault(text: SourceText, line: int, reason: str, got: str) -> Fault:
    return Fault(REFUSED[reason], "row", got=got, where=f"{text.name}:{line}")


def _met(frame: pl.DataFrame, names: ActorNames) -> frozenset[str]:
    if not names.becomes:
        return frozenset()
    texts = [frame[name].unique().cast(pl.String) for name in frame.columns if name != LINE]
    wanted = list(names.becomes)
    return frozenset(value for text in texts for value in text.filter(text.is_in(wanted)).to_list())


def _output(acts: pl.DataFrame, layout: FileLayout, book: str | None) -> pl.DataFrame:
    """Return the canonical columns of kept rows; where an act happened stands in the column summary."""
    if layout.events is None:
        return acts.select(name for name in CONTENT if name in acts.columns)
    columns = ["date", "source", "target", *layout.content]
    if layout.place:
        parts = [known(name).str.replace_all(CONTROL.pattern, " ") for name in layout.place]
        place = pl.concat_str(parts, separator=", ", ignore_nulls=True)
        place = pl.when(place != "").then("place: " + place).cast(pl.Categorical)
        acts = once(acts, layout.place, [place.alias("summary")])
        columns.append("summary")
    return acts.select(columns)


# --- plain event files -----------------------------------------------------------------------------------------------
def _table(text: SourceText, frame: pl.DataFrame) -> RawTable:
    columns = frame.drop(LINE).cast(pl.String).with_columns(without_prefix())
    return RawTable(text.name, columns, frame[LINE].cast(pl.Int64).to_list())


def book_of(text: SourceText, piece: Block | Rows, book: str | None) -> str:
    """Return the codebook of a plain event file, told by its columns, its rows or the user."""
    rows = rows_of(piece, text.columns, text.used, ",") if isinstance(piece, Block) else piece
    return codebook_of(_table(text, rows.frame), book)


def _events(
    text: SourceText, frame: pl.DataFrame, asked: ImportOptions, book: str | None
) -> tuple[pl.DataFrame, tuple[Fault, ...]]:
    if asked.layout.events is not None:
        return asked.layout.events(frame, asked.names), ()
    table = _table(text, frame)
    table.refuse_control_characters()
    becomes = dict(asked.names.becomes)
    gone = pl.lit(value=False)
    if becomes:
        table.columns = table.columns.with_columns(pl.col("source", "target").replace(becomes))
        gone = (pl.col("source") == "") | (pl.col("target") == "")
    events, _ = events_of(table, str(book), None, None)
    faulty = pl.Series(sorted(table.faulty()), dtype=pl.UInt32)
    bad = pl.int_range(frame.height, dtype=pl.UInt32, eager=True).is_in(faulty.implode())
    domestic = (events["source"] == events["target"]).fill_null(value=False)
    given = [name for name in CONTENT if name in frame.columns or name in ("action", "code")]
    act = "action" if book in ("detente", "plover") else "code"
    given = [name for name in given if name not in ("action", "code") or name == act]
    why = pl.when(gone).then(pl.lit("map", WHY)).when(bad).then(pl.lit("rule", WHY))
    if book == "cameo":
        # A code of two digits is a root, or a longer one that has lost its zero: 010 is not 10.
        why = why.when(pl.col("code").str.len_bytes() < 3).then(pl.lit("code", WHY))
    why = why.when(domestic).then(pl.lit("domestic", WHY))
    return events.select(given).with_columns(why.alias("why"), frame[LINE]), table.faults()
