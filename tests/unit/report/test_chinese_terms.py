"""One term for one thing: a sentence with a word of the glossary has the glossary's Chinese word in its translation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from catalogues import made

# English in which a word of the glossary means something else: removed before the words are looked for.
ORDINARY = (
    r"acts? through", "cannot act", r"(?:sanctions|is) in force", "regular forces", "moves forces",
    "draw the zone", r"futures draw", "hardly draw", "draw hardly", "in part", "part by part", "page's parts",
    "{n} part", "power gap", "largest gap", r"pairs? of issues", "over each pair", "of rank", "of cases",
    "this moment", "the record (?:leaves|cannot)", r"as (?:a )?mediator", r"fitted windows?",
    "fit side by side", "codes fit", "No act fits", "trade elsewhere", "lower limit", "%% limit", "its limits",
    "at the mode", "the deal", "The steps are", "Steps:", "next step", "one more step", "under pressure",
    r"detente \w+", r"\w+\.(?:json|md|parquet)", "last four columns", "the column says", "these fields",
    "does not fit", r"column {n}", "all fields", "rows with power", "no row about",
)  # fmt: skip
# Messages of one word, with a sense of its own.
EXCEPTIONS = {("word", "exchange"), ("word", "level"), (None, "Limits")}
OF_ERRORS = ("fault", "hint", "rule")  # these name fields, options and limits, which stay as they are typed
# Other words for what the glossary has a word for.
BANNED = (
    "国家对(?!抗)",
    "敌对关系",
    "冷对峙",
    "协议空间",
    "蒙特卡罗",
    "编年(?!史)",
    "回测",
    "博弈中",
    "结论",
    "言语",
)
_ORDINARY = re.compile(rf"<[^>]+>|`[^`]*`|(?<!\w)(?:{'|'.join(ORDINARY)})(?!\w)", re.IGNORECASE)
_FIELD = re.compile(r"\{[^{}]*\}|%\(\w+\)s")
_ASIDE = re.compile(r"\s*[（(][^()（）]*[)）]")


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield the glossary's table of three languages."""
    text = (made().HERE.parents[3] / "docs" / "glossary.md").read_text("utf-8").partition("## In three")[2]
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| English"):
            english, simplified, traditional = (cell.strip() for cell in line.split("|")[1:-1])
            yield english, simplified, traditional


def terms() -> dict[str, set[str]]:
    """Return what each English word may be in Chinese: one word for each sense that the table parts by a semicolon."""
    found: dict[str, set[str]] = {}
    for english, simplified, _ in rows():
        words, said = _ASIDE.sub("", english).split(", "), _ASIDE.sub("", simplified).split("、")
        assert len(words) == len(said), english
        for each, chinese in zip(words, said, strict=True):
            found.setdefault(each, set()).update(chinese.split("；"))
    return found


def wrong(message: str, said: str, known: dict[str, set[str]]) -> list[str]:
    """Return the words of the glossary in a sentence whose Chinese its translation lacks; the longest word wins."""
    text, missing = _FIELD.sub(" ", _ORDINARY.sub(" ", message)), []
    for term in sorted(known, key=len, reverse=True):
        pattern = re.compile(rf"(?<![\w-]){re.escape(term)}(?:e?s)?(?![\w-])", re.IGNORECASE)
        text, hits = pattern.subn(" ", text)
        if hits and not any(chinese in said for chinese in known[term]):
            missing.append(term)
    return missing


def test_a_translation_has_the_words_of_the_glossary() -> None:
    known = terms()
    found = {
        at: bad
        for at, said in made().translations(made().po("zh_Hans")).items()
        if at not in EXCEPTIONS and at[0] not in OF_ERRORS and (bad := wrong(at[1], said, known))
    }
    assert found == {}


def test_no_other_word_is_used_for_a_term() -> None:
    banned = re.compile("|".join(BANNED))
    said = [*made().translations(made().po("zh_Hans")).values()]
    said += [path.read_text("utf-8") for path in (made().PACKAGE / "data").rglob("*.yaml")]
    assert [
        text[max(0, hit.start() - 20) : hit.end() + 20] for text in said for hit in banned.finditer(text)
    ] == []


def test_another_word_for_the_same_thing_is_found() -> None:
    known = terms()
    assert wrong("Phases: hostilities and hostile acts", "阶段：敌对行动与敌对行动", known) == ["hostilities"]
    assert wrong("sanctions in force", "现行制裁", known) == []


def test_the_columns_of_the_glossary_are_the_same_words() -> None:
    pytest.importorskip("opencc", reason="comes with the development tools")
    assert [(row, made().traditional(hans)) for row, hans, _ in rows()] == [
        (row, hant) for row, _, hant in rows()
    ]
