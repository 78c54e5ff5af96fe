"""Pages in three languages: catalogues without a gap, one number everywhere, and nothing that leaks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from gettext import GNUTranslations
from importlib import resources
from pathlib import Path

import pytest

import worlds
from catalogues import made
from command_line import detente
from detente.base.errors import ArgumentError
from detente.lab.case import Case
from detente.lab.run import run as run_case
from detente.lab.run_result import Run
from detente.report.languages import names
from detente.report.languages.formats import day_text, listed
from detente.report.languages.language import (
    LANGUAGES,
    _,
    catalogue,
    in_language,
    mechanism_word,
    ngettext,
    own,
    word,
)
from detente.report.languages.marks import with_languages
from detente.report.pages.run import render_run_page
from detente.report.pictures.render import PICTURES
from detente.report.pictures.style import wrapped_lines
from detente.report.text.as_json import page_values, to_json
from detente.report.text.backtests.backtest import reached, target
from detente.report.text.numbers import percent, to
from detente.studies.scoring.backtest_result import Bar
from page_texts import english, numbers

CHINESE = ("zh-Hans", "zh-Hant")
LOCALES = tuple(LANGUAGES[tag].locale for tag in CHINESE)
_FIELDS = re.compile(r"\{[^{}]*\}|%\([a-z_A-Z]+\)s|%%")
# Letters that both scripts write, though one of them has another form of some of their meanings.
BOTH = set("后里干台面只系范准周余云谷斗卷征采松朱布占升游向岳制别曲注折表扎伙借克凶合咸回困家并幸弦志念愿据")

PACKAGE = Path(str(resources.files("detente")))


def test_every_sentence_has_a_translation_and_none_is_left_over() -> None:
    wanted = {made().key(message) for message in made().messages(made().extracted())}
    for locale in LOCALES:
        found = made().translations(made().po(locale))
        assert wanted - set(found) == set(), locale
        assert set(found) - wanted == set(), locale


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_is_that_of_the_translators(locale: str) -> None:
    def said(compiled: bytes) -> dict[str, str]:
        head = GNUTranslations(io.BytesIO(compiled))
        return {at: text for at, text in head._catalog.items() if at}  # type: ignore[attr-defined]

    # The head names the version of Babel.
    assert said((made().HERE / f"{locale}.mo").read_bytes()) == said(made().compiled(made().po(locale)))


def test_traditional_chinese_is_made_from_simplified_and_the_overrides() -> None:
    pytest.importorskip("opencc", reason="comes with the development tools")
    simplified, traditional = (made().translations(made().po(locale)) for locale in LOCALES)
    assert {at: made().traditional(said) for at, said in simplified.items()} == traditional


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_placeholders_of_its_sentence(locale: str) -> None:
    for message in made().messages(made().po(locale)):
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string[0] if isinstance(message.string, tuple) else message.string
        wanted, got = {f for form in forms for f in _FIELDS.findall(form)}, set(_FIELDS.findall(said))
        # What one form of a plural says in words may be missing; percent signs may be written in words.
        assert got <= wanted, message.id
        assert wanted - got <= {"%%", "{n}"} if len(forms) > 1 else wanted - got <= {"%%"}, message.id


def test_templates_fill_sentences_in_by_trans() -> None:
    """The pages of the web and those of the commands share templates, and `_` takes values in one of them alone."""
    filled = re.compile(r"""\b_\(\s*("[^"]*"|'[^']*')\s*,""")
    files = [file for folder in ("report", "web") for file in (PACKAGE / folder).rglob("*.j2")]
    assert len(files) > 30
    assert [file.name for file in files if filled.search(file.read_text(encoding="utf-8"))] == []


def test_no_letter_of_the_other_script() -> None:
    opencc = pytest.importorskip("opencc", reason="comes with the development tools")
    to_simple, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2tw")
    table = names.name_table()
    for tag, locale in zip(CHINESE, LOCALES, strict=True):
        said = [*made().translations(made().po(locale)).values(), *table[tag].values()]
        letters = {letter for text in said for letter in text if letter >= "\u4e00"} - BOTH
        convert = to_simple if tag == "zh-Hans" else to_traditional
        assert {letter for letter in letters if convert.convert(letter) != letter} == set(), tag


def test_a_language_holds_for_its_context_and_thread_alone() -> None:
    with in_language("zh-Hans"), ThreadPoolExecutor(1) as other:
        assert word("talks") == "会谈"
        assert other.submit(word, "talks").result() == "talks"
    assert word("talks") == "talks"


