"""The share of futures that say yes: the one place where counts of futures become a probability."""

from __future__ import annotations

_HALF = 0.5
MOST_UNCLEAR = 0.25
"""Of windows or futures: where a larger part is not settled for want of knowledge, only bounds are given."""


def share_of(yes: float, settled: float) -> float | None:
    """Return the probability that so many futures give: half a future is added to yes and half to no.

    Parameters
    ----------
    yes, settled : float
        Futures that say yes, and those that say yes or no. Of a question with a condition they are counted where the
        condition held.

    Returns
    -------
    float or None
        ``(yes + 1/2) / (settled + 1)``; None where no future settled it.

    Notes
    -----
    It is the mean of Jeffreys' posterior: no finite number of futures says that something cannot happen. Counts are
    what add up: the shares of a statement and of its opposite sum to 1, and of *A given B* the counts are those of *A
    and B* among those of *B*.

    Examples
    --------
    >>> share_of(0, 2000), share_of(1000, 2000), share_of(0, 0)
    (0.0002498750624687656, 0.5, None)
    """
    return (yes + _HALF) / (settled + 1) if settled else None


def yes_of(probability: float, settled: int) -> int:
    """Return how many of the settled futures say yes where their share is known.

    Examples
    --------
    >>> yes_of(share_of(7, 50), 50)
    7
    """
    return round(probability * (settled + 1) - _HALF)


def too_unclear(settled: int, unclear: int) -> bool:
    """Return whether so many windows, or futures, are unclear that those settled say nothing of the others.

    Examples
    --------
    >>> too_unclear(16, 200), too_unclear(1_786, 343)
    (True, False)
    """
    return unclear > MOST_UNCLEAR * (settled + unclear)
