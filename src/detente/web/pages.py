"""The routes of the pages: each reads its address, calls a use case as a job, and renders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from detente.argument.argument import Argument
from detente.argument.load import argument_names
from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.events.ontology.classes import scheme_of
from detente.lab.arguments import load_argument
from detente.lab.case import Case, choose_events
from detente.model.mechanisms import mechanism_registry
from detente.report.languages.marks import without_marks
from detente.report.pictures.render import PHONE
from detente.report.text.actors import act_text
from detente.studies.drafting.templates import templates_for
from detente.studies.exercise.exercise import PICKS
from detente.studies.scoring.competition import same_acts
from detente.web import doses
from detente.web.article import article_values
from detente.web.builder import FIELDS, HOW, UNITS, choices_of, example_of, fields_of, line_of
from detente.web.jobs import Job
from detente.web.live import live_text
from detente.web.refusals import WebError, status_of, unknown
from detente.web.requested import Requested, lines_in, refuse_others, settings_in, whole
from detente.web.shown import STUDIES, Shown
from detente.web.site import PAGES, Key, Site, kept_or_sent
from detente.web.static import static_files

FILTERS = ("since", "until", "source", "target", "class")
ROWS = 100  # acts on a page
PLAIN = {
    "bargain": "bargain",
    "door": "unlock",
    "mediators": "mediators",
    "analogues": "analogues",
    "checks": "diagnose",
}
"""Pages that take nothing but the settings of their study."""
FORMS = ("ask", "whatif", "compare")  # studies whose page has a form to ask again where nothing was found
_PATIENT = 60.0  # seconds that a picture is waited for
_FRONT = 200  # futures of the picture on the first page


def page_routes(site: Site) -> APIRouter:
    """Return the routes of the pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def home(request: Request) -> Response:
        refuse_others(request.query_params, ())
        cases = [(name, await site.case(name)) for name in site.names]
        return await run_in_threadpool(site.page, request, "home.html.j2", cases=cases, front=_FRONT)

    @routes.get("/static/{name}")
    async def static(request: Request, name: str) -> Response:
        files = static_files()
        if name not in files:
            raise unknown("file", name, list(files))
        headers = {"cache-control": "max-age=31536000, immutable"}
        return kept_or_sent(
            request, Response(files[name].content, media_type=files[name].media, headers=headers)
        )

    @routes.get("/case/{case}")
    async def overview(request: Request, case: str) -> Response:
        refuse_others(request.query_params, ())
        loaded = await site.case(case)
        shown = await run_in_threadpool(article_values, site, request, case, loaded)
        return site.page(request, "case.html.j2", **site.about(request, loaded), **shown)

    @routes.get("/case/{case}/{name}.svg")
    async def picture(request: Request, case: str, name: str) -> Response:
        refuse_others(request.query_params, ())
        shapes = ("timeline", f"timeline{PHONE}")
        if name not in shapes:
            raise unknown("picture", name, shapes)
        found = await site.find(Requested(case, "timeline", settings=(("futures", _FRONT),)), _PATIENT)
        if isinstance(found, Job):
            return site.waiting_page(request, await site.case(case), found)
        return kept_or_sent(request, Response(found.svgs[name], media_type="image/svg+xml"))

    @routes.get("/case/{case}/ask")
    async def questions(request: Request, case: str) -> Response:
        loaded, values = await site.case(case), request.query_params
        if (leaner := without_unread(request, "ask")) is not None:
            return RedirectResponse(leaner, 303)
        refuse_others(values, ("build", "picture", *FIELDS, *STUDIES["ask"].settings), ("q",))
        if "build" in values:
            more = {name: values[name] for name in STUDIES["ask"].settings if values.get(name)}
            line = line_of(values, loaded)
            return RedirectResponse(f"?{urlencode({'q': line} | more)}", 303)
        lines = lines_in("q", values.getlist("q"))
        shown = await run_in_threadpool(builder_of, loaded, lines[0] if lines else "")
        return await study_page(request, case, "ask", "ask.html.j2", lines, empty=not lines, **shown)

    @routes.get("/case/{case}/ask/line")
    async def line(request: Request, case: str) -> Response:
        loaded, values = await site.case(case), request.query_params
        refuse_others(values, FIELDS)
        written = await run_in_threadpool(line_of, values, loaded)
        shown = site.about(request, loaded) | {"example": example_of(loaded), "line": written}
        return site.page(request, "ask_line.html.j2", **shown)

    @routes.get("/case/{case}/ask/fields")
    async def fields(request: Request, case: str) -> Response:
        loaded, values = await site.case(case), request.query_params
        refuse_others(values, ("q",))
        shown = await run_in_threadpool(builder_of, loaded, values.get("q", ""))
        return site.page(request, "ask_fields.html.j2", **site.about(request, loaded), **shown)

    @routes.get("/case/{case}/claims")
    async def judged(request: Request, case: str) -> Response:
        if (leaner := without_unread(request, "claims")) is not None:
            return RedirectResponse(leaner, 303)
        refuse_others(request.query_params, ("picture", *STUDIES["claims"].settings), ("only",))
        only = lines_in("only", request.query_params.getlist("only"))
        return await study_page(request, case, "claims", "claims.html.j2", only, act_text=act_text)

    @routes.get("/case/{case}/levers")
    async def levers(request: Request, case: str) -> Response:
        loaded, values = await site.case(case), request.query_params
        known = STUDIES["whatif"].settings
        refuse_others(values, ("build", "picture", *doses.FIELDS, *known), ("lever",))
        if "build" in values:
            more = {name: values[name] for name in known if values.get(name)}
            pulled = await run_in_threadpool(doses.lines_of, values, loaded)
            return RedirectResponse(f"?{urlencode({'lever': pulled} | more, doseq=True)}", 303)
        lines = lines_in("lever", values.getlist("lever"))
        given = dict(settings_in(values, known))
        form = await run_in_threadpool(
            doses.lever_form, loaded, lines, as_of=given.get("as_of"), days=given.get("days")
        )
        return await study_page(request, case, "whatif", "levers.html.j2", lines, empty=not lines, form=form)

    @routes.get("/case/{case}/futures")
    async def futures(request: Request, case: str) -> Response:
        values = request.query_params
        refuse_others(values, ("story", "picture", *STUDIES["run"].settings))
        story = values.get("story", "")
        if story and story not in PICKS:
            raise ArgumentError(Fault("not_one_of", "story", got=story, choices=PICKS))
        lines = [story] if story else []
        return await study_page(request, case, "run", "futures.html.j2", lines, picks=PICKS, story_of=story)

    @routes.get("/case/{case}/compare")
    async def compared(request: Request, case: str) -> Response:
        values = request.query_params
        if (leaner := without_unread(request, "compare")) is not None:
            return RedirectResponse(leaner, 303)
        refuse_others(values, ("picture", *STUDIES["compare"].settings), ("other",))
        loaded = await site.case(case)
        rivals = await run_in_threadpool(rival_arguments, site, case, loaded)
        others = lines_in("other", values.getlist("other"))
        for other in others:
            if other not in rivals:
                raise unknown("other", other, list(rivals))
        files = [rivals[other].file for other in others]
        argued = {loaded.argument.argument: loaded.argument} | {
            name: r.argument for name, r in rivals.items()
        }
        return await study_page(
            request,
            case,
            "compare",
            "compare.html.j2",
            files,
            empty=not files,
            rivals=list(rivals),
            argued=argued,
        )

    @routes.get("/case/{case}/timeline")
    async def timeline(request: Request, case: str) -> Response:
        values = request.query_params
        refuse_others(values, ("page", "picture", *FILTERS, *STUDIES["timeline"].settings))
        loaded = await site.case(case)
        page = max(1, whole("page", values.get("page") or "1"))
        acts = await run_in_threadpool(acts_of, loaded, {name: values.get(name, "") for name in FILTERS})
        kept = {name: value for name, value in values.items() if value and name not in ("page", "picture")}
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
        if (leaner := without_unread(request, study)) is not None:
            return RedirectResponse(leaner, 303)
        refuse_others(request.query_params, ("picture", *STUDIES[study].settings))
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
        wanted = request.query_params.get("picture")
        found: Shown | Job[Key, Shown] = Shown({})
        if not empty:
            try:
                given = settings_in(request.query_params, STUDIES[study].settings)
                found = await site.find(Requested(case, study, tuple(lines), given))
                if wanted is not None and isinstance(found, Shown):
                    return live_picture(request, found, wanted)
            except WebError:
                raise
            except DetenteError as error:  # shown above the form, which keeps what was asked
                shown |= {"faults": error.faults, "status": status_of(error)}
                if study not in FORMS:
                    template = "cannot.html.j2"
                    shown |= {"snippet": await run_in_threadpool(snippet_for, study, loaded)}
        if isinstance(found, Job):
            return site.waiting_page(request, loaded, found)
        return await run_in_threadpool(site.result_page, request, template, loaded, found, **shown)

    return routes


