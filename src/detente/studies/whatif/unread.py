"""What of an effect nothing in an argument reads, and which mechanisms would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from detente.argument.argument import Argument
from detente.futures.levers.base import Declare, Effect, PutIn
from detente.futures.levers.doses import effect_of, parse_dose
from detente.model.channels import Layout
from detente.model.layout import lay_out
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Mechanism
from detente.model.memory import Schedule, atoms_of


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of an effect that moves no rate of the argument.

    Attributes
    ----------
    kind : str
        ``acts`` (put into a channel that no mechanism reads them from), ``fact`` (declared, and read by none) or
        ``ended`` (facts of the kind that are to end, and none is in force).
    what : str
        The channel's label, or the kind of fact.
    actor : str
        Who acts, or of whom the fact is declared.
    action, mode : str
        Of the acts; empty for a fact.
    readers : tuple of str
        Mechanisms that would read it, and that the argument does not use.
    """

    kind: str
    what: str
    actor: str
    action: str = ""
    mode: str = ""
    readers: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self) | {"readers": list(self.readers)}


def unread(argument: Argument, layout: Layout, effect: Effect) -> tuple[Unread, ...]:
    """Return what of an effect no mechanism of an argument reads; what holds a channel needs no reader.

    Which mechanisms read an act follows from the features that each declares, with its settings in the argument or its
    own.
    """
    found = [*_acts(argument, layout, effect.acts), *_facts(argument, layout, effect.facts)]
    return tuple(dict.fromkeys(found))


def unread_plans(argument: Argument) -> dict[str, tuple[Unread, ...]]:
    """Return what of each plan of an argument no mechanism reads; plans that are read whole are left out.

    Parameters
    ----------
    argument : Argument
        Sound, so that every plan can be read.
    """
    if argument.principals is None:
        return {}
    layout = lay_out(argument, "detente")
    found = {
        name: unread(argument, layout, effect_of([parse_dose(text, layout) for text in plan.pull], layout))
        for name, plan in argument.levers.items()
    }
    return {name: parts for name, parts in found.items() if parts}


def _acts(argument: Argument, layout: Layout, acts: tuple[PutIn, ...]) -> Iterator[Unread]:
    kinds = {(a.channel, a.action, a.mode, a.victim_rank, a.deaths > 0): a for a in acts if not a.silent}
    for act in kinds.values():
        readers = [name for name, m in mechanism_registry().items() if _reads(argument, layout, m, act)]
        if not any(name in argument.mechanisms for name in readers):
            yield Unread("acts", act.channel.label, act.source, act.action, act.mode, tuple(readers))


def _reads(argument: Argument, layout: Layout, mechanism: Mechanism, act: PutIn) -> bool:
    """Whether a term of a mechanism takes an act into a memory that moves more than third parties' own acts."""
    use = argument.mechanisms.get(mechanism.name)
    half_lives = argument.clocks.half_lives()
    settings = {**mechanism.settings, **(use.settings if use else {})}
    features = mechanism.features(layout, {clock: half_lives[clock] for clock in mechanism.clocks}, settings)
    row, aside = layout.index(act.channel), set(layout.third_parties())
    return any(
        channel == row
        and weight.of(
            action=act.action,
            intensity=act.intensity,
            rank=act.victim_rank,
            mode=act.mode,
            deaths=act.deaths,
        )
        for term, moved, expression in features
        if moved not in aside and (use is None or term not in use.without)
        for atom in atoms_of(expression)
        if not isinstance(atom, Schedule)
        for channel, weight in atom.memory.feeds
    )


def _facts(argument: Argument, layout: Layout, facts: tuple[Declare, ...]) -> Iterator[Unread]:
    for fact in facts:
        readers = tuple(name for name, m in mechanism_registry().items() if fact.kind in m.facts)
        in_force = any(f.kind == fact.kind and f.actor == fact.actor for f in layout.facts)
        if fact.ends and not in_force:
            yield Unread("ended", fact.kind, fact.actor)
        elif not any(name in argument.mechanisms for name in readers):
            yield Unread("fact", fact.kind, fact.actor, readers=readers)
