"""Change what a program runs on: acts that can be put in, channels held, terms on declared values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.model.act_table import CHANNEL, ActTable
from detente.model.program import NO_ATOM, SCHEDULE, Dynamics

SILENCED = -60.0  # added to a log rate: less than one act in 10**20 years


def hold(
    dynamics: Dynamics, beta: Floats, held: Sequence[int], first: int, days: int
) -> tuple[Dynamics, Floats]:
    """Add a term to the held channels that takes their rates away from a day on; before it adds exactly zero."""
    step = (np.arange(days) >= first).astype(float)
    terms = [(channel, beta.shape[1], step) for channel in held]
    return more_terms(dynamics, terms, days), np.hstack([beta, np.full((len(beta), 1), SILENCED)])


def more_terms(dynamics: Dynamics, terms: Sequence[tuple[int, int, Floats]], days: int) -> Dynamics:
    """Add terms (channel, column of beta, declared values by day), each after its channel's others."""
    d = dynamics
    for channel, column, values in terms:
        end = int(d.term_start[channel + 1])
        d = replace(
            d,
            schedule=np.vstack([np.asarray(d.schedule).reshape(-1, days), values]),
            atom_kind=np.append(d.atom_kind, SCHEDULE),
            atom_index=np.append(d.atom_index, len(d.schedule)),
            atom_scale=np.append(d.atom_scale, 1.0),
            atom_cap=np.append(d.atom_cap, np.inf),
            term_start=d.term_start + (np.arange(len(d.term_start)) > channel),
            term_coefficient=np.insert(d.term_coefficient, end, column),
            term_atom_a=np.insert(d.term_atom_a, end, len(d.atom_kind)),
            term_atom_b=np.insert(d.term_atom_b, end, NO_ATOM),
        )
    return d


def with_acts(
    table: ActTable, channel_of: Sequence[int], acts: Sequence[dict[str, Any]]
) -> tuple[ActTable, list[int]]:
    """Return a table of acts with rows that are never drawn, so that they can be put in, and where they stand.

    New rows stand first in their channel with chance 0: a row after the others could catch a rounding of their sum.
    """
    looks, start = table.looks, table.start
    pieces, order, sizes = [], [], []
    for c in range(len(start) - 1):
        mine = [i for i, channel in enumerate(channel_of) if channel == c]
        for i in mine:
            act = {name: acts[i].get(name) for name in looks.columns}
            pieces.append(pl.DataFrame([act], schema=looks.schema))
        order += mine
        sizes.append(len(mine))
        pieces.append(looks.slice(int(start[c]), int(start[c + 1] - start[c])))
    shift = np.cumsum([0, *sizes])
    before = np.repeat(start[:-1], sizes)  # each new row goes in front of its channel's old ones
    where = dict(zip(order, (before + np.arange(len(order))).tolist(), strict=True))

    def spread(values: Floats, fill: float) -> Floats:
        return np.insert(values, before, fill)

    wider = replace(
        table,
        start=start + shift,
        chance=spread(table.chance, 0.0),
        death_chance=spread(table.death_chance, 0.0),
        step=None if table.step is None else np.insert(table.step, before, CHANNEL),
        looks=pl.concat(pieces),
    )
    return wider, [where[i] for i in range(len(acts))]
