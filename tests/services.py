"""A server on this machine that plays those who publish event data, with their faults."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST_REQUESTS = 500


@dataclass
class Reply:
    """What is answered once.

    `cut` ends the body after so many bytes; `stall` waits so many seconds before it; `ranges` says whether a part may
    be asked for.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: float = 0.0
    ranges: bool = True


@dataclass(frozen=True)
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


Handler = Callable[[Request], Reply]


class Service:
    """What lies at each path: replies used up one after the other, of which the last stays, or a function."""

    def __init__(self) -> None:
        self.places: dict[str, list[Reply] | Handler] = {}
        self.requests: list[Request] = []
        self.base = ""
        self.stop = threading.Event()

    def put(self, path: str, *replies: Reply | bytes) -> None:
        self.places[path] = [Reply(r) if isinstance(r, bytes) else r for r in replies]

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        place = self.places.get(request.path)
        if place is None or len(self.requests) > MOST_REQUESTS:
            return Reply(b"no such thing", 404)
        if callable(place):
            return place(request)
        return place.pop(0) if len(place) > 1 else place[0]

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


@contextmanager
def playing() -> Iterator[Service]:
    """Start a service on a free port, and end it."""
    service = Service()

    class Player(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._play({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._play(_flat(parse_qs(self.rfile.read(length).decode())))

        def _play(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.answer(Request(parts.path, _flat(parse_qs(parts.query)), headers, form))
            service.stop.wait(reply.stall)
            body, status = reply.body, reply.status
            extra = dict(reply.headers)
            asked = headers.get("range", "")
            fresh = headers.get("if-range") in (None, extra.get("ETag"), extra.get("Last-Modified"))
            if asked and status == 200 and reply.ranges and fresh:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(body):
                    status, extra = 416, extra | {"Content-Range": f"bytes */{len(body)}"}
                    body = b""
                else:
                    extra |= {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
                    status, body = 206, body[start:]
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if reply.cut is not None and reply.cut < len(body):
                self.wfile.write(body[: reply.cut])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that leaves is part of the play
    service.base = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.stop.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _flat(values: dict[str, list[str]]) -> dict[str, str]:
    return {name: value[0] for name, value in values.items()}


def packed(text: str, name: str = "events.csv") -> bytes:
    """Return a text as a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr(zipfile.ZipInfo(name), text)  # of a day that is always the same
    return out.getvalue()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def as_json(value: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json"})


def list_days(service: Service, days: dict[str, bytes]) -> None:
    """Play the daily files of GDELT, YYYYMMDD by content, and the list of their digests."""
    names = {f"{day}.export.CSV.zip": content for day, content in days.items()}
    lines = [f"{md5(content)}  {name}" for name, content in names.items()]
    service.put(
        "/md5sums", "\n".join(["0" * 32 + "  GDELT.MASTERREDUCEDV2.1979-2013.zip", *lines, ""]).encode()
    )
    for name, content in names.items():
        service.put(f"/{name}", content)


def deposit(service: Service, files: list[dict[str, Any]], contents: dict[int, bytes], **about: Any) -> None:
    """Play a dataset of a Dataverse: its listing with what it says of itself, and each file by its number."""
    service.places["/api/datasets/:persistentId/versions/:latest-published"] = lambda _: as_json(
        {"status": "OK", "data": {"files": files} | about}
    )
    for number, content in contents.items():
        service.put(f"/api/access/datafile/{number}", content)


def page_rows(service: Service, path: str, rows: list[dict[str, Any]], **more: Any) -> None:
    """Play UCDP: pages from 0 on, only for those with the token."""
    token = more.get("token", "secret-token")

    def answer(request: Request) -> Reply:
        if request.headers.get("x-ucdp-access-token") != token:
            return as_json({"error": f"not {request.headers.get('x-ucdp-access-token')}"}, 401)
        size, page = int(request.query["pagesize"]), int(request.query["page"])
        part = rows[page * size : (page + 1) * size]
        return as_json({"TotalCount": more.get("total", len(rows)), "Result": part})

    service.places[path] = answer


class Acled:
    """ACLED: tokens for user and password that expire, and rows by pages from 1 on."""

    def __init__(self, service: Service, rows: list[dict[str, Any]], *, lives: int = 10**6) -> None:
        self.rows, self.lives, self.seconds = rows, lives, 86_400
        self.tokens: dict[str, int] = {}
        self.grants: list[str] = []
        self.renewable = True
        service.places["/oauth/token"] = self.grant
        service.places["/api/acled/read"] = self.read

    def grant(self, request: Request) -> Reply:
        kind = request.form["grant_type"]
        self.grants.append(kind)
        known = (
            request.form.get("username") == "me@example.org" and request.form.get("password") == "my-password"
        )
        if kind == "password" and not known:
            return as_json({"error": f"wrong password {request.form.get('password')}"}, 401)
        if kind == "refresh_token" and not self.renewable:
            return as_json({"error": "refresh token has expired"}, 401)
        token = f"access-{len(self.grants)}"
        self.tokens[token] = self.lives
        return as_json({"access_token": token, "refresh_token": "renew-me", "expires_in": self.seconds})

    def read(self, request: Request) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= 0:
            return as_json({"message": "token expired"}, 401)
        self.tokens[token] -= 1
        first, last = request.query["event_date"].split("|")
        rows = [row for row in self.rows if first <= row["event_date"] <= last]
        size, page = int(request.query["limit"]), int(request.query["page"]) - 1
        return as_json({"status": 200, "count": len(rows), "data": rows[page * size : (page + 1) * size]})
