"""Rewrite the catalogues: extract what pages say, convert Simplified to Traditional Chinese, compile.

``make languages`` runs it. A sentence without a translation is listed, and nothing is compiled until it has one.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from detente.report.languages.language import HERE
from detente.report.languages.vocabulary import NOUNS, fault_messages, mechanism_names, vocabulary

REPORT = HERE.parent
PACKAGE = REPORT.parent
METHODS = {".py": "python", ".j2": "jinja2"}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true"}
_MARKED = re.compile(r"\b(?:_|for_later|n?p?gettext)\(|\{% *trans\b")  # else a file holds no message
KEYWORDS = {"_": None, "for_later": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
FOLDERS = ("report", "web")


def extracted() -> Catalog:
    """Return every sentence and word that a page may say, without places, which change with each edit."""
    found = Catalog(fuzzy=False)
    for file in sorted(path for folder in FOLDERS for path in (PACKAGE / folder).rglob("*.*")):
        if (method := METHODS.get(file.suffix)) and _MARKED.search(file.read_text(encoding="utf-8")):
            for _line, message, _comments, context in extract_from_file(
                method, file, KEYWORDS, options=OPTIONS if method == "jinja2" else None
            ):
                found.add(message, context=context)
    for word in vocabulary():
        found.add(word, context="word")
    for name in mechanism_names():
        found.add(name, context="mechanism")
    for noun in NOUNS:
        found.add((f"{{n}} {noun}", f"{{n}} {noun}s"))
    for context, messages in fault_messages():
        for message in messages:
            found.add(message, context=context)
    return found


def po(locale: str) -> Catalog:
    """Return a catalogue as it is on disk; an empty one if there is none."""
    path = HERE / f"{locale}.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def merged(locale: str, words: dict[tuple[str | None, str], str]) -> Catalog:
    """Return a catalogue of what is extracted, with the translations given by context and message."""
    made = Catalog(
        locale=locale, project="detente", version="", copyright_holder="The Détente developers", fuzzy=False
    )
    for message in messages(extracted()):
        said = words.get(key(message), "")
        made.add(message.id, (said,) if isinstance(message.id, tuple) else said, context=message.context)
    return made


def messages(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its head, in an order that edits do not change."""
    yield from sorted((m for m in catalog if m.id), key=lambda m: (m.context or "", key(m)[1]))


def key(message: Message) -> tuple[str | None, str]:
    """Return by what a translation is found: the context and the first form of the message."""
    return message.context, message.id[0] if isinstance(message.id, tuple) else message.id


def translations(catalog: Catalog) -> dict[tuple[str | None, str], str]:
    """Return the translations of a catalogue: Chinese has one form for all numbers."""
    return {
        key(m): said
        for m in messages(catalog)
        if (said := m.string[0] if isinstance(m.string, tuple) else m.string)
    }


@cache
def usual() -> dict[str, str]:
    """Return which words Taiwan writes otherwise than the converter: hand-checked, longest first."""
    with (HERE / "zh_Hant.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["converted"]: row["written"] for row in csv.DictReader(file)}
    return dict(sorted(rows.items(), key=lambda row: -len(row[0])))


def traditional(text: str) -> str:
    """Return Simplified Chinese in Traditional letters and in Taiwan's words."""
    said: str = _converter().convert(text)
    for converted, written in usual().items():
        said = said.replace(converted, written)
    return said


@cache
def _converter():  # type: ignore[no-untyped-def] # OpenCC ships no types
    from opencc import OpenCC

    return OpenCC("s2twp")


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext reads it: the same bytes on every day."""
    made = _empty(str(catalog.locale))
    for message in messages(catalog):
        made.add(message.id, message.string, context=message.context)
    out = BytesIO()
    write_mo(out, made)
    return out.getvalue()


def _empty(locale: str) -> Catalog:
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return Catalog(
        locale=locale, project="detente", version="", creation_date=never, revision_date=never, fuzzy=False
    )


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as translators read it."""
    out = BytesIO()
    write_po(out, catalog, width=118, sort_output=False, omit_header=True)
    return out.getvalue()


def main() -> int:
    """Rewrite the catalogues; return 1 if a translation is missing."""
    simplified = translations(po("zh_Hans"))
    hans = merged("zh_Hans", simplified)
    hant = merged("zh_Hant", {at: traditional(said) for at, said in simplified.items()})
    missing = [at for at in map(key, messages(hans)) if at not in simplified]
    for catalog in (hans, hant):
        (HERE / f"{catalog.locale}.po").write_bytes(written(catalog))
        if not missing:
            (HERE / f"{catalog.locale}.mo").write_bytes(compiled(catalog))
    for context, text in missing:
        sys.stdout.write(f"no translation in zh_Hans.po: {context or ''}\t{text}\n")
    sys.stdout.write(f"{len(list(messages(hans)))} messages, {len(missing)} without a translation\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
