"""A pool of threads that an error, an interrupt among them, leaves at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def pool_of(workers: int | None) -> Iterator[ThreadPoolExecutor]:
    """Open a pool that waits for its work at the end, but not where an error ends it."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
