"""Counts by day: what the rules of phases read of the acts of a history, or of many futures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Ints
from detente.base.days import Window
from detente.events.act_log import ActLog
from detente.events.files.embedded import embedded_rivalries
from detente.events.ontology.classes import scheme_of
from detente.events.phases import COUNTS, Counts, Days, Sides, acts_from_to, feeds


def read_days(events: pl.DataFrame, window: Window, sides: Sides, *, scheme: str = "detente") -> Days:
    """Count what the rules read on each day of one chronicle.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical events with agents' acts under their principals, sorted by date. Dates of month or year precision are
        left out: no day of theirs is known.
    window : Window
    sides : Sides
    scheme : str
        Class scheme of the events.

    Returns
    -------
    Days
        Of one future.

    Notes
    -----
    On the four quad classes force is ASSAULT, COERCE and MOBILIZE among material conflict, and, as there is no
    joint class, a day of talks is one on which each side has CONSULT or AGREE toward the other. Data without modes
    recognise no truce and no break of talks, so hostilities and talks end by quiet days alone, and no ASSAULT is left
    out of strikes. Unknown deaths are not deaths: without tolls proxies' attacks give no points.
    """
    actors = [*sides.principals, *(a for group in (*sides.allies, *sides.proxies) for a in group)]
    ours = pl.col("source").is_in(actors) & pl.col("target").is_in(actors)
    log = ActLog.of(events.filter(ours), window)
    return DayCounter.of(log, sides, scheme).count(log.starts)


@dataclass(frozen=True)
class DayCounter:
    """Counts what the rules read of the acts of a log, some chronicles at a time.

    Attributes
    ----------
    log : ActLog
    sides : Sides
    adds : ndarray of int32, shape (2, look, count)
        What an act that is not known to have killed, and one that is, adds to each count.
    joint : bool
        Whether the scheme has a class of joint acts; else the last two counts are talks from each side.
    scaled : bool
    """

    log: ActLog
    sides: Sides
    adds: Counts
    joint: bool
    scaled: bool

    @classmethod
    def of(cls, log: ActLog, sides: Sides, scheme: str) -> DayCounter:
        """Read off the table of looks what each act adds."""
        rules, joint = feeds(sides, scheme), scheme_of(scheme).joint_class is not None
        if not joint:
            ways = zip(("there", "back"), (sides.principals, sides.principals[::-1]), strict=True)
            for name, (a, b) in ways:
                rules[name] = rules["talks"] * (acts_from_to(a, b) | pl.col("mutual")).cast(pl.Int32)
        adds = np.stack(
            [log.looks.with_columns(fatalities=deaths).select(**rules).to_numpy() for deaths in (0, 1)]
        )
        adds = np.where(log.exact[:, None], adds, 0).astype(np.int32)
        tuned = {frozenset(rivalry.phases_tuned_on) for rivalry in embedded_rivalries().values()}
        return cls(log, sides, adds, joint, frozenset(sides.principals) not in tuned)

    def count(self, starts: Ints) -> Days:
        """Return the counts of some chronicles by the starts of their acts."""
        from detente.events.act_counts import add_by_day

        log, days = self.log, self.log.window.days
        out = np.zeros((self.adds.shape[2], len(starts) - 1, days), dtype=np.int32)
        add_by_day(starts, log.day, log.act, log.deaths, self.adds, out)
        counts = dict(zip(COUNTS, out, strict=False))
        if not self.joint:
            counts["talks"] = np.minimum(out[-2], out[-1])
        siege, gap = (
            _inside(stretches, log.window, len(starts) - 1)
            for stretches in (self.sides.sieges, self.sides.gaps)
        )
        return Days(**counts, siege=siege, scaled=self.scaled, gap=gap)


def _inside(stretches: Iterable[Window], window: Window, futures: int) -> Bools:
    inside = np.zeros((futures, window.days), dtype=bool)
    for stretch in stretches:
        inside[:, max(window.index(stretch.start), 0) : max(window.index(stretch.end), 0)] = True
    return inside
