"""The memo of results: bounded, and safe for threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from time import sleep

import pytest

from detente.base.memo import Identity, Memo

THREADS = 8


class Computation:
    """A slow computation that counts how often it runs."""

    def __init__(self, value: object = None) -> None:
        self.value, self.runs, self._lock = value, 0, Lock()

    def __call__(self) -> object:
        with self._lock:
            self.runs += 1
        sleep(0.02)
        return self.value


class NaiveMemo:
    """What the memo replaced: a dict that is emptied before it takes another result."""

    def __init__(self, size: int) -> None:
        self._results: dict[object, object] = {}

    def get(self, key: object, compute: Callable[[], object]) -> object:
        if key not in self._results:
            self._results.clear()
            self._results[key] = compute()
        sleep(0)
        return self._results[key]


def ask_at_once(memo: Memo[str, object] | NaiveMemo, keys: list[str]) -> dict[str, int]:
    """Let many threads ask for keys at once; return how often each was computed."""
    computations = {key: Computation(key.upper()) for key in keys}
    start = Barrier(THREADS)

    def ask(i: int) -> None:
        start.wait()
        for key in keys[i % len(keys) :] + keys[: i % len(keys)]:
            assert memo.get(key, computations[key]) == key.upper()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, range(THREADS)))
    return {key: one.runs for key, one in computations.items()}


def test_a_result_is_computed_once_and_found_again() -> None:
    memo, compute = Memo[str, object](2), Computation("A")
    assert [memo.get("a", compute) for _ in range(3)] == ["A"] * 3
    assert compute.runs == 1
    memo.clear()
    memo.get("a", compute)
    assert compute.runs == 2


def test_none_is_a_result() -> None:
    memo, compute = Memo[str, object](1), Computation(None)
    assert memo.get("a", compute) is memo.get("a", compute) is None
    assert compute.runs == 1


def test_the_least_recently_used_is_dropped() -> None:
    memo = Memo[str, int](2)
    for key in ("a", "b", "a", "c"):
        memo.get(key, lambda: 1)
    assert [key in memo for key in ("a", "b", "c")] == [True, False, True]
    assert len(memo) == 2


def test_a_memo_keeps_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Memo[str, int](0)


def test_threads_that_ask_for_one_key_compute_it_once() -> None:
    assert ask_at_once(Memo(1), ["a"]) == {"a": 1}
    assert set(ask_at_once(Memo(3), ["a", "b", "c"]).values()) == {1}


def test_threads_that_drop_each_others_results_still_get_their_own() -> None:
    assert min(ask_at_once(Memo(1), ["a", "b", "c"]).values()) >= 1


def test_the_same_threads_break_a_naive_memo() -> None:
    try:
        counts = ask_at_once(NaiveMemo(1), ["a", "b", "c"])
    except KeyError:
        return
    assert max(counts.values()) > 1


def test_another_key_does_not_wait() -> None:
    memo, go = Memo[str, object](2), Event()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(memo.get, "slow", lambda: go.wait(10))
        assert memo.get("quick", lambda: "here") == "here"
        assert not slow.done()
        go.set()
        assert slow.result(10) is True


def test_an_error_is_not_kept() -> None:
    memo = Memo[str, int](2)
    with pytest.raises(ZeroDivisionError):
        memo.get("a", lambda: 1 // 0)
    assert "a" not in memo
    assert memo.get("a", lambda: 1) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_thread_that_waits_for_a_failing_computation_tries_anew(error: type[BaseException]) -> None:
    memo, begun, go = Memo[str, int](2), Event(), Event()

    def fail() -> int:
        begun.set()
        go.wait(10)
        raise error

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(memo.get, "a", fail)
        assert begun.wait(10)
        second = pool.submit(memo.get, "a", lambda: 2)
        go.set()
        assert second.result(10) == 2
        with pytest.raises(error):
            first.result(10)


def test_an_identity_is_equal_to_itself_alone_and_keeps_its_object() -> None:
    memo = Memo[Identity[list[int]], int](4)
    results = [memo.get(Identity([0]), lambda i=i: i) for i in range(4)]  # type: ignore[misc]
    assert results == [0, 1, 2, 3]  # no id was used twice: the entries hold the lists
    one = [1]
    assert memo.get(Identity(one), lambda: 5) == memo.get(Identity(one), lambda: 6)
    assert Identity(one) != one
