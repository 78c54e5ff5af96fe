"""The one file that reads a clock: results carry the seconds they took, and commands refuse rows of days to come."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

_FIRST_ZONE = timedelta(hours=14)  # where a day begins first


def seconds() -> float:
    """Return the seconds of a clock that never goes back; only differences between two readings mean anything.

    A test that wants other seconds replaces this function.
    """
    return time.perf_counter()


def stopwatch() -> Callable[[], float]:
    """Start a stopwatch, and return a function that reads it in seconds.

    Examples
    --------
    >>> elapsed = stopwatch()
    >>> 0 <= elapsed() <= elapsed()
    True
    """
    start = seconds()
    return lambda: seconds() - start


def epoch() -> float:
    """Return the seconds since 1970, as the times of files count them; the clock may be set back.

    Examples
    --------
    >>> epoch() > 1.7e9
    True
    """
    return time.time()


def today() -> date:
    """Return the day it is, anywhere on Earth: the last one that has begun somewhere.

    Examples
    --------
    >>> today() > date(2020, 1, 1)
    True
    """
    return (datetime.now(UTC) + _FIRST_ZONE).date()


def wait(seconds: float) -> None:
    """Let some seconds pass: between two tries at a server that asks for patience."""
    time.sleep(seconds)
