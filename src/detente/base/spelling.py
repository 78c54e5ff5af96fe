"""The nearest known word to a misspelt one."""

from __future__ import annotations

from difflib import get_close_matches


def nearest(word: str, words: tuple[str, ...]) -> str | None:
    """Return the one of `words` spelled most like `word`, or None if none is near.

    Examples
    --------
    >>> nearest("presure", ("pressure", "force"))
    'pressure'
    """
    found = get_close_matches(word[:80], words, n=1, cutoff=0.6)
    return found[0] if found else None
