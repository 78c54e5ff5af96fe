"""The names of states, bodies and armed groups as the readers of each language write them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from detente.report.languages.language import ENGLISH, HERE, language, own


def translated_names(names: Mapping[str, str]) -> Mapping[str, str]:
    """Return English names by code in the language of the page; one that has no translation is marked as English.

    Examples
    --------
    >>> from detente.report.languages.language import in_language
    >>> with in_language("zh-Hant"):
    ...     translated_names({"SAU": "Saudi Arabia"})["SAU"]
    '沙烏地阿拉伯'
    """
    if language() is ENGLISH:
        return names
    table = name_table()[language().tag]
    return {code: table.get(code) or own(name) for code, name in names.items()}


@cache
def name_table() -> Mapping[str, Mapping[str, str]]:
    """Return the names by code of each language that the table has: of states by ISO's code, and of others."""
    with (HERE / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {tag: {row["code"]: row[tag] for row in rows} for tag in rows[0] if tag not in ("code", "en")}
