"""Which channels of an argument would take the same acts: each act belongs to one channel, so they may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.argument.argument import Argument
from detente.events.ontology.classes import ClassScheme


@dataclass(frozen=True, slots=True)
class Overlap:
    """A declared channel and an earlier one that both take some act.

    Attributes
    ----------
    channel : int
        Its place among the declared channels.
    other : str
        The earlier channel, as the argument calls it.
    act : str
        Such an act: source, target and class.
    """

    channel: int
    other: str
    act: str


@dataclass(frozen=True, slots=True)
class _Takes:
    """What a channel takes; no action or mode means all of them."""

    label: str
    pairs: frozenset[tuple[str, str]]
    classes: frozenset[str]
    actions: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()


def directed_pairs(argument: Argument, channel: int) -> frozenset[tuple[str, str]]:
    """Return every source and target of a declared channel; empty if it runs from one actor to itself."""
    spec, (first, second) = argument.channels[channel], argument.principals or ("", "")
    ends = {first: (first,), second: (second,), "principals": (first, second)}
    ends |= {name: party.members for name, party in argument.parties.items()}
    return frozenset(
        (source, target) for source in ends[spec.source] for target in ends[spec.target] if source != target
    )


def overlaps(argument: Argument, scheme: ClassScheme) -> Iterator[Overlap]:
    """Yield each declared channel that takes acts of an earlier one, or of the principals' own, with the first such.

    Parameters
    ----------
    argument : Argument
        With principals, and channels whose ends are known.
    scheme : ClassScheme
        Roles that one scheme tells apart may be one class in another.
    """
    first, second = argument.principals or ("", "")
    pairs = frozenset({(first, second), (second, first)})
    seen = [_Takes("the principals' own", pairs, frozenset(scheme.classes))]
    for i, spec in enumerate(argument.channels):
        roles = (spec.role, *spec.includes)
        own = _Takes(
            spec.name or f"{spec.source} -> {spec.target} {spec.role}",
            directed_pairs(argument, i),
            frozenset(cls for role in roles for cls in scheme.classes_of(role)),
            frozenset(spec.actions),
            frozenset(spec.modes),
        )
        for other in seen:
            if act := _shared(own, other):
                yield Overlap(i, other.label, act)
                break
        seen.append(own)


def _shared(one: _Takes, other: _Takes) -> str:
    """Return an act that both take, or nothing."""
    pairs, classes = one.pairs & other.pairs, one.classes & other.classes
    apart = any(a and b and not a & b for a, b in ((one.actions, other.actions), (one.modes, other.modes)))
    if apart or not pairs or not classes:
        return ""
    source, target = min(pairs)
    return f"{source} -> {target} {min(classes)}"
