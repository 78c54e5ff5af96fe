"""Checks of an argument's article and of its texts in other languages: each names what the argument has."""

from __future__ import annotations

from collections.abc import Iterable

from detente.argument.faults import Faults
from detente.argument.texts import Key, given_keys, keys_of


def check_texts(faults: Faults) -> None:
    """Add a fault for each claim and each original that an article or a translation names and the argument lacks."""
    argument = faults.argument
    paragraphs = argument.article.paragraphs if argument.article else ()
    claims = [claim.id for claim in argument.claims]
    for i, paragraph in enumerate(paragraphs):
        for claim in paragraph.claims:
            faults.unless_in(("article", "paragraphs", i, "claims"), claim, claims, "not_a_claim")
    known = dict.fromkeys(keys_of(argument))
    for language, texts in argument.texts.items():
        at = ("texts", language)
        if language == argument.language:
            faults.add(at, "given_twice", language)
        if (got := len(texts.article.paragraphs)) > len(paragraphs):
            faults.add((*at, "article", "paragraphs"), "too_many_items", got, high=len(paragraphs))
        unknown = (key for key in given_keys(texts) if key not in known and isinstance(key[-1], str))
        for key in dict.fromkeys(_part_of(key) for key in unknown):
            faults.add((*at, *key), "unknown_field", key[-1], _beside(key, map(_part_of, known)))


def _part_of(key: Key) -> Key:
    """Return the key of what a text is of: a part of a bargain has several texts."""
    return key[:3] if key[0] == "bargain" else key


def _beside(key: Key, known: Iterable[Key]) -> list[str]:
    """Return the names of the originals that are where the unknown one would be."""
    return list(dict.fromkeys(str(other[-1]) for other in known if other[:-1] == key[:-1]))
