"""The article page: its parts, its margins, its three languages, and the folder that it is written to."""

from __future__ import annotations

import json
import re
from calendar import month_name
from dataclasses import replace
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import worlds
from detente.argument.article_blocks import Language
from detente.argument.texts import text_in
from detente.base.errors import OutputError
from detente.lab.case import Case
from detente.report.languages.formats import day_text
from detente.report.languages.language import LANGUAGES as OF_PAGES
from detente.report.languages.language import _, in_language, word
from detente.report.pages.article import (
    NAMES_OF_FILES,
    article_context,
    lead_picture,
    render_article,
    write_article,
)
from detente.report.pages.article_addresses import PAGES, Addresses
from detente.report.pages.article_margin import add_verdicts, verdict_text
from detente.report.text.numbers import to
from detente.studies.analogues.related import analogues
from detente.studies.article import Article, article_on
from detente.studies.claims.claims import Claims, claims
from detente.studies.claims.reasons import Recorded, Weighed
from detente.studies.claims.rows import ClaimRow

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect"}
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans", "zh-Hant")
MONTHS = list(month_name)[1:]


class Page(HTMLParser):
    """A page read: whether its tags close, its texts with their language, its links and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []  # language and text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] not in ("style", "script") and data.strip():
            self.texts.append((self.open[-1][1], data.strip()))

    def all(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of a name that has these."""
        return [given for name, given in self.tags if name == tag and attrs.items() <= dict(given).items()]


@cache
def told(*, judged: bool = True) -> Article:
    """The essay as an article, its verdicts made up: none is computed here, and each has its own number."""
    article = article_on(worlds.essay_case(), computed=False)
    if not judged:
        return article
    weighed = Weighed("USA", "IRN", 0.99, 2000)
    rows = [
        ClaimRow(claim, "no power", weighed, 0.01 * i + 0.001, -0.02 * i, 1 + 0.03 * i)
        for i, claim in enumerate(article.argument.claims)
    ]
    rows[0] = replace(rows[0], verdict="recorded", reason=Recorded(2, ()), value=1.0, low=1.0, high=1.0)
    rows[1] = replace(rows[1], verdict="heavier on IRN")
    like = analogues(article.case, as_of=article.as_of)
    judged = Claims(article.case, article.as_of, tuple(rows), None, None)
    return replace(article, claims=judged, analogues=like)


@cache
def page(language: Language) -> Page:
    return Page(render_article(told(), language))


