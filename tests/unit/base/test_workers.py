"""Work shared among threads: in order, and left at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from functools import partial
from threading import Event, current_thread
from time import sleep
from typing import Any

import pytest

from detente.base.workers import Promise, Threads, Workers, alongside


def slower_first(n: int) -> int:
    sleep(0.02 / (n + 1))
    return n * n


@pytest.mark.parametrize("threads", [0, 1, 3, 50])
def test_results_are_in_the_order_of_the_items(threads: int) -> None:
    seen: list[tuple[int, int]] = []
    done = Threads(threads).map(slower_first, range(10), progress=lambda *step: seen.append(step))
    assert done == [n * n for n in range(10)]
    assert seen == [(n, 10) for n in range(1, 11)]


def test_no_items_are_no_results() -> None:
    assert Threads().map(slower_first, []) == []


def test_no_more_threads_run_than_were_asked_for() -> None:
    def name(_: int) -> str:
        sleep(0.001)
        return current_thread().name

    assert len(set(Threads(2).map(name, range(40)))) <= 2
    assert Threads(3).count == 3
    assert Threads().count >= 1


def test_work_ends_at_the_first_result_in_order_that_says_so() -> None:
    assert Threads(4).map(slower_first, range(100), until=lambda r: r >= 9) == [0, 1, 4, 9]


def test_an_error_cancels_what_has_not_begun() -> None:
    begun: list[int] = []

    def work(n: int) -> int:
        begun.append(n)
        if n == 0:
            raise ValueError("first")
        sleep(0.005)
        return n

    with pytest.raises(ValueError, match="first"):
        Threads(2).map(work, range(500))
    sleep(0.05)
    assert len(begun) < 100


def test_an_interrupt_does_not_wait_for_what_runs() -> None:
    go = Event()

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    def work(n: int) -> bool:
        return n == 0 or go.wait(20)

    with pytest.raises(KeyboardInterrupt):
        Threads(2).map(work, range(2), progress=interrupt)
    assert not go.is_set()
    go.set()


def test_a_stream_reads_no_further_than_it_may() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for n in range(20):
            read.append(n)
            yield n

    taken = []
    for result in Threads(2).stream(abs, items(), ahead=3):
        taken.append(result)
        assert len(read) <= len(taken) + 3
    assert taken == list(range(20))


def test_a_stream_ends_where_its_items_fail() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(Threads(2).stream(abs, items(), ahead=1))


def test_a_function_runs_alongside() -> None:
    with alongside(partial(slower_first, 3)) as result:
        assert current_thread().name == "MainThread"
    assert result() == 9
    with alongside(lambda: 1 // 0) as broken:
        pass
    with pytest.raises(ZeroDivisionError):
        broken()


def test_an_error_does_not_wait_for_what_runs_alongside() -> None:
    go = Event()
    with pytest.raises(KeyboardInterrupt), alongside(lambda: go.wait(20)):
        raise KeyboardInterrupt
    assert not go.is_set()
    go.set()


def test_a_promise_hands_a_value_from_one_thread_to_another() -> None:
    promise: Promise[int] = Promise()
    with alongside(promise.result) as received:
        promise.set_result(4)
    assert received() == 4


class AtOnce(Executor):
    """An executor as a cluster's client may be: it knows `submit` and `shutdown` and no more."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future

    def shutdown(self, wait: bool = True) -> None:  # type: ignore[override]
        pass


class Cluster(Workers):
    """Workers of another kind."""

    def executor(self, items: int | None) -> Executor:
        return AtOnce()


def test_another_executor_gives_the_same() -> None:
    assert Cluster().map(slower_first, range(10)) == Threads().map(slower_first, range(10))
