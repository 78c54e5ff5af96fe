"""A small memo of results, shared by threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)


class Memo(Generic[K, V]):
    """The last few results by what they were computed from; the least recently used is dropped first.

    Threads that ask for the same key at once wait for one computation; those that ask for other keys do not wait.
    A computation that fails leaves nothing behind, and the next thread that asks tries again.

    Parameters
    ----------
    size : int
        How many results are kept.

    Examples
    --------
    >>> squares = Memo[int, int](2)
    >>> squares.get(3, lambda: 9), squares.get(3, lambda: 0)
    (9, 9)
    >>> [squares.get(n, lambda: 0) for n in (4, 5)], 3 in squares
    ([0, 0], False)
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"size must be at least 1, got {size}")
        self._size = size
        self._results: OrderedDict[K, V] = OrderedDict()
        self._running: dict[K, Lock] = {}
        self._lock = Lock()

    def get(self, key: K, compute: Callable[[], V]) -> V:
        """Return the result of a key, computing it if there is none.

        Parameters
        ----------
        key : hashable
            Everything that the result depends on.
        compute : callable
            Must not ask for the same key.
        """
        while True:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
                    return self._results[key]
                other = self._running.get(key)
                if other is None:
                    mine = self._running[key] = Lock()
                    mine.acquire()
                    break
            with other:  # held as long as another thread computes this key
                pass
        try:
            result = compute()
            self._keep(key, result)
        finally:
            with self._lock:
                del self._running[key]
            mine.release()
        return result

    def clear(self) -> None:
        """Forget every result."""
        with self._lock:
            self._results.clear()

    def __contains__(self, key: K) -> bool:
        with self._lock:
            return key in self._results

    def __len__(self) -> int:
        with self._lock:
            return len(self._results)

    def _keep(self, key: K, result: V) -> None:
        with self._lock:
            self._results[key] = result
            self._results.move_to_end(key)
            while len(self._results) > self._size:
                self._results.popitem(last=False)


class Identity(Generic[T_co]):
    """An object as a key: equal to itself alone, whatever its own ``==`` says, and kept alive by the key.

    Examples
    --------
    >>> one, other = [1], [1]
    >>> Identity(one) == Identity(one), Identity(one) == Identity(other)
    (True, False)
    """

    __slots__ = ("_value",)

    def __init__(self, value: T_co) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)
