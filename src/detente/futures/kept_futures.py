"""Simulated futures kept on disk: the event log alone, since all else follows from the fit, the seed and the days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.base.days import Window
from detente.base.input_limits import LIMITS, Limits
from detente.base.store import Arrays, Store, key_of
from detente.futures.futures import TRACE_EVERY, Futures, simulate
from detente.futures.kernel.event_log import EventLog
from detente.model.fit import Fitted

_MOST_BYTES = 60_000_000  # of one log: writing more would take longer than a reader saves


def simulate_once(
    posterior: Fitted,
    *,
    store: Store,
    made_from: Mapping[str, Any],
    days: int,
    futures: int,
    seed: int,
    scheme: str,
    codebook: str,
    threads: int = 0,
    record: tuple[tuple[str, str], ...] = (),
    progress: Callable[[int], None] | None = None,
    limits: Limits = LIMITS,
) -> Futures:
    """Run a fitted program forward, or return the futures kept of the same; see `simulate`.

    Parameters
    ----------
    posterior : Fitted
    store : Store
    made_from : mapping
        All that the fit depends on.
    days, futures, seed, scheme, codebook, threads, record, progress, limits
        As for `simulate`.
    """
    key = key_of({**made_from, "days": days, "futures": futures, "seed": seed, "record": record})
    kept = store.arrays("futures", key)
    log = None if kept is None else _log_of(kept, posterior, days, futures, len(record))
    if log is None:
        made = simulate(
            posterior,
            days=days,
            futures=futures,
            seed=seed,
            scheme=scheme,
            codebook=codebook,
            threads=threads,
            record=record,
            progress=progress,
            limits=limits,
        )
        arrays = _arrays_of(made.log)
        if sum(array.nbytes for array in arrays.values()) <= _MOST_BYTES:
            store.keep_arrays("futures", key, arrays)
        return made
    if progress:
        progress(futures)
    start = posterior.program.as_of
    window = Window(start, start + timedelta(days=days))
    return Futures(window, log, posterior.program, scheme, codebook, seed, posterior.draws(futures, seed))


def _arrays_of(log: EventLog) -> Arrays:
    """Return the columns of a log in the smallest whole numbers that hold them, and how many events each future has."""
    columns = {name: _small(getattr(log, name)) for name in ("day", "channel", "act", "deaths")}
    each = np.bincount(log.future, minlength=log.futures).astype(np.int32)
    return {**columns, "each": each, "traces": log.traces}


def _log_of(kept: Arrays, posterior: Fitted, days: int, futures: int, recorded: int) -> EventLog | None:
    """Return the log that was kept; None if it cannot be one of this program, days and futures."""
    program = posterior.program
    most = {
        "day": days,
        "channel": len(program.layout.channels),
        "act": len(program.acts.looks),
        "deaths": 2**31,
    }
    if set(kept) != {*most, "each", "traces"} or kept["each"].shape != (futures,):
        return None
    events = int(kept["each"].sum())
    for name, top in most.items():
        column = kept[name]
        if column.shape != (events,) or (events and not 0 <= column.min() <= column.max() < top):
            return None
    if kept["traces"].shape != (futures, recorded, -(-days // TRACE_EVERY)):
        return None
    return EventLog(
        np.repeat(np.arange(futures, dtype=np.int32), kept["each"]),
        kept["day"].astype(np.int32),
        kept["channel"].astype(np.int16),
        kept["act"].astype(np.int32),
        kept["deaths"].astype(np.int32),
        futures,
        days,
        kept["traces"],
    )


def _small(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return whole numbers from 0 up in the smallest type that holds them."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
