"""Run a `Dynamics` forward: many futures, each an event log, the same for any number of threads.

Draws, all from Philox4x32-10 keyed by the seed (streams in `detente._kernel_math`):

1. Channel c of future f on day t owns one uniform number. Its count is the negative binomial whose upper tail holds that
   number, so a changed rate changes the counts of its own channel, and those only on days near the threshold.
2. Event k of (f, t, c) owns one more counter, whose words draw its act, whether it kills, and how many.
3. Nothing is drawn from a running generator: no number depends on what happened before, on the block or on the thread.

Most numbers are only compared with a ceiling on the rate; the exact count is worked out, in float64, for the few that pass.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from detente._kernel_math import (
    LANES,
    MAX_EVENTS_PER_FUTURE,
    MAX_RATE_PER_DAY,
    Plan,
    replay_block,
    simulate_block,
)
from detente.errors import Fault, UnstableModelError
from detente.program import INDICATOR, LOG1P, NO_ATOM, SATURATE, SCHEDULE, Dynamics

__all__ = ["EventLog", "replay", "simulate_log"]

MAX_THREADS = 32
MAX_CHANNELS = 2**15


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """Events of many futures in columns, sorted by future, then day, then channel.

    Attributes
    ----------
    future : int32, shape (event,)
    day : int32, shape (event,)
        Days since the start, from 0.
    channel : int16, shape (event,)
    act : int32, shape (event,)
        Row of the act table.
    deaths : int32, shape (event,)
    futures, days : int
        How many were run, with or without events.
    traces : float32, shape (future, recorded memory, ceil(days / record_every))
        Recorded memories before the acts of days 0, `record_every`, 2 `record_every`, ...
    """

    future: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    channel: npt.NDArray[np.int16]
    act: npt.NDArray[np.int32]
    deaths: npt.NDArray[np.int32]
    futures: int
    days: int
    traces: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.day)


def simulate_log(
    dynamics: Dynamics,
    beta: npt.ArrayLike,
    log_alpha: npt.ArrayLike,
    *,
    days: int,
    seed: int,
    threads: int = 0,
    block: int = LANES,
    progress: Callable[[int], None] | None = None,
    record: Sequence[int] = (),
    record_every: int = 30,
) -> EventLog:
    """Simulate one future for each row of coefficients.

    Parameters
    ----------
    dynamics : Dynamics
    beta : float, shape (future, coefficient)
        Each future's own draw of the coefficients.
    log_alpha : float, shape (future, class)
        Log dispersion; ``-inf`` is a Poisson count.
    days : int
    seed : int
        0 <= seed < 2**63. Future f on day t uses the same numbers in every run of that seed, whatever else changes.
    threads : int
        0 takes every processor; never more than 32.
    block : int
        Futures a task, from 1 to 64; changes nothing in the result.
    progress : callable
        Called with the number of futures done so far; an exception it raises ends the run.
    record : sequence of int
        Memories to trace.
    record_every : int
        Days between two values of a trace.

    Returns
    -------
    EventLog

    Raises
    ------
    UnstableModelError
        If a channel of some future expects more than 1e6 events a day, or a future holds more than 1e6 events. The lowest
        such future is named, whatever the threads.
    ValueError
        If shapes, indices or values do not fit together.

    Examples
    --------
    Two a day for 100 days in 50 futures, a fifth of them deadly:

    >>> import numpy as np
    >>> from detente.program import NO_ATOM, ActTable, Dynamics
    >>> one = np.zeros(1, dtype=np.int64)
    >>> none, blank = np.zeros(0), np.zeros(0, dtype=np.int64)
    >>> acts = ActTable(np.array([0, 1]), np.ones(1), np.full(1, 0.2), np.full(1, 1.5), 1000)
    >>> constant = Dynamics(
    ...     decay=none,
    ...     initial=none,
    ...     atom_kind=blank,
    ...     atom_index=blank,
    ...     atom_scale=none,
    ...     atom_cap=none,
    ...     schedule=np.zeros((0, 100)),
    ...     term_start=np.array([0, 1]),
    ...     term_coefficient=one,
    ...     term_atom_a=one + NO_ATOM,
    ...     term_atom_b=one + NO_ATOM,
    ...     channel_class=one,
    ...     weight=np.zeros((0, 1)),
    ...     weight_log_deaths=np.zeros((0, 1)),
    ...     acts=acts,
    ... )
    >>> log = simulate_log(
    ...     constant, np.full((50, 1), np.log(2.0)), np.full((50, 1), np.log(0.1)), days=100, seed=1
    ... )
    >>> round(len(log) / (log.futures * log.days), 1), round(float((log.deaths > 0).mean()), 1)
    (2.0, 0.2)
    """
    plan = _plan(dynamics, days)
    beta, alpha = _draws(dynamics, beta, log_alpha)
    _require(0 <= seed < 2**63, "seed", "must lie from 0 to 2**63 - 1", seed)
    _require(threads >= 0, "threads", "must be 0 (all) or more", threads)
    _require(1 <= block <= LANES, "block", f"must lie from 1 to {LANES}", block)
    _require(record_every >= 1, "record_every", "must be at least 1 day", record_every)
    recorded = _index(record, len(plan.decay), "record", "memories")
    k0, k1 = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)

    def run(first: int) -> Any:
        rows = slice(first, first + block)
        return simulate_block(plan, beta[rows], alpha[rows], first, days, k0, k1, recorded, int(record_every))

    futures, done = len(beta), 0
    firsts = range(0, futures, block)
    workers = max(1, min(threads or os.cpu_count() or 1, MAX_THREADS, len(firsts)))
    with ThreadPoolExecutor(workers) as pool:
        tasks = {pool.submit(run, first): min(block, futures - first) for first in firsts}
        try:
            for task in as_completed(tasks):
                if task.result()[2][0] >= 0:
                    break
                done += tasks[task]
                if progress:
                    progress(done)
        finally:
            # Blocks start in order, so those below a failed one still finish and the lowest future is the one reported.
            pool.shutdown(cancel_futures=True)
    blocks = [task.result() for task in tasks if not task.cancelled()]
    for first, (_, _, stopped) in zip(firsts, blocks, strict=False):
        if stopped[0] >= 0:
            raise _unstable(first, *stopped)
    return _gather(blocks, firsts, futures, days)


def replay(
    dynamics: Dynamics,
    log_day: npt.ArrayLike,
    log_channel: npt.ArrayLike,
    log_act: npt.ArrayLike,
    log_deaths: npt.ArrayLike,
    days: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Drive the simulation's own recursion by given events.

    Parameters
    ----------
    dynamics : Dynamics
    log_day, log_channel, log_act, log_deaths : int, shape (event,)
        Events in any order; days count from 0.
    days : int

    Returns
    -------
    memories : float32, shape (day, memory)
        Before the day's acts.
    atoms : float32, shape (day, atom)
        Read from those memories.

    Raises
    ------
    ValueError
        If shapes or indices do not fit together.

    Examples
    --------
    An act of weight 2 on day 0, read from day 1 on, fades by half a day:

    >>> from detente.program import ActTable, Dynamics
    >>> blank = np.zeros(0, dtype=np.int64)
    >>> acts = ActTable(np.array([0, 1]), np.ones(1), np.zeros(1), np.ones(1), 1000)
    >>> fading = Dynamics(
    ...     decay=np.array([0.5]),
    ...     initial=np.zeros(1),
    ...     atom_kind=np.array([0]),
    ...     atom_index=np.array([0]),
    ...     atom_scale=np.ones(1),
    ...     atom_cap=np.array([np.inf]),
    ...     schedule=np.zeros((0, 3)),
    ...     term_start=np.zeros(2, dtype=np.int64),
    ...     term_coefficient=blank,
    ...     term_atom_a=blank,
    ...     term_atom_b=blank,
    ...     channel_class=np.zeros(1, dtype=np.int64),
    ...     weight=np.full((1, 1), 2.0),
    ...     weight_log_deaths=np.zeros((1, 1)),
    ...     acts=acts,
    ... )
    >>> memories, atoms = replay(fading, [0], [0], [0], [0], days=3)
    >>> memories[:, 0].tolist(), atoms[:, 0].round(3).tolist()
    ([0.0, 1.0, 0.5], [0.0, 0.6930000185966492, 0.4050000011920929])
    """
    plan = _plan(dynamics, days)
    day = _index(log_day, days, "log_day", "days")
    channel = _index(log_channel, dynamics.channels, "log_channel", "channels")
    act, deaths = _index(log_act, len(plan.act_until), "log_act", "acts"), _array(log_deaths, np.int64)
    lengths = [len(x) for x in (day, channel, act, deaths)]
    _require(
        len(set(lengths)) == 1,
        "log_day, log_channel, log_act and log_deaths",
        "must be of one length",
        lengths,
    )
    owner = np.searchsorted(plan.act_start, act, side="right") - 1
    strays = np.flatnonzero(owner != channel)
    _require(not len(strays), "log_act", "must be a row of the event's channel", f"event {strays[:1]}")
    order = np.argsort(day, kind="stable")
    day_start = np.searchsorted(day[order], np.arange(days + 1)).astype(np.int64)
    memories, atoms = replay_block(plan, day_start, act[order], deaths[order], int(days))
    return memories, atoms


