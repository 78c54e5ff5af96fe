"""What `backtest` is expected to cost the first time."""

from __future__ import annotations

from dataclasses import replace

from detente.base.clock import stopwatch
from detente.base.memory import peak_bytes
from detente.base.workers import Threads
from detente.lab.case import Case
from detente.lab.estimate import Estimate, estimate_of
from detente.studies.scoring.backtest import run_backtest
from detente.studies.scoring.protocol import protocol_of, two_years_after

_QUARTERS = 12  # that a thread fits one from the other
_THREADS = 2  # at most, that the sample keeps busy


def backtest_estimate(case: Case, *, threads: int = 0) -> Estimate:
    """Estimate what `backtest` would cost, from one of its two-year windows and some of its quarters; nothing is kept.

    Parameters
    ----------
    case : Case
    threads : int
        0 uses every core.

    Returns
    -------
    Estimate

    Raises
    ------
    DataError, FitError, UnstableModelError
        As `backtest`.
    """
    protocol = protocol_of(case.argument, case.chronicle)
    starts, quarters = sorted({*protocol.fan_dates, *protocol.apart}), protocol.origins
    middle = starts[len(starts) // 2 : len(starts) // 2 + 1]
    busy = min(Threads(threads).count, -(-len(quarters) // _QUARTERS))
    sampled = min(len(quarters), _QUARTERS * min(busy, _THREADS))
    first = (len(quarters) - sampled) // 2
    end = [*quarters, protocol.end][first + sampled]
    part = replace(
        protocol, fan_dates=tuple(middle), apart=(), origins=quarters[first : first + sampled], end=end
    )
    watch, fans = stopwatch(), [0.0]

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "fans" and done == total:
            fans.append(watch())

    run_backtest(
        case.argument,
        case.chronicle,
        part,
        allow_unstable=case.allow_unstable,
        limits=case.limits,
        threads=threads,
        progress=tell,
    )
    each = (watch() - fans[-1]) / sampled * (min(busy, _THREADS) / busy)
    day = middle[0] if middle else protocol.end
    return estimate_of(
        case,
        days=(two_years_after(day) - day).days,
        futures=protocol.futures,
        seconds=fans[-1] * len(starts) + each * len(quarters),
        memory=peak_bytes(),  # a window was sampled with all of its futures
        sampled={"windows": len(middle), "quarters": sampled},
    )
