"""What else a reader of an article might read: earlier days like its own, other arguments, other rivalries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.argument.texts import TextIn, text_in
from detente.report.pages.article_words import page_words, written_day
from detente.studies.analogues.followed import Followed

if TYPE_CHECKING:
    from detente.argument.article_blocks import Language
    from detente.report.pages.article_addresses import Addresses
    from detente.studies.analogues.crises import SimilarCrisis
    from detente.studies.analogues.moments import Moment
    from detente.studies.analogues.related import Analogues
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
    """Return what else a reader might read: days of the past, crises, other arguments and other rivalries."""
    say, like, day = page_words(language), article.analogues, written_day(article.as_of, language)

    def pieces(same: bool) -> tuple[RelatedPiece, ...]:
        return tuple(
            RelatedPiece(found, (), addresses.of_argument(other.rivalry, other.argument))
            for other in article.others
            if (other.rivalry == article.argument.rivalry) is same
            and (found := text_in(other, language, "title")) is not None
        )

    groups = [
        RelatedGroup(say("Other arguments about this rivalry"), pieces(True)),
        RelatedGroup(say("Other rivalries"), pieces(False)),
    ]
    if like is not None:
        about = (
            "The earlier days on which both sides remembered most nearly the same acts of the other as on that day. "
            "The distance is a root mean square difference of these memories, in standard deviations."
        )
        heading = say("Earlier days like {day}").format(day=day)
        days = tuple(_moment(each, language) for each in like.moments)
        crises = tuple(_crisis(each, language) for each in like.crises)
        groups[:0] = [
            RelatedGroup(
                heading, days, f"{say(about)}{'' if language != 'en' else ' '}{_worth(like, language)}"
            ),
            RelatedGroup(
                say("Crises like the one of {day}").format(day=day),
                crises,
                say("From International Crisis Behavior, by the features that were known when they began."),
            ),
        ]
    return [group for group in groups if group.pieces]


def _moment(moment: Moment, language: Language) -> RelatedPiece:
    """Return an earlier day, how far it is from the one of the argument, and what followed it."""
    say = page_words(language)
    notes = [say("distance {distance}").format(distance=f"{moment.distance:.2f}")]
    for each in moment.followed:
        if isinstance(each, Followed):
            told = [
                _acts(each.acts, language),
                say("known deaths {deaths}").format(deaths=each.deaths),
                say("talks or an accord") if each.talks else say("no talks"),
            ]
            notes.append(
                say("{months} months after: {acts}").format(months=each.months, acts=say("; ").join(told))
            )
    return RelatedPiece(TextIn(written_day(moment.day, language), language), tuple(notes))


def _crisis(like: SimilarCrisis, language: Language) -> RelatedPiece:
    """Return a crisis by its name in the data, when it began, how similar it is, and how it went on."""
    say = page_words(language)
    began = say("began {day}; similarity {similarity}").format(
        day=written_day(like.crisis.first.start, language), similarity=f"{like.similarity:.2f}"
    )
    went_on = []
    for months, ended in like.ended.items():
        if ended is not None:
            pattern = "over within {months} months" if ended else "not over within {months} months"
            went_on.append(say(pattern).format(months=months))
    if like.outcome is not None:
        went_on.append(say("outcome: {outcome}").format(outcome=say(like.outcome)))
    return RelatedPiece(TextIn(like.crisis.name, "en"), (began, say("; ").join(went_on)))


def _worth(like: Analogues, language: Language) -> str:
    """Return what similar moments were worth as forecasts, as far as that was measured."""
    say = page_words(language)
    if like.worth is None:
        return say(
            "Whether what followed says more than a base rate was not measured: read them as examples."
        )
    first = like.worth.ways[0]
    pattern = (
        "As forecasts of {cases} past questions they scored {brier} (Brier; lower is better), the better base rate "
        "{base}: they do better."
        if first.beats
        else "As forecasts of {cases} past questions they scored {brier} (Brier; lower is better), the better base "
        "rate {base}: they do not beat it. Read them as examples."
    )
    figures = {"brier": f"{first.brier:.3f}", "base": f"{like.worth.base_brier:.3f}"}
    return say(pattern).format(cases=f"{like.worth.cases:,}", **figures)


def _acts(counted: Mapping[str, int], language: Language) -> str:
    say = page_words(language)
    named = ((say(name).replace("-", " "), count) for name, count in counted.items())
    return say(", ").join(f"{name} {count}" for name, count in named) or say("no act on record")
