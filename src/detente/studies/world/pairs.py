"""Daily counts of acts between many pairs, as one array."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of

CLASSES = scheme_of("quad").classes
RANKED_SHARE = 0.6  # of the days, over which pairs are ranked in a backtest


@dataclass(frozen=True)
class Pairs:
    """Counts of acts between pairs of actors, both directions of each.

    Attributes
    ----------
    counts : ndarray of shape (day, pair, class)
        Acts of a directed pair; pairs ``2 k`` and ``2 k + 1`` are the two directions of one.
    actors : tuple of str
        Sorted codes.
    source, target : ndarray of shape (pair,)
        Rows of `actors`.
    window : Window
    """

    counts: Floats
    actors: tuple[str, ...]
    source: Ints
    target: Ints
    window: Window

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the counts, the pairs and the first day."""
        total = hashlib.sha256(
            f"[{self.window.start}, {self.window.end}) {self.counts.shape} {self.names}".encode()
        )
        total.update(self.counts.tobytes())
        return total.hexdigest()

    @property
    def reverse(self) -> Ints:
        """The pair of the other direction, shape (pair,)."""
        return np.arange(len(self.source)) ^ 1

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the directed pairs, such as ``USA->IRN``."""
        return tuple(
            f"{self.actors[s]}->{self.actors[t]}" for s, t in zip(self.source, self.target, strict=True)
        )

    @property
    def weekday(self) -> Ints:
        """Day of the week of every day, shape (day,); Monday is 0."""
        return (self.window.start.weekday() + np.arange(self.window.days)) % 7

    def until(self, day: date) -> Pairs:
        """Return the same pairs with the days before `day` only."""
        days = max(min(self.window.index(day), self.window.days), 0)
        if days == 0:
            start, hint = self.window.start, "events_begin"
            raise DataError(
                Fault("not_after", "as_of", got=day, hint=hint, other="the first day", start=start)
            )
        return Pairs(
            self.counts[:days],
            self.actors,
            self.source,
            self.target,
            Window(self.window.start, self.window.day(days)),
        )


def acts_between(chronicle: Chronicle, *, states: bool = False) -> pl.DataFrame:
    """Return the acts of day precision between two actors: date, source, target, class (quad).

    Parameters
    ----------
    chronicle : Chronicle
        Of any class scheme: classes become quad classes, and a mutual act counts once for either side.
    states : bool
        Whether an actor is the first three letters of its code, as where ISRMIL belongs to ISR.

    Returns
    -------
    polars.DataFrame
        With the row of the event in `chronicle.events` as ``event``; acts inside one actor are left out.
    """
    scheme = scheme_of(chronicle.scheme)
    quad = {cls: scheme.quad_of(cls) for cls in scheme.classes}
    acts = chronicle.events.with_row_index("event").filter(pl.col("precision") == "day")
    acts = acts.with_columns(pl.col("class").replace_strict(quad))
    if states:
        acts = acts.with_columns(pl.col("source", "target").str.slice(0, 3))
    columns = ["event", "date", "source", "target", "class", "mutual"]
    acts = acts.select(columns).filter(pl.col("source") != pl.col("target"))
    back = acts.filter(pl.col("mutual")).with_columns(source=pl.col("target"), target=pl.col("source"))
    return pl.concat([acts, back]).drop("mutual").sort("event", maintain_order=True)


def pairs_of(acts: pl.DataFrame, window: Window, *, pairs: int, ranked_until: date | None = None) -> Pairs:
    """Count the acts of the pairs that have most of them.

    Parameters
    ----------
    acts : polars.DataFrame
        See `acts_between`.
    window : Window
        Days to count.
    pairs : int
        Undirected pairs wanted; fewer if there are fewer.
    ranked_until : date, optional
        Pairs are ranked by their acts before that day; the window's end if absent.

    Raises
    ------
    DataError
        If there is no act to rank by.
    """
    pair = pl.concat_str(
        pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target"), separator=" "
    )
    acts = acts.with_columns(pair=pair).filter(
        (pl.col("date") >= window.start) & (pl.col("date") < window.end)
    )
    before = acts.filter(pl.col("date") < (ranked_until or window.end))
    if before.is_empty():
        raise DataError(Fault("no_acts_to_rank", "events", hint="look_at_dates"))
    ranked = before.group_by("pair", maintain_order=True).len()
    top = ranked.sort("len", descending=True, maintain_order=True).head(pairs)
    ends = [tuple(name.split(" ")) for name in top["pair"].to_list()]
    directed = [d for a, b in ends for d in ((a, b), (b, a))]
    actors = tuple(sorted({actor for d in directed for actor in d}))
    index = pl.DataFrame(
        {"source": [a for a, _ in directed], "target": [b for _, b in directed]}
    ).with_row_index("row")
    held = acts.join(index, on=["source", "target"], how="inner")
    day = (held["date"] - window.start).dt.total_days().to_numpy()
    cls = held["class"].replace_strict({c: i for i, c in enumerate(CLASSES)}).to_numpy()
    counts = np.zeros((window.days, len(directed), len(CLASSES)))
    np.add.at(counts, (day, held["row"].to_numpy(), cls), 1)
    row = {actor: i for i, actor in enumerate(actors)}
    return Pairs(
        counts,
        actors,
        np.array([row[a] for a, _ in directed]),
        np.array([row[b] for _, b in directed]),
        window,
    )
