"""An argument's own texts, each by a key, and what they are in another language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detente.argument.argument import Argument
from detente.argument.article_blocks import Language, TextsSpec

Key = tuple[str | int, ...]
"""Where a text is: ``("title",)``, ``("claims", "M1")``, ``("article", "paragraphs", 0)``."""
_ARTICLE = ("category", "author", "trust")
_BARGAIN = ("issues", "demands", "levers")


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text and the language that it is written in, which is the original's where nobody translated it."""

    text: str
    language: Language

    def __str__(self) -> str:
        return self.text


def text_in(argument: Argument, language: Language, *key: str | int) -> TextIn | None:
    """Return a text of an argument in a language, else its original; None if the argument has no such text.

    Parameters
    ----------
    argument : Argument
    language : {"en", "zh-Hans", "zh-Hant"}
    *key : str or int
        ``"title"``, ``"summary"``, ``"claims", id``, ``"questions", id``, ``"facts", kind, "ACTOR YYYY-MM-DD"``,
        ``"words", original``, ``"article"`` with ``"category"``, ``"author"``, ``"trust"`` or ``"paragraphs", number``,
        or ``"bargain"`` with ``"issues"``, ``"demands"`` or ``"levers"``, a name, and ``"name"``, ``"text"`` or
        ``"means", number``.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> essay = load_argument("essay", "us-iran")
    >>> text_in(essay, "zh-Hant", "claims", "F6")
    TextIn(text='伊朗走上談判桌。', language='zh-Hant')
    >>> text_in(essay.model_copy(update={"texts": {}}), "zh-Hant", "title").language
    'en'
    """
    original = original_text(argument, key)
    if original is None:
        return None
    if language != argument.language and language in argument.texts:
        found = _translated(argument.texts[language], key)
        if found is not None:
            return TextIn(found, language)
    return TextIn(original, argument.language)


def original_text(argument: Argument | Mapping[str, Any], key: Key) -> str | None:
    """Return the original of a text, of an argument or of the plain values that one is read from."""
    match key:
        case ("title" | "summary" as field,):
            return _text(_part(argument, field))
        case ("claims" | "questions" as field, name):
            rows = _rows(_part(argument, field))
            return next((_text(_part(row, "text")) for row in rows if _part(row, "id") == name), None)
        case ("facts", kind, name):
            rows = _rows(_part(_part(argument, "facts"), kind))
            return next((_text(_part(row, "because")) for row in rows if fact_key(row) == name), None)
        case ("words", original):
            return str(original) if original in own_words(argument) else None
        case ("bargain", block, name, *field) if block in _BARGAIN:
            row = _part(_part(_part(argument, "bargain"), block), name)
            return None if row is None else _of_bargain(row, str(name), field)
        case ("article", "paragraphs", int(number)):
            rows = _rows(_part(_part(argument, "article"), "paragraphs"))
            return _text(_part(rows[number], "text")) if 0 <= number < len(rows) else None
        case ("article", field) if field in _ARTICLE:
            return _text(_part(_part(argument, "article"), field))
    return None


def _of_bargain(row: Any, name: str, field: list[str | int]) -> str | None:
    match field:
        case ["name"]:
            return name
        case ["means", int(number)]:
            means = _rows(_part(row, "means"))
            return _text(means[number]) if 0 <= number < len(means) else None
        case ["text"]:
            return _text(_part(row, "text"))
    return None


def keys_of(argument: Argument) -> Iterator[Key]:
    """Yield the key of every text that an argument has and that can be given in another language."""
    heads: list[Key] = [("title",), ("summary",), *(("article", field) for field in _ARTICLE)]
    yield from (key for key in heads if original_text(argument, key) is not None)
    if argument.article is not None:
        yield from (("article", "paragraphs", i) for i in range(len(argument.article.paragraphs)))
    yield from (("claims", claim.id) for claim in argument.claims)
    yield from (("questions", question.id) for question in argument.questions)
    for kind, facts in argument.facts.items():
        yield from dict.fromkeys(("facts", kind, fact_key(fact)) for fact in facts)
    for block in _BARGAIN if argument.bargain is not None else ():
        for name in getattr(argument.bargain, block):
            for field in (("name",), ("text",), ("means", 0), ("means", 1)):
                key: Key = ("bargain", block, name, *field)
                if original_text(argument, key) is not None:
                    yield key


