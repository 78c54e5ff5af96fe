"""What a question was read as, in words: which acts, by whom, on which days. A line of code is easily misread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from detente.report.languages.formats import day_text, either
from detente.report.languages.language import _, ngettext, own, pgettext, word
from detente.report.text.numbers import percent, phrases

if TYPE_CHECKING:
    from detente.base.days import Window
    from detente.questions.question import Question
    from detente.questions.statements import Acts, Count, InPhase, Rate, Statement

_SHOWN = 4  # actors that are named; the rest are counted


def read_as(question: Question, names: Mapping[str, str]) -> str:
    """Return what a question was read as, as a phrase without a full stop.

    Parameters
    ----------
    question : Question
    names : mapping
        The names of actors by code; a code without a name stays.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.questions.grammar import QuestionNames, parse_question
    >>> from detente.questions.question import Question
    >>> asks = parse_question(
    ...     "A->B ASSAULT deaths>=1 within 90d", QuestionNames({}), date(2020, 1, 17)
    ... ).asks
    >>> read_as(Question("q", "?", asks), {"A": "Atlantis"})
    'at least one act: ASSAULT by Atlantis on B, at least 1 known death each, 17 January 2020 to 15 April 2020'
    """
    asked = _statement(question.asks, names)
    if question.first:
        asked = _("{asked}; and the day of the first").format(asked=asked)
    if question.given is None:
        return asked
    return _("{asked}; only where this holds: {given}").format(
        asked=asked, given=_statement(question.given, names)
    )


def _statement(statement: Statement, names: Mapping[str, str]) -> str:
    from detente.questions import statements as s

    match statement:
        case s.Not(part):
            return _("not ({part})").format(part=_statement(part, names))
        case s.All(parts):
            return pgettext("between statements", " and ").join(f"({_statement(p, names)})" for p in parts)
        case s.Any(parts):
            return pgettext("between statements", " or ").join(f"({_statement(p, names)})" for p in parts)
        case s.Count():
            return _dated(f"{_how_many(statement)}{_acts(statement.acts, names)}", statement.window)
        case s.Amount(acts, window, kind):
            said = {
                "count": _("how many acts: {acts}"),
                "deaths": _(
                    "how many deaths by these acts, each toll that is not known taken as usual: {acts}"
                ),
                "day": _("the day of the first act: {acts}"),
            }[kind]
            return _dated(said.format(acts=_acts(acts, names)), window)
        case s.Rate():
            return _rate(statement, names)
        case s.InPhase():
            return _dated(_phase(statement), statement.window)
        case s.War(window):
            return _dated(word("war"), window)
        case s.MemoryChange():
            said = (
                _("the {clock} memory that {who} has of what it received is higher at the end than at the start")
                if statement.higher
                else _("the {clock} memory that {who} has of what it received is lower at the end than at the start")
            )  # fmt: skip
            who = names.get(statement.principal, statement.principal)
            return _dated(said.format(clock=word(statement.clock), who=who), statement.window)


def _dated(said: str, window: Window) -> str:
    """Add the first and the last day of a window."""
    first, last = window.start, window.end - timedelta(days=1)
    if first == last:
        return phrases(said, _("on {day}").format(day=day_text(first)))
    return phrases(said, _days(window))


def _days(window: Window) -> str:
    first, last = window.start, window.end - timedelta(days=1)
    return _("{first} to {last}").format(first=day_text(first), last=day_text(last))


def _how_many(count: Count) -> str:
    if count.at_least == 1:
        return _("at least one act: ")
    if count.at_least is not None:
        return _("at least {n} acts: ").format(n=f"{count.at_least:,}")
    if count.at_most == 0:
        return _("no such act: ")
    return ngettext("at most {n} act: ", "at most {n} acts: ", count.at_most or 0).format(
        n=f"{count.at_most:,}"
    )


def _acts(acts: Acts, names: Mapping[str, str]) -> str:
    kinds = [
        either([*(word(c.replace("-", " ")) for c in kind.classes), *(word(a) for a in kind.actions)])
        for kind in acts.kinds
    ]
    what = pgettext("between kinds of acts", " that are ").join(kinds) or _("acts of any kind")
    who, whom = _parties(acts.sources, names), _parties(acts.targets, names)
    if acts.either_way and who and whom:
        said = _("{what} between {who} and {whom}, either way").format(what=what, who=who, whom=whom)
    elif who and whom:
        said = _("{what} by {who} on {whom}").format(what=what, who=who, whom=whom)
    elif who:
        said = _("{what} by {who}").format(what=what, who=who)
    elif whom:
        said = _("{what} on {whom}").format(what=what, whom=whom)
    else:
        said = what
    more = []
    if acts.modes:
        more.append(_("mode {modes}").format(modes=either([_code(mode) for mode in acts.modes])))
    if acts.issues:
        more.append(_("issue {issues}").format(issues=either([_code(issue) for issue in acts.issues])))
    if acts.deaths_at_least is not None:
        n = acts.deaths_at_least
        more.append(
            ngettext("at least {n} known death each", "at least {n} known deaths each", n).format(n=f"{n:,}")
        )
    return phrases(said, *more)


def _code(value: str) -> str:
    found = word(value)
    return found if found != value else own(value)


def _parties(codes: Sequence[str], names: Mapping[str, str]) -> str:
    if not codes:
        return ""
    shown = [names.get(code, code) for code in codes]
    if len(shown) > _SHOWN + 1:
        left = len(shown) - _SHOWN
        shown = [*shown[:_SHOWN], _("{n} others").format(n=left)]
    return either(shown)


def _rate(rate: Rate, names: Mapping[str, str]) -> str:
    before = _days(rate.reference)
    if rate.times == 1:
        said = (
            _("fewer acts a day than {days}: {acts}")
            if rate.below
            else _("more acts a day than {days}: {acts}")
        )
    else:
        said = (
            _("fewer acts a day than {times} times as many as {days}: {acts}")
            if rate.below
            else _("more acts a day than {times} times as many as {days}: {acts}")
        )
    return _dated(
        said.format(days=before, acts=_acts(rate.acts, names), times=f"{rate.times:g}"), rate.window
    )


def _phase(statement: InPhase) -> str:
    phase = word(statement.phase)
    if statement.most:
        said = _("{phase} on most days")
    elif statement.share is not None:
        said = _("{phase} on at least {share} of the days")
    else:
        said = _("{phase} on at least one day")
    return said.format(phase=phase, share=percent(statement.share or 0.0))
