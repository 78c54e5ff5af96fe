"""What every route needs: the cases, the jobs, the visitors, the templates, and how an answer is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from detente.argument.argument import Argument
from detente.base.clock import stopwatch
from detente.base.errors import Fault
from detente.base.progress import Progress
from detente.base.store import Store, store_of
from detente.base.workers import Workers
from detente.lab.case import Case
from detente.report.languages.argument_texts import argument_texts, written_in
from detente.report.languages.language import ENGLISH, LANGUAGES, _, for_later, language, own
from detente.report.languages.readers import for_visitors
from detente.report.pages.environment import environment, finished
from detente.report.text.actors import named, spelled
from detente.report.text.first_line import caution_text
from detente.web.costs import MOST, Costs
from detente.web.jobs import CancelledJobError, Job, Jobs, job_name
from detente.web.kept import KeptPages
from detente.web.languages import addresses_in_languages, prefix_of
from detente.web.refusals import CostlyError
from detente.web.requested import Requested
from detente.web.shelf import Shelf
from detente.web.shown import Shown, shown_of
from detente.web.static import static_addresses
from detente.web.uploads.own_cases import OwnCases
from detente.web.uploads.tasks import Task
from detente.web.visitors.password import Password
from detente.web.visitors.signing import signer_in
from detente.web.visitors.visitor import Passes, visitor_now
from detente.web.visitors.workspace import Workspaces

HERE = Path(__file__).parent
PAGES = {
    "ask": for_later("Ask"),
    "claims": for_later("Claims"),
    "levers": for_later("Levers"),
    "timeline": for_later("Timeline"),
    "futures": for_later("Futures"),
    "bargain": for_later("Bargain"),
    "door": for_later("Door"),
    "mediators": for_later("Mediators"),
    "analogues": for_later("Analogues"),
    "compare": for_later("Compare"),
    "checks": for_later("Checks"),
    "method": for_later("Method"),
}
"""The pages of a case, and what each is called in the menu."""
NOTHING: Mapping[str, Any] = {
    "value": {},
    "svgs": {},
    "case": None,
    "refresh": None,
    "faults": (),
    "token": "",
}
"""What the sheet of all pages reads where there is no case and no result."""
_SOON = "2"  # seconds after which a page under way is asked for again

Key = Requested | Task


@dataclass(frozen=True)
class Rules:
    """What the owner of a server lets its visitors do.

    Attributes
    ----------
    password : Password or None
        What visitors must know; None lets everybody in.
    secure : bool
        Whether browsers reach it over TLS, which something before it ends.
    rate, burst : float
        Requests of one visitor a second, and at once.
    each, waiting : int
        Jobs of one visitor under way, and jobs of all that wait.
    most : int
        Simulated days that a visitor may ask for at once.
    """

    password: Password | None = None
    secure: bool = False
    rate: float = 20.0
    burst: float = 60.0
    each: int = 4
    waiting: int = 8
    most: int = MOST


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
    store : Store
        Where results are kept, and the files of visitors.
    rules : Rules
    started : dict of (visitor, job)
        Long work that a visitor has started and that is not yet in the queue, the earliest first.
    """

    shelf: Shelf
    patience: float = 0.8
    workers: Workers | None = None
    store: Store = field(default_factory=partial(store_of, cache=True))
    rules: Rules = field(default_factory=Rules)
    started: dict[tuple[str, str], None] = field(default_factory=dict)

    def close(self) -> None:
        """Drop the work under way; the files of visitors too, if nothing is to be kept."""
        self.jobs.close()
        if self.store.folder is None:
            rmtree(self.folder, ignore_errors=True)

    @cached_property
    def jobs(self) -> Jobs[Key, Shown]:
        """The queue of work."""
        return Jobs(self._work, each=self.rules.each, waiting=self.rules.waiting)

    @cached_property
    def costs(self) -> Costs:
        """What work will take."""
        return Costs(self.rules.most)

    @cached_property
    def kept(self) -> KeptPages:
        """Results on disk."""
        return KeptPages(self.store)

    @cached_property
    def folder(self) -> Path:
        """Where the server keeps its secret and the files of visitors; only its user may read it."""
        if self.store.folder is None:
            return Path(mkdtemp(prefix="detente-"))
        folder = self.store.folder / "web"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return folder

    @cached_property
    def passes(self) -> Passes:
        """Who knows visitors again; another password makes all log in again."""
        signer = signer_in(self.folder)
        if self.rules.password is not None:
            signer = signer.bound(self.rules.password.digest)
        return Passes(signer, self.rules.secure)

    @cached_property
    def workspaces(self) -> Workspaces:
        """The files of visitors."""
        return Workspaces(self.folder / "visitors")

    @cached_property
    def own(self) -> OwnCases:
        """The cases that visitors made of their uploads."""
        return OwnCases(self.workspaces, self.store)

    @cached_property
    def templates(self) -> Environment:
        """The pages' templates: ours, and those of the report under names that none of ours has."""
        loader = FileSystemLoader([HERE / "templates", HERE.parent / "report" / "templates"])
        ours = environment().overlay(loader=loader)
        ours.globals = {
            **ours.globals,
            "_": _,
            "pages": PAGES,
            "languages": LANGUAGES,
            "own_title": own_title,
            "static": static_addresses(),
            "version": version("detente"),
        }
        return ours

    @property
    def names(self) -> tuple[str, ...]:
        """The cases that the visitor may see: those of the server, and its own."""
        return (*self.shelf.names, *self.own.names(visitor_now().name))

    async def case(self, name: str) -> Case:
        """Return a case of the server or of the visitor; loading it holds up no other request."""
        return await run_in_threadpool(self._load, name, visitor_now().name)

    async def find(
        self, key: Key, patience: float | None = None, *, unasked: bool = False
    ) -> Shown | Job[Key, Shown]:
        """Return what was found, now or before the server was started, or the job that looks for it.

        Parameters
        ----------
        key : Requested or Task
        patience : float, optional
            Seconds to wait for it.
        unasked : bool
            Whether to start work that takes long without asking the reader first.

        Raises
        ------
        CostlyError
            If the work takes long, and this visitor has not started it.
        DetenteError
            What the work raised; if it costs too much, or too much is under way.
        """
        visitor = visitor_now().name
        if isinstance(key, Requested):
            key = await run_in_threadpool(self.owned, key, visitor)
            if not self.jobs.held(key):
                case = await run_in_threadpool(self._load, key.case, key.owner)
                found = await run_in_threadpool(self.kept.find, case, key)
                if found is not None:
                    self.jobs.put(key, found)
                    return found
                cost, name = await run_in_threadpool(self.costs.of, case, key), job_name(key)
                if cost.long and not unasked and (visitor, name) not in self.started:
                    raise CostlyError(name, cost.seconds, cost.simulated_days)
                self.started.pop((visitor, name), None)
        return await self.jobs.result(key, self.patience if patience is None else patience, visitor)

    def owned(self, requested: Requested, visitor: str, tag: str = "") -> Requested:
        """Return what was requested in a language, that of the page if none is given.

        A case of the visitor's own also has the visitor, and what the case is now.
        """
        requested = replace(requested, language=tag or language().tag)
        name = requested.case
        if name in self.shelf.names or name not in self.own.names(visitor):
            return requested
        return replace(requested, owner=visitor, version=self.own.version(visitor, name))

    def seconds(self, key: Key) -> float | None:
        """Return the seconds that work will take, if that can be estimated."""
        if not isinstance(key, Requested):
            return None
        cost = self.costs.of(self._load(key.case, key.owner), key)
        return cost.seconds

    def _load(self, name: str, owner: str) -> Case:
        if name not in self.shelf.names and name in self.own.names(owner):
            return self.own.case(owner, name)
        return self.shelf.case(name)

    def _work(self, key: Key, tell: Progress) -> Shown:
        if isinstance(key, Task):
            return key.do(self.store, tell)
        if key.version and key != self.owned(key, key.owner, key.language):  # changed since it was asked for
            raise CancelledJobError(Fault("job_gone", "job"))
        case, elapsed = self._load(key.case, key.owner), stopwatch()
        cost = self.costs.of(case, key)
        # English is also what programs get: the same whatever texts the argument has.
        texts = None if key.language == ENGLISH.tag else case.argument
        with written_in(key.language, texts), for_visitors():
            found = shown_of(case, key, tell, self.workers)
        self.costs.note(key.study, cost.measured, elapsed())
        return self.kept.keep(case, key, found)

    def edit_address(self, name: str) -> str | None:
        """Return where a visitor edits the argument of a case, without the language; None if it is another's."""
        owner = visitor_now().name
        if name in self.shelf.names or name not in self.own.names(owner):
            return None
        return f"/new/{self.own.upload(owner, name)}/edit?name={name}"

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """Render a page; one that the browser has already is not sent again."""
        html = self.html(request, template, token=self.passes.token(visitor_now()), **values)
        return kept_or_sent(request, HTMLResponse(html, status))

    def html(self, request: Request, template: str, **values: Any) -> str:
        """Return a page in the language of its path, with the argument's own texts where it has them."""
        case = values.get("case")
        others = addresses_in_languages(address_of(request)) if request.method == "GET" else {}
        shown = {**NOTHING, "request": request, "base": prefix_of(request), "others": others, **values}
        with written_in(language().tag, None if case is None else case.argument), for_visitors():
            return finished(self.templates.get_template(template).render(shown))

    def result_page(
        self, request: Request, template: str, case: Case, found: Shown, **values: Any
    ) -> Response:
        """Render a page that shows a result."""
        pictures = {name: Markup(svg) for name, svg in found.svgs.items()}  # noqa: S704 - drawn and escaped by us
        shown = {**self.about(request, case), **found.more, **values, "value": found.value, "svgs": pictures}
        return self.page(request, template, **shown)

    def waiting_page(self, request: Request, case: Case | None, job: Job[Key, Shown]) -> Response:
        """Render how far a job is; the browser asks again by itself."""
        about = {} if case is None else self.about(request, case)
        values = {
            **about,
            "job": job,
            "refresh": _SOON,
            "back": address_of(request),
            "expected": self.seconds(job.key),
        }
        return self.page(request, "waiting.html.j2", status=202, **values)

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
            "undeclared": undeclared(case.argument),
            "edit": self.edit_address(request.path_params["case"]),
            "caution_text": caution_text,
        }


def undeclared(argument: Argument) -> tuple[str, ...]:
    """Return the pages that have nothing to show before an argument declares their block."""
    blocks = {
        "claims": argument.claims,
        "bargain": argument.bargain,
        "door": argument.door and argument.locker,
    }
    return tuple(page for page, block in blocks.items() if not block)


def own_title(argument: Argument) -> str:
    """Return the title of an argument in the language of the page; where it has none, the page says so."""
    return argument_texts(argument, language().tag).get(argument.title) or own(argument.title)


def address_of(request: Request) -> str:
    """Return the address of a request on this server, without its language."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def waiting_object(site: Site, job: Job[Key, Shown]) -> JSONResponse:
    """Return how far a job is, for a program: status 202, and when to ask again."""
    expected = site.seconds(job.key)
    told: Mapping[str, Any] = {
        "status": "under way" if job.stage else "waiting",
        "stage": job.stage or None,
        "done": job.done,
        "total": job.total,
        "job": job.id,
        "elapsed_seconds": round(job.elapsed(), 1),
        "expected_seconds": None if expected is None else round(expected, 1),
    }
    return JSONResponse(told, 202, {"retry-after": _SOON, "cache-control": "no-store"})


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
