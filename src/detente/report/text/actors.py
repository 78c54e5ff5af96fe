"""The names of actors, where a rivalry has a list of them or a code is that of a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.lab.case import Case


def names_of(case: Case) -> Mapping[str, str]:
    """Return the names of a case's actors by code: of the rivalry's own list, else of states and bodies by ISO's code.

    A code that stands for nobody known has no name.
    """
    from detente.events.files.embedded import embedded_actors, embedded_rivalries

    if case.rivalry not in embedded_rivalries():
        return _states()
    actors = embedded_actors(case.rivalry)
    return {code: actors[code].name for code in actors.codes}


def named(case: Case) -> Callable[[str], str]:
    """Return a function that writes an actor's name with its code; the code alone where it has no name.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> say = named(load_case("us-iran"))
    >>> say("OMN"), say("nobody")
    ('Oman (OMN)', 'nobody')
    """
    names = names_of(case)
    return lambda code: f"{names[code]} ({code})" if names.get(code, code) != code else code


def legend(case: Case, codes: Iterable[str]) -> str:
    """Return which actor each code stands for, in one line; empty where none has a name."""
    names = names_of(case)
    told = [f"{code} {names[code]}" for code in dict.fromkeys(codes) if names.get(code, code) != code]
    return f"Actors: {', '.join(told)}." if told else ""


@cache
def _states() -> Mapping[str, str]:
    """Return the shortest of ISO's names of every state by its code, and the names of bodies."""
    from pycountry import countries, historic_countries

    from detente.events.importing.actor_names import BODIES

    names = {country.alpha_3: country.name for country in historic_countries}
    for country in countries:
        names[country.alpha_3] = getattr(country, "common_name", country.name)
    for name, code in BODIES.items():
        names.setdefault(code, name)
    return MappingProxyType(names)
