"""Compiled half of the simulation kernel: random numbers, float32 arithmetic, the recursion of one day.

Every compiled function lives in this one file: numba's cache on disk notices a change of the file a function stands in,
not of a file it calls into.

Futures run `LANES` at a time with the future as the innermost axis of every array, so that one line of Python becomes a
handful of vector instructions. The width is a constant, never the number of futures asked for: a loop's odd remainder
would be compiled another way and round another way, and results would depend on how the work was cut.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")

LANES = 64
MAX_RATE_PER_DAY = 1e6
MAX_EVENTS_PER_FUTURE = 1_000_000

# What a number is for; it stands in the counter's third word, so that no two uses ever share a number.
DAY_DRAWS, EVENT_DRAWS, BURST_DRAWS = 0, 1 << 16, 2 << 16

MASK, M0, M1, W0, W1 = (np.uint64(x) for x in (0xFFFFFFFF, 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85))
HALF_WORD = np.uint64(32)
PER_WORD = 2.0**-32
PER_24_BITS = np.float32(2.0**-24)
LOG_MAX_RATE = np.float32(np.log(MAX_RATE_PER_DAY))
LARGEST_CLUSTER_RATE = 32.0

ZERO, ONE, HALF = np.float32(0), np.float32(1), np.float32(0.5)
FORGOTTEN = np.float32(1e-30)
TINY, HUGE, NAN = np.float32(1e-37), np.float32(3e38), np.float32(np.nan)
ZERO_BITS, TWENTY_THREE, EIGHT = np.int32(0), np.int32(23), np.uint32(8)
SQRT_HALF_BITS = np.float32(np.sqrt(0.5)).view(np.int32)
LN2 = np.float32(0.693359375)
LN2_REST = np.float32(-2.12194440e-4)
L0, L1, L2, L3, L4, L5, L6, L7, L8 = (
    np.float32(x)
    for x in (
        7.0376836292e-2,
        -1.1514610310e-1,
        1.1676998740e-1,
        -1.2420140846e-1,
        1.4249322787e-1,
        -1.6668057665e-1,
        2.0000714765e-1,
        -2.4999993993e-1,
        3.3333331174e-1,
    )
)
EXP_SLOPE = np.float32(2.0**23 / np.log(2.0))
EXP_OFFSET = np.float32(127 * 2.0**23 + 1024)  # the last part outweighs the rounding of the sum
LOWEST_ETA = np.float32(-85.0)


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    # `contract` alone: fused multiply-add is both faster and more exact, whereas the flags that assume finite numbers
    # would delete the guard against explosion, and reassociation would fold the decay's two parts into one.
    # Inlining is forced because a loop that still holds a call is not vectorised.
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"contract"},
        "forceinline": True,
    }
    try:
        return cast(Callable[P, R], numba.njit(cache=True, **options)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache folder can be written
        return cast(Callable[P, R], numba.njit(**options)(function))


class Plan(NamedTuple):
    """A `Dynamics` laid out for the compiled loop: fixed types, atoms by kind, terms by form, sparse effects."""

    decay: npt.NDArray[np.float32]  # (memory,)
    decay_rest: npt.NDArray[np.float32]  # (memory,) what float32 leaves of the decay, for slow memories
    initial: npt.NDArray[np.float32]  # (memory,)
    atoms: int
    smooth: npt.NDArray[np.int64]  # (LOG1P and SATURATE atoms, 2): atom, memory
    smooth_scale: npt.NDArray[np.float32]  # (same, 2): 1 / scale, 1 / cap
    indicator: npt.NDArray[np.int64]  # (INDICATOR atoms, 2): atom, memory
    indicator_above: npt.NDArray[np.float32]
    declared: npt.NDArray[np.int64]  # (SCHEDULE atoms, 2): atom, row of the schedule
    schedule: npt.NDArray[np.float32]  # (row, day)
    constant_start: npt.NDArray[np.int64]  # (channel + 1,) terms with no atom
    constant: npt.NDArray[np.int64]  # (term,): coefficient
    single_start: npt.NDArray[np.int64]  # (channel + 1,) terms with one atom
    single: npt.NDArray[np.int64]  # (term, 2): coefficient, atom
    product_start: npt.NDArray[np.int64]  # (channel + 1,) terms with two
    product: npt.NDArray[np.int64]  # (term, 3): coefficient, atom, atom
    channel_class: npt.NDArray[np.int64]  # (channel,)
    act_start: npt.NDArray[np.int64]  # (channel + 1,)
    act_until: npt.NDArray[np.float64]  # (act,) summed chances within the channel
    death_chance: npt.NDArray[np.float64]  # (act,)
    death_power: npt.NDArray[np.float64]  # (act,) -1 / tail
    death_cap: int
    effect_start: npt.NDArray[np.int64]  # (act + 1,) memories an act feeds
    effect_memory: npt.NDArray[np.int64]
    effect: npt.NDArray[np.float64]  # (effect, 2): weight, weight on log1p(deaths)


@intrinsic  # type: ignore[untyped-decorator]
def _bits(context: Any, value: Any) -> Any:
    """Read a float32's bits as an int32."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), build


