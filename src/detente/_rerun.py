"""One future of a run again, on its own random numbers, with acts put in and a side's acts held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from detente.acts import ActTable
from detente.errors import DataError, Fault
from detente.futures import Futures
from detente.kernel import simulate_log
from detente.program import NO_ATOM, SCHEDULE, Dynamics, Floats

_SILENCED = -60.0  # added to a log rate: less than one act in 10**20 years


def rerun(
    futures: Futures, number: int, acts: pl.DataFrame, *, held: Sequence[int] = (), held_from: int = 0
) -> Futures:
    """Run one future again with acts put in.

    Parameters
    ----------
    futures : Futures
    number : int
        Which of them.
    acts : polars.DataFrame
        Canonical events inside the window, by the argument's own actors; a row of no channel is refused.
    held : sequence of int
        Channels that draw no act from day `held_from` on.
    held_from : int
        Days since the start.

    Returns
    -------
    Futures
        A single future. Without acts and holds it holds the same events as before; with them, no earlier day changes.

    Raises
    ------
    DataError
        If an act lies outside the window or in no channel.
    """
    posterior, days = futures.posterior, futures.window.days
    beta, log_alpha = posterior.draw(futures.count, futures.seed)
    part = next(p for p, rows in posterior.parts(futures.count, futures.seed) if number in rows)
    program = part.program
    channel_of = _channels(futures, acts)
    table, rows = with_acts(program.acts, channel_of, acts.to_dicts())
    program = replace(program, acts=table)
    dynamics, draw = program.dynamics(days), beta[[number]]
    if held:
        dynamics, draw = _hold(dynamics, draw, held, held_from, days)
    day = [futures.window.index(d) for d in acts["date"]]
    deaths = acts["fatalities"].fill_null(0).to_list()
    log = simulate_log(
        dynamics,
        draw,
        log_alpha[[number]],
        days=days,
        seed=futures.seed,
        numbers=[number],
        injected=np.array([day, channel_of, rows, deaths], dtype=np.int64).T.reshape(-1, 4),
    )
    return replace(futures, log=log, posterior=replace(part, program=program))


def _channels(futures: Futures, acts: pl.DataFrame) -> list[int]:
    layout = futures.posterior.program.layout
    channel_of = layout.assign(layout.attribute(acts)).tolist()
    faults = []
    for act, channel in zip(acts.to_dicts(), channel_of, strict=True):
        told = f"{act['date'].isoformat()} {act['source']} -> {act['target']} {act['action']}"
        if act["date"] not in futures.window:
            rule = f"must lie in the days of the exercise, {futures.window}"
            faults.append(Fault("act", rule, told, hint="Move it, or give more --days."))
        elif channel < 0:
            labels = ", ".join(c.label for c in layout.channels)
            faults.append(
                Fault("act", "must belong to a channel of the argument", told, hint=f"There are {labels}.")
            )
    if faults:
        raise DataError(*faults)
    return [int(c) for c in channel_of]


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
        death_tail=spread(table.death_tail, float(table.death_tail[0])),
        looks=pl.concat(pieces),
    )
    return wider, [where[i] for i in range(len(acts))]


def _hold(
    dynamics: Dynamics, beta: Floats, held: Sequence[int], first: int, days: int
) -> tuple[Dynamics, Floats]:
    """Add a term to the held channels that takes their rates away from a day on; before it adds exactly zero."""
    step = (np.arange(days) >= first).astype(float)
    d, atom = dynamics, len(dynamics.atom_kind)
    ends = d.term_start[np.asarray(held) + 1]
    more = np.zeros(d.channels, dtype=np.int64)
    more[list(held)] = 1
    dynamics = replace(
        d,
        schedule=np.vstack([np.asarray(d.schedule).reshape(-1, days), step]),
        atom_kind=np.append(d.atom_kind, SCHEDULE),
        atom_index=np.append(d.atom_index, len(d.schedule)),
        atom_scale=np.append(d.atom_scale, 1.0),
        atom_cap=np.append(d.atom_cap, np.inf),
        term_start=d.term_start + np.append(0, np.cumsum(more)),
        term_coefficient=np.insert(d.term_coefficient, ends, beta.shape[1]),
        term_atom_a=np.insert(d.term_atom_a, ends, atom),
        term_atom_b=np.insert(d.term_atom_b, ends, NO_ATOM),
    )
    return dynamics, np.hstack([beta, np.full((len(beta), 1), _SILENCED)])