def _unstable(first: int, lane: int, day: int, channel: int, rate: float) -> UnstableModelError:
    where = f"future {first + lane}, day {day}, channel {channel}"
    hint = "Let the memories that feed this channel saturate, or narrow the prior of its feedback."
    if rate == 0:
        what, limit, got = "events of one future", f"must not exceed {MAX_EVENTS_PER_FUTURE:,}", "more"
    else:
        what, limit, got = "expected events a day", f"must stay under {MAX_RATE_PER_DAY:,.0f}", f"{rate:.3g}"
    return UnstableModelError(Fault(what, limit, got=got, where=where, hint=hint))


def _gather(blocks: list[Any], firsts: Sequence[int], futures: int, days: int) -> EventLog:
    rows = np.cumsum([0] + [len(events) for events, _, _ in blocks])
    future, day, act, deaths = (np.empty(rows[-1], np.int32) for _ in range(4))
    channel = np.empty(rows[-1], np.int16)
    traces = (
        np.concatenate([traces for _, traces, _ in blocks]) if blocks else np.empty((0, 0, 0), np.float32)
    )
    for i, first in enumerate(firsts):
        events, part = blocks[i][0], slice(rows[i], rows[i + 1])
        future[part] = events[:, 0] + first
        day[part], channel[part], act[part], deaths[part] = events[:, 1:].T
        blocks[i] = None  # frees the block's events, which would otherwise double the peak
    return EventLog(future, day, channel, act, deaths, futures, days, traces)


