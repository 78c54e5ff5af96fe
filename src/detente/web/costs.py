"""What work will take, from measured runs: seconds before a study simulates, and for each million of simulated days."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from statistics import median
from threading import Lock

from detente.argument.blocks import QuestionSpec
from detente.argument.claim_blocks import ClaimSpec
from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.lab.added import need_of
from detente.lab.asked import bind_asked
from detente.lab.case import Case
from detente.lab.settings import Settings
from detente.studies.claims.forecasts import worded
from detente.studies.scoring.compare import PLAN_DAYS, rival_cases
from detente.web.requested import Requested

MOST = 36_500_000
"""Simulated days, futures times days, that a visitor may ask for at once if nothing else is said."""
LONG = 30.0
"""Seconds, by the measured figures alone, from which a page waits until its reader starts the work.

How busy the machine is changes the estimate that is shown, and not which pages ask."""
_REMEMBERED, _ENOUGH, _LEAST, _MOST = 20, 3, 0.2, 20.0
_COUNTED = 256  # requests whose simulated days are remembered: a page under way asks again and again
MEASURED: Mapping[str, tuple[float, float]] = {
    "ask": (3.0, 0.45),
    "claims": (9.0, 0.45),
    "whatif": (4.0, 0.5),
    "run": (5.0, 0.45),
    "timeline": (3.0, 0.45),
    "bargain": (5.0, 0.0),
    "unlock": (14.0, 0.0),
    "mediators": (2.0, 0.0),
    "compare": (75.0, 0.45),
    "diagnose": (10.0, 0.0),
    "report": (15.0, 1.0),
}
"""Seconds for the embedded rivalry on two cores, with pictures: what a study takes at once, and by the million days.

The first time of everything, without kept fits and forecasts; what is kept makes most of them faster. What a study
simulates with a number of futures of its own is in the first number; that of ``compare`` is of each argument."""
_OTHER = (5.0, 0.5)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request asks for.

    Attributes
    ----------
    simulated_days : int
        Futures times days, of all runs together.
    measured : float
        Seconds by the measured figures alone.
    seconds : float
        The same, as far as is known how busy this machine is.
    """

    simulated_days: int
    measured: float
    seconds: float

    @property
    def long(self) -> bool:
        """Whether its reader is to be asked first."""
        return self.measured >= LONG


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
    ...     costs.note("run", 5.0, 11.8)
    >>> round(costs.seconds("run", 10.0), 1)
    23.6
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._ratios: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self._counted: OrderedDict[Requested, int] = OrderedDict()
        self._lock = Lock()

    def seconds(self, study: str, measured: float) -> float:
        """Return the seconds that a study takes here, as far as is known, from those by the measured figures."""
        with self._lock:
            own, all_ = self._ratios[study], [one for ratios in self._ratios.values() for one in ratios]
            known = own if len(own) >= _ENOUGH else all_
            ratio = median(known) if len(known) >= _ENOUGH else 1.0
        return measured * ratio

    def note(self, study: str, measured: float, seconds: float) -> None:
        """Remember how long a study took."""
        with self._lock:
            self._ratios[study].append(min(_MOST, max(_LEAST, seconds / measured)))

    def of(self, case: Case, requested: Requested) -> Cost:
        """Return what a request costs.

        Raises
        ------
        ArgumentError
            If it is more than anybody may ask for here.
        DetenteError
            If a setting is faulty.
        """
        days = self._days(case, requested)
        if days > self.most:
            fault = Fault("too_costly", "futures and days", got=days, hint="fewer_in_all", most=self.most)
            raise ArgumentError(fault)
        once, each = MEASURED.get(requested.study, _OTHER)
        arguments = 1 + len(requested.lines) if requested.study == "compare" else 1
        measured = once * arguments + each * days / 1e6
        return Cost(days, measured, self.seconds(requested.study, measured))

    def _days(self, case: Case, requested: Requested) -> int:
        with self._lock:
            known = self._counted.get(requested)
        if known is None:
            known = simulated_days(case, requested)
            with self._lock:
                self._counted[requested] = known
                if len(self._counted) > _COUNTED:
                    self._counted.popitem(last=False)
        return known


def simulated_days(case: Case, requested: Requested) -> int:
    """Return futures times days of every run that a request makes with as many futures as it asks for.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> case, few = load_case("us-iran"), (("futures", 100), ("days", 365))
    >>> run, pulled = (Requested("us-iran", study, settings=few) for study in ("run", "whatif"))
    >>> simulated_days(case, run)  # its questions close after five years
    182700
    >>> simulated_days(case, pulled)  # without the levers, and with all of them
    73000
    """
    if not MEASURED.get(requested.study, _OTHER)[1]:
        return 0
    given = case.settings(**dict(requested.settings))
    return given.futures * sum(_days_of_runs(case, requested, given))


def _days_of_runs(case: Case, requested: Requested, given: Settings) -> Iterator[int]:
    """Yield the days of each run that a study makes."""
    study, questions = requested.study, case.argument.questions
    if study == "whatif":
        yield 2 * given.days
        return
    if study == "ask":
        yield _days(case, given.as_of, requested.lines, 1)
        return
    if study == "compare":
        plans = len(case.argument.levers)
        rivals: list[Case] = []
        with suppress(DetenteError):
            rivals = rival_cases(case, requested.lines)
        for one in [case, *rivals]:
            yield _days(one, given.as_of, questions, PLAN_DAYS)
            yield PLAN_DAYS * (plans + 1) if plans else 0
        return
    if study != "claims":
        yield _days(case, given.as_of, questions, given.days)
    if study in ("claims", "report"):
        chosen = requested.lines or [claim.id for claim in case.argument.claims]
        claims = worded(claim for claim in case.argument.claims if claim.id in chosen)
        if study == "claims":
            yield _days_for(case, given.as_of, claims)
        for day in {claim.higher_than for claim in claims if claim.higher_than is not None}:
            if day < given.as_of:
                yield _days_for(case, day, [claim for claim in claims if claim.higher_than == day])


def _days_for(case: Case, day: date, claims: Iterable[ClaimSpec]) -> int:
    """Return the days of the run that settles the questions of forecasts among the claims."""
    names = {claim.question for claim in claims}
    asked = [question for question in case.argument.questions if question.id in names]
    return _days(case, day, asked, case.argument.run.days or 1) if asked else 0


def _days(case: Case, as_of: date, asked: Iterable[str | QuestionSpec], least: int) -> int:
    """Return the days simulated until questions are settled; again for each set of channels that some of them add."""
    asked = tuple(asked)
    if not asked:
        return least
    with suppress(DetenteError):  # the study says what is wrong with a question, or with the day
        _, questions = bind_asked(case, asked, as_of)
        known = case.known(as_of)
        needs = {
            need.channels for need in (need_of(question, known) for question in questions) if not need.lacks
        }
        return max(least, *((q.window.end - as_of).days for q in questions)) * (1 + len(needs - {()}))
    return least
