"""Base rates: how often a question would have come true in earlier windows, by what was known as of its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from detente.base.days import Window
from detente.questions.amounts import measure_earlier
from detente.questions.chronicles import Chronicles
from detente.questions.distributions import Distribution, distribution
from detente.questions.question import Question, resolve
from detente.questions.settle import Outcome, settle_earlier
from detente.questions.statements import Amount, windows_read
from detente.questions.windows import later

RECENT = "4y"
_DAILY_UP_TO = 20  # days; longer windows that begin in one week hold nearly the same days
_STEP, _SHARE = 7, 26


@dataclass(frozen=True, slots=True)
class BaseRate:
    """How often a question was answered yes in earlier windows.

    Attributes
    ----------
    since : date
        First day that any window may read.
    windows : int
        Windows settled; they overlap.
    separate : float
        How many windows of that length would fit without overlap.
    share : float or None
        Share settled yes; None without a settled window.
    unsettled : int
        Windows left out as ambiguous, because a gap takes days of what they read, or because the question's
        condition did not hold.
    distribution : Distribution or None
        Of a question that asks how many or when, over the windows settled; days are dated as if each window had opened
        on the question's first day. There is no share then.
    """

    since: date
    windows: int
    separate: float
    share: float | None
    unsettled: int
    distribution: Distribution | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        names = ("windows", "separate", "share", "unsettled")
        value = {"since": self.since.isoformat()} | {name: getattr(self, name) for name in names}
        return value | ({"distribution": self.distribution.to_dict()} if self.distribution else {})

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> BaseRate:
        """Return what `to_dict` returned as a base rate again."""
        told = value.get("distribution")
        found = None if told is None else Distribution.from_dict(told)
        return cls(**value | {"since": date.fromisoformat(value["since"]), "distribution": found})


def base_rate(question: Question, known: Chronicles, as_of: date, since: date) -> BaseRate:
    """Ask the same question of every earlier window of its length.

    Parameters
    ----------
    question : Question
    known : Chronicles
        What was known as of the day: `questions.of_history` of ``chronicle.known_at(as_of)``.
    as_of : date
        No window closes after it.
    since : date
        No window, and nothing it is compared with, begins before it.

    Returns
    -------
    BaseRate

    Notes
    -----
    Windows begin a day apart, or, where they are longer than 20 days, a week or a 26th of their length apart,
    whichever is more: closer ones would hold nearly the same days.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.argument.blocks import QuestionSpec
    >>> from detente.lab.case import load_case
    >>> from detente.lab.chronicles import of_history
    >>> from detente.questions.question import bind
    >>> case, day = load_case("us-iran"), date(2020, 1, 17)
    >>> spec = QuestionSpec(id="q", text="?", ask="USA->IRN pressure count >= 5 within 90d")
    >>> question = bind(spec, case.argument, "detente", day)
    >>> known = of_history(case.argument, case.chronicle.known_at(day))
    >>> base_rate(question, known, day, date(2016, 1, 17)).windows
    196
    """
    offsets = _offsets(question, as_of, since)
    if question.amount is not None:
        return _of_amounts(question.amount, known, offsets, as_of, since)
    separate = _separate(question.window, known, as_of, since)
    return _rate(_asked(question, known, offsets), since, separate)


def base_rates(question: Question, known: Chronicles, as_of: date, since: date) -> tuple[BaseRate, BaseRate]:
    """Return the base rate over all earlier windows, and over those of the last four years; see `base_rate`."""
    since = max(since, known.starts)
    recent = max(since, later(as_of, f"-{RECENT}"))
    offsets = _offsets(question, as_of, since)
    late = offsets[: len(_offsets(question, as_of, recent))]  # from the latest window back
    if question.amount is not None:
        return (
            _of_amounts(question.amount, known, offsets, as_of, since),
            _of_amounts(question.amount, known, late, as_of, recent),
        )
    asked = _asked(question, known, offsets)
    return (
        _rate(asked, since, _separate(question.window, known, as_of, since)),
        _rate(asked[: len(late)], recent, _separate(question.window, known, as_of, recent)),
    )


def _of_amounts(asked: Amount, known: Chronicles, offsets: range, as_of: date, since: date) -> BaseRate:
    """Return how many or when over earlier windows, those left out that a gap takes days of."""
    whole = [days for days in offsets if not _in_gap([asked.window], known, days)]
    found = measure_earlier(asked, known, np.array(whole, dtype=np.int64))
    settled = int(found.known.sum())
    separate = _separate(asked.window, known, as_of, since)
    told = distribution(asked, found)
    return BaseRate(since, settled, separate, None, len(offsets) - settled, told)


def _offsets(question: Question, as_of: date, since: date) -> range:
    """Return by how many days the question is moved back for each of its earlier windows."""
    first = (question.window.end - as_of).days
    last = (min(w.start for part in question.parts for w in windows_read(part)) - since).days
    length = question.window.days
    step = 1 if length <= _DAILY_UP_TO else max(_STEP, length // _SHARE)
    return range(max(first, 0), last + 1, step)


def _asked(question: Question, known: Chronicles, offsets: range) -> list[Outcome]:
    found = None
    if question.given is None and known.past is None:
        found = settle_earlier(question.asks, known, np.array(offsets, dtype=np.int64))
    settled = (
        [resolve(question.shifted(-days), known) for days in offsets] if found is None else found.tolist()
    )
    read = [window for part in question.parts for window in windows_read(part)]
    return [
        Outcome.AMBIGUOUS if _in_gap(read, known, days) else Outcome(value)
        for days, value in zip(offsets, settled, strict=True)
    ]


def _in_gap(read: Sequence[Window], known: Chronicles, days: int) -> bool:
    """Whether a gap takes days of one of some windows, so many days earlier; settled or not, it is left out then.

    If only those were kept that are settled whatever the gap held, most of them would be yes, or no.
    """
    back = timedelta(days=days)
    return any(known.has_gap(Window(w.start - back, w.end - back)) for w in read)


def _separate(window: Window, known: Chronicles, as_of: date, since: date) -> float:
    """Return how many windows of a length the covered days between two days could hold without overlap."""
    return known.covered_days(Window(since, as_of)) / window.days if since < as_of else 0.0


def _rate(outcomes: Sequence[Outcome], since: date, separate: float) -> BaseRate:
    yes, no = outcomes.count(Outcome.YES), outcomes.count(Outcome.NO)
    share = yes / (yes + no) if yes + no else None
    return BaseRate(since, yes + no, separate, share, len(outcomes) - yes - no)
