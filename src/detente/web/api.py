"""The routes for programs: the objects that ``--json`` prints, errors as problem details, described by OpenAPI."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from detente.base.limits import DAYS, FUTURES, SEED
from detente.web.jobs import Job
from detente.web.pages import rival_arguments
from detente.web.refusals import PROBLEM, unknown
from detente.web.requested import Requested, lines_in, refuse_others, settings_in
from detente.web.shown import STUDIES
from detente.web.site import Site, kept_or_sent, waiting_object

AsOf = Annotated[date | None, Query(description="as-of day: nothing known later is used")]
Days = Annotated[int | None, Query(ge=DAYS[0], le=DAYS[1], description="days to simulate")]
Futures = Annotated[int | None, Query(ge=FUTURES[0], le=FUTURES[1], description="number of futures")]
Seed = Annotated[int | None, Query(ge=SEED[0], le=SEED[1], description="seed of every random number")]
Settings = tuple[tuple[str, Any], ...]


async def _fitted(as_of: AsOf = None, seed: Seed = None) -> Settings:
    return _given(as_of=as_of, seed=seed)


async def _sampled(as_of: AsOf = None, futures: Futures = None, seed: Seed = None) -> Settings:
    return _given(as_of=as_of, futures=futures, seed=seed)


async def _simulated(
    as_of: AsOf = None, days: Days = None, futures: Futures = None, seed: Seed = None
) -> Settings:
    return _given(as_of=as_of, days=days, futures=futures, seed=seed)


def _given(**values: Any) -> Settings:
    return settings_in(values, tuple(values))


Fitted = Annotated[Settings, Depends(_fitted)]
Sampled = Annotated[Settings, Depends(_sampled)]
Simulated = Annotated[Settings, Depends(_simulated)]
_PLAIN = {
    "bargain": "Which demands leave no deal that both sides prefer",
    "unlock": "Whether third parties can restart talks, or the side that ended them must move first",
    "diagnose": "Whether the fit agrees with what happened",
    "mediators": "Third parties ranked by their ties and their record of mediation",
}
"""Studies that take a day and a seed only."""
_ASKED = {"ask": ("q",), "whatif": ("lever",), "compare": ("other",)}
"""What else than settings an address of a study takes."""
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
    job: str
    elapsed_seconds: float
    expected_seconds: float | None


class CaseHead(BaseModel):
    """A case that can be asked about."""

    case: str
    title: str
    argument: str
    principals: list[str]
    acts: int


_PROBLEM = {"model": Problem}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {"model": UnderWay, "description": "Under way: ask again after Retry-After seconds."},
    400: {**_PROBLEM, "description": "What was asked breaks a rule."},
    401: {**_PROBLEM, "description": "This server has a password: log in first."},
    403: {**_PROBLEM, "description": "The request came for another host, or from another site."},
    404: {**_PROBLEM, "description": "There is no such case."},
    405: {**_PROBLEM, "description": "Programs can only read."},
    409: {**_PROBLEM, "description": "The work was cancelled by who had asked for it."},
    413: {**_PROBLEM, "description": "No body is taken."},
    422: {**_PROBLEM, "description": "The fit cannot be made, or is unstable."},
    429: {
        **_PROBLEM,
        "description": "Too many requests, or too many jobs: ask again after Retry-After seconds.",
    },
    503: {**_PROBLEM, "description": "The queue is full: ask again after Retry-After seconds."},
}


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the description of the API in which problems have the media type with which they are sent."""
    for path in schema["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status >= "400" and "application/json" in answer.get("content", {}):
                    answer["content"][PROBLEM] = answer["content"].pop("application/json")
    return schema


def api_routes(site: Site) -> APIRouter:
    """Return the routes for programs."""
    routes = APIRouter(prefix="/api/v1", responses=_RESPONSES)
    kind: Any = dict[str, Any]

    @routes.get("/cases", summary="The cases of this server")
    async def cases(request: Request) -> list[CaseHead]:
        refuse_others(request.query_params, ())
        found = []
        for name in site.names:
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
        given: Sampled,
    ) -> Response:
        return await answer(request, Requested(case, "ask", lines_in("q", q), given))

    @routes.get("/cases/{case}/claims", summary="Judge every claim of the argument", response_model=kind)
    async def judged(request: Request, case: str, given: Sampled) -> Response:
        return await answer(request, Requested(case, "claims", settings=given))

    @routes.get("/cases/{case}/whatif", summary="The same futures with levers pulled", response_model=kind)
    async def pulled(
        request: Request,
        case: str,
        lever: Annotated[list[str], Query(description="NAME[:ACTOR][=SIZE]@DAY; may be repeated")],
        given: Simulated,
    ) -> Response:
        return await answer(request, Requested(case, "whatif", lines_in("lever", lever), given))

    @routes.get("/cases/{case}/run", summary="Fit, simulate and answer the questions", response_model=kind)
    async def ran(request: Request, case: str, given: Simulated) -> Response:
        return await answer(request, Requested(case, "run", settings=given))

    @routes.get(
        "/cases/{case}/compare",
        summary="The case beside rival arguments on the same events",
        response_model=kind,
    )
    async def compared(
        request: Request,
        case: str,
        other: Annotated[list[str], Query(description="names of rival arguments; may be repeated")],
        given: Sampled,
    ) -> Response:
        rivals = await run_in_threadpool(rival_arguments, site, case, await site.case(case))
        for name in (names := lines_in("other", other)):
            if name not in rivals:
                raise unknown("other", name, list(rivals))
        files = tuple(rivals[name].file for name in names)
        return await answer(request, Requested(case, "compare", files, given))

    @routes.get(
        "/cases/{case}/report", summary="Everything the report says, as one object", response_model=kind
    )
    async def reported(request: Request, case: str, given: Simulated) -> Response:
        return await answer(request, Requested(case, "report", settings=given))

    def plain_route(study: str, says: str) -> None:
        @routes.get(f"/cases/{{case}}/{study}", summary=says, response_model=kind, name=study)
        async def plain(request: Request, case: str, given: Fitted) -> Response:
            return await answer(request, Requested(case, study, settings=given))

    for study, says in _PLAIN.items():
        plain_route(study, says)

    async def answer(request: Request, requested: Requested) -> Response:
        asked = _ASKED.get(requested.study, ())
        refuse_others(request.query_params, STUDIES[requested.study].settings, asked)
        await site.case(requested.case)
        found = await site.find(requested, max(site.patience, _PATIENT), unasked=True)
        if isinstance(found, Job):
            return await run_in_threadpool(waiting_object, site, found)
        return kept_or_sent(request, JSONResponse(found.value))

    return routes
