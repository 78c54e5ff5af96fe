"""What an argument and plain base rates said of questions on past days, and what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Bools, Floats, Ints
from detente.base.days import Window
from detente.base.errors import UnstableModelError
from detente.base.input_limits import Limits
from detente.base.progress import Progress
from detente.base.store import key_of
from detente.base.workers import Workers, workers_of
from detente.events.chronicle import Chronicle
from detente.lab.ask import ask
from detente.lab.case import Case
from detente.lab.chronicles import of_history
from detente.lab.record import RecordedQuestion, TrackRecord
from detente.model.fit_cache import fit_key
from detente.questions.question import bind, resolve
from detente.questions.settle import Outcome
from detente.questions.statements import windows_read
from detente.studies.scoring.question_protocol import (
    ALL,
    ARGUMENT,
    OF_TYPE,
    RECENT,
    AskedQuestion,
    QuestionProtocol,
)

Forecasts = dict[str, dict[str, float | None]]
"""What one day says: a probability by forecaster, by question."""


@dataclass(frozen=True)
class QuestionCases:
    """Every question on every day: what each forecaster said, and what came.

    Attributes
    ----------
    protocol : QuestionProtocol
    forecasters : tuple of str
        The argument first.
    said : ndarray of shape (forecaster, question, date)
        Probabilities; NaN where there was none.
    outcome : ndarray of shape (question, date)
        `Outcome` values. A window that does not end in the coverage is not settled, even by an early act: of windows
        cut short only those with an act could be counted.
    days : ndarray of shape (question, date)
        Length of each window.
    unstable : ndarray of shape (date,)
        Days on which the argument was refused since a burst of acts would grow from round to round.
    spectral_radius : float or None
        The largest of the fits that said something.
    """

    protocol: QuestionProtocol
    forecasters: tuple[str, ...]
    said: Floats
    outcome: Ints
    days: Ints
    unstable: Bools
    spectral_radius: float | None = None

    @property
    def scored(self) -> Bools:
        """Which are settled and forecast by all, shape (question, date)."""
        return np.asarray((self.outcome <= Outcome.YES) & ~np.isnan(self.said).any(axis=0))

    @property
    def happened(self) -> Floats:
        """1 where a question came true, shape (question, date)."""
        return np.asarray(self.outcome == Outcome.YES, dtype=float)

    def left_out(self, question: int | None = None) -> dict[str, int]:
        """Count the cases that are not scored by the reason, of one question or of all."""
        rows = slice(None) if question is None else [question]
        outcome, said = self.outcome[rows], self.said[:, rows]
        settled = outcome <= Outcome.YES
        return {
            "ambiguous": int((outcome == Outcome.AMBIGUOUS).sum()),
            "not_yet": int((outcome == Outcome.NOT_YET).sum()),
            "unstable": int((settled & self.unstable).sum()),
            "not_modelled": int((settled & ~self.unstable & np.isnan(said[0])).sum()),
            "no_base_rate": int((settled & ~np.isnan(said[0]) & np.isnan(said[1:]).any(axis=0)).sum()),
        }

    def record(self) -> TrackRecord:
        """Return the settled forecasts of the argument as a record."""
        rows = []
        for i, question in enumerate(self.protocol.questions):
            at = np.flatnonzero(self.scored[i]).tolist()
            rows.append(
                RecordedQuestion(
                    question.id,
                    question.ask,
                    question.type,
                    question.horizon,
                    tuple(self.protocol.dates[d] for d in at),
                    tuple(round(float(self.said[0, i, d]), 4) for d in at),
                    tuple(int(self.happened[i, d]) for d in at),
                )
            )
        return TrackRecord(tuple(rows))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; NaN becomes None."""
        said = [[[None if np.isnan(p) else float(p) for p in row] for row in table] for table in self.said]
        return {
            "forecasters": list(self.forecasters),
            "said": said,
            "outcome": self.outcome.tolist(),
            "days": self.days.tolist(),
            "unstable": self.unstable.tolist(),
            "spectral_radius": self.spectral_radius,
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any], protocol: QuestionProtocol) -> QuestionCases:
        """Return what `to_dict` wrote of a protocol."""
        return cls(
            protocol,
            tuple(value["forecasters"]),
            np.array(value["said"], dtype=float),
            np.array(value["outcome"], dtype=np.int64),
            np.array(value["days"], dtype=np.int64),
            np.array(value["unstable"], dtype=np.bool_),
            value["spectral_radius"],
        )