def test_days_shares_lists_and_plurals() -> None:
    def written() -> Iterator[str]:
        yield day_text(date(2020, 1, 17))
        yield percent(0.48)
        yield to("1", "2")
        yield listed(["a", "b", "c"])
        yield ngettext("{n} act", "{n} acts", 1).format(n=1)
        yield ngettext("{n} act", "{n} acts", 2).format(n=2)

    assert list(written()) == ["17 January 2020", "48 %", "1 to 2", "a, b and c", "1 act", "2 acts"]
    with in_language("zh-Hant"):
        assert list(written()) == ["2020年1月17日", "48%", "1至2", "a、b和c", "1次行動", "2次行動"]


def test_words_with_a_part_of_their_own() -> None:
    with in_language("zh-Hans"):
        assert word("heavier on IRN") == "IRN更重"
        assert word("fast clock 7 days") == "快时钟7天"
        assert mechanism_word("level") != word("level")
        assert mechanism_word("own_mechanism") == "own_mechanism"
        assert word("a mode of nobody's") == "a mode of nobody's"


def test_a_text_of_the_argument_says_that_it_is_english() -> None:
    assert own("Talks?") == "Talks?"
    with in_language("zh-Hans"):
        assert own("会谈？") == "会谈？"
        sentence = _("“{text}”").format(text=own("Talks"))
    assert with_languages(f'<p title="{sentence}">{sentence}</p>') == (
        '<p title="“Talks”">“<span lang="en">Talks</span>”</p>'
    )


def test_lines_of_chinese_break_anywhere_but_before_a_stop() -> None:
    with in_language("zh-Hans"):
        assert wrapped_lines("一二三四五，六 USA 七", 8) == ["一二三四", "五，六", "USA 七"]


def test_names_of_the_two_regions() -> None:
    for tag, name in (("zh-Hans", "沙特阿拉伯"), ("zh-Hant", "沙烏地阿拉伯")):
        with in_language(tag):
            assert names.translated_names({"SAU": "Saudi Arabia"})["SAU"] == name


def test_an_unknown_language_is_refused_before_anything_is_computed() -> None:
    said = detente("report", "us-iran", "--lang", "fr", code=None)
    assert said.returncode == ArgumentError.exit_code
    assert "lang" in said.stderr
    assert "zh-Hant" in said.stderr


@pytest.mark.parametrize(("of", "said"), [("us-iran", "only with questions"), ("pairs.csv", "--lang")])
def test_a_backtest_that_writes_no_page_takes_no_language(of: str, said: str) -> None:
    assert said in detente("backtest", of, "--lang", "zh-Hant", code=ArgumentError.exit_code).stderr


def test_targets_of_a_stored_backtest_are_said_in_the_language_of_the_report() -> None:
    bar = Bar("lower limit", "ridge", -0.25, False, (0.5, None))
    assert target(bar) == "lower limit against ridge above 0.50 nats a quarter"
    with in_language("zh-Hans"):
        assert (target(bar), reached(bar)) == ("相对于“岭回归”的差值下限每季度高于0.50纳特", "-0.250")


@pytest.fixture(scope="module")
def run() -> Run:
    case = Case("test", worlds.baseline("A", "B"), worlds.random_chronicle())
    return run_case(case, as_of=date(2003, 6, 1), days=60, futures=40, seed=1)


def test_the_page_of_a_run_has_the_same_numbers_in_every_language(run: Run) -> None:
    svgs = dict.fromkeys(PICTURES, "<svg></svg>")
    pages = {}
    for tag in LANGUAGES:
        with in_language(tag):
            pages[tag] = render_run_page(run, svgs)
    for tag in CHINESE:
        assert f'<html lang="{tag}">' in pages[tag]
        assert english(pages[tag], tag) == []
        assert numbers(pages[tag]) == numbers(pages["en"])


def test_json_and_digests_know_no_language(run: Run) -> None:
    plain, digest = to_json(run), run.case.chronicle.digest
    with in_language("zh-Hans"):
        assert to_json(run) == plain
        assert run.case.chronicle.digest == digest
        assert page_values(run)["sentences"] != plain["sentences"]


def test_the_glossary_has_every_word_in_three_columns() -> None:
    words, _, table = (
        (made().HERE.parents[3] / "docs" / "glossary.md").read_text("utf-8").partition("## In three")
    )
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.splitlines()
        if line.startswith("| ")
    ]
    heads = {line.split("|")[1].strip() for line in words.splitlines() if line.startswith("| ")} - {"word"}
    assert heads - {row[0] for row in rows} == set()
    assert all(len(row) == 3 and all(row) for row in rows)


def test_english_needs_no_catalogue() -> None:
    assert catalogue("en").gettext("Talks") == "Talks"
