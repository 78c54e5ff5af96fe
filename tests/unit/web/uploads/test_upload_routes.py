"""From an event file to a case of one's own: upload, what was read, actors, a draft, faults at their lines, pages."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.lab.too_little import Caution
from detente.web.app import web_app
from detente.web.shelf import Shelf
from detente.web.site import Rules
from detente.web.uploads import own_cases
from small_case import write_small_case
from web_forms import send, words

HOME = "http://127.0.0.1:8000"
TEXT = """\
argument: mine
title: Mine & <b>hers</b>
principals: [SWE, NOR]
run: {as_of: 2004-01-01, days: 30, futures: 20, seed: 1}
mechanisms: {momentum: {}}
questions:
  - {id: force, text: Sweden uses force, ask: SWE->NOR force within 30d}
"""


def many_files(count: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.csv", "date,source,target,action\n2020-01-03,SWE,NOR,CONSULT\n")
    return packed.getvalue()


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("rows")
    write_small_case(folder)
    return (folder / "events.csv").read_bytes()


@pytest.fixture(scope="module")
def app(argument: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    rules = Rules(rate=10_000, burst=10_000, each=100)
    store = Store(tmp_path_factory.mktemp("kept"))
    return web_app(Shelf([argument]), patience=60, store=store, rules=rules)


@pytest.fixture
def client(app: Any) -> TestClient:
    return TestClient(app, base_url=HOME)


def brought(client: TestClient, content: bytes, name: str = "my events.csv", **fields: str) -> str:
    answer = send(client, "/new", files={"files": (name, content)}, **fields)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


@pytest.fixture
def upload(client: TestClient, rows: bytes) -> str:
    to = brought(client, rows)
    assert client.get(to).status_code == 200
    return to


def test_from_a_file_to_the_pages_of_a_case(client: TestClient, rows: bytes) -> None:
    faulty = rows + b"2004-13-40,SWE,NOR,ASSAULT,1\n"
    to = brought(client, faulty)
    page = client.get(to)
    assert page.status_code == 200, words(page.text)
    said = words(page.text)
    assert "my-events.csv:402" in said
    assert "1 row refused" in said
    assert said.count("my-events.csv:402") == 1  # not once more among all that was read
    assert "SWE" in said
    draft = client.get(f"{to}/draft", params={"one": "SWE", "other": "NOR", "as_of": "2004-01-01"})
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", draft.text, re.DOTALL)
    assert found, words(draft.text)
    assert "Proposed by `detente new SWE NOR`" in found[1]
    assert "events:" not in found[1]
    kept = send(client, f"{to}/argument", name="mine", text=TEXT)
    assert (kept.status_code, kept.headers["location"]) == (303, "/case/mine"), words(kept.text)
    case = client.get("/case/mine").text
    assert "Mine &amp; &lt;b&gt;hers&lt;/b&gt;" in case
    asked = client.get("/case/mine/ask?q=force")
    assert asked.status_code == 200, words(asked.text)
    assert "<svg" in asked.text
    assert [one["case"] for one in client.get("/api/v1/cases").json()] == ["small", "mine"]
    assert client.get("/api/v1/cases/mine/run?futures=5").json()["rivalry"] == "my-events.csv"
    edited = client.get(f"{to}/edit?name=mine").text
    assert "SWE-&gt;NOR force within 30d" in edited


def test_another_visitor_sees_nothing_of_it(app: Any, client: TestClient, upload: str) -> None:
    assert send(client, f"{upload}/argument", name="secret", text=TEXT).status_code == 303
    other = TestClient(app, base_url=HOME)
    other.get("/new")
    for address in (upload, f"{upload}/draft?one=SWE&other=NOR", "/case/secret", "/case/secret/ask?q=force"):
        assert other.get(address).status_code == 404, address
    assert send(other, f"{upload}/argument", name="x", text=TEXT).status_code == 404
    assert send(other, f"{upload}/remove").status_code == 404
    assert [one["case"] for one in other.get("/api/v1/cases").json()] == ["small"]
    assert client.get("/case/secret").status_code == 200


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("mechanisms: {momentum: {}}", "mechanisms: {momentun: {}}"), 5, "momentum"),
        (("within 30d", "withn 30d"), 7, "within"),
        (("title: Mine & <b>hers</b>", "titel: Mine"), 2, "titel"),
        (("run: {as_of", "run: {as_off"), 4, "as_off"),
        (("argument: mine", "argument: [mine"), 2, "argument.yaml"),
    ],
)
def test_faults_are_shown_at_their_line(
    client: TestClient, upload: str, change: tuple[str, str], line: int, says: str
) -> None:
    answer = send(client, f"{upload}/argument", name="faulty", text=TEXT.replace(*change))
    assert answer.status_code == 400
    assert says in words(answer.text)
    assert f'class="n">{line}</th><td><pre><mark>' in answer.text
    assert change[1] in words(answer.text)  # what was written is not lost
    assert client.get("/case/faulty").status_code == 404


@pytest.mark.parametrize("name", ["small", "", "../x", "A B", "x" * 41, "x/y", "x_new"])
def test_a_name_is_plain_and_not_taken(client: TestClient, upload: str, name: str) -> None:
    assert send(client, f"{upload}/argument", name=name, text=TEXT).status_code == 400


def test_pairs_are_ranked_and_each_opens(client: TestClient, upload: str) -> None:
    page = client.get(upload.replace("/new/", "/world/"))
    assert page.status_code == 200, words(page.text)
    assert "SWE → NOR" in words(page.text)
    (link, *_) = re.findall(r'href="(/new/[^"]+/draft\?[^"]+)"', page.text)
    assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert client.get(upload.replace("/new/", "/world/") + "?pairs=0").status_code == 400


def test_a_caution_beside_ranked_pairs_is_in_the_language_of_the_page(
    client: TestClient, rows: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.studies.world.run.chronicle_cautions", lambda _: (Caution("by_report"),))
    to = brought(client, rows)
    assert client.get(to).status_code == 200
    address = to.replace("/new/", "/world/")
    english, chinese = (words(client.get(base + address).text) for base in ("", "/zh-hans"))
    assert "Each day of the past knows only" in english
    assert "Each day of the past knows only" not in chinese


def test_it_can_be_removed(client: TestClient, upload: str) -> None:
    assert send(client, f"{upload}/argument", name="gone", text=TEXT).status_code == 303
    assert send(client, f"{upload}/remove").status_code == 303
    assert client.get(upload).status_code == 404
    assert client.get("/case/gone").status_code == 404


def test_an_archive_of_another_format_is_read(client: TestClient) -> None:
    row = "20200103\tUSA\tUnited States\tUSAMIL\tIRN\tIran\tIRNMIL\t190\tfight\t-10\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/evil.csv", "date,source,target,cameo\n2020-01-03,USA,IRN,190\n" + row[:0])
    page = client.get(brought(client, packed.getvalue(), "a.zip"))
    assert "1 event kept" in words(page.text), words(page.text)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "files must hold at least one file that is not empty"),
        (b"\0\1\2 nonsense", "my-events.csv"),
        (many_files(600), "500"),
        (gzip.compress(b"0" * 300_000_000, 9)[:400_000], "my-events.csv"),
    ],
    ids=["empty", "nonsense", "many files", "bomb"],
)
def test_what_is_no_event_file_is_told(client: TestClient, content: bytes, says: str) -> None:
    kept = client.get("/new").text.count("/remove")
    answer = send(client, "/new", files={"files": ("my events.csv", content)})
    assert answer.status_code == 400
    assert says in words(answer.text)
    assert 'name="files"' in answer.text  # the form itself answers
    assert client.get("/new").text.count("/remove") == kept


@pytest.mark.parametrize(
    ("path", "way"),
    [("draft?one=SWE&other=FRA", "{to}"), ("draft", "{to}"), ("edit?name=gone", "/new")],
    ids=["no acts", "no actors", "no case"],
)
def test_a_page_of_errors_leads_back_to_the_form(
    client: TestClient, upload: str, path: str, way: str
) -> None:
    answer = client.get(f"/zh-hans{upload}/{path}")
    assert answer.status_code in (400, 404), words(answer.text)
    assert f'href="/zh-hans{way.format(to=upload)}"' in answer.text


def test_the_first_day_of_the_calendar_is_read(client: TestClient) -> None:
    page = client.get(brought(client, b"date,source,target,action\n0001-01-01,SWE,NOR,CONSULT\n"))
    assert (page.status_code, "1 event kept" in words(page.text)) == (200, True)


def test_days_in_no_known_order_are_told(client: TestClient, rows: bytes) -> None:
    answer = send(client, "/new", files={"files": ("my events.csv", rows)}, dates="ydm", columns="date=day")
    assert (answer.status_code, "dates must be one of" in words(answer.text)) == (400, True)
    assert 'value="date=day"' in answer.text  # the form keeps what was said


def test_a_case_changed_under_its_name_is_asked_anew(client: TestClient, upload: str, rows: bytes) -> None:
    def closes() -> tuple[str, int]:
        value = client.get("/api/v1/cases/mine/ask?q=force").json()
        return value["questions"][0]["closes"], value["data"]["events"]

    send(client, f"{upload}/argument", name="mine", text=TEXT)
    first = closes()
    send(client, f"{upload}/argument", name="mine", text=TEXT.replace("within 30d", "within 3d"))
    assert closes()[0] != first[0]
    fewer = brought(client, b"\n".join(rows.splitlines()[:300]))
    client.get(fewer)
    send(client, f"{fewer}/argument", name="mine", text=TEXT)
    assert closes() == (first[0], first[1] - 101)


def test_a_server_killed_while_it_kept_a_case_still_shows_the_rest(
    client: TestClient, upload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    write = own_cases.write_whole

    def once(path: Path, content: bytes, **more: Any) -> None:
        if written:
            raise RuntimeError
        written.append(path)
        write(path, content, **more)

    monkeypatch.setattr(own_cases, "write_whole", once)
    with pytest.raises(RuntimeError):
        send(client, f"{upload}/argument", name="killed", text=TEXT)
    assert client.get("/new").status_code == 200
    assert client.get("/case/killed").status_code == 404
