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
from detente.events.files.embedded import embedded_rivalries
from detente.events.ontology.classes import scheme_of

Counts = npt.NDArray[np.int32]
Labels = npt.NDArray[np.int8]
NO_PHASE, NO_COVERAGE = -1, "no coverage"  # the code and the word of a day that the chronicle does not cover
OUTBREAK, CEASED, BURST, SETTLING, TALKING = 7, 21, 28, 120, 180  # days the rules look back
_STRIKES, _POINTS_IN, _POINTS_STAY, _SHARE, _MEETINGS = 2, 3, 2, 0.6, 2
_USUAL = 0.32  # points of force in 28 days of the pair that the rule was tuned on
_TRAIL, _LEAST_TRAIL = 3652, 365  # days over which a pair's own mean is taken, and how few say nothing
_FORCE = ("ASSAULT", "COERCE", "MOBILIZE")
_NO_STRIKE = ("cyber", "rescue", "rescue-raid", "sabotage", "drone-shootdown")
_TRUCE = ("ceasefire", "stand-down", "truce")
_BREAK = (
    "walkout",
    "talks-cancelled",
    "talks-suspended",
    "suspension",
    "talks-delayed",
    "delay",
    "withdrawal",
)
_GIVING_WAY = ("YIELD", "CONCEDE", "RETREAT")  # PLOVER writes CONCEDE or RETREAT where we write YIELD
_FRIENDLY = ("SUPPORT", "COOPERATE", "AID", *_GIVING_WAY)
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
    between = _acts(one, two) | _acts(two, one)
    across = _acts(first, second) | _acts(second, first)
    classes = scheme_of(scheme)
    force = pl.col("class").is_in(list(classes.classes_of("force"))) & action.is_in(list(_FORCE))
    assault = force & (action == "ASSAULT")
    strike = assault & ~mode.is_in(list(_NO_STRIKE))
    deadly = (pl.col("fatalities") > 0).fill_null(value=False)
    by_proxy = pl.lit(value=False)
    for groups, other in zip(sides.proxies, (two, one), strict=True):
        by_proxy |= (assault & deadly & _acts(groups, other)) | (assault & _acts(other, groups))
    own = force & between
    met = between & action.is_in(list(_MEETING))
    if classes.joint_class is not None:
        met &= pl.col("class") == classes.joint_class
    given = action.is_in(list(_FRIENDLY))
    both_ways = between & pl.col("mutual")
    rules = {
        "strikes_first": strike & _acts(first, second),
        "strikes_second": strike & _acts(second, first),
        "points": pl.when(own & (action == "ASSAULT")).then(2).when(own | by_proxy).then(1).otherwise(0),
        "force": own,
        "friendly_first": given & (_acts(one, two) | both_ways),
        "friendly_second": given & (_acts(two, one) | both_ways),
        "cooperative": between & pl.col("class").is_in(list(classes.cooperative_classes)),
        "acts": between,
        "talks": met,
        "breaks": between & (action == "REJECT") & mode.is_in(list(_BREAK)),
        "truces": across & action.is_in(["AGREE", *_GIVING_WAY]) & mode.is_in(list(_TRUCE)),
    }
    return {name: rule.cast(pl.Int32).fill_null(0) for name, rule in rules.items()}


def read_days(
    events: pl.DataFrame, window: Window, sides: Sides, *, scheme: str = "detente", futures: int = 1
) -> Days:
    """Count what the rules read, by future and day.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical events with agents' acts under their principals; a column ``future`` separates many chronicles.
        Dates of month or year precision are left out: no day of theirs is known.
    window : Window
    sides : Sides
    scheme : str
        Class scheme of the events.
    futures : int

    Returns
    -------
    Days

    Notes
    -----
    On the four quad classes force is ASSAULT, COERCE and MOBILIZE among material conflict, and, as there is no
    joint class, a day of talks is one on which each side has CONSULT or AGREE toward the other. Data without modes
    know no truce and no break of talks, so hostilities and talks end by quiet days alone, and no ASSAULT is left
    out of strikes. Unknown deaths are not deaths: without tolls proxies' attacks give no points.
    """
    if "future" not in events.columns:
        events = events.with_columns(future=pl.lit(0, dtype=pl.Int32))
    sure = (pl.col("precision") == "day") & pl.col("date").is_between(window.start, window.end, closed="left")
    actors = [*sides.principals, *(a for group in (*sides.allies, *sides.proxies) for a in group)]
    ours = pl.col("source").is_in(actors) & pl.col("target").is_in(actors)
    cell = pl.col("future").cast(pl.Int64) * window.days + (pl.col("date") - window.start).dt.total_days()

    def count(table: pl.DataFrame, name: str) -> Counts:
        adds = table[name].to_numpy()
        some = adds.nonzero()[0]
        total = np.zeros(futures * window.days, dtype=np.int32)
        np.add.at(total, table["cell"].to_numpy()[some], adds[some])
        return total.reshape(futures, window.days)

    rules = feeds(sides, scheme)
    rows = events.lazy().filter(sure & ours)
    table = rows.select(cell.alias("cell"), **rules).collect()
    counts = {name: count(table, name) for name in rules}
    if scheme_of(scheme).joint_class is None:
        one, two = sides.principals
        ways = {
            name: rules["talks"] * (_acts(a, b) | pl.col("mutual")).cast(pl.Int32)
            for name, a, b in (("there", one, two), ("back", two, one))
        }
        split = rows.select(cell.alias("cell"), **ways).collect()
        counts["talks"] = np.minimum(count(split, "there"), count(split, "back"))
    siege, gap = (_inside(stretches, window, futures) for stretches in (sides.sieges, sides.gaps))
    tuned = {frozenset(rivalry.phases_tuned_on) for rivalry in embedded_rivalries().values()}
    return Days(**counts, siege=siege, scaled=frozenset(sides.principals) not in tuned, gap=gap)


