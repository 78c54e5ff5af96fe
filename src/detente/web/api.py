"""The routes for programs: the objects that ``--json`` prints, errors as problem details, described by OpenAPI."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from detente.base.limits import SEED
from detente.web.jobs import Job
from detente.web.refusals import PROBLEM
from detente.web.requested import MOST, Requested, lines_in, refuse_others, settings_in
from detente.web.shown import STUDIES
from detente.web.site import Site, kept_or_sent, waiting_object

AsOf = Annotated[date | None, Query(description="as-of day: nothing known later is used")]
Days = Annotated[int | None, Query(ge=1, le=MOST["days"], description="days to simulate")]
Futures = Annotated[int | None, Query(ge=1, le=MOST["futures"], description="number of futures")]
Seed = Annotated[int | None, Query(ge=SEED[0], le=SEED[1], description="seed of every random number")]
_PATIENT = 10.0  # seconds that a program waits before it is told to ask again


class Problem(BaseModel):
    """An error as problem details (RFC 9457): what is wrong, the rule, what was got, and what to try."""

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    field: str | None = None
    rule: str | None = None
    got: Any = None
    faults: list[dict[str, Any]] = []


class UnderWay(BaseModel):
    """How far the work is; the same address has the result later."""

    status: str
    stage: str | None
    done: int
    total: int


class CaseHead(BaseModel):
    """A case that can be asked about."""

    case: str
    title: str
    argument: str
    principals: list[str]
    acts: int


_PROBLEM = {"model": Problem, "content": {PROBLEM: {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {"model": UnderWay, "description": "Under way: ask again after Retry-After seconds."},
    400: {**_PROBLEM, "description": "What was asked breaks a rule."},
    404: {**_PROBLEM, "description": "There is no such case."},
    422: {**_PROBLEM, "description": "The fit cannot be made, or is unstable."},
    503: {**_PROBLEM, "description": "The queue is full: ask again after Retry-After seconds."},
}


def api_routes(site: Site) -> APIRouter:
    """Return the routes for programs."""
    routes = APIRouter(prefix="/api/v1", responses=_RESPONSES)
    kind: Any = dict[str, Any]

    @routes.get("/cases", summary="The cases of this server")
    async def cases() -> list[CaseHead]:
        found = []
        for name in site.shelf.names:
            case = await site.case(name)
            about = case.argument
            head = {
                "title": about.title,
                "argument": about.argument,
                "principals": list(about.principals or ()),
            }
            found.append(CaseHead(case=name, acts=case.chronicle.acts, **head))
        return found

    @routes.get("/cases/{case}/ask", summary="Estimate the probability of dated events", response_model=kind)
    async def asked(
        request: Request,
        case: str,
        q: Annotated[list[str], Query(description="questions in the grammar; may be repeated")],
        as_of: AsOf = None,
        futures: Futures = None,
        seed: Seed = None,
    ) -> Response:
        given = {"as_of": as_of, "futures": futures, "seed": seed}
        return await answer(request, Requested(case, "ask", lines_in("q", q), settings(given)))

    @routes.get("/cases/{case}/claims", summary="Judge every claim of the argument", response_model=kind)
    async def judged(
        request: Request, case: str, as_of: AsOf = None, futures: Futures = None, seed: Seed = None
    ) -> Response:
        given = {"as_of": as_of, "futures": futures, "seed": seed}
        return await answer(request, Requested(case, "claims", settings=settings(given)))

    @routes.get("/cases/{case}/whatif", summary="The same futures with levers pulled", response_model=kind)
    async def pulled(
        request: Request,
        case: str,
        lever: Annotated[list[str], Query(description="NAME[:ACTOR][=SIZE]@DAY; may be repeated")],
        as_of: AsOf = None,
        days: Days = None,
        futures: Futures = None,
        seed: Seed = None,
    ) -> Response:
        given = {"as_of": as_of, "days": days, "futures": futures, "seed": seed}
        return await answer(request, Requested(case, "whatif", lines_in("lever", lever), settings(given)))

    @routes.get("/cases/{case}/run", summary="Fit, simulate and answer the questions", response_model=kind)
    async def ran(
        request: Request,
        case: str,
        as_of: AsOf = None,
        days: Days = None,
        futures: Futures = None,
        seed: Seed = None,
    ) -> Response:
        given = {"as_of": as_of, "days": days, "futures": futures, "seed": seed}
        return await answer(request, Requested(case, "run", settings=settings(given)))

    def settings(given: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
        return settings_in(given, tuple(given))

    async def answer(request: Request, requested: Requested) -> Response:
        refuse_others(request.query_params, ("q", "lever", *STUDIES[requested.study].settings))
        await site.case(requested.case)
        found = await site.find(requested, max(site.patience, _PATIENT))
        if isinstance(found, Job):
            return waiting_object(found)
        return kept_or_sent(request, JSONResponse(found.value))

    return routes
