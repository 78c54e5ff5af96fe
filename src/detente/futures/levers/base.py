"""What every lever declares, what a dose of one is, and what it does to futures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from detente.base.errors import ArgumentError, Fault
from detente.model.channels import Channel, Layout

Who = Literal["principal", "third party", "channel"]


@dataclass(frozen=True, slots=True)
class Dose:
    """A lever with who pulls it, how much, and on which day after as_of."""

    lever: str
    actor: str
    size: float
    day: int

    @property
    def text(self) -> str:
        """The dose as it is written on the command line."""
        return f"{self.lever}{':' + self.actor if self.actor else ''}={self.size:g}@{self.day}"


@dataclass(frozen=True, slots=True)
class PutIn:
    """An act put into every future; `drawdown` is the share of sanctions in force it takes off (negative: adds)."""

    day: int
    channel: Channel
    source: str
    target: str
    action: str
    mode: str
    intensity: float
    deaths: int = 0
    issue: str | None = None
    victim_rank: str | None = None
    drawdown: float = 0.0
    silent: bool = False  # no act at all: only the stock changes, as when a suspension lapses


@dataclass(frozen=True, slots=True)
class Declare:
    """A fact that begins on a day, for a number of days or for good; or, with `ends`, facts of the kind that stop."""

    kind: str
    actor: str
    day: int
    value: float = 1.0
    days: int | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a dose does: acts put in, facts declared, channels held at zero from a day on."""

    acts: tuple[PutIn, ...] = ()
    facts: tuple[Declare, ...] = ()
    held: tuple[tuple[int, Channel], ...] = ()

    @property
    def changes_terms(self) -> bool:
        """Whether it does more than put acts in."""
        return bool(self.facts or self.held)

    def __add__(self, other: Effect) -> Effect:
        return Effect(self.acts + other.acts, self.facts + other.facts, self.held + other.held)


class Lever(ABC):
    """A declared intervention on futures. A subclass declares the class variables and implements `effect`."""

    name: ClassVar[str]
    title: ClassVar[str]
    says: ClassVar[str]
    unit: ClassVar[str]  # what the size measures
    default: ClassVar[float]
    limits: ClassVar[tuple[float, float]]
    who: ClassVar[Who]
    example: ClassVar[str]
    whole: ClassVar[bool] = False  # the size counts something, so no fraction of it can be done
    expected: ClassVar[Mapping[str, int]] = {}  # +1 or -1 by outcome: a change the other way is implausible

    @abstractmethod
    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what a dose does; a dose of size zero is never asked for.

        Parameters
        ----------
        layout : Layout
        dose : Dose
            Its actor is checked and its size lies within `limits`.
        """


def other_of(layout: Layout, actor: str) -> str:
    """Return the principal who is not `actor`."""
    first, second = layout.principals
    return second if actor == first else first


def channel_of(layout: Layout, source: str, target: str, *roles: str) -> Channel:
    """Return the directed channel of a principal that carries the first of some roles.

    Raises
    ------
    ArgumentError
        If there is none.
    """
    for role in roles:
        for channel in layout.directed(role):
            if (channel.source.name, channel.target.name) == (source, target):
                return channel
    raise ArgumentError(Fault("no_channel", "lever", source=source, target=target, roles=roles))
