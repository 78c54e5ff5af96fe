"""Futures: many chronicles simulated from one fitted model and one seed, kept in columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Ints
from detente.base.days import Window
from detente.base.input_limits import LIMITS, Limits
from detente.base.progress import Tally
from detente.base.tables import Tables, heading
from detente.base.workers import Threads
from detente.events.act_log import UNKNOWN, ActLog
from detente.events.chronicle import Chronicle
from detente.events.provenance import Provenance
from detente.futures.kernel.event_log import EventLog, join_logs
from detente.futures.kernel.simulate import simulate_log
from detente.futures.memory_estimate import acts_expected, refuse_if_too_large
from detente.futures.pilot import refuse_many_futures
from detente.model.fit import Draws, Fitted, Posterior
from detente.model.program import Program
from detente.model.stability import refuse_if_explosive

TRACE_EVERY = 28  # days between two values of a recorded memory


@dataclass(frozen=True)
class Futures(Tables):
    """Simulated chronicles over one window; each carries its own draw from the posterior.

    Attributes
    ----------
    window : Window
        Days simulated, from as_of.
    log : EventLog
        Columns future, day, channel, act, deaths.
    program : Program
        What they ran on; of a grid of clocks, the point with most mass.
    scheme, codebook : str
        Class scheme and codebook of the acts.
    seed : int
    draws : Draws or None
        What they were drawn from; None where they need not be run again.
    """

    window: Window
    log: EventLog
    program: Program
    scheme: str
    codebook: str
    seed: int
    draws: Draws | None = None

    def _about(self) -> str:
        return heading(self.window, futures=self.count, acts=len(self.log.day))

    def _table(self, name: str) -> pl.DataFrame:
        return self.events

    @property
    def count(self) -> int:
        """Number of futures."""
        return self.log.futures

    @property
    def acts_a_day(self) -> float:
        """How many acts a day of a future holds."""
        return len(self.log.day) / max(1, self.count * self.window.days)

    @cached_property
    def acts(self) -> ActLog:
        """All acts in columns, as questions and phases read them."""
        table, log = self.program.acts, self.log
        looks = table.looks.height
        return ActLog(
            self.window,
            np.searchsorted(log.future, np.arange(self.count + 1)),
            log.day,
            log.act,
            log.deaths if table.deaths_known else np.full(len(log), UNKNOWN, dtype=np.int32),
            table.looks,
            np.ones(looks, dtype=np.int64),
            np.ones(looks, dtype=np.bool_),
        )

    @cached_property
    def events(self) -> pl.DataFrame:
        """All acts of all futures: a column ``future`` and the canonical columns of a chronicle."""
        acts = self.program.acts
        looks = acts.looks.with_row_index("act").with_columns(pl.col("act").cast(pl.Int32))
        start = pl.lit(self.window.start)
        frame = pl.DataFrame(
            {
                "future": self.log.future,
                "day": self.log.day,
                "act": self.log.act,
                "fatalities": pl.Series(
                    self.log.deaths.astype(np.int64) if acts.deaths_known else [None] * len(self.log.day),
                    dtype=pl.Int64,
                ),
            }
        )
        return frame.join(looks, on="act", how="left", maintain_order="left").select(
            "future",
            (start + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("date"),
            pl.lit("day").alias("precision"),
            pl.exclude("future", "day", "act"),
        )

    def chronicle(self, future: int) -> Chronicle:
        """Return one future as a chronicle of its own.

        Raises
        ------
        IndexError
            If there is no such future.
        """
        if not 0 <= future < self.count:
            raise IndexError(f"future must be from 0 to {self.count - 1}, got {future}")
        events = self.events.filter(pl.col("future") == future).drop("future")
        name = f"future {future} of seed {self.seed}"
        return Chronicle.of(events, self.window, self.scheme, provenance=Provenance(name, self.codebook))

    def counts(self, days: int, every: int | None = None) -> Ints:
        """Count acts by future and channel over the first `days`.

        Parameters
        ----------
        days : int
        every : int, optional
            Split into steps of so many days (the last may be shorter).

        Returns
        -------
        ndarray of shape (future, channel) or (future, channel, step)
        """
        inside = self.log.day < days
        channels = len(self.program.layout.channels)
        steps = 1 if every is None else -(-days // every)
        step = np.zeros(int(inside.sum()), dtype=np.int64) if every is None else self.log.day[inside] // every
        cell = (self.log.future[inside].astype(np.int64) * channels + self.log.channel[inside]) * steps + step
        out = np.bincount(cell, minlength=self.count * channels * steps).reshape(self.count, channels, steps)
        return out[:, :, 0] if every is None else out


def simulate(
    posterior: Fitted,
    *,
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
    """Run a fitted program forward from its as_of.

    Over a grid of clocks each future has half-lives of its own, drawn with its coefficients.

    Parameters
    ----------
    posterior : Fitted
    days, futures, seed : int
        How far, how many, and the seed that fixes every random number.
    scheme, codebook : str
        Class scheme and codebook of the chronicle the program was fitted to.
    threads : int
        0 uses every core; the result does not depend on it.
    record : tuple of (principal, clock)
        Watched memories (`Program.watched`) whose paths are kept, one value every `TRACE_EVERY` days.
    progress : callable, optional
        Called with the number of futures done.
    limits : Limits
        How many years, and how much of the memory, they may take.

    Returns
    -------
    Futures

    Raises
    ------
    DataError
        If the days are too many, or the futures would need more memory than there is.
    UnstableModelError
        If feedback explodes.
    """
    start = posterior.program.as_of
    limits.check_window(start, start + timedelta(days=days), "days")
    acts = acts_expected(posterior.program.history.counts)
    refuse_if_too_large(acts, days=days, futures=futures, limits=limits)
    draws = posterior.draws(futures, seed)
    parts = draws.parts
    for part, _ in parts:
        refuse_if_explosive(part.program, part.mode)
    refuse_many_futures(draws, days=days, limits=limits)
    run = partial(
        _run_part,
        draws,
        Tally(progress),
        days=days,
        threads=threads if len(parts) == 1 else 1,
        record=record,
    )
    # Few futures share a point of a grid, too few to split further: threads take a point each.
    log = join_logs(Threads(threads).map(run, parts), [rows for _, rows in parts])
    return Futures(
        Window(start, start + timedelta(days=days)), log, posterior.program, scheme, codebook, seed, draws
    )


def _run_part(
    draws: Draws,
    tally: Tally,
    part: tuple[Posterior, Ints],
    *,
    days: int,
    threads: int,
    record: tuple[tuple[str, str], ...],
) -> EventLog:
    """Simulate the futures that run on one program."""
    posterior, rows = part
    return simulate_log(
        posterior.program.dynamics(days),
        draws.beta[rows],
        draws.log_alpha[rows],
        days=days,
        seed=draws.seed,
        threads=threads,
        progress=tally.part(),
        record=[posterior.program.watched[key] for key in record],
        record_every=TRACE_EVERY,
        numbers=rows,
    )


def quantiles(values: Ints, *shares: float) -> npt.NDArray[np.float64]:
    """Return quantiles over futures (axis 0) that are values actually seen (inverse of the distribution function)."""
    return np.asarray(np.quantile(values, np.array(shares), axis=0, method="inverted_cdf"), dtype=float)
