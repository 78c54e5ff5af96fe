"""The mechanisms an argument may use, one file each; adding a file adds a mechanism."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from detente.model.mechanisms.base import Mechanism


@cache
def mechanism_registry() -> dict[str, Mechanism]:
    """Return every mechanism by name, in alphabetical order.

    Examples
    --------
    >>> sorted(mechanism_registry())[:2]
    ['anger', 'asymmetry']
    """
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        mechanism = getattr(importlib.import_module(f"{__name__}.{module.name}"), "MECHANISM", None)
        if mechanism is not None:
            found[mechanism.name] = mechanism
    return found
