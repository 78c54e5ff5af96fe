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
    draws, days = futures.draws, futures.window.days
    if draws is None:
        raise TypeError("futures without their draws cannot be run again")
    program = next(part.program for part, rows in draws.parts if number in rows)
    channel_of = _channels(futures, acts)
    table, rows = with_acts(program.acts, channel_of, acts.to_dicts())
    program = replace(program, acts=table)
    dynamics, draw = program.dynamics(days), draws.beta[[number]]
    if held:
        dynamics, draw = hold(dynamics, draw, held, held_from, days)
    day = [futures.window.index(d) for d in acts["date"]]
    deaths = acts["fatalities"].fill_null(0).to_list()
    log = simulate_log(
        dynamics,
        draw,
        draws.log_alpha[[number]],
        days=days,
        seed=futures.seed,
        numbers=[number],
        injected=np.array([day, channel_of, rows, deaths], dtype=np.int64).T.reshape(-1, 4),
    )
    return replace(futures, log=log, program=program, draws=None)


def _channels(futures: Futures, acts: pl.DataFrame) -> list[int]:
    layout = futures.program.layout
    channel_of = layout.assign(layout.attribute(acts)).tolist()
    faults = []
    for act, channel in zip(acts.to_dicts(), channel_of, strict=True):
        act_line = f"{act['date'].isoformat()} {act['source']} -> {act['target']} {act['action']}"
        if act["date"] not in futures.window:
            hint, window = "move_or_more_days", str(futures.window)
            faults.append(Fault("not_in_window", "act", got=act_line, hint=hint, window=window))
        elif channel < 0:
            known = tuple(c.label for c in layout.channels)
            faults.append(Fault("not_in_a_channel", "act", got=act_line, hint="known", known=known))
    if faults:
        raise DataError(*faults)
    return [int(c) for c in channel_of]
