"""Who belongs to which principal, for the rules of phases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.base.errors import ArgumentError, Fault
from detente.events.phases import Sides


def sides_of(argument: Argument, until: date, gaps: Iterable[Window]) -> Sides:
    """Return who stands where in an argument, with its sieges as they could be known on each day before `until`.

    A siege counts from the day it was known. On or after `until` none counts: when it ends, if it lasts, is not known.

    Parameters
    ----------
    argument : Argument
    until : date
    gaps : iterable of Window
        Of the chronicle; see `gaps_of`.

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
        gaps_of(argument, until, gaps),
    )


def gaps_of(argument: Argument, until: date, gaps: Iterable[Window]) -> tuple[Window, ...]:
    """Return the stretches that nobody covers: those that an argument declares, and those of its chronicle.

    They end by `until`: on futures every act is known.
    """
    declared = (Window(gap.start, gap.end) for gap in argument.gaps)
    every = (gap for gap in (*declared, *gaps) if gap.start < until)
    return tuple(Window(gap.start, min(gap.end, until)) for gap in every)
