"""Results as JSON holds them, so that they can be kept on disk and shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel


def as_plain(value: Any) -> Any:
    """Return a value as JSON holds it: objects become their fields, days their text; functions are left out.

    Templates read a field and an entry of the same name alike, so that a page does not see the difference.

    Examples
    --------
    >>> as_plain({"day": date(2020, 1, 3), "pair": ("USA", "IRN"), "say": len})
    {'day': '2020-01-03', 'pair': ['USA', 'IRN']}
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return as_plain({name: getattr(value, name) for name in type(value).model_fields})
    if is_dataclass(value) and not isinstance(value, type):
        return as_plain({one.name: getattr(value, one.name) for one in fields(value)})
    if isinstance(value, Mapping):
        return {str(name): as_plain(part) for name, part in value.items() if not callable(part)}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_plain(part) for part in value]
    return str(value)
