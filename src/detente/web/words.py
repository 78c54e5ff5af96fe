"""The texts of the pages: each goes through one function, which knows the language of the page."""

from __future__ import annotations

from detente.report.languages.language import _


def translated(text: str) -> str:
    """Return a text of the interface in the language of the page; in English where it has no translation.

    Examples
    --------
    >>> translated("Timeline")
    'Timeline'
    """
    return _(text)
