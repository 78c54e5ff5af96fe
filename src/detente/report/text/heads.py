"""The first line of every text: what a result is about, what was done, by which version, and on which data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DIGITS = 12  # of a digest that are shown


def data_text(digest: str) -> str:
    """Return the name of the data of a result: the first digits of their digest.

    Examples
    --------
    >>> data_text("0123456789abcdef")
    'data 0123456789ab'
    """
    return f"data {digest[:_DIGITS]}"


def made_text(value: Mapping[str, Any]) -> str:
    """Return which version made a result on which data, from its plain values.

    Examples
    --------
    >>> made_text({"version": "0.1.0", "data": {"digest": "0123456789abcdef"}})
    'detente 0.1.0, data 0123456789ab'
    """
    return f"detente {value['version']}, {data_text(value['data']['digest'])}"


def head_line(value: Mapping[str, Any], *said: str) -> str:
    """Return the first line about a result, given as plain values: its subject, what was done, version and data.

    Examples
    --------
    >>> value = {"rivalry": "us-iran", "argument": "essay", "as_of": "2020-01-17"}
    >>> value |= {"version": "0.1.0", "data": {"digest": "0123456789abcdef"}}
    >>> head_line(value, "50 futures from seed 1")
    'us-iran, argument essay, as of 2020-01-17: 50 futures from seed 1; detente 0.1.0, data 0123456789ab.'
    """
    day = f", as of {value['as_of']}" if "as_of" in value else ""
    about = f"{value['rivalry']}, argument {value['argument']}{day}"
    return f"{about}: {'; '.join((*said, made_text(value)))}."
