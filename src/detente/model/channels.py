"""Channels: each directed pair and class of act whose daily count the model explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.model.memory import Fading, Schedule


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a channel: an actor, or several actors declared as one group.

    `side` names the principal the party acts for (its own code for a principal, empty for a bystander) and
    `closeness` in 0–1 how much its acts, and acts on it, count as that principal's own.
    """

    name: str
    members: tuple[str, ...]
    side: str = ""
    closeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Channel:
    """Source → target × class, or the principals together × the joint class.

    `classes`, `actions` and `modes` say which acts belong to it (an empty tuple takes all); `only` names the pairs that
    do, where its two ends are not all with all.

    Examples
    --------
    >>> usa, irn = Party("USA", ("USA",), "USA"), Party("IRN", ("IRN",), "IRN")
    >>> Channel(usa, irn, "force", ("force",)).label
    'USA -> IRN force'
    """

    source: Party
    target: Party
    cls: str
    classes: tuple[str, ...]
    joint: bool = False
    actions: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    name: str = ""
    only: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Readable name, the same in every output."""
        if self.name:
            return self.name
        return f"{self.source.name} {'--' if self.joint else '->'} {self.target.name} {self.cls}"

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield every (source, target) the channel covers; both orders when joint."""
        if self.only:
            for source, target in self.only:
                yield source, target
                if self.joint:
                    yield target, source
            return
        for source in self.source.members:
            for target in self.target.members:
                if source != target:
                    yield source, target
                    if self.joint:
                        yield target, source


