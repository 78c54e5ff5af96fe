"""Every stream of random numbers by name, and the one function that makes a generator.

A generator is fixed by the seed a user gives, the number of a stream and, where a stream has many, an index. The
numbers are part of every result: another number gives other results, so they stay, and a new use takes a free one.
The compiled kernel needs no generator: it draws at counters, see `detente.futures.kernel.simulate`.
"""

from __future__ import annotations

from enum import Enum

import numpy as np


class Stream(Enum):
    """What draws from a generator, with the number that separates it from other uses of one seed.

    Where uses share a number, their generators yield the same bits at equal seeds. That is kept, because other numbers
    would change results. ``BARGAIN`` has no number; see `generator`.
    """

    # Four uses share 0. BOOTSTRAP resamples scores of futures that COEFFICIENTS may have drawn with the same seed; PIT
    # takes a new seed for each channel; CHECKED_COUNTS takes those of Branch.DAYS, which nothing else takes.
    COEFFICIENTS = 0, "coefficients of each future"
    BOOTSTRAP = 0, "blocks of days for the interval of a mean score"
    PIT = 0, "places of observed counts between their lower and upper probability"
    CHECKED_COUNTS = 0, "replicas of the daily counts of a channel"
    DISPERSIONS = 1, "log dispersions of each future"
    RECENT_RATE = 2, "totals of the baseline that continues the last four years"
    HALF_LIVES = 3, "the point of the grid of half-lives that each future runs on"
    LEDGER = 7, "weights and rates of a ledger of injuries"
    SHIFTS = 16, "by how many days a verdict's test moves the features of a contrast"
    CHRONICLES = 20, "chronicles simulated with and without a claimed effect; the index is which of them"
    MEDIATORS = 13, "half-lives and weights of acts in the ranking of mediators"
    REFERENCE_RATES = 17, "pairs resampled for the intervals of reference rates"
    # Indices of these run over all whole numbers, so they may meet a number above; they draw for other results.
    WORLD_TOTALS = 0, "futures of a world from one day; the index is the row of the day"
    NEW_TERM = 0, "a coefficient that no event has informed; the index is the CRC-32 of its name"
    EVIDENCE = 0, "labels drawn again for a row of the event study; the index is the CRC-32 of the row's id"
    BARGAIN = None, "the shift of the Sobol points of a bargain"

    def __init__(self, number: int | None, use: str) -> None:
        self.number = number
        self.use = use


class Branch(Enum):
    """What derives a seed of its own from the seed a user gives; these numbers are not those of streams."""

    DAYS = 11, "replicas of daily counts in a diagnosis; the index is the channel"
    BLOCKS = 12, "blocks of 28 days simulated in a diagnosis; the index is the block"
    PATHS = 13, "whole windows simulated in a diagnosis"
    TOLD = 14, "looks and tolls redrawn in an exercise; the indices are future, day, channel, place and use"

    def __init__(self, number: int, use: str) -> None:
        self.number = number
        self.use = use


def generator(seed: int, stream: Stream, index: int = 0) -> np.random.Generator:
    """Make the generator of a stream.

    Parameters
    ----------
    seed : int
        At least 0 and below 2**64.
    stream : Stream
    index : int
        Which generator of a stream that has many, added to the stream's number.

    Returns
    -------
    numpy.random.Generator
        Philox, keyed by the seed and the number. The bargain's is numpy's default generator, which came first.

    Examples
    --------
    >>> generator(1, Stream.LEDGER).random() == generator(1, Stream.LEDGER).random()
    True
    >>> generator(1, Stream.LEDGER).random() == generator(1, Stream.MEDIATORS).random()
    False
    """
    if stream.number is None:
        return np.random.default_rng(seed)
    return np.random.Generator(np.random.Philox(key=[seed, stream.number + index]))


def branch_seed(seed: int, branch: Branch, *index: int) -> int:
    """Return the seed of a branch, below 2**63 and the same whenever asked.

    Examples
    --------
    >>> branch_seed(1, Branch.BLOCKS, 0) == branch_seed(1, Branch.BLOCKS, 1)
    False
    """
    entropy = np.random.SeedSequence([seed, branch.number, *index])
    return int(entropy.generate_state(1, np.uint64)[0] >> np.uint64(1))
