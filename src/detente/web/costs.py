"""What work will take, from measured runs: seconds before a study simulates, and for each million of simulated days."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from threading import Lock

from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.lab.asked import bind_asked
from detente.lab.case import Case
from detente.web.requested import Requested

MOST = 36_500_000
"""Simulated days, futures times days, that a visitor may ask for at once if nothing else is said."""
LONG = 30.0
"""Seconds, by the measured figures alone, from which a page waits until its reader starts the work.

How busy the machine is changes the estimate that is shown, and not which pages ask."""
_REMEMBERED, _ENOUGH, _LEAST, _MOST = 20, 3, 0.2, 20.0
MEASURED: Mapping[str, tuple[float, float]] = {
    "ask": (3.0, 0.45),
    "claims": (9.0, 0.45),
    "whatif": (4.0, 1.0),
    "run": (5.0, 0.45),
    "timeline": (3.0, 0.45),
    "bargain": (5.0, 0.0),
    "unlock": (14.0, 0.0),
    "mediators": (2.0, 0.0),
    "analogues": (3.0, 0.0),
    "compare": (150.0, 0.9),
    "diagnose": (10.0, 0.0),
    "report": (15.0, 1.0),
}
"""Seconds for the embedded rivalry on two cores, with pictures: what a study takes at once, and by the million days.

The first time of everything, without kept fits and forecasts; what is kept makes most of them faster."""
_OTHER = (5.0, 0.5)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request asks for.

    Attributes
    ----------
    simulated_days : int
        Futures times days.
    seconds : float
        An estimate.
    long : bool
        Whether its reader is to be asked first.
    """

    simulated_days: int
    seconds: float
    long: bool


class Costs:
    """Estimates that learn how fast this machine is.

    Parameters
    ----------
    most : int
        Simulated days that one request may ask for.

    Examples
    --------
    >>> costs = Costs()
    >>> for _ in range(3):
    ...     costs.note("run", 2_000_000, 11.8)
    >>> round(costs.seconds("run", 2_000_000), 1)
    11.8
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._ratios: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self._lock = Lock()

    def seconds(self, study: str, days: int) -> float:
        """Return the seconds that a study of so many simulated days takes here, as far as is known."""
        with self._lock:
            own, all_ = self._ratios[study], [one for ratios in self._ratios.values() for one in ratios]
            known = own if len(own) >= _ENOUGH else all_
            ratio = median(known) if len(known) >= _ENOUGH else 1.0
        return _plain_seconds(study, days) * ratio

    def note(self, study: str, days: int, seconds: float) -> None:
        """Remember how long a study took."""
        with self._lock:
            self._ratios[study].append(min(_MOST, max(_LEAST, seconds / _plain_seconds(study, days))))

    def of(self, case: Case, requested: Requested) -> Cost:
        """Return what a request costs.

        Raises
        ------
        ArgumentError
            If it is more than anybody may ask for here.
        DetenteError
            If a setting is faulty.
        """
        days = simulated_days(case, requested)
        if days > self.most:
            fault = Fault("too_costly", "futures and days", got=days, hint="fewer_in_all", most=self.most)
            raise ArgumentError(fault)
        long = _plain_seconds(requested.study, days) >= LONG
        return Cost(days, self.seconds(requested.study, days), long)


def simulated_days(case: Case, requested: Requested) -> int:
    """Return futures times days of a request: its own, the argument's, or those that its questions need.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> simulated_days(load_case("us-iran"), Requested("us-iran", "run", settings=(("futures", 100),)))
    182700
    """
    if not MEASURED.get(requested.study, _OTHER)[1]:
        return 0
    given = case.settings(**dict(requested.settings))
    asked = requested.lines if requested.study == "ask" else case.argument.questions
    days = [1 if requested.study == "ask" else given.days]
    if asked and requested.study != "whatif":
        with suppress(DetenteError):  # the study says what is wrong with a question
            _, questions = bind_asked(case, tuple(asked), given.as_of)
            days += [(question.window.end - given.as_of).days for question in questions]
    return given.futures * max(days)


def _plain_seconds(study: str, days: int) -> float:
    once, each = MEASURED.get(study, _OTHER)
    return once + each * days / 1e6
