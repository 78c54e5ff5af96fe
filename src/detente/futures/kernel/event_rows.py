"""Compiled rows of the event log that the simulation kernel writes.

As for the arithmetic, a change here changes `MATH` in `detente.futures.kernel.loop`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.base.compiled import compiled


@compiled
def copy_rows(source: Any, rows: Any, target: Any) -> Any:
    """Copy the first rows of a log and return the target."""
    for i in range(rows):
        for column in range(source.shape[1]):
            target[i, column] = source[i, column]
    return target


@compiled
def sort_by_future(log: Any, used: Any, drawn: Any) -> Any:
    """Return a log of days as a log of futures, each future's events in the order they were drawn."""
    events, place, total = np.empty((used, 5), np.int32), np.empty(drawn.shape[0], np.int64), 0
    for f in range(drawn.shape[0]):
        place[f] = total
        total += drawn[f]
    for i in range(used):
        f = log[i, 0]
        for column in range(5):
            events[place[f], column] = log[i, column]
        place[f] += 1
    return events
