"""The kernel's draws and recursion once more, in plain NumPy and float64: to check it, and to measure it against.

Written from the docstring of `Dynamics` and the draw protocol alone, without the kernel's short cuts: every rate is
exponentiated, every day's number is lengthened to 64 bits, every memory takes every act's weight.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.events.hostilities import FIRST, SECOND, TRUCE
from detente.events.phases import CEASED, OUTBREAK, STRIKES
from detente.model.program import INDICATOR, LOG1P, NO_ATOM, SATURATE, Dynamics

MASK = 0xFFFFFFFF
DAY_DRAWS, COUNT_DRAWS, EVENT_DRAWS, TAPER_DRAWS = 0, 1 << 16, 2 << 16, 3 << 16
LAW_DRAWS, PEACE_DRAWS = 4 << 16, 5 << 16
ARRIVAL_DRAWS, LULL_DRAWS, STRIKE_DRAWS = 6 << 16, 7 << 16, 8 << 16
HELD = -40.0  # a log rate below this is that of a channel held at zero


def philox(c0: Any, c1: Any, c2: Any, c3: Any, key: int) -> tuple[Any, Any, Any, Any]:
    """Return four uint64 arrays of 32-bit words of Philox4x32-10 (Salmon et al. 2011) for broadcastable counters."""
    c0, c1, c2, c3 = (np.asarray(c, np.uint64) for c in (c0, c1, c2, c3))
    k0, k1 = key & MASK, key >> 32
    for _ in range(10):
        p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0, c2 = (p1 >> np.uint64(32)) ^ c1 ^ np.uint64(k0), (p0 >> np.uint64(32)) ^ c3 ^ np.uint64(k1)
        c1, c3 = p1 & np.uint64(MASK), p0 & np.uint64(MASK)
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def unit(high: Any, low: Any) -> Any:
    """Return numbers in (0, 1) from two words each."""
    return (np.asarray(high, float) + (np.asarray(low, float) + 0.5) * 2.0**-32) * 2.0**-32


def count_from(u: float, mean: float, alpha: float, parts: int) -> int:
    """Return the smallest n with P(count > n) <= u, for a share 1 / parts of a negative binomial."""
    rate = (math.log1p(alpha * mean) / alpha if alpha * mean > 1e-8 else mean) / parts
    chance, tail, n = math.exp(-rate), -math.expm1(-rate), 0
    while u < tail and chance > 1e-20:
        chance *= (n * alpha + 1 / parts) * mean / ((n + 1) * (1 + alpha * mean))
        tail -= chance
        n += 1
    return n


def evaluate_atoms(
    dynamics: Dynamics, memories: npt.NDArray[np.float64], day: int
) -> npt.NDArray[np.float64]:
    """Return atoms, shape (atom, future), from memories, shape (memory, future)."""
    atoms = np.empty((len(dynamics.atom_kind), memories.shape[1]))
    for i, kind in enumerate(dynamics.atom_kind):
        index, scale, cap = dynamics.atom_index[i], dynamics.atom_scale[i], dynamics.atom_cap[i]
        if kind == LOG1P:
            atoms[i] = np.log1p(memories[index] / scale)
        elif kind == SATURATE:
            atoms[i] = np.log1p(memories[index] / (scale * (1 + memories[index] / cap)))
        elif kind == INDICATOR:
            atoms[i] = memories[index] > scale
        else:
            atoms[i] = dynamics.schedule[index, day]
    return atoms


def simulate_reference(
    dynamics: Dynamics,
    beta: npt.NDArray[np.float64],
    log_alpha: npt.NDArray[np.float64],
    *,
    days: int,
    seed: int,
) -> npt.NDArray[np.int64]:
    """Return events as rows of future, day, channel, act, deaths, sorted like an `EventLog`."""
    futures, channels, acts = len(beta), dynamics.channels, dynamics.acts
    number, alpha = np.arange(futures), np.exp(log_alpha)[:, dynamics.channel_class].T
    coefficients = np.ascontiguousarray(beta.T)
    tolls, fighting = acts.tolls, dynamics.fighting
    laws = philox(number, 0, LAW_DRAWS, 0, seed)
    single = tolls.single[(laws[0] * 2.0**-32 * len(tolls.single)).astype(int)]
    hostile = tolls.hostilities[(laws[1] * 2.0**-32 * len(tolls.hostilities)).astype(int)]
    ceasefire = acts.ceasefires[(laws[2] * 2.0**-32 * len(acts.ceasefires)).astype(int)]
    drawn_once = philox(number, 0, LULL_DRAWS, 1, seed)
    breaks, strikes_least = (
        points[(word * 2.0**-32 * len(points)).astype(int)]
        for points, word in zip((acts.outbreaks.hazard, acts.outbreaks.strikes), drawn_once[:2], strict=True)
    )
    strike_chance, blow_share = acts.strikes
    peace = int(next(iter(np.flatnonzero(acts.truces >= 0)), -1))
    breaks = breaks * bool(blow_share.any())
    arrival, arrived, raging = np.zeros(futures), np.zeros(futures, int), np.zeros(futures, bool)

    def wait(f: int) -> None:
        u = float(unit(*philox(f, int(arrived[f]), ARRIVAL_DRAWS, 0, seed)[:2]))
        arrival[f] += -math.log(u) / breaks[f] if breaks[f] > 0 else math.inf
        arrived[f] += 1

    for f in range(futures):
        wait(f)
    strikes = np.concatenate(
        [np.repeat(fighting.recent[None], futures, axis=0), np.zeros((futures, days, 2), int)], axis=1
    )
    until, renewed = np.full(futures, fighting.until), np.full(futures, fighting.renewed)
    memories = np.repeat(np.asarray(dynamics.initial, float)[:, None], futures, axis=1)
    events: list[tuple[int, int, int, int, int]] = []
    for day in range(days):
        atoms = evaluate_atoms(dynamics, memories, day)
        eta = np.zeros((channels, futures))
        for c in range(channels):
            for i in range(dynamics.term_start[c], dynamics.term_start[c + 1]):
                x = coefficients[dynamics.term_coefficient[i]]
                for atom in (dynamics.term_atom_a[i], dynamics.term_atom_b[i]):
                    if atom != NO_ATOM:
                        x = x * atoms[atom]
                eta[c] += x
        mu = np.exp(eta)
        for f in range(futures):
            while arrival[f] < day + 1:
                raging[f] |= day >= until[f]
                wait(f)
            if raging[f]:
                mortal = peace < 0 or eta[peace, f] <= HELD
                if mortal and float(unit(*philox(f, day, LULL_DRAWS, 0, seed)[:2])) < ceasefire[f]:
                    raging[f] = False
                    continue
                struck = np.maximum(mu[:, f] * strike_chance, strikes_least[f] * blow_share)
                raised = (blow_share > 0) & (eta[:, f] > HELD)
                mu[:, f] = np.where(raised, mu[:, f] * (1 - strike_chance) + struck, mu[:, f])
                if not mortal:
                    mu[peace, f] = max(mu[peace, f], ceasefire[f])
        groups = np.arange((channels + 7) // 8)[:, None]
        pairs = np.stack(philox(number, day, DAY_DRAWS + groups, 0, seed), axis=1).reshape(-1, futures)
        halves = np.stack([pairs & np.uint64(0xFFFF), pairs >> np.uint64(16)], axis=1).reshape(-1, futures)
        # A count is one or more only where the number is below 1 - exp(-mu) or less.
        drawn: list[tuple[int, int, int, int]] = []
        f_up, c_up = np.nonzero((halves[:channels] * 2.0**-16 < mu).T)
        for f, c in zip(f_up.tolist(), c_up.tolist(), strict=True):
            mean, size = float(mu[c, f]), float(alpha[c, f])
            rate = math.log1p(size * mean) / size if size * mean > 1e-8 else mean
            parts = max(1, math.ceil(rate / 32))
            rest = philox(f, day, COUNT_DRAWS + c, 0, seed)[0]
            n = count_from((int(halves[c, f]) + (int(rest) + 0.5) * 2.0**-32) * 2.0**-16, mean, size, parts)
            for part in range(1, parts):
                n += count_from(
                    float(unit(*philox(f, day, COUNT_DRAWS + c, part, seed)[:2])), mean, size, parts
                )
            start, ends = int(acts.start[c]), np.cumsum(acts.chance[acts.start[c] : acts.start[c + 1]])
            for k in range(n):
                for_act = philox(f, day, EVENT_DRAWS + c, k, seed)[0]
                place = int(np.searchsorted(ends, (for_act + 0.5) * 2.0**-32, side="right"))
                act = start + min(place, len(ends) - 1)
                wanted = strikes_least[f] * blow_share[c]
                if raging[f] and wanted > mean * strike_chance[c] * 1.000001:
                    u = float(unit(*philox(f, day, STRIKE_DRAWS + c, k, seed)[:2]))
                    kind = np.isin(acts.roles[start : start + len(ends)], (FIRST, SECOND)) == (
                        u * mean < wanted
                    )
                    among = np.cumsum(acts.chance[start : start + len(ends)] * kind)
                    place = int(np.searchsorted(among, (for_act + 0.5) * 2.0**-32 * among[-1], side="right"))
                    act = start + min(place, int(np.flatnonzero(kind)[-1]))
                if (day < until[f] or raging[f]) and acts.truces[c] >= 0:
                    u = float(unit(*philox(f, day, PEACE_DRAWS + c, k, seed)[:2]))
                    act = int(acts.truces[c]) if u * mean < ceasefire[f] else act
                drawn.append((f, c, k, act))
        for f, _, _, act in drawn:
            if acts.roles[act] in (FIRST, SECOND):
                strikes[f, day + OUTBREAK - 1, acts.roles[act] - FIRST] += 1
        lately = strikes[:, day : day + OUTBREAK]
        struck = lately[:, -1].sum(axis=1) > 0
        on = struck & ((day <= renewed) | (lately.sum(axis=1) >= STRIKES).all(axis=1))
        until, renewed = np.where(on, day + CEASED, until), np.where(on, day + CEASED, renewed)
        for f, c, k, act in drawn:
            _, for_kill, *for_toll = philox(f, day, EVENT_DRAWS + c, k, seed)
            deaths = 0
            if (for_kill + 0.5) * 2.0**-32 < acts.death_chance[act]:
                exponent, taper = (hostile[f], np.inf) if day < until[f] else single[f]
                toll = float(unit(*for_toll)) ** (-1 / exponent)
                if taper < np.inf:
                    toll = min(toll, 1 - taper * np.log(unit(*philox(f, day, TAPER_DRAWS + c, k, seed)[:2])))
                deaths = int(min(toll, acts.death_cap))
            events.append((f, day, c, act, deaths))
            memories[:, f] += dynamics.weight[:, act] + dynamics.weight_log_deaths[:, act] * math.log1p(
                deaths
            )
        for f, _, _, act in drawn:
            if acts.roles[act] == TRUCE:
                raging[f] = False
                if day < until[f]:
                    until[f], renewed[f] = day + 1, day
        memories *= np.asarray(dynamics.decay)[:, None]
    table = np.array(events, np.int64).reshape(-1, 5)
    return table[np.argsort(table[:, 0], kind="stable")]