@intrinsic  # type: ignore[untyped-decorator]
def _float(context: Any, value: Any) -> Any:
    """Read an int32's bits as a float32."""

    def build(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), build


@_compiled
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Return the four 32-bit words of Philox4x32-10 at a counter, under a key (all uint64 below 2**32)."""
    for _ in range(10):
        p0, p1 = M0 * c0, M1 * c2
        c0, c1 = (p1 >> HALF_WORD) ^ c1 ^ k0, p1 & MASK
        c2, c3 = (p0 >> HALF_WORD) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + W0) & MASK, (k1 + W1) & MASK
    return c0, c1, c2, c3


@_compiled
def log1p32(x: Any) -> Any:
    """Return log(1 + x) in float32, to 2e-7 of its value; NaN where 1 + x is not a positive finite number.

    The coefficients are those of Cephes' logf on [sqrt(1/2), sqrt(2)].
    """
    y = ONE + x
    bits = _bits(y)
    exponent = np.int32(np.int32(bits - SQRT_HALF_BITS) >> TWENTY_THREE)
    # Near zero 1 + x has lost digits that x still holds.
    f = x if exponent == ZERO_BITS else _float(np.int32(bits - (exponent << TWENTY_THREE))) - ONE
    z = f * f
    p = L0 * f + L1
    p = p * f + L2
    p = p * f + L3
    p = p * f + L4
    p = p * f + L5
    p = p * f + L6
    p = p * f + L7
    p = p * f + L8
    e = np.float32(exponent)
    p = f * z * p + e * LN2_REST - HALF * z
    return p + f + e * LN2 if (y > TINY) & (y < HUGE) else NAN


@_compiled
def rate_ceiling32(eta: Any) -> Any:
    """Return a float32 that lies above exp(eta), by at most 6.2 %, for eta up to the log of the largest rate allowed.

    Writing a number into the exponent of a float draws the chord of 2**x between whole numbers, and a chord of a convex
    curve lies above it: two instructions instead of an exponential, for a test that fails 99 times in 100.
    """
    bounded = eta if eta < LOG_MAX_RATE else LOG_MAX_RATE  # also where eta is not a number
    bounded = bounded if bounded > LOWEST_ETA else LOWEST_ETA
    return _float(np.int32(bounded * EXP_SLOPE + EXP_OFFSET))


@_compiled
def fill_draws(words: Any, first: Any, day: Any, k0: Any, k1: Any) -> None:
    """Write the day's first word of every channel: one call of the generator serves four channels."""
    for group in range(words.shape[0] // 4):
        row, stream = 4 * group, np.uint64(DAY_DRAWS + group)
        for f in range(LANES):
            a, b, c, d = philox(first + np.uint64(f), day, stream, np.uint64(0), k0, k1)
            words[row, f], words[row + 1, f], words[row + 2, f], words[row + 3, f] = a, b, c, d


@_compiled
def fill_atoms(plan: Any, memories: Any, day: Any, atoms: Any) -> None:
    """Evaluate every atom from the memories before the day's acts."""
    for i in range(plan.smooth.shape[0]):
        row, memory = plan.smooth[i, 0], plan.smooth[i, 1]
        gain, bend = plan.smooth_scale[i, 0], plan.smooth_scale[i, 1]
        if bend == ZERO:
            for f in range(LANES):
                atoms[row, f] = log1p32(memories[memory, f] * gain)
        else:
            for f in range(LANES):
                s = memories[memory, f]
                atoms[row, f] = log1p32(s * gain / (ONE + s * bend))
    for i in range(plan.indicator.shape[0]):
        row, memory, above = plan.indicator[i, 0], plan.indicator[i, 1], plan.indicator_above[i]
        for f in range(LANES):
            atoms[row, f] = ONE if memories[memory, f] > above else ZERO
    for i in range(plan.declared.shape[0]):
        row, value = plan.declared[i, 0], plan.schedule[plan.declared[i, 1], day]
        for f in range(LANES):
            atoms[row, f] = value


@_compiled
def fill_rates(plan: Any, base: Any, beta: Any, atoms: Any, words: Any, eta: Any, hot: Any) -> None:
    """Sum the terms of every channel, and mark the futures where a draw may have come up or a rate ran away."""
    for f in range(LANES):
        hot[f] = ZERO_BITS
    for c in range(eta.shape[0]):
        for f in range(LANES):
            eta[c, f] = base[c, f]
        for i in range(plan.single_start[c], plan.single_start[c + 1]):
            j, a = plan.single[i, 0], plan.single[i, 1]
            for f in range(LANES):
                eta[c, f] += beta[j, f] * atoms[a, f]
        for i in range(plan.product_start[c], plan.product_start[c + 1]):
            j, a, b = plan.product[i, 0], plan.product[i, 1], plan.product[i, 2]
            for f in range(LANES):
                eta[c, f] += beta[j, f] * (atoms[a, f] * atoms[b, f])
        for f in range(LANES):
            x = eta[c, f]
            up = np.float32(np.int32(words[c, f] >> EIGHT)) * PER_24_BITS < rate_ceiling32(x)
            hot[f] |= np.int32(up | (not ((x < LOG_MAX_RATE) & (x > -HUGE))))


@_compiled
def decay(plan: Any, memories: Any) -> None:
    """Carry the memories to the next day."""
    for m in range(memories.shape[0]):
        kept, rest = plan.decay[m], plan.decay_rest[m]
        for f in range(LANES):
            s = memories[m, f] * kept + memories[m, f] * rest
            memories[m, f] = (
                s if abs(s) > FORGOTTEN else ZERO
            )  # arithmetic on denormal numbers is many times slower


@_compiled
def remember(plan: Any, memories: Any, f: Any, act: Any, deaths: Any) -> None:
    """Add one act to the memories it feeds; the day's atoms have been read already."""
    log_deaths = np.log1p(deaths)
    for i in range(plan.effect_start[act], plan.effect_start[act + 1]):
        m = plan.effect_memory[i]
        memories[m, f] = np.float32(memories[m, f] + plan.effect[i, 0] + plan.effect[i, 1] * log_deaths)


@_compiled
def cluster_rate(mean: Any, alpha: Any) -> Any:
    """Return log1p(alpha * mean) / alpha, the rate of clusters of acts; the mean itself as alpha goes to zero."""
    x = alpha * mean
    return mean * (1.0 - 0.5 * x) if x < 1e-8 else np.log1p(x) / alpha


@_compiled
def count_from(u: Any, mean: Any, alpha: Any, rate: Any, parts: Any) -> Any:
    """Return the count whose upper tail holds `u`, for one of the equal `parts` of a channel's day.

    Small `u` is a large count, so that a rare day costs no digits. Stops one above the largest count a future may hold.
    """
    chance, tail = np.exp(-rate / parts), -np.expm1(-rate / parts)
    count = 0
    while u < tail and count <= MAX_EVENTS_PER_FUTURE:
        chance *= (count * alpha + 1.0 / parts) * mean / ((count + 1.0) * (1.0 + alpha * mean))
        tail -= chance
        count += 1
        if chance < 1e-20:  # far out, where the subtraction holds only rounding
            break
    return count


@_compiled
def draw_count(
    word: Any, rest: Any, mean: Any, alpha: Any, future: Any, day: Any, c: Any, k0: Any, k1: Any
) -> Any:
    """Return the day's count of a channel from its day draw, lengthened to 64 bits by the first event's spare word."""
    rate = cluster_rate(mean, alpha)
    u = (np.float64(word) + (np.float64(rest) + 0.5) * PER_WORD) * PER_WORD
    if rate <= LARGEST_CLUSTER_RATE:
        return count_from(u, mean, alpha, rate, 1.0)
    # exp(-rate) would run out of digits. The law is infinitely divisible: add up equal parts with a draw each.
    parts = np.ceil(rate / LARGEST_CLUSTER_RATE)
    count = count_from(u, mean, alpha, rate, parts)
    for part in range(1, np.int64(parts)):
        a, b, _, _ = philox(future, day, np.uint64(BURST_DRAWS + c), np.uint64(part), k0, k1)
        u = (np.float64(a) + (np.float64(b) + 0.5) * PER_WORD) * PER_WORD
        count += count_from(u, mean, alpha, rate, parts)
        if count > MAX_EVENTS_PER_FUTURE:
            break
    return count


@_compiled
def simulate_block(
    plan: Any, coefficients: Any, alpha: Any, first: Any, days: Any, k0: Any, k1: Any, record: Any, every: Any
) -> Any:
    """Run up to `LANES` futures; return events by future, traces, and where the lowest future that ran away stopped.

    Parameters
    ----------
    plan : Plan
    coefficients : float64, shape (future, coefficient)
    alpha : float64, shape (future, class)
    first : int
        Number of the block's first future in the whole run.
    days : int
    k0, k1 : uint64
        Halves of the seed.
    record : int64, shape (record,)
        Memories to trace.
    every : int
        Days between two values of a trace.

    Returns
    -------
    events : int32, shape (event, 5)
        Future within the block, day, channel, act, deaths.
    traces : float32, shape (future, record, ceil(days / every))
    stopped : tuple of int, int, int, float
        Future within the block (-1: none), day, channel, rate per day (0: too many events).
    """
    channels, lanes = plan.channel_class.shape[0], coefficients.shape[0]
    beta = np.zeros((coefficients.shape[1], LANES), np.float32)
    base = np.zeros((channels, LANES), np.float32)
    memories = np.empty((plan.initial.shape[0], LANES), np.float32)
    atoms = np.zeros((plan.atoms, LANES), np.float32)
    words = np.empty((4 * ((channels + 3) // 4), LANES), np.uint32)
    eta = np.empty((channels, LANES), np.float32)
    hot = np.empty(LANES, np.int32)
    for f in range(lanes):
        for j in range(coefficients.shape[1]):
            beta[j, f] = coefficients[f, j]
        for c in range(channels):
            total = 0.0
            for i in range(plan.constant_start[c], plan.constant_start[c + 1]):
                total += coefficients[f, plan.constant[i]]
            base[c, f] = total
    for m in range(memories.shape[0]):
        memories[m, :] = plan.initial[m]
    traces = np.empty((lanes, record.shape[0], (days + every - 1) // every), np.float32)
    log = np.empty((1024, 5), np.int32)
    used, running = 0, lanes
    drawn = np.zeros(LANES + 1, np.int64)
    stopped, stopped_day, stopped_channel, stopped_rate = -1, 0, 0, 0.0
    for today in range(days):
        day = np.uint64(today)
        if today % every == 0:
            for i in range(record.shape[0]):
                for f in range(lanes):
                    traces[f, i, today // every] = memories[record[i], f]
        fill_atoms(plan, memories, today, atoms)
        fill_draws(words, np.uint64(first), day, k0, k1)
        fill_rates(plan, base, beta, atoms, words, eta, hot)
        for f in range(running):
            if hot[f] == 0:
                continue
            future = np.uint64(first + f)
            for c in range(channels):
                x = eta[c, f]
                stable = (x < LOG_MAX_RATE) & (x > -HUGE)
                if stable and not np.float32(np.int32(words[c, f] >> EIGHT)) * PER_24_BITS < rate_ceiling32(
                    x
                ):
                    continue
                mean, size = np.exp(np.float64(x)), alpha[f, plan.channel_class[c]]
                sub = np.uint64(EVENT_DRAWS + c)
                rest, for_act, for_kill, for_toll = philox(future, day, sub, np.uint64(0), k0, k1)
                count = draw_count(words[c, f], rest, mean, size, future, day, c, k0, k1) if stable else 0
                if not stable or drawn[f] + count > MAX_EVENTS_PER_FUTURE:
                    stopped, stopped_day, stopped_channel, stopped_rate = f, today, c, 0.0 if stable else mean
                    running = f  # only a lower future may still change the report
                    break
                drawn[f] += count
                for k in range(count):
                    if k > 0:
                        _, for_act, for_kill, for_toll = philox(future, day, sub, np.uint64(k), k0, k1)
                    act = plan.act_start[c]
                    u = (np.float64(for_act) + 0.5) * PER_WORD
                    while u >= plan.act_until[act]:
                        act += 1
                    deaths = 0
                    if (np.float64(for_kill) + 0.5) * PER_WORD < plan.death_chance[act]:
                        toll = ((np.float64(for_toll) + 0.5) * PER_WORD) ** plan.death_power[act]
                        deaths = np.int64(toll) if toll < plan.death_cap else np.int64(plan.death_cap)
                    if used == log.shape[0]:
                        longer = np.empty((2 * used, 5), np.int32)
                        longer[:used] = log
                        log = longer
                    log[used, 0], log[used, 1], log[used, 2], log[used, 3], log[used, 4] = (
                        f,
                        today,
                        c,
                        act,
                        deaths,
                    )
                    used += 1
                    remember(plan, memories, f, act, deaths)
            if running <= f:
                break
        if running == 0:
            break
        decay(plan, memories)
    place = np.zeros(LANES + 1, np.int64)
    for f in range(LANES):
        place[f + 1] = place[f] + drawn[f]
    events = np.empty((used, 5), np.int32)
    for i in range(used):
        f = log[i, 0]
        events[place[f]] = log[i]
        place[f] += 1
    return events, traces, (stopped, stopped_day, stopped_channel, stopped_rate)


@_compiled
def replay_block(plan: Any, day_start: Any, acts: Any, deaths: Any, days: Any) -> Any:
    """Drive the recursion by given events: those of day t stand at day_start[t] <= i < day_start[t + 1]."""
    memories = np.empty((plan.initial.shape[0], LANES), np.float32)
    atoms = np.zeros((plan.atoms, LANES), np.float32)
    memory_path = np.empty((days, memories.shape[0]), np.float32)
    atom_path = np.empty((days, plan.atoms), np.float32)
    for m in range(memories.shape[0]):
        memories[m, :] = plan.initial[m]
    for today in range(days):
        fill_atoms(plan, memories, today, atoms)
        memory_path[today] = memories[:, 0]
        atom_path[today] = atoms[:, 0]
        for i in range(day_start[today], day_start[today + 1]):
            remember(plan, memories, 0, acts[i], deaths[i])
        decay(plan, memories)
    return memory_path, atom_path
