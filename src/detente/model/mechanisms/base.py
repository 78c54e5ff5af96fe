"""What every mechanism declares, and the one method it implements."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from detente.events.ontology.classes import Role
from detente.model.biexponential import Stores
from detente.model.channels import Channel, Layout
from detente.model.memory import Atom, Expression, Memory, Product, Saturate, Weight, pool

HOSTILE = ("hostility_by_word", "pressure", "force")


# How an act weighs as a loss: by deaths, and by the rank of a victim.
LOSSES = {"per_log_death": 0.5, "officer": 1.5, "senior": 3.0, "leader": 5.0}


# The stock of sanctions in force: what relief takes off it, per act, and the stock at which its log rises by .7.
STOCK = {"lifted": 20.0, "eased": 2.0, "stock_scale": 10.0}
YIELDING = ("YIELD", "CONCEDE", "RETREAT")  # the last two in machine-coded data
_LIFTED = ("sanctions-lifted", "implementation", "embargo-expiry")
_EASED = (
    "",
    "waiver",
    "delisting",
    "licence",
    "asset-release",
    "snapback-withdrawn",
    "blockade-lifted",
    "travel-eased",
)
COOPERATIVE = ("cooperation_by_word", "cooperation_by_deed")


@dataclass(frozen=True, slots=True)
class Prior:
    """A normal prior on a coefficient, on the log-rate scale: ``exp(mean)`` is a rate ratio per unit of the feature."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class TermSpec:
    """A term a mechanism may add: what its coefficient says, its default prior and where that comes from."""

    name: str
    says: str
    prior: Prior
    source: str


@dataclass(frozen=True, slots=True)
class PairTerm:
    """What a fit over many pairs of actors can estimate of a term: how acts of one role answer acts of another.

    Attributes
    ----------
    term : str
    role : Role
        The role whose rate the term moves.
    answers : Role
        The role of the acts that move it.
    received : bool
        Whether those acts are received from the other actor; else they are the actor's own.
    """

    term: str
    role: Role
    answers: Role
    received: bool


class Mechanism(ABC):
    """A named hypothesis: which terms on which channels.

    A subclass declares the class variables and implements `features`; nothing else has to be edited to add one. What
    other parts of the program must know of a mechanism it declares too: no other file names it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    says: ClassVar[str]
    source: ClassVar[tuple[str, ...]]
    example: ClassVar[str]
    clocks: ClassVar[tuple[str, ...]]
    terms: ClassVar[tuple[TermSpec, ...]]
    settings: ClassVar[Mapping[str, float]] = {}
    facts: ClassVar[Mapping[str, str]] = {}  # kinds of declared facts it reads, and what each means
    proposed: ClassVar[int | None] = (
        None  # its place among the mechanisms of a drafted argument; None leaves it out
    )
    of_third_parties: ClassVar[bool] = False  # proposed only where third parties turn to the principals
    of_any_pair: ClassVar[bool] = (
        False  # says how any two actors behave, whatever the argument; see `model.wider`
    )
    dynamic: ClassVar[bool] = False  # how acts follow acts; a verdict has to hold where its priors are freed
    pair_terms: ClassVar[tuple[PairTerm, ...]] = ()  # what a world prior can estimate of it

    @abstractmethod
    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield (term, channel, expression) for every channel a term acts on.

        Parameters
        ----------
        layout : Layout
            The channels of the argument, and the facts it declares.
        clocks : mapping of str to float
            Half-life in days of each clock the mechanism declares.
        settings : mapping of str to float
            The mechanism's settings, the argument's values laid over the defaults.
        """

    def stores(self, settings: Mapping[str, float]) -> Stores | None:
        """Return the stores of memory in which it keeps declared facts, or None if it keeps no such ledger."""
        return None


def remembered(
    layout: Layout,
    half_life_days: float,
    channels: Iterable[tuple[Channel, float]],
    *,
    by_intensity: bool = False,
    per_log_death: float = 0.0,
    rank_factors: tuple[float, float, float] = (1.0, 1.0, 1.0),
    scale: float = 1.0,
    **weight: Any,
) -> Saturate | None:
    """Return the saturated memory of acts in `channels`, each with its closeness; None where nothing feeds it.

    Further fields of `Weight` pass through.
    """
    feeds = {
        layout.index(channel): Weight(closeness, by_intensity, per_log_death, rank_factors, **weight)
        for channel, closeness in channels
        if closeness > 0
    }
    return Saturate(pool(half_life_days, feeds), scale) if feeds else None


def together(first: Expression | None, second: Expression | None) -> Iterable[Product]:
    """Yield the product of two atoms, or nothing where either is missing."""
    if first is not None and second is not None:
        yield Product(cast(Atom, first), cast(Atom, second))


def stock(layout: Layout, channel: Channel, settings: Mapping[str, float]) -> Saturate | None:
    """Return the stock of sanctions on the channel's source: it never fades, and relief draws it down.

    One sanction adds one; an act that lifts them takes `lifted` off, one that eases them `eased`. Where acts carry no
    mode, as in machine-coded data, every act of yielding eases.
    """
    fills = {other for other, _ in layout.received(channel, "pressure", "force")}
    fills |= {c for c in layout.channels if not c.source.side and c.target.name == channel.source.name}
    feeds = [(layout.index(other), Weight(actions=("SANCTION",))) for other in fills]
    for other, _ in layout.received(channel, *COOPERATIVE):
        for modes, amount in ((_LIFTED, settings["lifted"]), (_EASED, settings["eased"])):
            if amount > 0:
                weight = Weight(actions=YIELDING, modes=modes, per_act=-amount)
                feeds.append((layout.index(other), weight))
    if not fills:
        return None
    ordered = tuple(sorted(feeds, key=lambda feed: (feed[0], feed[1].modes)))
    return Saturate(Memory(math.inf, ordered), settings["stock_scale"])