def _plan(dynamics: Dynamics, days: int) -> Plan:
    """Check a `Dynamics` and lay it out for the compiled loop."""
    d, acts = dynamics, dynamics.acts
    _require(1 <= days < 2**31, "days", "must lie from 1 to 2**31 - 1", days)
    memories, atoms, terms, rows = len(d.decay), len(d.atom_kind), len(d.term_coefficient), len(acts.chance)
    _require(1 <= d.channels <= MAX_CHANNELS, "channels", f"must number 1 to {MAX_CHANNELS}", d.channels)
    for name, shape in {
        "initial": (memories,),
        "atom_index": (atoms,),
        "atom_scale": (atoms,),
        "atom_cap": (atoms,),
        "term_atom_a": (terms,),
        "term_atom_b": (terms,),
        "channel_class": (d.channels,),
        "weight": (memories, rows),
        "weight_log_deaths": (memories, rows),
    }.items():
        _require(
            np.shape(getattr(d, name)) == shape, name, f"must have shape {shape}", np.shape(getattr(d, name))
        )
    for name in ("decay", "initial", "weight", "weight_log_deaths"):
        _require(bool(np.isfinite(getattr(d, name)).all()), name, "must be finite", "inf or nan")
    term_start = _starts(d.term_start, terms, "term_start")
    kind, index = _array(d.atom_kind, np.int64), _array(d.atom_index, np.int64)
    scale, cap = _array(d.atom_scale, np.float64), _array(d.atom_cap, np.float64)
    smooth, indicator, declared = (kind == LOG1P) | (kind == SATURATE), kind == INDICATOR, kind == SCHEDULE
    _require(bool((smooth | indicator | declared).all()), "atom_kind", "must be one of program's kinds", kind)
    _require(
        bool((scale[smooth] > 0).all() and (cap[smooth] > 0).all()),
        "atom_scale and atom_cap",
        "must be above 0",
    )
    schedule = _array(d.schedule, np.float32)
    _index(index[~declared], memories, "atom_index", "memories")
    _index(index[declared], len(schedule), "atom_index", "rows of the schedule")
    _require(
        not declared.any() or schedule.shape[1] >= days, "schedule", f"must cover {days} days", schedule.shape
    )
    bend = np.where(kind == SATURATE, 1 / np.where(smooth, cap, 1.0), 0.0)
    gain = 1 / np.where(smooth, scale, 1.0)
    coefficient = _array(d.term_coefficient, np.int64)
    a, b = (np.asarray(x, np.int64) for x in (d.term_atom_a, d.term_atom_b))
    for x in (a, b):
        _index(x[x != NO_ATOM], atoms, "term_atom_a and term_atom_b", "atoms")
    a, b = np.where(a == NO_ATOM, b, a), np.where(a == NO_ATOM, a, b)  # a lone atom may stand in either place
    owner = np.repeat(np.arange(d.channels), np.diff(term_start))
    forms = {"constant": a == NO_ATOM, "single": (a != NO_ATOM) & (b == NO_ATOM), "product": b != NO_ATOM}
    starts = {name: np.searchsorted(owner[form], np.arange(d.channels + 1)) for name, form in forms.items()}
    decay = _array(d.decay, np.float64)
    effects = np.stack(
        [np.asarray(d.weight, np.float64).T, np.asarray(d.weight_log_deaths, np.float64).T], axis=2
    )
    act, memory = np.nonzero((effects != 0).any(axis=2))
    act_start, until, power = _act_table(dynamics)
    return Plan(
        decay=_array(decay, np.float32),
        decay_rest=_array(decay - decay.astype(np.float32), np.float32),
        initial=_array(d.initial, np.float32),
        atoms=atoms,
        smooth=_columns(np.flatnonzero(smooth), index[smooth]),
        smooth_scale=_array(np.stack([gain, bend], axis=1)[smooth], np.float32),
        indicator=_columns(np.flatnonzero(indicator), index[indicator]),
        indicator_above=_array(scale[indicator], np.float32),
        declared=_columns(np.flatnonzero(declared), index[declared]),
        schedule=schedule,
        constant_start=_array(starts["constant"], np.int64),
        constant=_array(coefficient[forms["constant"]], np.int64),
        single_start=_array(starts["single"], np.int64),
        single=_columns(*(x[forms["single"]] for x in (coefficient, a))),
        product_start=_array(starts["product"], np.int64),
        product=_columns(*(x[forms["product"]] for x in (coefficient, a, b))),
        channel_class=_array(d.channel_class, np.int64),
        act_start=act_start,
        act_until=until,
        death_chance=_array(acts.death_chance, np.float64),
        death_power=power,
        death_cap=int(acts.death_cap),
        effect_start=_array(np.searchsorted(act, np.arange(rows + 1)), np.int64),
        effect_memory=_array(memory, np.int64),
        effect=_array(effects[act, memory], np.float64),
    )


