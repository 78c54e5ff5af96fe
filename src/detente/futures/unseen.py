"""What of an effect lies outside anything seen on the days fitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import Any

import numpy as np

from detente.futures.levers.base import Effect, PutIn
from detente.model.program import Program


@dataclass(frozen=True, slots=True)
class Unseen:
    """One way in which an effect lies outside the days fitted.

    Attributes
    ----------
    kind : str
        ``acts`` (more in a channel on one day than ever), ``drawdown`` (a stock falls by more than ever), ``rank``
        (a killing of rank in a channel without one) or ``fact`` (of a kind never declared of the actor).
    what : str
        The channel's label, or the kind of fact; empty for a drawdown.
    actor : str
        Of a fact; else empty.
    size : float or None
        Acts on the day, or share of the stock.
    most : int or None
        Most acts seen in the channel on one day.
    """

    kind: str
    what: str = ""
    actor: str = ""
    size: float | None = None
    most: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def unseen(part: Program, effect: Effect, acts: Sequence[PutIn]) -> tuple[Unseen, ...]:
    """Return what of an effect lies outside anything seen on the days fitted; `acts` are those put in aloud."""
    return tuple(dict.fromkeys([*_crowded(part, acts), *_strange(part, acts), *_undeclared(part, effect)]))


def _crowded(part: Program, acts: Sequence[PutIn]) -> Iterator[Unseen]:
    for channel in {act.channel for act in acts}:
        most = int(part.history.counts[part.layout.index(channel)].max())
        size = max(Counter(act.day for act in acts if act.channel == channel).values())
        if size > most:
            yield Unseen("acts", channel.label, size=size, most=most)


def _strange(part: Program, acts: Sequence[PutIn]) -> Iterator[Unseen]:
    for act in acts:
        if act.drawdown > 0:
            for m, memory in enumerate(part.memories):
                if memory.half_life_days == inf:
                    path = part.history.memory_rows[m]
                    fall = float((-np.diff(path)).max(initial=0.0))
                    if act.drawdown * part.initial[m] > fall > 0:
                        yield Unseen("drawdown", size=act.drawdown)
        deadly = any(f.deaths for f in acts if f.channel == act.channel)
        if deadly and act.victim_rank and not _rank_seen(part, act):
            yield Unseen("rank", act.channel.label)


def _undeclared(part: Program, effect: Effect) -> Iterator[Unseen]:
    for change in effect.facts:
        seen = any(f.kind == change.kind and f.actor == change.actor for f in part.layout.facts)
        if not seen and not change.ends:
            yield Unseen("fact", change.kind, change.actor)


def _rank_seen(part: Program, act: PutIn) -> bool:
    c = part.layout.index(act.channel)
    looks = part.acts.looks.slice(int(part.acts.start[c]), int(part.acts.start[c + 1] - part.acts.start[c]))
    chances = part.acts.chance[part.acts.start[c] : part.acts.start[c + 1]]
    ranks = looks["victim_rank"].to_list()
    return any(rank is not None and p > 0 for rank, p in zip(ranks, chances, strict=True))
