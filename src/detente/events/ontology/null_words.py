"""Words for nothing: what data sets write where they know no actor, country, sector or code."""

from __future__ import annotations

from collections.abc import Iterable

NULL_WORDS = ("", "NULL", "NA", "N/A", "NaN", "None", "null", "-", "---", "*", "UNK")
"""They are no value for any reader; NA is Namibia where all other actors are two-letter codes of ISO 3166."""


NOBODY = ("---", "*", "UNK")
"""Those of them by which KEDS and TABARI code that an actor is unknown: such a row is sound, and left out."""


def means_namibia(actors: Iterable[str]) -> bool:
    """Return whether NA is Namibia among these actors: all others are two-letter codes of states, and there are two.

    Examples
    --------
    >>> means_namibia(["NA", "ZA", "AO"]), means_namibia(["NA", "ZAF", "AO"]), means_namibia(["NA"])
    (True, False, False)
    """
    from detente.events.ontology.states import iso2_codes

    others = {actor for actor in actors if actor not in NULL_WORDS}
    return len(others) > 1 and all(actor in iso2_codes() for actor in others)
