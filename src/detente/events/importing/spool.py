"""What the blocks of the files said: counts, and events put aside on the disk until they are folded by days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from detente.base.errors import DataError, Fault
from detente.base.files import output_faults
from detente.base.ownership import parquet_mark
from detente.events.columns import COLUMNS, CONTENT
from detente.events.covered_days import far_days
from detente.events.importing.blocks import SHOWN_EACH
from detente.events.importing.classify_rows import ID, REPORTED, Part
from detente.events.importing.same_ids import SameIds, same_ids

_AT_ONCE = 1_000_000  # events taken from the spool in one go
_PIECE = 50_000  # and folded in one go
_ACT = ("action", "code", "mode")


@dataclass
class Folded:
    """The events that were written.

    Attributes
    ----------
    same : SameIds
    events : int
    actors : set[str]
    days : list of date
        The first and the last day of each piece.
    """

    same: SameIds
    events: int = 0
    actors: set[str] = field(default_factory=set)
    days: list[date] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """Count events, sorted by date."""
        self.events += rows.height
        for side in ("source", "target"):
            self.actors.update(rows[side].unique().to_list())
        self.days += rows["date"].gather([0, -1]).to_list() if rows.height else []


@dataclass
class Spool:
    """What all blocks so far said; their events lie in the folder."""

    folder: Path
    book: str | None  # codebook, where the format leaves it open known from the first rows
    why: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    succeeded: Counter[tuple[str, str]] = field(default_factory=Counter)
    renamed: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    shown: dict[str, list[Fault]] = field(default_factory=dict)
    per_day: Counter[date] = field(default_factory=Counter)
    first_of: dict[date, str] = field(default_factory=dict)
    rows: int = 0
    more: int = 0
    parts: list[tuple[date, date, Path]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    unused: dict[str, None] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    in_order: bool = False
    in_other: Fault | None = None

    def add(self, part: Part) -> None:
        """Take what a block said."""
        self.rows += part.rows
        self.more += part.more
        self.why += part.why
        self.notes += part.notes
        self.applied += part.applied
        self.succeeded += part.succeeded
        self.renamed += part.renamed
        self.days += part.days
        self.codes += part.refused_codes
        self.in_order |= part.in_order
        self.in_other = self.in_other or part.in_other
        for day, place in part.first_of.items():
            self.first_of.setdefault(day, place)
        for reason, fault in part.shown:
            self._show(reason, fault)
        if part.events.is_empty():
            return
        days = dict(part.events["date"].value_counts().iter_rows())
        if "code" in part.events.columns:
            counted = part.events["code"].value_counts().iter_rows()
            self.codes.update({str(code): count for code, count in counted})
        self.columns = tuple(part.events.columns)
        self.per_day.update(days)
        path = self.folder / f"{len(self.parts):06}.arrow"
        self.parts.append((min(days), max(days), path))
        with output_faults(self.folder.parent, "out"):
            part.events.write_ipc(path)

    def _show(self, reason: str, fault: Fault) -> None:
        shown = self.shown.setdefault(reason, [])
        if len(shown) < SHOWN_EACH:
            shown.append(fault)

    def set_apart(self, *, asked: bool, today: date | None) -> None:
        """Take out the events of days far off from the rest, unless days were asked for, and those after today."""
        apart = () if asked else far_days(self.per_day)
        self._take_out(apart, "apart", "far_from_rest")
        if today is not None:
            self._take_out([day for day in sorted(self.per_day) if day > today], "future", "row_future")

    def _take_out(self, days: list[date] | tuple[date, ...], reason: str, code: str) -> None:
        for day in days:
            self.why[reason] += self.per_day.pop(day)
            self._show(reason, Fault(code, "row", got=day, where=self.first_of.get(day)))

    def none_kept(self, field: str, where: str) -> DataError:
        """Return what is wrong with files of which no row is kept: why, and the first faults."""
        why = tuple(f"{reason} {count:,}" for reason, count in self.why.most_common())
        none = Fault("no_row_kept", field, where=where, rows=self.rows, why=why)
        return DataError(none, *(fault for shown in self.shown.values() for fault in shown))

    def fold(self, book: str, path: Path) -> Folded:
        """Fold the events by windows of days, write them, and return what they are."""
        names = [name for name in CONTENT if name in self.columns]
        columns = [pl.col(name).cast(COLUMNS[name]) for name in names]
        more = [REPORTED] if REPORTED in self.columns else []
        acts = [name for name in _ACT if name in self.columns]
        kept = None if len(self.per_day) == len(self.first_of) else list(self.per_day)
        done = Folded(same_ids([part for _, _, part in self.parts], acts, self.rows + self.more, kept))
        held = [name for name in self.columns if name != ID or not done.same.first.is_empty()]

        def folded(*_: object) -> Iterator[pl.DataFrame]:
            for start, end in self._windows():
                # The spool is in the order of the files, so the first row of an event is the first that told it.
                parts = [path for first, last, path in self.parts if first <= end and last >= start]
                inside = pl.col("date").is_between(start, end)
                some = pl.scan_ipc(parts).select(held).filter(inside).collect()
                some = some if kept is None else some.filter(pl.col("date").is_in(kept))
                some = done.same.without_repetitions(some)
                # Of one event in several rows the first report stays, else the first row.
                for rows in _days(some.sort("date", *more, maintain_order=True, nulls_last=bool(more))):
                    distinct = rows.unique(names, maintain_order=True, keep="first")
                    done.add(distinct)
                    yield distinct.select(*columns, *more, pl.lit(book).alias("codebook"))

        schema = (
            {name: COLUMNS[name] for name in names}
            | dict.fromkeys(more, pl.Date())
            | {"codebook": pl.String()}
        )
        register_io_source(folded, schema=schema).sink_parquet(
            path, compression="zstd", metadata=parquet_mark()
        )
        return done

    def _windows(self) -> Iterator[tuple[date, date]]:
        """Yield first and last days of windows, with no more events than can be folded at once."""
        days = sorted(self.per_day)
        start, held = days[0], 0
        for day, before in zip(days, [days[0], *days], strict=False):
            if held and held + self.per_day[day] > _AT_ONCE:
                yield start, before
                start, held = day, 0
            held += self.per_day[day]
        yield start, days[-1]


def _days(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield sorted rows in pieces of whole days: small ones fold several times faster, since they stay in the cache."""
    start, days = 0, rows["date"]
    while start < rows.height:
        last = min(start + _PIECE, rows.height) - 1
        end = int(days.search_sorted(days[last], "right"))
        yield rows.slice(start, end - start)
        start = end
