"""The backtest: what an argument would have said at fixed days of the past, beside plain baselines.

Two parts, by a protocol fixed before any result was seen: *fans*, the 90 % intervals of two-year totals from ten days,
and a *rolling origin*, one-day-ahead densities through each next quarter from coefficients fitted at its start. At
every day of both only what was known by then enters.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from detente import _cache
from detente._backtest import (
    APART,
    ERAS,
    EWMA,
    EWMA_EACH,
    FAN_DATES,
    RECENT,
    RIDGE,
    Backtest,
    FanWindow,
    Protocol,
    interval_of,
    protocol_of,
    two_years_after,
)
from detente.argument import Argument
from detente.baselines import (
    choose_ridge,
    era_intercepts,
    ewma_means,
    fit_ewma,
    last_four_years,
    log_density,
    rates,
    ridge,
    with_priors,
    without,
)
from detente.chronicle import Chronicle
from detente.clocks import fit_argument
from detente.compiler import compile_argument, extend, lay_out
from detente.fit import Fitted, Posterior, fit
from detente.futures import simulate
from detente.mechanisms import Prior
from detente.program import Floats, Program
from detente.timeline import Window

_TOLERANCE = 1e-4  # posterior sds: moves a mean quarterly score by less than 1e-5 nats
_CHUNK = 12  # quarters fitted one from the other; fixed, so that results do not depend on threads

Tell = Callable[[str, int, int], None]  # stage, done, total
Recipe = Callable[[Program], Program]
"""Makes a model of the compiled argument."""


def backtest(
    rivalry: str | None,
    argument: Argument,
    chronicle: Chronicle,
    *,
    robustness: bool = False,
    cache: Path | None = None,
    threads: int = 0,
    progress: Tell | None = None,
) -> Backtest:
    """Backtest an argument on a chronicle, or take the result kept from the same argument, chronicle and code.

    Parameters
    ----------
    rivalry : str, optional
        ``us-iran`` stands on the days fixed in the repository; see `protocol_of`.
    argument : Argument
    chronicle : Chronicle
    robustness : bool
        Whether the headline table is to be there again under other choices.
    cache : path, optional
        Folder of kept results; without one nothing is read or kept.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Backtest

    Raises
    ------
    DataError, FitError, UnstableModelError
        If the chronicle is too short, or a model cannot be fitted or run at some day.
    OSError
        If the result cannot be kept.
    """
    protocol = protocol_of(rivalry, argument, chronicle)
    parts = {
        "chronicle": chronicle.digest,
        "codebook": chronicle.codebook,
        "declared": chronicle.provenance.window_declared,
        "argument": argument.model_dump_json(),
        "protocol": protocol.to_dict(),
    }

    def kept(what: str, make: Callable[[], Backtest]) -> Backtest:
        key = _cache.key_of({**parts, "what": what})
        value = _cache.read(cache, key) if cache else None
        if value is not None:
            return Backtest.from_dict(value)
        made = make()
        if cache:
            _cache.write(cache, key, made.to_dict())
        return made

    told: dict[str, Any] = {"threads": threads, "progress": progress}
    found = kept("headline", lambda: run_backtest(argument, chronicle, protocol, **told))
    if robustness:
        return kept("robustness", lambda: robustness_of(found, argument, chronicle, **told))
    return found


def run_backtest(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    *,
    threads: int = 0,
    progress: Tell | None = None,
) -> Backtest:
    """Run fans and the rolling origin of an argument with its baselines.

    Parameters
    ----------
    argument : Argument
    chronicle : Chronicle
    protocol : Protocol
        See `protocol_of`.
    threads : int
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
    recipes: dict[str, Recipe] = {name: lambda program: program}
    windows = fans(argument, chronicle, protocol, recipes, threads=threads, progress=progress)
    scores = rolling(argument, chronicle, protocol, recipes, threads=threads, progress=progress)
    labels = tuple(channel.label for channel in lay_out(argument, chronicle.scheme).channels)
    return Backtest(name, protocol, labels, windows, tuple(scores), np.array(list(scores.values())))


