"""Rows that say one event again under its number, on another day: found over a whole file, with bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from detente.events.importing.classify_rows import ID, REPORTED

_AT_ONCE = 20_000_000  # numbers held at once, as hashes of eight bytes
_MOST = 5_000_000  # rows with numbers that repeat; where there are more, the numbers number no events
_NAMED = 3


@dataclass(frozen=True)
class SameIds:
    """Which rows share a number.

    Attributes
    ----------
    first : polars.DataFrame
        For each number, pair and act that stand in several rows, the day on which they stay.
    keys : tuple[str, ...]
        The columns that make one event of them.
    repeated : int
        Rows that say an event again, beside the first.
    shared : int
        Numbers that stand for different pairs or acts, so that they are none of an event.
    examples : tuple[str, ...]
        The first of them.
    changed : int
        Those among them that were reported on different days, so that a later release changed an earlier row.
    """

    first: pl.DataFrame
    keys: tuple[str, ...]
    repeated: int = 0
    shared: int = 0
    examples: tuple[str, ...] = ()
    changed: int = 0

    def without_repetitions(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of some days, in the order of the file within a day, without those that say an event again."""
        if self.first.is_empty() or ID not in rows.columns:
            return rows
        rows = rows.with_row_index("_at")
        told = rows.join(self.first, on=list(self.keys), how="inner")
        stay = told.filter(pl.col("date") == pl.col("_day")).sort("_at").unique(list(self.keys), keep="first")
        gone = told.join(stay.select("_at"), on="_at", how="anti").select("_at")
        return rows.join(gone, on="_at", how="anti", maintain_order="left").drop("_at")


def same_ids(parts: Sequence[Path], acts: Sequence[str], rows: int) -> SameIds:
    """Look through the spool for numbers that several rows have.

    Parameters
    ----------
    parts : sequence of Path
        Arrow files with the columns `ID`, date, source, target and those of the act.
    acts : sequence of str
        Columns that say what the act is.
    rows : int
        How many rows there are.
    """
    keys = (ID, "source", "target", *acts)
    none = SameIds(pl.DataFrame(), keys)
    if not parts or ID not in pl.read_ipc_schema(parts[0]):
        return none
    spool = pl.scan_ipc(list(parts))
    several = _repeated(spool, rows)
    if not len(several):
        return none
    wanted = pl.col("_hash").is_in(pl.Series(several).implode())
    more = [REPORTED] if REPORTED in spool.collect_schema() else []
    hashed = spool.select(*keys, "date", *more).with_columns(pl.col(ID).hash().alias("_hash"))
    found = hashed.filter(wanted).drop("_hash").head(_MOST + 1).collect()
    if found.height > _MOST:
        return none
    once = found.group_by(keys).agg(pl.col("date").min().alias("_day"), pl.len().alias("_rows"))
    pairs = once.group_by(ID).len().filter(pl.col("len") > 1)[ID].sort()
    shared = found.filter(pl.col(ID).is_in(pairs.implode()))
    days = shared.group_by(ID).agg(pl.col(name).n_unique() > 1 for name in more)
    changed = int(days[REPORTED].sum()) if more else 0
    first = once.filter(
        pl.col("_rows") > 1, ~pl.col(ID).is_in(pairs.implode())
    )  # shared, it numbers no event
    again = int((first["_rows"] - 1).sum())
    return SameIds(
        first.drop("_rows"), keys, again, pairs.len(), tuple(pairs.head(_NAMED).to_list()), changed
    )


def _repeated(spool: pl.LazyFrame, rows: int) -> np.ndarray:
    """Return the hashes of numbers that stand in more than one row."""
    numbers = spool.select(pl.col(ID)).filter(pl.col(ID).is_not_null()).select(pl.col(ID).hash().alias("h"))
    shares = -(-rows // _AT_ONCE)
    found = []
    for share in range(shares):
        some = numbers.filter(pl.col("h") % shares == share) if shares > 1 else numbers
        hashes = np.sort(some.collect()["h"].to_numpy())
        again = hashes[1:][hashes[1:] == hashes[:-1]]
        found.append(again[np.append(True, again[1:] != again[:-1])] if len(again) else again)
    return np.concatenate(found) if found else np.empty(0, np.uint64)
