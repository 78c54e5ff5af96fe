"""The routes of logging in and out, where the server has a password."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from detente.base.errors import Fault
from detente.web.refusals import NotLoggedInError, TooManyError
from detente.web.site import Site
from detente.web.visitors.forms import field_in, form_of
from detente.web.visitors.limits import Rates
from detente.web.visitors.visitor import visitor_now
from detente.web.visitors.visits import Visits

TRIES, ALL_TRIES = 5, 50
"""Wrong passwords in five minutes: from one address, and from all."""
_MINUTES = 300.0


def login_routes(site: Site, visits: Visits) -> APIRouter:
    """Return the routes of logging in and out."""
    routes = APIRouter(include_in_schema=False)
    tries = Rates(TRIES / _MINUTES, TRIES)
    all_tries = Rates(ALL_TRIES / _MINUTES, ALL_TRIES)

    @routes.get("/login")
    async def ask(request: Request) -> Response:
        if site.rules.password is None or visitor_now().logged_in:
            return RedirectResponse("/", 303)
        return site.page(request, "login.html.j2")

    @routes.post("/login")
    async def login(request: Request) -> Response:
        password = site.rules.password
        if password is None:
            return RedirectResponse("/", 303)
        form = await form_of(request, site.passes)
        address = request.client.host if request.client else ""
        if not (tries.allows(address) and all_tries.allows("")):
            seconds = int(_MINUTES / TRIES)
            raise TooManyError(
                Fault("tries_of_one", "passwords", hint="wait_and_try", most=TRIES, seconds=seconds)
            )
        if not await run_in_threadpool(password.fits, field_in(form, "password")):
            error = NotLoggedInError(Fault("password_wrong", "password"))
            return site.page(request, "login.html.j2", status=error.status, faults=error.faults)
        visits.end(visitor_now())  # a name that somebody else may have set is worth nothing after the log-in
        answer = RedirectResponse("/", 303)
        answer.headers["set-cookie"] = site.passes.set_cookie(site.passes.begun(logged_in=True))
        return answer

    @routes.post("/logout")
    async def logout(request: Request) -> Response:
        await form_of(request, site.passes)
        visits.end(visitor_now())
        answer = RedirectResponse("/login" if site.rules.password is not None else "/", 303)
        answer.headers["set-cookie"] = site.passes.set_cookie(None)
        return answer

    return routes
