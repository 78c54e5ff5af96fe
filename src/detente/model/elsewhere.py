"""What other rivalries say of claims: the table of estimates that ships, and the priors it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@cache
def shipped() -> dict[str, Any]:
    """Return the table of `detente evidence` that comes with the program.

    Examples
    --------
    >>> shipped()["held_out"]
    ['USA', 'IRN']
    """
    path = resources.files("detente") / "data" / "evidence" / "estimates.json"
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value
