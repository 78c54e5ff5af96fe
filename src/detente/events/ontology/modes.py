"""Modes that the program itself reads something into, and the kinds of acts that a class may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from detente.events.ontology.actions import APPEAL, PLOVER, STATEMENT, action_names, intensity_of
from detente.events.ontology.classes import VERBAL_COOPERATION, default_class, scheme_of

TRUCES = ("ceasefire", "stand-down", "truce")
"""Modes of an AGREE, or of giving way, that end hostilities."""

BREAKS = (
    "walkout",
    "talks-cancelled",
    "talks-suspended",
    "suspension",
    "talks-delayed",
    "delay",
    "withdrawal",
)
"""Modes of a REJECT that break talks."""

NO_STRIKES = ("cyber", "rescue", "rescue-raid", "sabotage", "drone-shootdown")
"""Modes of an ASSAULT that are no strikes."""

ACCORDS = (
    "accord",
    "framework",
    "interim-deal",
    "roadmap",
    "prisoner-deal",
    "memorandum",
    "ceasefire",
)
"""Modes of an AGREE that make it more than a meeting's record, in any chronicle."""

GIVING_WAY = ("YIELD", "CONCEDE", "RETREAT")
"""PLOVER writes CONCEDE or RETREAT where Détente writes YIELD."""

_NAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"AGREE": tuple(dict.fromkeys(TRUCES + ACCORDS)), "REJECT": BREAKS, "ASSAULT": NO_STRIKES}
    | dict.fromkeys(GIVING_WAY, TRUCES)
)
_MEETING = ("AGREE", "CONSULT")


@dataclass(frozen=True, slots=True)
class ActKind:
    """An action in a mode, with its intensity."""

    action: str
    mode: str | None
    intensity: float


def kinds_of_class(class_: str, scheme: str, codebook: str, *, modes: bool) -> tuple[ActKind, ...]:
    """Return what acts of a class may be under a codebook: its actions, plain and in the modes that have a name.

    Parameters
    ----------
    class_, scheme, codebook : str
    modes : bool
        Whether the data have modes; where they have none, actions are plain.

    Examples
    --------
    >>> [kind.action for kind in kinds_of_class("force", "detente", "detente", modes=False)]
    ['MOBILIZE', 'COERCE', 'ASSAULT']
    >>> "ceasefire" in [kind.mode for kind in kinds_of_class("joint", "detente", "detente", modes=True)]
    True
    """
    return tuple(
        ActKind(action, mode, _intensity_of(action, mode, codebook, class_))
        for action in action_names(codebook)
        for mode in (None, *(_modes_of(action, codebook) if modes else ()))
        if class_ in _classes_of(action, mode, scheme, codebook)
    )


def _modes_of(action: str, codebook: str) -> tuple[str, ...]:
    coded = tuple(PLOVER[action].modes) if codebook == "plover" else ()
    return tuple(dict.fromkeys((*_NAMED.get(action, ()), *coded)))


def _classes_of(action: str, mode: str | None, scheme: str, codebook: str) -> tuple[str, ...]:
    if action in (STATEMENT, APPEAL):
        return (VERBAL_COOPERATION,)
    own = default_class(action, mode, "detente" if codebook == "detente" else "plover")
    classes = scheme_of(scheme)
    if own not in classes.classes:
        own = scheme_of("detente").quad_of(own)
    return (own, classes.joint_class) if classes.joint_class and action in _MEETING else (own,)


def _intensity_of(action: str, mode: str | None, codebook: str, class_: str) -> float:
    if action in (STATEMENT, APPEAL):
        return 0.0
    return intensity_of(action, mode, "detente" if codebook == "detente" else "plover", class_)
