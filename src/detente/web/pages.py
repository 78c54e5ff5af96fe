"""The routes of the pages: each reads its address, calls a use case as a job, and renders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from detente.base.errors import DetenteError
from detente.futures.levers import lever_registry
from detente.lab.case import Case, choose_events
from detente.model.mechanisms import mechanism_registry
from detente.report.text.actors import act_text
from detente.web.builder import FIELDS, UNITS, choices_of, example_of, line_of
from detente.web.jobs import Job
from detente.web.refusals import WebError, status_of, unknown
from detente.web.requested import Requested, lines_in, refuse_others, settings_in, whole
from detente.web.shown import STUDIES, Shown
from detente.web.site import PAGES, Key, Site, kept_or_sent

FILTERS = ("since", "until", "source", "target", "class")
ROWS = 100  # acts on a page
PLAIN = {"futures": "run", "bargain": "bargain", "door": "unlock", "mediators": "mediators"}
"""Pages that take nothing but the settings of their study."""
FORMS = ("ask", "whatif")  # studies whose page has a form to ask again where nothing was found
_PATIENT = 60.0  # seconds that a picture is waited for
_FRONT = 200  # futures of the picture on the first page


def page_routes(site: Site) -> APIRouter:
    """Return the routes of the pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def home(request: Request) -> Response:
        refuse_others(request.query_params, ())
        cases = [(name, await site.case(name)) for name in site.names]
        return await run_in_threadpool(site.page, request, "home.html.j2", cases=cases)

    @routes.get("/style-{digest}.css")
    async def style(request: Request, digest: str) -> Response:
        known, text = site.style
        if digest != known:
            raise unknown("style", digest, [known])
        headers = {"cache-control": "max-age=31536000, immutable"}
        return kept_or_sent(request, Response(text, media_type="text/css", headers=headers))

    @routes.get("/case/{case}")
    async def overview(request: Request, case: str) -> Response:
        refuse_others(request.query_params, ())
        loaded = await site.case(case)
        return site.page(request, "case.html.j2", **site.about(request, loaded))

    @routes.get("/case/{case}/timeline.svg")
    async def picture(request: Request, case: str) -> Response:
        found = await site.find(Requested(case, "timeline", settings=(("futures", _FRONT),)), _PATIENT)
        if isinstance(found, Job):
            return site.waiting_page(request, await site.case(case), found)
        return kept_or_sent(request, Response(found.svgs["timeline"], media_type="image/svg+xml"))

    @routes.get("/case/{case}/ask")
    async def questions(request: Request, case: str) -> Response:
        loaded, values = await site.case(case), request.query_params
        refuse_others(values, ("q", "build", *FIELDS, *STUDIES["ask"].settings))
        if "build" in values:
            more = {name: values[name] for name in STUDIES["ask"].settings if values.get(name)}
            line = line_of(values, loaded)
            return RedirectResponse(f"?{urlencode({'q': line} | more)}", 303)
        choices = await run_in_threadpool(choices_of, loaded)
        shown: dict[str, Any] = {"choices": choices, "units": UNITS, "example": example_of(loaded)}
        lines = lines_in("q", values.getlist("q"))
        return await study_page(request, case, "ask", "ask.html.j2", lines, empty=not lines, **shown)

    @routes.get("/case/{case}/claims")
    async def judged(request: Request, case: str) -> Response:
        refuse_others(request.query_params, ("only", *STUDIES["claims"].settings))
        only = lines_in("only", request.query_params.getlist("only"))
        return await study_page(request, case, "claims", "claims.html.j2", only, act_text=act_text)

    @routes.get("/case/{case}/levers")
    async def levers(request: Request, case: str) -> Response:
        values = request.query_params
        refuse_others(values, ("lever", "build", "pull", "actor", "size", "day", *STUDIES["whatif"].settings))
        pulled = lines_in("lever", values.getlist("lever"))
        if "build" in values:
            more = {name: values[name] for name in STUDIES["whatif"].settings if values.get(name)}
            lever = [*pulled, dose_line(values)]
            return RedirectResponse(f"?{urlencode({'lever': lever} | more, doseq=True)}", 303)
        known = lever_registry()
        return await study_page(
            request, case, "whatif", "levers.html.j2", pulled, empty=not pulled, levers=known
        )

    @routes.get("/case/{case}/timeline")
    async def timeline(request: Request, case: str) -> Response:
        values = request.query_params
        refuse_others(values, ("page", *FILTERS, *STUDIES["timeline"].settings))
        loaded = await site.case(case)
        page = max(1, whole("page", values.get("page") or "1"))
        acts = await run_in_threadpool(acts_of, loaded, {name: values.get(name, "") for name in FILTERS})
        kept = {name: value for name, value in values.items() if value and name != "page"}
        shown: dict[str, Any] = {
            "acts": acts[(page - 1) * ROWS : page * ROWS],
            "chosen": len(acts),
            "page": page,
        }
        shown |= {
            "pages_of_acts": max(1, -(-len(acts) // ROWS)),
            "kept": urlencode(kept),
            "choices": choices_of(loaded),
        }
        return await study_page(request, case, "timeline", "timeline.html.j2", act_text=act_text, **shown)

    @routes.get("/case/{case}/method")
    async def method(request: Request, case: str) -> Response:
        refuse_others(request.query_params, ())
        loaded = await site.case(case)
        known = mechanism_registry()
        used = [known[name] for name in loaded.argument.mechanisms if name in known]
        return site.page(request, "method.html.j2", **site.about(request, loaded), mechanisms=used)

    @routes.get("/case/{case}/{page}")
    async def plain(request: Request, case: str, page: str) -> Response:
        if page not in PLAIN:
            await site.case(case)
            raise unknown("page", page, PAGES)
        study = PLAIN[page]
        refuse_others(request.query_params, STUDIES[study].settings)
        return await study_page(request, case, study, f"{page}.html.j2")

    async def study_page(
        request: Request,
        case: str,
        study: str,
        template: str,
        lines: Sequence[str] = (),
        *,
        empty: bool = False,
        **shown: Any,
    ) -> Response:
        loaded = await site.case(case)
        shown |= {"settings": STUDIES[study].settings}
        found: Shown | Job[Key, Shown] = Shown({})
        if not empty:
            try:
                given = settings_in(request.query_params, STUDIES[study].settings)
                found = await site.find(Requested(case, study, tuple(lines), given))
            except WebError:
                raise
            except DetenteError as error:  # shown above the form, which keeps what was asked
                template = template if study in FORMS else "error.html.j2"
                shown |= {"faults": error.faults, "status": status_of(error)}
        if isinstance(found, Job):
            return site.waiting_page(request, loaded, found)
        return await run_in_threadpool(site.result_page, request, template, loaded, found, **shown)

    return routes


def acts_of(case: Case, filters: dict[str, str]) -> list[dict[str, Any]]:
    """Return the acts of a chronicle that fit every filter, latest first.

    Parameters
    ----------
    case : Case
    filters : dict of str to str
        By a name of `FILTERS`; an empty one keeps all.

    Raises
    ------
    DataError
        If a day cannot be read.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> acts = acts_of(load_case("us-iran"), {"since": "2020-01-03", "until": "2020-01-04"})
    >>> acts[0]["source"]
    'USA'
    """
    since, until = (filters.get(name) or None for name in ("since", "until"))
    rest = {name: filters[name] for name in ("source", "target") if filters.get(name)}
    chosen = choose_events(case.chronicle, since=since, until=until, **rest).events
    if filters.get("class"):
        chosen = chosen.filter(chosen["class"] == filters["class"])
    return chosen.sort("date", descending=True, maintain_order=True).to_dicts()


def dose_line(fields: Any) -> str:
    """Return the dose of a lever that the fields of the form stand for; it is checked where it is pulled.

    Examples
    --------
    >>> dose_line({"pull": "relief", "actor": "", "size": "0.33", "day": "30"})
    'relief=0.33@30'
    """
    given = {name: str(fields.get(name, "")).strip() for name in ("pull", "actor", "size", "day")}
    actor, size = (f"{mark}{given[n]}" if given[n] else "" for n, mark in (("actor", ":"), ("size", "=")))
    return f"{given['pull']}{actor}{size}@{given['day'] or 0}"
