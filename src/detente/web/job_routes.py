"""The routes of work under way: how far it is, as a stream of events, and cancelling it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from detente.base.errors import Fault
from detente.web.jobs import Job
from detente.web.refusals import NothingHereError, TooManyError
from detente.web.shown import Shown
from detente.web.site import Key, Site
from detente.web.visitors.forms import field_in, form_of
from detente.web.visitors.visitor import visitor_now

_LOOK = 0.25  # seconds between two looks at a job
_ALIVE = 15.0  # seconds after which a stream says something even if nothing has changed
_STREAMS = 4  # of one visitor
_STARTED = 10_000  # remembered until their page is asked for


def job_routes(site: Site) -> APIRouter:
    """Return the routes of jobs."""
    routes = APIRouter(include_in_schema=False)
    streams: Counter[str] = Counter()

    def found(job: str) -> Job[Key, Shown]:
        there = site.jobs.under_way(job, visitor_now().name)
        if there is None:
            raise NothingHereError(Fault("job_gone", "job", got=job))
        return there

    @routes.get("/jobs/{job}/events")
    async def events(job: str) -> Response:
        watched, visitor = found(job), visitor_now().name
        if streams[visitor] >= _STREAMS:
            raise TooManyError(Fault("jobs_of_one", "streams", most=_STREAMS, hint="wait_or_cancel"))

        async def stream() -> AsyncIterator[str]:
            streams[visitor] += 1
            try:
                async for part in progress_of(watched):
                    yield part
            finally:
                streams[visitor] -= 1
                if not streams[visitor]:
                    del streams[visitor]

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(stream(), headers=headers, media_type="text/event-stream")

    @routes.post("/jobs/{job}/start")
    async def start(request: Request, job: str) -> Response:
        form = await form_of(request, site.passes)
        back = field_in(form, "back")
        site.started[visitor_now().name, job] = None
        if len(site.started) > _STARTED:  # of work whose page was never asked for
            del site.started[next(iter(site.started))]
        return RedirectResponse(back if is_local(back) else "/", 303)

    @routes.post("/jobs/{job}/cancel")
    async def cancel(request: Request, job: str) -> Response:
        form = await form_of(request, site.passes)
        visitor = visitor_now().name
        there = site.jobs.under_way(job, visitor)
        stopped = there is not None and site.jobs.cancel(there, visitor)
        back = field_in(form, "back")
        values: dict[str, Any] = {"back": back if is_local(back) else "/", "stopped": stopped}
        return site.page(request, "cancelled.html.j2", **values)

    return routes


async def progress_of(job: Job[Key, Shown]) -> AsyncIterator[str]:
    """Yield how far a job is as server-sent events.

    They are ``progress`` whenever it moves, and at the end ``done``, ``failed`` or ``cancelled``. A reader then asks
    for the page's own address again, which has the result or says what went wrong.
    """
    last, quiet = "", 0.0
    yield "retry: 2000\n\n"
    while not job.ended and not job.cancelled:
        told = json.dumps({"stage": job.stage, "done": job.done, "total": job.total})
        if told != last:
            last, quiet = told, 0.0
            yield f"event: progress\ndata: {told}\n\n"
        elif quiet >= _ALIVE:
            quiet = 0.0
            yield ": still at it\n\n"
        await asyncio.sleep(_LOOK)
        quiet += _LOOK
    end = "cancelled" if job.cancelled else "failed" if job.error is not None else "done"
    yield f"event: {end}\ndata: {{}}\n\n"


def is_local(address: str) -> bool:
    """Return whether an address is one of this server, as a path and what follows it.

    Examples
    --------
    >>> is_local("/case/us-iran/ask?q=war"), is_local("//evil.example"), is_local("javascript:alert(1)")
    (True, False, False)
    """
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
