"""Phases: what a rivalry is in on each day, by trailing windows, computed the same on history and on futures.

The rule was tuned on the periods it is checked on (docs/decisions/0007-phases.md): it describes, it does not predict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools
from detente.base.days import Window
from detente.events.ontology.classes import scheme_of
from detente.events.ontology.modes import BREAKS, GIVING_WAY, NO_STRIKES, TRUCES

Counts = npt.NDArray[np.int32]
Labels = npt.NDArray[np.int8]
NO_PHASE, NO_COVERAGE = -1, "no coverage"  # the code and the word of a day that the chronicle does not cover
OUTBREAK, CEASED, BURST, SETTLING, TALKING = 7, 21, 28, 120, 180  # days the rules look back
STRIKES = 2  # of each side that begin hostilities
CRISIS_POINTS, COOPERATIVE, MEETINGS = (
    3,
    0.6,
    2,
)  # that begin a crisis, share in a thaw, days that begin talks
_SPANS = np.array([OUTBREAK, CEASED, BURST, SETTLING, TALKING])
# strikes of each side, points that begin and that keep a crisis, share of cooperation, days of talks
_LEAST = np.array([STRIKES, CRISIS_POINTS, 2, COOPERATIVE, MEETINGS])
_USUAL = 0.32  # points of force in 28 days of the pair that the rule was tuned on
_TRAIL, _LEAST_TRAIL = 3652, 365  # days over which a pair's own mean is taken, and how few say nothing
_FORCE = ("ASSAULT", "COERCE", "MOBILIZE")
_FRIENDLY = ("SUPPORT", "COOPERATE", "AID", *GIVING_WAY)
_MEETING = ("CONSULT", "AGREE")


class Phase(IntEnum):
    """What a rivalry is in; where two rules hold, the higher number wins."""

    COLD = 0
    THAW = 1
    CRISIS = 2
    HOSTILITIES = 3

    @property
    def word(self) -> str:
        """The phase as printed.

        Examples
        --------
        >>> [phase.word for phase in Phase]
        ['cold disengagement', 'thaw', 'crisis', 'hostilities']
        """
        return "cold disengagement" if self is Phase.COLD else self.name.lower()


OPENED_BY = {
    Phase.HOSTILITIES.word: (("strikes_first", "strikes_second"), OUTBREAK),
    Phase.CRISIS.word: (("points",), BURST),
    Phase.THAW.word: (("friendly_first", "friendly_second"), SETTLING),
    "talks": (("talks",), TALKING),
}
"""Which counts of `Days` open a phase, or talks, and how many days back they reach; it needs some of each."""


def phase_word(code: int) -> str:
    """Return the word of a label: a phase's, or that the day is not covered.

    Examples
    --------
    >>> phase_word(2), phase_word(NO_PHASE)
    ('crisis', 'no coverage')
    """
    return NO_COVERAGE if code == NO_PHASE else Phase(code).word


@dataclass(frozen=True, slots=True)
class Sides:
    """Who stands on which side of a rivalry.

    Attributes
    ----------
    principals : (str, str)
    allies : (tuple of str, tuple of str)
        States whose strikes, and strikes on which, count as their principal's in hostilities.
    proxies : (tuple of str, tuple of str)
        Armed groups: their lethal attacks on the other principal, and its strikes on them, are points of force.
    sieges : tuple of Window
        Stretches of hostage-taking or blockade, each cut to the days on which it was known.
    gaps : tuple of Window
        Stretches that the chronicle does not cover; their days have no phase.
    """

    principals: tuple[str, str]
    allies: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    proxies: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    sieges: tuple[Window, ...] = ()
    gaps: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """What the rules read, by future and day; every array has shape (future, day)."""

    strikes_first: Counts  # by the first side or its ally on the other or its ally
    strikes_second: Counts
    points: Counts  # of force
    force: Counts  # acts of force between the principals
    friendly_first: Counts
    friendly_second: Counts
    cooperative: Counts
    acts: Counts  # all acts between the principals
    talks: Counts  # joint talks and accords
    breaks: Counts  # of talks
    truces: Counts
    siege: Bools
    scaled: bool = False  # whether thresholds of force follow the pair's own mean
    gap: Bools | None = None  # days without coverage; None for none

    @property
    def covered(self) -> Bools:
        """Whether the chronicle covers each day, shape (future, day)."""
        return np.ones(self.points.shape, dtype=bool) if self.gap is None else ~self.gap

    def last(self, days: int) -> Days:
        """Return the last `days` days, or all if there are fewer."""
        arrays = [f.name for f in fields(self) if isinstance(getattr(self, f.name), np.ndarray)]
        return replace(self, **{name: getattr(self, name)[:, -days:] for name in arrays})


COUNTS = tuple(f.name for f in fields(Days))[:11]
"""The counts of `Days`, in the order in which the compiled rule reads them."""


def feeds(sides: Sides, scheme: str = "detente") -> dict[str, pl.Expr]:
    """Return what one act adds to each count of `Days`, as expressions over the columns of canonical events.

    Examples
    --------
    >>> sorted(feeds(Sides(("A", "B"))))[:3]
    ['acts', 'breaks', 'cooperative']
    """
    (one, two), action = sides.principals, pl.col("action")
    mode = pl.col("mode").fill_null("")
    first, second = ((p, *allies) for p, allies in zip(sides.principals, sides.allies, strict=True))
    between = acts_from_to(one, two) | acts_from_to(two, one)
    across = acts_from_to(first, second) | acts_from_to(second, first)
    classes = scheme_of(scheme)
    force = pl.col("class").is_in(list(classes.classes_of("force"))) & action.is_in(list(_FORCE))
    assault = force & (action == "ASSAULT")
    strike = assault & ~mode.is_in(list(NO_STRIKES))
    deadly = (pl.col("fatalities") > 0).fill_null(value=False)
    by_proxy = pl.lit(value=False)
    for groups, other in zip(sides.proxies, (two, one), strict=True):
        by_proxy |= (assault & deadly & acts_from_to(groups, other)) | (assault & acts_from_to(other, groups))
    own = force & between
    met = between & action.is_in(list(_MEETING))
    if classes.joint_class is not None:
        met &= pl.col("class") == classes.joint_class
    given = action.is_in(list(_FRIENDLY))
    both_ways = between & pl.col("mutual")
    rules = {
        "strikes_first": strike & acts_from_to(first, second),
        "strikes_second": strike & acts_from_to(second, first),
        "points": pl.when(own & (action == "ASSAULT")).then(2).when(own | by_proxy).then(1).otherwise(0),
        "force": own,
        "friendly_first": given & (acts_from_to(one, two) | both_ways),
        "friendly_second": given & (acts_from_to(two, one) | both_ways),
        "cooperative": between & pl.col("class").is_in(list(classes.cooperative_classes)),
        "acts": between,
        "talks": met,
        "breaks": between & (action == "REJECT") & mode.is_in(list(BREAKS)),
        "truces": across & action.is_in(["AGREE", *GIVING_WAY]) & mode.is_in(list(TRUCES)),
    }
    return {name: rule.cast(pl.Int32).fill_null(0) for name, rule in rules.items()}


@dataclass(frozen=True, slots=True)
class LeadIn:
    """The days just before, shared by all futures, and how things stood after them.

    Attributes
    ----------
    days : Days
        Of one chronicle.
    states : ndarray of bool, shape (3,)
        Whether hostilities, a burst of force and talks went on.
    """

    days: Days
    states: Bools

    @classmethod
    def of(cls, days: Days) -> LeadIn:
        """Follow the days before from their first on."""
        return cls(days, _follow(days, None)[2][0])


def label(days: Days, before: Days | LeadIn | None = None) -> tuple[Labels, Bools]:
    """Return the phase of every day and whether talks were going on; each uses that day and earlier ones.

    Parameters
    ----------
    days : Days
    before : Days or LeadIn, optional
        One chronicle of the days just before, shared by all futures: labelling a history and going on from it
        equals labelling both in one go.

    Returns
    -------
    phase : ndarray of shape (future, day)
        `Phase` values, and `NO_PHASE` on days without coverage.
    talks : ndarray of shape (future, day)
        False on days without coverage.

    Notes
    -----
    Windows that look back over a gap find no acts there, as before the first day of a chronicle.
    Hostilities and talks begin on a day with an act that feeds them. What ends them (a truce, a break) leaves its
    own day as it was and ends them on the next, unless an act of that day begins them anew. All windows include
    the day itself.
    """
    phase, talks, _ = _follow(days, LeadIn.of(before) if isinstance(before, Days) else before)
    if days.gap is None:
        return phase, talks
    return np.where(days.gap, NO_PHASE, phase).astype(np.int8), talks & ~days.gap


def _follow(days: Days, lead: LeadIn | None) -> tuple[Labels, Bools, Bools]:
    """Return phases, talks, and the states after the last day, shape (future, 3)."""
    from detente.events.phase_rule import follow

    futures, size = days.points.shape
    before = np.zeros((len(COUNTS), TALKING), dtype=np.int32)
    states = np.zeros((futures, 3), dtype=np.bool_)
    if lead is not None:
        states[:] = lead.states
        tail = lead.days.last(TALKING)
        for row, name in zip(before, COUNTS, strict=True):
            row[TALKING - tail.points.shape[1] :] = getattr(tail, name)[0]
    phase, talks = np.empty((futures, size), dtype=np.int8), np.empty((futures, size), dtype=np.bool_)
    own = tuple(np.ascontiguousarray(getattr(days, name)) for name in COUNTS)
    scale = force_scale(days, None if lead is None else lead.days)
    follow(before, own, scale, np.ascontiguousarray(days.siege), _SPANS, _LEAST, states, phase, talks)
    return phase, talks, states


def force_scale(days: Days, before: Days | None = None) -> npt.NDArray[np.float64]:
    """Return the factor on the points of force that make a crisis, shape (future, day).

    Notes
    -----
    The pair's mean points in 28 covered days over the ten years up to and with the day, divided by the mean of the
    pair that the rule was tuned on; never below 1, and 1 with less than a year to look back on or for that pair itself.
    A pair that fights every week is in crisis when it fights more than it does as a rule.

    Examples
    --------
    >>> every_day = np.full((1, 800), 2, dtype=np.int32)
    >>> none = np.zeros_like(every_day)
    >>> days = Days(none, none, every_day, *(none,) * 8, none > 0, scaled=True)
    >>> force_scale(days)[0, [0, 799]].tolist()
    [1.0, 175.0]
    """
    if not days.scaled:
        return np.ones_like(days.points, dtype=float)

    def of_trail(name: str) -> npt.NDArray[np.int64]:
        """Return the sum over the trail of each day, that day included."""
        past = np.zeros((1, 0)) if before is None else getattr(before, name)[:1, -_TRAIL:]
        total = np.concatenate([[0], np.cumsum(past[0], dtype=np.int64)])
        own = np.pad(np.cumsum(getattr(days, name), axis=1, dtype=np.int64), ((0, 0), (1, 0)))
        end = np.arange(1, own.shape[1])
        first = end - _TRAIL  # first day of the trail, counted from the first day of `days`
        lead = past.shape[1]
        of_past = total[-1] - total[np.clip(first + lead, 0, lead)]
        return np.asarray(of_past + own[:, end] - own[:, np.maximum(first, 0)])

    seen = of_trail("covered")
    scale = of_trail("points") / np.maximum(seen, 1) * BURST / _USUAL
    return np.asarray(np.where(seen < _LEAST_TRAIL, 1.0, np.maximum(scale, 1.0)))


def acts_from_to(sources: str | Iterable[str], targets: str | Iterable[str]) -> pl.Expr:
    """Return whether an act is by one of some actors on one of others."""
    one = [sources] if isinstance(sources, str) else list(sources)
    other = [targets] if isinstance(targets, str) else list(targets)
    return pl.col("source").is_in(one) & pl.col("target").is_in(other)
