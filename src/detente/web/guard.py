"""What stands before every route: who may ask, how, and what a browser may do with the answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.base.errors import Fault
from detente.web.refusals import PROBLEM, ForeignError, TooLongError, WebError, WrongMethodError, problem_of

LOOPBACK = ("127.0.0.1", "localhost")
"""The hosts that requests may come for, and the only ones that `detente serve` listens on."""
READS = ("GET", "HEAD")
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


class Guard:
    """Refuses foreign requests, answers HEAD as GET without its body, and adds the security headers.

    It wraps the whole application, so that even an answer to a failure of ours has the headers.

    Parameters
    ----------
    app : ASGI application
    hosts : tuple of str
        Names and addresses by which this server may be called; the port is not compared, so that it may be forwarded.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] = LOOPBACK) -> None:
        self.app, self.hosts = app, hosts

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
                MutableHeaders(scope=message).update(SECURITY)
            elif head:
                message = {**message, "body": b""}
            await send(message)

        error = refusal(scope["method"], Headers(scope=scope), self.hosts)
        if error is not None:
            headers = {"allow": ", ".join(READS)} if isinstance(error, WrongMethodError) else None
            answer = JSONResponse(problem_of(error), error.status, headers, media_type=PROBLEM)
            await answer(scope, receive, send_safely)
            return
        await self.app({**scope, "method": "GET"} if head else scope, receive, send_safely)


def refusal(method: str, headers: Headers, hosts: tuple[str, ...]) -> WebError | None:
    """Return why a request is refused, if it is.

    A page of another site must not make this server work or read what it answers: not through a name that was made to
    point here (``Host``), and not by a request of its own (``Origin``, ``Sec-Fetch-Site``). A link to a page is fine.

    Examples
    --------
    >>> refusal("GET", Headers({"host": "127.0.0.1:8000"}), LOOPBACK) is None
    True
    >>> refusal("GET", Headers({"host": "evil.example"}), LOOPBACK).status
    403
    """
    host = headers.get("host", "")
    if len(headers.getlist("host")) != 1 or _name(host) not in hosts:
        return ForeignError(Fault("not_one_of", "Host", got=host, choices=hosts))
    origin = headers.get("origin")
    if origin is not None and (origin.partition("://")[2] != host or urlsplit(origin).scheme != "http"):
        return ForeignError(Fault("other_origin", "Origin", got=origin))
    site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "")
    opened = mode == "navigate" and headers.get("sec-fetch-dest") == "document"
    if site not in ("none", "same-origin") and not opened:
        return ForeignError(Fault("other_origin", "Sec-Fetch-Site", got=site))
    if method not in READS:
        return WrongMethodError(Fault("not_one_of", "method", got=method, choices=READS))
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        return TooLongError(Fault("body_not_taken", "body", got=headers.get("content-length")))
    return None


def _name(host: str) -> str:
    """Return a host without its port; empty if it is no such thing."""
    try:
        return urlsplit(f"//{host}").hostname or "" if "@" not in host and "/" not in host else ""
    except ValueError:
        return ""
