"""Questions: dated statements, resolved by one function on history and on every future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.argument import Argument, CountSpec, QuestionSpec
from detente.chronicle import Chronicle
from detente.errors import Fault, QuestionError
from detente.ontology.classes import ClassScheme, scheme_of
from detente.timeline import Window


class Outcome(IntEnum):
    """How a question is settled on one chronicle."""

    NO = 0
    YES = 1
    AMBIGUOUS = 2
    NOT_YET = 3

    @property
    def word(self) -> str:
        """The outcome as printed."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Question:
    """A question bound to days, actors and classes: at least, or at most, so many acts in a window.

    An empty tuple takes everything. ``mutual`` acts match in either order of their two parties.
    """

    id: str
    text: str
    window: Window
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    either_way: bool = False
    classes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    deaths_at_least: int | None = None
    at_least: int | None = None
    at_most: int | None = None


def bind(spec: QuestionSpec, argument: Argument, scheme: str, as_of: date) -> Question:
    """Bind a declared question to days, actors and the classes of a scheme.

    Parameters
    ----------
    spec : QuestionSpec
    argument : Argument
        Resolves the names of parties and of the principals.
    scheme : str
        Class scheme of the chronicle it will be asked of.
    as_of : date
        Opens the question where it declares no day of its own.

    Raises
    ------
    QuestionError
        If the question would close before it opens.
    """
    opens = spec.opens or as_of + timedelta(days=spec.opens_after_days)
    closes = spec.closes or as_of + timedelta(days=spec.within_days or 0)
    if closes <= opens:
        got = f"{opens.isoformat()} to {closes.isoformat()}"
        raise QuestionError(
            Fault(spec.id, "must close after it opens", got=got, hint="Move closes, or as_of.")
        )
    count, roles = spec.count, scheme_of(scheme)
    return Question(
        spec.id,
        spec.text,
        Window(opens, closes),
        _actors(count.source, argument),
        _actors(count.target, argument),
        count.either_way,
        _classes(count, roles),
        count.action,
        count.mode,
        count.issue,
        count.deaths_at_least,
        spec.at_least,
        spec.at_most,
    )


def resolve(question: Question, chronicle: Chronicle) -> Outcome:
    """Settle a question on one chronicle: history, or one future.

    An act whose day, mode, issue or deaths are not known may or may not count: if the answer hangs on such acts it is
    ambiguous. Before the last day is covered a question is *not yet* settled, unless no later day can change it.
    """
    events = chronicle.events.with_columns(future=pl.lit(0, dtype=pl.Int32))
    return Outcome(int(resolve_many(question, events, chronicle.window, 1)[0]))


def resolve_many(
    question: Question, events: pl.DataFrame, window: Window, futures: int
) -> npt.NDArray[np.int8]:
    """Settle a question on many chronicles that share one window; see `resolve`.

    Parameters
    ----------
    question : Question
    events : polars.DataFrame
        Canonical events with a column ``future``.
    window : Window
        Days the chronicles cover.
    futures : int
        Number of chronicles.

    Returns
    -------
    ndarray of shape (future,)
        `Outcome` values.
    """
    sure, maybe = _matches(question)
    per = (
        events.lazy()
        .select("future", sure=sure, maybe=maybe)
        .filter(pl.col("sure") | pl.col("maybe"))
        .group_by("future")
        .agg(pl.col("sure").sum(), pl.col("maybe").sum())
        .collect()
    )
    index = per["future"].to_numpy()
    certain, possible = np.zeros(futures, dtype=np.int64), np.zeros(futures, dtype=np.int64)
    certain[index], possible[index] = per["sure"].to_numpy(), per["maybe"].to_numpy()
    possible += certain
    if question.at_least is not None:
        won, open_, lost = certain >= question.at_least, possible >= question.at_least, Outcome.NO
        settled = Outcome.YES
    else:
        limit = question.at_most or 0
        won, open_, lost, settled = certain > limit, possible > limit, Outcome.YES, Outcome.NO
    unsettled = np.where(open_, Outcome.AMBIGUOUS, lost)
    if window.start > question.window.start:
        unsettled[:] = Outcome.AMBIGUOUS  # the first days are not covered
    if window.end < question.window.end:
        unsettled[:] = Outcome.NOT_YET
    return np.where(won, settled, unsettled).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's probability over futures, with its Monte-Carlo interval, and the outcome if history has one."""

    question: Question
    probability: float | None
    low: float | None
    high: float | None
    ambiguous: float
    outcome: Outcome


def answer(question: Question, outcomes: npt.NDArray[np.int8], outcome: Outcome) -> Answer:
    """Turn outcomes over futures into a probability.

    Ambiguous futures leave the probability and their share is kept. ``low`` and ``high`` bound 90 % of the
    Monte-Carlo error (Jeffreys interval), not the uncertainty of the model.
    """
    from scipy.special import betaincinv

    yes, no = int((outcomes == Outcome.YES).sum()), int((outcomes == Outcome.NO).sum())
    unclear = float((outcomes == Outcome.AMBIGUOUS).mean())
    if yes + no == 0:
        return Answer(question, None, None, None, unclear, outcome)
    low = float(betaincinv(yes + 0.5, no + 0.5, 0.05)) if yes else 0.0
    high = float(betaincinv(yes + 0.5, no + 0.5, 0.95)) if no else 1.0
    return Answer(question, yes / (yes + no), low, high, unclear, outcome)


def _actors(names: tuple[str, ...], argument: Argument) -> tuple[str, ...]:
    groups: Mapping[str, tuple[str, ...]] = {
        "principals": argument.principals or (),
        **{name: party.members for name, party in argument.parties.items()},
    }
    return tuple(dict.fromkeys(code for name in names for code in groups.get(name, (name,))))


def _classes(count: CountSpec, scheme: ClassScheme) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cls for role in count.role for cls in scheme.classes_of(role)))


def _matches(question: Question) -> tuple[pl.Expr, pl.Expr]:
    """Return two expressions: the act surely counts; it may count, for want of a field."""
    forward = _within("source", question.sources) & _within("target", question.targets)
    backward = _within("source", question.targets) & _within("target", question.sources)
    parties = forward | (backward & (pl.lit(question.either_way) | pl.col("mutual")))
    known = parties & _within("class", question.classes) & _within("action", question.actions)
    span_end = (
        pl.when(pl.col("precision") == "month")
        .then(pl.col("date").dt.offset_by("1mo"))
        .when(pl.col("precision") == "year")
        .then(pl.col("date").dt.offset_by("1y"))
        .otherwise(pl.col("date").dt.offset_by("1d"))
    )
    inside = (pl.col("date") >= question.window.start) & (span_end <= question.window.end)
    touches = (pl.col("date") < question.window.end) & (span_end > question.window.start)
    sure, may = known & inside, known & touches
    for column, allowed in (("mode", question.modes), ("issue", question.issues)):
        if allowed:
            says = pl.col(column).is_in(list(allowed))
            sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
    if question.deaths_at_least:
        says = pl.col("fatalities") >= question.deaths_at_least
        sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
    return sure, may & ~sure


def _within(column: str, allowed: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(allowed)) if allowed else pl.lit(value=True)
