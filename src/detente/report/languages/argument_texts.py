"""The argument's own texts in the language of a page, where its file gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from detente.report.languages.language import in_language

if TYPE_CHECKING:
    from detente.argument.argument import Argument
    from detente.argument.article_blocks import Language as Tag


def argument_texts(argument: Argument, tag: str) -> dict[str, str]:
    """Return the texts of an argument that it has in a language, by their originals.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> argument_texts(load_argument("essay", "us-iran"), "zh-Hant")["Iran goes to the table."]
    '伊朗走上談判桌。'
    """
    from detente.argument.texts import keys_of, original_text, own_words, text_in  # loads the model

    found = {}
    for key in (*keys_of(argument), *(("words", word) for word in own_words(argument))):
        original, said = original_text(argument, key), text_in(argument, cast("Tag", tag), *key)
        if original and said is not None and said.language == tag != argument.language:
            found[original] = said.text
    return found


@contextmanager
def written_in(lang: str, argument: Argument | None = None) -> Iterator[None]:
    """Write pages in a language, with the argument's own texts where its file gives them; see `in_language`."""
    with in_language(lang, {} if argument is None else argument_texts(argument, lang)):
        yield
