"""What every request passes first: who may ask, how, and what a browser may do with the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.base.errors import Fault
from detente.web.refusals import (
    PROBLEM,
    ForeignError,
    TooLongError,
    UnmeasuredError,
    WebError,
    WrongMethodError,
    problem_of,
)

LOOPBACK = ("127.0.0.1", "localhost")
"""The hosts that requests may come for if no others are named."""
READS = ("GET", "HEAD")
_ID = "[0-9a-f]{16,32}"
POSTS = {
    re.compile("/new"): 50_000_000,
    re.compile(f"/new/{_ID}/argument"): 2_200_000,
    re.compile(f"/new/{_ID}/remove|/jobs/{_ID}/(?:cancel|start)|/login|/logout"): 10_000,
}
"""The addresses that take a form, and the bytes that it may have; all others only read."""
SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""Headers of every answer."""
_TLS = {"strict-transport-security": "max-age=31536000"}


class Guard:
    """Refuses foreign requests, answers HEAD as GET without its body, and adds the security headers.

    It wraps the whole application, so that even an answer to a failure of ours has the headers.

    Parameters
    ----------
    app : ASGI application
    hosts : tuple of str
        Names and addresses by which this server may be called; the port is not compared, so that it may be forwarded.
    secure : bool
        Whether browsers reach it over TLS.
    page : callable, optional
        Shows an error to a browser; programs and other sites get problem details.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: tuple[str, ...] = LOOPBACK,
        *,
        secure: bool = False,
        page: Callable[[Request, WebError], Response] | None = None,
    ) -> None:
        self.app, self.hosts, self.secure, self.page = app, hosts, secure, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY | _TLS if self.secure else SECURITY)
            elif head:
                message = {**message, "body": b""}
            await send(message)

        path = scope["path"]
        error = refusal(scope["method"], path, Headers(scope=scope), self.hosts, secure=self.secure)
        if error is not None:
            allowed = (*READS, "POST") if _most(path) else READS
            answer: Response = JSONResponse(problem_of(error), error.status, media_type=PROBLEM)
            if self.page is not None and _for_reader(path, Headers(scope=scope), error):
                answer = self.page(Request(scope), error)
            if isinstance(error, WrongMethodError):
                answer.headers["allow"] = ", ".join(allowed)
            await answer(scope, receive, send_safely)
            return
        known = {"method": "GET"} if head else {}
        if self.secure:  # what ends TLS speaks http to us; ways to other addresses must not
            known["scheme"] = "https"
        await self.app({**scope, **known}, receive, send_safely)


def refusal(
    method: str, path: str, headers: Headers, hosts: tuple[str, ...], *, secure: bool = False
) -> WebError | None:
    """Return why a request is refused, if it is.

    A page of another site must not make this server work or read what it answers: not through a name that was made to
    point here (``Host``), and not by a request of its own (``Origin``, ``Sec-Fetch-Site``). A link to a page is fine.

    Examples
    --------
    >>> refusal("GET", "/", Headers({"host": "127.0.0.1:8000"}), LOOPBACK) is None
    True
    >>> refusal("GET", "/", Headers({"host": "evil.example"}), LOOPBACK).status
    403
    >>> refusal("POST", "/", Headers({"host": "localhost"}), LOOPBACK).status
    405
    """
    host = headers.get("host", "")
    if len(headers.getlist("host")) != 1 or _name(host) not in hosts:
        return ForeignError(Fault("not_one_of", "Host", got=host, choices=hosts))
    origin, scheme = headers.get("origin"), "https" if secure else "http"
    if origin is not None and origin != f"{scheme}://{host}":
        return ForeignError(Fault("other_origin", "Origin", got=origin))
    site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "")
    opened = method in READS and mode == "navigate" and headers.get("sec-fetch-dest") == "document"
    if site not in ("none", "same-origin") and not opened:
        return ForeignError(Fault("other_origin", "Sec-Fetch-Site", got=site))
    most = _most(path) if method == "POST" else None
    if most is None and method not in READS:
        return WrongMethodError(Fault("not_one_of", "method", got=method, choices=READS))
    return _refused_body(headers, most or 0)


def _for_reader(path: str, headers: Headers, error: WebError) -> bool:
    """Return whether to answer with a page: not where another site asks, whose Host may be no address at all."""
    wants = "text/html" in headers.get("accept", "") and not path.startswith("/api/")
    return wants and not isinstance(error, ForeignError)


def _most(path: str) -> int | None:
    """Return the bytes that a form sent to an address may have; None if it takes none."""
    return next((most for pattern, most in POSTS.items() if pattern.fullmatch(path)), None)


def _refused_body(headers: Headers, most: int) -> WebError | None:
    length = headers.get("content-length", "0")
    if most and ("transfer-encoding" in headers or not re.fullmatch("[0-9]{1,15}", length, re.ASCII)):
        return UnmeasuredError(Fault("body_unmeasured", "body"))
    if not most and (length != "0" or "transfer-encoding" in headers):
        return TooLongError(Fault("body_not_taken", "body", got=headers.get("content-length")))
    if int(length) > most:
        hint = "smaller_or_command_line"
        return TooLongError(Fault("body_too_long", "body", got=int(length), hint=hint, most=most))
    return None


def _name(host: str) -> str:
    """Return a host without its port; empty if it is no such thing."""
    try:
        return "" if set(host) & set("@/?#") else urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
