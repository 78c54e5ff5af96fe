"""Work shared among threads or processes: the one file that opens a pool.

`Workers` is the interface; `detente.base.cluster` implements it for Dask. What is mapped is a top-level function, or a
`functools.partial` of one with plain values, so that it can be sent elsewhere. Results come back in the order of the
items and are the same for any workers.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from threading import Lock, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.base.limits import WORKERS

T = TypeVar("T")
R = TypeVar("R")
P = TypeVar("P")
Errors = tuple[type[BaseException], ...]

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"),
    "1",
)
"""Variables of a worker: it is one of as many as there are cores, so threads of libraries would only wait."""
# After an interrupt the tracker would warn of what the system frees anyway.
_QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker"}


class Promise(Future[R]):
    """A value that one thread will hand to another, or the error that it met instead."""


class Workers(ABC):
    """Whatever applies a function to many items at once.

    An error, be it of the function, of a callback or an interrupt, ends the work at once: items not yet begun are
    cancelled, and nothing waits for those already running. Workers that hold something open, such as processes, close
    it at the end of a ``with`` block.
    """

    losses: Errors = (CancelledError,)
    """Errors that say that a worker is gone, not that the function failed."""

    @abstractmethod
    def submitter(
        self, function: Callable[[T], R], items: int | None
    ) -> AbstractContextManager[Callable[[T], Future[R]]]:
        """Open what applies a function to an item elsewhere, for so many items or for an unknown number."""

    def close(self) -> None:  # noqa: B027 – threads are held open by no one
        """Free what is held open; work that has not begun is dropped."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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

        Raises
        ------
        DetenteError
            If a worker is lost and its work cannot be done by another.

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
        waiting: deque[Future[R]] = deque()
        try:
            with self.submitter(function, number) as submit:
                try:
                    for item in items:
                        waiting.append(submit(item))
                        if len(waiting) > ahead:
                            yield waiting.popleft().result()
                    while waiting:
                        yield waiting.popleft().result()
                finally:
                    for future in waiting:
                        future.cancel()
        except self.losses as error:
            self.close()
            fault = Fault("worker_lost", "cluster", hint="fewer_workers", reason=reason_of(error))
            raise DetenteError(fault) from error


@dataclass(frozen=True)
class Threads(Workers):
    """Threads of this process.

    Attributes
    ----------
    number : int
        0 takes one for each core.
    """

    number: int = 0

    @contextmanager
    def submitter(self, function: Callable[[T], R], items: int | None) -> Iterator[Callable[[T], Future[R]]]:
        """Open a pool with no more threads than items."""
        threads = self.count if items is None else max(1, min(self.count, items))
        executor = ThreadPoolExecutor(threads)
        try:
            yield lambda item: executor.submit(function, item)
        finally:
            executor.shutdown(wait=False)

    @property
    def count(self) -> int:
        """How many threads run at most."""
        return self.number or os.cpu_count() or 1


class Opened(Workers, Generic[P]):
    """Workers that take a while to start: they start at the first use and stay until they are closed."""

    def __init__(self) -> None:
        self._pool: P | None = None
        self._lock = Lock()

    @abstractmethod
    def start(self) -> P:
        """Start the workers."""

    @property
    def pool(self) -> P:
        """What the workers are reached through."""
        with self._lock:
            if self._pool is None:
                with _environment(ONE_THREAD | _QUIET), _interrupts_held_back():
                    self._pool = self.start()
            return self._pool

    def close(self) -> None:
        """Stop the workers; what they still do is lost."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            self.stop(pool)

    @abstractmethod
    def stop(self, pool: P) -> None:
        """Stop the workers."""


class Processes(Opened[Executor]):
    """Processes on this machine, each of them a new Python.

    Parameters
    ----------
    number : int

    Raises
    ------
    ArgumentError
        If the number is not between 1 and 128.

    Examples
    --------
    >>> with Processes(1) as workers:
    ...     workers.map(abs, [-1, 2, -3])
    [1, 2, 3]
    """

    losses = (BrokenExecutor, CancelledError)

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = checked_number(number)

    def start(self) -> Executor:
        """Start the processes, all of them now."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # A fork would copy the locks of threads in whatever state they are.
        spawn = multiprocessing.get_context("spawn")
        executor = ProcessPoolExecutor(self.number, mp_context=spawn, initializer=_begin_process)
        for _ in range(self.number):  # a process is started for each item while none has ended its own
            executor.submit(os.getpid)
        return executor

    def stop(self, pool: Executor) -> None:
        """Let the processes end after what they are doing now."""
        pool.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def submitter(self, function: Callable[[T], R], items: int | None) -> Iterator[Callable[[T], Future[R]]]:
        """Send the function with every item."""
        pool = self.pool
        yield lambda item: pool.submit(function, item)


def workers_of(threads: int | Workers) -> Workers:
    """Return the workers that a caller asks for by a number of threads, or gives.

    Examples
    --------
    >>> workers_of(2)
    Threads(number=2)
    """
    return threads if isinstance(threads, Workers) else Threads(threads)


def checked_number(number: object) -> int:
    """Return how many workers are asked for, if so many can be.

    Raises
    ------
    ArgumentError
    """
    low, high = WORKERS
    if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
        fault = Fault("not_whole_in_range", "cluster", got=number, hint="try", example=4, low=low, high=high)
        raise ArgumentError(fault)
    return number


def reason_of(error: BaseException) -> str:
    """Return the first line of what an error says."""
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


def _begin_process() -> None:
    """See to it that a new process does not outlive the one that started it."""
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back while workers start: they inherit that, so only this process heeds it, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it lets interrupts through again when it starts, so it starts first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set variables that processes started meanwhile inherit: libraries read them when they are loaded."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


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
