"""What is counted on futures under a lever: talks, accords, force, pressure, deaths, clocks and phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Floats, Ints
from detente.base.errors import ArgumentError, Fault
from detente.base.limits import FUTURES
from detente.base.shares import share_of
from detente.events.files.embedded import embedded_rivalries
from detente.events.ontology.modes import ACCORDS
from detente.futures.interventions import Paths
from detente.model.program import Program

MANY_DEATHS = 100
YES_OR_NO = ("talks", "accords", "deaths")  # outcomes that a future has or has not
_Z = 1.6448536269514722
_FEWEST = 2  # futures between which a spread can be seen


@cache
def accord_modes() -> tuple[str, ...]:
    """Return the modes of an AGREE that are accords: the general ones, and those that embedded rivalries declare.

    Examples
    --------
    >>> "accord" in accord_modes(), "meeting" in accord_modes()
    (True, False)
    """
    declared = {mode for rivalry in embedded_rivalries().values() for mode in rivalry.accord_modes}
    return (*ACCORDS, *sorted(declared))


def accord_share(program: Program) -> float:
    """Return which share of the joint acts that futures draw are substantive accords, ceasefires by hazard left out."""
    acts, joint = program.acts, [program.layout.index(c) for c in program.layout.joint()]
    rule = (pl.col("action") == "AGREE") & pl.col("mode").is_in(list(accord_modes()))
    fits = acts.looks.select(rule.fill_null(value=False)).to_series().to_numpy()
    rows = np.concatenate([np.arange(acts.start[c], acts.start[c + 1]) for c in joint])
    return float((acts.chance * fits)[rows].sum() / acts.chance[rows].sum())


@dataclass(frozen=True)
class Counted:
    """Drawn acts of some futures, ready to be counted by horizon; acts put in by a lever are left out."""

    future: Ints
    day: Ints
    channel: Ints
    act: Ints
    killed: Ints
    futures: int
    paths: Paths

    @classmethod
    def of(cls, paths: Paths) -> Counted:
        """Read a log, leaving out what was put in."""
        log = paths.log
        keep = ~np.isin(log.act, list(paths.put))
        future, day, channel, act, killed = (
            np.asarray(column)[keep].astype(np.int64)
            for column in (log.future, log.day, log.channel, log.act, log.deaths)
        )
        return cls(future, day, channel, act, killed, log.futures, paths)

    def _any(self, chosen: Bools, days: int) -> Floats:
        out = np.zeros(self.futures)
        out[self.future[chosen & (self.day < days)]] = 1.0
        return out

    def _channels(self, *roles: str, joint: bool = False) -> Bools:
        layout = self.paths.program.layout
        chosen = layout.joint() if joint else layout.directed(*roles)
        return np.asarray(np.isin(self.channel, [layout.index(c) for c in chosen]))

    def _looks(self, actions: Sequence[str], modes: Sequence[str] = ()) -> Bools:
        looks = self.paths.acts.looks
        rule = pl.col("action").is_in(list(actions))
        if modes:
            rule &= pl.col("mode").is_in(list(modes))
        fits = looks.select(rule.fill_null(value=False)).to_series().to_numpy()
        return np.asarray(fits[self.act])

    def talks(self, days: int) -> Floats:
        """Whether there was any joint act, shape (future,)."""
        return self._any(self._channels(joint=True), days)

    def accords(self, days: int) -> Floats:
        """Whether a substantive accord was reached."""
        return self._any(self._channels(joint=True) & self._looks(["AGREE"], accord_modes()), days)

    def force(self, days: int) -> Floats:
        """Days with an ASSAULT or a COERCE between the principals."""
        chosen = self._channels("force") & self._looks(["ASSAULT", "COERCE"]) & (self.day < days)
        pairs = np.unique(self.future[chosen] * np.int64(1 << 20) + self.day[chosen])
        return np.bincount(pairs >> 20, minlength=self.futures).astype(float)

    def pressure(self, days: int) -> Floats:
        """Acts of pressure between the principals."""
        chosen = self._channels("pressure") & (self.day < days)
        return np.bincount(self.future[chosen], minlength=self.futures).astype(float)

    def deaths(self, days: int) -> Floats:
        """Whether acts of force between the two sides killed a hundred or more."""
        layout = self.paths.program.layout
        sided = np.isin(self.channel, [layout.index(c) for c in layout.sided("force")]) & (self.day < days)
        total = np.bincount(self.future[sided], self.killed[sided], minlength=self.futures)
        return np.asarray(total >= MANY_DEATHS, dtype=float)


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean without and with a lever, and the paired difference with its central 90 % Monte-Carlo interval.

    `unpaired` is how wide the interval of two independent runs would be, over the width of this one.
    """

    without: float
    with_: float
    mean: float
    low: float
    high: float
    unpaired: float

    def to_dict(self) -> dict[str, float]:
        """Return the numbers but how wide other intervals would be, ready for JSON."""
        return {
            "without": self.without,
            "with": self.with_,
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
        }


def difference(base: Floats, other: Floats, *, of_futures: bool = False) -> Difference:
    """Compare an outcome future by future.

    Parameters
    ----------
    base, other : ndarray of shape (future,)
    of_futures : bool
        Whether the outcome is yes or no, so that its means are shares of futures; see `share_of`.

    Raises
    ------
    ArgumentError
        If there is one future: how far two would differ by chance cannot be said then.

    Examples
    --------
    >>> round(difference(np.array([0.0, 1.0, 1.0, 0.0]), np.array([1.0, 1.0, 1.0, 0.0])).mean, 2)
    0.25
    """
    n, gap = len(base), other - base
    if n < _FEWEST:
        raise ArgumentError(
            Fault(
                "not_whole_in_range", "futures", got=n, hint="try", example=1000, low=_FEWEST, high=FUTURES[1]
            )
        )
    paired = float(gap.std(ddof=1)) / sqrt(n)
    apart = sqrt(float(base.var(ddof=1) + other.var(ddof=1)) / n)
    without, with_ = float(base.mean()), float(other.mean())
    mean = float(gap.mean())
    if of_futures:
        without, with_ = (share_of(float(values.sum()), n) or 0.0 for values in (base, other))
        mean = float(gap.sum()) / (n + 1)
    return Difference(
        without,
        with_,
        mean,
        mean - _Z * paired,
        mean + _Z * paired,
        apart / paired if paired > 0 else float("inf"),
    )
