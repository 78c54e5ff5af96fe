"""Errors in the language of a page: every template can be filled, and nothing of it is English outside its marks."""

from __future__ import annotations

import ast
import html
import string
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.argument.load import parse_argument
from detente.base.errors import ArgumentError, DataError, DetenteError, Fault, QuestionError
from detente.base.hints import HINTS
from detente.base.messages import RULES
from detente.questions.grammar import QuestionNames, parse_question
from detente.report.languages.faults import KINDS, NOUNS, REASONS, fault_text, noun, problem_said
from detente.report.languages.language import GIVEN, LANGUAGES, ORIGINAL, in_language
from detente.report.languages.marks import with_languages, without_marks
from detente.web.refusals import WebError
from page_texts import english

CHINESE = [tag for tag in LANGUAGES if tag != "en"]
PACKAGE = Path(detente.__file__).parent
FILES = [
    file
    for folder in PACKAGE.iterdir()
    if folder.name not in ("cli", "pull")
    for file in folder.rglob("*.py")
]
TYPED = "the quick brown fox jumps"


def filled(code: str, template: str, *, hint: bool) -> Fault:
    """Return a fault whose values are of the kind that its template asks for, and long where they are texts."""
    values: dict[str, Any] = {
        name: ("domestic 3",)
        if name == "why"
        else ("one", "two", "three")
        if spec in ("or", "and")
        else 3
        if spec
        else TYPED
        for _, name, spec, _ in string.Formatter().parse(template)
        if name and name not in ("field", "got")
    }
    rule = ("empty", {"hint": code}) if hint else (code, {})
    return Fault(rule[0], "as_of", got=TYPED, where="essay.yaml:3", **rule[1], **values)


FAULTS = [
    *(filled(code, template, hint=False) for code, template in RULES.items()),
    *(filled(code, template, hint=True) for code, template in HINTS.items()),
]


def page(fault: Fault) -> str:
    return with_languages(f"<p>{html.escape(fault_text(fault))}</p>")


@pytest.mark.parametrize("tag", CHINESE)
def test_no_rule_or_hint_is_english_on_a_page_of_another_language(tag: str) -> None:
    with in_language(tag):
        found = {(fault.code, fault.hint): run for fault in FAULTS if (run := english(page(fault), tag))}
        unclosed = [fault for fault in FAULTS if page(fault).count("<span") != page(fault).count("</span>")]
    assert found == {}
    assert unclosed == []


def test_english_is_what_the_command_line_prints() -> None:
    assert [fault_text(fault) for fault in FAULTS] == [str(fault) for fault in FAULTS]


def test_what_was_typed_is_of_an_unknown_language_and_what_a_library_says_is_english() -> None:
    fault = Fault(
        "bad_yaml", "YAML", got="où est-il", where="a.yaml:2", problem="expected a digit, but found 'x'"
    )
    with in_language("zh-Hans"):
        said = page(fault)
    assert '<span lang="und">où est-il</span>' in said
    assert '<span lang="en">expected a digit, but found &#x27;x&#x27;</span>' in said
    assert "（a.yaml:2）。" in said


@pytest.mark.parametrize(("tag", "elements"), [("en", 0), ("zh-Hant", 3)])
def test_marks_that_were_typed_open_no_element(tag: str, elements: int) -> None:
    with in_language(tag):
        said = page(Fault("unknown_field", f"{ORIGINAL}a b", got=f"{GIVEN}c d", where=f"{ORIGINAL}e f"))
    assert said.count("<span") == said.count("</span>") == elements


def test_lists_days_and_nouns_are_those_of_the_language() -> None:
    fault = Fault(
        "wrong_ending", "file", got="a.txt", endings=(".csv", ".gz", ".parquet"), hint="try", example="b.csv"
    )
    with in_language("zh-Hant"):
        assert fault_text(fault) == "檔案須以.csv、.gz或.parquet結尾，給出的是a.txt。可試b.csv。"
        assert (
            fault_text(Fault("before_chronicle", "date", start=date(2020, 1, 3)))
            == "date不得早於編年史的起始日2020年1月3日。"
        )
        assert noun("column 7 of: talks within") == f"第7個字元處：{GIVEN}talks within\u2069"


