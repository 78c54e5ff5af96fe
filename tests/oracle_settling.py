"""How questions were settled before it was compiled: frames, and arrays of (future, day), held to by tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools, Ints
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.columns import span_ends
from detente.events.files.embedded import embedded_rivalries
from detente.events.ontology.classes import scheme_of
from detente.events.phases import (
    BURST,
    CEASED,
    OUTBREAK,
    SETTLING,
    TALKING,
    Counts,
    Days,
    Labels,
    Phase,
    Sides,
    acts_from_to,
    feeds,
    force_scale,
)
from detente.questions.chronicles import MemoryPath
from detente.questions.question import Question
from detente.questions.settle import CLOCK_STEP, WAR_DAYS, WAR_DEATHS, Outcome, Outcomes
from detente.questions.statements import (
    Acts,
    All,
    Any,
    Count,
    InPhase,
    MemoryChange,
    Not,
    Rate,
    Statement,
    War,
)

_STRIKES, _POINTS_IN, _POINTS_STAY, _SHARE, _MEETINGS = 2, 3, 2, 0.6, 2


@dataclass(frozen=True, slots=True)
class ActTally:
    """The acts that fit, or may fit for want of a field, without regard to their day.

    Attributes
    ----------
    future : ndarray of shape (act,)
    first, end : ndarray of shape (act,)
        First day of the span each date stands for, and first day after it, as ordinals.
    sure : ndarray of bool, shape (act,)
    """

    future: Ints
    first: Ints
    end: Ints
    sure: Bools

    def within(self, window: Window, futures: int) -> tuple[Ints, Ints]:
        """Count acts that surely, and that possibly, fell into a window; two arrays of shape (future,)."""
        start, end = window.start.toordinal(), window.end.toordinal()
        touches = (self.first < end) & (self.end > start)
        surely = touches & self.sure & (self.first >= start) & (self.end <= end)
        counted = (np.bincount(self.future[rows], minlength=futures) for rows in (surely, touches))
        certain, possible = counted
        return certain.astype(np.int64), possible.astype(np.int64)


@dataclass(frozen=True)
class FrameChronicles:
    """Chronicles as a frame of all events, with a column ``future``."""

    events: pl.DataFrame
    window: Window
    count: int
    scheme: str = "detente"
    past: Chronicle | None = None
    sides: Sides = field(default_factory=lambda: Sides(("A", "B")))
    tolls: tuple[tuple[Window, int], ...] = ()
    paths: Mapping[tuple[str, str], MemoryPath] = field(default_factory=dict)
    _tallies: dict[Acts, tuple[ActTally, ActTally | None]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def starts(self) -> date:
        """First day covered, the past included."""
        return self.window.start if self.past is None else min(self.past.window.start, self.window.start)

    def tally(self, acts: Acts) -> tuple[ActTally, ActTally | None]:
        """Return the acts that fit, of the chronicles and of their past."""
        if acts not in self._tallies:
            past = self.past.events.with_columns(future=pl.lit(0)) if self.past is not None else None
            self._tallies[acts] = (
                tally(self.events, acts),
                None if past is None else tally(past, acts),
            )
        return self._tallies[acts]

    @cached_property
    def phases(self) -> tuple[Labels, Bools]:
        sides = self.sides
        before = None
        if self.past is not None and self.past.window.start < self.window.start:
            lead = Window(self.past.window.start, self.window.start)
            before = read_days(self.past.events, lead, sides, scheme=self.scheme)
        days = read_days(self.events, self.window, sides, scheme=self.scheme, futures=self.count)
        return label(days, before)

    @cached_property
    def deaths(self) -> tuple[Ints, Ints, Ints]:
        """Known deaths of acts between the principals: future, day as an ordinal, and number, sorted by both."""
        both = list(self.sides.principals)
        between = pl.col("source").is_in(both) & pl.col("target").is_in(both)
        if "fatalities_of" in self.events.columns:
            between &= pl.col("fatalities_of").fill_null("mixed").is_in([*both, "mixed"])
        rows = self.events.filter(between & (pl.col("fatalities") > 0)).sort("future", "date")
        epoch = date(1970, 1, 1).toordinal()
        future, day, deaths = (rows[name].to_physical() for name in ("future", "date", "fatalities"))
        return (
            future.to_numpy().astype(np.int64),
            day.to_numpy().astype(np.int64) + epoch,
            deaths.to_numpy().astype(np.int64),
        )


def tally(events: pl.DataFrame, acts: Acts) -> ActTally:
    """Return which of some events fit."""
    if "fatalities_of" not in events.columns:
        events = events.with_columns(fatalities_of=pl.lit(None, pl.String))
    sure, maybe = fits(acts)
    rows = events.with_columns(_sure=sure, _maybe=maybe).filter(pl.col("_sure") | pl.col("_maybe"))
    ends = span_ends(rows)
    epoch = date(1970, 1, 1).toordinal()
    return ActTally(
        rows["future"].to_numpy().astype(np.int64),
        rows["date"].to_physical().to_numpy().astype(np.int64) + epoch,
        ends.to_physical().to_numpy().astype(np.int64) + epoch,
        rows["_sure"].to_numpy(),
    )


def fits(acts: Acts) -> tuple[pl.Expr, pl.Expr]:
    """Return two expressions: the act surely fits; it may fit, for want of a field."""
    forward = _within("source", acts.sources) & _within("target", acts.targets)
    backward = _within("source", acts.targets) & _within("target", acts.sources)
    known = forward | (backward & (pl.lit(acts.either_way) | pl.col("mutual")))
    for kind in acts.kinds:
        known &= pl.col("class").is_in(list(kind.classes)) | pl.col("action").is_in(list(kind.actions))
    sure = may = known.fill_null(value=False)
    for column, allowed in (("mode", acts.modes), ("issue", acts.issues)):
        if allowed:
            says = pl.col(column).is_in(list(allowed))
            sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
    if acts.deaths_at_least:
        says = pl.col("fatalities") >= acts.deaths_at_least
        sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
        either = acts.either_way and acts.sources
        named = [*acts.targets, *(acts.sources if either else ())]
        if acts.targets and (either or not acts.either_way):
            of = pl.col("fatalities_of")
            sure, may = (
                sure & (of.is_null() | of.is_in([*named, *(["mixed"] if either else [])])),
                may & (of.is_null() | of.is_in([*named, "mixed"])),
            )
    return sure.fill_null(value=False), may.fill_null(value=False) & ~sure.fill_null(value=False)


def _within(column: str, allowed: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(allowed)) if allowed else pl.lit(value=True)


def read_days(
    events: pl.DataFrame, window: Window, sides: Sides, *, scheme: str = "detente", futures: int = 1
) -> Days:
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
            name: rules["talks"] * (acts_from_to(a, b) | pl.col("mutual")).cast(pl.Int32)
            for name, a, b in (("there", one, two), ("back", two, one))
        }
        split = rows.select(cell.alias("cell"), **ways).collect()
        counts["talks"] = np.minimum(count(split, "there"), count(split, "back"))
    siege = np.zeros((futures, window.days), dtype=bool)
    for stretch in sides.sieges:
        siege[:, max(window.index(stretch.start), 0) : max(window.index(stretch.end), 0)] = True
    tuned = {frozenset(rivalry.phases_tuned_on) for rivalry in embedded_rivalries().values()}
    return Days(**counts, siege=siege, scaled=frozenset(sides.principals) not in tuned)


@dataclass(frozen=True, slots=True)
class _States:
    hostilities: Bools
    burst: Bools  # crisis by points of force, sieges apart
    thaw: Bools
    talks: Bools


def label(days: Days, before: Days | None = None) -> tuple[Labels, Bools]:
    past = None if before is None else _states(before)
    now = _states(days, before, past)
    rules = [now.hostilities, now.burst | days.siege, now.thaw]
    chosen = np.select(rules, [Phase.HOSTILITIES, Phase.CRISIS, Phase.THAW], Phase.COLD)
    return chosen.astype(np.int8), now.talks


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


def _hold(past: Bools, enter: Bools, stay: Bools) -> Bools:
    """State that begins where `enter` holds and lasts while `stay` does: s[t] = enter[t] or (s[t-1] and stay[t])."""
    start = past[:, -1:]
    if not (enter.any() or start.any()):
        return np.zeros_like(enter)
    at = np.arange(enter.shape[1], dtype=np.int32)
    entered = np.maximum.accumulate(np.where(enter, at, np.int32(-1)), axis=1)
    went = np.maximum.accumulate(np.where(stay | enter, np.int32(-1), at), axis=1)
    return np.asarray((entered > went) | (start & (went < 0)))


def shares(phase: Labels) -> npt.NDArray[np.float64]:
    """Return the share of days each phase has in each future, shape (future, phase)."""
    return np.stack([(phase == value).mean(axis=1) for value in Phase], axis=1)


def main_phase(phase: Labels) -> Labels:
    """Return the phase with the most days of each future; of equals the calmer one."""
    return np.asarray(shares(phase).argmax(axis=1), dtype=np.int8)


def settle(statement: Statement, on: FrameChronicles) -> Outcomes:
    """Settle a statement on each chronicle, shape (future,)."""
    match statement:
        case Count():
            return _count(statement, on)
        case Rate():
            return _rate(statement, on)
        case InPhase():
            return _in_phase(statement, on)
        case War():
            return _war(statement, on)
        case MemoryChange():
            return _clock(statement, on)
        case Not(part):
            return _turned(settle(part, on))
        case All(parts):
            return _all([settle(part, on) for part in parts])
        case Any(parts):
            return _turned(_all([_turned(settle(part, on)) for part in parts]))


def _turned(outcomes: Outcomes) -> Outcomes:
    return np.where(outcomes <= Outcome.YES, 1 - outcomes, outcomes).astype(np.int8)


def _all(parts: list[Outcomes]) -> Outcomes:
    """No if any part is no; else not yet, else ambiguous, if any part is; else yes."""
    table = np.stack(parts)
    rules = [(table == kind).any(axis=0) for kind in (Outcome.NO, Outcome.NOT_YET, Outcome.AMBIGUOUS)]
    return np.select(rules, [Outcome.NO, Outcome.NOT_YET, Outcome.AMBIGUOUS], Outcome.YES).astype(np.int8)


def _bounds(yes: Bools, no: Bools, window: Window, on: FrameChronicles) -> Outcomes:
    return _settled(yes, no, np.bool_(on.window.end < window.end))


def _settled(yes: Bools, no: Bools, late: Bools | np.bool_) -> Outcomes:
    """Settle where no uncovered day can change the answer; elsewhere not yet where days are to come, or ambiguous.

    `yes` and `no` say what is settled whatever the days not covered and the fields not known may hold.
    """
    unsettled = np.where(late, Outcome.NOT_YET, Outcome.AMBIGUOUS)
    return np.where(yes, Outcome.YES, np.where(no, Outcome.NO, unsettled)).astype(np.int8)


def _covered(window: Window, on: FrameChronicles) -> bool:
    return on.window.start <= window.start and window.end <= on.window.end


def _count(count: Count, on: FrameChronicles) -> Outcomes:
    certain, possible = on.tally(count.acts)[0].within(count.window, on.count)
    late = np.bool_(on.window.end < count.window.end)
    return _counted(count, certain, possible, np.bool_(_covered(count.window, on)), late)


def _counted(
    count: Count, certain: Ints, possible: Ints, whole: Bools | np.bool_, late: Bools | np.bool_
) -> Outcomes:
    if count.at_least is not None:
        return _settled(certain >= count.at_least, whole & (possible < count.at_least), late)
    limit = count.at_most or 0
    return _settled(whole & (possible <= limit), certain > limit, late)


def _rate(rate: Rate, on: FrameChronicles) -> Outcomes:
    own, past = on.tally(rate.acts)
    certain, possible = own.within(rate.window, on.count)
    least, most = own.within(rate.reference, on.count)
    if past is not None:
        sure, may = past.within(rate.reference, 1)
        least, most = least + sure[0], most + may[0]
    known = np.bool_(on.starts <= rate.reference.start and rate.reference.end <= on.window.end)
    whole, late = np.bool_(_covered(rate.window, on)), np.bool_(on.window.end < rate.window.end)
    return _compared(rate, (certain, possible), (least, most), known, whole, late)


def _compared(
    rate: Rate,
    acts: tuple[Ints, Ints],
    reference: tuple[Ints, Ints],
    known: Bools | np.bool_,
    whole: Bools | np.bool_,
    late: Bools | np.bool_,
) -> Outcomes:
    certain, possible = acts
    # acts in the window that would make the two rates equal
    scale = rate.times * rate.window.days / rate.reference.days
    low, high = (count * scale for count in reference)
    if rate.below:
        return _settled(known & whole & (possible < low), known & (certain >= high), late)
    return _settled(known & (certain > high), known & whole & (possible <= low), late)


def _in_phase(asked: InPhase, on: FrameChronicles) -> Outcomes:
    phase, holds = on.phases[0], _holds(asked, on)
    part = slice(max(on.window.index(asked.window.start), 0), max(on.window.index(asked.window.end), 0))
    days = holds[:, part].sum(axis=1)
    whole, unseen = _covered(asked.window, on), asked.window.days - holds[:, part].shape[1]
    if asked.most:
        if not whole:
            none = np.zeros(on.count, dtype=bool)
            return _bounds(none, none, asked.window, on)
        if asked.phase == "talks":
            leads = days > asked.window.days / 2
        else:
            leads = main_phase(phase[:, part]) == [p.word for p in Phase].index(asked.phase)
        return np.asarray(leads, dtype=np.int8)
    return _lasted(asked, days, unseen, np.bool_(on.window.end < asked.window.end))


def _holds(asked: InPhase, on: FrameChronicles) -> Bools:
    """Return whether the phase, or talks, hold on each day, shape (future, day)."""
    phase, talks = on.phases
    if asked.phase == "talks":
        return talks
    return np.asarray(phase == [p.word for p in Phase].index(asked.phase))


def _lasted(asked: InPhase, days: Ints, unseen: Ints | int, late: Bools | np.bool_) -> Outcomes:
    # a share of .1 of 10 days is 1 day, whatever the last digit of the product
    least = 1 if asked.share is None else int(np.ceil(asked.share * asked.window.days - 1e-9))
    return _settled(days >= least, days + unseen < least, late)


def _war(war: War, on: FrameChronicles) -> Outcomes:
    start, end = max(war.window.start, on.window.start), min(war.window.end, on.window.end)
    future, day, deaths = on.deaths
    inside = (day >= start.toordinal()) & (day < end.toordinal())
    yes = np.zeros(on.count, dtype=bool)
    total = np.bincount(future[inside], deaths[inside], minlength=on.count)
    for number in np.flatnonzero(total >= WAR_DEATHS):
        rows = inside & (future == number)
        day_of, sums = day[rows], np.cumsum(deaths[rows])
        before = np.searchsorted(day_of, day_of - WAR_DAYS, side="right")
        year = sums - np.where(before > 0, sums[np.maximum(before - 1, 0)], 0)
        yes[number] = bool((year >= WAR_DEATHS).any())
    part = slice(max(on.window.index(war.window.start), 0), max(on.window.index(war.window.end), 0))
    fought = on.phases[0][:, part] == Phase.HOSTILITIES
    no = ~fought.any(axis=1)
    cited = [(w, toll) for w, toll in on.tolls if w.start < end and start < w.end]
    if cited:
        yes |= any(toll >= WAR_DEATHS for _, toll in cited)
        rest = fought.copy()
        for w, _ in cited:
            lead = on.window.index(start)
            rest[:, max(on.window.index(w.start) - lead, 0) : max(on.window.index(w.end) - lead, 0)] = False
        no |= ~rest.any(axis=1)
    return _bounds(yes, no & ~yes & _covered(war.window, on), war.window, on)


def _clock(clock: MemoryChange, on: FrameChronicles) -> Outcomes:
    path = on.paths.get((clock.clock, clock.principal))
    # futures keep a memory every 28 days, so history is read on the same days
    last = clock.window.day(clock.window.days // CLOCK_STEP * CLOCK_STEP)
    first, then = (None, None) if path is None else (path.at(clock.window.start), path.at(last))
    if first is None or then is None:
        late = path is not None and first is not None and on.window.end <= last
        return np.full(on.count, Outcome.NOT_YET if late else Outcome.AMBIGUOUS, dtype=np.int8)
    moved: Callable[..., Bools] = np.greater if clock.higher else np.less
    rose = np.asarray(moved(then, first), dtype=np.int8)
    if len(rose) == on.count:
        return rose
    # a history read under several half-lives: it is settled where all of them agree
    agreed = int(rose[0]) if (rose == rose[0]).all() else int(Outcome.AMBIGUOUS)
    return np.full(on.count, agreed, dtype=np.int8)


def resolve_many(question: Question, on: FrameChronicles) -> Outcomes:
    asked = settle(question.asks, on)
    if question.given is None:
        return asked
    given = settle(question.given, on)
    held = np.where(given == Outcome.YES, asked, given)
    return np.where(given == Outcome.NO, Outcome.VOID, held).astype(np.int8)


def first_days(asks: Count, on: FrameChronicles) -> np.ndarray:
    out = np.full(on.count, np.inf)
    window, found = asks.window, on.tally(asks.acts)[0]
    start, end = window.start.toordinal(), window.end.toordinal()
    inside = found.sure & (found.first >= start) & (found.end <= end)
    np.minimum.at(out, found.future[inside], (found.first[inside] - start).astype(float))
    return out
