"""Answers to questions that an argument's own channels do not cover: on futures with channels added, or none at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.futures.futures import Futures
from detente.futures.kept_futures import simulate_once
from detente.lab.added import Lack, lacking, need_of
from detente.lab.case import Case
from detente.lab.chronicles import of_futures
from detente.model.channels import Channel
from detente.model.fit import Fitted
from detente.model.fit_cache import fit_key
from detente.model.wider import widen
from detente.questions.answers import Answer
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question, resolve_many
from detente.questions.settle import Outcomes
from detente.questions.statements import Acts
from detente.questions.statuses import CHANNELS_ADDED, NOT_MODELLED


@dataclass(frozen=True)
class Beyond:
    """What stands behind the answer to a question that an argument's own channels do not cover.

    Attributes
    ----------
    answer : Answer
        Its status is ``channels added`` or ``not modelled``.
    lacks : tuple of Lack
        Why it is not modelled.
    posterior : Fitted or None
        The fit with channels added.
    outcomes : ndarray of shape (future,) or None
        `Outcome` values on the futures with channels added.
    """

    answer: Answer
    lacks: tuple[Lack, ...] = ()
    posterior: Fitted | None = None
    outcomes: Outcomes | None = None


def answers_beyond(
    case: Case,
    posterior: Fitted,
    futures: Futures,
    answers: Sequence[Answer],
    *,
    threads: int,
    settle_on: Callable[[tuple[Question, ...], Chronicles], list[Answer]],
) -> Mapping[Question, Beyond]:
    """Return the answers to those questions that the argument's own channels do not cover, by question.

    Questions that need the same channels share one run; each such run has the seed, the days and the number of futures
    of the first.

    Parameters
    ----------
    case : Case
    posterior : Fitted
    futures : Futures
        Of the argument's own channels.
    answers : sequence of Answer
        On those futures.
    threads : int
    settle_on : callable
        Answers questions on other futures.
    """
    known, table = case.known(futures.window.start), posterior.program.acts
    found: dict[Question, Beyond] = {}
    in_table: dict[Acts, bool] = {}
    groups: dict[tuple[Channel, ...], list[Answer]] = {}
    for answer in answers:
        if answer.certain is not None:
            continue
        need = need_of(answer.question, known)
        if need.lacks:
            found[answer.question] = Beyond(without_number(answer), need.lacks)
        elif need.channels:
            groups.setdefault(need.channels, []).append(answer)
        elif lacks := lacking(answer.question, table, in_table):
            found[answer.question] = Beyond(without_number(answer), lacks)
    for channels, group in groups.items():
        found |= _with_channels(case, posterior, futures, channels, group, threads, settle_on)
    return found


def without_number(answer: Answer) -> Answer:
    """Return an answer that gives no number: not modelled."""
    none = replace(answer, probability=None, low=None, high=None, ambiguous=0.0, yes=0, settled=0, first=())
    return replace(none, distribution=None, status=NOT_MODELLED)


def _with_channels(
    case: Case,
    posterior: Fitted,
    futures: Futures,
    channels: tuple[Channel, ...],
    group: Sequence[Answer],
    threads: int,
    settle_on: Callable[[tuple[Question, ...], Chronicles], list[Answer]],
) -> dict[Question, Beyond]:
    as_of = futures.window.start
    wide = widen(posterior, case.argument, case.chronicle, channels)
    lacks = {answer.question: lacking(answer.question, wide.program.acts) for answer in group}
    found = {a.question: Beyond(without_number(a), lacks[a.question]) for a in group if lacks[a.question]}
    questions = tuple(answer.question for answer in group if not lacks[answer.question])
    if not questions:
        return found
    simulated = simulate_once(
        wide,
        store=case.store,
        made_from={
            "fit": fit_key(case.argument, case.known(as_of)),
            "added": [(channel.label, channel.only) for channel in channels],
        },
        days=futures.window.days,
        futures=futures.count,
        seed=futures.seed,
        scheme=futures.scheme,
        codebook=futures.codebook,
        threads=threads,
        record=tuple(wide.program.watched),
        limits=case.limits,
    )
    chronicles = of_futures(simulated, case.argument, case.chronicle, threads=threads)
    added = tuple(channel.label for channel in channels)
    for answer in settle_on(questions, chronicles):
        told = replace(answer, status=CHANNELS_ADDED, added=added)
        outcomes = resolve_many(answer.question, chronicles)
        found[answer.question] = Beyond(told, posterior=wide, outcomes=outcomes)
    return found
