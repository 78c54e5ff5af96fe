"""Actors: states, intergovernmental bodies, groups and armed groups, by code and with their patrons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest

KINDS = ("state", "igo", "group", "nonstate")
"""State, intergovernmental body, group of states, armed or other group that is no state."""

LONGEST_CODE = 200
ACTOR_CODE = r"^[\p{L}\p{N}][\p{L}\p{N}._+&'-]{0,199}$"
"""What the code of an actor looks like, as a pattern for Polars: nothing that is markup, a formula or a path."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts or is acted on.

    Attributes
    ----------
    code : str
        The code used as source and target of events.
    name : str
    kind : str
        One of `KINDS`.
    patron : str or None
        Code of the actor this one leans on or acts for.

    Examples
    --------
    >>> Actor("SUN", "Soviet Union", "state").iso3, Actor("UN", "United Nations", "igo").iso3
    ('SUN', None)
    """

    code: str
    name: str
    kind: str
    patron: str | None = None

    @property
    def iso3(self) -> str | None:
        """ISO 3166 alpha-3 code, of a present or a former state; None for all other actors."""
        return self.code if self.kind == "state" and self.code in _iso3_codes() else None


@dataclass(frozen=True)
class Actors:
    """The actors of a chronicle, in the order their list gives them.

    Examples
    --------
    >>> actors = Actors.of(
    ...     [Actor("IRN", "Iran", "state"), Actor("LBN-HEZ", "Hezbollah", "nonstate", "IRN")]
    ... )
    >>> actors["LBN-HEZ"].patron, [a.code for a in actors.clients_of("IRN")], "USA" in actors
    ('IRN', ['LBN-HEZ'], False)
    """

    by_code: Mapping[str, Actor]

    @classmethod
    def of(cls, actors: Iterable[Actor], where: Mapping[int, str] | None = None) -> Actors:
        """Gather actors into a list in which every patron is known.

        Parameters
        ----------
        actors : iterable of Actor
        where : mapping from position to place, optional
            Where each actor was read, for the messages.

        Raises
        ------
        DataError
            One fault for each empty or repeated code, unknown kind, unknown patron and circle of patrons.
        """
        listed = list(actors)
        place = (where or {}).get
        faults: list[Fault] = []
        by_code: dict[str, Actor] = {}
        for i, actor in enumerate(listed):
            if not actor.code:
                faults.append(Fault("required", "actor code", where=place(i)))
            elif actor.code in by_code:
                faults.append(Fault("given_twice", "actor code", got=actor.code, where=place(i)))
            by_code.setdefault(actor.code, actor)
            if not actor.name:
                faults.append(Fault("required", "actor name", where=place(i)))
            if actor.kind not in KINDS:
                near, where_ = suggest(actor.kind, KINDS, known=False), place(i)
                faults.append(
                    Fault("not_one_of", "actor type", got=actor.kind, where=where_, choices=KINDS, **near)
                )
        for i, actor in enumerate(listed):
            if actor.patron is not None and actor.patron not in by_code:
                hint = suggest(actor.patron, by_code, known=False) or {"hint": "list_patron"}
                faults.append(Fault("not_an_actor", "patron", got=actor.patron, where=place(i), **hint))
        faults += _circles(listed, by_code, place)
        if faults:
            raise DataError(*faults)
        return cls(MappingProxyType(by_code))

    def __getitem__(self, code: str) -> Actor:
        if code not in self.by_code:
            near = suggest(code, self.by_code, known=False)
            raise DataError(Fault("not_an_actor", "actor", got=code, **near))
        return self.by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Actor]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the list's order."""
        return tuple(self.by_code)

    def clients_of(self, code: str) -> tuple[Actor, ...]:
        """Return the actors whose patron this is, in the list's order."""
        return tuple(actor for actor in self if actor.patron == code)

    def principal_of(self, code: str) -> Actor:
        """Return the patron of the patron, and so on: the actor itself if it has none.

        Raises
        ------
        DataError
            If the code is not listed.
        """
        actor = self[code]
        while actor.patron is not None:
            actor = self[actor.patron]
        return actor


def _circles(
    listed: list[Actor], by_code: Mapping[str, Actor], place: Callable[[int], str | None]
) -> Iterator[Fault]:
    done: set[str] = set()
    for i, actor in enumerate(listed):
        chain: list[str] = []
        at: Actor | None = actor
        while at is not None and at.code not in done and at.code not in chain:
            chain.append(at.code)
            at = by_code.get(at.patron) if at.patron is not None else None
        if at is not None and at.code in chain:
            circle = " -> ".join([*chain[chain.index(at.code) :], at.code])
            yield Fault("own_patron", "patron", got=circle, where=place(i))
        done.update(chain)


@cache
def _iso3_codes() -> frozenset[str]:
    # Imported late: reading pycountry's tables takes longer than everything else in this package.
    from pycountry import countries, historic_countries

    return frozenset(country.alpha_3 for table in (countries, historic_countries) for country in table)
