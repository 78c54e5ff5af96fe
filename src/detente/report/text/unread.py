"""What no mechanism reads and what the events cannot speak of, in words: why a lever changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from detente.report.languages.formats import listed
from detente.report.languages.language import _, for_later, word
from detente.report.text.actors import named
from detente.report.text.numbers import clauses

if TYPE_CHECKING:
    from detente.studies.whatif.every_lever import Idle
    from detente.studies.whatif.unread import Unread
    from detente.studies.whatif.whatif import WhatIf

_MEDIATION = "mediation"
_NOT_MODELLED = {
    "talks": for_later("talks (no channel takes acts that both do together)"),
    "accords": for_later("accords (no act done together that is known has the mode of an accord)"),
    "force": for_later("days of force (no act of force that is known is an ASSAULT or a COERCE)"),
    "pressure": for_later("pressure (no channel takes acts of pressure)"),
    "deaths": for_later("deaths (no act of force that is known has a toll)"),
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
        return _("no fact {fact} of {actor} is in force, so there is none to end").format(
            fact=word(what.what), actor=say(what.actor)
        )
    if what.kind == "fact":
        said = (
            _("no mechanism reads the fact {what} of {actor} in this argument: add {mechanisms}")
            if what.readers
            else _(
                "no mechanism reads the fact {what} of {actor} in this argument, and no mechanism there is would"
            )
        )
        act = word(what.what)
    else:
        said = (
            _("no mechanism reads {what} of {actor} in this argument: add {mechanisms}")
            if what.readers
            else _("no mechanism reads {what} of {actor} in this argument, and no mechanism there is would")
        )
        parts = (what.mode,) if what.mode == _MEDIATION else (what.action, what.mode)
        act = " ".join(word(part) for part in parts if part)
    mechanisms = _(" or ").join(what.readers)
    return said.format(what=act, actor=say(what.actor), mechanisms=mechanisms)


def reasons(parts: Sequence[Unread], say: Callable[[str], str] = str) -> str:
    """Return all of what nothing reads as one clause; `say` writes an actor's name."""
    return clauses(dict.fromkeys(unread_text(part, say) for part in parts))


def not_modelled_text(names: Sequence[str]) -> str:
    """Return which outcomes have no number and why, as a sentence; empty where all have one.

    Examples
    --------
    >>> not_modelled_text(["deaths"])
    'Not modelled on these events: deaths (no act of force that is known has a toll).'
    """
    if not names:
        return ""
    outcomes = listed([_(_NOT_MODELLED[name]) for name in names])
    return _("Not modelled on these events: {outcomes}.").format(outcomes=outcomes)


def why_inert(result: WhatIf) -> str:
    """Return why no future differs, without a full stop."""
    if all(dose.size == 0 for dose in result.doses):
        return _("its size is 0")
    if result.unread:
        return reasons(result.unread, named(result.case))
    if result.drivers:
        return _(
            "it touches {n} coefficients, but too little to change an act in any of {futures} futures of {days} days: "
            "try more of it, an earlier day or more futures"
        ).format(n=len(result.drivers), futures=f"{result.futures:,}", days=f"{result.days:,}")
    return _("nothing that it holds or declares occurs in these futures")


def why_idle(idle: Idle, say: Callable[[str], str] = str) -> str:
    """Return why a lever of the overview is missing there, without a full stop."""
    return reasons(idle.why, say) or _("this argument has no channel or third party for it")