def numbers(texts: list[tuple[str, str]]) -> list[str]:
    """Return every number of a page in order, the month of a date counted as one and each day sorted by size."""
    text = " ".join(said for _, said in texts)
    for number, month in enumerate(MONTHS, 1):
        text = re.sub(rf"\b{month}\b", f" {number} ", text)
    return sorted(re.findall(r"-?\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_part_that_the_essay_asks_for(language: Language) -> None:
    read, article = page(language), told()
    said = " ".join(text for _, text in read.texts)
    assert not read.open
    assert read.all("html", lang=language)
    for key in (
        ("title",),
        ("summary",),
        ("article", "category"),
        ("article", "author"),
        ("article", "trust"),
    ):
        part = text_in(article.argument, language, *key)
        assert part is not None
        assert part.language == language
        assert part.text in said
    assert [given.get("datetime") for given in read.all("time")] == ["2020-01-17"]
    assert len(read.all("svg", role="img")) == 1
    assert {given.get("hreflang") for given in read.all("a", rel="alternate")} == {*LANGUAGES} - {language}
    assert all(each.name in said for each in OF_PAGES.values())
    with in_language(language):
        assert _("You might also like") in said
        assert _("Back to top") in said
        days = [day_text(each.day) for each in (article.analogues.moments if article.analogues else ())]
    found = article.analogues
    assert found is not None
    assert found.moments
    assert found.crises
    assert all(day in said for day in days)
    assert all(each.crisis.name in said for each in found.crises)
    assert all(str(text_in(other, language, "title")) in said for other in article.others)
    assert read.all("a", href="#top")
    assert read.all("body", id="top")
    assert len(read.all("h1")) == len(read.all("main")) == len(read.all("article")) == 1
    ids = [given["id"] for _, given in read.tags if "id" in given]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_is_in_the_margin_of_its_paragraph_with_verdict_and_number(language: Language) -> None:
    article, html = told(), unescape(render_article(told(), language))
    for number, paragraph in enumerate(article.paragraphs, 1):
        part = html.partition(f'id="p{number}"')[2].partition("</section>")[0]
        assert re.findall(r"<b>([^<]*)</b>", part) == list(paragraph.claims)
        assert part.count('class="word"') == part.count('class="number"') == len(paragraph.claims)
    for claim in article.argument.claims:
        assert f"<b>{claim.id}</b> {text_in(article.argument, language, 'claims', claim.id)}" in html
    with in_language(language):
        assert word("no power") in html
    assert {"en": "heavier on Iran", "zh-Hans": "伊朗更重", "zh-Hant": "伊朗更重"}[language] in html
    assert "1.00 (" not in html  # a count has no interval
    to, explained = (
        set(re.findall(pattern, html)) for pattern in (r'href="#(verdict-[^"]*)"', r'<dt id="([^"]*)"')
    )
    assert to == explained  # every verdict leads to its line in the legend, and no line is there for nothing
    assert "verdict-no-power" in to


def test_the_three_pages_have_the_same_numbers() -> None:
    english, *others = (numbers(page(language).texts) for language in LANGUAGES)
    assert len(english) > 150
    assert all(other == english for other in others)


@pytest.mark.parametrize(("language", "letters"), [("zh-Hans", "gb2312"), ("zh-Hant", "cp950")])
def test_a_chinese_page_is_in_its_own_script_outside_marked_parts(language: Language, letters: str) -> None:
    own = [text for tongue, text in page(language).texts if tongue == language]
    wrong = [c for c in re.findall(r"[\u4e00-\u9fff]", "".join(own)) if not c.encode(letters, "ignore")]
    assert not wrong
    english = [text for text in own if re.search(r"([A-Za-z]+[ ,]+){3}[A-Za-z]+", text)]
    assert not english


def test_the_page_asks_for_nothing_and_its_links_are_relative() -> None:
    for language in LANGUAGES:
        html = render_article(told(), language)
        assert not re.search(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", html)
        based = render_article(told(), language, Addresses(base_url="https://example.org/x/"))
        assert f'rel="canonical" href="https://example.org/x/{PAGES[language]}"' in based
        assert 'property="og:image" content="https://example.org/x/lead.png"' in based


@pytest.mark.parametrize("language", LANGUAGES)
def test_programs_read_what_the_page_is(language: Language) -> None:
    html = render_article(told(), language)
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    found = json.loads(text)
    assert (found["@type"], found["inLanguage"]) == ("ScholarlyArticle", language)
    assert [part["@type"] for part in found["isBasedOn"]] == ["CreativeWork", "Dataset"]
    assert found["isBasedOn"][1]["temporalCoverage"] == "1951-05-01/2026-07-04"
    graph = {g["property"]: g["content"] for g in page(language).all("meta") if "property" in g}
    assert graph["og:type"] == "article"
    assert graph["og:title"] == found["headline"] == str(text_in(told().argument, language, "title"))
    assert graph["og:locale"] == {"en": "en_GB", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}[language]


def test_the_folder_holds_what_the_pages_lead_to_and_nobody_elses_file_is_lost(tmp_path: Path) -> None:
    assert write_article(told(), tmp_path / "out") == tmp_path / "out" / "index.html"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*NAMES_OF_FILES}
    for name in PAGES.values():
        read = Page((tmp_path / "out" / name).read_text("utf-8"))
        links = [given["href"] for tag in ("a", "link") for given in read.all(tag) if "hreflang" in given]
        assert len(links) == 6
        assert all((tmp_path / "out" / str(link)).is_file() for link in links)
    value = json.loads((tmp_path / "out" / "article.json").read_text("utf-8"))
    assert len(value["paragraphs"]) == 16
    assert value["title"] == told().argument.title
    assert all(row["sentences"]["why"] for row in value["claims"])
    write_article(told(), tmp_path / "out")  # its own files are replaced
    (tmp_path / "out" / "zh-hant.html").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="zh-hant"):
        write_article(told(), tmp_path / "out")
    assert (tmp_path / "out" / "zh-hant.html").read_text("utf-8") == "mine"


def test_an_argument_without_an_article_is_told_from_its_claims_and_questions() -> None:
    argument = worlds.essay().model_copy(update={"article": None, "texts": {}})
    article = article_on(Case("us-iran", argument, worlds.embedded()), computed=False)
    read = Page(render_article(article, "zh-Hans"))
    marked = [text for tongue, text in read.texts if tongue == "en"]
    for text in (
        argument.title,
        argument.summary,
        *(one.text for one in (*argument.claims, *argument.questions)),
    ):
        assert text in marked
    with in_language("zh-Hans"):
        assert _("The claims were not judged for this page.") in [text for _tongue, text in read.texts]


def test_what_a_user_wrote_stays_text() -> None:
    evil = '<script>alert("x")</script>&\'"'
    argument = worlds.essay().model_copy(update={"title": evil, "source": evil, "summary": evil})
    article = replace(told(judged=False), case=Case("us-iran", argument, worlds.embedded()))
    html = render_article(article)
    assert "<script>" not in html
    assert not Page(html).open
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert json.loads(text)["headline"] == evil


def test_the_lead_picture_shows_every_year_and_pales_what_came_later() -> None:
    article = told()
    for language in LANGUAGES:
        with in_language(language):
            root = ET.fromstring(lead_picture(article))  # noqa: S314 - our own
        years = [g for g in root if g.tag.endswith("}g")]
        assert len(years) == len(article.years) == 76
        assert [g.get("opacity") for g in years] == [None] * 70 + [".5"] * 6
        bars = sum(1 for g in years for part in g if part.tag.endswith("rect"))
        assert bars == sum((y.force > 0) + (y.hostile > 0) + (y.friendly > 0) for y in article.years)


def test_a_caption_speaks_of_what_came_later_only_where_something_is_known() -> None:
    article = told(judged=False)
    assert "is what happened later" in render_article(article)
    end = replace(article, as_of=article.case.chronicle.window.end)
    assert "is what happened later" not in render_article(end)


def test_ranks_and_counts_are_whole_numbers() -> None:
    article = told()
    found = article.claims
    assert found is not None
    rank = next(row for row in found.rows if row.claim.mediator)
    reason: Any = SimpleNamespace(to_dict=lambda: {"third_parties": 12})
    changed = replace(rank, verdict="rank 3 of 12", reason=reason, value=3.0, low=2.0, high=5.0)
    rows = tuple(changed if row is rank else row for row in found.rows)
    html = render_article(replace(article, claims=replace(found, rows=rows)), "zh-Hant")
    assert "12方中列第3" in html
    assert "3（2至5）" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_verdicts_found_before_are_shown_as_those_of_now(language: Language) -> None:
    article = told()
    assert article.claims is not None
    with in_language(language):
        shown = article_context(article)
        added = article_context(replace(article, claims=None))
        assert not any(claim["verdict"] for p in added["paragraphs"] for claim in p["claims"])
        assert add_verdicts(added, article, [row.to_dict() for row in article.claims.rows])
    assert added["paragraphs"] == shown["paragraphs"]
    assert any(claim.get("what") for p in added["paragraphs"] for claim in p["claims"])


@pytest.mark.slow
def test_the_numbers_are_those_of_claims() -> None:
    case = worlds.essay_case()
    article = article_on(case, futures=50, seed=1)
    judged = claims(case, futures=50, seed=1)
    assert article.to_dict()["claims"] == judged.to_dict()["claims"]
    html = unescape(render_article(article))
    for row in judged.rows:
        assert re.search(f'class="word"[^>]*>{re.escape(verdict_text(article, row.verdict))}<', html)
        if row.value is not None and row.low != row.high:
            assert f"{row.value:z.2f} ({to(f'{row.low:z.2f}', f'{row.high:z.2f}')})" in html
    assert [row.verdict for row in judged.rows if row.claim.kind == "page"] == ["complete", "complete"]
    assert article.analogues is not None
    pages = [numbers(Page(render_article(article, language)).texts) for language in LANGUAGES]
    assert pages[0] == pages[1] == pages[2]
