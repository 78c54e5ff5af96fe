"""What every route needs: the cases, the jobs, the templates, and how an answer is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from detente.base.workers import Workers
from detente.lab.case import Case
from detente.report.pages.environment import environment
from detente.report.text.actors import named, spelled
from detente.report.text.first_line import caution_text
from detente.web.jobs import Job, Jobs
from detente.web.requested import Requested
from detente.web.shelf import Shelf
from detente.web.shown import Shown, shown_of
from detente.web.static import static_addresses
from detente.web.words import translated

HERE = Path(__file__).parent
PAGES = {
    "ask": "Ask",
    "claims": "Claims",
    "levers": "Levers",
    "timeline": "Timeline",
    "futures": "Futures",
    "bargain": "Bargain",
    "door": "Door",
    "mediators": "Mediators",
    "compare": "Compare",
    "checks": "Checks",
    "method": "Method",
}
"""The pages of a case, and what each is called in the menu."""
NOTHING: Mapping[str, Any] = {"value": {}, "svgs": {}, "case": None, "refresh": None, "faults": ()}
"""What the sheet of all pages reads where there is no case and no result."""
_SOON = "2"  # seconds after which a page under way is asked for again


@dataclass
class Site:
    """The cases, the jobs and how long a request waits for one.

    Attributes
    ----------
    shelf : Shelf
    patience : float
        Seconds that a page waits for its job before it shows how far that is.
    workers : Workers or None
        Processes that draw pictures.
    """

    shelf: Shelf
    patience: float = 0.8
    workers: Workers | None = None

    @cached_property
    def jobs(self) -> Jobs[Requested, Shown]:
        """The queue of work."""
        return Jobs(
            lambda requested, tell: shown_of(self.shelf.case(requested.case), requested, tell, self.workers)
        )

    @cached_property
    def templates(self) -> Environment:
        """The pages' templates; one of the report of the same name stands behind each of ours."""
        loader = FileSystemLoader([HERE / "templates", HERE.parent / "report" / "templates"])
        ours = environment().overlay(loader=loader)
        ours.globals = {
            **ours.globals,
            "_": translated,
            "pages": PAGES,
            "static": static_addresses(),
            "version": version("detente"),
        }
        return ours

    async def case(self, name: str) -> Case:
        """Return a case; loading it holds up no other request."""
        return await run_in_threadpool(self.shelf.case, name)

    async def find(
        self, requested: Requested, patience: float | None = None
    ) -> Shown | Job[Requested, Shown]:
        """Return what was found, or the job that looks for it."""
        return await self.jobs.result(requested, self.patience if patience is None else patience)

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """Render a page; one that the browser has already is not sent again."""
        html = self.templates.get_template(template).render({**NOTHING, "request": request, **values})
        return kept_or_sent(request, HTMLResponse(html, status))

    def result_page(
        self, request: Request, template: str, case: Case, found: Shown, **values: Any
    ) -> Response:
        """Render a page that shows a result."""
        pictures = {name: Markup(svg) for name, svg in found.svgs.items()}  # noqa: S704 - drawn and escaped by us
        shown = {**self.about(request, case), **found.more, **values, "value": found.value, "svgs": pictures}
        return self.page(request, template, **shown)

    def waiting_page(self, request: Request, case: Case, job: Job[Requested, Shown]) -> Response:
        """Render how far a job is; the browser asks again by itself."""
        return self.page(
            request, "waiting.html.j2", status=202, **self.about(request, case), job=job, refresh=_SOON
        )

    def about(self, request: Request, case: Case) -> dict[str, Any]:
        """Return what every page of a case reads."""
        principals = case.argument.principals or ()
        return {
            "case": case,
            "name": request.path_params["case"],
            "named": named(case),
            "spelled": spelled(case),
            "principals": principals,
            "asked": request.query_params,
            "caution_text": caution_text,
        }


def waiting_object(job: Job[Requested, Shown]) -> JSONResponse:
    """Return how far a job is, for a program: status 202, and when to ask again."""
    told = {"status": "under way" if job.stage else "waiting", "stage": job.stage or None}
    progress: Mapping[str, Any] = told | {"done": job.done, "total": job.total}
    return JSONResponse(progress, 202, {"retry-after": _SOON, "cache-control": "no-store"})


def kept_or_sent(request: Request, answer: Response) -> Response:
    """Return an answer, or 304 where the reader has it already."""
    if answer.status_code != 200:
        answer.headers["cache-control"] = "no-store"
        if answer.status_code == 202:
            answer.headers["retry-after"] = _SOON
        return answer
    tag = f'"{sha256(bytes(answer.body)).hexdigest()[:32]}"'
    answer.headers["etag"] = tag
    answer.headers.setdefault("cache-control", "no-cache")
    if tag in Headers(scope=request.scope).get("if-none-match", ""):
        kept = {name: answer.headers[name] for name in ("etag", "cache-control")}
        return Response(status_code=304, headers=kept)
    return answer
