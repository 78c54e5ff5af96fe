"""Why a lever cannot act, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.studies.whatif.every_lever import Idle
    from detente.studies.whatif.unread import Unread
    from detente.studies.whatif.whatif import WhatIf

_MEDIATION = "mediation"


def unread_text(what: Unread) -> str:
    """Return what nothing reads, and what to add, without a full stop.

    Examples
    --------
    >>> from detente.studies.whatif.unread import Unread
    >>> unread_text(Unread("acts", "OMN -> both", "OMN", "CONSULT", "mediation", ("good_offices",)))
    'no mechanism reads mediation of OMN in this argument: add good_offices'
    """
    if what.kind == "ended":
        return f"no fact {what.what} of {what.actor} is in force, so there is none to end"
    add = f": add {' or '.join(what.readers)}" if what.readers else ", and no mechanism there is would"
    if what.kind == "fact":
        return f"no mechanism reads the fact {what.what} of {what.actor} in this argument{add}"
    act = what.mode if what.mode == _MEDIATION else " ".join(filter(None, (what.action, what.mode)))
    return f"no mechanism reads {act} of {what.actor} in this argument{add}"


def reasons(parts: Sequence[Unread]) -> str:
    """Return all of what nothing reads as one clause."""
    return "; ".join(dict.fromkeys(unread_text(part) for part in parts))


def why_inert(result: WhatIf) -> str:
    """Return why no future differs, without a full stop."""
    if all(dose.size == 0 for dose in result.doses):
        return "its size is 0"
    if result.unread:
        return reasons(result.unread)
    if result.drivers:
        return (
            f"it touches {len(result.drivers)} coefficients, but too little to change an act in any of "
            f"{result.futures:,} futures of {result.days:,} days: try more of it, an earlier day or more futures"
        )
    return "nothing that it holds or declares occurs in these futures"


def why_idle(idle: Idle) -> str:
    """Return why a lever of the overview is missing there, without a full stop."""
    return reasons(idle.why) or "this argument has no channel or third party for it"
