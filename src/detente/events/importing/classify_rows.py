"""Tell rows: what becomes of every row of a block, and the events of those that are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from detente.base.errors import Fault
from detente.base.printable import CONTROL
from detente.events.columns import CONTENT, MIXED
from detente.events.files.codebook import codebook_of
from detente.events.files.raw_table import RawTable
from detente.events.files.read_table import without_prefix
from detente.events.files.reports import other_order
from detente.events.files.rows import events_of
from detente.events.importing.actor_names import known, wanted_code
from detente.events.importing.blocks import LACKING, LINE, SHOWN_EACH, Block, Rows, SourceText, rows_of
from detente.events.importing.coded_rows import TOLD, lost_zeros, machine_coded, plain_codes
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    ANY_YEARS,
    BACK,
    OTHER_ORDER,
    REFUSED,
    WHY,
    day_of,
    once,
    ordered_day,
    other_day,
)
from detente.events.ontology.null_words import means_namibia, nobody, null_words
from detente.events.ontology.state_codes import successions

ID, REPORTED = "_id", "reported"
"""Columns of a row's number, which stays in the spool, and of the day it was reported on."""


@dataclass(frozen=True)
class Part:
    """What one block said."""

    events: pl.DataFrame
    rows: int
    why: Counter[str]
    days: Counter[date]  # rows of each, whether kept or not
    shown: tuple[tuple[str, Fault], ...]
    notes: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)  # lines of the user's map
    succeeded: Counter[tuple[str, str]] = field(default_factory=Counter)
    renamed: Counter[str] = field(default_factory=Counter)  # forms of states that were written otherwise
    first_of: Mapping[date, str] = field(default_factory=dict)  # place of the first event of each day
    refused_codes: Counter[str] = field(default_factory=Counter)
    more: int = 0  # acts beyond one a row
    in_order: bool = False  # whether days with the year last read in the order of the file
    in_other: Fault | None = None  # the first that reads only in the other one


def part_of(
    text: SourceText, piece: Block | Rows, layout: FileLayout, options: Options, book: str | None
) -> Part:
    """Tell the rows of one block, or of one batch of quoted rows."""
    rows = rows_of(piece, text) if isinstance(piece, Block) else piece
    bad, frame = rows.bad, rows.frame
    if layout.whole:
        frame = frame.with_columns(pl.lit(bad.why.total() > 0).alias(LACKING))
    events, faults, applied = _events(text, frame, layout, options, book)
    if options.names.succession:
        events, succeeded = _succeeded(events)
    else:
        succeeded = Counter()
    renamed: Counter[str] = Counter()
    for name in ("source form", "target form"):
        if name in events.columns:
            renamed += _counted(events[name])
    if layout.reported in text.used:
        said = rows.frame[layout.reported] if layout.events is None else events[layout.reported]
        events = events.drop(REPORTED, strict=False).with_columns(said.cast(pl.String).alias("_report"))
        events = once(events, ["_report"], [reported_day("_report").alias(REPORTED)])
    events = events.with_columns(_why(events, options).alias("why"))
    why = _counted(events["why"])
    why.update(bad.why)
    shown = [(reason, _fault(text, line, reason, got)) for line, reason, got in bad.shown]
    shown += [("rule", fault) for fault in faults[:SHOWN_EACH]]
    for reason in sorted(why.keys() & layout.told.keys()):
        names = [name for name in layout.told[reason] if name in events.columns]
        some = events.filter(pl.col("why") == reason).head(SHOWN_EACH)
        for row in some.select(LINE, *names).iter_rows():
            got = ", ".join("nothing" if value is None else str(value) for value in row[1:])
            shown.append((reason, _fault(text, row[0], reason, got)))
    in_order, in_other = _orders(text, events)
    acts = events.filter(pl.col("why").is_null())
    notes = bad.notes.copy()
    if "_report" in events.columns:
        unread = events.filter(pl.col(REPORTED).is_null(), pl.col("why").is_null())
        notes["no-report-day"] += unread.select(known("_report").is_not_null().sum()).item()
    if "fatalities_of" in acts.columns:
        notes["both-dead"] += int((acts["fatalities_of"].cast(pl.String) == MIXED).sum() or 0)
    if "note" in acts.columns:
        for note, count in _counted(acts["note"]).items():
            notes.update(dict.fromkeys(note.split("+"), count))
    if "precision" in acts.columns:
        notes["vague"] += int((acts["precision"].cast(pl.String) != "day").sum())
    first = acts.group_by("date").agg(pl.col(LINE).min()).iter_rows()
    codes = layout.told.get("code", ())
    odd = events.filter(pl.col("why").is_in(["code", "zeros"])) if codes == ("act",) else None
    return Part(
        _output(acts, text, layout, book),
        rows.frame.height + bad.why.total(),
        why,
        Counter(dict(events["date"].drop_nulls().value_counts().iter_rows())),
        tuple(shown),
        notes,
        applied,
        succeeded,
        renamed,
        {day: f"{text.name}:{line}" for day, line in first},
        Counter() if odd is None else _counted(odd["act"]),
        events.height - rows.frame.height,
        in_order,
        in_other,
    )


