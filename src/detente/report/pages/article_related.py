"""What else a reader of an article might read: earlier days like its own, other arguments, other rivalries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from detente.argument.texts import TextIn
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, language, sentences, word
from detente.report.pages.article_margin import said_in_language
from detente.report.text.analogues.moments import known_deaths_text
from detente.report.text.numbers import clauses, of_count, phrases
from detente.studies.analogues.followed import Followed
from detente.studies.article import about_same

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


def related_groups(article: Article, addresses: Addresses) -> list[RelatedGroup]:
    """Return what else a reader might read: days of the past, crises, other arguments and other rivalries."""

    def pieces(same: bool) -> tuple[RelatedPiece, ...]:
        return tuple(
            RelatedPiece(found, (), href)
            for other in article.others
            if about_same(article.argument, other) is same
            and (found := said_in_language(other, "title")) is not None
            and (
                (href := addresses.of_argument(other.rivalry, other.argument))
                or same
                or not addresses.linked_only
            )
        )

    groups = [
        *(analogue_groups(article.analogues) if article.analogues is not None else ()),
        RelatedGroup(_("Other arguments about this rivalry"), pieces(True)),
        RelatedGroup(_("Other rivalries"), pieces(False)),
    ]
    return [group for group in groups if group.pieces]


def analogue_groups(like: Analogues) -> list[RelatedGroup]:
    """Return the earlier days and the crises that are like a day; a group without any is left out."""
    day = day_text(like.as_of)
    about = _(
        "The earlier days on which each side's memory of the other's acts was closest to that of this day. "
        "The distance is a root mean square difference of these memories, in standard deviations."
    )
    groups = [
        RelatedGroup(
            _("Earlier days like {day}").format(day=day),
            tuple(_moment(each) for each in like.moments),
            sentences(about, _worth(like)),
        ),
        RelatedGroup(
            _("Crises like the one of {day}").format(day=day),
            tuple(_crisis(each) for each in like.crises),
            _("From International Crisis Behavior, by the features that were known when they began."),
        ),
    ]
    return [group for group in groups if group.pieces]


def _moment(moment: Moment) -> RelatedPiece:
    """Return an earlier day, how far it is from the one of the argument, and what followed it."""
    notes = [_("distance {distance}").format(distance=f"{moment.distance:.2f}")]
    for each in moment.followed:
        if isinstance(each, Followed):
            told = [
                _acts(each.acts),
                *([known_deaths_text(each.deaths, each.unknown_tolls)] if each.acts else []),
                _("talks or an accord") if each.talks else _("no talks"),
            ]
            notes.append(
                _("{months} after: {acts}").format(months=of_count(each.months, "month"), acts=clauses(told))
            )
    return RelatedPiece(TextIn(day_text(moment.day), cast("Language", language().tag)), tuple(notes))


def _crisis(like: SimilarCrisis) -> RelatedPiece:
    """Return a crisis by its name in the data, when it began, how similar it is, and how it went on."""
    began = _("began {day}; similarity {similarity}").format(
        day=day_text(like.crisis.first.start), similarity=f"{like.similarity:.2f}"
    )
    went_on = []
    for months, ended in like.ended.items():
        if ended is not None:
            said = _("over within {months}") if ended else _("not over within {months}")
            went_on.append(said.format(months=of_count(months, "month")))
    if like.outcome is not None:
        went_on.append(_("outcome: {outcome}").format(outcome=word(like.outcome)))
    return RelatedPiece(TextIn(like.crisis.name, "en"), (began, clauses(went_on)))


def _worth(like: Analogues) -> str:
    """Return what similar moments were worth as forecasts, as far as that was measured."""
    if like.worth is None:
        return _("Whether what followed says more than a base rate was not measured: read them as examples.")
    first = like.worth.ways[0]
    said = (
        _(
            "As forecasts of {cases} past questions they scored {brier} (Brier; lower is better), the better base rate "
            "{base}: they do better."
        )
        if first.beats
        else _(
            "As forecasts of {cases} past questions they scored {brier} (Brier; lower is better), the better base rate "
            "{base}: they do not beat it. Read them as examples."
        )
    )
    figures = {"brier": f"{first.brier:.3f}", "base": f"{like.worth.base_brier:.3f}"}
    return said.format(cases=f"{like.worth.cases:,}", **figures)


def _acts(counted: Mapping[str, int]) -> str:
    named = (f"{word(name.replace('-', ' '))} {count}" for name, count in counted.items())
    return phrases(*named) or _("no act on record")
