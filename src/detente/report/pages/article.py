"""The article page: an argument told paragraph by paragraph, with the claims of each in its margin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.argument.texts import TextIn, text_in
from detente.base.outputs import write_outputs
from detente.report.pages.article_words import NAMES, state_name, words_of
from detente.report.pages.environment import page_of
from detente.report.pictures.style import day_text
from detente.report.pictures.years import COLOURS, years_svg
from detente.report.text.actors import names_of
from detente.report.text.as_json import json_file, to_json
from detente.studies.article import FOLLOWED_DAYS

if TYPE_CHECKING:
    from detente.argument.article_blocks import Language
    from detente.base.progress import Progress
    from detente.studies.article import Article, YearOfActs
    from detente.studies.claims.rows import ClaimRow

PAGES: Mapping[Language, str] = {"en": "index.html", "zh-Hans": "zh-hans.html", "zh-Hant": "zh-hant.html"}
"""The file of each language's page; links between them are relative."""
NAMES_OF_FILES = ("article.json", "lead.svg", "lead.png", *PAGES.values())
"""The files of a written article, in the order in which they are made."""
_LOCALES = {"en": "en_GB", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}  # as Open Graph names them
_NUMBERS = {  # what the number of a claim is, by what its verdict rests on
    "Recorded": "share of the acts on record",
    "Judged": "effect on the log of a daily rate",
    "Scored": "chance in the model",
    "Weighed": "stock of {other} over that of {one}",
    "OpenZone": "chance of a zone of agreement",
    "LeftOnTable": "left on the table by both, as a share of what a side has at stake",
    "DoorTested": "added to the log hazard of an accord by both steps together",
    "PlansCompared": "change in the chance of an accord",
    "Ranked": "rank among third parties",
}


@dataclass(frozen=True, slots=True)
class RelatedPiece:
    """Something else to read, as the foot of the page shows it.

    Attributes
    ----------
    title : TextIn
    notes : tuple of str
        Short lines below it, in the page's language: how near it is, what followed.
    href : str or None
        Where it is, if it has a page.
    """

    title: TextIn
    notes: tuple[str, ...] = ()
    href: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """Related pieces of one sort under a heading, with a line on how they were found."""

    heading: str
    pieces: tuple[RelatedPiece, ...]
    about: str | None = None


@dataclass(frozen=True)
class Addresses:
    """Where the pages of an article are.

    Attributes
    ----------
    pages : mapping of str to str
        The address of the page in each language, relative to one another.
    base_url : str or None
        What stands before them where a full address is asked for, as in links for other languages.
    of_argument : callable
        The address of another argument's page, by its rivalry and its name; None where it has none.
    """

    pages: Mapping[Language, str] = field(default_factory=lambda: PAGES)
    base_url: str | None = None
    of_argument: Callable[[str | None, str], str | None] = lambda rivalry, argument: None

    def full(self, address: str) -> str:
        """Return an address with what stands before it, if that is known."""
        return address if self.base_url is None else f"{self.base_url.rstrip('/')}/{address.lstrip('/')}"


def write_article(
    article: Article,
    out: str | Path,
    progress: Progress | None = None,
    *,
    base_url: str | None = None,
    force: bool = False,
) -> list[Path]:
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

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_outputs(
        _contents(article, Addresses(base_url=base_url)),
        NAMES_OF_FILES,
        Path(out),
        inputs=article.case.inputs,
        force=force,
        progress=progress,
    )


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
    _, argument, block = words_of(language), article.argument, article.block
    title = _given(article, language, "title")
    return {
        "_": _,
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
        "standing": text_in(argument, language, "article", "standing"),
        "source": argument.source,
        "written": block and block.written,
        "as_of": article.as_of,
        "day": lambda day: written_day(day, language),
        "lead_title": _lead_title(article, language),
        "most": max((max(y.force + y.hostile, y.friendly) for y in article.years), default=0),
        "colours": COLOURS,
        "paragraphs": [_paragraph(article, language, i) for i in range(len(article.paragraphs))],
        "further": [_margin(article, claim.id, language) for claim in article.further],
        "judged": article.claims is not None,
        "questions": []
        if block
        else [text_in(argument, language, "questions", q.id) for q in argument.questions],
        "related": related_groups(article, language, addresses),
        "data": _linked_data(article, language, addresses),
    }


def related_groups(article: Article, language: Language, addresses: Addresses) -> list[RelatedGroup]:
    """Return what else a reader might read: days of the past, other arguments and other rivalries."""
    _ = words_of(language)
    about = (
        "The earlier days on which the argument's mechanisms moved the rates of all acts most nearly as they do on "
        "that day. The distance is a root mean square difference of log rates: at 0.10 rates differ by about a tenth."
    )
    days = tuple(
        RelatedPiece(
            TextIn(written_day(each.day, language), language),
            (
                _("distance {distance}").format(distance=f"{each.distance:.2f}"),
                _("{days} days after: {acts}").format(
                    days=FOLLOWED_DAYS, acts=_followed(each.followed, language)
                ),
                _("known deaths {deaths}").format(deaths=each.deaths),
                _("talks or an accord") if each.talked else _("no talks"),
            ),
        )
        for each in article.analogues
    )

    def pieces(same: bool) -> tuple[RelatedPiece, ...]:
        return tuple(
            RelatedPiece(found, (), addresses.of_argument(other.rivalry, other.argument))
            for other in article.others
            if (other.rivalry == article.argument.rivalry) is same
            and (found := text_in(other, language, "title")) is not None
        )

    groups = [
        RelatedGroup(
            _("Earlier days like {day}").format(day=written_day(article.as_of, language)), days, _(about)
        ),
        RelatedGroup(_("Other arguments about this rivalry"), pieces(True)),
        RelatedGroup(_("Other rivalries"), pieces(False)),
    ]
    return [group for group in groups if group.pieces]