def _orders(text: SourceText, events: pl.DataFrame) -> tuple[bool, Fault | None]:
    """Return whether days read in the order of day and month that is taken, and the first that reads in the other."""
    if OTHER_ORDER not in events.columns:
        return False, None
    in_order = bool((events[OTHER_ORDER] == "").any())
    other = events.filter(pl.col(OTHER_ORDER) != "").head(1).select(LINE, OTHER_ORDER).rows()
    for line, got in other:
        return in_order, Fault(
            "mixed_orders", "days", got=got, where=f"{text.name}:{line}", hint="dates_order"
        )
    return in_order, None


def _why(events: pl.DataFrame, options: Options) -> pl.Expr:
    outside = pl.lit(value=False)
    if options.since is not None:
        outside |= pl.col("date") < options.since
    if options.until is not None:
        outside |= pl.col("date") >= options.until
    late = pl.lit(value=False)
    if options.vintage is not None and REPORTED in events.columns:
        late = pl.col(REPORTED).is_null() | (pl.col(REPORTED) >= options.vintage)
    sound = pl.col("why").is_null()
    return (
        pl.when(sound & outside)
        .then(pl.lit("outside", WHY))
        .when(sound & late)
        .then(pl.lit("later", WHY))
        .otherwise("why")
    )


def _counted(values: pl.Series) -> Counter[str]:
    return Counter({str(value): n for value, n in values.drop_nulls().value_counts().iter_rows()})


def _fault(text: SourceText, line: int, reason: str, got: str) -> Fault:
    hint = {"hint": "zeros_lost"} if reason == "zeros" else {}
    if reason == "date" and other_order(got):
        hint = {"hint": "dates_order"}
    return Fault(REFUSED[reason], "row", got=got, where=f"{text.name}:{line}", **hint)


def reported_day(column: str) -> pl.Expr:
    """Return the day a row was reported on: in digits, with hyphens, or in seconds since 1970."""
    text = pl.col(column).cast(pl.String)
    digits = pl.when(text.str.contains(r"^(?:19|20)[0-9]{6}(?:[0-9]{6})?$")).then(text.str.head(8))
    seconds = pl.when(text.str.contains("^[0-9]{9,10}$")).then(text).cast(pl.Int64)
    return pl.coalesce(
        digits.str.to_date("%Y%m%d", strict=False),
        text.str.head(10).str.to_date("%Y-%m-%d", strict=False),
        pl.from_epoch(seconds, time_unit="s").dt.date(),
    )


