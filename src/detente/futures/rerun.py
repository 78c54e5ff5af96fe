"""Futures of a run again, on their own random numbers, with acts put in and a side's acts held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import polars as pl

from detente.base.arrays import Ints
from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.base.workers import Threads
from detente.futures.futures import TRACE_EVERY, Futures
from detente.futures.injection import hold, with_acts
from detente.futures.kernel.event_log import EventLog, join_logs
from detente.futures.kernel.simulate import simulate_log
from detente.model.program import Program


@dataclass(frozen=True)
class Again:
    """Futures run again, with the acts put in separate from those drawn.

    Attributes
    ----------
    futures : Futures
        In the order of the numbers asked for.
    put : frozenset of int
        Rows of their act table that hold the acts put in; none of them is ever drawn.
    """

    futures: Futures
    put: frozenset[int]


def rerun(
    futures: Futures,
    numbers: Sequence[int],
    acts: pl.DataFrame,
    *,
    days: int | None = None,
    held: Sequence[int] = (),
    held_from: int = 0,
    threads: int = 0,
) -> Again:
    """Run some futures again with acts put in.

    Parameters
    ----------
    futures : Futures
    numbers : sequence of int
        Which of them, ascending.
    acts : polars.DataFrame
        Canonical events inside the window, by the argument's own actors; a row of no channel is refused.
    days : int, optional
        How far; as far as before by default.
    held : sequence of int
        Channels that draw no act from day `held_from` on.
    held_from : int
        Days since the start.
    threads : int
        0 uses every core; the result does not depend on it.

    Returns
    -------
    Again
        Without acts and holds the futures hold the same events as before; with them, no earlier day changes.

    Raises
    ------
    DataError
        If an act lies outside the window or in no channel.
    """
    draws = futures.draws
    if draws is None:
        raise TypeError("futures without their draws cannot be run again")
    days = futures.window.days if days is None else days
    start = futures.window.start
    futures = replace(futures, window=Window(start, start + timedelta(days=days)))
    channel_of = _channels(futures, acts)
    table, rows = with_acts(futures.program.acts, channel_of, acts.to_dicts())
    day = [futures.window.index(d) for d in acts["date"]]
    deaths = acts["fatalities"].fill_null(0).to_list()
    injected = np.array([day, channel_of, rows, deaths], dtype=np.int64).T.reshape(-1, 4)
    wanted = np.asarray(numbers)
    places = [np.flatnonzero(np.isin(wanted, mine)) for _, mine in draws.parts]
    parts = [
        (part.program, place) for (part, _), place in zip(draws.parts, places, strict=True) if len(place)
    ]

    def again(part: tuple[Program, Ints]) -> EventLog:
        program, mine = replace(part[0], acts=table), wanted[part[1]]
        dynamics, beta = program.dynamics(days), draws.beta[mine]
        if held:
            dynamics, beta = hold(dynamics, beta, held, held_from, days)
        return simulate_log(
            dynamics,
            beta,
            draws.log_alpha[mine],
            days=days,
            seed=futures.seed,
            threads=threads if len(parts) == 1 else 1,
            record=[program.watched[key] for key in futures.program.watched],
            record_every=TRACE_EVERY,
            numbers=mine,
            injected=injected,
        )

    log = join_logs(Threads(threads).map(again, parts), [place for _, place in parts])
    program = replace(futures.program, acts=table)
    return Again(replace(futures, log=log, program=program, draws=None), frozenset(rows))


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
