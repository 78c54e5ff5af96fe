"""The article and the texts in other languages that an argument's file may carry."""

from __future__ import annotations

import re
from calendar import month_name
from pathlib import Path

import jsonschema
import pytest

import detente
from detente.argument.argument import Argument
from detente.argument.load import embedded_arguments, parse_argument
from detente.argument.texts import keys_of, text_in, untranslated
from detente.base.errors import ArgumentError
from detente.lab.arguments import argument_from_text, json_schema, load_argument
from detente.lab.check import check_file
from detente.model.fit_cache import read_of_argument
from detente.report.languages.argument_texts import written_in
from detente.report.languages.language import own, own_name, word
from detente.report.text.check import text_of

BASE = """\
argument: mine
title: A view
mechanisms: {reprisal: {}}
claims:
  - {id: C1, kind: mechanism, text: Blows are answered, terms: [reprisal.force], sign: '+'}
"""
TOLD = """\
article:
  category: Security
  paragraphs:
    - {source: [1], text: They answer blows., claims: [C1]}
texts:
  zh-Hans:
    title: 观点
    claims: {C1: 以牙还牙}
    article: {category: 安全, paragraphs: [双方相互报复。]}
"""
MONTHS = list(month_name)[1:]


def test_a_text_is_given_in_its_language_or_as_it_was_written() -> None:
    mine = argument_from_text(BASE + TOLD)
    assert str(text_in(mine, "zh-Hans", "article", "paragraphs", 0)) == "双方相互报复。"
    lacking = text_in(mine, "zh-Hant", "claims", "C1")
    assert lacking is not None
    assert (lacking.text, lacking.language) == ("Blows are answered", "en")
    assert text_in(mine, "zh-Hans", "summary") is None
    assert text_in(mine, "zh-Hans", "article", "paragraphs", 7) is None


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("claims: [C1]}", "claims: [C2]}", r"article\.paragraphs\.0\.claims must be a claim .*yaml:9"),
        ("zh-Hans:", "zh-Hand:", r"texts\.zh-Hand must be one of en, zh-Hans, zh-Hant.*yaml:11"),
        ("zh-Hans:", "en:", r"texts\.en is given twice.*yaml:11"),
        ("{C1: 以牙还牙}", "{C9: 以牙还牙}", r"texts\.zh-Hans\.claims\.C9 is not a field here.*yaml:13.*C1"),
        ("[双方相互报复。]", "[双方相互报复。, 又]", r"at most 1 items, got 2 .*yaml:14"),
        ("title: 观点", "heading: 观点", r"texts\.zh-Hans\.heading is not a field here.*yaml:12"),
        ("text: They answer blows.", "text: ''", r"text must have at least 1 characters.*yaml:9"),
    ],
)
def test_what_an_article_or_a_translation_names_must_be_there(good: str, bad: str, says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        argument_from_text((BASE + TOLD).replace(good, bad))


def test_what_is_missing_is_a_warning_of_check(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text((BASE + TOLD).replace("    title: 观点\n", ""), "utf-8")
    found = check_file(path)
    assert found.to_dict()["untranslated"] == {"zh-Hans": ["title"]}
    assert "Warning: texts.zh-Hans lacks title" in text_of(found)
    path.write_text(BASE + TOLD, "utf-8")
    assert "untranslated" not in check_file(path).to_dict()


def test_how_an_argument_is_told_changes_no_digest() -> None:
    plain, told = argument_from_text(BASE), argument_from_text(BASE + TOLD)
    assert told.article is not None
    assert told.texts
    assert told.model_dump_json() == plain.model_dump_json()
    assert read_of_argument(told) == read_of_argument(plain)


def test_a_translation_goes_with_the_original_that_it_was_made_of(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE + TOLD, "utf-8")

    def extended(more: str) -> Argument:
        text = f"extends: base.yaml\nargument: other\n{more}"
        return parse_argument(text, "other.yaml", tmp_path)

    as_it_was = extended("run: {seed: 2}\n")
    assert {
        language: texts.model_dump(exclude_defaults=True) for language, texts in as_it_was.texts.items()
    } == {
        "zh-Hans": {
            "title": "观点",
            "claims": {"C1": "以牙还牙"},
            "article": {"category": "安全", "paragraphs": ("双方相互报复。",)},
        }
    }
    anew = extended("title: Another view\narticle: {paragraphs: [{text: Other words., claims: [C1]}]}\n")
    assert anew.article.category is None
    assert anew.texts["zh-Hans"].model_dump(exclude_defaults=True) == {"claims": {"C1": "以牙还牙"}}


def test_a_bargain_is_told_in_other_languages() -> None:
    text = (Path(detente.__file__).parent / "data" / "panama-canal.yaml").read_text("utf-8")
    panama, said = argument_from_text(text), "name: 防卫权, text: 美国防卫运河的权利, "
    with written_in("zh-Hans", panama):
        assert (own_name("defence"), own("the zone ends"), own("for ever")) == ("防卫", "运河区终结", "永久")
        assert word("without defence") == "去掉防卫"
    nameless = argument_from_text(text.replace(said, ""))
    assert untranslated(nameless) == {"zh-Hans": ("bargain.issues.defence-rights.text",)}
    with written_in("zh-Hans", nameless):
        assert own_name("defence-rights") == "defence-rights"
    with pytest.raises(
        ArgumentError, match=r"bargain\.issues\.defense-rights is not a field.*mean defence-rights"
    ):
        argument_from_text(text.replace(f"defence-rights: {{{said}", f"defense-rights: {{{said}"))


def test_the_schema_knows_both_blocks() -> None:
    from ruamel.yaml import YAML

    validator = jsonschema.Draft202012Validator(json_schema())
    value = YAML(typ="safe", pure=True).load(BASE + TOLD)
    assert not list(validator.iter_errors(value))
    value["texts"]["fr"] = {}
    assert list(validator.iter_errors(value))


def numbers(text: str) -> list[int]:
    """Return the numbers of a text, the month of a date counted as one, millions in ten thousands."""
    text = re.sub(r"(\d+) million", lambda found: f"{found[1]}00 ten thousand", text)
    for number, month in enumerate(MONTHS, 1):
        text = re.sub(rf"\b{month}\b|\b{month[:3]}\b(?= \d{{4}})", f" {number} ", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return sorted(int(digits) for digits in re.findall(r"\d+", text))


SHIPPED = [one for one in embedded_arguments() if one.texts]


@pytest.mark.parametrize("argument", SHIPPED, ids=lambda one: one.argument)
def test_shipped_translations_are_whole_and_have_the_numbers_of_their_originals(argument: Argument) -> None:
    assert not untranslated(argument)
    assert set(argument.texts) == {"zh-Hans", "zh-Hant"}
    for key in keys_of(argument):
        original, hans, hant = (str(text_in(argument, tag, *key)) for tag in ("en", "zh-Hans", "zh-Hant"))
        assert numbers(hans) == numbers(hant) == numbers(original), (original, hans, hant)
        assert not re.search(
            r"([A-Za-z]+ ){3}[A-Za-z]+", f"{hans}\n{hant}".replace("detente bargain us-iran", "")
        )


@pytest.mark.parametrize("argument", SHIPPED, ids=lambda one: one.argument)
@pytest.mark.parametrize(("tag", "letters"), [("zh-Hans", "gb2312"), ("zh-Hant", "cp950")])
def test_no_letter_of_the_other_script(argument: Argument, tag: str, letters: str) -> None:
    said = "".join(str(text_in(argument, tag, *key)) for key in keys_of(argument))
    wrong = {letter for letter in re.findall(r"[\u4e00-\u9fff]", said) if not _has(letter, letters)}
    assert not wrong


def _has(letter: str, letters: str) -> bool:
    """Return whether a national set of letters, which was made for one script, has a letter."""
    try:
        letter.encode(letters)
    except UnicodeEncodeError:
        return False
    return True


def test_every_paragraph_of_the_essay_is_told_in_order_with_the_claims_made_there() -> None:
    essay = load_argument("essay", "us-iran")
    assert essay.article is not None
    told = [number for paragraph in essay.article.paragraphs for number in paragraph.source]
    assert told == list(range(1, 18))
    for paragraph in essay.article.paragraphs:
        made = {claim.id for claim in essay.claims if {*claim.paragraphs} & {*paragraph.source}}
        assert {*paragraph.claims} == made, paragraph.source