def _succeeded(events: pl.DataFrame) -> tuple[pl.DataFrame, Counter[tuple[str, str]]]:
    """Give codes of former states to their successors from the day of succession on, and count rows by both codes."""
    counts: Counter[tuple[str, str]] = Counter()
    rules = sorted(successions(), key=lambda each: each.start, reverse=True)
    for which in ("source", "target"):
        actor = pl.col(which).cast(pl.String)
        new = pl.coalesce(
            pl.when((actor == each.old) & (pl.col("date") >= each.start)).then(pl.lit(each.new))
            for each in rules
        )
        found = events.select(actor.alias("old"), new.alias("new")).drop_nulls()
        if found.is_empty():
            continue
        counts.update({(old, to): n for old, to, n in found.group_by("old", "new").len().iter_rows()})
        events = events.with_columns(pl.coalesce(new, actor).cast(pl.Categorical).alias(which))
    domestic = pl.col("why").is_null() & (pl.col("source") == pl.col("target"))
    return events.with_columns(
        pl.when(domestic).then(pl.lit("domestic", WHY)).otherwise("why").alias("why")
    ), counts


def _output(acts: pl.DataFrame, text: SourceText, layout: FileLayout, book: str | None) -> pl.DataFrame:
    """Return the canonical columns of kept rows; where an act happened stands in the column summary."""
    more = [name for name in (REPORTED,) if name in acts.columns]
    if layout.id is not None and layout.id in text.used:
        acts = acts.with_columns(pl.col(layout.id).cast(pl.String)).with_columns(known(layout.id).alias(ID))
        more.append(ID)
    if layout.events is None:
        return acts.select([*(name for name in CONTENT if name in acts.columns), *more])
    columns = ["date", "source", "target", *layout.content]
    place = [name for name in layout.place if name in text.used]
    several = "note" in acts.columns and "one-report" in acts["note"].cast(pl.String)
    if place or several:
        parts = [known(name).str.replace_all(CONTROL.pattern, " ") for name in place]
        where = pl.concat_str(parts or [pl.lit("")], separator=", ", ignore_nulls=True)
        where = pl.when(where != "").then("place: " + where)
        keys = list(place)
        if several:
            keys.append("note")
            one = pl.when(pl.col("note") == "one-report").then(pl.lit("one report"))
            where = pl.concat_str(one, where, separator="; ", ignore_nulls=True)
            where = pl.when(where != "").then(where)
        acts = once(acts, keys, [where.alias("summary")])
        columns.append("summary")
    if layout.numbered and ID in acts.columns:
        number = pl.col(ID).str.extract(f"^(.*?)(?:{BACK})?$")
        acts = acts.with_columns((pl.lit(f"{layout.title} ") + number).alias("citation"))
        columns.append("citation")
    return acts.select([*columns, *more])


# --- plain event files -----------------------------------------------------------------------------------------------
def _table(text: SourceText, frame: pl.DataFrame) -> RawTable:
    columns = frame.drop(LINE).cast(pl.String).with_columns(without_prefix())
    return RawTable(text.name, columns, frame[LINE].cast(pl.Int64).to_list())


def read_plainly(layout: FileLayout, used: tuple[str, ...], codebook: str) -> FileLayout:
    """Return the layout of a plain event file: with nothing but machine codes in it, it is read as KEDS is."""
    if layout.events is not None or codebook not in ("cameo", "weis"):
        return layout
    if len(used) != 4 or not {"cameo", "code"} & set(used):
        return layout
    return replace(
        layout, events=machine_coded(codebook, officials=False), content=("code",), told=dict(TOLD)
    )


def book_of(text: SourceText, piece: Block | Rows, options: Options, book: str | None) -> tuple[str, Options]:
    """Return the codebook of a plain file, told by its columns, its rows or the user, and whether NA is Namibia."""
    rows = rows_of(piece, text) if isinstance(piece, Block) else piece
    table = _table(text, rows.frame)
    found = codebook_of(table, book)
    actors = {*table.columns["source"].drop_nulls().unique(), *table.columns["target"].drop_nulls().unique()}
    return found, replace(options, namibia="NA" in actors and means_namibia(actors))


