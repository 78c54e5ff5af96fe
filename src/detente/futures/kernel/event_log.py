"""The event log that the kernel writes: one row an act of a future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """Events of many futures in columns, sorted by future, then day, then channel.

    Attributes
    ----------
    future : int32, shape (event,)
    day : int32, shape (event,)
        Days since the start, from 0.
    channel : int16, shape (event,)
    act : int32, shape (event,)
        Row of the act table.
    deaths : int32, shape (event,)
    futures, days : int
        How many were run, with or without events.
    traces : float32, shape (future, recorded memory, ceil(days / record_every))
        Recorded memories before the acts of days 0, `record_every`, 2 `record_every`, ...
    hazard : float64, shape (future,), or None
        Of the channel held mute: minus the log of the chance that it had no act on the path.

    Examples
    --------
    Two events on day 3 of the second of two futures:

    >>> future, day, channel = np.ones(2, np.int32), np.full(2, 3, np.int32), np.array([0, 4], np.int16)
    >>> act, deaths = np.array([7, 9], np.int32), np.array([0, 12], np.int32)
    >>> log = EventLog(future, day, channel, act, deaths, 2, 10, np.empty((2, 0, 1), np.float32))
    >>> len(log), int(log.deaths.sum())
    (2, 12)
    """

    future: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    channel: npt.NDArray[np.int16]
    act: npt.NDArray[np.int32]
    deaths: npt.NDArray[np.int32]
    futures: int
    days: int
    traces: npt.NDArray[np.float32]
    hazard: npt.NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.day)


def join_logs(logs: Sequence[EventLog], rows: Sequence[npt.NDArray[np.int64]]) -> EventLog:
    """Join logs of different futures of one run into one.

    Parameters
    ----------
    logs : sequence of EventLog
        Of the same days and the same recorded memories.
    rows : sequence of int arrays
        ``rows[i][k]`` is the future that future k of log i becomes.

    Returns
    -------
    EventLog

    Examples
    --------
    >>> day, channel, act = np.zeros(1, np.int32), np.zeros(1, np.int16), np.zeros(1, np.int32)
    >>> one = EventLog(day, day, channel, act, act, 1, 10, np.ones((1, 0, 1), np.float32))
    >>> join_logs([one, one], [np.array([1]), np.array([0])]).future.tolist()
    [0, 1]
    """
    if len(logs) == 1:
        return logs[0]
    future = np.concatenate([row[log.future] for log, row in zip(logs, rows, strict=True)]).astype(np.int32)
    order = np.argsort(future, kind="stable")
    day, channel, act, deaths = (
        np.concatenate([getattr(log, name) for log in logs])[order]
        for name in ("day", "channel", "act", "deaths")
    )
    total = sum(log.futures for log in logs)
    traces = np.empty((total, *logs[0].traces.shape[1:]), np.float32)
    hazard = None if logs[0].hazard is None else np.empty(total)
    for log, row in zip(logs, rows, strict=True):
        traces[row] = log.traces
        if hazard is not None:
            hazard[row] = log.hazard
    return EventLog(future[order], day, channel, act, deaths, total, logs[0].days, traces, hazard)
