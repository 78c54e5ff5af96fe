"""The names of actors, where a rivalry has a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.lab.case import Case


def names_of(case: Case) -> Mapping[str, str]:
    """Return the names of a case's actors by code; empty for an event file, whose codes speak for themselves."""
    from detente.events.files.embedded import embedded_actors, embedded_rivalries

    if case.rivalry not in embedded_rivalries():
        return {}
    actors = embedded_actors(case.rivalry)
    return {code: actors[code].name for code in actors.codes}