def without_unread(request: Request, study: str) -> str | None:
    """Return the address without settings of a run that a study has no use for; None if it has none of them.

    A reader who goes from page to page may bring them along; any other name is refused, as it may be misspelt.
    """
    unread = {*STUDIES["run"].settings} - {*STUDIES[study].settings}
    left = [(name, value) for name, value in request.query_params.multi_items() if name not in unread]
    if len(left) == len(request.query_params.multi_items()):
        return None
    return request.url.path.rpartition("/")[2] + (f"?{urlencode(left)}" if left else "")


def snippet_for(study: str, case: Case) -> str:
    """Return the template of the block that a study needs and an argument lacks; empty if it lacks none."""
    argument = case.argument
    lacks = {
        "bargain": argument.bargain is None,
        "unlock": argument.door is None or argument.locker is None,
        "claims": not argument.claims,
    }
    if argument.principals is None or not lacks.get(study):
        return ""
    if study == "unlock" and scheme_of(case.chronicle.scheme).joint_class is None:
        return ""  # no door could be tested on these events
    return templates_for(argument, ["door" if study == "unlock" else study])


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


def live_picture(request: Request, found: Shown, name: str) -> Response:
    """Return a picture of a result as Vega-Lite, for a browser that draws it again.

    Raises
    ------
    NothingHereError
        If the result has no such picture.
    """
    if name not in found.texts:
        raise unknown("picture", name, list(found.texts))
    text = without_marks(live_text(found.texts[name]))
    return kept_or_sent(request, Response(text, media_type="application/vnd.vegalite.v6+json"))


