"""The application: routes, and one answer for every error."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.base.store import Store, store_of
from detente.base.workers import Workers
from detente.web.api import api_routes, described
from detente.web.guard import LOOPBACK, READS, Guard
from detente.web.job_routes import job_routes
from detente.web.languages import Languages
from detente.web.login_routes import login_routes
from detente.web.pages import page_routes
from detente.web.refusals import (
    PROBLEM,
    CostlyError,
    FullQueueError,
    NothingHereError,
    TooManyError,
    WebError,
    problem_of,
    status_of,
    way_back,
)
from detente.web.shelf import Shelf
from detente.web.site import Rules, Site, address_of
from detente.web.upload_routes import upload_routes
from detente.web.visitors.limits import Rates
from detente.web.visitors.visitor import visitor_now
from detente.web.visitors.visits import AGAIN, Visits

_AGAIN = "5"  # seconds after which a full queue, or a visitor who asks too often, may ask again


def web_app(
    shelf: Shelf,
    *,
    patience: float = 0.8,
    workers: Workers | None = None,
    store: Store | None = None,
    rules: Rules | None = None,
    hosts: tuple[str, ...] = LOOPBACK,
) -> Languages:
    """Return the web interface as an ASGI application.

    Parameters
    ----------
    shelf : Shelf
        The cases that it shows.
    patience : float
        Seconds that a request waits for work before it is told how far that is.
    workers : Workers, optional
        Processes that draw pictures; else the threads that compute draw them.
    store : Store, optional
        Where results are kept, with the files of visitors beside them; else the user's own.
    rules : Rules, optional
        What visitors may do.
    hosts : tuple of str
        Names and addresses by which the server may be called.
    """
    site = Site(shelf, patience, workers, store_of(cache=True) if store is None else store, rules or Rules())

    @asynccontextmanager
    async def while_open(_: FastAPI) -> AsyncIterator[None]:
        yield
        site.close()

    app = FastAPI(
        title="Détente",
        version=version("detente"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its scripts come from another host
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=while_open,
    )

    def refused(request: Request, error: DetenteError) -> Response:
        status = status_of(error)
        headers = {"cache-control": "no-store"}
        if isinstance(error, FullQueueError | TooManyError):
            headers["retry-after"] = _AGAIN
        if isinstance(error, NothingHereError) and _came_by_link(request):
            return HTMLResponse(AGAIN, 200, headers)
        if isinstance(error, CostlyError):
            return site.page(request, "costly.html.j2", cost=error, back=address_of(request))
        if request.url.path.startswith("/api/"):
            return JSONResponse(problem_of(error), status, headers, media_type=PROBLEM)
        way = way_back(request.url.path, error, asked=bool(request.url.query))
        answer = site.page(request, "error.html.j2", status=status, faults=error.faults, way=way)
        answer.headers.update(headers)
        return answer

    def shown(request: Request, error: WebError) -> Response:
        """Show what the guard refuses; nobody has asked yet whose request it is."""
        way = way_back(request.url.path, error, asked=bool(request.url.query))
        return HTMLResponse(site.html(request, "error.html.j2", faults=error.faults, way=way), error.status)

    @app.exception_handler(DetenteError)
    async def ours(request: Request, error: DetenteError) -> Response:
        return refused(request, error)

    @app.exception_handler(RequestValidationError)
    async def misread(request: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault("invalid", str(one["loc"][-1]), got=str(one.get("input", "")), text=str(one["msg"]))
            if one["type"] != "missing"
            else Fault("required", str(one["loc"][-1]))
            for one in error.errors()
        ]
        return refused(request, ArgumentError(*faults))

    @app.exception_handler(HTTPException)
    async def nothing(request: Request, error: HTTPException) -> Response:
        return refused(request, NothingHereError(Fault("no_such_address", "address", got=request.url.path)))

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=400)  # no fault of ours, and nobody reads it

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        logging.getLogger(__name__).error("a fault of ours", exc_info=error)
        if request.url.path.startswith("/api/"):
            problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
            return JSONResponse(problem, 500, media_type=PROBLEM)
        return HTMLResponse(site.html(request, "broken.html.j2"), 500)

    rates = Rates(site.rules.rate, site.rules.burst)
    visits = Visits(app, site.passes, rates, refused, locked=site.rules.password is not None)
    app.include_router(api_routes(site))
    app.include_router(job_routes(site))
    app.include_router(login_routes(site, visits))
    app.include_router(upload_routes(site))
    app.include_router(page_routes(site))

    @app.get("/live", include_in_schema=False)
    async def live() -> PlainTextResponse:
        return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})

    plain_description = app.openapi
    app.openapi = lambda: described(plain_description())  # type: ignore[method-assign] # as FastAPI's manual has it

    return Languages(Guard(visits, hosts, secure=site.rules.secure, page=shown))


def _came_by_link(request: Request) -> bool:
    """Return whether another site's link was followed: a strict cookie comes only when the page asks again."""
    away = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return away and request.method in READS and not visitor_now().has_pass
