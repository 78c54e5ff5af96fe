"""The backtest: what an argument would have said at fixed days of the past, beside plain baselines.

Two parts, by a protocol fixed before any result was seen: *fans*, the 90 % intervals of two-year totals from ten days,
and a *rolling origin*, one-day-ahead densities through each next quarter from coefficients fitted at its start. At
every day of both only what was known by then enters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.base.errors import DataError
from detente.base.input_limits import LIMITS, Limits
from detente.base.progress import Progress
from detente.base.store import key_of
from detente.base.workers import Workers, workers_of
from detente.events.chronicle import Chronicle
from detente.futures.futures import simulate
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.too_little import refuse_explosive
from detente.model.clocks import fit_argument
from detente.model.compiler import Shared, assemble, extend
from detente.model.fit import Fitted, fit
from detente.model.known import read_known
from detente.model.layout import lay_out
from detente.model.mechanisms.base import Prior
from detente.model.program import Program
from detente.studies.scoring.backtest_result import Backtest, FanWindow, interval_of
from detente.studies.scoring.baselines import (
    choose_ridge,
    era_intercepts,
    last_four_years,
    with_priors,
    without,
)
from detente.studies.scoring.fan_wars import wars_of
from detente.studies.scoring.protocol import (
    ERAS,
    EWMA,
    EWMA_EACH,
    RECENT,
    RIDGE,
    Protocol,
    protocol_of,
    two_years_after,
)
from detente.studies.scoring.rolling import Recipe, rolling
from detente.studies.scoring.rows_behind import rows_behind


def backtest(
    case: Case | str | Path,
    *,
    robustness: bool = False,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Backtest the argument of a case on its chronicle, or return the result kept of the same and the same code.

    Parameters
    ----------
    case : Case, str or path
        An embedded chronicle is scored on the days it declares; see `protocol_of`.
    robustness : bool
        Whether the headline table is to be there again under other choices.
    threads : int or Workers
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Backtest

    Raises
    ------
    DataError, FitError, UnstableModelError
        If the chronicle is too short, or a model cannot be fitted or run at some day; also if a burst of acts grows
        from round to round on a day of the fans, unless the case allows that.
    """
    case = case_of(case)
    argument, chronicle = case.argument, case.chronicle
    case.known(chronicle.window.end)  # too little data is refused
    protocol = protocol_of(argument, chronicle)
    parts, store = _parts(argument, chronicle, protocol), case.store

    def kept(what: str, make: Callable[[], Backtest]) -> Backtest:
        key = key_of({**parts, "what": what})
        value = store.value("backtest", key)
        if value is not None:
            return Backtest.from_dict(value)
        made = make()
        store.keep("backtest", key, made.to_dict())
        return made

    options: dict[str, Any] = {
        "allow_unstable": case.allow_unstable,
        "limits": case.limits,
        "threads": threads,
        "progress": progress,
    }
    found = kept("headline", lambda: run_backtest(argument, chronicle, protocol, **options))
    if robustness:
        found = kept("robustness", partial(robustness_of, found, argument, chronicle, **options))
    for window in found.windows:  # of a result that was kept where it was allowed
        _refuse(window.spectral_radius, window.start, allowed=case.allow_unstable)
    return _about(case, found)


def kept_backtest(case: Case) -> Backtest | None:
    """Return the kept backtest of an argument, with its robustness rows if they are kept too; None if there is none."""
    try:
        protocol = protocol_of(case.argument, case.chronicle)
    except DataError:  # too short a chronicle has none
        return None
    parts = _parts(case.argument, case.chronicle, protocol)
    for what in ("robustness", "headline"):
        value = case.store.value("backtest", key_of({**parts, "what": what}))
        if value is not None:
            return _about(case, Backtest.from_dict(value))
    return None


def _about(case: Case, found: Backtest) -> Backtest:
    """Return a backtest with the head of its case and what a reader must know before its numbers."""
    cautions = case.cautions(case.chronicle.window.end, found.spectral_radius)
    rows = rows_behind(case.chronicle, found.protocol.split or found.protocol.end)
    return replace(found, head=head_of(case), cautions=cautions, rows=rows)


def _refuse(spectral_radius: float | None, start: date, *, allowed: bool) -> None:
    if spectral_radius is not None:
        refuse_explosive(spectral_radius, allowed=allowed, where=f"fitted as of {start.isoformat()}")


def _parts(argument: Argument, chronicle: Chronicle, protocol: Protocol) -> dict[str, Any]:
    """Return all that a kept backtest depends on but the code."""
    return {
        "chronicle": chronicle.digest,
        "codebook": chronicle.codebook,
        "declared": chronicle.provenance.window_declared,
        "argument": argument.model_dump_json(),
        "protocol": protocol.to_dict(),
    }


