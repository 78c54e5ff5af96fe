"""The use case `backtest --questions`: what an argument said of past questions, scored and compared with base rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from detente.base.clock import stopwatch
from detente.base.memory import peak_bytes
from detente.base.progress import Progress
from detente.base.workers import Threads, Workers
from detente.lab.case import Case, case_of
from detente.lab.estimate import Estimate, estimate_of
from detente.lab.head import head_of
from detente.lab.record import keep_record
from detente.questions.types import HORIZONS
from detente.studies.scoring.question_backtest import QuestionBacktest
from detente.studies.scoring.question_cases import question_cases
from detente.studies.scoring.question_protocol import QuestionProtocol, question_protocol_of

_SAMPLED = 2  # dates that an estimate times, beside a first one that loads and compiles


def backtest_questions(
    case: Case | str | Path,
    *,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> QuestionBacktest:
    """Ask past questions of the argument of a case, settle them on what came, and score what was said.

    What was said on each day is kept, and so is the record of similar questions that `ask` shows beside an answer.

    Parameters
    ----------
    case : Case, str or path
        A rivalry that declares its days is asked on these; see `question_protocol_of`.
    threads : int or Workers
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with ("dates", done, total).

    Returns
    -------
    QuestionBacktest

    Raises
    ------
    ArgumentError, DataError, FitError
        If the argument has no principals, the chronicle is too short, or a model cannot be fitted on some day.

    Notes
    -----
    On a day on which a burst of acts would grow from round to round the argument says nothing unless the case allows
    that; such cases are left out and counted.
    """
    case = case_of(case)
    case.known(case.chronicle.window.end)  # too little data is refused
    found = scored_questions(case, question_protocol_of(case), threads=threads, progress=progress)
    keep_record(case, found.cases.record())
    return found


def scored_questions(
    case: Case,
    protocol: QuestionProtocol,
    *,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> QuestionBacktest:
    """Return the scores of the questions and the days of a protocol; see `backtest_questions`."""
    cases = question_cases(case, protocol, threads=threads, progress=progress)
    cautions = case.cautions(case.chronicle.window.end, cases.spectral_radius)
    return QuestionBacktest(cases, head_of(case), cautions, case.inputs)


def questions_estimate(case: Case, *, threads: int = 0) -> Estimate:
    """Estimate what `backtest_questions` would cost, from some of its days; nothing is kept.

    Parameters
    ----------
    case : Case
    threads : int
        0 uses every core.

    Raises
    ------
    ArgumentError, DataError, FitError
        As `backtest_questions`.
    """
    protocol = question_protocol_of(case)
    dates = protocol.dates
    sampled = sorted({dates[len(dates) * i // (_SAMPLED + 1)] for i in range(1, _SAMPLED + 1)})
    plain = replace(case, cache=False)

    def seconds(days: tuple[date, ...]) -> float:
        watch = stopwatch()
        question_cases(plain, replace(protocol, dates=days), threads=1)
        return watch()

    first = seconds((dates[0],))
    each = seconds(tuple(sampled)) / len(sampled)
    busy = min(Threads(threads).count, len(dates))
    return estimate_of(
        case,
        days=HORIZONS[-1],
        futures=protocol.futures,
        seconds=first + each * len(dates) / busy,
        memory=peak_bytes(),
        sampled={"dates": len(sampled)},
    )
