"""Compiled loop of the simulation kernel: one block of futures, day by day.

Futures run up to `LANES` at a time with the future as the innermost axis of every array, so that one line of Python
becomes a handful of vector instructions. A block is as wide as its futures need, in multiples of `STEP`, so that no
loop has an odd remainder; and every rounding is spelt out (see `compiled`), so that a future is the same anywhere in a
block.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.base.compiled import compiled
from detente.events.hostilities import NEITHER, TRUCE
from detente.futures.kernel.arithmetic import (
    HUGE,
    LOG_MAX_RATE,
    MAX_EVENTS_PER_FUTURE,
    NO_BITS,
    ONE,
    ONE_BIT,
    ZERO,
    draw_act,
    draw_count,
    fma,
    log1p32,
    philox,
    rate_ceiling32,
)
from detente.futures.kernel.event_rows import copy_rows, sort_by_future
from detente.futures.kernel.killing import (
    choose_laws,
    draw_deaths,
    fight,
    make_truce,
    makes_peace,
    start_fighting,
)
from detente.futures.kernel.memories import forget, remember, start_memories
from detente.futures.kernel.outbreaks import break_out, draw_strike, rage, wait_for_outbreaks

# Checksum of the kernel's other compiled files: a change there changes this file, where numba's cache looks.
MATH = 2252048624
LANES, STEP = 128, 16


# What a number is for; it stands in the counter's third word beside the channel, so that no two uses share a number.
DAY_DRAWS, COUNT_DRAWS, EVENT_DRAWS = 0, 1 << 16, 2 << 16
HALF_WORD, HALF_WORD_BITS, HALF_WORDS = np.uint64(0xFFFF), np.uint64(16), np.float32(2.0**16)


@compiled
def fill_draws(draws: Any, numbers: Any, day: Any, k0: Any, k1: Any) -> None:
    """Write the day's draws, 16 bits a channel: one call of the generator serves eight channels."""
    width = draws.shape[1]
    for group in range(draws.shape[0] // 8):
        row, stream = 8 * group, np.uint64(DAY_DRAWS + group)
        for f in range(width):
            a, b, c, d = philox(numbers[f], day, stream, np.uint64(0), k0, k1)
            draws[row, f], draws[row + 1, f] = a & HALF_WORD, a >> HALF_WORD_BITS
            draws[row + 2, f], draws[row + 3, f] = b & HALF_WORD, b >> HALF_WORD_BITS
            draws[row + 4, f], draws[row + 5, f] = c & HALF_WORD, c >> HALF_WORD_BITS
            draws[row + 6, f], draws[row + 7, f] = d & HALF_WORD, d >> HALF_WORD_BITS


@compiled
def fill_atoms(
    smooth: Any, smooth_scale: Any, indicator: Any, above: Any, declared: Any, schedule: Any,
    memories: Any, level: Any, day: Any, atoms: Any,
) -> None:  # fmt: skip
    """Evaluate every atom from the memories before the day's acts, which are `memories` times `level`."""
    width = atoms.shape[1]
    for i in range(smooth.shape[0]):
        row, m = smooth[i, 0], smooth[i, 1]
        gain, bend = np.float32(smooth_scale[i, 0] * level[m]), np.float32(smooth_scale[i, 1] * level[m])
        if bend == ZERO:
            for f in range(width):
                atoms[row, f] = log1p32(memories[m, f] * gain)
        else:
            for f in range(width):
                atoms[row, f] = log1p32(memories[m, f] * gain / fma(memories[m, f], bend, ONE))
    for i in range(indicator.shape[0]):
        row, m = indicator[i, 0], indicator[i, 1]
        limit = np.float32(above[i] / level[m])
        for f in range(width):
            atoms[row, f] = ONE if memories[m, f] > limit else ZERO
    for i in range(declared.shape[0]):
        row, value = declared[i, 0], schedule[declared[i, 1], day]
        for f in range(width):
            atoms[row, f] = value


@compiled
def fill_rates(
    single_start: Any, single: Any, product_start: Any, product: Any,
    beta: Any, atoms: Any, draws: Any, eta: Any, alarms: Any,
) -> None:  # fmt: skip
    """Sum the terms of every channel; set its bit where its draw may have come up or its rate ran away."""
    width = eta.shape[1]
    fill(alarms, NO_BITS)
    for c in range(eta.shape[0]):
        for f in range(width):
            eta[c, f] = ZERO
        # Four terms a pass: a pass over so few futures costs as much to start as to run.
        for i in range(single_start[c], single_start[c + 1], 4):
            j0, j1, j2, j3 = single[i, 0], single[i + 1, 0], single[i + 2, 0], single[i + 3, 0]
            a0, a1, a2, a3 = single[i, 1], single[i + 1, 1], single[i + 2, 1], single[i + 3, 1]
            for f in range(width):
                x = fma(beta[j1, f], atoms[a1, f], fma(beta[j0, f], atoms[a0, f], eta[c, f]))
                eta[c, f] = fma(beta[j3, f], atoms[a3, f], fma(beta[j2, f], atoms[a2, f], x))
        for i in range(product_start[c], product_start[c + 1]):
            j, a, b = product[i, 0], product[i, 1], product[i, 2]
            for f in range(width):
                eta[c, f] = fma(beta[j, f], atoms[a, f] * atoms[b, f], eta[c, f])
        word, bit = c >> 5, np.uint32(c & 31)
        for f in range(width):
            x = eta[c, f]
            runaway = not ((x < LOG_MAX_RATE) & (x > -HUGE))
            alarm = (np.float32(draws[c, f]) < rate_ceiling32(x) * HALF_WORDS) | runaway
            alarms[word, f] |= np.uint32(np.uint32(alarm) << bit)


@compiled
def draw_counts(
    running: Any, alarms: Any, eta: Any, draws: Any, alpha: Any, channel_class: Any,
    numbers: Any, day: Any, k0: Any, k1: Any, drawn: Any, todo: Any,
) -> Any:  # fmt: skip
    """Work out the day's counts where the alarm went off; list future, channel and count of those above zero.

    Returns
    -------
    found, total : int
        Length of the list and sum of its counts.
    running, channel : int
        Futures still to run and, if they became fewer, the channel that ran away.
    rate : float
        Its rate per day; -1 if it was the future's number of events that ran away.
    """
    found, total = 0, 0
    for f in range(running):
        for word in range(alarms.shape[0]):
            bits, c = alarms[word, f], 32 * word
            while bits != NO_BITS:
                if bits & ONE_BIT:
                    x = np.float64(eta[c, f])
                    mean = np.exp(x)
                    if not (x < LOG_MAX_RATE and x > -HUGE):
                        return found, total, f, c, mean
                    size = alpha[f, channel_class[c]]
                    stream = np.uint64(COUNT_DRAWS + c)
                    count = draw_count(draws[c, f], mean, size, numbers[f], day, stream, k0, k1)
                    drawn[f] += count
                    if drawn[f] > MAX_EVENTS_PER_FUTURE:
                        return found, total, f, c, -1.0
                    if count > 0:
                        todo[found, 0], todo[found, 1], todo[found, 2] = f, c, count
                        found, total = found + 1, total + count
                bits, c = np.uint32(bits >> ONE_BIT), c + 1
    return found, total, running, 0, 0.0


@compiled
def add_hazard(eta: Any, c: Any, alpha: Any, column: Any, lanes: Any, hazard: Any) -> None:
    """Add minus the log of the chance that a channel has no act today to each future's sum."""
    for f in range(lanes):
        size = alpha[f, column]
        mean = np.exp(min(np.float64(eta[c, f]), 40.0))
        hazard[f] += np.log1p(size * mean) / size if size > 0.0 else mean


# A slice would be shorter than these three, and compile numba's code for slices of every shape, ten seconds of it.
@compiled
def fill(array: Any, value: Any) -> None:
    """Set every element of a matrix."""
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            array[i, j] = value


@compiled
def simulate_block(
    plan: Any,
    coefficients: Any,
    alpha: Any,
    numbers: Any,
    days: Any,
    k0: Any,
    k1: Any,
    record: Any,
    every: Any,
    injected: Any,
    mute: Any,
) -> Any:
    """Run the futures of one block; return events by future, traces, and where the lowest future that ran away stopped.

    Parameters
    ----------
    plan : Plan
    coefficients : float64, shape (future, coefficient)
    alpha : float64, shape (future, class)
    numbers : uint64, shape (width,)
        Number of each future in the whole run: with day and seed it fixes every draw.
    days : int
    k0, k1 : uint64
        Halves of the seed.
    record : int64, shape (record,)
        Memories to trace.
    every : int
        Days between two values of a trace.
    injected : int64, shape (injection, 4)
        Day, channel, act and deaths of acts put into every future, sorted by day.
    mute : int
        Channel whose acts never happen, while its hazard is summed; -1 for none.

    Returns
    -------
    events : int32, shape (event, 5)
        Future within the block, day, channel, act, deaths.
    traces : float32, shape (future, record, ceil(days / every))
    stopped : tuple of int, int, int, float
        Future within the block (-1: none), day, channel, rate per day (-1: too many events).
    hazard : float64, shape (future,)
        Minus the log of the chance that the mute channel had no act on its future's path.
    """
    # Reading an array out of a tuple counts a reference, an atomic operation that threads would contend for every day.
    decay, initial, floored = plan.decay, plan.initial, plan.floored
    smooth, smooth_scale = plan.smooth, plan.smooth_scale
    indicator, above = plan.indicator, plan.indicator_above
    declared, schedule, channel_class = plan.declared, plan.schedule, plan.channel_class
    single_start, single = plan.single_start, plan.single
    product_start, product = plan.product_start, plan.product
    act_start, act_until, death_cap = plan.act_start, plan.act_until, plan.death_cap
    act_chance, strike_chance, blow_share = plan.act_chance, plan.strike_chance, plan.blow_share
    death_chance, role, truce, ceasefire = plan.death_chance, plan.role, plan.truce, plan.ceasefire
    single_power, single_taper, hostile_power = plan.single_power, plan.single_taper, plan.hostile_power
    effect_start, effect_memory, effect = plan.effect_start, plan.effect_memory, plan.effect
    channels, lanes, width = channel_class.shape[0], coefficients.shape[0], numbers.shape[0]
    beta = np.zeros((coefficients.shape[1] + 1, width), np.float32)
    for f in range(lanes):
        for j in range(coefficients.shape[1]):
            beta[j + 1, f] = coefficients[f, j]
    memories, level = start_memories(initial, width)
    atoms = np.empty((plan.atoms + 1, width), np.float32)
    fill(atoms, ONE)
    draws = np.empty((8 * ((channels + 7) // 8), width), np.int32)
    eta = np.empty((channels, width), np.float32)
    alarms = np.empty(((channels + 31) // 32, width), np.uint32)
    todo = np.empty((width * channels, 3), np.int64)
    traces = np.empty((lanes, record.shape[0], (days + every - 1) // every), np.float32)
    log, used, drawn = np.empty((1024, 5), np.int32), np.int64(0), np.zeros(width, np.int64)
    running, stopped = lanes, (-1, 0, 0, 0.0)
    put, hazard = 0, np.zeros(lanes)
    struck, struck_on, until, renewed = start_fighting(
        plan.strikes_before, plan.hostile_until, plan.hostile_renewed, width
    )
    laws = choose_laws(single_power.shape[0], hostile_power.shape[0], ceasefire.shape[0], numbers, k0, k1)
    outbreak, blow, arrival, arrived = wait_for_outbreaks(plan.outbreak, plan.blow, numbers, k0, k1)
    raging, soonest = np.zeros(width, np.bool_), arrival[:lanes].min() if lanes else np.inf
    for today in range(days):
        if today % every == 0:
            for i in range(record.shape[0]):
                for f in range(lanes):
                    traces[f, i, today // every] = memories[record[i], f] * level[record[i]]
        day = np.uint64(today)
        fill_atoms(smooth, smooth_scale, indicator, above, declared, schedule, memories, level, today, atoms)
        fill_draws(draws, numbers, day, k0, k1)
        fill_rates(single_start, single, product_start, product, beta, atoms, draws, eta, alarms)
        if soonest < today + 1:
            soonest = break_out(today, lanes, outbreak, arrival, arrived, until, raging, numbers, k0, k1)
        rage(
            raging, lanes, blow, blow_share, strike_chance, plan.peace, ceasefire, laws[2], eta, alarms, numbers, day,
            k0, k1,
        )  # fmt: skip
        if mute >= 0:
            add_hazard(eta, mute, alpha, channel_class[mute], lanes, hazard)
            for f in range(width):
                alarms[mute >> 5, f] &= ~(ONE_BIT << np.uint32(mute & 31))
        found, total, left, channel, rate = draw_counts(
            running, alarms, eta, draws, alpha, channel_class, numbers, day, k0, k1, drawn, todo
        )
        if left < running:  # only a lower future may still change the report; the others stop
            running, stopped = left, (left, today, channel, rate)
        if used + total > log.shape[0]:
            log = copy_rows(log, used, np.empty((2 * (used + total), 5), np.int32))
        # All acts of the day are drawn before anyone is killed: their strikes decide which law the tolls follow.
        begun, warlike, truced = used, False, False
        for i in range(found):
            f, c, count = todo[i, 0], todo[i, 1], todo[i, 2]
            stream, fighting = np.uint64(EVENT_DRAWS + c), today < until[f] or raging[f]
            for k in range(count):
                for_act, _, _, _ = philox(numbers[f], day, stream, np.uint64(k), k0, k1)
                act = draw_act(act_until, act_start[c], for_act)
                if raging[f] and blow_share[c] > 0.0:
                    act = draw_strike(
                        act, act_chance, role, act_start[c], act_start[c + 1], blow[f] * blow_share[c],
                        strike_chance[c], np.exp(np.float64(eta[c, f])), for_act, numbers[f], day, stream, np.uint64(k),
                        k0, k1,
                    )  # fmt: skip
                if fighting and truce[c] >= 0:
                    rate = np.exp(np.float64(eta[c, f]))
                    if makes_peace(
                        ceasefire[laws[2, f]], rate, numbers[f], day, stream, np.uint64(k), k0, k1
                    ):
                        act = truce[c]
                log[used, 0], log[used, 1], log[used, 2] = f, today, c
                log[used, 3], log[used, 4] = act, k
                used += 1
                if role[act] == TRUCE:
                    truced = True
                elif role[act] != NEITHER:
                    warlike = True
        if warlike:
            for i in range(begun, used):
                act = log[i, 3]
                if role[act] != NEITHER and role[act] != TRUCE:
                    fight(struck, struck_on, until, renewed, log[i, 0], role[act], today)
        first, ends = put, put
        while ends < injected.shape[0] and injected[ends, 0] == today:
            act = injected[ends, 2]
            if role[act] == TRUCE:
                truced = True
            elif role[act] != NEITHER:
                for f in range(lanes):
                    fight(struck, struck_on, until, renewed, f, role[act], today)
            ends += 1
        for i in range(begun, used):
            f, c, act, place = log[i, 0], log[i, 2], log[i, 3], np.uint64(log[i, 4])
            deaths, chance = 0, death_chance[act]
            if chance > 0.0:
                if today < until[f]:
                    power, taper = hostile_power[laws[1, f]], np.inf
                else:
                    power, taper = single_power[laws[0, f]], single_taper[laws[0, f]]
                killing = np.uint64(EVENT_DRAWS + c)
                deaths = draw_deaths(chance, power, taper, death_cap, numbers[f], day, killing, place, k0, k1)
            log[i, 4] = deaths
            remember(effect_start, effect_memory, effect, memories, level, f, act, deaths)
        if truced:
            for i in range(begun, used):
                if role[log[i, 3]] == TRUCE:
                    make_truce(until, renewed, raging, log[i, 0], today)
            for i in range(first, ends):
                if role[injected[i, 2]] == TRUCE:
                    for f in range(lanes):
                        make_truce(until, renewed, raging, f, today)
        if running == 0:
            break
        while put < injected.shape[0] and injected[put, 0] == today:
            if used + lanes > log.shape[0]:
                log = copy_rows(log, used, np.empty((2 * (used + lanes), 5), np.int32))
            for f in range(lanes):
                log[used, 0], log[used, 1], log[used, 2] = f, today, injected[put, 1]
                log[used, 3], log[used, 4] = injected[put, 2], injected[put, 3]
                used, drawn[f] = used + 1, drawn[f] + 1
                remember(
                    effect_start,
                    effect_memory,
                    effect,
                    memories,
                    level,
                    f,
                    injected[put, 2],
                    injected[put, 3],
                )
            put += 1
        forget(decay, level, memories, floored)
    if stopped[0] >= 0:
        used = np.int64(0)  # no more than the report is wanted, and the last counts were never drawn
    return sort_by_future(log, used, drawn), traces, stopped, hazard


@compiled
def replay_block(plan: Any, day_start: Any, acts: Any, deaths: Any, days: Any) -> Any:
    """Drive the recursion by given events: those of day t stand at day_start[t] <= i < day_start[t + 1]."""
    decay, initial, floored = plan.decay, plan.initial, plan.floored
    smooth, smooth_scale = plan.smooth, plan.smooth_scale
    indicator, above = plan.indicator, plan.indicator_above
    declared, schedule = plan.declared, plan.schedule
    effect_start, effect_memory, effect = plan.effect_start, plan.effect_memory, plan.effect
    memories, level = start_memories(initial, 1)
    atoms = np.empty((plan.atoms + 1, 1), np.float32)
    fill(atoms, ONE)
    memory_path = np.empty((days, memories.shape[0]), np.float32)
    atom_path = np.empty((days, plan.atoms), np.float32)
    for today in range(days):
        fill_atoms(smooth, smooth_scale, indicator, above, declared, schedule, memories, level, today, atoms)
        for m in range(memories.shape[0]):
            memory_path[today, m] = memories[m, 0] * level[m]
        for a in range(atom_path.shape[1]):
            atom_path[today, a] = atoms[a, 0]
        for i in range(day_start[today], day_start[today + 1]):
            remember(effect_start, effect_memory, effect, memories, level, 0, acts[i], deaths[i])
        forget(decay, level, memories, floored)
    return memory_path, atom_path
