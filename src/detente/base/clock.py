"""The one file that reads a clock: results carry how many seconds they took, and nothing else of it."""

from __future__ import annotations

import time
from collections.abc import Callable


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


def wait(seconds: float) -> None:
    """Let some seconds pass: between two tries at a server that asks for patience."""
    time.sleep(seconds)
