"""Whether accords came only after a gesture: a necessary condition tested as one, on the episodes of a chronicle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats, Ints
from detente.base.days import Window
from detente.lab.case import Case
from detente.studies.whatif.door_record import DoorRecord, door_record

# A step of so many days before an accord precedes it, and accords closer than that are one episode.
WINDOW_DAYS = 180
# The share of accords that a necessary condition precedes, where one in twenty steps is missing from the record.
NECESSARY = 0.95
LEAST_ACCORDS, SIZE, POWER = 5, 0.05, 0.5  # the verdict rule's own
LOCKER, EITHER = "locker", "either"
_MOST = 500  # accords up to which the number needed is looked for


@dataclass(frozen=True, slots=True)
class Necessity:
    """How many accords a gesture preceded, against how often one would by chance.

    Attributes
    ----------
    side : str
        Whose gesture: a principal, ``either`` of the two, or the ``locker``: whoever had made the latest breach not yet
        undone on the day before; days and accords without one are then left out.
    until : date
        First day not read.
    accords, preceded : int
        Episodes, where an accord within `WINDOW_DAYS` of the last one counted belongs to it; and those of them with a
        gesture in the `WINDOW_DAYS` before.
    expected : float or None
        Share of days with a gesture in the `WINDOW_DAYS` before: what chance would give. None without a day.
    low, high : float
        Exact 95 % interval of the share preceded (Clopper and Pearson's); 0 to 1 without an accord.
    more : float
        Chance of at least so many if accords fell on any days.
    fewer : float
        Chance of at most so many if a gesture were necessary, and `NECESSARY` of them on record.
    power, power_against : float
        Chance that `more` reads .05 or less if a gesture is necessary, and that `fewer` does if accords fall on any
        days; 0 below `LEAST_ACCORDS`.
    needed : int or None
        Accords from which `power` is a half; None where no number up to 500 gives it.
    without : tuple of date
        The accords that no gesture preceded.

    Notes
    -----
    A condition that nearly always holds precedes everything; it is trivial as a necessary one [goertz2006]. Hence the
    comparison with `expected`.
    """

    side: str
    until: date
    accords: int
    preceded: int
    expected: float | None
    low: float
    high: float
    more: float
    fewer: float
    power: float
    power_against: float
    needed: int | None
    without: tuple[date, ...]

    @property
    def verdict(self) -> str:
        """Supported, contradicted, silent or no power, by the words of the verdict rule."""
        if max(self.power, self.power_against) < POWER:
            return "no power"
        if self.fewer <= SIZE:
            return "contradicted"
        return "supported" if self.more <= SIZE else "silent"

    @property
    def on_record(self) -> float:
        """Share of steps that would have to be on record for `fewer` to read .05: with less, it could not."""
        from scipy.special import betaincinv

        k, n = self.preceded, self.accords
        return float(betaincinv(k + 1, n - k, 1 - SIZE)) if k < n else 1.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        dates = {"until": self.until.isoformat(), "without": [day.isoformat() for day in self.without]}
        return asdict(self) | dates | {"verdict": self.verdict, "window_days": WINDOW_DAYS}


def necessity(case: Case, until: date) -> tuple[Necessity, ...]:
    """Test whether gestures were necessary for accords: the locker's, each principal's and either's.

    Parameters
    ----------
    case : Case
    until : date
        What was known by this day is read, and what was recorded later is not.

    Returns
    -------
    tuple of Necessity
        The locker's first, if the argument declares breaches.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> rows = necessity(load_case("us-iran"), date(2020, 1, 17))
    >>> [row.side for row in rows], rows[0].verdict
    (['locker', 'USA', 'IRN', 'either'], 'no power')
    """
    record = door_record(replace(case, chronicle=case.chronicle.known_at(until)))
    first, second = record.steps
    sides: dict[str, Callable[[date], tuple[str, ...]]] = {
        first: lambda day: (first,),
        second: lambda day: (second,),
        EITHER: lambda day: (first, second),
    }
    if case.argument.facts.get("breach"):
        locked = {LOCKER: lambda day: _lockers(case.argument, day)}
        sides = locked | sides
    return tuple(_test(side, who, record, until) for side, who in sides.items())


def latest_breach(argument: Argument, day: date) -> str | None:
    """Return the principal with the latest declared breach that was known, and not reversed, by a day."""
    open_ = [
        (fact.start, fact.actor)
        for fact in argument.facts.get("breach", ())
        if fact.known_from <= day and fact.start < day and (fact.end is None or fact.end > day)
    ]
    return max(open_)[1] if open_ else None


def _lockers(argument: Argument, day: date) -> tuple[str, ...]:
    locker = latest_breach(argument, day - timedelta(days=1))
    return () if locker is None else (locker,)


def _test(side: str, who: Callable[[date], tuple[str, ...]], record: DoorRecord, until: date) -> Necessity:
    first = record.window.start + timedelta(days=WINDOW_DAYS)
    last = min(until, record.window.end)
    every = (first + timedelta(days=k) for k in range(max(0, (last - first).days)))
    days = (day for day in every if _known(record, day))
    at_risk = [_preceded(record, actors, day) for day in days if (actors := who(day))]
    episodes = {
        day: _preceded(record, who(day), day)
        for day in _apart(record.accords)
        if day >= first and who(day) and _known(record, day)
    }
    expected = sum(at_risk) / len(at_risk) if at_risk else None
    n, k = len(episodes), sum(episodes.values())
    return Necessity(
        side,
        until,
        n,
        k,
        expected,
        *_interval(k, n),
        *_tails(k, n, expected),
        *_powers(n, expected),
        _needed(expected),
        tuple(day for day, preceded in episodes.items() if not preceded),
    )


def _apart(days: tuple[date, ...]) -> list[date]:
    """Return the first day of each episode."""
    out: list[date] = []
    for day in days:
        if not out or (day - out[-1]).days >= WINDOW_DAYS:
            out.append(day)
    return out


def _known(record: DoorRecord, day: date) -> bool:
    """Return whether a step on any of the days before would have been seen."""
    return record.covers(Window(day - timedelta(days=WINDOW_DAYS), day))


def _preceded(record: DoorRecord, actors: tuple[str, ...], day: date) -> bool:
    since = day - timedelta(days=WINDOW_DAYS)
    return any(bisect_left(record.steps[a], since) < bisect_left(record.steps[a], day) for a in actors)


def _interval(k: int, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share.

    Examples
    --------
    >>> [round(end, 3) for end in _interval(9, 10)]
    [0.555, 0.997]
    """
    from scipy.special import betaincinv

    low = float(betaincinv(k, n - k + 1, 0.025)) if k else 0.0
    return low, float(betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0


def _at_least(k: Ints, n: int, share: float) -> Floats:
    """Return the chances of at least so many of n."""
    from scipy.special import bdtrc

    return np.where(k > 0, bdtrc(np.maximum(k, 1) - 1.0, n, share), 1.0)


def _tails(k: int, n: int, expected: float | None) -> tuple[float, float]:
    if not n or expected is None:
        return 1.0, 1.0
    more, fewer = _at_least(np.array([k]), n, expected), 1.0 - _at_least(np.array([k + 1]), n, NECESSARY)
    return float(more[0]), float(fewer[0])


def _powers(n: int, expected: float | None) -> tuple[float, float]:
    """Return the chances of a supported and of a contradicted verdict, each where it would be right."""
    if n < LEAST_ACCORDS or expected is None:
        return 0.0, 0.0
    counts = np.arange(n + 2)
    necessary, by_chance = _at_least(counts, n, NECESSARY), _at_least(counts, n, expected)
    by_chance[n + 1] = necessary[n + 1] = 0.0
    enough = int(np.argmax(by_chance <= SIZE))  # the least count that supports; n + 1 if none does
    few = int((1.0 - necessary[1:] <= SIZE).sum())  # how many counts, from 0 on, contradict
    return float(necessary[enough]), float(1.0 - by_chance[few])


def _needed(expected: float | None) -> int | None:
    if expected is None:
        return None
    return next((n for n in range(LEAST_ACCORDS, _MOST + 1) if _powers(n, expected)[0] >= POWER), None)