def own_words(argument: Argument | Mapping[str, Any]) -> dict[str, None]:
    """Return the names of an argument's parties, what its plans are, and the words of its forecasts.

    Unlike the texts of `keys_of`, a page may show them as they are.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> "proxies" in own_words(load_argument("essay", "us-iran"))
    True
    """
    found: list[Any] = [*(_part(argument, "parties") or {})]
    found += [_part(row, "text") for row in _rows(_part(argument, "plans"))]
    found += [_part(row, "words") for row in _rows(_part(argument, "claims"))]
    return dict.fromkeys(str(word) for word in found if word)


def given_keys(texts: TextsSpec) -> Iterator[Key]:
    """Yield the key of every text that a block of texts gives."""
    yield from ((field,) for field in ("title", "summary") if getattr(texts, field) is not None)
    yield from (("article", field) for field in _ARTICLE if getattr(texts.article, field) is not None)
    yield from (("article", "paragraphs", i) for i in range(len(texts.article.paragraphs)))
    yield from (("claims", name) for name in texts.claims)
    yield from (("questions", name) for name in texts.questions)
    yield from (("facts", kind, name) for kind, facts in texts.facts.items() for name in facts)
    yield from (("words", original) for original in texts.words)
    for block in _BARGAIN:
        for name, row in getattr(texts.bargain, block).items():
            yield from (("bargain", block, name, field) for field in ("name", "text") if getattr(row, field))


def untranslated(argument: Argument) -> dict[Language, tuple[str, ...]]:
    """Return the keys of texts that each language of an argument lacks, dotted; languages that lack none are left out.

    The names of a bargain's parts are keys of the file, which pages may show as they are.

    Examples
    --------
    >>> from detente.argument.load import parse_argument
    >>> text = (
    ...     "{argument: a, title: A, summary: B, mechanisms: {momentum: {}}, texts: {zh-Hans: {title: 甲}}}"
    ... )
    >>> untranslated(parse_argument(text))
    {'zh-Hans': ('summary',)}
    """
    keys = tuple(key for key in keys_of(argument) if (key[0], key[-1]) != ("bargain", "name"))
    lacking = {
        language: tuple(".".join(map(str, key)) for key in keys if _translated(texts, key) is None)
        for language, texts in argument.texts.items()
    }
    return {language: names for language, names in lacking.items() if names}


def fact_key(fact: Any) -> str:
    """Return the key of a declared fact among those of its kind: whose it is, and since when."""
    return f"{_part(fact, 'actor')} {_part(fact, 'start')}"


def still_true(
    texts: Any, under: Mapping[str, Any], laid: Mapping[str, Any], at: Key = ()
) -> dict[str, Any] | None:
    """Return the texts of an extended argument whose originals the extending one left as they were.

    Parameters
    ----------
    texts
        The block ``texts``, or a part of it below a language, as plain values.
    under, laid : mapping
        The argument extended, and what the two become.
    """
    if not isinstance(texts, Mapping):
        return None
    out: dict[str, Any] = {}
    for name, value in texts.items():
        key = (*at, name)
        if isinstance(value, str):
            original = original_text(under, key)
            if original is not None and original == original_text(laid, key):
                out[name] = value
        elif isinstance(value, tuple):
            keys = [(*key, i) for i in range(len(value))]
            if all(original_text(under, each) == original_text(laid, each) for each in keys):
                out[name] = value
        elif (inner := still_true(value, under, laid, key)) is not None:
            out[name] = inner
    return out


def _translated(texts: TextsSpec, key: Key) -> str | None:
    found: Any = texts
    for part in key:
        if isinstance(part, int):
            found = found[part] if part < len(found) else None
        else:
            found = found.get(part) if isinstance(found, Mapping) else getattr(found, part)
        if found is None:
            return None
    return str(found)


def _part(value: Any, name: Any) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, str(name), None)


def _rows(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
