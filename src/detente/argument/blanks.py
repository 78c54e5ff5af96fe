"""Blanks of a template that an argument still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

BLANK = "FILL-IN"
"""With this a text begins that stands for what nobody could propose."""


def blanks_in(part: object) -> int:
    """Return how many texts of a part of an argument are blanks.

    Examples
    --------
    >>> blanks_in(
    ...     {"because": "FILL-IN: why", "rows": [{"because": "FILL-IN"}, {"because": "Schelling 1960"}]}
    ... )
    2
    """
    if isinstance(part, str):
        return int(part.startswith(BLANK))
    if isinstance(part, BaseModel):
        part = dict(part)
    if isinstance(part, Mapping):
        part = part.values()
    return sum(map(blanks_in, part)) if isinstance(part, Iterable) else 0
