"""The two decorators that compile numerical loops, and what is known of the loops compiled so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

_loops: list[Any] = []  # what numba made of each function, in the order of the imports


@dataclass(frozen=True, slots=True)
class CompiledCode:
    """What this process has of compiled loops.

    Attributes
    ----------
    loops : int
        Functions of the imported modules that are compiled when they are first called.
    read, made : int
        Versions of them, one for each combination of types, that were read from disk and that had to be compiled.
    folders : tuple of path
        Where compiled code is kept; empty if no folder can be written.
    """

    loops: int
    read: int
    made: int
    folders: tuple[Path, ...]


def compiled(function: Callable[P, R], **more: Any) -> Callable[P, R]:
    """Compile on first call, keep the result on disk where a folder can be written, and let threads run it at once."""
    # No fast-math flag: those that assume finite numbers would delete the guard against explosion, and `contract` lets
    # the compiler fuse a * b + c * d either way, even differently in two copies of one unrolled loop.
    options = {"nogil": True, "error_model": "numpy"} | more
    try:
        loop = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither the package's folder nor the user's cache folder can be written
        loop = numba.njit(**options)(function)
    _loops.append(loop)
    return cast(Callable[P, R], loop)


def inlined(function: Callable[P, R], **more: Any) -> Callable[P, R]:
    """Compile into the caller: a loop that still holds a call is not vectorised."""
    return compiled(function, forceinline=True, **more)


def compiled_code() -> CompiledCode:
    """Return what this process has of compiled loops.

    Examples
    --------
    >>> @compiled
    ... def double(x):
    ...     return 2 * x
    >>> before = compiled_code()
    >>> double(1.5)
    3.0
    >>> after = compiled_code()
    >>> after.read + after.made - before.read - before.made
    1
    """
    stats = [loop.stats for loop in _loops]
    folders = {Path(each.cache_path) for each in stats if each.cache_path is not None}
    return CompiledCode(
        len(_loops),
        sum(sum(each.cache_hits.values()) for each in stats),
        sum(sum(each.cache_misses.values()) for each in stats),
        tuple(sorted(folders)),
    )