@dataclass(frozen=True, slots=True)
class AgentRule:
    """Acts by or toward an agent that count as a principal's own while the agency lasts.

    An act between `agents` and `partner` counts as one between `principal` and `partner`: its agent is replaced.
    ``direction`` is ``"to"`` (partner → agent only), ``"from"`` (agent → partner only) or ``"both"``.
    """

    agents: tuple[str, ...]
    principal: str
    partner: str
    classes: tuple[str, ...]
    actions: tuple[str, ...] = ()
    direction: str = "both"
    start: str = "0001-01-01"
    end: str = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something events cannot show, declared with the day from which it may be used.

    `end` is the first day outside (``None``: it lasts); `value` is a size the fact's kind gives a meaning to.
    """

    kind: str
    actor: str
    start: date
    end: date | None
    value: float
    known_from: date


@dataclass(frozen=True)
class Layout:
    """The channels of one argument under one class scheme, who stands where, and what is declared of them.

    Mechanisms ask it which channels to act on; it never depends on the names of actors.
    """

    principals: tuple[str, str]
    channels: tuple[Channel, ...]
    role_of: dict[str, str]  # class -> its leading role
    agents: tuple[AgentRule, ...] = ()
    facts: tuple[Fact, ...] = ()
    locker: str = ""  # the principal who locked the door; empty where none is named
    _index: dict[Channel, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {channel: i for i, channel in enumerate(self.channels)})

    def index(self, channel: Channel) -> int:
        """Row of `channel` in every array."""
        return self._index[channel]

    def role(self, channel: Channel) -> str:
        """Leading role of the channel's class."""
        return self.role_of[channel.cls]

    def directed(self, *roles: str) -> Iterator[Channel]:
        """Yield the channels between the principals whose class carries one of `roles` (all roles if none given)."""
        for channel in self.channels:
            pair = {channel.source.name, channel.target.name}
            if (
                not channel.joint
                and pair == set(self.principals)
                and (not roles or self.role(channel) in roles)
            ):
                yield channel

    def sided(self, *roles: str) -> Iterator[Channel]:
        """Yield directed channels that run between the two sides, proxies included."""
        for channel in self.channels:
            sides = {channel.source.side, channel.target.side}
            if (
                not channel.joint
                and sides == set(self.principals)
                and (not roles or self.role(channel) in roles)
            ):
                yield channel

    def joint(self) -> Iterator[Channel]:
        """Yield the channels of mutual talks and accords."""
        return (channel for channel in self.channels if channel.joint)

    def talks(self) -> Iterator[Channel]:
        """Yield the joint channels or, where the scheme has none, both sides' cooperation by word."""
        joint = list(self.joint())
        yield from joint or self.directed("cooperation_by_word")

    def same_pair(self, channel: Channel) -> Iterator[Channel]:
        """Yield the directed channels with the same source and target, the channel itself included."""
        for other in self.channels:
            if not other.joint and (other.source, other.target) == (channel.source, channel.target):
                yield other

    def received(self, channel: Channel, *roles: str) -> Iterator[tuple[Channel, float]]:
        """Yield the channels through which the source was acted on, each with the closeness it counts with.

        The exact reverse counts in full; acts of the other side's proxies, or on this side's, count with the
        closeness of the proxy to its patron.
        """
        for other in self.channels:
            if other.joint or (roles and self.role(other) not in roles):
                continue
            if (other.source, other.target) == (channel.target, channel.source):
                yield other, 1.0
            elif channel.source.side and (other.source.side, other.target.side) == (
                channel.target.side,
                channel.source.side,
            ):
                ends = (channel.source, channel.target, other.source, other.target)
                yield other, min(end.closeness for end in ends)

    def done(self, channel: Channel, *roles: str) -> Iterator[tuple[Channel, float]]:
        """Yield the channels through which the source itself acted on the target, each counted in full."""
        for other in self.same_pair(channel):
            if not roles or self.role(other) in roles:
                yield other, 1.0

    def third_parties(self) -> Iterator[Channel]:
        """Yield the channels of good offices: third parties cooperating with both principals."""
        for channel in self.channels:
            both = set(channel.target.members) == set(self.principals)
            if both and not channel.source.side and self.role(channel).startswith("cooperation"):
                yield channel

    def level(self, kind: str, *actors: str) -> Schedule | None:
        """Return what is declared of actors as a step function, facts that overlap added; None where nothing is."""
        facts = self._declared(kind, actors)
        days = sorted({day for fact in facts for day in (fact.start, fact.end) if day is not None})
        steps = tuple(
            (day, sum(f.value for f in facts if f.start <= day and (f.end is None or day < f.end)))
            for day in days
        )
        return Schedule(f"{kind} of {', '.join(actors)}", steps) if steps else None

    def fading(self, kind: str, half_life_days: float, *actors: str) -> Fading | None:
        """Return what is declared of actors as pulses that fade, gone at once on the day a fact ends."""
        pulses: list[tuple[date, float, float]] = []
        for fact in self._declared(kind, actors):
            pulses.append((fact.start, fact.value, half_life_days))
            if fact.end is not None:
                left = fact.value * 2.0 ** (-(fact.end - fact.start).days / half_life_days)
                pulses.append((fact.end, -left, half_life_days))
        return Fading(f"{kind} of {', '.join(actors)}", (), tuple(sorted(pulses))) if pulses else None

    def _declared(self, kind: str, actors: tuple[str, ...]) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind and fact.actor in actors]

    def attribute(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events with every agent's act under the name of the principal it was done for.

        Questions and channels read history through it, so that both count the same acts.
        """
        for rule in self.agents:
            applies = (
                pl.col("class").is_in(list(rule.classes))
                & (pl.col("date") >= date.fromisoformat(rule.start))
                & (pl.col("date") < date.fromisoformat(rule.end))
            )
            if rule.actions:
                applies &= pl.col("action").is_in(list(rule.actions))
            to = applies & (pl.col("source") == rule.partner) & pl.col("target").is_in(list(rule.agents))
            of = applies & (pl.col("target") == rule.partner) & pl.col("source").is_in(list(rule.agents))
            applies_to = to & pl.lit(rule.direction in ("both", "to"))
            applies_of = of & pl.lit(rule.direction in ("both", "from"))
            own = pl.lit(rule.principal)
            dead = pl.col("fatalities_of")
            theirs = (applies_to & (dead == pl.col("target"))) | (applies_of & (dead == pl.col("source")))
            swap = {
                "target": pl.when(applies_to).then(own).otherwise(pl.col("target")),
                "source": pl.when(applies_of).then(own).otherwise(pl.col("source")),
            }
            if "fatalities_of" in events.columns:
                swap["fatalities_of"] = pl.when(theirs).then(own).otherwise(dead)
            events = events.with_columns(**swap)
        return events

    def counted_once(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events attributed, without those that repeat an act the principal's own row gives.

        A deal that an agent signed for a principal may be on record twice, under the agent and under the principal. Two
        rows of one day between the same two, by different original actors, are one act if action and mode agree and
        they are mutual, or if the summaries agree too. The principal's own row stays; without one, the first.

        Examples
        --------
        >>> rule = AgentRule(("P51",), "A", "B", ("joint",))
        >>> layout = Layout(("A", "B"), (), {}, (rule,))
        >>> deal = {
        ...     "date": date(2015, 7, 14),
        ...     "precision": "day",
        ...     "class": "joint",
        ...     "action": "AGREE",
        ...     "mode": "accord",
        ... }
        >>> deal |= {"target": "B", "mutual": True, "fatalities_of": None}
        >>> rows = [
        ...     deal | {"source": "P51", "summary": "signed"},
        ...     deal | {"source": "A", "summary": "accepted"},
        ... ]
        >>> layout.counted_once(pl.DataFrame(rows))["summary"].to_list()
        ['accepted']
        """
        if not self.agents or events.is_empty():
            return events
        low, high = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
        rows = self.attribute(events.with_columns(_whose=low + " " + high, _from="source", _to="target"))
        either = pl.col("mutual")
        rows = rows.with_columns(
            _moved=(pl.col("source") != pl.col("_from")) | (pl.col("target") != pl.col("_to")),
            _one=pl.when(either).then(low).otherwise(pl.col("source")),
            _other=pl.when(either).then(high).otherwise(pl.col("target")),
            _text=pl.when(either).then(pl.lit("")).otherwise(pl.col("summary")),
        )
        same = ["date", "precision", "class", "action", "mode", "mutual", "_one", "_other", "_text"]
        kept = pl.col("_whose").sort_by("_moved", maintain_order=True).first().over(same)
        repeats = pl.col("_moved") & (pl.col("_whose") != kept) & pl.col("_text").is_not_null()
        return rows.filter(~repeats).select(events.columns)

    def assign(self, events: pl.DataFrame) -> npt.NDArray[np.int64]:
        """Return for each event the row of its channel, or -1.

        Parameters
        ----------
        events : polars.DataFrame
            Attributed canonical events (columns ``source, target, class, action, mode``).

        Returns
        -------
        ndarray of shape (event,)
        """
        lookup: dict[tuple[str, str, str], list[int]] = {}
        for i, channel in enumerate(self.channels):
            for source, target in channel.pairs():
                for cls in channel.classes:
                    lookup.setdefault((source, target, cls), []).append(i)
        out = np.full(events.height, -1, dtype=np.int64)
        columns = events.select("source", "target", "class", "action", "mode")
        for row, (source, target, cls, action, mode) in enumerate(columns.iter_rows()):
            for i in lookup.get((source, target, cls), ()):
                channel = self.channels[i]
                if (not channel.actions or action in channel.actions) and (
                    not channel.modes or mode in channel.modes
                ):
                    out[row] = i
                    break
        return out
