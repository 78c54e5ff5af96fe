"""What else a reader of an article might read: earlier days like its own, other arguments, other rivalries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.argument.texts import TextIn, text_in
from detente.report.pages.article_words import page_words, written_day
from detente.studies.claims.page_rows import FOLLOWED_DAYS

if TYPE_CHECKING:
    from detente.argument.article_blocks import Language
    from detente.report.pages.article_addresses import Addresses
    from detente.studies.article import Article


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


def related_groups(article: Article, language: Language, addresses: Addresses) -> list[RelatedGroup]:
    """Return what else a reader might read: days of the past, other arguments and other rivalries."""
    say = page_words(language)
    about = (
        "The earlier days on which the argument's mechanisms moved the rates of all acts most nearly as they do on "
        "that day. The distance is a root mean square difference of log rates: at 0.10 rates differ by about a tenth."
    )
    days = tuple(
        RelatedPiece(
            TextIn(written_day(each.day, language), language),
            (
                say("distance {distance}").format(distance=f"{each.distance:.2f}"),
                say("{days} days after: {acts}").format(
                    days=FOLLOWED_DAYS, acts=_followed(each.followed, language)
                ),
                say("known deaths {deaths}").format(deaths=each.deaths),
                say("talks or an accord") if each.talked else say("no talks"),
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
            say("Earlier days like {day}").format(day=written_day(article.as_of, language)), days, say(about)
        ),
        RelatedGroup(say("Other arguments about this rivalry"), pieces(True)),
        RelatedGroup(say("Other rivalries"), pieces(False)),
    ]
    return [group for group in groups if group.pieces]


def _followed(followed: Mapping[str, int], language: Language) -> str:
    say = page_words(language)
    named = ((say(name).replace("-", " "), count) for name, count in followed.items())
    return say(", ").join(f"{name} {count}" for name, count in named) or say("no act on record")
