"""Pages in three languages: one number, addresses that keep the language, and nothing that leaks to programs."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.lab.case import load_case
from detente.report.languages.language import in_language
from detente.report.pages.environment import finished
from detente.web.app import web_app
from detente.web.jobs import job_name
from detente.web.kept import KeptPages
from detente.web.languages import PREFIXES
from detente.web.requested import Requested
from detente.web.shelf import Shelf
from detente.web.shown import Shown
from page_texts import english, numbers

LINE = "SWE->NOR force within 60d"
CHINESE = [(prefix, tag) for prefix, tag in PREFIXES.items() if tag != "en"]
_ADDRESS = re.compile(r'(?:href|action|src|hx-get|data-live)="(/[^"]*)"')
_PICTURE = re.compile("<svg.*?</svg>", re.DOTALL)
PLAIN = ("/", "/new", "/world", "/case/small", "/case/small/method", "/case/small/ask", "/case/small/levers")
QUICK = (f"/case/small/ask?q={LINE}", "/case/small/claims")
RESULTS = (
    *QUICK,
    f"/case/small/ask?q=how many {LINE}",
    f"/case/small/ask?q=when {LINE}",
    "/case/small/levers?lever=sanctions:SWE@10",
    "/case/small/timeline",
    "/case/small/futures?story=typical",
)
ERRORS = ("/nothing", "/case/small/bargain", "/case/small/ask?q=SWE->NOR forc within 60d")


@pytest.mark.parametrize(
    "address",
    [
        *PLAIN,
        *QUICK,
        *ERRORS,
        "/case/small/compare",
        *(pytest.param(one, marks=pytest.mark.slow) for one in RESULTS if one not in QUICK),
    ],
)
def test_a_page_is_in_its_language_and_its_addresses_keep_it(client: TestClient, address: str) -> None:
    plain = client.get(address)
    for prefix, tag in CHINESE[: 1 if address in RESULTS else 2]:
        answer = client.get(prefix + address)
        assert answer.status_code == plain.status_code
        assert f'<html lang="{tag}">' in answer.text
        assert english(answer.text, tag) == []
        for to in _ADDRESS.findall(answer.text):
            assert to.startswith(("/static/", *(f"{each}/" for each in PREFIXES))), to
        others = {to for to in _ADDRESS.findall(answer.text) if not to.startswith((f"{prefix}/", "/static/"))}
        assert {urlsplit(to).path for to in others} == {
            each + urlsplit(address).path for each in PREFIXES if each != prefix
        }


def test_the_numbers_are_the_same_in_every_language(client: TestClient) -> None:
    address = f"/case/small/ask?q={LINE}"
    # A picture numbers the questions that have no text in its language.
    pages = [_PICTURE.sub("", client.get(prefix + address).text) for prefix in PREFIXES]
    assert numbers(pages[0]) == numbers(pages[1]) == numbers(pages[2])


def test_programs_are_answered_in_english_whatever_was_asked_before(client: TestClient) -> None:
    client.get(f"/zh-hans/case/small/ask?q={LINE}")
    headers = {"accept-language": "zh-TW"}
    address = f"/api/v1/cases/small/ask?q={LINE}"
    assert client.get(address, headers=headers).json() == client.get(address).json()
    assert "is likely before" in client.get(address, headers=headers).json()["sentences"]["bottom_line"]
    assert client.get(f"/zh-hans{address}").status_code == 404


def test_a_result_is_kept_by_its_language(store: Store, client: TestClient) -> None:
    wanted = [Requested("small", "claims", language=tag) for tag in PREFIXES.values()]
    assert len({job_name(one) for one in wanted}) == 3
    case, kept = load_case("us-iran", argument="baseline"), KeptPages(store)
    for one in wanted:
        kept.keep(case, one, Shown({"language": one.language}))
    assert [kept.find(case, one) for one in wanted] == [Shown({"language": one.language}) for one in wanted]


@pytest.mark.parametrize(
    ("accepted", "tag"), [("zh-TW, en;q=0.5", "zh-Hant"), ("zh", "zh-Hans"), ("de, en", "en"), ("", "en")]
)
def test_the_first_page_is_in_the_language_that_the_browser_prefers(
    client: TestClient, accepted: str, tag: str
) -> None:
    answer = client.get("/", headers={"accept-language": accepted})
    assert f'<html lang="{tag}">' in answer.text
    assert "accept-language" in answer.headers["vary"].lower()
    assert '<html lang="en">' in client.get("/en/", headers={"accept-language": accepted}).text


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/zh-hans/login", "/zh-hans/"),
        ("/login", "/"),
        ("/zh-hans/new/", "http://127.0.0.1:8000/zh-hans/new"),
        ("/zh-hant/case/small/ask?build=1&what=talks&within=1&unit=y", "?q=talks+within+1y"),
    ],
)
def test_a_redirect_keeps_the_language(client: TestClient, address: str, to: str) -> None:
    answer = client.get(address, follow_redirects=False)
    assert answer.headers["location"] == to


def test_a_case_opens_with_its_article_and_the_verdicts_that_were_found(client: TestClient) -> None:
    client.get("/case/small/claims")
    page = client.get("/zh-hant/case/small").text
    assert '<script type="application/ld+json">' in page
    assert '<article id="article"' in page
    assert page.count('<span class="word">') == 1
    assert 'href="#top"' in page
    assert '/zh-hant/case/small/ask"' in page


def test_the_article_shows_earlier_days_once_they_were_looked_for(argument: Path, tmp_path: Path) -> None:
    app = web_app(Shelf([argument]), patience=60, store=Store(tmp_path))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        asked = 'href="/zh-hans/case/small/analogues"'
        before = client.get("/zh-hans/case/small").text
        found = client.get("/zh-hans/case/small/analogues")
        after = client.get("/zh-hans/case/small").text
    assert found.status_code == 200
    assert english(found.text, "zh-Hans") == []
    assert (before.count(asked), after.count(asked)) == (3, 2)  # the menu, the list of pages, and the offer
    assert "相似的国际危机" not in before
    assert "相似的国际危机" in after
    assert english(after, "zh-Hans") == []


def test_a_form_that_is_sent_is_answered_in_its_language(client: TestClient) -> None:
    page = client.get("/zh-hans/new").text
    form = {"token": re.findall(r'name="token" value="([^"]+)"', page)[0], "text": "好。\n\n二", "name": "x"}
    answer = client.post("/zh-hans/new", data=form, headers={"origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 400
    assert '<html lang="zh-Hans">' in answer.text
    assert '<ul class="faults" role="alert"><li>文件至少须有一个不为空。' in answer.text
    assert english(answer.text, "zh-Hans") == []
    assert "hreflang" not in answer.text  # nothing is there to be fetched


def test_what_a_reader_types_is_not_set() -> None:
    with in_language("zh-Hans"):
        assert (
            finished("<p>好。\n二</p><textarea>好。\n二</textarea>")
            == "<p>好。二</p><textarea>好。\n二</textarea>"
        )


def test_work_under_way_keeps_the_language(argument: Path) -> None:
    app = web_app(Shelf([argument]), patience=0, store=Store())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        page = client.get(f"/zh-hant/case/small/ask?q={LINE}&seed=5")
        assert page.status_code == 202
        assert english(page.text, "zh-Hant") == []
        assert 'hx-get="/zh-hant/case/small/ask?' in page.text
        (job,) = re.findall(r'action="/zh-hant/jobs/(\w+)/cancel"', page.text)
        (token,) = re.findall(r'name="token" value="([^"]+)"', page.text)
        form = {"token": token, "back": "/case/small/ask?q=talks"}
        cancelled = client.post(f"/zh-hant/jobs/{job}/cancel", data=form)
        assert 'href="/zh-hant/case/small/ask?q=talks"' in cancelled.text
        started = client.post(f"/zh-hant/jobs/{job}/start", data=form, follow_redirects=False)
        assert started.headers["location"] == "/zh-hant/case/small/ask?q=talks"
