"""Questions: dated statements, resolved by one function on history and on every future."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from detente.argument.argument import Argument
from detente.argument.blocks import CountSpec, QuestionSpec
from detente.base.days import Window
from detente.base.errors import Fault, QuestionError
from detente.base.input_limits import LIMITS, Limits
from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of
from detente.questions.amounts import Amounts, measure
from detente.questions.chronicles import Chronicles
from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.settle import Outcome, Outcomes, settle
from detente.questions.statements import Acts, Amount, Count, Kind, Statement, shift, span


@dataclass(frozen=True, slots=True)
class Question:
    """A question bound to days, actors and classes.

    Attributes
    ----------
    id, text : str
    asks : Statement
    given : Statement or None
        A condition: only chronicles where it holds count.
    first : bool
        Whether the day of the first act is asked for too; `asks` is then a count.
    """

    id: str
    text: str
    asks: Statement
    given: Statement | None = None
    first: bool = False

    @property
    def parts(self) -> tuple[Statement, ...]:
        """What it asks, and its condition if it has one."""
        return (self.asks,) if self.given is None else (self.asks, self.given)

    @property
    def amount(self) -> Amount | None:
        """What it asks if that is how many or when; None if the answer is yes or no."""
        return self.asks if isinstance(self.asks, Amount) else None

    @property
    def window(self) -> Window:
        """From the first day any part looks at to the last."""
        return span(*self.parts)

    def shifted(self, days: int) -> Question:
        """Return the same question so many days later."""
        given = None if self.given is None else shift(self.given, days)
        return Question(self.id, self.text, shift(self.asks, days), given, self.first)


def question_names(
    argument: Argument,
    scheme: str,
    codebook: str = "detente",
    actors: tuple[str, ...] | None = None,
    real: Callable[[str], bool] = lambda code: False,
) -> QuestionNames:
    """Return what names in a question may stand for under an argument."""
    groups: Mapping[str, tuple[str, ...]] = {
        **({"principals": argument.principals} if argument.principals else {}),
        **{name: party.members for name, party in argument.parties.items()},
    }
    return QuestionNames(groups, scheme, codebook, actors, real)


def bind(
    spec: QuestionSpec,
    argument: Argument,
    scheme: str,
    as_of: date,
    *,
    codebook: str = "detente",
    actors: tuple[str, ...] | None = None,
    real: Callable[[str], bool] = lambda code: False,
    limits: Limits = LIMITS,
) -> Question:
    """Bind a declared question to days, actors and the classes of a scheme.

    Parameters
    ----------
    spec : QuestionSpec
    argument : Argument
        Resolves the names of parties and of the principals.
    scheme, codebook : str
        Class scheme and codebook of the chronicle it will be asked of.
    as_of : date
        Opens the question where it declares no day of its own.
    actors : tuple of str, optional
        Codes that occur; a line of text that names another is refused.
    real : callable
        Whether a code that does not occur is no misspelling: such a code is taken.
    limits : Limits
        How long a line of text and a window may be.

    Raises
    ------
    QuestionError
        If the question would close before it opens, its window or its line of text is too long, or the line cannot be
        read.
    """
    names = question_names(argument, scheme, codebook, actors, real)
    if spec.ask is not None:
        parsed = parse_question(spec.ask, names, as_of, limits)
        return Question(spec.id, spec.text, parsed.asks, parsed.given, parsed.first)
    opens = spec.opens or as_of + timedelta(days=spec.opens_after_days)
    closes = spec.closes or as_of + timedelta(days=spec.within_days or 0)
    if closes <= opens:
        got = (opens, closes)
        raise QuestionError(Fault("closes_before_open", spec.id, got=got, hint="move_closes"))
    if limits.too_long(min(opens, as_of), max(closes, as_of)):
        got, years = (opens, closes), limits.window
        raise QuestionError(Fault("window_too_long", spec.id, got=got, hint="check_years", years=years))
    acts = _acts(spec.count or CountSpec(), names)
    return Question(spec.id, spec.text, Count(acts, Window(opens, closes), spec.at_least, spec.at_most))


def _acts(count: CountSpec, names: QuestionNames) -> Acts:
    def actors(given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for name in given for code in names.groups.get(name, (name,))))

    scheme = scheme_of(names.scheme)
    classes = tuple(dict.fromkeys(cls for role in count.role for cls in scheme.classes_of(role)))
    wanted = (Kind(classes=classes), Kind(actions=count.action))
    kinds = tuple(kind for kind in wanted if kind.classes or kind.actions)
    source, target = actors(count.source), actors(count.target)
    return Acts(source, target, count.either_way, kinds, count.mode, count.issue, count.deaths_at_least)


def resolve(question: Question, on: Chronicle | Chronicles) -> Outcome:
    """Settle a question on one chronicle: history, or one future.

    An act whose day, mode, issue or deaths are not known may or may not count: if the answer hangs on such acts it is
    ambiguous. Before the last day is covered a question is *not yet* settled, unless no later day can change it. A
    question whose condition did not hold is void. One that asks how many or when is settled where `amounts` has one
    value.

    Parameters
    ----------
    question : Question
    on : Chronicle or Chronicles
        A bare chronicle answers counts; phases, wars, rates and clocks need what `of_history` adds.
    """
    chronicles = Chronicles.of(on) if isinstance(on, Chronicle) else on
    return Outcome(int(resolve_many(question, chronicles)[0]))


def resolve_many(question: Question, on: Chronicles) -> Outcomes:
    """Settle a question on many chronicles that share one window; see `resolve`.

    Returns
    -------
    ndarray of shape (future,)
        `Outcome` values.
    """
    asked = settle(question.asks, on)
    if question.given is None:
        return asked
    given = settle(question.given, on)
    held = np.where(given == Outcome.YES, asked, given)
    return np.where(given == Outcome.NO, Outcome.VOID, held).astype(np.int8)


def amounts(question: Question, on: Chronicle | Chronicles) -> Amounts:
    """Return the count, the deaths or the day that a question asks for, on one chronicle or on each of many.

    `resolve` says of the same amounts whether they are settled.

    Raises
    ------
    QuestionError
        If the answer is yes or no.

    Examples
    --------
    >>> from detente.argument.blocks import QuestionSpec
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran")
    >>> spec = QuestionSpec(
    ...     id="q", text="?", ask="how many USA->IRN pressure from 2018-05-01 to 2018-12-01"
    ... )
    >>> question = bind(spec, case.argument, "detente", date(2018, 5, 1))
    >>> resolve(question, case.chronicle).word, bool(amounts(question, case.chronicle).low[0] > 5)
    ('settled', True)
    """
    return measure(asked_amount(question), Chronicles.of(on) if isinstance(on, Chronicle) else on)


def asked_amount(question: Question) -> Amount:
    """Return what a question asks that is not answered by yes or no.

    Raises
    ------
    QuestionError
        If it is.
    """
    if question.amount is None:
        raise QuestionError(Fault("not_an_amount_asked", question.id))
    return question.amount


def first_days(question: Question, on: Chronicles) -> npt.NDArray[np.float64]:
    """Return days from the window's start to the first act that surely counts, shape (future,); inf if none came."""
    if not isinstance(question.asks, Count):
        return np.full(on.count, np.inf)
    first = on.tally(question.asks.acts, question.asks.window).first
    return np.where(first >= 0, first, np.inf)
