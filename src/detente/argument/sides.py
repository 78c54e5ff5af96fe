"""Who belongs to which principal, for the rules of phases."""

from __future__ import annotations

from datetime import date

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.base.errors import ArgumentError, Fault
from detente.events.phases import Sides


def sides_of(argument: Argument, until: date) -> Sides:
    """Return who stands where in an argument, with its sieges as they could be known on each day before `until`.

    A siege counts from the day it was known. On or after `until` none counts: when it ends, if it lasts, is not known.
    Gaps end by `until` too: on futures every act is known.

    Raises
    ------
    ArgumentError
        If the argument has no principals.
    """
    if argument.principals is None:
        raise ArgumentError(Fault("required", "principals", where=argument.argument, hint="give_principals"))
    one, two = argument.principals
    parties = argument.parties.values()

    def members(field: str, principal: str) -> tuple[str, ...]:
        chosen = (p.members for p in parties if getattr(p, field) == principal)
        return tuple(dict.fromkeys(code for group in chosen for code in group))

    known = [
        (max(s.start, s.known_from), until if s.end is None else min(s.end, until)) for s in argument.sieges
    ]
    return Sides(
        (one, two),
        (members("ally_of", one), members("ally_of", two)),
        (members("side", one), members("side", two)),
        tuple(Window(start, end) for start, end in known if start < end),
        tuple(Window(g.start, min(g.end, until)) for g in argument.gaps if g.start < until),
    )
