"""The cases that the server shows: each loaded when it is first asked for, and kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Lock

from detente.base.errors import ArgumentError, Fault
from detente.events.files.embedded import embedded_rivalries
from detente.lab.arguments import names_file
from detente.lab.case import Case, case_of
from detente.web.refusals import unknown


class Shelf:
    """Cases by the name that they have in addresses.

    Parameters
    ----------
    given : iterable of str, path or Case
        Rivalries, YAML files of arguments, or cases; every embedded rivalry, as it is today, if there is none.

    Raises
    ------
    ArgumentError
        If two have the same name.

    Examples
    --------
    >>> shelf = Shelf(["us-iran"])
    >>> shelf.names, shelf.case("us-iran").argument.argument
    (('us-iran',), 'essay')
    """

    def __init__(self, given: Iterable[str | Path | Case] = ()) -> None:
        self._given: dict[str, str | Path | Case] = {}
        self._locks: dict[str, Lock] = {}
        shipped = (name for name, rivalry in embedded_rivalries().items() if rivalry.revised)
        for one in tuple(given) or shipped:
            name = _name_of(one)
            if name in self._given:
                raise ArgumentError(Fault("given_twice", "case", got=name))
            self._given[name], self._locks[name] = one, Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order in which they were given."""
        return tuple(self._given)

    def case(self, name: str) -> Case:
        """Return a case, loading it if it is asked for the first time.

        Raises
        ------
        NothingHereError
            If there is none of this name.
        ArgumentError, DataError
            If it cannot be loaded.
        """
        if name not in self._given:
            raise unknown("case", name, self.names)
        with self._locks[name]:
            self._given[name] = found = case_of(self._given[name])
        return found


def _name_of(given: str | Path | Case) -> str:
    if isinstance(given, Case):
        return given.name
    return Path(given).stem if names_file(given) else str(given)
