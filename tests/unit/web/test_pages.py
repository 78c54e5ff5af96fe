"""The pages: each answers with a sentence, a picture and a table, keeps its forms, and escapes what it is given."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

import worlds
from detente.web.app import web_app
from detente.web.pages import ROWS
from detente.web.shelf import Shelf
from detente.web.site import PAGES
from small_case import ARGUMENT

LINE = "SWE->NOR force within 60d"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class Scripts(HTMLParser):
    """Collects what could run or be fetched: scripts, handlers, styles in a tag, addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ours = tag == "script" and (
            str(dict(attrs).get("src")).startswith("/static/")
            or dict(attrs) == {"type": "application/ld+json"}  # data, which no browser runs
        )
        if tag in ("script", "style", "iframe", "object", "base") and not ours:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "hx-get", "data-live"):
                self.addresses.append(value or "")


def read(html: str) -> Scripts:
    parser = Scripts()
    parser.feed(html)
    return parser


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("/", "A laboratory for interstate rivalries"),
        ("/case/small", "Sweden uses force within 60 days"),
        ("/case/small/ask", "Build a line"),
        (f"/case/small/ask?q={LINE}", "overlapping windows"),
        ("/case/small/ask?q=force", "Sweden uses force within 60 days"),
        ("/case/small/ask?q=how many SWE->NOR force within 60d", "of futures"),
        ("/case/small/claims", "no power"),
        ("/case/small/levers", "Choose a lever"),
        ("/case/small/levers?lever=sanctions:SWE@10", "acts of pressure a future"),
        ("/case/small/timeline", "ASSAULT"),
        ("/case/small/futures", "90 % of futures"),
        ("/case/small/futures?story=typical", "Rule: the future nearest to the median"),
        ("/case/small/compare", "Choose a rival"),
        ("/case/small/method", "momentum"),
    ],
)
def test_each_page_answers(client: TestClient, address: str, holds: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert holds in answer.text
    page = read(answer.text)
    assert page.found == []
    assert all(not urlsplit(to).netloc and urlsplit(to).scheme in ("", "data") for to in page.addresses)
    assert "Two neighbours & their <quarrels>" not in answer.text


@pytest.mark.parametrize(
    ("address", "pictures"),
    [
        (f"/case/small/ask?q={LINE}", 2),
        ("/case/small/ask?q=how many SWE->NOR force within 60d", 2),
        ("/case/small/ask?q=when SWE->NOR force within 60d", 2),
        ("/case/small/futures?story=typical", 4),
        pytest.param("/case/small/checks", 8, marks=pytest.mark.slow),
        ("/case/small/claims", 2),
        ("/case/small/levers?lever=sanctions:SWE@10", 2),
        ("/case/small/timeline", 2),
        ("/case/small/futures", 4),
    ],
)
def test_a_result_is_a_sentence_then_a_picture_then_a_table(
    client: TestClient, address: str, pictures: int
) -> None:
    html = client.get(address).text
    assert html.count("<svg") == pictures
    sentence, picture = html.index('<p class="lead"'), html.index("<svg")
    assert sentence < picture < min(i for i in (html.find("<table"), html.find("<dl")) if i > 0)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/case/small/bargain", "needs a bargain: block"),
        ("/case/small/door", "door and locker must be declared"),
    ],
)
def test_a_page_says_what_the_argument_does_not_declare(client: TestClient, address: str, says: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert says in answer.text
    assert 'href="/case/small/ask"' in answer.text


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("mediators", "Who could mediate?"),
        ("analogues", "What is this moment like, and what followed?"),
        pytest.param("bargain", "Is there a deal that leaves both better off?", marks=pytest.mark.slow),
        pytest.param("door", "Who can restart talks?", marks=pytest.mark.slow),
    ],
)
def test_a_page_of_the_report_is_shown_as_it_is(page: str, heading: str) -> None:
    app = web_app(Shelf([worlds.essay_case()]), patience=300)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        answer = client.get(f"/case/us-iran/{page}")
    assert answer.status_code == 200, answer.text
    assert heading in answer.text
    assert "<svg" in answer.text
    assert read(answer.text).found == []


@pytest.mark.parametrize("page", ["", *PAGES])
def test_a_name_that_a_page_does_not_know_is_refused(client: TestClient, page: str) -> None:
    answer = client.get(f"/case/small/{page}".rstrip("/"), params={"future": "50"})
    assert (answer.status_code, "future is not a field here" in answer.text) == (400, True)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "method"])
def test_a_setting_that_is_given_twice_is_refused(client: TestClient, page: str) -> None:
    answer = client.get(f"/case/small/{page}?as_of=2003-01-01&as_of=2003-01-02")
    assert (answer.status_code, "as_of is given twice, got 2003-01-01, " in answer.text) == (400, True)


def test_the_picture_of_the_first_page_is_one(client: TestClient) -> None:
    sources = re.findall(r'<img src="([^"]+)"', client.get("/").text)
    assert len(sources) == 2  # one of them for a telephone
    for source in sources:
        answer = client.get(source)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")


def test_the_builder_writes_a_line_and_asks_it(client: TestClient) -> None:
    fields = {"what": "force", "source": "SWE", "target": "NOR", "many": "2", "within": "60", "unit": "d"}
    answer = client.get(
        "/case/small/ask", params=fields | {"build": "1", "seed": "7"}, follow_redirects=False
    )
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked == {"q": ["SWE->NOR force count>=2 within 60d"], "seed": ["7"]}
    assert client.get("/case/small/ask", params=fields | {"build": "1"}).status_code == 200


