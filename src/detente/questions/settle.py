"""How each statement is settled on many chronicles at once."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Bools, Ints
from detente.base.days import Window
from detente.events.phase_shares import main_phase
from detente.events.phases import NO_PHASE, Phase
from detente.questions.chronicles import Chronicles
from detente.questions.statements import All, Any, Count, InPhase, MemoryChange, Not, Rate, Statement, War

Outcomes = npt.NDArray[np.int8]
WAR_DEATHS, WAR_DAYS, CLOCK_STEP = 1000, 366, 28


class Outcome(IntEnum):
    """How a question is settled on one chronicle; void only where the condition of a question did not hold."""

    NO = 0
    YES = 1
    AMBIGUOUS = 2
    NOT_YET = 3
    VOID = 4

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
        total, seen = (np.append(0, np.cumsum(days[0])) for days in (_holds(statement, on), on.covered))
        left, right = (np.clip(day - first, 0, len(total) - 1) for day in (start, end))
        unseen = window.days - (seen[right] - seen[left])
        return _lasted(statement, total[right] - total[left], unseen, late)
    acts = on.tally(statement.acts)[0]
    certain, possible = acts.within_many(start, window.days)
    if isinstance(statement, Count):
        return _counted(statement, certain, possible, whole, late)
    before = statement.reference.start.toordinal() - days
    known = (first <= before) & (before + statement.reference.days <= last)
    least, most = acts.within_many(before, statement.reference.days)
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


def _rate(rate: Rate, on: Chronicles) -> Outcomes:
    own, past = on.tally(rate.acts)
    certain, possible = own.within(rate.window, on.count)
    least, most = own.within(rate.reference, on.count)
    if past is not None:
        sure, may = past.within(rate.reference, 1)
        least, most = least + sure[0], most + may[0]
    known = np.bool_(
        on.starts <= rate.reference.start
        and rate.reference.end <= on.window.end
        and not on.has_gap(rate.reference)
    )
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


def _in_phase(asked: InPhase, on: Chronicles) -> Outcomes:
    phase, holds = on.phases[0], _holds(asked, on)
    part = slice(max(on.window.index(asked.window.start), 0), max(on.window.index(asked.window.end), 0))
    days = holds[:, part].sum(axis=1)
    unseen = asked.window.days - on.covered[:, part].sum(axis=1)
    if asked.most:
        if (unseen > 0).any():
            none = np.zeros(on.count, dtype=bool)
            return _bounds(none, none, asked.window, on)
        if asked.phase == "talks":
            leads = days > asked.window.days / 2
        else:
            leads = main_phase(phase[:, part]) == [p.word for p in Phase].index(asked.phase)
        return np.asarray(leads, dtype=np.int8)
    return _lasted(asked, days, unseen, np.bool_(on.window.end < asked.window.end))


def _holds(asked: InPhase, on: Chronicles) -> Bools:
    """Return whether the phase, or talks, hold on each day, shape (future, day)."""
    phase, talks = on.phases
    if asked.phase == "talks":
        return talks
    return np.asarray(phase == [p.word for p in Phase].index(asked.phase))


def _lasted(asked: InPhase, days: Ints, unseen: Ints | int, late: Bools | np.bool_) -> Outcomes:
    # a share of .1 of 10 days is 1 day, whatever the last digit of the product
    least = 1 if asked.share is None else int(np.ceil(asked.share * asked.window.days - 1e-9))
    return _settled(days >= least, days + unseen < least, late)


def _war(war: War, on: Chronicles) -> Outcomes:
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
    # on a day without coverage they may have fought
    fought = np.isin(on.phases[0][:, part], (Phase.HOSTILITIES, NO_PHASE))
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


def _clock(clock: MemoryChange, on: Chronicles) -> Outcomes:
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
