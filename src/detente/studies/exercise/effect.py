"""What players' acts changed: in the future that is told, in the other side's reactions, and in the questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import sqrt
from typing import Any

import numpy as np

from detente.base.arrays import Ints
from detente.base.shares import share_of
from detente.futures.futures import Futures
from detente.lab.chronicles import of_futures
from detente.lab.run_result import Run
from detente.model.channels import Channel, Layout
from detente.questions.question import resolve_many
from detente.questions.settle import Outcome
from detente.questions.statuses import MODELLED
from detente.studies.exercise.injects import Inject
from detente.studies.exercise.telling import Play

REACTION_DAYS = 14


@dataclass(frozen=True, slots=True)
class Reaction:
    """How often the other side acts on the first within days of a player's act, over all futures.

    Attributes
    ----------
    date : date
        Of the player's act.
    source, target, action : str
    days : int
        How many days after it are looked at.
    share, share_without : float
        Futures with an act of the target's side on the source's side in those days, with all the moves and without.
    acts, acts_without : float
        Mean number of such acts.
    here : int
        Such acts in the future told.
    error : float
        Standard error of ``acts - acts_without``, from the same futures with and without.
    """

    date: date
    source: str
    target: str
    action: str
    days: int
    share: float
    share_without: float
    acts: float
    acts_without: float
    here: int
    error: float

    @property
    def seen(self) -> bool:
        """Whether acts differ by more than twice the standard error."""
        return abs(self.acts - self.acts_without) > 2 * self.error

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self) | {"date": self.date.isoformat(), "seen": self.seen}


@dataclass(frozen=True, slots=True)
class QuestionShift:
    """The probability of one of the argument's questions with the moves and without; None if no future settles it."""

    id: str
    text: str
    probability: float | None
    without: float | None

    @property
    def size(self) -> float:
        """How far the moves shifted it; 0 if a probability is missing."""
        if self.probability is None or self.without is None:
            return 0.0
        return abs(self.probability - self.without)


@dataclass(frozen=True)
class Consequences:
    """What players' acts changed.

    Attributes
    ----------
    new, vanished : tuple of Inject
        Entries of the future told that are there with the moves only, the moves themselves excepted, or without only.
    reactions : tuple of Reaction
        To each directed move that has days after it.
    questions : tuple of QuestionShift
        Those that are answered by yes or no, the most shifted first.
    """

    new: tuple[Inject, ...]
    vanished: tuple[Inject, ...]
    reactions: tuple[Reaction, ...]
    questions: tuple[QuestionShift, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "new": [inject.to_dict() for inject in self.new],
            "vanished": [inject.to_dict() for inject in self.vanished],
            "reactions": [reaction.to_dict() for reaction in self.reactions],
            "questions": [asdict(shift) for shift in self.questions],
        }


def consequences_of(
    result: Run, number: int, days: int, play: Play, told: tuple[Inject, ...], without: tuple[Inject, ...]
) -> Consequences:
    """Compare all futures of a run with players' acts and without, on the same random numbers.

    Parameters
    ----------
    result : Run
    number : int
        Which future is told.
    days : int
        How many days the exercise tells.
    play : Play
        With at least one move; what it holds back is held back in both.
    told, without : tuple of Inject
        The future told with the moves and without.
    """
    everyone = range(result.futures.count)
    none = replace(play, moves=play.moves.clear())
    before = none.again(result.futures, everyone).futures if play.held else result.futures
    after = play.again(result.futures, everyone)
    reactions = []
    layout = result.futures.program.layout
    for move, channel in zip(play.moves.to_dicts(), layout.assign(layout.attribute(play.moves)), strict=True):
        since = result.futures.window.index(move["date"])
        length = min(REACTION_DAYS, days - 1 - since)
        back = _reverse(layout, layout.channels[channel])
        if length < 1 or not back:
            continue
        one = _count(after.futures, back, since, length, after.put)
        other = _count(before, back, since, length, frozenset())
        error = float((one - other).std()) / sqrt(len(one))
        names = (move["source"], move["target"], move["action"])
        with_moves, without_moves = (share_of(int((n > 0).sum()), len(n)) or 0.0 for n in (one, other))
        reactions.append(
            Reaction(
                move["date"],
                *names,
                length,
                with_moves,
                without_moves,
                float(one.mean()),
                float(other.mean()),
                int(one[number]),
                error,
            )
        )
    gone, new = Counter(without), Counter(inject for inject in told if not inject.played)
    return Consequences(
        tuple((new - gone).elements()),
        tuple((gone - new).elements()),
        tuple(reactions),
        tuple(sorted(_shifts(result, before, after.futures), key=lambda s: -s.size)),
    )


def _reverse(layout: Layout, move: Channel) -> list[int]:
    """Return the channels in which the side acted on acts on the side that acted, agents included."""
    if move.joint:
        return []
    return [
        i
        for i, c in enumerate(layout.channels)
        if not c.joint
        and (
            (c.source, c.target) == (move.target, move.source)
            or (
                bool(move.source.side and move.target.side)
                and (c.source.side, c.target.side) == (move.target.side, move.source.side)
            )
        )
    ]


def _count(futures: Futures, channels: list[int], since: int, days: int, put: frozenset[int]) -> Ints:
    """Count the acts in some channels in the days after a day, without those put in, shape (future,)."""
    log = futures.log
    inside = (log.day > since) & (log.day <= since + days) & np.isin(log.channel, channels)
    inside &= ~np.isin(log.act, list(put))
    return np.bincount(log.future[inside], minlength=futures.count)


def _shifts(result: Run, before: Futures, after: Futures) -> list[QuestionShift]:
    case = result.case
    sides = [
        result.chronicles if futures is result.futures else of_futures(futures, case.argument, case.chronicle)
        for futures in (after, before)
    ]
    out = []
    for answer in result.answers:
        if answer.question.amount is not None or answer.status != MODELLED:
            continue
        chances = []
        for chronicles in sides:
            outcomes = resolve_many(answer.question, chronicles)
            yes, no = int((outcomes == Outcome.YES).sum()), int((outcomes == Outcome.NO).sum())
            certain = answer.certain
            chances.append(share_of(yes, yes + no) if certain is None else float(certain.yes))
        out.append(QuestionShift(answer.question.id, answer.question.text, *chances))
    return out