def test_windows_and_what_a_question_lacks_are_said_in_words() -> None:
    window = "2016-01-03 to 2018-12-31 and 2020-01-01"
    past = Fault("not_in_window", "event", got=date(2015, 1, 1), window=window)
    none = Fault("no_whole_quarter", "chronicle", got="2020-01-01 to 2020-02-01", hint="nine_months")
    with pytest.raises(QuestionError) as ended:
        parse_question("A->B force within", QuestionNames({}), date(2020, 1, 1))
    with in_language("zh-Hans"):
        assert "2016年1月3日至2018年12月31日和2020年1月1日" in fault_text(past)
        assert "给出的是2020年1月1日至2020年2月1日" in fault_text(none)
        said = without_marks(fault_text(ended.value.faults[0]))
    assert said.startswith("问题此处须为时间跨度，例如90d、12m或2y，给出的是行尾")


def test_a_field_that_somebody_made_up_stays_as_it_was_written() -> None:
    with in_language("zh-Hans"):
        assert fault_text(Fault("unknown_field", "form")) == "form不是此处的字段。"


def test_why_no_row_is_kept_is_said_in_words() -> None:
    with in_language("zh-Hans"):
        assert "行为体对自身 3、日期 2。" in fault_text(
            Fault("no_row_kept", "file", rows=5, why=("domestic 3", "date 2"))
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [b", "缺少逗号或']'"),
        ("a: b: c", "此处的冒号不能引出字段"),
        ('a: "b', "引号没有闭合"),
        ("a:\n  - b\n c: d", "有一行与其所在的块不符"),
        ("a: *b", "别名'b'没有所指"),
        ("a: @b", "'@'不能作为值的开头"),
    ],
)
def test_what_the_parser_says_most_often_is_said_in_the_language(text: str, said: str) -> None:
    with pytest.raises(ArgumentError) as met, in_language("zh-Hans"):
        parse_argument(text, "a.yaml")
    with in_language("zh-Hans"):
        (fault,) = met.value.faults
        assert said in html.unescape(page(fault))
        assert "a.yaml:" in page(fault)


def test_a_problem_has_title_and_detail_in_the_language_and_no_marks() -> None:
    error = DataError(Fault("required", "date"), Fault("not_text", "id", got="a b"))
    with in_language("zh-Hans"):
        assert problem_said(error) == {"title": "数据", "detail": "date为必填项。\nid须为文本，给出的是a b。"}
    assert problem_said(error)["detail"] == str(error)


def test_every_kind_of_error_has_a_name() -> None:
    kinds = {WebError, DetenteError, ArgumentError, *DetenteError.__subclasses__()}
    assert {kind.kind for kind in kinds if kind.__module__.startswith("detente.")} - {"closed pipe"} <= set(
        KINDS
    )


def test_what_the_program_calls_its_things_is_known() -> None:
    unknown = []
    texts = {file: text for file in FILES if "Fault(" in (text := file.read_text("utf-8"))}
    for file, text in texts.items():
        for call in ast.walk(ast.parse(text)):
            if not (
                isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Fault") and len(call.args) > 1
            ):
                continue
            given = [
                call.args[1],
                *(word.value for word in call.keywords if word.arg in ("table", "other", "who")),
            ]
            unknown += [
                f"{file.name}:{one.lineno}: {one.value}"
                for one in given
                if isinstance(one, ast.Constant) and " " in str(one.value) and one.value not in NOUNS
            ]
    assert unknown == []


def test_every_reason_of_an_import_has_a_word() -> None:
    from detente.events.importing.steps import LEFT_OUT, REFUSED

    assert {*REFUSED, *LEFT_OUT} == set(REASONS)