def _act_table(dynamics: Dynamics) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Check the act table; return its starts, the chances summed within each channel, and the power of the deaths' tail."""
    acts, channels = dynamics.acts, dynamics.channels
    chance, kills = _array(acts.chance, np.float64), _array(acts.death_chance, np.float64)
    tail = _array(acts.death_tail, np.float64)
    rows = len(chance)
    start = _starts(acts.start, rows, "acts.start")
    _require(len(start) == channels + 1, "acts.start", f"must have shape ({channels + 1},)", start.shape)
    for name, values in (("acts.death_chance", kills), ("acts.death_tail", tail)):
        _require(values.shape == (rows,), name, f"must have shape ({rows},)", values.shape)
    _require(bool(((kills >= 0) & (kills <= 1)).all()), "acts.death_chance", "must lie from 0 to 1", kills)
    _require(bool((tail[kills > 0] > 0).all()), "acts.death_tail", "must be above 0 where acts kill", tail)
    _require(1 <= acts.death_cap < 2**31, "acts.death_cap", "must lie from 1 to 2**31 - 1", acts.death_cap)
    until = np.empty(rows)
    for c in range(channels):
        part = chance[start[c] : start[c + 1]]
        ok = bool(len(part) and (part >= 0).all() and abs(part.sum() - 1) < 1e-6)
        _require(ok, "acts.chance", f"must be 0 or more and sum to 1 in channel {c}", part)
        until[start[c] : start[c + 1]] = np.cumsum(part)
        until[start[c] + np.flatnonzero(part)[-1] : start[c + 1]] = (
            2.0  # rounding never leaves a draw without a row
        )
    return start, until, -1 / np.where(tail > 0, tail, 1.0)


