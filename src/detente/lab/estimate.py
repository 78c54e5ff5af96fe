"""What a command is expected to cost: seconds from a timed sample, memory from what each future needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from detente.base.clock import stopwatch
from detente.base.memory import available_bytes, peak_bytes
from detente.futures.memory_estimate import acts_expected, bytes_needed
from detente.lab.case import Case
from detente.lab.run import run
from detente.lab.settings import Day
from detente.lab.too_much import ask_phases, bound_questions

_FEW = 50
_MOST_SAMPLED = 3_200
_GROWTH = 4
_LARGE_ENOUGH = 2.0  # times as long as the smallest sample, from where the difference is more than noise


@dataclass(frozen=True)
class Estimate:
    """What a command is expected to cost.

    Attributes
    ----------
    futures, days : int
        How many futures, of how many days.
    seconds : float
        Once the program has started; without pages and pictures.
    memory : int
        Bytes of the whole process at its peak.
    available : int or None
        Bytes that may still be used; None where the system does not say.
    allowed : int
        Percent of them that a run may be expected to need.
    sampled : dict of str to int
        What was timed.
    """

    futures: int
    days: int
    seconds: float
    memory: int
    available: int | None
    allowed: int
    sampled: dict[str, int]

    @property
    def share(self) -> float | None:
        """Share of the available memory that is expected to be needed."""
        return None if self.available is None else self.memory / self.available

    @property
    def refused(self) -> bool:
        """Whether the command would be refused for the memory that it is expected to need."""
        return self.share is not None and self.share > self.allowed / 100

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain values."""
        return asdict(self) | {"share": self.share, "refused": self.refused}


@dataclass(frozen=True, slots=True)
class Sample:
    """A timed sample.

    Attributes
    ----------
    first, each : float
        Seconds of the first call, and of each future beyond its own.
    few, most : int
        Futures of the first call and of the last.
    peak : int
        Bytes that this process had taken at most after the first call.
    """

    first: float
    each: float
    few: int
    most: int
    peak: int

    def seconds(self, futures: int) -> float:
        """Return the seconds of so many futures."""
        return self.first + max(futures - self.few, 0) * self.each


def run_estimate(
    case: Case,
    *,
    as_of: Day | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
) -> Estimate:
    """Estimate what `run` would cost, from the same run with a few futures; nothing is kept.

    Parameters
    ----------
    case : Case
    as_of, days, futures, seed, threads
        As for `run`.

    Returns
    -------
    Estimate

    Raises
    ------
    ArgumentError, DataError, FitError, UnstableModelError, QuestionError
        As `run`, except that too many futures are not refused.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> found = run_estimate(load_case("us-iran"), futures=20)
    >>> found.futures, found.days, found.seconds > 0
    (20, 1827, True)
    """
    settings = case.settings(as_of=as_of, days=days, futures=futures, seed=seed, threads=threads)
    questions, far = bound_questions(case, settings.as_of, settings.days)
    found = without_keeping(case)
    seen: list[float] = []

    def seconds(count: int) -> tuple[float, float]:
        watch = stopwatch()
        made = run(
            found,
            as_of=settings.as_of,
            days=settings.days,
            futures=count,
            seed=settings.seed,
            threads=threads,
        )
        whole = watch()
        seen.append(made.futures.acts_a_day)
        return whole, whole - made.fit_seconds

    timed = sample(seconds, settings.futures)
    needed = futures_bytes(
        case, settings.as_of, days=far, futures=settings.futures, phases=ask_phases(questions), seen=seen[-1]
    )
    return estimate_of(
        case,
        days=far,
        futures=settings.futures,
        seconds=timed.seconds(settings.futures),
        memory=timed.peak + needed,
        sampled={"futures": timed.most},
    )


def without_keeping(case: Case) -> Case:
    """Return the case with its kept results to be found, and nothing new to be kept."""
    return replace(case, cache=replace(case.store, frozen=True))


def sample(seconds: Callable[[int], tuple[float, float]], futures: int) -> Sample:
    """Time a few futures, and then more until the difference can be told from noise.

    Parameters
    ----------
    seconds : callable
        Runs so many futures; returns the seconds of all, and those without what does not depend on futures.
    futures : int
        No more than so many are run.

    Examples
    --------
    >>> timed = sample(lambda count: (3 + count / 100, 1 + count / 100), 10_000)
    >>> timed.most, round(timed.seconds(10_000))
    (200, 103)
    """
    few = count = min(_FEW, futures)
    first, _ = seconds(few)
    peak = peak_bytes()
    if few == futures:
        return Sample(first, 0.0, few, few, peak)
    _, base = seconds(few)  # all that is loaded once is there by now
    taken = base
    while taken < _LARGE_ENOUGH * base and count < min(futures, _MOST_SAMPLED):
        count = min(count * _GROWTH, futures)
        _, taken = seconds(count)
    return Sample(first, max(taken - base, 0.0) / (count - few), few, count, peak)


def futures_bytes(
    case: Case, as_of: date, *, days: int, futures: int, phases: bool, seen: float = 0.0
) -> int:
    """Return the bytes that futures of a case are expected to need at the peak, beside the program itself.

    `seen` is how many acts a day a sample of them held, if there is one.
    """
    acts = max(seen, acts_expected(case.known(as_of).counts))
    return bytes_needed(acts, days=days, futures=futures, phases=phases)


def estimate_of(
    case: Case, *, days: int, futures: int, seconds: float, memory: int, sampled: dict[str, int]
) -> Estimate:
    """Return an estimate beside what is available now."""
    return Estimate(futures, days, seconds, memory, available_bytes(), case.limits.memory, sampled)
