"""Words for nothing: what data sets write where they know no actor, country, sector or code."""

from __future__ import annotations

from collections.abc import Iterable

_WRITTEN = ("nan", "none", "n/a", "NONE", "NAN", "Null", "<NA>", "#N/A")  # by programs for tables

NULL_WORDS = ("", "NULL", "NA", "N/A", "NaN", "None", "null", "-", "---", "*", "UNK", *_WRITTEN)
"""They are no value for any reader; NA is Namibia where all other actors are two-letter codes of ISO 3166."""


NOBODY = ("---", "*", "UNK")
"""Those of them by which KEDS and TABARI code that an actor is unknown: such a row is sound, and left out."""


_UNITED_KINGDOM = "UNK"  # in the WEIS files of KEDS, where it acts more often than France


def null_words(codebook: str | None = None, words: Iterable[str] = NULL_WORDS) -> tuple[str, ...]:
    """Return which words are nothing under a codebook: in WEIS UNK is the United Kingdom.

    Examples
    --------
    >>> "UNK" in null_words("cameo"), "UNK" in null_words("weis"), null_words("weis", NOBODY)
    (True, False, ('---', '*'))
    """
    return tuple(word for word in words if codebook != "weis" or word != _UNITED_KINGDOM)


def nobody(codebook: str) -> tuple[str, ...]:
    """Return the codes by which a machine-coded file says that an actor is unknown; none for others.

    Examples
    --------
    >>> nobody("cameo"), nobody("weis"), nobody("detente")
    (('---', '*', 'UNK'), ('---', '*'), ())
    """
    return null_words(codebook, NOBODY) if codebook in ("cameo", "weis") else ()


def means_namibia(actors: Iterable[str]) -> bool:
    """Return whether NA is Namibia among these actors: all others are two-letter codes of states, and there are two.

    Examples
    --------
    >>> means_namibia(["NA", "ZA", "AO"]), means_namibia(["NA", "ZAF", "AO"]), means_namibia(["NA"])
    (True, False, False)
    """
    from detente.events.ontology.state_codes import iso2_codes

    others = {actor for actor in actors if actor not in NULL_WORDS}
    return len(others) > 1 and all(actor in iso2_codes() for actor in others)
