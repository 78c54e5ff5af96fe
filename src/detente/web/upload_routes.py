"""The routes of bringing one's own events: upload, what was read, actors, a draft, its text, and ranked pairs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.events.importing.import_options import DAY_ORDERS
from detente.events.importing.registry import layout_registry
from detente.events.ontology.actions import CODEBOOKS
from detente.lab.settings import day_given
from detente.report.text.first_line import add_to_cautions
from detente.report.text.world import handful_text
from detente.studies.drafting.templates import BLOCKS
from detente.web.jobs import Job
from detente.web.refusals import ForgedError, WebError, status_of, unknown
from detente.web.requested import refuse_others, whole
from detente.web.shown import Shown
from detente.web.site import Key, Site
from detente.web.uploads.own_arguments import NAME
from detente.web.uploads.tasks import DraftTask, ImportTask, RankTask, Task
from detente.web.uploads.uploaded import OPTIONS, UPLOADS, Upload, keep_upload
from detente.web.visitors.forms import field_in, form_of
from detente.web.visitors.visitor import visitor_now

_MOST_PAIRS = 1000
_SHOWN_PAIRS = 300
_AROUND = 2  # lines shown before and after one with a fault


def upload_routes(site: Site) -> APIRouter:
    """Return the routes of uploads."""
    routes = APIRouter(include_in_schema=False)
    one_by_one = Lock()

    def folder(upload: str) -> Path:
        space = site.workspaces.of(visitor_now())
        known = [path.name for path in space.all_of(UPLOADS) if (path / "upload.json").is_file()]
        if upload not in known:
            raise unknown("upload", upload, known)
        space.seen()
        return space.place(UPLOADS, upload)

    @routes.get("/new")
    async def begin(request: Request) -> Response:
        refuse_others(request.query_params, ())
        return await run_in_threadpool(begin_page, request)

    @routes.post("/new")
    async def bring(request: Request) -> Response:
        form, more = await form_of(request, site.passes), dict[str, Any]()
        said = {name: field_in(form, name) for name in OPTIONS}
        try:
            files = [(file.filename or "", file.file) for file in uploaded_files(form)]
            length = int(request.headers.get("content-length", "0"))
            kept = await run_in_threadpool(keep, files, said, length)
        except DetenteError as error:
            more = {"faults": error.faults, "status": status_of(error), "given": said}
            return await run_in_threadpool(lambda: begin_page(request, **more))
        finally:
            await form.close()
        try:
            await site.find(
                ImportTask(kept.folder)
            )  # what takes longer than a page waits shows its faults there
        except WebError:
            pass  # the next page asks for it again
        except DetenteError as error:
            await run_in_threadpool(shutil.rmtree, kept.folder, ignore_errors=True)
            more = {"faults": error.faults, "status": status_of(error), "given": said}
            return await run_in_threadpool(lambda: begin_page(request, **more))
        next_ = "world" if field_in(form, "next") == "world" else "new"
        return RedirectResponse(f"/{next_}/{kept.name}", 303)

    def keep(files: Sequence[tuple[str, Any]], said: dict[str, str], length: int) -> Upload:
        with one_by_one:  # else many at once find room for each of them
            site.workspaces.room(length)
            place = site.workspaces.of(visitor_now()).new(UPLOADS, length)
            try:
                return keep_upload(place, files, said)
            except DetenteError:
                shutil.rmtree(place, ignore_errors=True)
                raise

    def begin_page(request: Request, **more: Any) -> Response:
        space = site.workspaces.of(visitor_now())
        values: dict[str, Any] = {
            "uploads": [Upload(path) for path in space.all_of(UPLOADS) if (path / "upload.json").is_file()],
            "own": own_cases(),
            "formats": layout_registry(),
            "codebooks": CODEBOOKS,
            "orders": DAY_ORDERS,
            "used": space.bytes,
            "most": space.most,
            "locked": site.rules.password is not None,
        }
        return site.page(request, "new.html.j2", **values, **more)

    def own_cases() -> list[dict[str, str]]:
        owner = visitor_now().name
        return [{"name": name, "upload": site.own.upload(owner, name)} for name in site.own.names(owner)]

    @routes.get("/new/{upload}")
    async def read(request: Request, upload: str) -> Response:
        refuse_others(request.query_params, ())
        found = await site.find(ImportTask(folder(upload)))
        if isinstance(found, Job):
            return site.waiting_page(request, None, found)
        shown = {"upload": Upload(folder(upload)), "blocks": BLOCKS, **found.more}
        return await run_in_threadpool(lambda: site.page(request, "read.html.j2", value=found.value, **shown))

    @routes.get("/new/{upload}/draft")
    async def draft(request: Request, upload: str) -> Response:
        values = request.query_params
        refuse_others(values, ("one", "other", "as_of"), ("with",))
        place = folder(upload)
        if isinstance(waits := await ready(request, place), Response):
            return waits
        for name in ("one", "other"):
            if not values.get(name):
                raise ArgumentError(Fault("required", name))
        day = day_given("as_of", values.get("as_of") or None)
        task = DraftTask(place, values["one"], values["other"], day, tuple(values.getlist("with")))
        found = await site.find(task)
        if isinstance(found, Job):
            return site.waiting_page(request, None, found)
        name = "-".join([values["one"], values["other"]]).lower()
        return edit_page(
            request, upload, found.value["text"], "".join(c if c.isalnum() else "-" for c in name)
        )

    @routes.get("/new/{upload}/edit")
    async def edit(request: Request, upload: str) -> Response:
        refuse_others(request.query_params, ("name",))
        folder(upload)
        name = request.query_params.get("name", "")
        return edit_page(request, upload, site.own.text(visitor_now().name, name), name)

    @routes.get("/case/{case}/files.zip")
    async def files(request: Request, case: str) -> Response:
        refuse_others(request.query_params, ())
        content = await run_in_threadpool(site.own.packed, visitor_now().name, case)
        headers = {"content-disposition": f'attachment; filename="{case}.zip"', "cache-control": "no-store"}
        return Response(content, media_type="application/zip", headers=headers)

    @routes.post("/new/{upload}/argument")
    async def argument(request: Request, upload: str) -> Response:
        form = await form_of(request, site.passes)
        place, text, name = folder(upload), field_in(form, "text"), field_in(form, "name")
        text = text.replace("\r\n", "\n") + "\n"
        try:
            if name in site.shelf.names:
                raise ArgumentError(Fault("of_a_case_here", "name", got=name))
            await run_in_threadpool(site.own.add, visitor_now().name, name, text, Upload(place))
        except ForgedError:
            raise
        except DetenteError as error:
            shown: dict[str, Any] = {"faults": error.faults, "around": lines_around(text, error)}
            return edit_page(request, upload, text, name, status=status_of(error), **shown)
        return RedirectResponse(f"/case/{name}", 303)

    @routes.post("/new/{upload}/remove")
    async def remove(request: Request, upload: str) -> Response:
        await form_of(request, site.passes)
        place = folder(upload)
        await run_in_threadpool(site.own.remove_of, visitor_now().name, upload)
        await run_in_threadpool(shutil.rmtree, place, ignore_errors=True)
        return RedirectResponse("/new", 303)

    def edit_page(request: Request, upload: str, text: str, name: str, **more: Any) -> Response:
        shown: dict[str, Any] = {"upload": upload, "text": text, "of": name, "around": (), **more}
        return site.page(request, "edit.html.j2", **shown)

    async def ready(request: Request, place: Path) -> Shown | Response:
        """Return what was read of an upload, or the page that says how far that is."""
        found: Shown | Job[Key, Shown] = await site.find(ImportTask(place))
        return site.waiting_page(request, None, found) if isinstance(found, Job) else found

    @routes.get("/world")
    async def worlds(request: Request) -> Response:
        refuse_others(request.query_params, ())
        space = site.workspaces.of(visitor_now())
        uploads = [Upload(path) for path in space.all_of(UPLOADS) if (path / "upload.json").is_file()]
        return site.page(request, "worlds.html.j2", uploads=uploads, formats=layout_registry())

    @routes.get("/world/{upload}")
    async def world(request: Request, upload: str) -> Response:
        from detente.studies.world.world import HOSTILE_DAYS

        values = request.query_params
        refuse_others(values, ("pairs", "as_of", "states"))
        place = folder(upload)
        if isinstance(waits := await ready(request, place), Response):
            return waits
        pairs = whole("pairs", values.get("pairs") or "200")
        if not 1 <= pairs <= _MOST_PAIRS:
            raise ArgumentError(Fault("out_of_range", "pairs", got=pairs, low=1, high=_MOST_PAIRS))
        day = day_given("as_of", values.get("as_of") or None)
        task: Task = RankTask(place, pairs, day, bool(values.get("states")))
        found = await site.find(task)
        if isinstance(found, Job):
            return site.waiting_page(request, None, found)
        rows = found.value["rates"][:_SHOWN_PAIRS]
        shown = {"upload": Upload(place), "asked": values, "rows": rows, "hostile_days": HOSTILE_DAYS}
        shown["handful"] = handful_text(rows)
        cautions = [dict(caution) for caution in found.value.get("cautions", ())]
        add_to_cautions(value := found.value | {"cautions": cautions})  # in the language of this page
        return await run_in_threadpool(lambda: site.page(request, "ranked.html.j2", value=value, **shown))

    return routes


def uploaded_files(form: FormData) -> list[UploadFile]:
    """Return the files of a form; a field without a file is left out."""
    return [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]


def lines_around(text: str, error: DetenteError) -> list[dict[str, Any]]:
    r"""Return the lines of an argument around each fault, with their numbers.

    Examples
    --------
    >>> error = ArgumentError(Fault("required", "title", where="argument.yaml:2"))
    >>> [(line["number"], line["faulty"]) for line in lines_around("a: 1\nb: 2\n", error)]
    [(1, False), (2, True)]
    """
    wrong = {number for fault in error.faults if (number := _line_of(fault.where))}
    lines = text.splitlines()
    shown = {n for at in wrong for n in range(at - _AROUND, at + _AROUND + 1) if 1 <= n <= len(lines)}
    return [{"number": n, "text": lines[n - 1], "faulty": n in wrong} for n in sorted(shown)]


def _line_of(where: str | None) -> int | None:
    found = re.search(rf"\b{re.escape(NAME)}:([0-9]+)$", where or "")
    return int(found[1]) if found else None
