"""One future of a run again, on its own random numbers, with acts put in and a side's acts held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from detente.base.errors import DataError, Fault
from detente.futures.futures import Futures
from detente.futures.injection import hold, with_acts
from detente.futures.kernel.simulate import simulate_log


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
        dynamics, draw = hold(dynamics, draw, held, held_from, days)
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
