"""Moments of other pairs of actors, in any event file, that are like the as-of day of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.base.limits import FEW_ACTS
from detente.events.chronicle import Chronicle
from detente.events.phases import NO_PHASE
from detente.lab.arguments import load_argument
from detente.studies.analogues.memories import Past, distances
from detente.studies.analogues.moments import Moment, moment_of, nearest_days

MOST_PAIRS = 20
"""Pairs of a file that are searched at most: those with the most acts."""

_STATE = 3  # letters of a state's code, which those of its bodies begin with


@dataclass(frozen=True)
class FileMoments:
    """What was found in one event file.

    Attributes
    ----------
    name : str
        Of the file.
    pairs : tuple of (str, str)
        Those searched.
    searched : int
        Days compared, over all pairs.
    moments : tuple of Moment
        `Moment.pair` says who stands for whom.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    searched: int
    moments: tuple[Moment, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "name": self.name,
            "pairs": [list(pair) for pair in self.pairs],
            "searched": self.searched,
            "moments": [moment.to_dict() for moment in self.moments],
        }


def moments_elsewhere(own: Past, chronicle: Chronicle, as_of: date, *, count: int) -> FileMoments:
    """Find the moments of a file's pairs that are most like the as-of day of a case.

    Parameters
    ----------
    own : Past
        Of the case, known by `as_of`.
    chronicle : Chronicle
        The file; only what was known by `as_of` is read.
    as_of : date
    count : int
        How many to return at most.

    Returns
    -------
    FileMoments

    Raises
    ------
    DataError
        If the file knows nothing before `as_of`.

    Notes
    -----
    Nothing is fitted. Memories of a pair are those of the case, with the half-lives of its argument, and each is
    measured from the pair's own mean in its own standard deviations: files are of different density. Either actor may
    stand for either principal, whichever is closer. No siege and no partner is declared there, and phases have none.
    """
    end = min(as_of, chronicle.window.end)
    known = chronicle.known_at(end)
    argument, now = load_argument("baseline"), own.standardised(own.compared())[..., -1]
    phase = int(own.phase[-1])
    found: list[tuple[bool, float, Past, int, Floats, bool]] = []
    searched: list[Floats] = []
    pairs = _pairs(known)
    for pair in pairs:
        past = Past.of(argument.between(*pair), known.filter(between=pair), own.half_lives)
        compared = past.compared()
        z = past.standardised(compared)
        ways = np.stack([distances(z, now), distances(z[::-1], now)])
        ways[:, ~compared] = np.nan
        distance = np.fmin(*ways)
        searched.append(distance[~np.isnan(distance)])
        same = past.phase == phase if phase != NO_PHASE else np.zeros(len(distance), dtype=bool)
        for at in nearest_days(distance, same, count):
            turned = bool(ways[1, at] < ways[0, at])
            difference = (z[::-1] if turned else z)[..., at] - now
            found.append((not same[at], float(distance[at]), past, at, difference, turned))
    found.sort(key=lambda row: row[:2])
    every = np.concatenate([np.zeros(0), *searched])
    before = phase, bool(own.talks[-1])
    return FileMoments(
        chronicle.provenance.name,
        pairs,
        len(every),
        tuple(
            moment_of(past, at, difference, before, own.pair, every, turned=turned)
            for _, _, past, at, difference, turned in sorted(found[:count], key=lambda row: row[1])
        ),
    )


def _pairs(known: Chronicle) -> tuple[tuple[str, str], ...]:
    """Return the pairs that have enough acts, those with the most acts first; no state and a body of its own."""
    inside = pl.col("other").str.starts_with(pl.col("one")) & (pl.col("one").str.len_chars() >= _STATE)
    acts = known.events.select("source", "target").filter(pl.col("source") != pl.col("target"))
    counted = (
        acts.select(one=pl.min_horizontal("source", "target"), other=pl.max_horizontal("source", "target"))
        .group_by("one", "other")
        .len("acts")
        .filter((pl.col("acts") >= FEW_ACTS) & ~inside)
        .sort(["acts", "one", "other"], descending=[True, False, False])
    )
    return tuple((one, other) for one, other, _ in counted.head(MOST_PAIRS).iter_rows())
