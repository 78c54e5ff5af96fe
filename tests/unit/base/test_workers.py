"""Work shared among threads, processes and a cluster: in order, and left at once."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from threading import Event, current_thread
from time import sleep
from typing import Any

import numpy as np
import pytest

from detente.base.errors import DetenteError, FitError
from detente.base.workers import (
    Processes,
    Promise,
    Threads,
    Workers,
    alongside,
    workers_of,
)
from mapped import fail, gone, plus, settings_of_libraries, vanish


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


# --- other workers ----------------------------------------------------------------------------------------------------


class AtOnce(Workers):
    """Workers of another kind: they need no more than `submitter`."""

    @contextmanager
    def submitter(self, function: Callable[[Any], Any], items: int | None) -> Iterator[Any]:
        def submit(item: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(function(item))
            return future

        yield submit


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    with Processes(2) as workers:
        yield workers


def test_workers_of_any_kind_give_the_same(processes: Processes) -> None:
    add = partial(plus, np.arange(1000.0))
    expected = [add(n) for n in range(20)]
    assert [w.map(add, range(20)) for w in (AtOnce(), Threads(2), processes)] == [expected] * 3


def test_processes_report_progress_stop_and_stream(processes: Processes) -> None:
    seen: list[tuple[int, int]] = []
    found = processes.map(abs, range(4), progress=lambda *step: seen.append(step))
    assert (found, seen[-1]) == ([0, 1, 2, 3], (4, 4))
    assert processes.map(abs, range(100), until=lambda r: r == 3) == [0, 1, 2, 3]
    assert list(processes.stream(abs, iter(range(-5, 0)), ahead=2)) == [5, 4, 3, 2, 1]


def test_an_error_in_a_process_arrives_as_it_was_raised(processes: Processes) -> None:
    with pytest.raises(FitError, match="as_of is required"):
        processes.map(fail, range(9))
    assert processes.map(abs, [-1]) == [1]


def test_libraries_in_a_process_use_one_thread(processes: Processes) -> None:
    assert processes.map(settings_of_libraries, [0]) == [("1", "1")]
    assert "POLARS_MAX_THREADS" not in os.environ


def test_a_lost_process_is_a_clear_error() -> None:
    with (
        Processes(1) as workers,
        pytest.raises(DetenteError, match=r"cluster lost a worker: .*fewer workers"),
    ):
        workers.map(vanish, range(4))


def test_processes_start_at_the_first_use() -> None:
    before = set(multiprocessing.active_children())
    with Processes(2) as workers:
        assert set(multiprocessing.active_children()) == before
        assert workers.map(abs, [-1]) == [1]
        own = set(multiprocessing.active_children()) - before
        assert len(own) == 2
    for process in own:  # the pool's own thread joins them too, so that only the sentinel is sure
        assert wait([process.sentinel], 60)


def test_no_process_outlives_the_one_that_started_it(tmp_path: Path) -> None:
    script = tmp_path / "driver.py"
    script.write_text(
        "import os, signal\n"
        "from detente.base.workers import Processes\n"
        "if __name__ == '__main__':\n"
        "    import multiprocessing\n"
        "    Processes(2).map(abs, [1])\n"
        "    print(*(p.pid for p in multiprocessing.active_children()), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    children = [int(word) for word in done.stdout.split()]
    assert len(children) == 2, done.stderr
    assert gone(children)


def test_workers_are_made_of_a_number_or_given(processes: Processes) -> None:
    assert workers_of(3) == Threads(3)
    assert workers_of(processes) is processes
