"""How each statement is settled on many chronicles at once."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Bools, Ints
from detente.base.days import Window
from detente.events.phases import Phase
from detente.questions.amounts import Amounts, measure
from detente.questions.chronicles import Chronicles
from detente.questions.statements import (
    All,
    Amount,
    Any,
    Count,
    InPhase,
    MemoryChange,
    Not,
    Rate,
    Statement,
    War,
)

Outcomes = npt.NDArray[np.int8]
WAR_DEATHS, WAR_DAYS, CLOCK_STEP = 1000, 366, 28
_PHASES = {phase.word: phase for phase in Phase}


class Outcome(IntEnum):
    """How a question is settled on one chronicle.

    Void only where the condition of a question did not hold; settled where it asks how many or when, and that is known.
    """

    NO = 0
    YES = 1
    AMBIGUOUS = 2
    NOT_YET = 3
    VOID = 4
    SETTLED = 5

    @property
    def word(self) -> str:
        """The outcome as printed."""
        return self.name.lower().replace("_", " ")


def settle(statement: Statement, on: Chronicles) -> Outcomes:
    """Settle a statement on each chronicle, shape (future,)."""
    if isinstance(statement, Count | Rate) and not on.can_hold(statement.acts):
        return np.full(on.count, Outcome.AMBIGUOUS, dtype=np.int8)  # no act of the sort is no answer here
    match statement:
        case Count():
            return _count(statement, on)
        case Amount():
            return settled_amounts(measure(statement, on))
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


def settled_amounts(amounts: Amounts) -> Outcomes:
    """Say where an amount is known; elsewhere it is not yet settled where days are to come, or ambiguous."""
    open_ = np.where(amounts.late, Outcome.NOT_YET, Outcome.AMBIGUOUS)
    return np.where(amounts.known, Outcome.SETTLED, open_).astype(np.int8)


def _turned(outcomes: Outcomes) -> Outcomes:
    return np.where(outcomes <= Outcome.YES, 1 - outcomes, outcomes).astype(np.int8)


def _all(parts: list[Outcomes]) -> Outcomes:
    """No if any part is no; else not yet, else ambiguous, if any part is; else yes."""
    table = np.stack(parts)
    rules = [(table == kind).any(axis=0) for kind in (Outcome.NO, Outcome.NOT_YET, Outcome.AMBIGUOUS)]
    return np.select(rules, [Outcome.NO, Outcome.NOT_YET, Outcome.AMBIGUOUS], Outcome.YES).astype(np.int8)


def settle_earlier(statement: Statement, on: Chronicles, days: Ints) -> Outcomes | None:
    """Settle a statement on one chronicle without a past, as if asked so many days earlier, shape (day,).

    Only counts, rates and phases can be settled on many days at once; None for any other statement. Windows of counts
    and rates that a gap takes days of are not looked at here: `base_rates` leaves them out.
    """
    if not isinstance(statement, Count | Rate | InPhase) or (
        isinstance(statement, InPhase) and statement.most
    ):
        return None
    window, first, last = statement.window, on.window.start.toordinal(), on.window.end.toordinal()
    start = window.start.toordinal() - days
    end = start + window.days
    whole, late = (first <= start) & (end <= last), last < end
    if isinstance(statement, InPhase):
        phase = on.phases.phase[0]
        holds = on.phases.talks[0] if statement.phase == "talks" else phase == _PHASES[statement.phase]
        total, seen = (np.append(0, np.cumsum(days)) for days in (holds, phase >= Phase.COLD))
        left, right = (np.clip(day - first, 0, len(total) - 1) for day in (start, end))
        unseen = window.days - (seen[right] - seen[left])
        return _lasted(statement, total[right] - total[left], unseen, late)
    acts = on.fitting(statement.acts)
    certain, possible = acts.within_many(start - first, window.days)
    if isinstance(statement, Count):
        return _counted(statement, certain, possible, whole, late)
    before = statement.reference.start.toordinal() - days
    known = (first <= before) & (before + statement.reference.days <= last)
    least, most = acts.within_many(before - first, statement.reference.days)
    return _compared(statement, (certain, possible), (least, most), known, whole, late)


def _bounds(yes: Bools, no: Bools, window: Window, on: Chronicles) -> Outcomes:
    return _settled(yes, no, np.bool_(on.window.end < window.end))


def _settled(yes: Bools, no: Bools, late: Bools | np.bool_) -> Outcomes:
    """Settle where no uncovered day can change the answer; elsewhere not yet where days are to come, or ambiguous.

    `yes` and `no` say what is settled whatever the days not covered and the fields not known may hold.
    """
    unsettled = np.where(late, Outcome.NOT_YET, Outcome.AMBIGUOUS)
    return np.where(yes, Outcome.YES, np.where(no, Outcome.NO, unsettled)).astype(np.int8)


def _covered(window: Window, on: Chronicles) -> bool:
    inside = on.window.start <= window.start and window.end <= on.window.end
    return inside and not on.has_gap(window)


def _count(count: Count, on: Chronicles) -> Outcomes:
    found = on.tally(count.acts, count.window)
    late = np.bool_(on.window.end < count.window.end)
    return _counted(count, found.certain, found.possible, np.bool_(_covered(count.window, on)), late)


def _counted(
    count: Count, certain: Ints, possible: Ints, whole: Bools | np.bool_, late: Bools | np.bool_
) -> Outcomes:
    if count.at_least is not None:
        return _settled(certain >= count.at_least, whole & (possible < count.at_least), late)
    limit = count.at_most or 0
    return _settled(whole & (possible <= limit), certain > limit, late)


def _rate(rate: Rate, on: Chronicles) -> Outcomes:
    acts, before = on.tally(rate.acts, rate.window), on.tally(rate.acts, rate.reference)
    sure, may = on.tally_past(rate.acts, rate.reference)
    known = np.bool_(
        on.starts <= rate.reference.start
        and rate.reference.end <= on.window.end
        and not on.has_gap(rate.reference)
    )
    whole, late = np.bool_(_covered(rate.window, on)), np.bool_(on.window.end < rate.window.end)
    reference = before.certain + sure, before.possible + may
    return _compared(rate, (acts.certain, acts.possible), reference, known, whole, late)


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


def _in_phase(asked: InPhase, on: Chronicles) -> Outcomes:
    part = _days_of(asked.window, on)
    phases = on.phases.days(*part)
    talks = asked.phase == "talks"
    days = on.phases.talk_days(*part) if talks else phases[:, _PHASES[asked.phase]]
    unseen = asked.window.days - phases.sum(axis=1)
    if not asked.most:
        return _lasted(asked, days, unseen, np.bool_(on.window.end < asked.window.end))
    if (unseen > 0).any():
        none = np.zeros(on.count, dtype=bool)
        return _bounds(none, none, asked.window, on)
    leads = days > asked.window.days / 2 if talks else phases.argmax(axis=1) == _PHASES[asked.phase]
    return np.asarray(leads, dtype=np.int8)


def _days_of(window: Window, on: Chronicles) -> tuple[int, int]:
    """Return the days of a window that the chronicles cover, counted from their start: first, and first outside."""
    return max(on.window.index(window.start), 0), min(max(on.window.index(window.end), 0), on.window.days)


def _lasted(asked: InPhase, days: Ints, unseen: Ints | int, late: Bools | np.bool_) -> Outcomes:
    # a share of .1 of 10 days is 1 day, whatever the last digit of the product
    least = 1 if asked.share is None else int(np.ceil(asked.share * asked.window.days - 1e-9))
    return _settled(days >= least, days + unseen < least, late)


def _war(war: War, on: Chronicles) -> Outcomes:
    start, end = max(war.window.start, on.window.start), min(war.window.end, on.window.end)
    cited = [(w, toll) for w, toll in on.tolls if w.start < end and start < w.end]
    first, last = _days_of(war.window, on)
    yes = on.deadly_years(first, last, deaths=WAR_DEATHS, days=WAR_DAYS)
    yes |= any(toll >= WAR_DEATHS for _, toll in cited)
    # of hostilities that a citation speaks of, the citation says whether they were a war
    fought, free = np.zeros(on.count, dtype=bool), first
    for w in sorted((_days_of(w, on) for w, _ in cited), key=lambda days: days):
        fought |= _may_have_fought(on, free, min(w[0], last))
        free = max(free, w[1])
    no = ~(fought | _may_have_fought(on, free, last))
    return _bounds(yes, no & ~yes & _covered(war.window, on), war.window, on)


def _may_have_fought(on: Chronicles, first: int, last: int) -> Bools:
    """Whether hostilities went on, or may have, on a day from `first` to `last`."""
    days = on.phases.days(first, last)
    return np.asarray(days.sum(axis=1) - days[:, Phase.HOSTILITIES] < max(last - first, 0))


def _clock(clock: MemoryChange, on: Chronicles) -> Outcomes:
    path = on.paths.get((clock.clock, clock.principal))
    # futures keep a memory every 28 days, so history is read on the same days
    last = clock.window.day(clock.window.days // CLOCK_STEP * CLOCK_STEP)
    first, then = (None, None) if path is None else (path.at(clock.window.start), path.at(last))
    if on.has_gap(clock.window):  # what was received in it is not remembered
        return np.full(on.count, Outcome.AMBIGUOUS, dtype=np.int8)
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
