"""The language of a page: a value of the context, which `_`, `ngettext` and `word` read.

English is what is written in the code, so it needs no catalogue. A thread or a request that sets no language writes
English, and no other thread sees what one has set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
ORIGINAL, ENDS = "\u2068", "\u2069"
"""Around a text that stays in its own language: Unicode's isolate, which no printer shows."""
GIVEN = "\u2066"
"""Begins a text of which nobody knows the language, such as what a reader typed; `ENDS` ends it too."""
_SEVERAL = re.compile(r"[A-Za-z]\S*[ ,;:]+\S*[A-Za-z]")
_OTHER_SCRIPT = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Language:
    """A language of pages.

    Attributes
    ----------
    tag : str
        As HTML and the command line write it.
    name : str
        What its readers call it.
    locale : str
        What Babel and the catalogue call it.
    space : str
        What separates two sentences.
    fonts : str
        The families of its letters, the first there is taken; before them the usual ones.
    """

    tag: str
    name: str
    locale: str
    space: str = " "
    fonts: str = ""


ENGLISH = Language("en", "English", "en")
LANGUAGES = {
    "en": ENGLISH,
    "zh-Hans": Language(
        "zh-Hans",
        "简体中文",
        "zh_Hans",
        "",
        "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei'",
    ),
    "zh-Hant": Language(
        "zh-Hant",
        "繁體中文",
        "zh_Hant",
        "",
        "'Noto Sans CJK TC', 'Source Han Sans TC', 'PingFang TC', 'Microsoft JhengHei', 'WenQuanYi Micro Hei'",
    ),
}
"""The languages of pages by tag."""

_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)
_texts: ContextVar[Mapping[str, str]] = ContextVar("texts", default=MappingProxyType({}))


@contextmanager
def in_language(tag: str, texts: Mapping[str, str] | None = None) -> Iterator[Language]:
    """Write in a language as long as the context lasts, in this thread alone.

    Parameters
    ----------
    tag : str
        One of `LANGUAGES`.
    texts : mapping of str to str, optional
        What an argument's own texts are in that language, as `argument_texts` returns them.

    Raises
    ------
    KeyError
        If there is no such language; who takes a tag from a user asks `LANGUAGES` first.

    Examples
    --------
    >>> with in_language("zh-Hans"):
    ...     word("talks"), language().tag
    ('会谈', 'zh-Hans')
    >>> language().tag
    'en'
    """
    token, before = _current.set(LANGUAGES[tag]), _texts.set(texts or {})
    try:
        yield _current.get()
    finally:
        _current.reset(token)
        _texts.reset(before)


def language() -> Language:
    """Return the language that is written now."""
    return _current.get()


def _(message: str) -> str:
    """Return a sentence in the language of the page; its placeholders are filled in afterwards.

    Examples
    --------
    >>> _("{low} to {high}").format(low=1, high=2)
    '1 to 2'
    """
    return catalogue(language().tag).gettext(message)


def ngettext(one: str, many: str, count: float) -> str:
    """Return the sentence that goes with a number.

    Examples
    --------
    >>> ngettext("{n} act", "{n} acts", 2).format(n=2)
    '2 acts'
    """
    n = int(count) if float(count).is_integer() else 2
    return catalogue(language().tag).ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """Return a word whose translation depends on where it is."""
    return catalogue(language().tag).pgettext(context, message)


def word(text: str) -> str:
    """Return a word of the vocabulary: a code, a verdict, a title of a mechanism; what is unknown stays as it is.

    Examples
    --------
    >>> word("no power"), word("nothing known")
    ('no power', 'nothing known')
    """
    if language() is ENGLISH or not text:
        return text
    found = pgettext("word", text)
    if found == text:
        for pattern, message in PATTERNS.items():
            if match := re.fullmatch(pattern, text):
                parts = {
                    name: _texts.get().get(part) or word(part) for name, part in match.groupdict().items()
                }
                return _(message).format(**parts)
    return found


def mechanism_word(name: str) -> str:
    """Return the name of a mechanism or of its term in the language of the page; in English as the argument writes it.

    Examples
    --------
    >>> mechanism_word("broken_promises")
    'broken_promises'
    """
    if language() is ENGLISH:
        return name
    found = pgettext("mechanism", name.replace("_", " "))
    return name if found == name.replace("_", " ") else found


def for_later(message: str) -> str:
    """Mark a sentence of a table for the catalogue; whoever prints it calls `_`."""
    return message


def own(text: str) -> str:
    """Return a text of the argument in the language of the page; where it has no translation, the page says so.

    Examples
    --------
    >>> own("The killing adds to a hatred.")
    'The killing adds to a hatred.'
    """
    texts = _texts.get()
    if found := texts.get(text) or texts.get(f"{text}.", "").rstrip("。."):
        return found
    if language() is ENGLISH or not text or _OTHER_SCRIPT.search(text):
        return text
    return f"{ORIGINAL}{text}{ENDS}"


def own_name(name: str) -> str:
    """Return what the argument calls one of its parts in the language of the page; else the name that its file has.

    Examples
    --------
    >>> with in_language("zh-Hans", {"nuclear": "核问题"}):
    ...     own_name("nuclear"), own_name("missiles")
    ('核问题', 'missiles')
    """
    return _texts.get().get(name, name)


def in_english(text: str) -> str:
    """Mark a sentence that is written in English alone so far, names of the page's language in it or not.

    Examples
    --------
    >>> in_english("Talks came within a month.")
    'Talks came within a month.'
    """
    return text if language() is ENGLISH or not text else f"{ORIGINAL}{text}{ENDS}"


def given(text: str) -> str:
    """Mark what a reader typed or a file holds, if it may be a phrase of another language: several Latin words.

    Examples
    --------
    >>> given("talks within 12m")
    'talks within 12m'
    """
    return text if language() is ENGLISH or not _SEVERAL.search(text) else f"{GIVEN}{text}{ENDS}"


def sentences(*parts: str) -> str:
    """Join sentences as a paragraph; what is empty is left out."""
    return language().space.join(filter(None, parts))


@cache
def catalogue(tag: str) -> NullTranslations:
    """Return the translations of a language."""
    if tag == ENGLISH.tag:
        return NullTranslations()
    with (HERE / f"{LANGUAGES[tag].locale}.mo").open("rb") as file:
        return GNUTranslations(file)


PATTERNS = {
    r"heavier on (?P<actor>\S+)": for_later("heavier on {actor}"),
    r"(?P<clock>fast|slow|generational) clock (?P<days>[\d.]+) days": for_later("{clock} clock {days} days"),
    r"without (?P<year>\d{4})": for_later("without {year}"),
    r"without (?P<demand>\S+)": for_later("without {demand}"),
    r"phase (?P<phase>.+)": for_later("phase {phase}"),
    r"only (?P<demand>\S+)": for_later("only {demand}"),
}
"""Words with a part of their own, as `word` finds them."""
