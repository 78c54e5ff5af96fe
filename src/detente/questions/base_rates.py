"""Base rates: how often a question would have come true in earlier windows, by what was known as of its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from detente.base.days import Window
from detente.base.shares import too_unclear
from detente.questions.amounts import measure_earlier
from detente.questions.chronicles import Chronicles
from detente.questions.distributions import Distribution, distribution
from detente.questions.question import Question, resolve
from detente.questions.settle import Outcome, settle_earlier
from detente.questions.statements import Amount, windows_read
from detente.questions.unclear import why_unclear
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
        Share settled yes; None without a settled window, or where more than `MOST_UNCLEAR` of the windows are unclear.
    unsettled : int
        Windows left out as ambiguous, because a gap takes days of what they read, or because the question's
        condition did not hold.
    yes : int or None
        Windows settled yes; None of a question that asks how many or when.
    unclear : int
        Of the unsettled, those that are ambiguous though no gap takes days of them: what is known of the acts in them
        does not settle it. They are no chance part of all windows, since one without acts always settles.
    void : int
        Of the unsettled, those in which the question's condition did not hold.
    because : tuple of str
        What is not known of the acts; see `why_unclear`. Empty if no window is unclear.
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
    yes: int | None = None
    unclear: int = 0
    void: int = 0
    because: tuple[str, ...] = ()

    @property
    def of_settled(self) -> float | None:
        """The share of the windows settled, however many are not: a forecaster to score, and no base rate to read."""
        return self.yes / self.windows if self.yes is not None and self.windows else self.share

    @property
    def low(self) -> float | None:
        """The share if no unclear window were a yes; None without a window that counts."""
        return self._with(0)

    @property
    def high(self) -> float | None:
        """The share if every unclear window were a yes."""
        return self._with(self.unclear)

    def _with(self, more: int) -> float | None:
        every = self.windows + self.unclear
        if not self.unclear:
            return self.share
        return None if self.yes is None or not every else (self.yes + more) / every

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; `low` and `high` bound the share."""
        names = ("windows", "separate", "share", "low", "high", "unsettled", "unclear", "void")
        value = {"since": self.since.isoformat()} | {name: getattr(self, name) for name in names}
        value |= {"because": list(self.because), "yes": self.yes}
        return value | ({"distribution": self.distribution.to_dict()} if self.distribution else {})

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> BaseRate:
        """Return what `to_dict` returned as a base rate again."""
        told = value.get("distribution")
        found = None if told is None else Distribution.from_dict(told)
        given = {name: v for name, v in value.items() if name not in ("low", "high")}
        since, because = date.fromisoformat(value["since"]), tuple(value["because"])
        return cls(**given | {"since": since, "because": because, "distribution": found})


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
        return _of_amounts(question, question.amount, known, offsets, as_of, since)
    return _rate(question, known, _asked(question, known, offsets), as_of, since)


def base_rates(question: Question, known: Chronicles, as_of: date, since: date) -> tuple[BaseRate, BaseRate]:
    """Return the base rate over all earlier windows, and over those of the last four years; see `base_rate`."""
    since = max(since, known.starts)
    recent = max(since, later(as_of, f"-{RECENT}"))
    offsets = _offsets(question, as_of, since)
    late = offsets[: len(_offsets(question, as_of, recent))]  # from the latest window back
    if question.amount is not None:
        return (
            _of_amounts(question, question.amount, known, offsets, as_of, since),
            _of_amounts(question, question.amount, known, late, as_of, recent),
        )
    asked = _asked(question, known, offsets)
    return (
        _rate(question, known, asked, as_of, since),
        _rate(question, known, asked[: len(late)], as_of, recent),
    )


def _of_amounts(
    question: Question, asked: Amount, known: Chronicles, offsets: range, as_of: date, since: date
) -> BaseRate:
    """Return how many or when over earlier windows, those left out that a gap takes days of."""
    whole = [days for days in offsets if not _in_gap([asked.window], known, days)]
    found = measure_earlier(asked, known, np.array(whole, dtype=np.int64))
    settled, unclear = int(found.known.sum()), int((~found.known & ~found.late).sum())
    separate = _separate(asked.window, known, as_of, since)
    told = None if too_unclear(settled, unclear) else distribution(asked, found)
    because = why_unclear(question, known) if unclear else ()
    unsettled = len(offsets) - settled
    return BaseRate(since, settled, separate, None, unsettled, told, unclear=unclear, because=because)


def _offsets(question: Question, as_of: date, since: date) -> range:
    """Return by how many days the question is moved back for each of its earlier windows."""
    first = (question.window.end - as_of).days
    last = (min(w.start for part in question.parts for w in windows_read(part)) - since).days
    length = question.window.days
    step = 1 if length <= _DAILY_UP_TO else max(_STEP, length // _SHARE)
    return range(max(first, 0), last + 1, step)


def _asked(question: Question, known: Chronicles, offsets: range) -> list[Outcome]:
    """Settle a question on each earlier window; one that a gap takes days of counts as not covered: not yet."""
    found = None
    if question.given is None and known.past is None:
        found = settle_earlier(question.asks, known, np.array(offsets, dtype=np.int64))
    settled = (
        [resolve(question.shifted(-days), known) for days in offsets] if found is None else found.tolist()
    )
    read = [window for part in question.parts for window in windows_read(part)]
    return [
        Outcome.NOT_YET if _in_gap(read, known, days) else Outcome(value)
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


def _rate(
    question: Question, known: Chronicles, outcomes: Sequence[Outcome], as_of: date, since: date
) -> BaseRate:
    yes, no, unclear = map(outcomes.count, (Outcome.YES, Outcome.NO, Outcome.AMBIGUOUS))
    settled = yes + no
    share = yes / settled if settled and not too_unclear(settled, unclear) else None
    return BaseRate(
        since,
        settled,
        _separate(question.window, known, as_of, since),
        share,
        len(outcomes) - settled,
        yes=yes,
        unclear=unclear,
        void=outcomes.count(Outcome.VOID),
        because=why_unclear(question, known) if unclear else (),
    )
