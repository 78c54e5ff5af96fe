"""Questions: dated statements, resolved by one function on history and on every future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from detente._chronicles import Chronicles, Path
from detente._settle import Outcome, Outcomes, settle
from detente.argument import Argument, CountSpec, QuestionSpec
from detente.chronicle import Chronicle
from detente.clocks import ClockFit, at_clocks
from detente.compiler import Shared, assemble, lay_out, read_known
from detente.errors import Fault, QuestionError
from detente.fit import Fitted
from detente.futures import TRACE_EVERY, Futures
from detente.grammar import Names, parse_question
from detente.ontology.classes import scheme_of
from detente.phase_history import sides_of
from detente.program import Program
from detente.statements import Acts, Clock, Count, Kind, Statement, leaves, shift, span
from detente.timeline import Window

FIRST_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
LIKELY = 0.05  # posterior mass from which a pair of half-lives has a say in what a clock did


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
    def window(self) -> Window:
        """From the first day any part looks at to the last."""
        return span(*self.parts)

    def shifted(self, days: int) -> Question:
        """Return the same question so many days later."""
        given = None if self.given is None else shift(self.given, days)
        return Question(self.id, self.text, shift(self.asks, days), given, self.first)


def names_of(
    argument: Argument, scheme: str, codebook: str = "detente", actors: tuple[str, ...] | None = None
) -> Names:
    """Return what names in a question may stand for under an argument."""
    groups: Mapping[str, tuple[str, ...]] = {
        **({"principals": argument.principals} if argument.principals else {}),
        **{name: party.members for name, party in argument.parties.items()},
    }
    return Names(groups, scheme, codebook, actors)


def bind(
    spec: QuestionSpec,
    argument: Argument,
    scheme: str,
    as_of: date,
    *,
    codebook: str = "detente",
    actors: tuple[str, ...] | None = None,
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

    Raises
    ------
    QuestionError
        If the question would close before it opens, or its line of text cannot be read.
    """
    names = names_of(argument, scheme, codebook, actors)
    if spec.ask is not None:
        parsed = parse_question(spec.ask, names, as_of)
        return Question(spec.id, spec.text, parsed.asks, parsed.given, parsed.first)
    opens = spec.opens or as_of + timedelta(days=spec.opens_after_days)
    closes = spec.closes or as_of + timedelta(days=spec.within_days or 0)
    if closes <= opens:
        got = f"{opens.isoformat()} to {closes.isoformat()}"
        raise QuestionError(
            Fault(spec.id, "must close after it opens", got=got, hint="Move closes, or as_of.")
        )
    acts = _acts(spec.count or CountSpec(), names)
    return Question(spec.id, spec.text, Count(acts, Window(opens, closes), spec.at_least, spec.at_most))


def _acts(count: CountSpec, names: Names) -> Acts:
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
    question whose condition did not hold is void.

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


def first_days(question: Question, on: Chronicles) -> npt.NDArray[np.float64]:
    """Return days from the window's start to the first act that surely counts, shape (future,); inf if none came."""
    out = np.full(on.count, np.inf)
    if isinstance(question.asks, Count):
        window, found = question.asks.window, on.tally(question.asks.acts)[0]
        start, end = window.start.toordinal(), window.end.toordinal()
        inside = found.sure & (found.first >= start) & (found.end <= end)
        np.minimum.at(out, found.future[inside], (found.first[inside] - start).astype(float))
    return out


def of_history(
    argument: Argument,
    chronicle: Chronicle,
    questions: tuple[Question, ...] = (),
    *,
    posterior: Fitted | None = None,
) -> Chronicles:
    """Return a chronicle ready to be asked.

    Parameters
    ----------
    argument : Argument
        Says who stands on which side, whose acts count as whose, and which sieges and tolls were declared.
    chronicle : Chronicle
    questions : tuple of Question
        Clocks are worked out only if one of these asks for one.
    posterior : Fitted, optional
        Says which half-lives the clocks may have; without it they have those that the argument declares.
    """
    end = chronicle.window.end
    paths: dict[tuple[str, str], Path] = {}
    if any(isinstance(leaf, Clock) for q in questions for part in q.parts for leaf in leaves(part)):
        programs = _programs(argument, chronicle, posterior)
        for principal, clock in programs[0].watched:
            # each program has its own rows: memories of equal half-life are one
            rows = [(p, p.watched[principal, clock]) for p in programs]
            # the last value stands before the acts of the day after the chronicle
            values = [np.append(p.history.memory_rows[row], p.initial[row]) for p, row in rows]
            paths[clock, principal] = Path(programs[0].history.window.start, 1, np.array(values))
    sides = sides_of(argument, end) if argument.principals else None
    tolls = tuple((Window(t.start, t.end), t.deaths) for t in argument.tolls if t.known_from <= end)
    ready = Chronicles.of(_attributed(chronicle, argument))
    return replace(ready, sides=sides, tolls=tolls, paths=paths)


