"""The layouts of event data by name, and which of them a file has."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.importing import layouts
from detente.events.importing.file_layout import FileLayout


@cache
def layout_registry() -> Mapping[str, FileLayout]:
    """Return every layout by name, plain event files last; a file in the folder of layouts adds one.

    Examples
    --------
    >>> list(layout_registry())[:2], list(layout_registry())[-1]
    (['acled', 'cline-phoenix'], 'csv')
    """
    found = {}
    for module in pkgutil.iter_modules(layouts.__path__):
        layout = getattr(importlib.import_module(f"{layouts.__name__}.{module.name}"), "LAYOUT", None)
        if layout is not None:
            found[layout.name] = layout
    plain_last = sorted(found, key=lambda name: (found[name].events is None, name))
    return MappingProxyType({name: found[name] for name in plain_last})


def layout_of(name: str) -> FileLayout:
    """Return a layout by its name.

    Raises
    ------
    DataError
        If there is no such layout.

    Examples
    --------
    >>> len(layout_of("gdelt2").shapes[61]), layout_of("icews").codebook
    (61, 'cameo')
    """
    known = layout_registry()
    if name not in known:
        near = suggest(name, known, known=False)
        raise DataError(Fault("not_one_of", "format", got=name, choices=tuple(known), **near))
    return known[name]


def layout_seen(first: str) -> FileLayout | None:
    """Return the layout that a text's first line has, or None.

    Examples
    --------
    >>> layout_seen("date,source,target,cameo").name, layout_seen("a,b")
    ('csv', None)
    """
    return next((layout for layout in layout_registry().values() if layout.opening(first)), None)
