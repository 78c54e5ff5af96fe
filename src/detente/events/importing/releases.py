"""An earlier release of the same data: which of its rows a later one withdraws or changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.events.importing.classify_rows import ID

_AT_ONCE = 2_000_000  # rows compared in one go
_ROWS_OF_AN_EVENT = 3  # with more rows a number on average, numbers number no events
_NAMED = 3
_ACT = ("action", "code", "mode")
_CHANGES = {"day": ("date",), "actors": ("source", "target"), "act": _ACT, "deaths": ("fatalities",)}


@dataclass(frozen=True)
class Compared:
    """What became of the rows of an earlier release.

    Attributes
    ----------
    files : tuple[str, ...]
        Of the earlier release.
    window : Window
        The days that both have.
    by_number : bool
        Whether rows are told by their numbers; else by day, pair and act.
    events : int
        Numbers, or acts, of the earlier release on these days.
    withdrawn, added : int
        Those that the later one has not, and those of the later one that the earlier one had not.
    changed : int or None
        Those that the later one has otherwise; None where that cannot be told, since rows have no number.
    changes : Mapping[str, int]
        How many of them changed their day, actors, act or deaths.
    first : Mapping[str, tuple[str, ...]]
        The first numbers withdrawn and changed.
    """

    files: tuple[str, ...]
    window: Window
    by_number: bool
    events: int
    withdrawn: int
    added: int
    changed: int | None = None
    changes: Mapping[str, int] = field(default_factory=dict)
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "files": list(self.files),
            "window": [self.window.start.isoformat(), self.window.end.isoformat()],
            "by": "number" if self.by_number else "day, pair and act",
            "events": self.events,
            "withdrawn": self.withdrawn,
            "changed": self.changed,
            "changes": dict(self.changes),
            "added": self.added,
            "first": {name: list(numbers) for name, numbers in self.first.items()},
        }


@dataclass(frozen=True)
class Release:
    """The rows of one release, put aside on the disk.

    Attributes
    ----------
    parts : sequence of Path
        Arrow files of rows, as `detente.events.importing.spool` writes them.
    days : sequence of date
        Those of which rows are used.
    """

    parts: Sequence[Path]
    days: Sequence[date]

    def rows(self) -> pl.LazyFrame:
        """Return the rows that are used."""
        used = pl.Series(sorted(self.days), dtype=pl.Date)
        return pl.scan_ipc(list(self.parts)).filter(pl.col("date").is_in(used.implode()))


def compare_releases(earlier: Release, later: Release, files: Sequence[str]) -> Compared:
    """Compare the rows of two releases on the days that both have.

    Parameters
    ----------
    earlier, later : Release
    files : sequence of str
        Names of the earlier release's files.

    Raises
    ------
    DataError
        If the two have no day in common.
    """
    start, last = max(map(min, (earlier.days, later.days))), min(map(max, (earlier.days, later.days)))
    if start > last:
        got, of_later = (f"{min(each.days)} to {max(each.days)}" for each in (earlier, later))
        raise DataError(Fault("not_in_window", "days of the earlier release", got=got, window=of_later))
    old, new = earlier.rows(), later.rows()
    inside = pl.col("date").is_between(start, last)
    most = max(int(rows.select(pl.len()).collect().item()) for rows in (old, new))
    by_number = _numbered(old) and _numbered(new)
    total: Counter[str] = Counter()
    first: dict[str, list[str]] = {}
    for share in range(shares := -(-most // _AT_ONCE)):
        counts, named = (_by_number if by_number else _by_content)(old, new, inside, share, shares)
        total.update(counts)
        for name, numbers in named.items():
            first[name] = sorted([*first.get(name, ()), *numbers])[:_NAMED]
    return Compared(
        tuple(files),
        Window(start, last + timedelta(days=1)),
        by_number,
        total["events"],
        total["withdrawn"],
        total["added"],
        total["changed"] if by_number else None,
        {name: total[name] for name in _CHANGES if total[name]},
        {name: tuple(numbers) for name, numbers in first.items() if numbers},
    )


def _numbered(rows: pl.LazyFrame) -> bool:
    """Return whether every row has a number, and few rows share one."""
    if ID not in rows.collect_schema():
        return False
    found = rows.select(
        rows=pl.len(), none=pl.col(ID).null_count(), numbers=pl.col(ID).hash().n_unique()
    ).collect()
    count, none, numbers = found.row(0)
    return bool(none == 0 and count <= _ROWS_OF_AN_EVENT * numbers)


def _by_number(
    earlier: pl.LazyFrame, later: pl.LazyFrame, inside: pl.Expr, share: int, shares: int
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Compare the numbers of one share: each by all of its rows together."""
    have = set(earlier.collect_schema()) & set(later.collect_schema())
    kinds = {name: [column for column in columns if column in have] for name, columns in _CHANGES.items()}
    looks = {
        name: pl.concat_str(pl.col(columns).cast(pl.String).fill_null("-"), separator=" ")
        .unique()
        .sort()
        .str.join("|")
        for name, columns in kinds.items()
        if columns
    }

    def events(rows: pl.LazyFrame) -> pl.DataFrame:
        some = rows.filter(pl.col(ID).hash() % shares == share)
        return some.group_by(ID).agg(**looks, _inside=inside.any()).collect()

    old, new = events(earlier), events(later)
    mine = old.filter("_inside")
    gone = mine.join(new, on=ID, how="anti")[ID]
    both = mine.join(new, on=ID, suffix="_new")
    differs = both.select(ID, *(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in looks))
    changed = differs.filter(pl.any_horizontal(*looks))
    counts = {
        "events": mine.height,
        "withdrawn": len(gone),
        "changed": changed.height,
        "added": new.filter("_inside").join(old, on=ID, how="anti").height,
        **{name: int(changed[name].sum()) for name in looks},
    }
    return counts, {"withdrawn": _least(gone), "changed": _least(changed[ID])}


def _by_content(
    earlier: pl.LazyFrame, later: pl.LazyFrame, inside: pl.Expr, share: int, shares: int
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Compare the acts of one share of days: how often each day, pair and act is there."""
    have = set(earlier.collect_schema()) & set(later.collect_schema())
    keys = ["date", "source", "target", *(name for name in _ACT if name in have)]

    def counted(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
        some = rows.filter(inside & (pl.col("date").to_physical() % shares == share))
        return some.group_by(pl.col("date"), *(pl.col(key).cast(pl.String) for key in keys[1:])).agg(
            pl.len().cast(pl.Int64).alias(name)
        )

    both = counted(earlier, "old").join(
        counted(later, "new"), on=keys, how="full", coalesce=True, nulls_equal=True
    )
    old, new = pl.col("old").fill_null(0), pl.col("new").fill_null(0)
    found = both.select(
        events=old.sum(), withdrawn=(old - new).clip(0).sum(), added=(new - old).clip(0).sum()
    ).collect()
    return {name: int(found[name].item() or 0) for name in found.columns}, {}


def _least(numbers: pl.Series) -> list[str]:
    return [str(number) for number in numbers.sort().head(_NAMED).to_list()]
