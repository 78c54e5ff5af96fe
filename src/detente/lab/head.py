"""The head of a result as plain values: what it is about, as of when, by which version, and on which data."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from detente.lab.case import Case


def head_of(case: Case, as_of: date | None = None) -> dict[str, Any]:
    """Return with what the JSON of every result about a case begins.

    Parameters
    ----------
    case : Case
    as_of : date, optional
        The digest is that of what was known by then; without a day, that of the whole chronicle.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> head = head_of(load_case("us-iran"))
    >>> list(head), list(head["data"]), len(head["data"]["digest"])
    (['rivalry', 'argument', 'version', 'data'], ['digest'], 64)
    """
    day = {} if as_of is None else {"as_of": as_of.isoformat()}
    digest = case.chronicle.digest if as_of is None else case.known(as_of).digest
    about = {"rivalry": case.name, "argument": case.argument.argument}
    return {**about, **day, "version": version("detente"), "data": {"digest": digest}}
