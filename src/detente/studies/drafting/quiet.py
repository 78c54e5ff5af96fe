"""Long stretches without any act: quiet, or days that nobody coded."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.coverage import uncovered_of

LEAST_DAYS, TIMES_MEAN, _MOST = 180, 6, 4


def quiet_stretches(known: Chronicle) -> tuple[Window, ...]:
    """Return the longest stretches without an act of anyone, in the order of their days.

    Notes
    -----
    At least half a year, and six times the mean distance of two acts: were acts evenly spread, one distance in 400
    would be as long. The days before the first act and after the last count too, those of a gap do not.

    Examples
    --------
    >>> from detente.events.files.embedded import load_embedded
    >>> quiet_stretches(load_embedded("us-iran"))[0].start.year
    1959
    """
    days = known.events.select(pl.col("date").sort().unique(maintain_order=True))["date"].to_list()
    ends = [known.window.start, *(day + timedelta(days=1) for day in days)]
    starts = [*days, known.window.end]
    least = max(LEAST_DAYS, TIMES_MEAN * known.coverage.days / max(len(days), 1))
    empty = (Window(a, b) for a, b in zip(ends, starts, strict=True) if a < b)
    quiet = [part for stretch in empty for part in uncovered_of([stretch], known.gaps) if part.days >= least]
    longest = sorted(quiet, key=lambda stretch: -stretch.days)[:_MOST]
    return tuple(sorted(longest, key=lambda stretch: stretch.start))