def lead_picture(article: Article, language: Language, *, fixed: bool = False) -> str:
    """Return the lead picture as SVG: acts between the principals, year by year; see `years_svg`."""
    _ = words_of(language)

    def said(year: YearOfActs) -> str:
        pattern = "{year}: {force} of force, {hostile} other hostile, {friendly} friendly"
        return _(pattern).format(
            year=year.year, force=year.force, hostile=year.hostile, friendly=year.friendly
        )

    return years_svg(
        article.years, article.as_of, title=_lead_title(article, language), said=said, fixed=fixed
    )


def written_day(day: date, language: Language) -> str:
    """Write a day out in a language.

    Examples
    --------
    >>> written_day(date(2020, 1, 17), "en"), written_day(date(2020, 1, 17), "zh-Hant")
    ('17 January 2020', '2020年1月17日')
    """
    return day_text(day) if language == "en" else f"{day.year}年{day.month}月{day.day}日"


def _given(article: Article, language: Language, *key: str | int) -> TextIn:
    """Return a text that every argument has."""
    found = text_in(article.argument, language, *key)
    if found is None:
        raise KeyError(key)
    return found


def _paragraph(article: Article, language: Language, number: int) -> dict[str, Any]:
    """Return a paragraph as the page shows it: its text, the source's numbers and its claims."""
    spec = article.paragraphs[number]
    key = ("article", "paragraphs", number) if article.block else ("claims", spec.claims[0])
    claims = [_margin(article, claim, language) for claim in spec.claims]
    return {
        "number": number + 1,
        "source": spec.source,
        "text": _given(article, language, *key),
        "claims": claims,
    }


def _margin(article: Article, claim: str, language: Language) -> dict[str, Any]:
    """Return a claim as the margin shows it: its text, and its verdict and number if it was judged."""
    row, _ = article.row(claim), words_of(language)
    out: dict[str, Any] = {
        "id": claim,
        "text": _given(article, language, "claims", claim),
        "verdict": None,
        "number": None,
    }
    if row is None:
        return out
    out["verdict"] = verdict_text(article, row, language)
    if row.value is not None and row.low is not None and row.high is not None:
        shown = 0 if type(row.reason).__name__ == "Ranked" else 2
        ends = _("{low} to {high}").format(low=f"{row.low:z.{shown}f}", high=f"{row.high:z.{shown}f}")
        exact = row.low == row.value == row.high  # a count has no interval
        out["number"] = f"{row.value:z.{shown}f}" + ("" if exact else f" ({ends})")
        out["what"] = _what(article, row, language)
    return out


def verdict_text(article: Article, row: ClaimRow, language: Language) -> str:
    """Return a claim's verdict in a language."""
    _, verdict = words_of(language), row.verdict
    if verdict.startswith("heavier on "):
        return _("heavier on {actor}").format(
            actor=_actor(article, verdict.removeprefix("heavier on "), language)
        )
    if verdict.startswith("rank "):
        rank, count = verdict.removeprefix("rank ").split(" of ")
        return _("rank {rank} of {count}").format(rank=rank, count=count)
    return _(verdict)


def _what(article: Article, row: ClaimRow, language: Language) -> str:
    """Return what the number of a claim is."""
    name = _NUMBERS[type(row.reason).__name__]
    if row.judgement is not None and row.judgement.of_sizes:
        name = "effect on the log odds of a graver act"
    one, other = (_actor(article, code, language) for code in article.argument.principals or ("", ""))
    return words_of(language)(name).format(one=one, other=other)


def _followed(followed: Mapping[str, int], language: Language) -> str:
    _ = words_of(language)
    named = ((_(name).replace("-", " "), count) for name, count in followed.items())
    return _(", ").join(f"{name} {count}" for name, count in named) or _("no act on record")


def _lead_title(article: Article, language: Language) -> str:
    one, other = (_actor(article, code, language) for code in article.argument.principals or ("", ""))
    return words_of(language)("{one} and {other}: their acts on each other, year by year").format(
        one=one, other=other
    )


def _actor(article: Article, code: str, language: Language) -> str:
    return state_name(names_of(article.case).get(code, code), language)


def _linked_data(article: Article, language: Language, addresses: Addresses) -> str:
    """Return the page's description for programs, as JSON-LD that may stand inside HTML."""
    argument, chronicle = article.argument, article.case.chronicle
    title, summary = _given(article, language, "title"), text_in(argument, language, "summary")
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
