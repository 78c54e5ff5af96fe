"""What a request passes between the guard and the routes: who asks, how often, and whether a log-in is needed."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.base.errors import DetenteError, Fault
from detente.web.refusals import NotLoggedInError, TooManyError
from detente.web.visitors.limits import Rates
from detente.web.visitors.visitor import Passes, Visitor, set_visitor

LOGIN = "/login"
_FOR_ALL = ("/static/", "/live")
"""What a page needs that asks for the password, and what asks whether the server is alive."""
AGAIN = (
    b'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0">'
    b"<title>D\xc3\xa9tente</title></html>"
)
"""A page that asks for itself again at once."""


class Visits:
    """Knows the visitor of each request by its cookie, and refuses those who ask too often or are not logged in.

    Parameters
    ----------
    app : ASGI application
    passes : Passes
    rates : Rates
    refused : callable
        Makes an answer of an error.
    locked : bool
        Whether visitors must log in.
    """

    def __init__(
        self,
        app: ASGIApp,
        passes: Passes,
        rates: Rates,
        refused: Callable[[Request, DetenteError], Response],
        *,
        locked: bool = False,
    ) -> None:
        self.app, self.passes, self.rates, self.refused, self.locked = app, passes, rates, refused, locked
        self._ended: set[str] = set()

    def end(self, visitor: Visitor) -> None:
        """Know a visitor no more, whoever shows its cookie."""
        self._ended.add(visitor.name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, path = Request(scope, receive), scope["path"]
        known = self._known(request)
        away = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        fresh: Visitor | None = None
        if known is None and not away and not path.startswith(("/api/", *_FOR_ALL)):
            fresh = self.passes.begun()
        elif known is not None and not away:
            fresh = self.passes.renewed(known)
        visitor = known or fresh or Visitor(f"@{(scope.get('client') or ('',))[0]}")
        set_visitor(visitor)
        # those without a pass are counted by their address: else a visitor could shed its count with its cookie
        counted = visitor.name if known else f"@{(scope.get('client') or ('',))[0]}"
        answer: Response | None = None
        if not self.rates.allows(counted):
            fault = Fault("requests_of_one", "requests", most=int(self.rates.rate), hint="ask_again")
            answer, fresh = self.refused(request, TooManyError(fault)), None
        elif self.locked and not visitor.logged_in and not path.startswith((LOGIN, *_FOR_ALL)):
            answer = self._stopped(request, away=away)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                changed = MutableHeaders(scope=message)
                if fresh is not None and "set-cookie" not in changed:
                    changed.append("set-cookie", self.passes.set_cookie(fresh))
                changed.add_vary_header("cookie")
            await send(message)

        await (answer or self.app)(scope, receive, send_with_cookie)

    def _known(self, request: Request) -> Visitor | None:
        found = request.cookies.get(self.passes.cookie)
        visitor = self.passes.read(found) if found else None
        return None if visitor is None or visitor.name in self._ended else visitor

    def _stopped(self, request: Request, *, away: bool) -> Response:
        if request.url.path.startswith("/api/") or request.method not in ("GET", "HEAD"):
            return self.refused(
                request, NotLoggedInError(Fault("password_needed", "password", hint="log_in"))
            )
        if (
            away
        ):  # a strict cookie does not come with a link of another site; it comes when the page asks again
            return Response(AGAIN, 200, {"cache-control": "no-store"}, "text/html")
        return RedirectResponse(LOGIN, 303, {"cache-control": "no-store"})
