"""The article page: an argument told paragraph by paragraph, with the claims of each in its margin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.argument.texts import TextIn, text_in
from detente.base.outputs import write_outputs
from detente.report.languages.language import in_language
from detente.report.pages.article_addresses import PAGES, Addresses
from detente.report.pages.article_margin import actor_name, claim_in_margin, paragraph_of, text_shown
from detente.report.pages.article_related import related_groups
from detente.report.pages.article_words import NAMES, page_words, written_day
from detente.report.pages.environment import page_of
from detente.report.pictures.years import COLOURS, years_svg
from detente.report.text.as_json import json_file, to_json
from detente.report.text.first_line import first_lines

if TYPE_CHECKING:
    from detente.argument.article_blocks import Language
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
    svg = lead_picture(article, "en", fixed=True)
    yield "lead.svg", svg.encode()
    yield "lead.png", drawn_png(svg)
    for language, name in addresses.pages.items():
        yield name, render_article(article, language, addresses).encode()


def render_article(article: Article, language: Language = "en", addresses: Addresses | None = None) -> str:
    """Return the page of an article as HTML that needs no network.

    Parameters
    ----------
    article : Article
    language : {"en", "zh-Hans", "zh-Hant"}
    addresses : Addresses, optional
        By default those of the files that `write_article` writes.
    """
    return page_of(
        "article.html.j2",
        {"lead": lead_picture(article, language)},
        **article_context(article, language, addresses),
    )


def article_context(
    article: Article, language: Language = "en", addresses: Addresses | None = None
) -> dict[str, Any]:
    """Return what ``article.html.j2`` and ``article_body.html.j2`` read beside the lead picture."""
    addresses = addresses or Addresses()
    say, argument, block = page_words(language), article.argument, article.block
    title = text_shown(article, language, "title")
    with in_language(language):
        cautions = first_lines(article.cautions).splitlines()
    return {
        "say": say,
        "language": language,
        "gap": " " if language == "en" else "",  # between two sentences
        "names": NAMES,
        "pages": addresses.pages,
        "full": addresses.full,
        "based": addresses.base_url is not None,
        "locale": _LOCALES[language],
        "version": version("detente"),
        "digest": article.case.known(article.as_of).digest,
        "title": title,
        "summary": text_in(argument, language, "summary"),
        "category": text_in(argument, language, "article", "category"),
        "author": text_in(argument, language, "article", "author"),
        "trust": text_in(argument, language, "article", "trust"),
        "cautions": cautions,
        "source": argument.source,
        "original": argument.language,
        "written": block and block.written,
        "as_of": article.as_of,
        "day": lambda day: written_day(day, language),
        "lead_title": _lead_title(article, language),
        "grey": not all(year.covered for year in article.years),
        "most": max((max(y.force + y.hostile, y.friendly) for y in article.years), default=0),
        "colours": COLOURS,
        "paragraphs": [paragraph_of(article, language, i) for i in range(len(article.paragraphs))],
        "further": [claim_in_margin(article, claim.id, language) for claim in article.further],
        "judged": article.claims is not None,
        "questions": []
        if block
        else [text_in(argument, language, "questions", q.id) for q in argument.questions],
        "related": related_groups(article, language, addresses),
        "data": _linked_data(article, language, addresses),
    }


def lead_picture(article: Article, language: Language, *, fixed: bool = False) -> str:
    """Return the lead picture as SVG: acts between the principals, year by year; see `years_svg`."""
    say = page_words(language)

    def said(year: YearOfActs) -> str:
        if not year.covered:
            return say("{year}: not covered").format(year=year.year)
        pattern = "{year}: {force} of force, {hostile} other hostile, {friendly} friendly"
        return say(pattern).format(
            year=year.year, force=year.force, hostile=year.hostile, friendly=year.friendly
        )

    return years_svg(
        article.years, article.as_of, title=_lead_title(article, language), said=said, fixed=fixed
    )


def _lead_title(article: Article, language: Language) -> str:
    one, other = (actor_name(article, code, language) for code in article.argument.principals or ("", ""))
    return page_words(language)("{one} and {other}: their acts on each other, year by year").format(
        one=one, other=other
    )


def _linked_data(article: Article, language: Language, addresses: Addresses) -> str:
    """Return the page's description for programs, as JSON-LD that may stand inside HTML."""
    argument, chronicle = article.argument, article.case.chronicle
    title, summary = text_shown(article, language, "title"), text_in(argument, language, "summary")
    last = chronicle.window.end - timedelta(days=1)
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": title.text,
        "inLanguage": language,
        "isAccessibleForFree": True,
        "creator": {"@type": "SoftwareApplication", "name": f"detente {version('detente')}"},
    }
    optional = {
        "abstract": summary and summary.text,
        "articleSection": _text(text_in(argument, language, "article", "category")),
        "url": addresses.full(addresses.pages[language]) if addresses.base_url else None,
        "image": addresses.full("lead.png") if addresses.base_url else None,
        "creditText": _text(text_in(argument, language, "article", "author")),
    }
    based = [{"@type": "CreativeWork", "name": argument.source}] if argument.source else []
    if based and article.block and article.block.written:
        based[0]["datePublished"] = article.block.written.isoformat()
    data = {
        "@type": "Dataset",
        "name": f"{article.case.name}: acts",
        "description": _lead_title(article, language),
        "identifier": chronicle.digest,
        "temporalCoverage": f"{chronicle.window.start.isoformat()}/{last.isoformat()}",
        "measurementTechnique": f"{chronicle.acts} dated acts",
    }
    found = about | {name: value for name, value in optional.items() if value} | {"isBasedOn": [*based, data]}
    return json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")


def _text(found: TextIn | None) -> str | None:
    return None if found is None else found.text
