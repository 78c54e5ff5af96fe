"""How much memory a set of futures is expected to need, so that too many are refused before any is run."""

from __future__ import annotations

from detente.base import memory
from detente.base.arrays import Ints
from detente.base.errors import DataError, Fault
from detente.base.input_limits import Limits

BYTES_PER_ACT = 50
BYTES_PER_DAY = 1
"""Of each future whose phases are worked out."""
BYTES_PER_FUTURE = 4_000
BUSIER = 1.25
RECENT_DAYS = 4 * 365
_GIGA = 1e9


def acts_expected(counts: Ints) -> float:
    """Return how many acts a day of a future is expected to hold.

    Parameters
    ----------
    counts : ndarray of shape (channel, day)
        Acts on the fitted days.

    Returns
    -------
    float
        `BUSIER` times those of the fitted days, or of their last four years if these are more.

    Examples
    --------
    >>> import numpy as np
    >>> acts_expected(np.array([[0, 2, 0, 2], [4, 0, 4, 4]]))
    5.0
    """
    daily = counts.sum(axis=0)
    return BUSIER * max(float(daily.mean()), float(daily[-RECENT_DAYS:].mean())) if daily.size else 0.0


def bytes_needed(acts_per_day: float, *, days: int, futures: int, phases: bool = False) -> int:
    """Return the peak memory that so many futures are expected to need, in bytes.

    Parameters
    ----------
    acts_per_day : float
        See `acts_expected`.
    days, futures : int
    phases : bool
        Whether the phase of each of their days is worked out.

    Returns
    -------
    int

    Notes
    -----
    The constants were calibrated on what peak memory grew by over that of 1,000 futures, with questions answered and
    the acts a day that the futures held: us-iran with its essay as of January 2020 (0.19 acts), 100,000 and 300,000
    futures of 1,827 days, 2.2 and 6.8 GB (estimated 2.4 and 7.1), and 200,000 of 730 days, 2.1 GB (2.2); as of July
    2026 (1.17 acts), 100,000 of 1,827 days, 11.6 GB (11.3). A table of all acts, where one is read or written, needs
    more.

    Examples
    --------
    >>> bytes_needed(0.5, days=100, futures=10)
    65000
    """
    daily = acts_per_day * BYTES_PER_ACT + phases * BYTES_PER_DAY
    return int(futures * (BYTES_PER_FUTURE + days * daily))


def refuse_if_too_large(
    acts_per_day: float, *, days: int, futures: int, limits: Limits, phases: bool = False
) -> None:
    """Refuse futures that are expected to need more than the share of the memory that they may take.

    Parameters
    ----------
    acts_per_day, days, futures, phases
        See `bytes_needed`.
    limits : Limits

    Raises
    ------
    DataError
        With the estimate, and with how many futures would fit.
    """
    needed = bytes_needed(acts_per_day, days=days, futures=futures, phases=phases)
    what, hint = f"{futures:,} futures of {days:,} days", "fewer_or_more_memory"
    _refuse("futures", needed, futures, what, hint, limits)


def has_room(acts_per_day: float, *, days: int, futures: int, limits: Limits) -> bool:
    """Return whether so many futures may be run; yes where the system does not say how much memory there is."""
    available = memory.available_bytes()
    needed = bytes_needed(acts_per_day, days=days, futures=futures)
    return available is None or needed <= available * limits.memory / 100


def refuse_many_draws(bytes_each: float, draws: int, limits: Limits) -> None:
    """Refuse draws that are expected to need more than the share of the memory that they may take.

    Parameters
    ----------
    bytes_each : float
        What one draw is expected to need.
    draws : int
    limits : Limits

    Raises
    ------
    DataError
        With the estimate, and with how many draws would fit.
    """
    _refuse("draws", bytes_each * draws, draws, f"{draws:,} draws", "fewer_draws", limits)


def _refuse(field: str, needed: float, count: int, what: str, hint: str, limits: Limits) -> None:
    available = memory.available_bytes()
    if available is None:
        return
    most = available * limits.memory / 100
    if needed > most:
        raise DataError(
            Fault(
                "too_much_memory",
                field,
                got=f"about {needed / _GIGA:,.1f} GB for {what}",
                hint=hint,
                most=most / _GIGA,
                share=limits.memory,
                fewer=int(count * most / needed),
            )
        )
