"""Fits of many pairs, found again on disk by what they were made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Ints
from detente.base.store import Store, key_of
from detente.studies.world.fit_class import ClassFit
from detente.studies.world.pairs import Pairs

_NAMES = tuple(field.name for field in fields(ClassFit))


def kept_fits(
    store: Store,
    pairs: Pairs,
    days: Ints,
    settings: Mapping[str, Any],
    make: Callable[[], Sequence[ClassFit]],
) -> tuple[ClassFit, ...]:
    """Return the fits of all classes, made or kept before.

    Parameters
    ----------
    store : Store
    pairs : Pairs
        What is fitted.
    days : ndarray of shape (day,)
        Rows of the fitted days.
    settings : mapping
        What else the fits depend on, as plain values; the code is added.
    make : callable
    """
    key = key_of({"pairs": pairs.digest, "days": days.tolist(), **settings})
    kept = store.arrays("world", key)
    if kept is not None and set(kept) == set(_NAMES):
        rows = zip(*(_rows(kept[name]) for name in _NAMES), strict=True)
        return tuple(ClassFit(*row) for row in rows)
    found = tuple(make())
    store.keep_arrays(
        "world", key, {name: np.array([getattr(fit, name) for fit in found]) for name in _NAMES}
    )
    return found


def _rows(values: npt.NDArray[Any]) -> list[Any]:
    """Return the rows of an array, as plain numbers where each is one."""
    return list(values) if values.ndim > 1 else values.tolist()
