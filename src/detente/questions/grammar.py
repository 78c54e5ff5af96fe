"""The grammar of questions: a line of text to a tree of statements, with errors that name the column.

``docs/questions.md`` documents it.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from detente.base.days import Window, parse_day
from detente.base.errors import DataError
from detente.base.input_limits import LIMITS, Limits
from detente.base.spelling import suggest
from detente.events.ontology.actions import action_names
from detente.events.ontology.classes import ROLES, scheme_of
from detente.events.phases import Phase
from detente.questions.everyday import WRITTEN
from detente.questions.statements import (
    Acts,
    All,
    Any,
    Count,
    InPhase,
    Kind,
    MemoryChange,
    Not,
    Rate,
    Statement,
    War,
)
from detente.questions.tokens import Reader

PHASES = {**{phase.name.lower(): phase.word for phase in Phase}, "talks": "talks"}
CLOCKS = ("fast", "slow")
_STARTS = ("no", "first", "not", "phase", "talks", "war", "clock")
_SHOWN = 12  # actors that an error lists
_JOINS = ("and", "or", "given", "within", "from", "count", "rate", "mode", "issue", "deaths")


@dataclass(frozen=True, slots=True)
class QuestionNames:
    """What the names in a question may stand for.

    Attributes
    ----------
    groups : dict of str to tuple of str
        Actor codes of each party, and of ``principals``.
    scheme, codebook : str
        Class scheme and codebook of the chronicle.
    actors : tuple of str, optional
        Codes that occur; another code is refused. None takes any code.
    """

    groups: Mapping[str, tuple[str, ...]]
    scheme: str = "detente"
    codebook: str = "detente"
    actors: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question read: what it asks, on what condition, and whether the day of the first act is asked for."""

    asks: Statement
    given: Statement | None = None
    first: bool = False


def parse_question(text: str, names: QuestionNames, as_of: date, limits: Limits = LIMITS) -> Parsed:
    """Read a question.

    Parameters
    ----------
    text : str
    names : QuestionNames
    as_of : date
        The day that ``within 90d`` counts from.
    limits : Limits
        How long the text and its windows may be.

    Raises
    ------
    QuestionError
        With the column, what was expected, what was got and, if a word is near, what may be meant.

    Examples
    --------
    >>> names = QuestionNames({"principals": ("USA", "IRN")})
    >>> parse_question("IRN->USA ASSAULT deaths>=1 within 90d", names, date(2020, 1, 17)).asks.at_least
    1
    >>> print(parse_question("war within 12m", names, date(2020, 1, 17)).asks.window)
    [2020-01-17, 2021-01-17)
    """
    return _Parser(text, names, as_of, limits).question()