def robustness_of(
    found: Backtest,
    argument: Argument,
    chronicle: Chronicle,
    *,
    threads: int = 0,
    progress: Tell | None = None,
) -> Backtest:
    """Return a backtest with its headline table again under other choices.

    Rows: every prior sd of a mechanism's terms halved and doubled; one mechanism dropped at a time; and high-confidence
    rows of the chronicle only, for which the baselines are fitted again too.
    """
    name, protocol = found.argument, found.protocol

    def scaled(factor: float) -> Recipe:
        return lambda program: with_priors(program, lambda prior: Prior(prior.mean, prior.sd * factor))

    def dropped(mechanism: str) -> Recipe:
        return lambda program: without(program, mechanism)

    recipes: dict[str, Recipe] = {"prior sds × 1/2": scaled(0.5), "prior sds × 2": scaled(2.0)}
    recipes |= {f"without {mechanism}": dropped(mechanism) for mechanism in argument.mechanisms}
    told: dict[str, Any] = {"threads": threads, "progress": progress, "baselines": False, "stage": "robust"}
    windows = fans(argument, chronicle, protocol, recipes, **told)
    scores = rolling(argument, chronicle, protocol, recipes, **told)
    ours = found.models.index(name)
    rows = [_headline("as it stands", found, name)]
    for row in recipes:
        kept = found.scores.copy()
        kept[ours] = scores[row]
        rows.append(_headline(row, replace(found, argument=row, windows=windows, scores=kept), row))
    certain = chronicle.filter(confidence="high")
    if 0 < certain.acts < chronicle.acts:
        again = run_backtest(argument, certain, protocol, threads=threads, progress=progress)
        rows.append(_headline("high-confidence rows only", again, name))
    return replace(found, robustness=tuple(rows))


def _headline(row: str, found: Backtest, name: str) -> dict[str, Any]:
    share, score = found.fan(name)
    return {
        "name": row,
        "coverage": None if np.isnan(share) else share,
        "interval_score": None if np.isnan(score) else score,
        "log_score": float(found.scores[0].mean()),
        "against_ridge": found.difference(RIDGE),
    }


