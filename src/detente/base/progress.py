"""How work under way says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

Progress = Callable[[str, int, int], None]  # stage, done, total


class Tally:
    """What several threads have done, summed up for one callback.

    Parameters
    ----------
    progress : callable, optional
        Called with the sum whenever a part moves on, by one thread at a time.

    Examples
    --------
    >>> tally = Tally(print)
    >>> first, second = tally.part(), tally.part()
    >>> first(2)
    2
    >>> second(3)
    5
    >>> first(4)
    7
    """

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self._progress = progress
        self._done: list[int] = []
        self._lock = Lock()

    def part(self) -> Callable[[int], None]:
        """Return a function that notes how much of one more part is done by now."""
        with self._lock:
            self._done.append(0)
            return partial(self._note, len(self._done) - 1)

    def _note(self, part: int, done: int) -> None:
        with self._lock:
            self._done[part] = done
            if self._progress:
                self._progress(sum(self._done))