def _draws(
    dynamics: Dynamics, beta: npt.ArrayLike, log_alpha: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Check each future's coefficients and dispersions; return the coefficients and alpha."""
    coefficients, sizes = _array(beta, np.float64), _array(log_alpha, np.float64)
    _require(coefficients.ndim == 2, "beta", "must have shape (future, coefficient)", coefficients.shape)
    expected = f"must have shape ({len(coefficients)}, class)"
    _require(sizes.ndim == 2 and len(sizes) == len(coefficients), "log_alpha", expected, sizes.shape)
    _index(dynamics.term_coefficient, coefficients.shape[1], "term_coefficient", "columns of beta")
    _index(dynamics.channel_class, sizes.shape[1], "channel_class", "columns of log_alpha")
    _require(
        bool((np.abs(coefficients) < 1e30).all()), "beta", "must be finite and within 1e30", "other values"
    )
    _require(bool((sizes < 100).all()), "log_alpha", "must be numbers under 100", "other values")
    return coefficients, np.exp(sizes)


def _require(ok: bool, what: str, constraint: str, got: Any = None) -> None:
    if not ok:
        raise ValueError(str(Fault(what, constraint, got=got)))


def _array(values: npt.ArrayLike, dtype: type[np.generic]) -> npt.NDArray[Any]:
    # Read-only or strided input would be another type to the compiler, and compile the kernel once more.
    return np.require(values, dtype=dtype, requirements=["C", "A", "W"])


def _columns(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return _array(np.stack(columns, axis=1), np.int64)


def _index(values: npt.ArrayLike, size: int, what: str, of: str) -> npt.NDArray[np.int64]:
    found = _array(np.asarray(values).reshape(-1), np.int64)
    _require(
        bool(((found >= 0) & (found < size)).all()), what, f"must lie from 0 to {size - 1} ({of})", found
    )
    return found


def _starts(values: npt.ArrayLike, total: int, what: str) -> npt.NDArray[np.int64]:
    found = _array(values, np.int64)
    ok = bool(found[0] == 0 and found[-1] == total and (np.diff(found) >= 0).all())
    _require(ok, what, f"must rise from 0 to {total}", found)
    return found
