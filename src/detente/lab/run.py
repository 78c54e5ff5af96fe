"""The use cases: each takes an argument and a chronicle and returns one frozen result.

Python, the command line and the web all call these and only format what they return.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from detente.argument.sides import gaps_of
from detente.base.arrays import Floats
from detente.base.clock import stopwatch
from detente.base.days import Window
from detente.base.intervals import HIGH, LOW
from detente.base.progress import Progress
from detente.events.coverage import Coverage
from detente.futures.futures import Futures, quantiles
from detente.futures.kept_futures import simulate_once
from detente.lab.beyond import answers_beyond
from detente.lab.case import Case, case_of
from detente.lab.chronicles import history_of, of_futures, of_history
from detente.lab.run_result import ChannelOutlook, Run
from detente.lab.settings import Day
from detente.lab.too_little import require_stability
from detente.lab.too_much import plan_run
from detente.model.fit_cache import fit_key
from detente.questions.answers import answer_all


def run(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Run:
    """Fit a rivalry to what was known by a day, run it forward and answer the argument's questions.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of, days, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Run

    Raises
    ------
    ArgumentError, FitError, UnstableModelError, QuestionError
        Each with what to try.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> result = run(load_case("us-iran"), futures=50)
    >>> result.futures.count, result.as_of
    (50, datetime.date(2020, 1, 17))
    """
    case = case_of(case)
    settings = case.settings(as_of=as_of, days=days, futures=futures, seed=seed, threads=threads)
    as_of, days, futures, seed = settings.as_of, settings.days, settings.futures, settings.seed
    known = case.known(as_of)
    tell = progress or (lambda stage, done, total: None)

    scheme, codebook = case.chronicle.scheme, case.chronicle.codebook
    questions, far = plan_run(case, as_of, days=days, futures=futures)

    fit_watch = stopwatch()
    posterior = case.fitted(as_of, threads=threads, progress=progress)
    fit_seconds = fit_watch()
    require_stability(posterior, allowed=case.allow_unstable)

    futures_watch = stopwatch()
    simulated = simulate_once(
        posterior,
        store=case.store,
        made_from={"fit": fit_key(case.argument, known)},
        days=far,
        futures=futures,
        seed=seed,
        scheme=scheme,
        codebook=codebook,
        threads=threads,
        record=tuple(posterior.program.watched),
        progress=lambda done: tell("futures", done, settings.futures),
        limits=case.limits,
    )
    futures_seconds = futures_watch()
    chronicles = of_futures(simulated, case.argument, case.chronicle)
    history = of_history(case.argument, case.chronicle, questions, posterior=posterior)
    past = of_history(case.argument, known.cut)
    answers = answer_all(questions, chronicles, history, past)
    beyond = answers_beyond(
        case,
        posterior,
        simulated,
        answers,
        threads=threads,
        settle_on=lambda asked, on: answer_all(asked, on, history, past),
    )
    answers = [beyond[a.question].answer if a.question in beyond else a for a in answers]
    return Run(
        case,
        posterior,
        simulated,
        days,
        _outlook(case, simulated, days),
        tuple(answers),
        fit_seconds,
        futures_seconds,
        chronicles,
        beyond,
    )


def _outlook(case: Case, futures: Futures, days: int) -> tuple[ChannelOutlook, ...]:
    layout = futures.program.layout
    window = Window(futures.window.start, futures.window.start + timedelta(days=days))
    history = history_of(case)
    channel_of = layout.assign(history.events)
    inside = history.events["date"].is_between(window.start, window.end, closed="left").to_numpy()
    covered = Coverage(history.window, gaps_of(case.argument, window.end, history.gaps)).holds(window)
    counts, before = futures.counts(days), _before(case, window)
    low, high = quantiles(counts, LOW, HIGH)
    return tuple(
        ChannelOutlook(
            channel.source.name,
            channel.target.name,
            channel.cls,
            channel.label,
            None if before is None else float(before[c]),
            int((channel_of[inside] == c).sum()) if covered else None,
            float(counts[:, c].mean()),
            float(low[c]),
            float(high[c]),
        )
        for c, channel in enumerate(layout.channels)
    )


def _before(case: Case, ahead: Window) -> Floats | None:
    """Count the acts of each channel known of as many days before a window, shape (channel,).

    Where fewer days are covered, their acts are scaled up to as many; None where none is.
    """
    known = case.known(ahead.start)
    whole, gaps = known.cut.window, gaps_of(case.argument, ahead.start, known.cut.gaps)
    start, end = max(whole.start, ahead.start - timedelta(days=ahead.days)), min(whole.end, ahead.start)
    covered = Coverage(Window(start, end), gaps) if start < end else None
    if covered is None or not covered.days:
        return None
    inside = (known.channel_of >= 0) & (covered.indices(known.chronicle.events["date"]) >= 0)
    counts = np.bincount(known.channel_of[inside], minlength=len(known.layout.channels))
    return np.asarray(counts * ahead.days / covered.days, dtype=float)
