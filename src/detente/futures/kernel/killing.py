"""Compiled hostilities and tolls of the simulation kernel.

Whether hostilities hold follows the rule of `detente.events.hostilities`. As for the arithmetic, a change here changes
`MATH` in `detente.futures.kernel.loop`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.base.compiled import compiled
from detente.events.hostilities import FIRST
from detente.events.phases import CEASED, OUTBREAK, STRIKES
from detente.futures.kernel.arithmetic import PER_WORD, philox, unit

TAPER_DRAWS, LAW_DRAWS, PEACE_DRAWS = (
    1 << 16,
    4 << 16,
    3 << 16,
)  # the first and the last are added to an event's stream
RING = 8  # days of strikes that are kept: more than an outbreak looks back


@compiled
def fight(
    struck: Any, struck_on: Any, until: Any, renewed: Any, f: Any, role: Any, day: Any,
) -> None:  # fmt: skip
    """Let a strike of a future's day count: begin hostilities, or let them go on."""
    slot = day % RING
    if struck_on[slot, f] != day:
        struck_on[slot, f], struck[slot, 0, f], struck[slot, 1, f] = day, 0, 0
    struck[slot, role - FIRST, f] += 1
    one, other = 0, 0
    for back in range(RING):
        if struck_on[back, f] > day - OUTBREAK:
            one, other = one + struck[back, 0, f], other + struck[back, 1, f]
    if day <= renewed[f] or (one >= STRIKES and other >= STRIKES):
        until[f] = renewed[f] = day + CEASED


@compiled
def make_truce(until: Any, renewed: Any, raging: Any, f: Any, day: Any) -> None:
    """Let a truce end hostilities, and an outbreak: the day itself is still one of them."""
    raging[f] = False
    if day < until[f]:
        until[f], renewed[f] = day + 1, day


@compiled
def start_fighting(strikes_before: Any, first: Any, last: Any, width: Any) -> Any:
    """Return each future's strikes of the days before, with the days they belong to, and how long hostilities hold."""
    struck, struck_on = np.zeros((RING, 2, width), np.int32), np.full((RING, width), -RING, np.int32)
    for i in range(strikes_before.shape[0]):
        day = i - strikes_before.shape[0]
        for f in range(width):
            struck_on[day % RING, f] = day
            struck[day % RING, 0, f], struck[day % RING, 1, f] = strikes_before[i, 0], strikes_before[i, 1]
    return struck, struck_on, np.full(width, first, np.int64), np.full(width, last, np.int64)


@compiled
def choose_laws(single: Any, hostile: Any, ceasefire: Any, numbers: Any, k0: Any, k1: Any) -> Any:
    """Return the points that each future draws of three posteriors: tolls outside hostilities, in them, ceasefires."""
    laws = np.empty((3, numbers.shape[0]), np.int64)
    for f in range(numbers.shape[0]):
        a, b, c, _ = philox(numbers[f], np.uint64(0), np.uint64(LAW_DRAWS), np.uint64(0), k0, k1)
        laws[0, f] = np.int64(np.float64(a) * PER_WORD * single)
        laws[1, f] = np.int64(np.float64(b) * PER_WORD * hostile)
        laws[2, f] = np.int64(np.float64(c) * PER_WORD * ceasefire)
    return laws


@compiled
def makes_peace(
    hazard: Any, rate: Any, future: Any, day: Any, stream: Any, k: Any, k0: Any, k1: Any
) -> Any:  # fmt: skip
    """Return whether joint act k of a day of hostilities is a ceasefire.

    It is with chance ``hazard / rate``, so that ceasefires come at their own hazard however many joint acts there are,
    and at the rate of joint acts where that is lower.
    """
    a, b, _, _ = philox(future, day, stream + np.uint64(PEACE_DRAWS), k, k0, k1)
    return unit(a, b) * rate < hazard


@compiled
def draw_deaths(
    chance: Any, power: Any, taper: Any, cap: Any, future: Any, day: Any, stream: Any, k: Any, k0: Any, k1: Any
) -> Any:  # fmt: skip
    """Return the deaths of act k of a future's day and channel: none, or a toll of the law that holds.

    A toll is the lesser of two numbers: one from the discrete power tail cut at its cap and, where the law tapers off,
    one that is n or more with chance ``exp(-(n - 1) / taper)``.
    """
    _, for_kill, high, low = philox(future, day, stream, k, k0, k1)
    if (np.float64(for_kill) + 0.5) * PER_WORD >= chance:
        return np.int64(0)
    toll = unit(high, low) ** power
    if toll >= 2.0 and taper < np.inf:
        high, low, _, _ = philox(future, day, stream + np.uint64(TAPER_DRAWS), k, k0, k1)
        toll = min(toll, 1.0 - taper * np.log(unit(high, low)))
    return np.int64(toll) if toll < cap else np.int64(cap)
