"""Breaks in the density of coding: days from which a chronicle's acts come at twice or half the number."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.base.days import Window
from detente.events.chronicle import Chronicle

_MONTHS = 12  # of even coverage on each side of a break
_STEP = 2.0  # by how much a break changes the acts of a month, up or down
_MOST_BREAKS = 4


@dataclass(frozen=True)
class Break:
    """A day from which a chronicle's acts are coded at another density.

    Attributes
    ----------
    start, known_from : date
    before, after : float
        Acts a month in the stretches on both sides of it.
    """

    start: date
    known_from: date
    before: float
    after: float


def find_breaks(known: Chronicle, fighting: Sequence[str]) -> tuple[Break, ...]:
    """Return the days from which acts are coded at twice or half the density, a year of even coverage on each side.

    Parameters
    ----------
    known : Chronicle
    fighting : sequence of str
        The two principals, and whoever fights one of them.

    Notes
    -----
    The acts of all other pairs are counted by month, so that neither a crisis nor a ceasefire of those who fight is a
    break in coding. The series is cut where the Poisson likelihood gains most, again and again,
    while the gain over the dispersion of the months is a peak beyond ``3 log(months)`` and the monthly mean changes
    by the factor 2. A break is known a year after its day.
    """
    events = known.events.filter(pl.col("precision") == "day")
    covered = known.coverage
    events = events.filter(~(pl.col("source").is_in(fighting) & pl.col("target").is_in(fighting)))
    first = known.window.start if known.window.start.day == 1 else _month(known.window.start, 1)
    last = _month(known.window.end, 0)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 2 * _MONTHS:
        return ()
    at = (events["date"].dt.year().cast(pl.Int64) - first.year) * 12 + events["date"].dt.month() - first.month
    inside = at.filter((at >= 0) & (at < months)).to_numpy()
    # months of which days are not covered are left out, as if those on both sides were next to each other
    starts = [_month(first, number) for number in range(months + 1)]
    whole = [not covered.touches(Window(start, end)) for start, end in itertools.pairwise(starts)]
    starts = [start for start, held in zip(starts, whole, strict=False) if held]
    counts = np.bincount(inside, minlength=months).astype(float)[whole]
    if len(counts) < 2 * _MONTHS:
        return ()
    cuts: list[int] = []
    while len(cuts) < _MOST_BREAKS and (cut := _best_cut(counts, cuts)) is not None:
        cuts = sorted([*cuts, cut])
    ends = [0, *cuts, len(counts)]
    means = [float(counts[a:b].mean()) for a, b in itertools.pairwise(ends)]
    days = [starts[cut] for cut in cuts]
    return tuple(
        Break(day, _month(day, _MONTHS), before, after)
        for day, before, after in zip(days, means, means[1:], strict=False)
    )


def _month(day: date, later: int) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def _best_cut(counts: Floats, cuts: list[int]) -> int | None:
    ends = [0, *cuts, len(counts)]
    best: tuple[float, int] | None = None
    for start, end in itertools.pairwise(ends):
        part = counts[start:end]
        scores = [0.0, *(_score(part, cut) for cut in range(1, len(part))), 0.0]
        for cut in range(_MONTHS, len(part) - _MONTHS + 1):
            low, high = sorted((part[:cut].mean(), part[cut:].mean()))
            # At the edge of what may be cut the true break may still lie beyond: it must be a peak.
            peak = scores[cut] >= max(scores[cut - 1], scores[cut + 1])
            if high and high >= _STEP * low and peak and scores[cut] > 3 * np.log(len(counts)):
                best = max(best or (0.0, 0), (scores[cut], start + cut))
    return best[1] if best else None


def _score(part: Floats, cut: int) -> float:
    """Return the gain in likelihood of a cut over the dispersion of the months around their two means."""
    one, other = part[:cut], part[cut:]
    gain = 2 * (_likelihood(one) + _likelihood(other) - _likelihood(part))
    means = np.repeat([one.mean(), other.mean()], [len(one), len(other)])
    spread = np.sum((part - means) ** 2 / np.maximum(means, 0.5)) / max(len(part) - 2, 1)
    return float(gain / max(spread, 1.0))


def _likelihood(part: Floats) -> float:
    total = float(part.sum())
    return total * float(np.log(total / len(part))) if total else 0.0