def _programs(argument: Argument, chronicle: Chronicle, posterior: Fitted | None) -> list[Program]:
    """Return the chronicle compiled once for each likely pair of fast and slow half-lives."""
    likely: dict[tuple[float, float], float] = {}
    if isinstance(posterior, ClockFit):
        for point, mass in zip(posterior.points, posterior.weights, strict=True):
            pair = point["fast"], point["slow"]
            likely[pair] = likely.get(pair, 0.0) + float(mass)
    clocks = argument.clocks.half_lives() if posterior is None else dict(posterior.program.clocks)
    pairs = [pair for pair, mass in likely.items() if mass >= LIKELY] or [(clocks["fast"], clocks["slow"])]
    known = read_known(argument, chronicle, chronicle.window.end)
    points = [clocks | {"fast": fast, "slow": slow} for fast, slow in pairs]
    shared = Shared()
    return [assemble(at_clocks(argument, point), known, shared) for point in points]


def _attributed(chronicle: Chronicle, argument: Argument) -> Chronicle:
    """Put agents' acts under the principals they were done for."""
    if argument.principals is None:
        return chronicle
    layout = lay_out(argument, chronicle.scheme)
    return replace(chronicle, events=layout.attribute(chronicle.events))


def of_futures(futures: Futures, argument: Argument, chronicle: Chronicle) -> Chronicles:
    """Return futures ready to be asked, with the past that was known when they start."""
    start, scheme = futures.window.start, futures.scheme
    past = _attributed(chronicle.known_at(start), argument)
    recorded = list(futures.posterior.program.watched)  # traces keep this order
    traces = futures.log.traces
    paths = {
        (clock, principal): Path(start, TRACE_EVERY, traces[:, i, :].astype(float))
        for i, (principal, clock) in enumerate(recorded)
        if traces.shape[1] == len(recorded)
    }
    sides = sides_of(argument, start)
    return Chronicles(futures.events, futures.window, futures.count, scheme, past, sides, paths=paths)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's probability over futures, with its Monte-Carlo interval, and the outcome if history has one.

    Attributes
    ----------
    question : Question
    probability, low, high : float or None
        None if no future settled it. The interval holds 90 % of the Monte-Carlo error.
    ambiguous : float
        Share of futures left out as ambiguous, of those where the condition held.
    outcome : Outcome
    settled : int
        Futures behind the probability.
    first : tuple of date or None
        Days by which the first act came in 5, 25, 50, 75 and 95 % of futures, None where it came in fewer; empty
        unless asked for.
    first_seen : date or None
        Day of the first act in history, if asked for and covered.
    """

    question: Question
    probability: float | None
    low: float | None
    high: float | None
    ambiguous: float
    outcome: Outcome
    settled: int = 0
    first: tuple[date | None, ...] = ()
    first_seen: date | None = None


def answer(
    question: Question,
    outcomes: Outcomes,
    outcome: Outcome,
    *,
    first: npt.NDArray[np.float64] | None = None,
    first_seen: float = np.inf,
) -> Answer:
    """Turn outcomes over futures into a probability.

    Ambiguous futures leave the probability and their share is kept. ``low`` and ``high`` bound 90 % of the
    Monte-Carlo error (Jeffreys interval), not the uncertainty of the model.

    Parameters
    ----------
    question : Question
    outcomes : ndarray of shape (future,)
    outcome : Outcome
        On history.
    first : ndarray of shape (future,), optional
        Days to the first act in each future, and `first_seen` in history; see `first_days`.
    """
    from scipy.special import betaincinv

    yes, no = int((outcomes == Outcome.YES).sum()), int((outcomes == Outcome.NO).sum())
    held = outcomes != Outcome.VOID
    unclear = float((outcomes[held] == Outcome.AMBIGUOUS).mean()) if held.any() else 0.0
    days: tuple[date | None, ...] = ()
    seen = None
    if first is not None and held.any():
        at = np.quantile(first[held], FIRST_SHARES, method="inverted_cdf")
        days = tuple(question.window.day(int(d)) if np.isfinite(d) else None for d in at)
        seen = question.window.day(int(first_seen)) if np.isfinite(first_seen) else None
    if yes + no == 0:
        return Answer(question, None, None, None, unclear, outcome, 0, days, seen)
    low = float(betaincinv(yes + 0.5, no + 0.5, 0.05)) if yes else 0.0
    high = float(betaincinv(yes + 0.5, no + 0.5, 0.95)) if no else 1.0
    return Answer(question, yes / (yes + no), low, high, unclear, outcome, yes + no, days, seen)


def answer_all(questions: tuple[Question, ...], futures: Chronicles, history: Chronicles) -> list[Answer]:
    """Answer questions on futures and on history.

    Raises
    ------
    QuestionError
        If one of them cannot be asked of these chronicles.
    """
    out = []
    for question in questions:
        first = first_days(question, futures) if question.first else None
        seen = float(first_days(question, history)[0]) if question.first else np.inf
        outcomes = resolve_many(question, futures)
        out.append(answer(question, outcomes, resolve(question, history), first=first, first_seen=seen))
    return out


__all__ = [
    "FIRST_SHARES",
    "Answer",
    "Chronicles",
    "Outcome",
    "Question",
    "answer",
    "answer_all",
    "bind",
    "first_days",
    "names_of",
    "of_futures",
    "of_history",
    "resolve",
    "resolve_many",
]
