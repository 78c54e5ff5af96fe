"""The nearest known word to a misspelt one, and the hint made of it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_SHOWN = 12  # names that a hint lists


def nearest(word: str, words: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of `words` spelled most like `word`, or None if none is near.

    A word in other letters, large or small, is the same word; else letters count as they are before they do not.

    Examples
    --------
    >>> nearest("presure", ("pressure", "force")), nearest("PRESSURE", ("pressure", "PRESS"))
    ('pressure', 'pressure')
    """
    known, word = list(words), word[:80]
    folded = {each.casefold(): each for each in reversed(known)}
    if (same := folded.get(word.casefold())) is not None:
        return word if word in known else same
    if found := get_close_matches(word, known, n=1, cutoff=cutoff):
        return found[0]
    found = get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def suggest(got: object, choices: Iterable[object], *, known: bool = True) -> dict[str, Any]:
    """Return the hint of a `Fault` and its values: the nearest of the choices, else what is known.

    Parameters
    ----------
    got : object
        What was given.
    choices : iterable
        What may be given.
    known : bool
        Whether to list the choices if none is near; a rule that names them needs no list.

    Examples
    --------
    >>> suggest("presure", ("pressure", "force"))
    {'hint': 'nearest', 'nearest': 'pressure'}
    >>> suggest("peace", ("pressure", "force"))
    {'hint': 'known', 'known': ('pressure', 'force')}
    """
    names = tuple(str(choice) for choice in choices)
    near = nearest(str(got), names)
    if near is not None:
        return {"hint": "nearest", "nearest": near}
    if not names or not known:
        return {}
    return {"hint": "known" if len(names) <= _SHOWN else "known_first", "known": names[:_SHOWN]}