@pytest.mark.parametrize("state", ["talks", "war", "phase cold"])
def test_the_builder_asks_about_states(client: TestClient, state: str) -> None:
    fields = {"what": state, "source": "SWE", "target": "NOR", "within": "12", "unit": "m", "build": "1"}
    answer = client.get("/case/small/ask", params=fields, follow_redirects=False)
    assert parse_qs(urlsplit(answer.headers["location"]).query)["q"] == [f"{state} within 12m"]


def test_the_lever_form_adds_to_what_is_pulled(client: TestClient) -> None:
    start = date.fromisoformat(re.findall(r'data-as-of="([^"]+)"', client.get("/case/small/levers").text)[0])
    form = {"lever": "sanctions:SWE=5@10", "on_relief": "1", "actor_relief": "SWE", "size_relief": "0.5"}
    form |= {"day_relief": str(start + timedelta(days=20)), "size_step": "3", "build": "1"}
    answer = client.get("/case/small/levers", params=form, follow_redirects=False)
    pulled = parse_qs(urlsplit(answer.headers["location"]).query)["lever"]
    assert pulled == ["relief:SWE=0.5@20", "sanctions:SWE=5@10"]


def test_the_timeline_filters_and_turns_pages(client: TestClient) -> None:
    def days(address: str) -> list[str]:
        return re.findall(r'<tr><th scope="row">(\d{4}-\d\d-\d\d)</th>', client.get(address).text)

    first, second = days("/case/small/timeline"), days("/case/small/timeline?page=2")
    assert len(first) == ROWS
    assert first == sorted(first, reverse=True)
    assert first[-1] >= second[0]
    chosen = client.get("/case/small/timeline?since=2002-01-01&until=2002-02-01&source=SWE&class=force").text
    acts = re.findall(
        r'<th scope="row">2002-01-\d\d</th><td[^>]*>(\w+)</td><td[^>]*>\w+</td><td[^>]*>(\w+)</td>', chosen
    )
    assert acts
    assert set(acts) == {("SWE", "force")}


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/case/nobody", 404, "case must be one of small, got nobody"),
        ("/case/nobody/ask", 404, "case must be one of small"),
        ("/case/small/asks", 404, "Did you mean ask?"),
        ("/nothing", 404, "is not on this server"),
        ("/case/small/ask?q=SWE-%3ENOR+forc+within+60d", 400, "Did you mean force?"),
        ("/case/small/ask?q=force&futures=many", 400, "futures must be a whole number"),
        (
            "/case/small/ask?q=force&futures=900000",
            400,
            "futures and days must be at most 36,500,000 simulated days",
        ),
        ("/case/small/ask?q=force&futures=0", 400, "futures must be"),
        ("/case/small/ask?q=force&as_of=soon", 400, "must be an existing day"),
        ("/case/small/ask?q=force&future=50", 400, "Did you mean futures?"),
        ("/case/small/ask?" + "&".join(["q=force"] * 11), 400, "at most 10 items"),
        ("/case/small/ask?q=" + "x" * 3000, 400, "question must"),
        ("/case/small/claims?only=C9", 400, "C9"),
        ("/case/small/levers?lever=peace@10", 400, "peace"),
        ("/case/small/timeline?page=one", 400, "page must be a whole number"),
        ("/case/small/timeline?since=1.1.2000", 400, "must be an existing day"),
        ("/case/..%2f..%2fetc%2fpasswd", 404, "is not on this server"),
        ("/static/look-0.css", 404, "file must be one of"),
        ("/case/small/futures?story=best", 400, "story must be one of"),
        ("/case/small/compare?other=%2Fetc%2Fpasswd", 404, "other must be one of"),
        ("/case/small/timeline?picture=fans", 404, "picture must be one of"),
    ],
)
def test_what_is_wrong_is_said_on_a_page(client: TestClient, address: str, status: int, says: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert says in re.sub("&#39;", "'", answer.text)
    assert answer.headers["content-type"].startswith("text/html")


def test_a_form_keeps_what_could_not_be_answered(client: TestClient) -> None:
    html = client.get("/case/small/ask?q=SWE-%3ENOR+forc+within+60d").text
    assert 'value="SWE-&gt;NOR forc within 60d"' in html
    assert "Build a line" in html


@pytest.mark.parametrize(
    "address",
    [
        "/case/small/ask?q={}",
        "/case/small/ask?q=force&seed={}",
        "/case/small/ask?{}=1",
        "/case/small/claims?only={}",
        "/case/small/levers?lever={}",
        "/case/small/timeline?source={}",
        "/case/small/timeline?class={}",
        "/case/{}",
        "/case/small/{}",
        "/{}",
    ],
)
def test_what_a_visitor_writes_is_never_markup(client: TestClient, address: str) -> None:
    answer = client.get(address.format(HOSTILE.replace("/", "%2F").replace(" ", "%20")))
    assert read(answer.text).found == []
    assert "<script>" not in answer.text
    assert "onerror=alert(2)>" not in answer.text or "&lt;img" in answer.text


def test_a_page_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/case/small/method")
    again = client.get("/case/small/method", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers


def test_every_page_of_the_menu_is_tested() -> None:
    here = Path(__file__).read_text("utf-8")
    assert all(
        f'"/case/small/{page}' in here for page in PAGES if page not in ("mediators", "analogues", "checks")
    )
    assert "<quarrels>" in ARGUMENT
