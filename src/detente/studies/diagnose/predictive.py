"""What a fitted model expected of the days, weeks and blocks of 28 days it has seen.

Replica r is what the model would have counted, day by day or block by block, had draw r of the posterior been the
truth and the past been what it was. A statistic of the observed counts is held against the same of the replicas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Floats, Ints
from detente.base.progress import Progress
from detente.base.random import Branch, Stream, branch_seed, generator
from detente.base.workers import Threads
from detente.events.coverage import Coverage
from detente.futures.kernel.event_log import EventLog
from detente.futures.kernel.simulate import simulate_log
from detente.model.memory import Schedule
from detente.model.program import Dynamics, History, Program

BLOCK, WEEK = 28, 7  # days
EDGES = np.linspace(0, 1, 51)  # where the distribution of PIT values is read
BARS = 10  # of a PIT histogram
Small = npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Band:
    """Observed counts in a few cells, and the band that holds all cells at once with a stated chance.

    Attributes
    ----------
    observed, expected, low, high : ndarray of shape (cell,)
    p : float
        Chance, under the model, of a worst cell at least as far out as the one observed.
    level : float
    """

    observed: Floats
    expected: Floats
    low: Floats
    high: Floats
    p: float
    level: float

    @property
    def inside(self) -> bool:
        """Whether every cell lies in the band."""
        return not self.outside

    @property
    def outside(self) -> tuple[int, ...]:
        """The cells that leave the band, the farthest out first."""
        over = np.maximum(self.observed - self.high, self.low - self.observed) / (self.high - self.low)
        return tuple(int(i) for i in np.argsort(-over, kind="stable") if over[i] > 0)


def band(observed: npt.ArrayLike, replicas: npt.ArrayLike, level: float) -> Band:
    """Return the simultaneous band of the cells of replicas, and where the observed cells lie.

    The distance of a cell is |count - mean| / sqrt(variance + 1); the 1 keeps a cell that is almost always empty from
    ruling the band. The band is as wide, in that distance, as `level` of the replicas need for all their cells, and
    never narrower than one count to either side: less than that is nothing to act on.

    Parameters
    ----------
    observed : counts, shape (cell,)
    replicas : counts, shape (replica, cell)
    level : float

    Returns
    -------
    Band
    """
    seen, drawn = np.asarray(observed, dtype=float), np.asarray(replicas, dtype=float)
    mean = drawn.mean(axis=0)
    scale = np.sqrt(drawn.var(axis=0) + 1)
    farthest = (np.abs(drawn - mean) / scale).max(axis=1)
    reach = float(np.sort(farthest)[min(math.ceil(level * (len(drawn) + 1)), len(drawn)) - 1])
    distance = float((np.abs(seen - mean) / scale).max())
    p = (1 + int((farthest >= distance).sum())) / (1 + len(drawn))
    half = np.maximum(reach * scale, 1.0) * (1 + 1e-12)
    return Band(seen, mean, np.maximum(mean - half, 0), mean + half, p, level)


def at_total(rows: npt.ArrayLike, totals: npt.ArrayLike) -> Floats:
    """Return replicas moved, by a linear rule, to where they would be with as many acts as were observed.

    A fit takes the level of each channel from the counts it is then checked on. Replicas do not, so without this
    step their totals stray farther than an observed total can, and no band would ever be left.

    Parameters
    ----------
    rows : shape (1 + replica, cell)
        A statistic; row 0 is the observed one and stays as it is.
    totals : shape (1 + replica,)
        Acts.
    """
    out, more = np.array(rows, dtype=float), np.asarray(totals, dtype=float)
    more = more - more[0]
    spread = more[1:] - more[1:].mean()
    if spread.any():
        slope = spread @ (out[1:] - out[1:].mean(axis=0)) / (spread @ spread)
        out[1:] -= more[1:, None] * slope
    return out


@dataclass(frozen=True, eq=False)
class Placed:
    """Where counts fall in their predictive distributions, kept sparse: most are zero.

    Attributes
    ----------
    zero : ndarray of shape (time,)
        Predictive chance of no act at each time.
    row, time, count : ndarray of shape (hit,)
        Counts above zero: row 0 is what was observed, row r + 1 is replica r.
    lower, upper : ndarray of shape (hit,)
        Predictive chance of fewer acts, and of no more acts, than each hit's count.
    rows : int
        Number of rows, replicas and the observed one.
    """

    zero: Floats
    row: Ints
    time: Ints
    count: Ints
    lower: Floats
    upper: Floats
    rows: int

    @property
    def acts(self) -> Ints:
        """Acts in all, shape (row,)."""
        return np.bincount(self.row, self.count, self.rows).astype(np.int64)

    def below(self, edges: Floats = EDGES) -> Floats:
        """Return how many PIT values lie at or below each edge, their randomisation averaged out.

        Returns
        -------
        ndarray of shape (row, edge)
        """
        quiet = np.minimum(edges / self.zero[:, None], 1)
        out = np.repeat(quiet.sum(axis=0)[None], self.rows, axis=0)
        width = (self.upper - self.lower)[:, None]
        np.add.at(out, self.row, np.clip((edges - self.lower[:, None]) / width, 0, 1) - quiet[self.time])
        return out

    def randomised(self, seed: int) -> Floats:
        """Return the observed PIT values, each uniform between its lower and upper chance, shape (time,)."""
        lower, upper = np.zeros(len(self.zero)), self.zero.copy()
        seen = self.row == 0
        lower[self.time[seen]], upper[self.time[seen]] = self.lower[seen], self.upper[seen]
        u = generator(seed, Stream.PIT).random(len(lower))
        return np.asarray(lower + u * (upper - lower))

    def tallies(self, most: int) -> Ints:
        """Return how many times had 0, 1, ..., `most` or more acts, shape (row, most + 1)."""
        out = np.zeros((self.rows, most + 1), dtype=np.int64)
        np.add.at(out, (self.row, np.minimum(self.count, most)), 1)
        out[:, 0] = len(self.zero) - out[:, 1:].sum(axis=1)
        return out

    def busy(self, cell: Ints, cells: int) -> Ints:
        """Return how many times of each cell had an act, shape (row, cell); `cell` has shape (time,)."""
        out = np.zeros((self.rows, cells), dtype=np.int64)
        np.add.at(out, (self.row, cell[self.time]), 1)
        return out


def place_samples(observed: Ints, samples: npt.NDArray[np.integer]) -> Placed:
    """Place counts among samples of what was predicted, by rank in the pool of both.

    If the observed count is one more sample, its rank is exactly uniform, however few samples there are.

    Parameters
    ----------
    observed : ndarray of shape (time,)
    samples : ndarray of shape (time, replica)
    """
    pool = np.column_stack([observed, samples]).astype(np.int64)
    times, rows = pool.shape
    top = int(pool.max()) + 1
    cell = pool + top * np.arange(times)[:, None]
    share = np.bincount(cell.ravel(), minlength=times * top).reshape(times, top).cumsum(axis=1) / rows
    time, row = np.nonzero(pool)
    count = pool[time, row]
    # No sample without an act: give the quiet outcome half a sample, so that nothing divides by zero.
    zero = np.maximum(share[:, 0], 0.5 / rows)
    return Placed(zero, row, time, count, share[time, count - 1], share[time, count], rows)


def place_days(
    program: Program, design: tuple[Ints, Floats], channel: int, beta: Floats, log_alpha: Floats, seed: int
) -> Placed:
    """Place the daily counts of a channel in their one-day-ahead predictive distributions, mixed over draws.

    Parameters
    ----------
    program : Program
    design : tuple
        The channel's entry of `Program.designs`.
    channel : int
    beta, log_alpha : ndarray of shapes (replica, coefficient) and (replica, class)
    seed : int

    Returns
    -------
    Placed
        One time for each fitted day.
    """
    columns, features = design
    alpha = np.exp(log_alpha[:, program.channel_class[channel]])
    mu = np.exp(np.clip(features @ beta[:, columns].T, -50, 50))
    quiet = np.exp(-np.log1p(alpha * mu) / alpha)
    u = generator(branch_seed(seed, Branch.DAYS, channel), Stream.CHECKED_COUNTS).random(mu.shape)
    time, replica = np.nonzero(u > quiet)
    count = _inverse(u[time, replica], mu[time, replica], alpha[replica])
    counts = program.history.counts[channel]
    seen = np.flatnonzero(counts)
    row = np.concatenate([np.zeros(len(seen), dtype=np.int64), replica + 1])
    time, count = np.concatenate([seen, time]), np.concatenate([counts[seen], count])
    days, where = np.unique(time, return_inverse=True)
    cdf = _mixture_cdf(mu[days], alpha, int(count.max(initial=0)))
    return Placed(
        quiet.mean(axis=1), row, time, count, cdf[where, count - 1], cdf[where, count], len(beta) + 1
    )


def _inverse(u: Floats, mu: Floats, alpha: Floats) -> Ints:
    """Return the smallest counts whose negative binomial distribution function reaches u."""
    r, odds = 1 / alpha, alpha * mu / (1 + alpha * mu)
    mass = np.exp(-r * np.log1p(alpha * mu))
    total, count = mass.copy(), np.zeros(len(u), dtype=np.int64)
    open_ = u > total
    while open_.any():
        mass = mass * (count + r) / (count + 1) * odds
        count += open_
        total += np.where(open_, mass, 0)
        open_ &= (u > total) & (mass > 1e-300)
    return count


def _mixture_cdf(mu: Floats, alpha: Floats, most: int) -> Floats:
    """Return the chance of at most 0, 1, ..., `most` acts, mean over draws; `mu` has shape (time, draw)."""
    r, odds = 1 / alpha, alpha * mu / (1 + alpha * mu)
    mass = np.exp(-r * np.log1p(alpha * mu))
    out = np.empty((len(mu), most + 1))
    for k in range(most + 1):
        out[:, k] = mass.mean(axis=1)
        mass = mass * (k + r) / (k + 1) * odds
    return out.cumsum(axis=1)


def window_dynamics(program: Program, days: int) -> Callable[[int], Dynamics]:
    """Return a function that gives, for a fitted day, the arrays that run the model `days` forward from it.

    The memories are those of that morning, and the schedules (eras among them) those of the days themselves.
    """
    rows = [i for i, atom in enumerate(program.atoms) if isinstance(atom, Schedule)]
    return partial(_dynamics_from, program.dynamics(days), program.history, rows, days)


def _dynamics_from(ahead: Dynamics, history: History, rows: list[int], days: int, day: int) -> Dynamics:
    return replace(
        ahead,
        initial=history.memories[:, day],
        schedule=history.atoms[rows, day : day + days],
        fighting=history.hostilities.before(history.window.day(day)),
    )


def simulate_blocks(
    program: Program, beta: Floats, log_alpha: Floats, seed: int, progress: Progress, threads: int = 0
) -> tuple[Ints, Small]:
    """Simulate every block of 28 fitted days from the memories at its start.

    Blocks end with the last fitted day of each part of the coverage; a remainder at its start is left out. Draw r runs
    future r of every block.

    Returns
    -------
    observed : ndarray of shape (block, channel, 4)
        Acts by week.
    futures : ndarray of shape (block, replica, channel, 4)
    """
    history, weeks = program.history, BLOCK // WEEK
    channels, starts = len(program.layout.channels), _block_starts(history.window)
    run = partial(_block_counts, window_dynamics(program, BLOCK), starts, beta, log_alpha, seed)
    # A block is too short to be worth splitting: threads take a block each.
    counts = Threads(threads).map(run, range(len(starts)), progress=partial(progress, "blocks"))
    out = np.array(counts, dtype=np.int16).reshape(len(starts), len(beta), channels, weeks)
    days = starts[:, None] + np.arange(BLOCK)
    observed = history.counts[:, days].reshape(channels, len(starts), weeks, WEEK).sum(axis=3)
    return observed.transpose(1, 0, 2), out


def _block_starts(covered: Coverage) -> Ints:
    """Return the first day of every block."""
    return np.concatenate(
        [np.arange(start + (end - start) % BLOCK, end, BLOCK) for start, end in pairwise(covered.bounds)]
    )


def _block_counts(
    at: Callable[[int], Dynamics], starts: Ints, beta: Floats, log_alpha: Floats, seed: int, block: int
) -> Small:
    """Simulate one block; return its acts by week, shape (replica, channel, 4)."""
    dynamics, weeks = at(int(starts[block])), BLOCK // WEEK
    key = branch_seed(seed, Branch.BLOCKS, block)
    log = simulate_log(dynamics, beta, log_alpha, days=BLOCK, seed=key, threads=1)
    cell = (log.future.astype(np.int64) * dynamics.channels + log.channel) * weeks + log.day // WEEK
    counts = np.bincount(cell, minlength=len(beta) * dynamics.channels * weeks)
    return counts.reshape(len(beta), dynamics.channels, weeks).astype(np.int16)


def simulate_paths(
    program: Program, beta: Floats, log_alpha: Floats, seed: int, progress: Progress, threads: int = 0
) -> EventLog:
    """Simulate all fitted days anew, one path a draw, each part of the coverage from the memories on its first day."""
    bounds, logs = program.history.window.bounds, []

    def tell(before: int, done: int) -> None:
        progress("windows", before + done, (len(bounds) - 1) * len(beta))

    for part, (start, end) in enumerate(pairwise(bounds)):
        log = simulate_log(
            window_dynamics(program, end - start)(start),
            beta,
            log_alpha,
            days=end - start,
            seed=branch_seed(seed, Branch.PATHS, *([part] if part else [])),
            threads=threads,
            progress=partial(tell, part * len(beta)),
        )
        logs.append(replace(log, day=log.day + np.int32(start)))
    return _one_after_another(logs, bounds[-1])


def _one_after_another(logs: Sequence[EventLog], days: int) -> EventLog:
    """Join the parts of the same futures into one log, sorted by future and then by day."""
    if len(logs) == 1:
        return logs[0]
    columns = [
        np.concatenate([getattr(log, name) for log in logs])
        for name in ("future", "day", "channel", "act", "deaths")
    ]
    order = np.argsort(columns[0], kind="stable")
    future, day, channel, act, deaths = (column[order] for column in columns)
    return replace(logs[0], future=future, day=day, channel=channel, act=act, deaths=deaths, days=days)


def runs_of(weeks: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return the number of runs of true weeks, and the longest, along the last axis.

    Examples
    --------
    >>> [x.tolist() for x in runs_of(np.array([[1, 1, 0, 1, 0, 0], [0] * 6], dtype=bool))]
    [[2, 0], [2, 0]]
    """
    padded = np.pad(weeks.astype(np.int64), [(0, 0)] * (weeks.ndim - 1) + [(1, 1)])
    number = (np.diff(padded, axis=-1) == 1).sum(axis=-1)
    longest, run = np.zeros(weeks.shape[:-1], dtype=np.int64), np.zeros(weeks.shape[:-1], dtype=np.int64)
    for w in range(weeks.shape[-1]):
        run = (run + 1) * weeks[..., w]
        longest = np.maximum(longest, run)
    return number, longest
