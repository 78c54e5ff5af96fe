"""Compiled memories of the simulation kernel: what an act adds, and how it fades.

As for the arithmetic, a change here changes `MATH` in `detente.futures.kernel.loop`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.base.compiled import compiled
from detente.futures.kernel.arithmetic import ZERO

FAINT, LEAST_LEVEL = np.float32(1e-10), 2.0**-20


@compiled
def remember(
    effect_start: Any,
    effect_memory: Any,
    effect: Any,
    memories: Any,
    level: Any,
    f: Any,
    act: Any,
    deaths: Any,
) -> None:
    """Add one act to the memories it feeds; the day's atoms have been read already."""
    log_deaths = np.log1p(np.float64(deaths)) if deaths > 0 else 0.0
    for i in range(effect_start[act], effect_start[act + 1]):
        m = effect_memory[i]
        memories[m, f] = np.float32(memories[m, f] + (effect[i, 0] + effect[i, 1] * log_deaths) / level[m])


@compiled
def forget(decay: Any, level: Any, memories: Any, floored: Any) -> None:
    """Let the memories decay to the next day, none of those drawn down below zero.

    They are kept as numbers times one float64 level for all futures. Only the level decays: multiplied day by day, a
    slow memory in float32 would round the same way for years and drift.
    """
    width = memories.shape[1]
    for i in range(floored.shape[0]):
        m = floored[i]
        for f in range(width):
            memories[m, f] = memories[m, f] if memories[m, f] > ZERO else ZERO
    for m in range(memories.shape[0]):
        level[m] *= decay[m]
        if level[m] < LEAST_LEVEL:
            step = np.float32(level[m])
            level[m] = 1.0
            for f in range(width):
                s = memories[m, f] * step
                # Kept above zero, as in exact arithmetic, but out of the range where arithmetic is many times slower.
                memories[m, f] = s if (s > FAINT) | (s <= ZERO) else FAINT


@compiled
def start_memories(initial: Any, width: Any) -> Any:
    """Return memories of every future as they are before the first day's acts, and their level."""
    memories = np.empty((initial.shape[0], width), np.float32)
    for m in range(memories.shape[0]):
        for f in range(width):
            memories[m, f] = initial[m]
    return memories, np.ones(initial.shape[0])
