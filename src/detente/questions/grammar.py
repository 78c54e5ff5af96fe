"""The grammar of questions: a line of text to a tree of statements, with errors that name the column.

``docs/questions.md`` documents it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NoReturn

from detente.base.days import Window
from detente.base.input_limits import LIMITS, Limits
from detente.base.spelling import suggest
from detente.events.ontology.actions import action_names
from detente.events.ontology.classes import ROLES, scheme_of
from detente.events.phases import Phase
from detente.questions.everyday import WRITTEN
from detente.questions.statements import (
    Acts,
    All,
    Amount,
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
from detente.questions.windows import AMOUNTS, JOINS, STARTS, WindowReader

PHASES = {**{phase.name.lower(): phase.word for phase in Phase}, "talks": "talks"}
CLOCKS = ("fast", "slow")
_NOT_OF_AMOUNTS = ("count", "deaths", "rate", "no", "first", "and", "or", "not", "given", "(", "how", "when")
_SHOWN = 12  # actors that an error lists


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
    real : callable, optional
        Whether a code that does not occur is somebody's all the same, so that it is no misspelling.
    """

    groups: Mapping[str, tuple[str, ...]]
    scheme: str = "detente"
    codebook: str = "detente"
    actors: tuple[str, ...] | None = None
    real: Callable[[str], bool] = field(default=lambda code: False, compare=False)


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
    2020-01-17 to 2021-01-16
    """
    return _Parser(text, names, as_of, limits).question()


class _Parser(WindowReader):
    """Recursive descent: each method reads one rule of the grammar and leaves the place after it."""

    def __init__(self, text: str, names: QuestionNames, as_of: date, limits: Limits) -> None:
        super().__init__(text, as_of, limits)
        self.names = names
        self.first = False

    # --- joins ----------------------------------------------------------------------------------------------------

    def question(self) -> Parsed:
        if self.now.text in AMOUNTS:
            return Parsed(self._amount())
        asks = self.either()
        if self.first and not isinstance(asks, Count):
            raise self.error("first_of_many", "first", 0)
        first = self.first
        given = self.either() if self.take("given") else None
        if self.first and not first:
            raise self.error("first_in_condition", "first", 0)
        if self.now.kind != "end":
            self.fail("expected_join", JOINS)
        return Parsed(asks, given, first)

    def _amount(self) -> Amount:
        kind: Literal["count", "deaths", "day"] = "day"
        if self.take("how"):
            if not self.take("many"):
                self.fail("expected_many", ("many",))
            kind = "deaths" if self.take("deaths") else "count"
        else:
            self.take("when")
        self._refuse_in_amount()
        counted = self._acts()
        if self.now.kind != "end" or not isinstance(counted, Count):
            self.fail("expected_end")
        return Amount(counted.acts, counted.window, kind)

    def _refuse_in_amount(self) -> None:
        """Refuse what makes a yes or no of acts, or more than one sort of them."""
        if self.now.text in ("phase", "war", "clock") or self._asks_talks:
            raise self.error("amount_of_acts", self.now.text, self.now.at, hint="talks_as_acts")
        around = [None, *self.tokens]
        for before, token, after in zip(around, self.tokens, [*self.tokens[1:], None], strict=False):
            named = (before is not None and before.text in ("=", ",", "->", "<->")) or (
                after is not None and after.text in ("->", "<->", ",")
            )
            if token.at >= self.now.at and token.text in _NOT_OF_AMOUNTS and not named:
                example = "how many deaths A->B force within 90d"
                data = {"hint": "try", "example": example} if token.text == "deaths" else {}
                raise self.error("amount_of_one", token.text, token.at, **(data or {"hint": "see_grammar"}))

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
        if self._asks_talks:
            self.place += 1
            return self._days_of("talks")
        if self.take("war"):
            return War(self.window())
        if self.take("phase"):
            word = self.take(*PHASES) or self.fail("expected_phase", tuple(PHASES), choices=tuple(PHASES))
            return self._days_of(PHASES[word])
        return self._clock() if self.take("clock") else self._acts()

    @property
    def _asks_talks(self) -> bool:
        """Whether the overlay talks begins here, and not acts that are talks."""
        return self.now.text == "talks" and self.next.text in ("within", "from", "on", "share")

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
                self.fail("expected_part", JOINS)
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
            return below, times, self.between(self.moved(span, at, back=True), self.as_of, at)
        at = self.now.at
        if self.now.kind == "span":
            begins = self.moved(self.need("span", "expected_span", example="108d"), at, back=True)
            self.sign("..")
            ends = self.moved(self.need("span", "expected_span", example="16d"), at, back=True)
            if not self.take("ago"):
                self.fail("expected_ago")
            return below, times, self.between(begins, ends, at)
        if self.now.kind != "date":
            self.fail("expected_reference")
        start = self.day()
        self.sign("..")
        return below, times, self.between(start, self.day(), at)

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
                if actors is not None and name not in actors and not self.names.real(name):
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
                if word in AMOUNTS:
                    raise self.error("amount_first", word, self.now.at, hint="see_grammar")
                if word.lower() in WRITTEN:
                    self.fail("expected_kind", hint="try", example=WRITTEN[word.lower()])
                known = (*ROLES, *scheme.classes, *actions, *STARTS, *JOINS)
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
