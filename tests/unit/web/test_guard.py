"""The attacks of docs/security.md, each refused; and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.web.guard import SECURITY

PAGE = "/case/small/method"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "evil.example/127.0.0.1",
        "192.168.0.7:8000",
        "0.0.0.0:8000",
        "[::",
        "",
    ],
)
def test_a_name_that_was_made_to_point_here_gets_nothing(client: TestClient, host: str) -> None:
    answer = client.get(PAGE, headers={"host": host})
    assert answer.status_code == 403
    assert answer.json()["field"] == "Host"
    assert "momentum" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:9000", "LOCALHOST"])
def test_this_machine_may_ask(client: TestClient, host: str) -> None:
    assert client.get(PAGE, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8000"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
def test_another_site_cannot_make_it_work(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/case/small/claims", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:8000"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
    ],
)
def test_a_link_may_lead_here(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get(PAGE, headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(client: TestClient, method: str) -> None:
    answer = client.request(method, PAGE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_body_is_refused(client: TestClient) -> None:
    assert client.request("GET", PAGE, content=b"x" * 100).status_code == 413
    headers = {"transfer-encoding": "chunked"}
    assert client.request("GET", PAGE, headers=headers).status_code == 413
    assert client.request("GET", PAGE, headers={"content-length": "9999999999"}).status_code == 413


@pytest.mark.parametrize("address", ["/", PAGE, "/nothing", "/api/v1/cases", "/api/v1/openapi.json"])
def test_every_answer_has_the_headers(client: TestClient, address: str) -> None:
    for headers in ({}, {"host": "evil.example"}):
        answer = client.get(address, headers=headers)
        assert SECURITY.items() <= dict(answer.headers).items()
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/", PAGE, "/api/v1/cases", "/nothing", "/case/small/ask?q=bad"])
def test_head_is_get_without_its_body(client: TestClient, address: str) -> None:
    get, head = client.get(address), client.head(address)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


def test_no_byte_follows_the_headers_of_head(client: TestClient) -> None:
    """A client would drop the body by itself, so what the application sends is looked at."""
    scope = {
        "type": "http",
        "method": "HEAD",
        "path": PAGE,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(client.app(scope, receive, send))
    assert sent[0]["status"] == 200
    assert b"".join(message.get("body", b"") for message in sent[1:]) == b""


def test_who_goes_away_amid_a_form_is_no_fault_of_ours(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"host": "localhost", "content-type": "multipart/form-data; boundary=x", "content-length": "99"}
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/new", "query_string": b"", "headers": encoded}
    asyncio.run(client.app(scope, receive, send))
    assert (sent[0]["status"], caplog.records) == (400, [])


def test_a_fault_of_ours_is_told_with_the_headers_and_nothing_of_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret /home/someone")

    monkeypatch.setattr("detente.web.pages.choices_of", broken)
    quiet = TestClient(client.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    answer = quiet.get("/case/small/ask")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert SECURITY.items() <= dict(answer.headers).items()
