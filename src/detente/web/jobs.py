"""Work that takes longer than a page may: a bounded queue, few workers, and results kept under what was asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Generic, TypeVar

from detente.base.clock import stopwatch
from detente.base.errors import DetenteError, Fault
from detente.base.progress import Progress
from detente.base.workers import Threads
from detente.web.refusals import FullQueueError, TooManyError, WebError

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")
_LOOK = 0.02  # seconds between two looks at a job
NOBODY = ""


class CancelledJobError(WebError):
    """The work was given up by all who had asked for it."""

    status = 409


def job_name(key: Hashable) -> str:
    """Return the name of a key's job in addresses: the same in every run of the server."""
    return sha256(repr(key).encode()).hexdigest()[:32]


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
    ended, cancelled : bool
    askers : set of str
        Visitors who asked for it.
    elapsed : callable
        Seconds since it was put into the queue.
    """

    key: K
    stage: str = ""
    done: int = 0
    total: int = 0
    result: R | None = None
    error: Exception | None = None
    ended: bool = False
    cancelled: bool = False
    askers: set[str] = field(default_factory=set)
    elapsed: Callable[[], float] = field(default_factory=stopwatch)

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return job_name(self.key)

    def tell(self, stage: str, done: int, total: int) -> None:
        """Note how far the work is.

        Raises
        ------
        CancelledJobError
            If nobody wants it any more: work ends where it says how far it is.
        """
        if self.cancelled:
            raise CancelledJobError(Fault("job_gone", "job"))
        self.stage, self.done, self.total = stage, done, total


class Jobs(Generic[K, R]):
    """A queue of work, and its results.

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
    each : int
        How many jobs one visitor may have under way.

    Examples
    --------
    >>> jobs = Jobs(lambda key, tell: key * 2)
    >>> asyncio.run(jobs.result(21, patience=5))
    42
    >>> jobs.close()
    """

    def __init__(
        self,
        work: Callable[[K, Progress], R],
        *,
        workers: int = 2,
        waiting: int = 8,
        kept: int = 64,
        each: int = 4,
    ) -> None:
        self._work, self._most, self._kept, self._each = work, workers + waiting, kept, each
        self._jobs: OrderedDict[K, Job[K, R]] = OrderedDict()
        self._lock = Lock()
        self._open = ExitStack()
        self._submit = self._open.enter_context(Threads(workers).submitter(self._run, None))

    def close(self) -> None:
        """Take no more work; what waits is dropped, what runs is cancelled and not waited for."""
        with self._lock:
            for job in self._jobs.values():
                job.cancelled = True
            self._jobs.clear()
        self._open.close()

    def held(self, key: K) -> bool:
        """Return whether there is a job of a key, under way or ended."""
        with self._lock:
            return key in self._jobs

    def put(self, key: K, result: R) -> None:
        """Hold a result that was found elsewhere."""
        with self._lock:
            self._jobs.setdefault(key, Job(key, result=result, ended=True))
            self._forget()

    def job(self, key: K, asker: str = NOBODY) -> Job[K, R]:
        """Return the job of a key; it is put into the queue if there is none.

        Raises
        ------
        FullQueueError
        TooManyError
            If the asker has too many under way.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                self._jobs.move_to_end(key)
                if not job.ended:
                    job.askers.add(asker)
                return job
            busy = [job for job in self._jobs.values() if not job.ended]
            if asker and sum(asker in job.askers for job in busy) >= self._each:
                raise TooManyError(Fault("jobs_of_one", "jobs", most=self._each, hint="wait_or_cancel"))
            if len(busy) >= self._most:
                raise FullQueueError(Fault("queue_full", "jobs", most=self._most, hint="ask_again"))
            job = self._jobs[key] = Job(key, askers={asker})
            self._forget()
        self._submit(job)
        return job

    def under_way(self, name: str, asker: str) -> Job[K, R] | None:
        """Return the job of a name that this visitor asked for and that has not ended, or None."""
        with self._lock:
            busy = (job for job in self._jobs.values() if not job.ended and asker in job.askers)
            return next((job for job in busy if job.id == name), None)

    def cancel(self, job: Job[K, R], asker: str) -> bool:
        """Take a visitor off a job, and return whether that ends it: it goes on while others wait for it."""
        with self._lock:
            job.askers.discard(asker)
            if job.askers or job.ended:
                return False
            job.cancelled = True
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]
            return True

    async def result(self, key: K, patience: float, asker: str = NOBODY) -> R | Job[K, R]:
        """Return the result of a key, or its job if that has not ended after so many seconds.

        Raises
        ------
        FullQueueError, TooManyError
        Exception
            What the work raised. It is raised once: who asks again starts again.
        """
        job, elapsed = self.job(key, asker), stopwatch()
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

    def _forget(self) -> None:
        ended = [key for key, job in self._jobs.items() if job.ended]
        for old in ended[: max(0, len(ended) - self._kept)]:
            del self._jobs[old]

    def _run(self, job: Job[K, R]) -> None:
        try:
            job.tell("begin", 0, 0)
            job.result = self._work(job.key, job.tell)
        except DetenteError as error:
            job.error = error
        except MemoryError:
            job.error = DetenteError(Fault("out_of_memory", "memory", hint="fewer_futures"))
        except Exception as error:  # noqa: BLE001 - a fault of ours: the route reports it, and the worker lives on
            job.error = error
        job.ended = True
