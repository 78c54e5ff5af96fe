"""Rows that say one event again under its number, on another day: found over a whole file, with bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from detente.events.importing.classify_rows import ID, REPORTED

_AT_ONCE = 10_000_000  # numbers held at once, as hashes of eight bytes
_SHARE = 1_000_000  # rows with numbers that repeat, looked at together
_MOST = 100_000  # rows with one number: where there are more it is none of an event
_NAMED = 3
_HASH = "_hash"


@dataclass(frozen=True)
class SameIds:
    """Which rows share a number.

    Attributes
    ----------
    first : polars.DataFrame
        For each number (as its hash), pair and act that stand in several rows, the day on which they stay.
    keys : tuple[str, ...]
        The columns that make one event of them.
    repeated : int
        Rows that say an event again, beside the first.
    other_deaths : int
        Events among those said again whose rows do not agree on the deaths.
    shared : int
        Numbers that stand for different pairs or acts, or in very many rows, so that they are none of an event.
    examples : tuple[str, ...]
        The first of them.
    changed : int
        Those among them that were reported on different days, so that a later release changed an earlier row.
    """

    first: pl.DataFrame
    keys: tuple[str, ...]
    repeated: int = 0
    other_deaths: int = 0
    shared: int = 0
    examples: tuple[str, ...] = ()
    changed: int = 0

    def without_repetitions(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of some days, in the order of the file within a day, without those that say an event again."""
        if self.first.is_empty() or ID not in rows.columns:
            return rows
        numbered = rows.select(*self.keys[1:], "date", pl.col(ID).hash().alias(_HASH)).with_row_index("_at")
        again = numbered.join(self.first, on=list(self.keys), how="inner")
        stay = (
            again.filter(pl.col("date") == pl.col("_day")).sort("_at").unique(list(self.keys), keep="first")
        )
        gone = again.join(stay.select("_at"), on="_at", how="anti")["_at"]
        return rows.filter(~pl.int_range(pl.len()).is_in(gone.cast(pl.Int64).implode()))


def same_ids(
    parts: Sequence[Path], acts: Sequence[str], rows: int, days: Sequence[date] | None = None
) -> SameIds:
    """Look through the spool for numbers that several rows have.

    Parameters
    ----------
    parts : sequence of Path
        Arrow files with the columns `ID`, date, source, target and those of the act.
    acts : sequence of str
        Columns that say what the act is.
    rows : int
        How many rows there are.
    days : sequence of date, optional
        Those that are used; by default all. A row set apart for its day is none that another one repeats.

    Notes
    -----
    Memory is bounded however many numbers repeat: a share of them is looked at at a time, and what is kept of each is
    the hash of its number (64 bits) beside pair and act.
    """
    keys = (_HASH, "source", "target", *acts)
    if not parts or ID not in pl.read_ipc_schema(parts[0]):
        return SameIds(pl.DataFrame(), keys)
    spool = pl.scan_ipc(list(parts)).with_columns(pl.col(ID).hash().alias(_HASH))
    if days is not None:
        spool = spool.filter(pl.col("date").is_in(pl.Series(days, dtype=pl.Date).implode()))
    columns = spool.collect_schema()
    more, tolls = ([name] if name in columns else [] for name in (REPORTED, "fatalities"))
    several, count = _repeated(spool, rows)
    first: list[pl.DataFrame] = []
    repeated = other_deaths = shared = changed = 0
    examples: list[str] = []
    many = several[count > _MOST]
    for hashes in (many, *_shares(several[count <= _MOST], count[count <= _MOST])):
        found = spool.filter(pl.col(_HASH).is_in(pl.Series(hashes).implode()))
        if hashes is many:  # no pairs and acts of them, which would not fit
            none = found.select(ID, *more).unique().collect()
        else:
            some = found.select(*keys, ID, "date", *more, *tolls).collect()
            unlike = pl.col(tolls).n_unique() > 1 if tolls else pl.lit(value=False)
            events = some.group_by(keys).agg(
                pl.col("date").min().alias("_day"), pl.len().alias("_rows"), unlike.alias("_unlike")
            )
            of_several = events.filter(pl.col(_HASH).is_duplicated())[_HASH].unique().implode()
            none = some.filter(pl.col(_HASH).is_in(of_several)).select(ID, *more)
            again = events.filter((pl.col("_rows") > 1) & ~pl.col(_HASH).is_in(of_several))
            repeated += int((again["_rows"] - 1).sum())
            other_deaths += int(again["_unlike"].sum())
            first.append(again.drop("_rows", "_unlike"))
        each = none.group_by(ID).agg(pl.col(name).n_unique() > 1 for name in more)
        shared += each.height
        changed += int(each[REPORTED].sum()) if more else 0
        examples = sorted({*examples, *each[ID].sort().head(_NAMED).to_list()})[:_NAMED]
    kept = pl.concat(first) if first else pl.DataFrame()
    return SameIds(kept, keys, repeated, other_deaths, shared, tuple(examples), changed)


def _shares(hashes: np.ndarray, count: np.ndarray) -> list[np.ndarray]:
    """Return hashes in shares that stand in so many rows together as are looked at at a time."""
    ends = np.searchsorted(np.cumsum(count), np.arange(_SHARE, int(count.sum()) + 1, _SHARE), "right")
    return [share for share in np.split(hashes, ends) if len(share)]


def _repeated(spool: pl.LazyFrame, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of numbers that stand in more than one row, and in how many."""
    numbers = spool.filter(pl.col(ID).is_not_null()).select(_HASH)
    shares = -(-rows // _AT_ONCE)
    found = []
    for share in range(shares):
        some = numbers.filter(pl.col(_HASH) % shares == share) if shares > 1 else numbers
        hashes = np.sort(some.collect()[_HASH].to_numpy())
        same = (
            hashes[1:] == hashes[:-1]
        )  # as the next one; nearly always of none, and nothing else is held then
        starts = np.flatnonzero(same & ~np.append(False, same[:-1]))
        ends = np.flatnonzero(same & ~np.append(same[1:], False)) + 1
        found.append((hashes[starts], ends - starts + 1))
    if not found:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    return np.concatenate([each for each, _ in found]), np.concatenate([count for _, count in found])
