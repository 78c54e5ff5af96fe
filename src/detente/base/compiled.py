"""The two decorators that compile numerical loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R], **more: Any) -> Callable[P, R]:
    """Compile on first call, keep the result on disk where a folder can be written, and let threads run it at once."""
    # No fast-math flag: those that assume finite numbers would delete the guard against explosion, and `contract` lets
    # the compiler fuse a * b + c * d either way, even differently in two copies of one unrolled loop.
    options = {"nogil": True, "error_model": "numpy"} | more
    try:
        return cast(Callable[P, R], numba.njit(cache=True, **options)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache folder can be written
        return cast(Callable[P, R], numba.njit(**options)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile into the caller: a loop that still holds a call is not vectorised."""
    return compiled(function, forceinline=True)
