"""Run a `Dynamics` forward: many futures, each an event log, the same for any number of threads.

Every number drawn is a word of Philox4x32-10, keyed by the seed, at a counter (future, day, use and channel, which):

1. Channel c of future f on day t owns one uniform number: 16 bits from a call shared by eight channels, compared with a
   ceiling on the rate, and 32 more where they lie below it (about once in the events there are).
2. The day's count is the one whose upper tail holds that number, worked out in float64. So a changed rate changes the
   counts of its own channel only, only upwards if it rose, and only on days near the threshold.
3. A count with many clusters (more than 32 expected) is a sum of equal parts, each further one with a call of its own.
4. Event k of (f, t, c) owns one call: a word for its act, one for whether it kills, two for how many. A single act that
   kills more than one owns a second call, which says where its law of tolls has tapered off.
5. Future f owns one call more: a word for each of the two laws of tolls, which say what its acts kill outside
   hostilities and in them, and one for how soon ceasefires come.
6. A joint act in hostilities, or from an outbreak on, owns a call that says whether it is a ceasefire.
7. Future f owns one call for how often fighting breaks out in it and how hard, and one for the time that passes between
   each outbreak and the next, so that outbreaks fall on the same days whatever else changes. Each act of a channel in
   which an outbreak raises strikes owns one that says whether it is a strike, and each day of an outbreak that no act
   can end one that says whether it dies down.
8. Nothing comes from a running generator: no number depends on what happened before, on the block or on the thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.base.errors import Fault, UnstableModelError
from detente.base.workers import Threads
from detente.futures.kernel.arithmetic import MAX_EVENTS_PER_FUTURE, MAX_RATE_PER_DAY
from detente.futures.kernel.event_log import EventLog
from detente.futures.kernel.loop import LANES, STEP, replay_block, simulate_block
from detente.futures.kernel.plan import Plan, as_array, as_index, plan_for, plan_of, require
from detente.model.program import Dynamics

MAX_THREADS = 32


def simulate_log(
    dynamics: Dynamics | Plan,
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
    numbers: npt.ArrayLike | None = None,
    injected: npt.ArrayLike | None = None,
    mute: int | None = None,
) -> EventLog:
    """Simulate one future for each row of coefficients.

    Parameters
    ----------
    dynamics : Dynamics or Plan
        A plan, if the same is run several times: laying it out and checking it takes as long as a few futures.
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
        Futures a task, from 1 to 128; changes nothing in the result.
    progress : callable
        Called with the number of futures done so far; an exception it raises ends the run.
    record : sequence of int
        Memories to trace.
    record_every : int
        Days between two values of a trace.
    numbers : int, shape (future,), optional
        Which future of a larger run each row is; row k is future k unless this says otherwise. Fixes its draws.
    injected : int, shape (injection, 4), optional
        Day, channel, act and deaths of acts put into every future. They stand in the log and feed memories as drawn
        ones do; they take no draw's place, and no earlier day changes.
    mute : int, optional
        A channel that never acts, while its hazard is summed along each path: the mean over paths of
        ``exp(-hazard)`` is the chance that it would not have acted, far less noisy than a count of futures.

    Returns
    -------
    EventLog

    Raises
    ------
    UnstableModelError
        If a channel of some future expects more than 1e6 events a day, or a future holds more than 1e6 events. The
        lowest such future is named, whatever the threads.
    ValueError
        If shapes, indices or values do not fit together.

    Examples
    --------
    Two a day for 100 days in 50 futures, a fifth of them deadly:

    >>> from detente.model.act_table import ActTable
    >>> from detente.model.program import NO_ATOM
    >>> from detente.model.tolls import Tolls
    >>> one = np.zeros(1, dtype=np.int64)
    >>> none, blank = np.zeros(0), np.zeros(0, dtype=np.int64)
    >>> acts = ActTable(np.array([0, 1]), np.ones(1), np.full(1, 0.2), Tolls.of(1.5), 1000)
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
    plan = plan_for(dynamics, days)
    coefficients, alpha = _draws(plan, beta, log_alpha)
    require(0 <= seed < 2**63, "seed", "must lie from 0 to 2**63 - 1", seed)
    require(threads >= 0, "threads", "must be 0 (all) or more", threads)
    require(1 <= block <= LANES, "block", f"must lie from 1 to {LANES}", block)
    require(record_every >= 1, "record_every", "must be at least 1 day", record_every)
    recorded = as_index(record, len(plan.decay), "record", "memories")
    futures = len(coefficients)
    number = np.arange(futures) if numbers is None else as_index(numbers, 2**31, "numbers", "futures")
    require(len(number) == futures, "numbers", "must name every row of beta", len(number))
    put = _injections(injected, days, plan.act_start)
    require(mute is None or 0 <= mute < len(plan.channel_class), "mute", "must be a channel", mute)

    def tell(done: int, _: int) -> None:
        if progress:
            progress(min(done * block, futures))

    firsts = range(0, futures, block)
    run = partial(
        _run_block,
        plan, coefficients, alpha, number, put,
        block=block, days=int(days), seed=seed, recorded=recorded, record_every=int(record_every),
        mute=-1 if mute is None else mute,
    )  # fmt: skip
    # Results come in order, so the first failed block holds the lowest future that failed.
    workers = Threads(min(Threads(threads).count, MAX_THREADS))
    blocks = workers.map(run, firsts, progress=tell, until=_failed)
    if blocks and _failed(blocks[-1]):
        lane, *stopped = blocks[-1][2]
        raise _unstable(int(number[firsts[len(blocks) - 1] + lane]), *stopped)
    empty = np.empty((0, len(recorded), -(-days // record_every)), np.float32)
    hazard = None if mute is None else np.concatenate([np.empty(0), *(block[3] for block in blocks)])
    log = replace(_gather(blocks, firsts, days, empty), hazard=hazard)
    return _sorted(log) if len(put) else log


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

    >>> from detente.model.act_table import ActTable
    >>> from detente.model.tolls import Tolls
    >>> blank = np.zeros(0, dtype=np.int64)
    >>> acts = ActTable(np.array([0, 1]), np.ones(1), np.zeros(1), Tolls.of(1.0), 1000)
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
    >>> memories[:, 0].tolist(), [round(float(x), 3) for x in atoms[:, 0]]
    ([0.0, 1.0, 0.5], [0.0, 0.693, 0.405])
    """
    plan = plan_of(dynamics, days)
    day = as_index(log_day, days, "log_day", "days")
    channel = as_index(log_channel, dynamics.channels, "log_channel", "channels")
    act, deaths = as_index(log_act, len(plan.act_until), "log_act", "acts"), as_array(log_deaths, np.int64)
    lengths = [len(x) for x in (day, channel, act, deaths)]
    require(len(set(lengths)) == 1, "columns of the log", "must be of one length", lengths)
    require(bool((deaths >= 0).all()), "log_deaths", "must be 0 or more", deaths)
    owner = np.searchsorted(plan.act_start, act, side="right") - 1
    strays = np.flatnonzero(owner != channel)
    require(not len(strays), "log_act", "must be a row of the event's channel", f"event {strays[:1]}")
    order = np.argsort(day, kind="stable")
    day_start = np.searchsorted(day[order], np.arange(days + 1)).astype(np.int64)
    memories, atoms = replay_block(plan, day_start, act[order], deaths[order], int(days))
    return memories, atoms


def _run_block(
    plan: Plan,
    coefficients: npt.NDArray[np.float64],
    alpha: npt.NDArray[np.float64],
    number: npt.NDArray[np.int64],
    put: npt.NDArray[np.int64],
    first: int,
    *,
    block: int,
    days: int,
    seed: int,
    recorded: npt.NDArray[np.int64],
    record_every: int,
    mute: int,
) -> Any:
    """Simulate the futures of one block, from row `first` on."""
    rows = slice(first, first + block)
    futures = len(number[rows])
    lanes = np.zeros(-(-futures // STEP) * STEP, np.uint64)
    lanes[:futures] = number[rows]
    k0, k1 = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    return simulate_block(
        plan, coefficients[rows], alpha[rows], lanes, days, k0, k1, recorded, record_every, put, mute
    )


def _failed(block: Any) -> bool:
    """Whether a future of a block had too high a rate or too many events."""
    return bool(block[2][0] >= 0)


def _unstable(future: int, day: int, channel: int, rate: float) -> UnstableModelError:
    where = f"future {future}, day {day}, channel {channel}"
    if rate < 0:
        most, hint = MAX_EVENTS_PER_FUTURE, "saturate_or_fewer_days"
        return UnstableModelError(
            Fault("too_many_events", "events of one future", where=where, hint=hint, most=most)
        )
    got, below, hint = f"{rate:.3g}", float(MAX_RATE_PER_DAY), "saturate_or_narrow"
    return UnstableModelError(
        Fault("too_high_a_rate", "expected events a day", got=got, where=where, hint=hint, below=below)
    )


def _gather(blocks: list[Any], firsts: Sequence[int], days: int, empty: npt.NDArray[np.float32]) -> EventLog:
    """Join the blocks' events and traces; `empty` has the shape of traces of no future."""
    rows = np.cumsum([0] + [len(block[0]) for block in blocks])
    future, day, act, deaths = (np.empty(rows[-1], np.int32) for _ in range(4))
    channel = np.empty(rows[-1], np.int16)
    traces = np.concatenate([empty] + [block[1] for block in blocks])
    for i, first in enumerate(firsts):
        events, part = blocks[i][0], slice(rows[i], rows[i + 1])
        future[part] = events[:, 0] + first
        day[part], channel[part], act[part], deaths[part] = events[:, 1:].T
        blocks[i] = None  # frees the block's events, which would otherwise double the peak
    return EventLog(future, day, channel, act, deaths, len(traces), days, traces)


def _injections(
    injected: npt.ArrayLike | None, days: int, act_start: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Check injected acts; return them sorted by day, those of a day in the order given."""
    rows = np.empty((0, 4), np.int64) if injected is None else as_array(injected, np.int64)
    require(rows.ndim == 2 and rows.shape[1] == 4, "injected", "must have shape (injection, 4)", rows.shape)
    day, channel, act, deaths = rows.T
    as_index(day, days, "day of an injected act", "days")
    as_index(channel, len(act_start) - 1, "channel of an injected act", "channels")
    as_index(act, int(act_start[-1]), "injected act", "acts")
    owner = np.searchsorted(act_start, act, side="right") - 1
    require(bool((owner == channel).all()), "injected act", "must be a row of its channel", act)
    require(bool(((deaths >= 0) & (deaths < 2**31)).all()), "injected deaths", "must be 0 or more", deaths)
    return np.ascontiguousarray(rows[np.argsort(day, kind="stable")])


def _sorted(log: EventLog) -> EventLog:
    """Sort a log by future, day and channel; within a channel drawn acts stay before those put in."""
    order = np.lexsort((log.channel, log.day, log.future))
    return replace(
        log,
        future=log.future[order],
        day=log.day[order],
        channel=log.channel[order],
        act=log.act[order],
        deaths=log.deaths[order],
    )


def _draws(
    plan: Plan, beta: npt.ArrayLike, log_alpha: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Check each future's coefficients and dispersions; return the coefficients and alpha."""
    coefficients, sizes = as_array(beta, np.float64), as_array(log_alpha, np.float64)
    require(coefficients.ndim == 2, "beta", "must have shape (future, coefficient)", coefficients.shape)
    expected = f"must have shape ({len(coefficients)}, class)"
    require(sizes.ndim == 2 and len(sizes) == len(coefficients), "log_alpha", expected, sizes.shape)
    used = np.append(plan.single[:, 0], plan.product[:, 0])
    as_index(used[used > 0] - 1, coefficients.shape[1], "term_coefficient", "columns of beta")  # 0: no term
    as_index(plan.channel_class, sizes.shape[1], "channel_class", "columns of log_alpha")
    require(bool((np.abs(coefficients) < 1e30).all()), "beta", "must be numbers within 1e30", "other values")
    require(bool((sizes < 100).all()), "log_alpha", "must be numbers under 100", "other values")
    return coefficients, np.exp(sizes)
