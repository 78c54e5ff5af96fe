"""How much memory a set of futures is expected to need, so that too many are refused before any is run."""

from __future__ import annotations

from detente.base import memory
from detente.base.errors import DataError, Fault
from detente.base.input_limits import Limits
from detente.model.program import Program

BYTES_PER_ACT = 55
BUSIER = 1.5
BYTES_PER_FUTURE = 4_000
RECENT_DAYS = 4 * 365
_GIGA = 1e9


def bytes_needed(program: Program, *, days: int, futures: int) -> int:
    """Return the peak memory that a run of so many futures is expected to need, in bytes.

    Parameters
    ----------
    program : Program
        Its fitted history says how many acts to expect.
    days, futures : int

    Returns
    -------
    int

    Notes
    -----
    The estimate is ``futures * (BYTES_PER_FUTURE + days * BUSIER * acts per day * BYTES_PER_ACT)``, where acts per day
    are those of all channels over the fitted days or over their last four years, whichever are more. It was calibrated
    on us-iran with its essay from 2020-01-17, whose futures held 1.43 times as many acts a day as the past: peak
    resident memory above that of a run of 100 futures, with questions answered, was 0.45 GB at 30,000 futures of 1,827
    days and 1.5 GB at 100,000 (estimated 0.6 and 2.0), and 0.9 GB for two questions asked of 100,000 futures of 730
    days (estimated 1.0). A table of all acts, where one is read or written, needs more.
    """
    counts = program.history.counts.sum(axis=0)
    per_day = max(float(counts.mean()), float(counts[-RECENT_DAYS:].mean())) if counts.size else 0.0
    return int(futures * (BYTES_PER_FUTURE + days * BUSIER * per_day * BYTES_PER_ACT))


def refuse_if_too_large(program: Program, *, days: int, futures: int, limits: Limits) -> None:
    """Refuse futures that are expected to need more than the share of the memory that they may take.

    Raises
    ------
    DataError
        With the estimate, and with how many futures would fit.
    """
    available = memory.available_bytes()
    if available is None:
        return
    most, needed = available * limits.memory / 100, bytes_needed(program, days=days, futures=futures)
    if needed > most:
        raise DataError(
            Fault(
                "too_much_memory",
                "futures",
                got=f"about {needed / _GIGA:,.1f} GB for {futures:,} futures of {days:,} days",
                hint="fewer_or_more_memory",
                most=most / _GIGA,
                share=limits.memory,
                fewer=int(futures * most / needed),
            )
        )