def run_backtest(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    *,
    allow_unstable: bool = False,
    limits: Limits = LIMITS,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Run fans and the rolling origin of an argument with its baselines.

    Parameters
    ----------
    argument : Argument
    chronicle : Chronicle
    protocol : Protocol
        See `protocol_of`.
    allow_unstable : bool
        Whether windows are simulated even if a burst of acts grows from round to round.
    limits : Limits
        How much of the memory the futures of a window may take.
    threads : int or Workers
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Backtest

    Raises
    ------
    FitError, UnstableModelError
        If a fit at some day does not converge, or its feedback explodes.
    """
    name = argument.argument
    if name in (RIDGE, ERAS, RECENT, EWMA, EWMA_EACH):
        name += " (argument)"
    recipes: dict[str, Recipe] = {name: _as_compiled}
    options: dict[str, Any] = {"threads": threads, "progress": progress}
    allowed: dict[str, Any] = {"allow_unstable": allow_unstable, "limits": limits}
    windows = fan_windows(argument, chronicle, protocol, recipes, **allowed, **options)
    scores = rolling(argument, chronicle, protocol, recipes, **options)
    labels = tuple(channel.label for channel in lay_out(argument, chronicle.scheme).channels)
    return Backtest(name, protocol, labels, windows, tuple(scores), np.array(list(scores.values())))


def robustness_of(
    found: Backtest,
    argument: Argument,
    chronicle: Chronicle,
    *,
    allow_unstable: bool = False,
    limits: Limits = LIMITS,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Return a backtest with its headline table again under other choices.

    Rows: every prior sd of a mechanism's terms halved and doubled; one mechanism dropped at a time; and high-confidence
    rows of the chronicle only, for which the baselines are fitted again too.
    """
    name, protocol = found.argument, found.protocol

    recipes: dict[str, Recipe] = {
        "prior sds × 1/2": partial(_with_sds, factor=0.5),
        "prior sds × 2": partial(_with_sds, factor=2.0),
    }
    recipes |= {
        f"without {mechanism}": partial(without, mechanism=mechanism) for mechanism in argument.mechanisms
    }
    options: dict[str, Any] = {
        "threads": threads,
        "progress": progress,
        "baselines": False,
        "stage": "robust",
    }
    allowed: dict[str, Any] = {"allow_unstable": allow_unstable, "limits": limits}
    windows = fan_windows(argument, chronicle, protocol, recipes, **allowed, **options)
    scores = rolling(argument, chronicle, protocol, recipes, **options)
    ours = found.models.index(name)
    rows = [_headline("as it stands", found, name)]
    for row in recipes:
        scores_of_row = found.scores.copy()
        scores_of_row[ours] = scores[row]
        rows.append(_headline(row, replace(found, argument=row, windows=windows, scores=scores_of_row), row))
    certain = chronicle.filter(confidence="high")
    if 0 < certain.acts < chronicle.acts:
        again = run_backtest(argument, certain, protocol, **allowed, threads=threads, progress=progress)
        rows.append(_headline("high-confidence rows only", again, name))
    return replace(found, robustness=tuple(rows))


def _as_compiled(program: Program) -> Program:
    return program


def _with_sds(program: Program, factor: float) -> Program:
    return with_priors(program, lambda prior: Prior(prior.mean, prior.sd * factor))


def _headline(row: str, found: Backtest, name: str) -> dict[str, Any]:
    share, score = found.fan(name)
    return {
        "name": row,
        "coverage": None if np.isnan(share) else share,
        "interval_score": None if np.isnan(score) else score,
        "log_score": float(found.scores[0].mean()),
        "against_ridge": found.difference(RIDGE),
    }


def fan_windows(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    recipes: Mapping[str, Recipe],
    *,
    baselines: bool = True,
    allow_unstable: bool = False,
    limits: Limits = LIMITS,
    threads: int | Workers = 0,
    progress: Progress | None = None,
    stage: str = "fans",
) -> tuple[FanWindow, ...]:
    """Return each two-year window with what came and what each model had said at its start.

    Parameters
    ----------
    argument, chronicle, protocol
        As for `run_backtest`.
    recipes : mapping of str to callable
        Models made of the compiled argument.
    baselines : bool
        Whether ridge, era intercepts and the last four years' rate stand beside them.
    allow_unstable : bool
        Whether windows are simulated even if a burst of acts grows from round to round.
    limits : Limits
        How much of the memory the futures of a window may take.
    """
    days = sorted({*protocol.fan_dates, *protocol.apart})
    window = partial(
        _fan_window, argument, chronicle, protocol, dict(recipes), baselines, allow_unstable, limits
    )
    tell = partial(progress, stage) if progress else None
    return tuple(workers_of(threads).map(window, days, progress=tell))


def _fan_window(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    recipes: Mapping[str, Recipe],
    baselines: bool,
    allow_unstable: bool,
    limits: Limits,
    start: date,
) -> FanWindow:
    """Return the window that starts on one day."""
    eras = argument.eras or chronicle.eras
    window = Window(start, two_years_after(start))
    crossed = [e.start for e in eras if start < e.start < window.end and e.known_from > start]
    apart = "break" if crossed else "declared" if start in protocol.apart else ""
    known = read_known(argument, chronicle, start)
    program = assemble(argument, known, Shared())
    posteriors: dict[str, Fitted] = {
        name: fit_argument(argument, known, recipe=recipe, threads=1) for name, recipe in recipes.items()
    }
    radius = max((fitted.spectral_radius for fitted in posteriors.values()), default=None)
    _refuse(radius, start, allowed=allow_unstable)
    if baselines:
        posteriors[RIDGE] = choose_ridge(program)[1]
        posteriors[ERAS] = fit(era_intercepts(program))
    intervals, wars = {}, None
    for name, posterior in posteriors.items():
        futures = simulate(
            posterior,
            days=window.days,
            futures=protocol.futures,
            seed=protocol.seed,
            scheme=chronicle.scheme,
            codebook=chronicle.codebook,
            threads=1,
            limits=limits,
        )
        intervals[name] = interval_of(futures.counts(window.days))
        if baselines and not wars:  # of the argument, which comes first
            wars = wars_of(futures, argument, chronicle)
    if baselines:
        totals = last_four_years(program).totals(window.days, protocol.futures, protocol.seed)
        intervals[RECENT] = interval_of(totals)
    observed = extend(program, argument, read_known(argument, chronicle, window.end)).counts.sum(axis=1)
    counts = tuple(int(n) for n in observed)
    return FanWindow(
        start, window.end, apart, counts, intervals, crossed[0] if crossed else None, radius, wars
    )
