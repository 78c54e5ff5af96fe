"""The attacks of docs/security.md that need a pass, a form, an upload or a password; each is refused."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.web.app import web_app
from detente.web.guard import POSTS
from detente.web.shelf import Shelf
from detente.web.site import Rules
from detente.web.visitors.password import make_password
from detente.web.visitors.signing import Signer, signer_in
from web_forms import send, token_of, words

HOME = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"  # noqa: S105 - of servers that live for a test
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def app_with(argument: Path, folder: Path, **rules: Any) -> Any:
    given = {"rate": 10_000.0, "burst": 10_000.0} | rules
    return web_app(Shelf([argument]), patience=60, store=Store(folder), rules=Rules(**given))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacked")


@pytest.fixture(scope="module")
def app(argument: Path, folder: Path) -> Any:
    return app_with(argument, folder)


@pytest.fixture
def visitor(app: Any) -> TestClient:
    return TestClient(app, base_url=HOME)


@pytest.fixture(scope="module", autouse=True)
def _cheap() -> Iterator[None]:
    """Hash passwords with a thousandth of the work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("detente.web.visitors.password._COST", {"n": 16, "r": 8, "p": 1})
        yield


@pytest.fixture(scope="module")
def locked(argument: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return app_with(argument, tmp_path_factory.mktemp("locked"), password=make_password(PASSWORD))


# --- passes and forms ----------------------------------------------------------------------------------------------


def test_a_session_is_a_cookie_that_scripts_and_other_sites_never_get(visitor: TestClient) -> None:
    (cookie,) = visitor.get("/new").headers.get_list("set-cookie")
    assert re.match(r"detente=[0-9a-f]{32}\.\d+\.0\.[0-9a-f]{64}; ", cookie)
    assert {"Path=/", "HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "set-cookie" not in visitor.get("/new").headers


def test_a_cookie_lasts_a_week_after_the_last_visit(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get("/").headers["set-cookie"]
    assert "set-cookie" not in visitor.get("/").headers
    later = time.time() + 2 * 86_400
    monkeypatch.setattr("detente.web.visitors.visitor.epoch", lambda: later)
    again = visitor.get("/").headers["set-cookie"]
    name = first.partition("=")[2].partition(".")[0]
    assert again.partition("=")[2].partition(".")[0] == name
    assert again != first


def test_servers_that_start_at_once_have_one_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[Signer] = []

    def drawn(count: int) -> bytes:
        if not others:
            others.append(Signer(b""))
            others.append(signer_in(tmp_path))  # another server, while this one makes its secret
        return bytes([len(others)]) * count

    monkeypatch.setattr("detente.web.visitors.signing.secrets.token_bytes", drawn)
    assert signer_in(tmp_path) == signer_in(tmp_path) == others[1]
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"short")
    assert signer_in(tmp_path) == signer_in(tmp_path) != others[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(".0.", ".1."),
        lambda text: "0" * 32 + text[32:],
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: re.sub(r"\.\d+\.0\.", ".1.0.", text),
        lambda text: "x" * 10_000,
    ],
    ids=["logged in", "of another", "signature", "time", "long"],
)
def test_a_cookie_that_was_not_signed_here_is_none(visitor: TestClient, change: Any) -> None:
    visitor.get("/new")
    text = visitor.cookies["detente"]
    visitor.cookies.clear()
    answer = visitor.get("/new", headers={"cookie": f"detente={change(text)}"})
    assert "set-cookie" in answer.headers


def test_a_link_from_elsewhere_takes_no_session_away(visitor: TestClient) -> None:
    """A strict cookie does not come with such a link: a new one in its place would lose the visitor's files."""
    assert "set-cookie" not in visitor.get("/new", headers=LINK).headers
    again = visitor.get("/case/mine", headers=LINK)
    assert (again.status_code, 'http-equiv="refresh" content="0"' in again.text) == (200, True)


ID = "0" * 16


@pytest.mark.parametrize(
    "to",
    [
        "/new",
        f"/new/{ID}/argument",
        f"/new/{ID}/remove",
        f"/jobs/{ID}/cancel",
        f"/jobs/{ID}/start",
        "/logout",
    ],
)
def test_a_form_without_this_visitors_token_does_nothing(visitor: TestClient, to: str) -> None:
    own = token_of(visitor)
    other = TestClient(visitor.app, base_url=HOME)
    for token in ("", "0" * 64, token_of(other)):
        answer = send(visitor, to, token=token)
        assert (answer.status_code, "Open the form again" in answer.text) == (403, True), token
    visitor.cookies.clear()
    assert send(visitor, to, token=own).status_code == 403
    for headers in ({"origin": "https://evil.example"}, LINK, {"sec-fetch-site": "same-site"}):
        assert visitor.post(to, data={"token": own}, headers=headers).status_code == 403


def test_every_address_that_takes_a_form_is_tried_without_a_token() -> None:
    here = Path(__file__).read_text("utf-8")
    ends = {end for pattern in POSTS for end in re.findall(r"[a-z]+", pattern.pattern)} - {"f"}
    assert all(end in here for end in ends)


@pytest.mark.parametrize(
    ("to", "length", "status"),
    [
        ("/new", "50000001", 413),
        ("/new", "-1", 411),
        ("/new", "1e3", 411),
        ("/logout", "10001", 413),
        (f"/new/{ID}/argument", "2200001", 413),
        ("/", "1", 405),
        ("/case/small/ask", "1", 405),
        ("/api/v1/cases", "1", 405),
    ],
)
def test_a_body_is_measured_before_it_is_read(visitor: TestClient, to: str, length: str, status: int) -> None:
    assert visitor.post(to, content=b"x", headers={"content-length": length}).status_code == status


def test_a_body_without_a_length_is_refused(visitor: TestClient) -> None:
    assert visitor.post("/new", content=iter([b"x"])).status_code == 411


# --- limits ----------------------------------------------------------------------------------------------------------


def test_one_visitor_cannot_ask_without_end_and_the_next_is_served(argument: Path, tmp_path: Path) -> None:
    app = app_with(argument, tmp_path, rate=1.0, burst=5.0)
    one = TestClient(app, base_url=HOME)
    other = TestClient(app, base_url=HOME)
    one.get("/live")
    one.get("/new")
    other.get("/new")
    found = [one.get("/live").status_code for _ in range(8)]
    assert found[:5] == [200] * 5
    assert found[-1] == 429
    refused = one.get("/")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    assert other.get("/live").status_code == 200
    one.cookies.clear()  # a new pass is no way round it
    assert [one.get("/live").status_code for _ in range(8)][-1] == 429


def test_four_jobs_are_the_most_of_one_visitor(argument: Path, tmp_path: Path, stuck: Any) -> None:
    app = app_with(argument, tmp_path)
    with TestClient(app, base_url=HOME) as one:
        other = TestClient(app, base_url=HOME)
        for client in (one, other):
            client.get("/new")
        assert [one.get(f"/case/small/futures?seed={n}").status_code for n in range(5)] == [202] * 4 + [429]
        assert other.get("/case/small/futures?seed=9").status_code == 202
        stuck.set()


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let work wait, and pages not."""
    from threading import Event

    from detente.web import site
    from detente.web.shown import Shown

    event = Event()

    def slow(case: object, requested: object, tell: Any, workers: object) -> Shown:
        for step in range(500):
            tell("step", step, 500)
            if event.wait(0.02):
                break
        return Shown({})

    monkeypatch.setattr(site, "shown_of", slow)
    monkeypatch.setattr(site.Site, "patience", 0.0, raising=False)
    original = site.Site.__init__

    def hasty(self: Any, shelf: Any, patience: float, *rest: Any) -> None:
        original(self, shelf, 0.02, *rest)

    monkeypatch.setattr(site.Site, "__init__", hasty)
    yield event
    event.set()


def test_what_costs_too_much_is_refused_also_in_a_question(argument: Path, tmp_path: Path) -> None:
    client = TestClient(app_with(argument, tmp_path, most=100_000), base_url=HOME)
    line = "SWE->NOR force within {}"
    for address in (
        "run?futures=2000&days=51",
        f"ask?q={line.format('10y')}&futures=1000",
        "whatif?lever=relief@3&futures=20000",
    ):
        problem = client.get(f"/api/v1/cases/small/{address}").json()
        assert problem["code"] == "too_costly", (address, problem)


# --- uploads ---------------------------------------------------------------------------------------------------------

BASE = "argument: a\ntitle: A\nprincipals: [SWE, NOR]\nmechanisms: {momentum: {}}\n"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("events: /etc/passwd", "events"),
        ("events: events.csv", "events"),
        ("extends: /etc/secret.yaml", "extends"),
        ("extends: ../../../etc/secret.yml", "extends"),
        ("extends: [essay]", "extends"),
        ("{rivalry: ../../../etc, extends: secret}", "rivalry"),
        ("world_prior: ../secret.json", "world_prior"),
        ("world_prior: secret", "world_prior"),
    ],
)
def test_an_uploaded_argument_names_no_file(line: str, field: str) -> None:
    from detente.base.errors import ArgumentError
    from detente.web.uploads.own_arguments import own_argument

    text = BASE + line.strip("{}").replace(", extends", "\nextends") + "\n"
    opened: list[str] = []
    watching = True

    def watch(event: str, given: Any) -> None:
        if watching and event == "open" and "secret" in str(given[0]):
            opened.append(str(given[0]))

    sys.addaudithook(watch)
    with pytest.raises(ArgumentError) as refused:
        own_argument(text)
    watching = False
    assert field in [fault.field for fault in refused.value.faults if fault.code == "names_a_file"]
    assert opened == []


def test_names_of_the_library_are_allowed() -> None:
    from detente.web.uploads.own_arguments import own_argument

    found = own_argument("argument: a\nextends: baseline\nprincipals: [SWE, NOR]\nworld_prior: icews-2018\n")
    assert found.principals == ("SWE", "NOR")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(60)),
        "[" * 1500,
        "a: 1\n" * 150_000,
        "argument: !!python/object/apply:os.system [true]\n",
        "x" * 1_000_001,
    ],
    ids=["aliases", "depth", "lines", "object", "bytes"],
)
def test_a_hostile_argument_costs_little(text: str) -> None:
    from detente.base.errors import ArgumentError
    from detente.web.uploads.own_arguments import own_argument

    own_argument(BASE)  # what it loads is not counted
    begun = time.process_time()
    with pytest.raises(ArgumentError):
        own_argument(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/passwd", "a\0b.csv", "<img src=x>.csv", "..", "x" * 300]
)
def test_an_upload_chooses_no_path(visitor: TestClient, folder: Path, name: str) -> None:
    before = {path for path in folder.parent.rglob("*") if path.is_file()}
    content = b"date,source,target,action\n2001-01-01,SWE,NOR,ASSAULT\n"
    answer = send(visitor, "/new", files={"files": (name, content)})
    made = {path for path in folder.parent.rglob("*") if path.is_file()} - before
    assert answer.status_code in (303, 400)
    inside = re.compile(
        r"web/(secret|visitors/[0-9a-f]{32}/uploads/[0-9a-f]{16}/(upload\.json|read\.json|[\w-]{1,40}\.parquet(\.json)?|files/\d\d/[\w.-]+))"
    )
    assert all(inside.fullmatch(str(path.relative_to(folder))) for path in made), made
    assert "<img" not in visitor.get("/new").text


@pytest.mark.parametrize("id_", ["..", "../../x", "%2e%2e", "0" * 16, "secret", "x" * 500])
def test_no_address_leaves_the_workspace(visitor: TestClient, id_: str) -> None:
    visitor.get("/new")
    for address in (f"/new/{id_}", f"/new/{id_}/draft?one=A&other=B", f"/world/{id_}", f"/case/{id_}"):
        assert visitor.get(address).status_code in (200, 404)
        assert "root:" not in visitor.get(address).text


def test_files_have_a_limit_and_an_age(
    argument: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    from detente.web.visitors import workspace

    visitor = TestClient(app_with(argument, tmp_path), base_url=HOME)
    content = b"date,source,target,action\n2001-01-01,SWE,NOR,ASSAULT\n"
    assert send(visitor, "/new", files={"files": ("a.csv", content)}).status_code == 303
    spaces = workspace.Workspaces(tmp_path / "web" / "visitors")
    (mine,) = spaces.folder.iterdir()
    os.utime(mine, (1, 1))
    assert (spaces.sweep(), list(spaces.folder.iterdir())) == (1, [])
    tight = workspace.Workspaces(tmp_path / "tight", each=100, all_=150)
    (tight.of("0" * 32).new("uploads", 60) / "x").write_bytes(b"x" * 60)
    for ask in (lambda: tight.of("0" * 32).new("uploads", 60), lambda: tight.room(100)):
        with pytest.raises(workspace.TooLongError):
            ask()
    assert tight.of("1" * 32).new("uploads", 60)


# --- the password ----------------------------------------------------------------------------------------------------


def test_without_the_password_there_is_the_log_in_and_nothing_else(locked: Any) -> None:
    client = TestClient(locked, base_url=HOME)
    for address in ("/", "/case/small", "/case/small/ask?q=force", "/new", "/nothing"):
        answer = client.get(address, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login"), address
    problem = client.get("/api/v1/cases")
    assert (problem.status_code, problem.json()["code"]) == (401, "password_needed")
    assert client.get("/api/v1/openapi.json").status_code == 401
    assert client.post("/new", data={"token": "x"}).status_code == 401
    assert client.get("/login").status_code == 200
    assert client.get("/live").text == "ok\n"


def test_the_password_opens_and_log_out_closes(locked: Any) -> None:
    client = TestClient(locked, base_url=HOME)
    guest = token_of(client, "/login")
    before = client.cookies["detente"]
    assert send(client, "/login", token=guest, password=PASSWORD[1:]).status_code == 401
    assert send(client, "/login", token=guest, password=PASSWORD).status_code == 303
    inside = client.cookies["detente"]
    assert inside.split(".")[0] != before.split(".")[0]  # a name that was set before is worth nothing
    assert client.get("/case/small").status_code == 200
    assert client.get("/api/v1/cases").status_code == 200
    assert send(client, "/logout").status_code == 303
    stolen = client.get("/", headers={"cookie": f"detente={inside}"}, follow_redirects=False)
    assert stolen.status_code == 303


def test_passwords_cannot_be_tried_without_end(argument: Path, tmp_path: Path) -> None:
    client = TestClient(app_with(argument, tmp_path, password=make_password(PASSWORD)), base_url=HOME)
    token = token_of(client, "/login")
    tried = [send(client, "/login", token=token, password=f"wrong{n}").status_code for n in range(6)]
    assert tried == [401] * 5 + [429]
    refused = send(client, "/login", token=token, password=PASSWORD)
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)


def test_another_password_ends_every_session(argument: Path, tmp_path: Path) -> None:
    first = TestClient(app_with(argument, tmp_path, password=make_password(PASSWORD)), base_url=HOME)
    send(first, "/login", token=token_of(first, "/login"), password=PASSWORD)
    second = TestClient(app_with(argument, tmp_path, password=make_password(PASSWORD)), base_url=HOME)
    second.cookies = first.cookies
    assert second.get("/", follow_redirects=False).status_code == 303


def test_behind_tls_the_cookie_is_secure_and_plain_origins_are_refused(
    argument: Path, tmp_path: Path
) -> None:
    client = TestClient(app_with(argument, tmp_path, secure=True), base_url="https://127.0.0.1:8000")
    answer = client.get("/new")
    assert answer.headers["set-cookie"].startswith("__Host-detente=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers
    assert client.get("/live", headers={"origin": "http://127.0.0.1:8000"}).status_code == 403
    assert client.get("/live", headers={"origin": "https://127.0.0.1:8000"}).status_code == 200


def test_what_a_page_says_holds_no_secret(visitor: TestClient, folder: Path) -> None:
    page = visitor.get("/new").text + words(visitor.get("/nothing").text)
    secret = (folder / "web" / "secret").read_bytes()
    assert secret.hex() not in page
    assert str(folder) not in page
    assert (
        (folder / "web" / "secret").stat().st_mode & 0o777,
        (folder / "web").stat().st_mode & 0o777,
    ) == (
        0o600,
        0o700,
    )


@pytest.mark.parametrize("charset", ["undefined", "utf-7", "unicode_escape", "punycode"])
def test_a_form_in_an_encoding_that_holds_no_text_is_refused(visitor: TestClient, charset: str) -> None:
    visitor.get("/new")
    part = b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n%s\r\n--x--\r\n'
    for text in (b"+2AA-", b"\\ud800"):
        kind = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
        assert visitor.post("/logout", content=part % text, headers=kind).status_code in (400, 403)


def test_many_started_do_not_keep_others_from_starting(
    app: Any, visitor: TestClient, monkeypatch: Any
) -> None:
    monkeypatch.setattr("detente.web.job_routes._STARTED", 2)
    token = token_of(visitor)
    for job in "abc":
        assert send(visitor, f"/jobs/{job * 32}/start", token=token).status_code == 303