def later(day: date, span: str) -> date:
    """Return the day so many days, weeks, months or years (``90d 2w 12m 2y``) after another; before it with a minus.

    Examples
    --------
    >>> later(date(2020, 1, 31), "1m"), later(date(2020, 2, 29), "1y"), later(date(2020, 1, 17), "2w")
    (datetime.date(2020, 2, 29), datetime.date(2021, 2, 28), datetime.date(2020, 1, 31))
    """
    number, unit = int(span[:-1]), span[-1]
    if unit in "dw":
        return day + timedelta(days=number * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class _Parser(Reader):
    """Recursive descent: each method reads one rule of the grammar and leaves the place after it."""

    def __init__(self, text: str, names: QuestionNames, as_of: date, limits: Limits) -> None:
        super().__init__(text, limits)
        self.names, self.as_of = names, as_of
        self.first = False

    # --- joins ----------------------------------------------------------------------------------------------------

    def question(self) -> Parsed:
        asks = self.either()
        if self.first and not isinstance(asks, Count):
            raise self.error("first_of_many", "first", 0)
        first = self.first
        given = self.either() if self.take("given") else None
        if self.first and not first:
            raise self.error("first_in_condition", "first", 0)
        if self.now.kind != "end":
            self.fail("expected_join", _JOINS)
        return Parsed(asks, given, first)

    def either(self) -> Statement:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self) -> Statement:
        parts = [self.one()]
        while self.take("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self) -> Statement:
        if self.take("not"):
            self.deeper(1)
            opposite = Not(self.one())
            self.deeper(-1)
            return opposite
        if self.take("("):
            self.deeper(1)
            inner = self.either()
            self.sign(")")
            self.deeper(-1)
            return inner
        if self.now.text == "talks" and self.next.text in ("within", "from", "on", "share"):
            self.place += 1
            return self._days_of("talks")
        if self.take("war"):
            return War(self.window())
        if self.take("phase"):
            word = self.take(*PHASES) or self.fail("expected_phase", tuple(PHASES), choices=tuple(PHASES))
            return self._days_of(PHASES[word])
        return self._clock() if self.take("clock") else self._acts()

    # --- statements -----------------------------------------------------------------------------------------------

    def _days_of(self, phase: str) -> Statement:
        if self.take("on"):
            if not (self.take("most") and self.take("days")):
                self.fail("expected_most_days")
            return InPhase(phase, self.window(), most=True)
        if self.take("share"):
            self.sign(">=")
            share = float(self.need("number", "expected_share"))
            if not 0 < share <= 1:
                self.place -= 1
                self.fail("expected_share")
            return InPhase(phase, self.window(), share=share)
        return InPhase(phase, self.window())

    def _clock(self) -> Statement:
        clock = self.take(*CLOCKS) or self.fail("expected_clock", CLOCKS, choices=CLOCKS)
        principals = self.names.groups.get("principals", ())
        of = self.take(*principals) or self.fail("expected_principal", principals, choices=principals)
        direction = self.take("lower", "higher") or self.fail("expected_way", ("lower", "higher"))
        return MemoryChange(clock, of, self.window(), higher=direction == "higher")

    def _acts(self) -> Statement:
        begin = self.place
        none = self.take("no") is not None
        self.first |= (asked_first := not none and self.take("first") is not None)
        sources, targets, either_way = self._parties()
        kinds: list[Kind] = []
        modes: tuple[str, ...] = ()
        issues: tuple[str, ...] = ()
        deaths: int | None = None
        limit: tuple[str, int] | None = None
        rate: tuple[bool, float, Window] | None = None
        while self.now.text not in ("within", "from"):
            if self.take("mode"):
                modes = self._values()
            elif self.take("issue"):
                issues = self._values()
            elif self.take("deaths"):
                self.sign(">=")
                deaths = self.whole()
            elif self.take("count"):
                limit = self.sign(">=", ">", "<=", "<"), self.whole()
            elif self.take("rate"):
                rate = self._rate()
            elif self.now.kind == "word" and self.now.text not in ("and", "or", "given"):
                kinds.append(self._kind())
            else:
                self.fail("expected_part", _JOINS)
        if (sources, targets, kinds, modes, issues) == ((), (), [], (), ()):
            self.fail("expected_acts")
        if sum((none, asked_first, limit is not None, rate is not None)) > 1:
            raise self.error("one_of_no_first_count_rate", None, self.tokens[begin].at)
        acts = Acts(sources, targets, either_way, tuple(kinds), modes, issues, deaths)
        window = self.window()
        if rate is not None:
            below, times, reference = rate
            if reference.end > window.start:
                raise self.error("reference_not_before", str(reference), 0)
            return Rate(acts, window, reference, times, below)
        if none:
            return Count(acts, window, at_most=0)
        sign, number = limit or (">=", 1)
        bound = number + {">": 1, "<": -1}.get(sign, 0)
        if bound < (1 if sign in (">=", ">") else 0):
            raise self.error("count_cannot_fail", f"{sign} {number}", self.tokens[begin].at)
        return Count(acts, window, bound) if sign in (">=", ">") else Count(acts, window, at_most=bound)

    def _rate(self) -> tuple[bool, float, Window]:
        below, times = self.sign("<", ">") == "<", 1.0
        if self.now.kind == "number":
            times = float(self.need("number", "expected_number"))
            self.sign("*")
        if self.take("last"):
            at, span = self.now.at, self.need("span", "expected_span", example="12m")
            return below, times, self._window(self._moved(span, at, back=True), self.as_of, at)
        at = self.now.at
        if self.now.kind == "span":
            begins = self._moved(self.need("span", "expected_span", example="108d"), at, back=True)
            self.sign("..")
            ends = self._moved(self.need("span", "expected_span", example="16d"), at, back=True)
            if not self.take("ago"):
                self.fail("expected_ago")
            return below, times, self._window(begins, ends, at)
        if self.now.kind != "date":
            self.fail("expected_reference")
        start = self._day()
        self.sign("..")
        return below, times, self._window(start, self._day(), at)

    def _parties(self) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        ahead = self.place
        while self.tokens[ahead].kind == "word" and self.tokens[ahead + 1].text == ",":
            ahead += 2
        if self.tokens[ahead + 1 if self.tokens[ahead].kind != "end" else ahead].text not in ("->", "<->"):
            return (), (), False
        sources = self._names()
        arrow = self.sign("->", "<->")
        return sources, self._names(), arrow == "<->"

    def _names(self) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            name, groups, actors = self.now.text, self.names.groups, self.names.actors
            if self.now.kind != "word":
                self.fail("expected_actor")
            if name in groups:
                found += groups[name]
            elif name != "any":
                if actors is not None and name not in actors:
                    self._fail_actor(name, (*groups, *actors))
                found.append(name)
            self.place += 1
            if not self.take(","):
                return tuple(dict.fromkeys(found))

    def _fail_actor(self, name: str, known: tuple[str, ...]) -> NoReturn:
        """Say who there is; a code written small, or a name that begins as a code does, is known for that code."""
        codes = suggest(name.upper(), known, known=False) if name.upper() != name else {}
        hint = codes or suggest(name, known)
        if hint["hint"] == "nearest" and not codes:
            hint |= {"hint": "nearest_or_known", "known": known[:_SHOWN]}
        self.fail("expected_seen_actor", **hint)

    def _kind(self) -> Kind:
        scheme, actions = scheme_of(self.names.scheme), action_names(self.names.codebook)
        classes: list[str] = []
        chosen: list[str] = []
        while True:
            word = self.now.text
            if word in actions:
                chosen.append(word)
            elif word in ROLES:
                classes += scheme.classes_of(word)
            elif word in scheme.classes:
                classes.append(word)
            else:
                if word.lower() in WRITTEN:
                    self.fail("expected_kind", hint="try", example=WRITTEN[word.lower()])
                known = (*ROLES, *scheme.classes, *actions, *_STARTS, *_JOINS)
                kinds = {"hint": "kinds_of_acts", "known": ROLES} if self.has_window else {}
                self.fail("expected_kind", known, **kinds)
            self.place += 1
            if not self.take(","):
                return Kind(tuple(dict.fromkeys(classes)), tuple(dict.fromkeys(chosen)))

    def _values(self) -> tuple[str, ...]:
        self.sign("=")
        found = [self.need("word", "expected_word")]
        while self.take(","):
            found.append(self.need("word", "expected_word"))
        return tuple(found)

    # --- windows --------------------------------------------------------------------------------------------------

    def window(self) -> Window:
        at = self.now.at
        if self.take("within"):
            return self._window(self.as_of, self._limit("expected_span", example="90d, 12m or 2y"), at)
        if self.take("from"):
            start = self._limit("expected_limit")
            if not self.take("to"):
                self.fail("expected_to")
            return self._window(start, self._limit("expected_limit"), at)
        return self.fail("expected_window", (*_JOINS, *_STARTS))

    def _limit(self, code: str, **values: str) -> date:
        if self.now.kind == "date":
            return self._day()
        return self._moved(self.need("span", code, **values), self.tokens[self.place - 1].at)

    def _moved(self, span: str, at: int, *, back: bool = False) -> date:
        try:
            return later(self.as_of, f"-{span}" if back else span)
        except (OverflowError, ValueError):
            raise self.error("years_out_of_range", span, at) from None

    def _day(self) -> date:
        at, text = self.now.at, self.need("date", "expected_day")
        try:
            return parse_day(text)
        except DataError:
            raise self.error("not_a_day", text, at) from None

    def _window(self, start: date, end: date, at: int) -> Window:
        if end <= start:
            raise self.error("closes_before_open", (start, end), at)
        if self.limits.too_long(min(start, self.as_of), max(end, self.as_of)):
            years = self.limits.window
            raise self.error("window_too_long", (start, end), at, hint="check_years", years=years)
        return Window(start, end)
