"""States by the codes of the Correlates of War, and the other codes and names that the files use for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from detente.base.errors import ArgumentError, Fault
from detente.events.ontology.state_codes import code_table

_FROM_GW = {260: 255, 340: 345}
_GERMANY, _WEST_GERMANY, _YEMEN, _NORTH_YEMEN = 255, 260, 679, 678
_DIVIDED = range(1955, 1990)


@cache
def _table() -> tuple[dict[int, str], dict[str, int], dict[str, int]]:
    """Return names by code, codes by any name, and codes by the three letters of ISO 3166."""
    rows = {int(row["number"]): row for row in code_table("states.csv")}
    names = {code: row["name"] for code, row in rows.items() if row["name"]}
    any_name = {
        name: code for code, row in rows.items() for name in (row["name"], *row["also"].split(";")) if name
    }
    return names, any_name, {row["iso"]: code for code, row in rows.items() if row["iso"]}


def state_name(code: int) -> str:
    """Return a state's name, or its code if it has none here.

    Examples
    --------
    >>> state_name(750), state_name(1)
    ('India', '1')
    """
    return _table()[0].get(code, str(code))


def code_named(name: str, year: int) -> int | None:
    """Return the code of a name in a year, or None if it is not one state.

    Examples
    --------
    >>> code_named("Germany", 1970), code_named("Germany", 1995), code_named("EU", 1995)
    (260, 255, None)
    """
    code = _table()[1].get(name)
    return None if code is None else in_year(code, year)


def in_year(code: int, year: int) -> int:
    """Return the code that the Correlates of War give a state in a year: Germany and Yemen change theirs in 1990."""
    if code in (_GERMANY, _WEST_GERMANY):
        return _WEST_GERMANY if year in _DIVIDED else _GERMANY
    if code in (_YEMEN, _NORTH_YEMEN):
        return _NORTH_YEMEN if year < _DIVIDED.stop else _YEMEN
    return code


def from_gw(code: int, year: int) -> int:
    """Return the code of a state that a file names by Gleditsch and Ward's.

    Examples
    --------
    >>> from_gw(340, 1999), from_gw(678, 1995), from_gw(678, 1985)
    (345, 679, 678)
    """
    return in_year(_FROM_GW.get(code, code), year)


def pair_of(actors: Sequence[str]) -> tuple[int, int] | None:
    """Return the codes of two actors named by ISO's three letters, in order; None if one is no state here.

    Examples
    --------
    >>> pair_of(["PAK", "IND"]), pair_of(["EU", "IND"])
    ((750, 770), None)
    """
    codes = [_table()[2].get(actor[:3] if len(actor) == 3 else actor) for actor in actors]
    if len(codes) != 2 or codes[0] is None or codes[1] is None:
        return None
    return min(codes[0], codes[1]), max(codes[0], codes[1])


def pair_given(actors: Sequence[str]) -> tuple[int, int]:
    """Return the codes of a pair that a user names.

    Raises
    ------
    ArgumentError
        If it is not two different states.
    """
    found = pair_of(actors)
    if found is None or found[0] == found[1]:
        raise ArgumentError(Fault("not_two_states", "without", got=tuple(actors), hint="two_states"))
    return found
