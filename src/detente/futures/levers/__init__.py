"""Levers: declared interventions on futures, one file each; adding a file adds a lever."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from detente.futures.levers.base import Lever


@cache
def lever_registry() -> dict[str, Lever]:
    """Return every lever by name, in alphabetical order.

    Examples
    --------
    >>> "relief" in lever_registry(), lever_registry()["relief"].example
    (True, 'relief=0.33@30')
    """
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        lever = getattr(importlib.import_module(f"{__name__}.{module.name}"), "LEVER", None)
        if lever is not None:
            found[lever.name] = lever
    return found
