"""The texts of the pages: each goes through one function, which a language will replace."""

from __future__ import annotations

from gettext import NullTranslations

_ENGLISH = NullTranslations()


def translated(text: str) -> str:
    """Return a text of the interface in the language of the page: for now all are English.

    Examples
    --------
    >>> translated("Timeline")
    'Timeline'
    """
    return _ENGLISH.gettext(text)