Events = tuple[pl.DataFrame, tuple[Fault, ...], Counter[str]]


def _events(
    text: SourceText, frame: pl.DataFrame, layout: FileLayout, options: Options, book: str | None
) -> Events:
    if layout.events is not None:
        events = layout.events(frame, replace(options, codebook=book))
        applied: Counter[str] = Counter()
        for name in ("source by", "target by"):
            if name in events.columns:
                applied += _counted(events[name])
        return events, (), applied
    return _plain_events(_table(text, frame), frame, options, str(book))


def _plain_events(table: RawTable, frame: pl.DataFrame, options: Options, book: str) -> Events:
    """Read rows of event files with columns beyond the least ones, by the rules of event files."""
    table.refuse_control_characters()
    words = null_words(book, options.nulls)
    nulls = [word for word in words if word and (word != "NA" or not options.namibia)]
    raw, applied = table.columns, Counter[str]()
    nothing = pl.any_horizontal(pl.col("source", "target").is_in(nulls).fill_null(value=False))
    null = raw.select(nothing.alias("null"))["null"]
    unknown = pl.any_horizontal(pl.col("source", "target").is_in(nobody(book)))
    one_sided = raw.select(unknown.fill_null(value=False).alias("one"))["one"]
    forms: dict[str, pl.Series] = {}
    for which in ("source", "target"):
        code, by = wanted_code(options.names, pl.col(which), pl.col(which))
        said = raw.select(code.alias("code"), by.alias("by"))
        applied += _counted(said["by"])
        forms[f"{which} form"] = raw.select(
            pl.when(said["by"].is_null() & (said["code"] != pl.col(which)) & (said["code"] != ""))
            .then(pl.col(which) + " -> " + said["code"])
            .alias(f"{which} form")
        )[f"{which} form"]
        raw = raw.with_columns(said["code"].alias(which))
    gone = raw.select(((pl.col("source") == "") | (pl.col("target") == "")).fill_null(value=False))["source"]
    zeros = pl.Series([False] * frame.height, dtype=pl.Boolean)
    for act in {"code", "cameo"} & set(raw.columns) if book in ("cameo", "weis") else ():
        zeros |= raw.select(lost_zeros(pl.col(act), book, options).alias("zeros"))["zeros"]
        raw = raw.with_columns(plain_codes(pl.col(act), book, options).alias(act))
    day = day_of("date", years=ANY_YEARS)
    if options.dates:
        day = pl.coalesce(day, ordered_day("date", options.dates))
        if options.dates != "ymd":
            forms[OTHER_ORDER] = raw.select(other_day("date", options.dates).alias(OTHER_ORDER))[OTHER_ORDER]
    raw = raw.with_columns(pl.coalesce(day.dt.to_string("%Y-%m-%d"), "date").alias("date"))
    others = [name for name in raw.columns if name not in ("date", "source", "target", "summary", "citation")]
    nothing = pl.col(others).is_in([word for word in options.nulls if word])
    table.columns = raw.with_columns(pl.when(~nothing).then(pl.col(others)).name.keep())
    events, _ = events_of(table, book, None, None)
    faulty = pl.Series(sorted(table.faulty()), dtype=pl.UInt32)
    bad = pl.int_range(frame.height, dtype=pl.UInt32, eager=True).is_in(faulty.implode())
    domestic = (events["source"] == events["target"]).fill_null(value=False)
    act = "action" if book in ("detente", "plover") else "code"
    given = [name for name in CONTENT if name in frame.columns or name in ("action", "code")]
    given = [name for name in given if name not in ("action", "code") or name == act]
    reasons = (
        ("map", gone),
        ("one-sided", one_sided),
        ("null", null),
        ("zeros", zeros),
        ("rule", bad),
        ("domestic", domestic),
    )
    why = pl.coalesce(pl.when(holds).then(pl.lit(reason, WHY)) for reason, holds in reasons)
    return events.select(given).with_columns(why.alias("why"), frame[LINE], **forms), table.faults(), applied
