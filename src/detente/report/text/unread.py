"""What no mechanism reads and what the events cannot speak of, in words: why a lever changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from detente.report.text.actors import named
from detente.report.text.numbers import listed

if TYPE_CHECKING:
    from detente.studies.whatif.every_lever import Idle
    from detente.studies.whatif.unread import Unread
    from detente.studies.whatif.whatif import WhatIf

_MEDIATION = "mediation"
_NOT_MODELLED = {
    "talks": "talks (no channel takes acts that both do together)",
    "accords": "accords (no act done together that is known has the mode of an accord)",
    "force": "days of force (no act of force that is known is an ASSAULT or a COERCE)",
    "pressure": "pressure (no channel takes acts of pressure)",
    "deaths": "deaths (no act of force that is known has a toll)",
}


def unread_text(what: Unread, say: Callable[[str], str] = str) -> str:
    """Return what nothing reads, and what to add, without a full stop; `say` writes an actor's name.

    Examples
    --------
    >>> from detente.studies.whatif.unread import Unread
    >>> unread_text(Unread("acts", "OMN -> both", "OMN", "CONSULT", "mediation", ("good_offices",)))
    'no mechanism reads mediation of OMN in this argument: add good_offices'
    """
    if what.kind == "ended":
        return f"no fact {what.what} of {say(what.actor)} is in force, so there is none to end"
    add = f": add {' or '.join(what.readers)}" if what.readers else ", and no mechanism there is would"
    if what.kind == "fact":
        return f"no mechanism reads the fact {what.what} of {say(what.actor)} in this argument{add}"
    act = what.mode if what.mode == _MEDIATION else " ".join(filter(None, (what.action, what.mode)))
    return f"no mechanism reads {act} of {say(what.actor)} in this argument{add}"


def reasons(parts: Sequence[Unread], say: Callable[[str], str] = str) -> str:
    """Return all of what nothing reads as one clause; `say` writes an actor's name."""
    return "; ".join(dict.fromkeys(unread_text(part, say) for part in parts))


def not_modelled_text(names: Sequence[str]) -> str:
    """Return which outcomes have no number and why, as a sentence; empty where all have one.

    Examples
    --------
    >>> not_modelled_text(["deaths"])
    'Not modelled on these events: deaths (no act of force that is known has a toll).'
    """
    return (
        f"Not modelled on these events: {listed([_NOT_MODELLED[name] for name in names])}." if names else ""
    )


def why_inert(result: WhatIf) -> str:
    """Return why no future differs, without a full stop."""
    if all(dose.size == 0 for dose in result.doses):
        return "its size is 0"
    if result.unread:
        return reasons(result.unread, named(result.case))
    if result.drivers:
        return (
            f"it touches {len(result.drivers)} coefficients, but too little to change an act in any of "
            f"{result.futures:,} futures of {result.days:,} days: try more of it, an earlier day or more futures"
        )
    return "nothing that it holds or declares occurs in these futures"


def why_idle(idle: Idle, say: Callable[[str], str] = str) -> str:
    """Return why a lever of the overview is missing there, without a full stop."""
    return reasons(idle.why, say) or "this argument has no channel or third party for it"
