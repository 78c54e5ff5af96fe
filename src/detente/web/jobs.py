"""Work that takes longer than a page may: a bounded queue, few workers, and results kept under what was asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from detente.base.clock import stopwatch
from detente.base.errors import DetenteError, Fault
from detente.base.progress import Progress
from detente.base.workers import Threads
from detente.web.refusals import FullQueueError

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")
_LOOK = 0.02  # seconds between two looks at a job


@dataclass(eq=False)
class Job(Generic[K, R]):
    """One piece of work, from the queue to its result.

    Attributes
    ----------
    key : hashable
        What was asked.
    stage, done, total
        How far it is; the stage is empty until a worker takes it.
    result : object or None
    error : Exception or None
        Why there is no result.
    ended : bool
    """

    key: K
    stage: str = ""
    done: int = 0
    total: int = 0
    result: R | None = None
    error: Exception | None = None
    ended: bool = False

    def tell(self, stage: str, done: int, total: int) -> None:
        """Note how far the work is."""
        self.stage, self.done, self.total = stage, done, total


class Jobs(Generic[K, R]):
    """A queue of work, and what came of it.

    Parameters
    ----------
    work : callable
        Takes a key and a progress callback, and returns the result.
    workers : int
        How many jobs run at once.
    waiting : int
        How many more may wait; one beyond is refused.
    kept : int
        How many ended jobs are kept; the least recently asked for go first.

    Examples
    --------
    >>> jobs = Jobs(lambda key, tell: key * 2)
    >>> asyncio.run(jobs.result(21, patience=5))
    42
    >>> jobs.close()
    """

    def __init__(
        self, work: Callable[[K, Progress], R], *, workers: int = 2, waiting: int = 8, kept: int = 64
    ) -> None:
        self._work, self._most, self._kept = work, workers + waiting, kept
        self._jobs: OrderedDict[K, Job[K, R]] = OrderedDict()
        self._lock = Lock()
        self._open = ExitStack()
        self._submit = self._open.enter_context(Threads(workers).submitter(self._run, None))

    def close(self) -> None:
        """Take no more work; what waits is dropped, what runs is not waited for."""
        with self._lock:
            self._jobs.clear()
        self._open.close()

    def job(self, key: K) -> Job[K, R]:
        """Return the job of a key; it is put into the queue if there is none.

        Raises
        ------
        FullQueueError
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                self._jobs.move_to_end(key)
                return job
            busy = sum(not job.ended for job in self._jobs.values())
            if busy >= self._most:
                raise FullQueueError(Fault("queue_full", "jobs", most=self._most, hint="ask_again"))
            job = self._jobs[key] = Job(key)
            ended = [key for key, job in self._jobs.items() if job.ended]
            for old in ended[: max(0, len(ended) - self._kept)]:
                del self._jobs[old]
        self._submit(job)
        return job

    async def result(self, key: K, patience: float) -> R | Job[K, R]:
        """Return what came of a key, or its job if that has not ended after so many seconds.

        Raises
        ------
        FullQueueError
        Exception
            What the work raised. It is raised once: who asks again starts again.
        """
        job, elapsed = self.job(key), stopwatch()
        while not job.ended and elapsed() < patience:
            await asyncio.sleep(_LOOK)
        if not job.ended:
            return job
        if job.error is not None:
            with self._lock:
                if self._jobs.get(key) is job:
                    del self._jobs[key]
            raise job.error
        return job.result  # type: ignore[return-value]

    def _run(self, job: Job[K, R]) -> None:
        if self._jobs.get(job.key) is not job:  # closed meanwhile
            return
        job.tell("begin", 0, 0)
        try:
            job.result = self._work(job.key, job.tell)
        except DetenteError as error:
            job.error = error
        except MemoryError:
            job.error = DetenteError(Fault("out_of_memory", "memory", hint="fewer_futures"))
        except Exception as error:  # noqa: BLE001 - a fault of ours: the route tells it, and the worker lives on
            job.error = error
        job.ended = True