def question_cases(
    case: Case,
    protocol: QuestionProtocol,
    *,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> QuestionCases:
    """Ask every question on every day of a protocol and settle it on what came.

    What is said on a day is kept under a digest of what was known by then, so that later acts make no day stale.

    Parameters
    ----------
    case : Case
    protocol : QuestionProtocol
    threads : int or Workers
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with ("dates", done, total).

    Raises
    ------
    FitError
        If the argument cannot be fitted on one of the days.
    """
    days = _forecasts(case, protocol, threads, progress)
    outcome, length = outcomes_on(case, protocol)
    names = (ARGUMENT, ALL, RECENT, OF_TYPE)
    said = np.array(
        [
            [[_number(day["said"][question.id][name]) for day in days] for question in protocol.questions]
            for name in names
        ]
    )
    unstable = np.array([day["spectral_radius"] is None for day in days])
    radius = max((day["spectral_radius"] for day in days if day["spectral_radius"] is not None), default=None)
    return QuestionCases(protocol, names, said, outcome, length, unstable, radius)


def forecast_day(
    case: Case, questions: Sequence[AskedQuestion], futures: int, seed: int, day: date
) -> dict[str, Any]:
    """Return what each forecaster says on a day of some questions, from what was known by then alone.

    Parameters
    ----------
    case : Case
    questions : sequence of AskedQuestion
    futures, seed : int
    day : date

    Returns
    -------
    dict
        ``said``: `Forecasts`. ``spectral_radius``: of the fit; None, and nothing said, where a burst of acts would grow
        from round to round and the case does not allow that.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> asked = [AskedQuestion("talks-90d", "talks", 90, "USA<->IRN talks within 90d")]
    >>> baseline = load_case("us-iran", argument="baseline")
    >>> said = forecast_day(baseline, asked, 50, 1, date(2020, 1, 1))["said"]["talks-90d"]
    >>> said["all"] == said["type"], 0 <= said["argument"] <= 1
    (True, True)
    """
    then = replace(case, chronicle=case.chronicle.known_at(day))
    specs = [question.spec for question in questions]
    try:
        result = ask(then, *specs, as_of=day, futures=futures, seed=seed, threads=1)
    except UnstableModelError:
        said: Forecasts = {
            question.id: dict.fromkeys((ARGUMENT, ALL, RECENT, OF_TYPE)) for question in questions
        }
        return {"said": said, "spectral_radius": None}
    said = {}
    for question, asked in zip(questions, result.asked, strict=True):
        every, recent = asked.base_rates
        said[question.id] = {
            ARGUMENT: asked.answer.probability,
            ALL: every.of_settled,
            RECENT: recent.of_settled,
        }
    for question in questions:
        shares = [said[other.id][ALL] for other in questions if other.type == question.type]
        known = [share for share in shares if share is not None]
        said[question.id][OF_TYPE] = sum(known) / len(known) if known else None
    return {"said": said, "spectral_radius": float(result.run.posterior.spectral_radius)}


def _forecasts(
    case: Case, protocol: QuestionProtocol, threads: int | Workers, progress: Progress | None
) -> list[dict[str, Any]]:
    """Return what was said on each day, found again or made."""
    store, keys = case.store, {day: _key(case, protocol, day) for day in protocol.dates}
    kept = {day: store.value("backtest", key) for day, key in keys.items()}
    found: dict[date, dict[str, Any]] = {day: value for day, value in kept.items() if value is not None}
    missing = [day for day in protocol.dates if day not in found]
    done = len(protocol.dates) - len(missing)
    if progress:
        progress("dates", done, len(protocol.dates))
    if missing:
        parts = case.rivalry, case.argument, case.chronicle, case.allow_unstable, case.limits
        make = partial(_said_on, parts, protocol.questions, protocol.futures, protocol.seed)
        made = workers_of(threads).stream(make, missing, ahead=len(missing))
        for day, value in zip(missing, made, strict=True):  # kept as it comes: an interrupt loses little
            found[day] = value
            store.keep("backtest", keys[day], value)
            done += 1
            if progress:
                progress("dates", done, len(protocol.dates))
    return [found[day] for day in protocol.dates]


def _said_on(
    parts: tuple[str | None, Argument, Chronicle, bool, Limits],
    questions: Sequence[AskedQuestion],
    futures: int,
    seed: int,
    day: date,
) -> dict[str, Any]:
    """Make the case of its parts, which can be sent to another process, and ask it."""
    return forecast_day(Case(*parts, cache=False), questions, futures, seed, day)


def _key(case: Case, protocol: QuestionProtocol, day: date) -> str:
    return key_of(
        {
            "what": "questions of a day",
            "fit": fit_key(case.argument, case.known(day)),
            "questions": [(question.id, question.type, question.ask) for question in protocol.questions],
            "futures": protocol.futures,
            "seed": protocol.seed,
            "allow_unstable": case.allow_unstable,
        }
    )


def outcomes_on(case: Case, protocol: QuestionProtocol) -> tuple[Ints, Ints]:
    """Return how each question was settled on each day, and how long its window is, shape (question, date)."""
    history = of_history(case.argument, case.chronicle)
    scheme, codebook = case.chronicle.scheme, case.chronicle.codebook
    outcome = np.empty((len(protocol.questions), len(protocol.dates)), dtype=np.int64)
    length = np.empty_like(outcome)
    for i, asked in enumerate(protocol.questions):
        for d, day in enumerate(protocol.dates):
            question = bind(asked.spec, case.argument, scheme, day, codebook=codebook, limits=case.limits)
            window = Window(day, question.window.end)
            length[i, d] = window.days
            read = windows_read(question.asks)
            if history.window.end < window.end:
                outcome[i, d] = Outcome.NOT_YET
            elif any(history.has_gap(each) for each in read):
                outcome[i, d] = Outcome.AMBIGUOUS
            else:
                outcome[i, d] = resolve(question, history)
    return outcome, length


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
