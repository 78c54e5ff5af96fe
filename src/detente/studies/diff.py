"""The use case `diff`: how questions' chances differ between two states of knowledge, and which acts moved them.

May import: no other study.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Floats
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.events.chronicle import Chronicle
from detente.events.columns import CONTENT
from detente.futures.futures import simulate
from detente.lab.added import covered
from detente.lab.beyond import without_number
from detente.lab.case import Case, case_of
from detente.lab.chronicles import of_futures, of_history
from detente.lab.head import head_of
from detente.lab.settings import Day, whole_given
from detente.lab.too_little import Caution, require_stability, with_cautions
from detente.lab.too_much import ask_phases, refuse_too_many
from detente.model.fit import Fitted
from detente.model.leave_out import Traces
from detente.questions.amounts import Amounts
from detente.questions.answers import Answer, answer, answer_amount
from detente.questions.certain import certainty, decided
from detente.questions.chronicles import Chronicles
from detente.questions.distributions import on_scale
from detente.questions.question import Question, amounts, asked_amount, bind, resolve_many
from detente.questions.settle import Outcome, Outcomes

_Z90 = 1.645  # of a standard error: 90 % of a normal law
Told = Outcomes | Amounts  # what futures say of one question


@dataclass(frozen=True, slots=True)
class Move:
    """A difference of two chances on the same futures, with 90 % for chance (Monte Carlo); None if none settles."""

    points: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Return plain values, ready for JSON."""
        return {"points": self.points, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Shift:
    """How one question's chance differs.

    Attributes
    ----------
    before, after : Answer
        The same dated question, asked from each state of knowledge.
    change : Move
        After less before. Of a question that asks how many or when on its scale (`on_scale`): the log of 1 + acts or
        deaths, or days.
    acts : Move
        What of it goes if all new acts are taken out of the memories and the past, with the coefficients kept.
    by_act : tuple of Move
        The same for each act of `Diff.movers`, taken away alone.
    decided : bool or None
        Its answer where what is known on the later day settles it whatever follows; else None.
    """

    before: Answer
    after: Answer
    change: Move
    acts: Move
    by_act: tuple[Move, ...]
    decided: bool | None = None


@dataclass(frozen=True)
class Diff(Tables):
    """Two states of knowledge compared: the result of `diff`.

    Attributes
    ----------
    before, after : Case
    as_of : (date, date)
    futures, seed : int
    new, gone : int
        Acts known after and not before, and the reverse.
    movers : tuple of dict
        The new acts taken away one by one, those that move the day's rates most first.
    shifts : tuple of Shift
    spectral_radius : float
        The larger one of the two fits.
    """

    before: Case
    after: Case
    as_of: tuple[date, date]
    futures: int
    seed: int
    new: int
    gone: int
    movers: tuple[dict[str, Any], ...]
    shifts: tuple[Shift, ...]
    spectral_radius: float
    tables = ("questions", "acts")

    def _about(self) -> str:
        return heading(self.after.title, *self.as_of, questions=len(self.shifts), new_acts=self.new)

    def _table(self, name: str) -> pl.DataFrame:
        if name == "acts":
            return table_of({"date": date} | dict.fromkeys(_ACT, str), self.movers)
        columns = {"id": str, "text": str} | dict.fromkeys(
            ("before", "after", "change", "low", "high", "new_acts"), float
        )
        return table_of(columns, map(_shift, self.shifts))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number; of the earlier day, which has the fewer data."""
        return self.before.cautions(self.as_of[0], self.spectral_radius)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        sides = zip((self.before, self.after), self.as_of, strict=True)
        rows = [
            {
                "as_of": day.isoformat(),
                "data": head_of(case, day)["data"],
                "added": [added.to_dict() for added in case.chronicle.provenance.added],
            }
            for case, day in sides
        ]
        value = {
            "rivalry": self.after.name,
            "argument": self.after.argument.argument,
            "version": version("detente"),
            "before": rows[0],
            "after": rows[1],
            "futures": {"count": self.futures, "seed": self.seed},
            "new_acts": self.new,
            "gone_acts": self.gone,
            "movers": [act | {"date": act["date"].isoformat()} for act in self.movers],
            "questions": [
                {
                    "id": s.after.question.id,
                    "text": s.after.question.text,
                    "opens": s.after.question.window.start.isoformat(),
                    "closes": s.after.question.window.end.isoformat(),
                    "before": s.before.probability,
                    "after": s.after.probability,
                    "change": s.change.to_dict(),
                    "new_acts": s.acts.to_dict(),
                    "by_act": [move.to_dict() for move in s.by_act],
                    "decided": s.decided,
                    "status": s.after.status,
                    **_distributions(s),
                }
                for s in self.shifts
            ],
        }
        return with_cautions(value, self.cautions)


_ACT = ("source", "target", "action", "mode", "summary")


def _distributions(shift: Shift) -> dict[str, Any]:
    """Return how many or when on both days, as plain values; nothing for a question of yes or no."""
    if shift.after.question.amount is None:
        return {}
    sides = {"before": shift.before.distribution, "after": shift.after.distribution}
    return {"distribution": {name: None if d is None else d.to_dict() for name, d in sides.items()}}


def _shift(shift: Shift) -> tuple[Any, ...]:
    question, change = shift.after.question, shift.change
    chances = (shift.before.probability, shift.after.probability)
    return (question.id, question.text, *chances, change.points, change.low, change.high, shift.acts.points)


def diff(
    before: Case | str | Path,
    after: Case | str | Path,
    *,
    as_of: tuple[Day, Day],
    futures: int | None = None,
    seed: int | None = None,
    most: int = 6,
    threads: int = 0,
    progress: Progress | None = None,
) -> Diff:
    """Compare what an argument expects from two states of knowledge.

    Both runs answer the same dated questions, those that the argument asks on the later day. Each refits the argument
    to what it knows. Futures of both share the seed: their coefficients come from the same random numbers and, if both
    start on one day, so does every act.

    Which acts moved a chance is told by taking them away: the memories on the later day lose what the act left in them,
    the past that phases and rates look back on loses the act, and the same futures run again. Coefficients stay as
    fitted with the act, so what it taught the fit is not in its share.

    Parameters
    ----------
    before, after : Case, str or path
        Of one argument; the same chronicle or two.
    as_of : (date, date)
        First unknown day of each.
    futures, seed : int, optional
        Override the argument's ``run:`` block; what neither gives is refused.
    most : int
        How many new acts are taken away one by one: those that move the later day's rates most.
    threads : int
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Diff

    Raises
    ------
    ArgumentError
        If the argument asks nothing, or the days are not in order.
    DataError
        If both know the same.

    Examples
    --------
    >>> from detente.model.clocks import at_clocks
    >>> from detente.lab.case import load_case
    >>> whole = load_case("us-iran")
    >>> half_lives = {"fast": 14, "slow": 365, "generational": 7305}
    >>> case = replace(whole, argument=at_clocks(whole.argument, half_lives))
    >>> days = date(2020, 1, 2), date(2020, 1, 4)
    >>> result = diff(case, case, as_of=days, futures=20, most=1)
    >>> result.new, len(result.movers), len(result.shifts[0].by_act)
    (2, 1, 1)
    """
    before, after = case_of(before), case_of(after)
    _require_two("as_of", as_of)
    early, late = (before.settings(as_of=as_of[0]).as_of, after.settings(as_of=as_of[1]).as_of)
    most = whole_given("most", most, 0, 100) or 0
    settings = after.settings(futures=futures, seed=seed, threads=threads)
    futures, seed = settings.futures, settings.seed
    if early > late:
        raise ArgumentError(Fault("not_chronological", "days to compare", got=(early, late), hint="swap"))
    if not after.argument.questions:
        raise ArgumentError(Fault("no_questions", "questions", hint="ask_questions"))
    known = before.known(early).cut, after.known(late).cut
    new, gone = _only_in(known[1], known[0]), _only_in(known[0], known[1])
    if not new and not gone and early == late:
        raise DataError(Fault("no_difference", "states of knowledge", **_when(before, after)))
    tell = progress or (lambda stage, done, total: None)
    scheme, codebook = known[1].scheme, known[1].codebook
    questions = tuple(
        bind(spec, after.argument, scheme, late, codebook=codebook, limits=after.limits)
        for spec in after.argument.questions
    )
    far = max(question.window.end for question in questions)
    phases = ask_phases(questions)
    for case, day in ((before, early), (after, late)):
        refuse_too_many(case, day, days=(far - day).days, futures=futures, phases=phases)

    def asked(case: Case, posterior: Fitted, chronicle: Chronicle, stage: str) -> list[Told]:
        start = posterior.program.as_of
        simulated = simulate(
            posterior,
            days=(far - start).days,
            futures=settings.futures,
            seed=settings.seed,
            scheme=scheme,
            codebook=codebook,
            threads=threads,
            limits=case.limits,
            record=tuple(posterior.program.watched),
            progress=lambda done: tell(stage, done, settings.futures),
        )
        ready = of_futures(simulated, case.argument, chronicle)
        return [_told(question, ready) for question in questions]

    fits = [
        case.fitted(day, threads=threads, progress=progress) for case, day in ((before, early), (after, late))
    ]
    radius = require_stability(fits, allowed=after.allow_unstable)
    old, now = (
        asked(case, posterior, case.chronicle, stage)
        for case, posterior, stage in zip((before, after), fits, ("before", "after"), strict=True)
    )
    traces = Traces.of(after.argument, after.chronicle, fits[1].program)
    chosen = _movers(traces, fits[1], new, most)
    groups: list[Sequence[int]] = [new, *([i] for i in chosen)]
    left = []
    for n, group in enumerate(groups, 1):
        lacking = replace(known[1], events=_drop(known[1].events, group))
        left.append(asked(after, traces.without(fits[1], group), lacking, "acts") if group else now)
        tell("taken away", n, len(groups))
    pasts = of_history(before.argument, known[0]), of_history(after.argument, known[1])
    days = ((before, early, fits[0]), (after, late, fits[1]))
    shifts = []
    for q, question in enumerate(questions):
        shift = Shift(
            _answer(question, old[q], pasts[0]),
            _answer(question, now[q], pasts[1]),
            _moved(question, old[q], now[q]),
            _moved(question, left[0][q], now[q]),
            tuple(_moved(question, less[q], now[q]) for less in left[1:]),
            decided(question, pasts[1]),
        )
        modelled = all(covered(question, case.known(day), fit.program.acts) for case, day, fit in days)
        shifts.append(shift if modelled or shift.decided is not None else _not_modelled(shift))
    said = ("date", "source", "target", "action", "mode", "issue", "fatalities", "summary")
    acts = tuple(known[1].events.select(said).row(i, named=True) for i in chosen)
    return Diff(before, after, (early, late), futures, seed, len(new), len(gone), acts, tuple(shifts), radius)


def _only_in(one: Chronicle, other: Chronicle) -> list[int]:
    """Return the rows of acts that only the first chronicle holds."""
    rows = one.events.with_row_index("_row")
    return rows.join(other.events, on=list(CONTENT), how="anti", nulls_equal=True)["_row"].sort().to_list()


def _when(before: Case, after: Case) -> dict[str, Any]:
    """Return the hint at a day on which something new is known, and its value."""
    late = _only_in(after.chronicle, before.chronicle)
    if not late:
        return {"hint": "two_days_or_add"}
    first = after.chronicle.events["date"][late[0]] + timedelta(days=1)
    return {"hint": "first_new_act", "first": first}


def _movers(traces: Traces, posterior: Fitted, new: list[int], most: int) -> list[int]:
    pull = traces.pull(posterior, new)
    return [new[i] for i in np.argsort(-pull, kind="stable")[:most]]


def _drop(events: pl.DataFrame, rows: Sequence[int]) -> pl.DataFrame:
    return events.with_row_index("_row").filter(~pl.col("_row").is_in(list(rows))).drop("_row")


def _told(question: Question, ready: Chronicles) -> Told:
    return resolve_many(question, ready) if question.amount is None else amounts(question, ready)


def _answer(question: Question, told: Told, past: Chronicles) -> Answer:
    if isinstance(told, Amounts):
        return answer_amount(question, told)
    return answer(question, told, Outcome.NOT_YET, certain=certainty(question, past))


def _not_modelled(shift: Shift) -> Shift:
    """Return a shift without a number: the argument's own channels cannot produce what is asked."""
    none = Move(None, None, None)
    both = without_number(shift.before), without_number(shift.after)
    return Shift(*both, none, none, (none,) * len(shift.by_act))


def _moved(question: Question, less: Told, more: Told) -> Move:
    (before, one), (after, other) = _values(question, less), _values(question, more)
    change = (after - before)[one & other]
    if not len(change):
        return Move(None, None, None)
    error = _Z90 * float(change.std()) / len(change) ** 0.5
    counted = len(change) if isinstance(less, Amounts) else len(change) + 1  # as `share_of` counts
    points = float(change.sum()) / counted
    return Move(points, points - error, points + error)


def _values(question: Question, told: Told) -> tuple[Floats, Bools]:
    """Return what is compared future by future, and where it is known."""
    if isinstance(told, Amounts):
        return on_scale(asked_amount(question), told.low), told.known
    return told.astype(float), told <= Outcome.YES


def _require_two(name: str, value: object) -> None:
    if not isinstance(value, tuple | list) or len(value) != 2:
        example = '("2020-01-02", "2020-01-04")'
        raise ArgumentError(Fault("not_two_days", name, got=value, hint="try", example=example))
