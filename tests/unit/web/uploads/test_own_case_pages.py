"""Pages of a case just made: what they cannot answer they say, and none names a place on the server's disk."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.studies.drafting.templates import template
from detente.web.app import web_app
from detente.web.shelf import Shelf
from detente.web.site import PAGES, Rules
from small_case import write_small_case
from web_forms import send, words

TEXT = """\
argument: mine
title: Mine
principals: [SWE, NOR]
run: {as_of: 2004-01-01, days: 30, futures: 20, seed: 1}
mechanisms: {momentum: {}}
questions:
  - {id: force, text: Sweden uses force, ask: SWE->NOR force within 30d}
"""

QUICK = (
    *(
        "",
        "/ask?q=force",
        "/ask?q=frce",
        "/futures?futures=no",
        "/bargain",
        "/door",
        "/mediators",
        "/nothing",
    ),
    *("/compare?other=none", "/method"),
)
STUDIES = ("ask?q=force", "ask?q=frce", "unlock", "bargain", "mediators")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("secret-place"))


@pytest.fixture(scope="module")
def client(argument: Path, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    rules = Rules(rate=10_000, burst=10_000, each=100)
    with TestClient(
        web_app(Shelf([argument]), patience=60, store=store, rules=rules), base_url="http://127.0.0.1:8000"
    ) as opened:
        folder = tmp_path_factory.mktemp("rows")
        write_small_case(folder)
        files = {"files": ("my events.csv", (folder / "events.csv").read_bytes())}
        to = str(send(opened, "/new", files=files).headers["location"])
        assert opened.get(to).status_code == 200
        drafted = TEXT.replace("{momentum: {}}", "{momentum: {}, reprisal: {}}")
        blanks = template("claims", ("SWE", "NOR"), None, "force")
        for name, text in (("mine", TEXT), ("blank", f"{drafted}\n{blanks}")):
            kept = send(opened, f"{to}/argument", name=name, text=text)
            assert kept.status_code == 303, words(kept.text)
        opened.headers["x-upload"] = to
        yield opened


@pytest.mark.parametrize("page", ["bargain", "door", "claims"])
def test_a_page_without_its_block_says_what_to_declare_and_where(client: TestClient, page: str) -> None:
    answer = client.get(f"/case/mine/{page}")
    assert answer.status_code == 400
    assert f"{client.headers['x-upload']}/edit?name=mine" in answer.text
    assert f"{page}:" in answer.text
    assert "FILL-IN" in answer.text
    assert client.get(f"/case/small/{page}").text.count("/edit?") == 0


def test_settings_that_a_page_does_not_take_are_left_out_and_others_refused(client: TestClient) -> None:
    answer = client.get("/zh-hans/case/mine/door?futures=20&seed=2", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "door?seed=2")
    assert client.get("/case/mine/door?futurs=20").status_code == 400
    assert "futurs" in client.get("/case/mine/door?futurs=20").text


def test_blanks_of_a_template_are_no_article_and_other_pairs_no_related_pieces(client: TestClient) -> None:
    page = client.get("/case/blank").text
    assert "Each answers force with force." in page
    assert "FILL-IN: your" not in page
    assert "FILL-IN is still in" in page
    assert "Other arguments about this rivalry" not in page
    assert "Other rivalries" not in page  # this server has no page of one
    assert f"{client.headers['x-upload']}/edit?name=blank" in page


def refuse_places(text: str, store: Store) -> None:
    assert store.folder is not None
    for secret in (str(store.folder), "secret-place", "/visitors/", str(Path.home())):
        assert secret not in text, text[max(0, text.find(secret) - 200) :][:400]


def test_no_page_of_an_uploaded_case_names_a_place_on_the_server(client: TestClient, store: Store) -> None:
    for address in QUICK:
        refuse_places(client.get(f"/case/mine{address}").text, store)
    to = client.headers["x-upload"]
    for address in (to, f"{to}/edit?name=mine", f"{to}/edit?name=none", f"{to}/draft?one=SWE&other=XXX"):
        refuse_places(client.get(address).text, store)
    faulty = send(client, f"{to}/argument", name="bad", text=TEXT.replace("momentum", "momentun"))
    refuse_places(faulty.text, store)


def test_no_answer_for_programs_names_one(client: TestClient, store: Store) -> None:
    for study in STUDIES:
        refuse_places(client.get(f"/api/v1/cases/mine/{study}").text, store)


@pytest.mark.slow
def test_nor_does_any_other_page(client: TestClient, store: Store) -> None:
    for page in PAGES:
        refuse_places(client.get(f"/zh-hans/case/mine/{page}").text, store)
    for study in ("claims", "whatif?lever=step:SWE=1@5", "diagnose", "report?futures=20", "timeline"):
        refuse_places(client.get(f"/api/v1/cases/mine/{study}").text, store)


def test_a_command_names_files_that_the_page_gives(client: TestClient) -> None:
    page = client.get("/case/mine/ask?q=force").text
    assert "detente backtest argument.yaml --events my-events.parquet" in page
    assert 'href="/case/mine/files.zip"' in page
    packed = zipfile.ZipFile(io.BytesIO(client.get("/case/mine/files.zip").content))
    assert packed.namelist() == [
        "mine/argument.yaml",
        "mine/my-events.parquet",
        "mine/my-events.parquet.json",
    ]
    assert packed.read("mine/argument.yaml").decode().strip() == TEXT.strip()
    assert client.get("/case/small/files.zip").status_code == 404  # the server's own files are its own


@pytest.mark.parametrize("page", ["bargain", "door", "claims", "analogues"])
def test_no_page_asks_for_a_command_that_its_reader_cannot_give(client: TestClient, page: str) -> None:
    said = client.get(f"/case/mine/{page}").text
    assert "detente new" not in said
    assert "--measure" not in said or "detente analogues --measure" in said


def test_pages_without_their_block_are_marked_in_the_menu(client: TestClient) -> None:
    for name, undeclared in (("mine", {"claims", "bargain", "door"}), ("blank", {"bargain", "door"})):
        menu = client.get(f"/case/{name}/method").text
        marked = set(re.findall(rf'/case/{name}/([a-z]+)" class="undeclared"', menu))
        assert marked == undeclared