def builder_of(case: Case, line: str) -> dict[str, Any]:
    """Return what the question builder shows beside a line: its choices, and the fields that say the same.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> builder_of(load_case("us-iran"), "talks within 12m")["fields"]["within"]
    '12'
    """
    shown = {
        "choices": choices_of(case),
        "units": UNITS,
        "how": HOW,
        "example": example_of(case),
        "line": line,
    }
    found = fields_of(line or example_of(case), case)
    return shown | {"fields": found or fields_of(example_of(case), case), "said": found is not None}


@dataclass(frozen=True, slots=True)
class RivalArgument:
    """An argument that a case can be compared with, and the name or file that it is loaded from."""

    file: str
    argument: Argument


def rival_arguments(site: Site, name: str, case: Case) -> dict[str, RivalArgument]:
    """Return the arguments that a case can be compared with, by name.

    They are about the same acts of the same two principals; those of the library and those of other cases here.
    """
    found: dict[str, RivalArgument] = {}
    for one in argument_names(case.rivalry):
        try:
            about = load_argument(one, case.rivalry, case.limits)
        except DetenteError:  # not an argument by itself
            continue
        if about.principals is None and case.argument.principals is not None:
            about = about.between(*case.argument.principals)
        alike = about.principals == case.argument.principals and about.argument != case.argument.argument
        if alike and same_acts(case, about):
            found[about.argument] = RivalArgument(one, about)
    for other in site.shelf.names:
        about = site.shelf.case(other).argument
        alike = about.principals == case.argument.principals and about.argument != case.argument.argument
        if other != name and alike and about.files and same_acts(case, about):
            found.setdefault(about.argument, RivalArgument(str(about.files[0]), about))
    return found
