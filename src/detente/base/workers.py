"""Work shared among threads: the one file that opens a pool.

`Workers` is the interface. `Threads` implements it on this machine; a cluster can by opening another executor, so what
is mapped should be a top-level function, or a `functools.partial` of one with plain values. Results come back in the
order of the items and do not depend on the number of workers.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Promise(Future[R]):
    """A value that one thread will hand to another, or the error that it met instead."""


class Workers(ABC):
    """Whatever applies a function to many items at once.

    An error, be it of the function, of a callback or an interrupt, ends the work at once: items not yet begun are
    cancelled, and nothing waits for those already running.
    """

    @abstractmethod
    def executor(self, items: int | None) -> Executor:
        """Open an executor for so many items, or for an unknown number."""

    def map(
        self,
        function: Callable[[T], R],
        items: Sequence[T],
        *,
        progress: Callable[[int, int], None] | None = None,
        until: Callable[[R], bool] | None = None,
    ) -> list[R]:
        """Apply a function to every item.

        Parameters
        ----------
        function : callable
        items : sequence
        progress : callable, optional
            Called with (done, total) after each result, in order and in the calling thread.
        until : callable, optional
            Ends the work at the first result for which it is true. Later items are dropped, earlier ones are not.

        Returns
        -------
        list
            Results in the order of the items.

        Examples
        --------
        >>> Threads(2).map(abs, [-1, 2, -3])
        [1, 2, 3]
        >>> Threads(2).map(abs, [-1, 2, -3], until=lambda result: result == 2)
        [1, 2]
        """
        results: list[R] = []
        with closing(self._results(function, items, len(items), len(items))) as found:
            for result in found:
                results.append(result)
                if until and until(result):
                    break
                if progress:
                    progress(len(results), len(items))
        return results

    def stream(
        self, function: Callable[[T], R], items: Iterable[T], *, ahead: int
    ) -> Generator[R, None, None]:
        """Apply a function to items that are made as they are needed, and yield the results in order.

        Parameters
        ----------
        function : callable
        items : iterable
            Read in the calling thread.
        ahead : int
            How many items may be under way beyond the one whose result comes next: bounds the memory.

        Examples
        --------
        >>> list(Threads(2).stream(abs, iter([-1, 2, -3]), ahead=2))
        [1, 2, 3]
        """
        return self._results(function, items, None, ahead)

    def _results(
        self, function: Callable[[T], R], items: Iterable[T], number: int | None, ahead: int
    ) -> Generator[R, None, None]:
        executor = self.executor(number)
        waiting: deque[Future[R]] = deque()
        try:
            for item in items:
                waiting.append(executor.submit(function, item))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            executor.shutdown(wait=False)


@dataclass(frozen=True)
class Threads(Workers):
    """Threads of this process.

    Attributes
    ----------
    number : int
        0 takes one for each core.
    """

    number: int = 0

    def executor(self, items: int | None) -> Executor:
        """Open a pool with no more threads than items."""
        threads = self.count
        return ThreadPoolExecutor(threads if items is None else max(1, min(threads, items)))

    @property
    def count(self) -> int:
        """How many threads run at most."""
        return self.number or os.cpu_count() or 1


@contextmanager
def alongside(function: Callable[[], R]) -> Iterator[Callable[[], R]]:
    """Run a function in a thread while a block runs.

    Yields
    ------
    callable
        Waits for the function and returns its result, or raises its error. An error of the block does not wait for it.

    Examples
    --------
    >>> with alongside(lambda: sum(range(4))) as total:
    ...     here = 1
    >>> total() + here
    7
    """
    executor = ThreadPoolExecutor(1)
    future = executor.submit(function)
    try:
        yield future.result
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