def fans(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    recipes: Mapping[str, Recipe],
    *,
    baselines: bool = True,
    threads: int = 0,
    progress: Tell | None = None,
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
    """
    eras = argument.eras or chronicle.eras
    days = sorted({*protocol.fan_dates, *protocol.apart})
    out = []
    for done, start in enumerate(days):
        end = two_years_after(start)
        crossed = [e.start for e in eras if start < e.start < end and e.known_from > start]
        why = "reported, without a bar" if start in protocol.apart else ""
        if crossed:
            why = f"crosses the break of {crossed[0].isoformat()}, not known at its start"
        program = compile_argument(argument, chronicle, start)
        posteriors: dict[str, Fitted] = {
            name: fit_argument(argument, chronicle, start, recipe=recipe, threads=threads)
            for name, recipe in recipes.items()
        }
        if baselines:
            posteriors[RIDGE] = choose_ridge(program)[1]
            posteriors[ERAS] = fit(era_intercepts(program))
        window = Window(start, end)
        intervals = {}
        for name, posterior in posteriors.items():
            futures = simulate(
                posterior,
                days=window.days,
                futures=protocol.futures,
                seed=protocol.seed,
                scheme=chronicle.scheme,
                codebook=chronicle.codebook,
                threads=threads,
            )
            intervals[name] = interval_of(futures.counts(window.days))
        if baselines:
            totals = last_four_years(program).totals(window.days, protocol.futures, protocol.seed)
            intervals[RECENT] = interval_of(totals)
        came = extend(program, argument, chronicle, end).counts.sum(axis=1)
        out.append(FanWindow(start, end, why, tuple(int(n) for n in came), intervals))
        if progress:
            progress(stage, done + 1, len(days))
    return tuple(out)


def rolling(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    recipes: Mapping[str, Recipe],
    *,
    baselines: bool = True,
    threads: int = 0,
    progress: Tell | None = None,
    stage: str = "quarters",
) -> dict[str, Floats]:
    """Return the log density each model gave to each quarter, shape (quarter,) per model.

    Parameters
    ----------
    argument, chronicle, protocol, recipes, baselines
        As for `fans`.
    """
    starts = protocol.origins
    ends = (*starts[1:], protocol.end)
    lock, done = Lock(), [0]

    def chunk(first: int) -> list[dict[str, float]]:
        memo, rows = Memo(), []
        for start, end in list(zip(starts, ends, strict=True))[first : first + _CHUNK]:
            days = forecast_days(argument, chronicle, start, end, recipes, memo, baselines=baselines)
            rows.append({name: float(value.sum()) for name, value in days.items()})
            with lock:
                done[0] += 1
                if progress:
                    progress(stage, done[0], len(starts))
        return rows

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        rows = [row for part in pool.map(chunk, range(0, len(starts), _CHUNK)) for row in part]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@dataclass
class Memo:
    """What one quarter's fits hand to the next: where to start from, and the ridge's sd within a year."""

    fits: dict[str, Posterior] = field(default_factory=dict)
    ridge_sd: float | None = None

    def fit(self, name: str, program: Program) -> Posterior:
        """Fit from where the last fit of that name ended."""
        self.fits[name] = fit(program, start=self.fits.get(name), tolerance=_TOLERANCE)
        return self.fits[name]


def forecast_days(
    argument: Argument,
    chronicle: Chronicle,
    origin: date,
    until: date,
    recipes: Mapping[str, Recipe],
    memo: Memo,
    *,
    baselines: bool = True,
) -> dict[str, Floats]:
    """Return the log density each model gave, one day ahead, to each day's count from an origin on.

    Coefficients, dispersions, caps, half-lives and the ridge's sd are those of the origin; memories take in each day's
    acts as they come. The ridge's sd is chosen at the first origin of a memo and at those in January.

    Returns
    -------
    dict of str to ndarray of shape (channel, day)
    """
    program = compile_argument(argument, chronicle, origin)
    came = extend(program, argument, chronicle, until)
    posteriors = {name: memo.fit(name, recipe(program)) for name, recipe in recipes.items()}
    if baselines:
        if memo.ridge_sd is None or origin.month == 1:
            memo.ridge_sd, memo.fits[RIDGE] = choose_ridge(
                program, start=memo.fits.get(RIDGE), tolerance=_TOLERANCE
            )
        else:
            memo.fit(RIDGE, ridge(program, memo.ridge_sd))
        posteriors[RIDGE] = memo.fits[RIDGE]
        posteriors[ERAS] = memo.fit(ERAS, era_intercepts(program))
    class_of = program.channel_class
    out = {}
    for name, posterior in posteriors.items():
        mean = rates(replace(posterior.program, history=came), posterior.mean)
        out[name] = log_density(came.counts, mean, np.exp(posterior.log_alpha_mean[class_of])[:, None])
    if baselines:
        plain = posteriors[ERAS]
        level = rates(plain.program, plain.mean)
        both = np.concatenate([level, rates(replace(plain.program, history=came), plain.mean)], axis=1)
        counts = np.concatenate([program.history.counts, came.counts], axis=1)
        for name, each in ((EWMA, False), (EWMA_EACH, True)):
            chosen = fit_ewma(program.history, level, class_of, plain.log_alpha_mean, per_channel=each)
            mean = ewma_means(counts, both, chosen.half_life_days)[:, level.shape[1] :]
            out[name] = log_density(came.counts, mean, np.exp(chosen.log_alpha[class_of])[:, None])
    return out


__all__ = [
    "APART",
    "FAN_DATES",
    "Backtest",
    "FanWindow",
    "Memo",
    "Protocol",
    "Recipe",
    "backtest",
    "fans",
    "forecast_days",
    "protocol_of",
    "robustness_of",
    "rolling",
    "run_backtest",
    "two_years_after",
]
