"""Checks of a fit: whether what happened looks like what the fitted model expected, day by day and as a whole.

All are made inside the fitted window, so they judge the model's form, not its forecasts; backtests judge those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base import limits
from detente.base.arrays import Floats, Ints
from detente.base.errors import Fault, FitError
from detente.base.progress import Progress
from detente.events.chronicle import Chronicle
from detente.futures.kernel.event_log import EventLog
from detente.lab.case import Case, case_of
from detente.lab.settings import Day, whole_given
from detente.model.clocks import ClockFit
from detente.model.compiler import Shared, assemble
from detente.model.fit import Fitted, Posterior, fit
from detente.model.stability import refuse_if_explosive, spectral_radii
from detente.studies.diagnose.predictive import (
    BARS,
    BLOCK,
    EDGES,
    WEEK,
    Band,
    Placed,
    Small,
    at_total,
    band,
    place_days,
    place_samples,
    runs_of,
    simulate_blocks,
    simulate_paths,
)
from detente.studies.diagnose.result import LEVEL, Calibration, Checks, Pit, Predictive, Rootogram

FUTURES = 320  # of each block
DAY_DRAWS = 160  # posterior draws behind one-day-ahead chances
PATHS = 1000  # windows simulated whole
LEAST_BLOCKS = 4
CHANCES = (0.0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
LEAST_EXPECTED = 0.5  # days or weeks in the last cell of a rootogram
LEAST_FORECASTS = 30  # in a bin of the calibration table
TALKS = ("CONSULT", "AGREE")


def diagnose(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    seed: int | None = None,
    futures: int = FUTURES,
    paths: int = PATHS,
    threads: int = 0,
    progress: Progress | None = None,
) -> Checks:
    """Fit a rivalry to what was known by a day, and check the fit.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    futures, paths : int
        Futures of each block of 28 days, and windows simulated whole.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Raises
    ------
    ArgumentError, FitError, UnstableModelError
        Each with what to try.
    """
    case = case_of(case)
    settings = case.settings(as_of=as_of, futures=futures, seed=seed, threads=threads)
    paths = whole_given("paths", paths, *limits.FUTURES) or PATHS
    futures = settings.futures
    as_of, seed = settings.as_of, settings.seed
    tell = progress or (lambda stage, done, total: None)
    tell("fit", 0, 1)
    posterior = fit(assemble(case.argument, case.known(as_of), Shared()))
    tell("fit", 1, 1)
    checks = check_fit(
        posterior,
        case.chronicle,
        seed=seed,
        futures=futures,
        paths=paths,
        threads=threads,
        progress=tell,
        names=(case.name, case.argument.argument),
    )
    return replace(
        checks,
        cautions=case.cautions(as_of, posterior.spectral_radius),
        digest=case.known(as_of).digest,
        inputs=case.inputs,
    )


def check_fit(
    posterior: Posterior,
    chronicle: Chronicle,
    *,
    seed: int,
    futures: int = FUTURES,
    paths: int = PATHS,
    threads: int = 0,
    progress: Progress | None = None,
    names: tuple[str, str] = ("", ""),
) -> Checks:
    """Check a fit against the chronicle it was made from.

    Parameters
    ----------
    posterior : Posterior
    chronicle : Chronicle
        Read only up to the fit's as_of.
    seed, futures, paths, threads, progress
        As in `diagnose`.
    names : pair of str
        Rivalry and argument, for the result.

    Raises
    ------
    FitError
        If fewer than `LEAST_BLOCKS` blocks of 28 days were fitted.
    UnstableModelError
        If feedback explodes.
    """
    program = posterior.program
    window, layout = program.history.window, program.layout
    if window.days < LEAST_BLOCKS * BLOCK:
        low, hint = LEAST_BLOCKS * BLOCK, "later_as_of_or_longer"
        raise FitError(Fault("too_few_to_check", "fitted days", got=window.days, hint=hint, low=low))
    refuse_if_explosive(program, posterior.mode)
    tell = progress or (lambda stage, done, total: None)
    coefficients = posterior.draws(max(futures, paths, DAY_DRAWS), seed)
    beta, log_alpha = coefficients.beta, coefficients.log_alpha
    between = [layout.index(c) for c in (*layout.directed(), *layout.joint())]
    between.sort()
    designs = program.designs()
    days = []
    for c in range(len(layout.channels)):
        days.append(place_days(program, designs[c], c, beta[:DAY_DRAWS], log_alpha[:DAY_DRAWS], seed))
        tell("days", c + 1, len(layout.channels))
    observed, drawn = simulate_blocks(program, beta[:futures], log_alpha[:futures], seed, tell, threads)
    log = simulate_paths(program, beta[:paths], log_alpha[:paths], seed, tell, threads)

    def pits(span: int, place: Callable[[int], Placed]) -> list[Pit]:
        return [_pit(posterior, c, c in between, span, place(c), seed) for c in range(len(layout.channels))]

    def by_block(c: int) -> Placed:
        return place_samples(observed[:, c].sum(axis=1), drawn[:, :, c].sum(axis=2))

    weeks = {c: place_samples(_weekly(observed[:, c]), _weekly(drawn[:, :, c])) for c in between}
    whole = place_samples(
        _weekly(observed[:, between].sum(axis=1)), _weekly(drawn[:, :, between].sum(axis=2, dtype=np.int16))
    )
    roots = [Rootogram("all between the principals", WEEK, _tallied(whole))]
    roots += [Rootogram(layout.channels[c].label, WEEK, _tallied(weeks[c])) for c in between]
    roots += [Rootogram(layout.channels[c].label, 1, _tallied(days[c])) for c in between]
    return Checks(
        *names,
        posterior,
        window.span,
        next(layout.joint(), None) is not None,
        seed,
        futures,
        paths,
        (*pits(BLOCK, by_block), *pits(1, days.__getitem__)),
        (_calibration(1, [days[c] for c in between]), _calibration(WEEK, list(weeks.values()))),
        tuple(roots),
        _predictive(posterior, chronicle, log, between),
        spectral_radii(program, beta),
    )


def calibrate(posterior: Fitted, *, seed: int, draws: int = DAY_DRAWS) -> Calibration:
    """Return the calibration of one-day chances alone: the check that takes a few seconds.

    Parameters
    ----------
    posterior : Fitted
        Of several fits on a grid of clocks the one with most mass is checked.
    seed : int
    draws : int
        Posterior draws behind each chance.
    """
    one = posterior.best if isinstance(posterior, ClockFit) else posterior
    program, layout = one.program, one.program.layout
    drawn = one.draws(draws, seed)
    beta, log_alpha = drawn.beta, drawn.log_alpha
    designs = program.designs()
    between = sorted(layout.index(c) for c in (*layout.directed(), *layout.joint()))
    return _calibration(1, [place_days(program, designs[c], c, beta, log_alpha, seed) for c in between])


def _weekly(values: Ints | Small) -> Any:
    """Return (block, ..., week) as (block and week, ...)."""
    return np.moveaxis(values, -1, 1).reshape(-1, *values.shape[1:-1])


def _pit(posterior: Posterior, c: int, principals: bool, span: int, placed: Placed, seed: int) -> Pit:
    channel, below = posterior.program.layout.channels[c], at_total(placed.below(), placed.acts)
    bars = np.diff(below[:, :: (len(EDGES) - 1) // BARS], axis=1)
    times = len(placed.zero)
    gap = np.abs(below / times - EDGES).max(axis=1)
    return Pit(
        channel.label,
        channel.cls,
        principals,
        span,
        int(placed.acts[0]),
        times,
        band(bars[0], bars[1:], LEVEL),
        float(gap[0]),
        float(np.quantile(gap[1:], LEVEL, method="higher")),
        placed.randomised(seed + 2 * c + (span == 1)),
    )


def _tallied(placed: Placed) -> Band:
    counts = placed.tallies(int(placed.count.max(initial=0)) + 1)
    # The last cell takes all counts above it: apart, the few large ones would each pass for chance.
    beyond = counts[1:, ::-1].mean(axis=0).cumsum()[::-1]
    last = max(int(np.flatnonzero(beyond >= LEAST_EXPECTED)[-1]), 1)
    tallies = at_total(placed.tallies(last), placed.acts)
    return band(tallies[0], tallies[1:], LEVEL)


def _calibration(span: int, placed: Sequence[Placed]) -> Calibration:
    """Bin channel-days or channel-weeks by their predicted chance of an act; small bins join the next fuller one."""
    chance = np.concatenate([1 - p.zero for p in placed])
    cell = np.clip(np.searchsorted(CHANCES, chance, side="right") - 1, 0, len(CHANCES) - 2)
    sizes = np.bincount(cell, minlength=len(CHANCES) - 1)
    for k in np.flatnonzero((sizes > 0) & (sizes < LEAST_FORECASTS)):
        near = [j for j in np.flatnonzero(sizes >= LEAST_FORECASTS) if j != k]
        if near:  # a bin of a few forecasts says nothing: they join the next fuller one
            cell[cell == k] = min(near, key=lambda j: abs(j - k))
    cells, cell = np.unique(cell, return_inverse=True)
    starts = np.cumsum([0] + [len(p.zero) for p in placed])
    observed = sum(
        (p.busy(cell[a:b], len(cells)) for p, a, b in zip(placed, starts, starts[1:], strict=False)),
        start=np.zeros((placed[0].rows, len(cells)), dtype=np.int64),
    )
    forecasts = np.bincount(cell)
    return Calibration(
        span, forecasts, np.bincount(cell, chance) / forecasts, band(observed[0], observed[1:], LEVEL)
    )


def _predictive(
    posterior: Posterior, chronicle: Chronicle, log: EventLog, between: list[int]
) -> tuple[Predictive, ...]:
    program = posterior.program
    layout, history = program.layout, program.history
    known = chronicle.known_at(program.as_of)
    events = layout.counted_once(known.events)
    covered = pl.Series(history.window.indices(events["date"]) >= 0)
    events = events.filter(covered & (events["precision"] == "day"))
    channel, day = layout.assign(events), history.window.indices(events["date"])
    talks = events["action"].is_in(TALKS).to_numpy()
    acts = program.acts.looks["action"].is_in(TALKS).to_numpy()

    zeros = np.zeros(len(day), dtype=np.int64)
    seen = _properties(program.layout, between, history.window.days, 1, zeros, day, channel, talks)
    drawn = _properties(
        program.layout,
        between,
        history.window.days,
        log.futures,
        log.future.astype(np.int64),
        log.day.astype(np.int64),
        log.channel.astype(np.int64),
        acts[log.act],
    )
    return tuple(Predictive(name, float(seen[name][0]), drawn[name]) for name in PROPERTIES)


PROPERTIES = (
    "acts",
    "largest week",
    "largest four weeks",
    "quiet weeks",
    "runs of force",
    "longest run of force",
    "one-sided talks",
)
"""Properties of a whole window; `detente.report.text.diagnose.COUNTED` says what each counts."""


def _properties(
    layout: Any, between: list[int], days: int, paths: int, path: Ints, day: Ints, channel: Ints, talks: Any
) -> dict[str, Floats]:
    """Return every property of `PROPERTIES` for each path, from acts in columns."""
    inside = np.isin(channel, between)
    path, day, channel, talks = path[inside], day[inside], channel[inside], talks[inside]
    force = np.isin(channel, [layout.index(c) for c in layout.directed("force")])

    def totals(span: int, chosen: Any) -> Ints:
        """Count acts by path and span; spans end with the last day, a remainder at the start is left out."""
        spans = days // span
        index = (day - (days - spans * span)) // span
        chosen = chosen & (index >= 0)
        cells = np.bincount(path[chosen] * spans + index[chosen], minlength=paths * spans)
        return cells.reshape(paths, spans)

    weeks = totals(WEEK, np.ones(len(day), dtype=bool))
    runs, longest = runs_of(totals(WEEK, force) > 0)
    return {
        "acts": np.bincount(path, minlength=paths).astype(float),
        "largest week": weeks.max(axis=1).astype(float),
        "largest four weeks": totals(BLOCK, np.ones(len(day), dtype=bool)).max(axis=1).astype(float),
        "quiet weeks": (weeks == 0).mean(axis=1),
        "runs of force": runs.astype(float),
        "longest run of force": longest.astype(float),
        "one-sided talks": _one_sided(layout, paths, days, path[talks], day[talks], channel[talks]),
    }


def _one_sided(layout: Any, paths: int, days: int, path: Ints, day: Ints, channel: Ints) -> Floats:
    """Return the share of talks without one the other way on their day; joint acts are never one-sided."""
    channels, first = layout.channels, layout.principals[0]
    side = np.array([0 if c.joint else 1 if c.source.name == first else 2 for c in channels])[channel]
    cell = path * days + day
    other = np.zeros(len(cell), dtype=bool)
    for a, b in ((1, 2), (2, 1)):
        other |= (side == a) & np.isin(cell, cell[side == b])
    alone = (side != 0) & ~other
    total = np.bincount(path, minlength=paths)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.bincount(path[alone], minlength=paths) / np.where(total, total, np.nan))
