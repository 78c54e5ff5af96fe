"""The article of a case as part of a page: at once, with the verdicts of claims where they were computed before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request

from detente.lab.case import Case
from detente.report.languages.language import LANGUAGES, language
from detente.report.pages.article import article_context, lead_picture
from detente.report.pages.article_addresses import Addresses
from detente.report.pages.article_margin import add_verdicts
from detente.report.pages.environment import environment
from detente.studies.article import article_on
from detente.web.languages import addresses_in_languages, prefix_of
from detente.web.requested import Requested
from detente.web.site import Site
from detente.web.visitors.visitor import visitor_now


def article_values(site: Site, request: Request, name: str, case: Case) -> dict[str, Any]:
    """Return what the first page of a case reads of its article: the body as HTML, and what the head says of it."""
    from markupsafe import Markup

    article = article_on(case, computed=False)
    pages = addresses_in_languages(request.url.path)
    others = _arguments(site, prefix_of(request))
    found = article_context(article, Addresses(pages, of_argument=others, linked_only=True))
    found["unjudged"] = not add_verdicts(found, article, kept_claims(site, name, case))
    like = site.kept.find(case, site.owned(Requested(name, "analogues"), visitor_now().name, language().tag))
    found["unlike"] = like is None
    if like is not None:
        found["related"] = [*like.more["related"], *found["related"]]
    picture = Markup(lead_picture(article))  # noqa: S704 - drawn and escaped by us
    body = environment().get_template("article_body.html.j2").render(svgs={"lead": picture}, **found)
    return {"article": found, "body": Markup(body)}  # noqa: S704 - escaped by its template


def kept_claims(site: Site, name: str, case: Case) -> list[dict[str, Any]]:
    """Return the claims of a case as they were judged before, in whatever language; none if they were not."""
    for tag in LANGUAGES:
        wanted = site.owned(Requested(name, "claims"), visitor_now().name, tag)
        found = site.kept.find(case, wanted)
        if found is not None:
            return list(found.value["claims"])
    return []


def _arguments(site: Site, base: str) -> Any:
    """Return what finds the address of another argument's page: of a case of this server that is about it."""

    def pages() -> Iterable[tuple[tuple[str | None, str], str]]:
        for name in site.shelf.names:
            case = site.shelf.case(name)
            yield (case.rivalry, case.argument.argument), f"{base}/case/{name}"

    known = dict(pages())
    return lambda rivalry, argument: known.get((rivalry, argument))
