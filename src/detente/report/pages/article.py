"""The article page: an argument paragraph by paragraph, with the claims of each in its margin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.argument.texts import TextIn
from detente.base.outputs import write_outputs
from detente.report.languages.formats import day_text
from detente.report.languages.language import LANGUAGES, _, in_language, language
from detente.report.languages.marks import without_marks
from detente.report.pages.article_addresses import PAGES, Addresses
from detente.report.pages.article_legend import verdicts_explained
from detente.report.pages.article_margin import (
    actor_name,
    claim_in_margin,
    paragraph_of,
    said_in_language,
    text_shown,
)
from detente.report.pages.article_related import related_groups
from detente.report.pages.environment import page_of
from detente.report.pictures.years import COLOURS, years_svg
from detente.report.text.as_json import json_file, to_json
from detente.report.text.first_line import first_lines

if TYPE_CHECKING:
    from detente.base.progress import Progress
    from detente.studies.article import Article, YearOfActs

NAMES_OF_FILES = ("article.json", "lead.svg", "lead.png", *PAGES.values())
"""The files of a written article, in the order in which they are made."""
_LOCALES = {"en": "en_GB", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}  # as Open Graph names them


def write_article(
    article: Article,
    out: str | Path,
    progress: Progress | None = None,
    *,
    base_url: str | None = None,
    force: bool = False,
) -> Path:
    """Write the pages of an article in three languages, its lead picture and its numbers: all of it or nothing.

    Parameters
    ----------
    article : Article
    out : path
        A folder, made if it does not exist.
    progress : callable, optional
        Called with ("report", files made, files in all).
    base_url : str, optional
        Where the folder will be published; links for other languages are then full addresses.
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Returns
    -------
    Path
        The English page, from which the others are linked.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    write_outputs(
        _contents(article, Addresses(base_url=base_url)),
        NAMES_OF_FILES,
        Path(out),
        inputs=article.case.inputs,
        force=force,
        progress=progress,
    )
    return Path(out) / PAGES["en"]


def _contents(article: Article, addresses: Addresses) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.convert import drawn_png

    yield "article.json", json_file(to_json(article))
    svg = lead_picture(article, fixed=True)
    yield "lead.svg", svg.encode()
    yield "lead.png", drawn_png(svg)
    for tag, name in addresses.pages.items():
        yield name, render_article(article, tag, addresses).encode()


def render_article(article: Article, tag: str = "en", addresses: Addresses | None = None) -> str:
    """Return the page of an article as HTML that needs no network.

    Parameters
    ----------
    article : Article
    tag : {"en", "zh-Hans", "zh-Hant"}
        The language.
    addresses : Addresses, optional
        By default those of the files that `write_article` writes.
    """
    with in_language(tag):
        svgs = {"lead": lead_picture(article)}
        return page_of("article.html.j2", svgs, **article_context(article, addresses))


def article_context(article: Article, addresses: Addresses | None = None) -> dict[str, Any]:
    """Return what ``article.html.j2`` and ``article_body.html.j2`` read beside the lead picture."""
    addresses = addresses or Addresses()
    argument, block, tag = article.argument, article.block, language().tag
    paragraphs = [paragraph_of(article, i) for i in range(len(article.paragraphs))]
    further = [claim_in_margin(article, claim.id) for claim in article.further]
    return {
        "languages": LANGUAGES,
        "pages": addresses.pages,
        "full": addresses.full,
        "based": addresses.base_url is not None,
        "locale": _LOCALES[tag],
        "version": version("detente"),
        "digest": article.case.known(article.as_of).digest,
        "title": text_shown(article, "title"),
        "summary": said_in_language(argument, "summary"),
        "category": said_in_language(argument, "article", "category"),
        "author": said_in_language(argument, "article", "author"),
        "trust": said_in_language(argument, "article", "trust"),
        "cautions": first_lines(article.cautions).splitlines(),
        "source": argument.source,
        "original": argument.language,
        "written": block and block.written,
        "as_of": article.as_of,
        "day": day_text,
        "lead_title": _lead_title(article),
        "later": article.case.chronicle.window.end > article.as_of,
        "grey": not all(year.covered for year in article.years),
        "most": max((max(y.force + y.hostile, y.friendly) for y in article.years), default=0),
        "colours": COLOURS,
        "paragraphs": paragraphs,
        "further": further,
        "legend": verdicts_explained([*(claim for p in paragraphs for claim in p["claims"]), *further]),
        "judged": article.claims is not None,
        "questions": []
        if block
        else [said_in_language(argument, "questions", q.id) for q in argument.questions],
        "related": related_groups(article, addresses),
        "data": _linked_data(article, addresses),
    }


def lead_picture(article: Article, *, fixed: bool = False) -> str:
    """Return the lead picture as SVG: acts between the principals, year by year; see `years_svg`."""

    def said(year: YearOfActs) -> str:
        if not year.covered:
            return _("{year}: not covered").format(year=year.year)
        return _("{year}: {force} of force, {hostile} other hostile, {friendly} friendly").format(
            year=year.year, force=year.force, hostile=year.hostile, friendly=year.friendly
        )

    return years_svg(article.years, article.as_of, title=_lead_title(article), said=said, fixed=fixed)


def _lead_title(article: Article) -> str:
    one, other = (actor_name(article, code) for code in article.argument.principals or ("", ""))
    return _("{one} and {other}: their acts on each other, year by year").format(one=one, other=other)


def _linked_data(article: Article, addresses: Addresses) -> str:
    """Return the page's description for programs, as JSON-LD that is safe inside HTML."""
    argument, chronicle, tag = article.argument, article.case.chronicle, language().tag
    title, summary = text_shown(article, "title"), said_in_language(argument, "summary")
    last = chronicle.window.last
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": title.text,
        "inLanguage": tag,
        "isAccessibleForFree": True,
        "creator": {"@type": "SoftwareApplication", "name": f"detente {version('detente')}"},
    }
    optional = {
        "abstract": summary and summary.text,
        "articleSection": _text(said_in_language(argument, "article", "category")),
        "url": addresses.full(addresses.pages[tag]) if addresses.base_url else None,
        "image": addresses.full("lead.png") if addresses.base_url else None,
        "creditText": _text(said_in_language(argument, "article", "author")),
    }
    based = [{"@type": "CreativeWork", "name": argument.source}] if argument.source else []
    if based and article.block and article.block.written:
        based[0]["datePublished"] = article.block.written.isoformat()
    data = {
        "@type": "Dataset",
        "name": f"{article.case.name}: acts",
        "description": without_marks(_lead_title(article)),
        "identifier": chronicle.digest,
        "temporalCoverage": f"{chronicle.window.start.isoformat()}/{last.isoformat()}",
        "measurementTechnique": f"{chronicle.acts} dated acts",
    }
    found = about | {name: value for name, value in optional.items() if value} | {"isBasedOn": [*based, data]}
    return json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")


def _text(found: TextIn | None) -> str | None:
    return None if found is None else found.text