def _inside(stretches: Iterable[Window], window: Window, futures: int) -> Bools:
    inside = np.zeros((futures, window.days), dtype=bool)
    for stretch in stretches:
        inside[:, max(window.index(stretch.start), 0) : max(window.index(stretch.end), 0)] = True
    return inside


@dataclass(frozen=True, slots=True)
class _States:
    hostilities: Bools
    burst: Bools  # crisis by points of force, sieges apart
    thaw: Bools
    talks: Bools


def label(days: Days, before: Days | None = None) -> tuple[Labels, Bools]:
    """Return the phase of every day and whether talks were going on; each uses that day and earlier ones.

    Parameters
    ----------
    days : Days
    before : Days, optional
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
    past = None if before is None else _states(before)
    now = _states(days, before, past)
    rules = [now.hostilities, now.burst | days.siege, now.thaw]
    chosen = np.select(rules, [Phase.HOSTILITIES, Phase.CRISIS, Phase.THAW], Phase.COLD)
    if days.gap is None:
        return chosen.astype(np.int8), now.talks
    return np.where(days.gap, NO_PHASE, chosen).astype(np.int8), now.talks & ~days.gap


def _states(days: Days, before: Days | None = None, past: _States | None = None) -> _States:
    tail = None if before is None else before.last(TALKING)
    nothing = np.zeros((1, 1), dtype=bool)
    was = _States(nothing, nothing, nothing, nothing) if past is None else past

    def led(name: str) -> Counts:
        own: Counts = getattr(days, name)
        if tail is None:
            return own
        lead: Counts = getattr(tail, name)
        return np.concatenate([np.broadcast_to(lead, (len(own), lead.shape[1])), own], axis=1)

    size = days.points.shape[1]

    def sums(counts: Counts, *spans: int) -> list[Counts]:
        """Return sums over the last days, this one included, for each span."""
        total = np.cumsum(counts, axis=1, dtype=np.int32)
        out = []
        for span in spans:
            trailing = total[:, -size:].copy()
            first = max(span - (total.shape[1] - size), 0)  # first day of ours with a day to drop
            trailing[:, first:] -= total[:, total.shape[1] - size + first - span : -span]
            out.append(trailing)
        return out

    def ended(name: str) -> Bools:
        """Whether the day before held an act of this kind."""
        acted = led(name)[:, :-1] > 0
        return np.concatenate([np.zeros((len(acted), 1), dtype=bool), acted], axis=1)[:, -size:]

    first, second = led("strikes_first"), led("strikes_second")
    both = (sums(first, OUTBREAK)[0] >= _STRIKES) & (sums(second, OUTBREAK)[0] >= _STRIKES)
    strikes = first + second
    fighting = sums(strikes, CEASED)[0] > 0
    hostilities = _hold(was.hostilities, both & (strikes[:, -size:] > 0), fighting & ~ended("truces"))

    lately, kept = sums(led("points"), BURST, SETTLING)
    scale = force_scale(days, before)
    burst = _hold(was.burst, lately >= _POINTS_IN * scale, kept >= _POINTS_STAY * scale)

    friendly = [sums(led(name), SETTLING)[0] > 0 for name in ("friendly_first", "friendly_second")]
    (cooperative,), (acts,) = sums(led("cooperative"), SETTLING), sums(led("acts"), SETTLING)
    quiet = sums(led("force"), SETTLING)[0] == 0
    thaw = friendly[0] & friendly[1] & quiet & (cooperative >= _SHARE * acts)

    met = (led("talks") > 0).astype(np.int32)
    meetings = sums(met, TALKING)[0]
    talks = _hold(
        was.talks, (meetings >= _MEETINGS) & (met[:, -size:] > 0), (meetings > 0) & ~ended("breaks")
    )
    return _States(hostilities, burst, thaw, talks)


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


def _hold(past: Bools, enter: Bools, stay: Bools) -> Bools:
    """State that begins where `enter` holds and lasts while `stay` does: s[t] = enter[t] or (s[t-1] and stay[t])."""
    start = past[:, -1:]
    if not (enter.any() or start.any()):
        return np.zeros_like(enter)
    at = np.arange(enter.shape[1], dtype=np.int32)
    entered = np.maximum.accumulate(np.where(enter, at, np.int32(-1)), axis=1)
    went = np.maximum.accumulate(np.where(stay | enter, np.int32(-1), at), axis=1)
    return np.asarray((entered > went) | (start & (went < 0)))


def _acts(sources: str | Iterable[str], targets: str | Iterable[str]) -> pl.Expr:
    one = [sources] if isinstance(sources, str) else list(sources)
    other = [targets] if isinstance(targets, str) else list(targets)
    return pl.col("source").is_in(one) & pl.col("target").is_in(other)
