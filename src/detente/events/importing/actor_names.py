"""States, officials and agencies: how the actors of event data become codes, and a user's file that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import polars as pl

from detente.base.errors import DataError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.events.files.read_table import read_table
from detente.events.ontology.actors import ACTOR_CODE, LONGEST_CODE
from detente.events.ontology.null_words import NULL_WORDS
from detente.events.ontology.state_codes import state_forms

OFFICIAL_TYPES = ("GOV", "MIL", "COP", "SPY", "LEG", "JUD")
"""CAMEO's types of officials and agencies: government, military, police, intelligence, legislature, courts."""


BODIES: Mapping[str, str] = MappingProxyType(
    {
        "European Union": "EU",
        "European Commission": "EU",
        "European Council": "EU",
        "European Parliament": "EU",
        "Council of the European Union": "EU",
        "United Nations": "UN",
        "UN Security Council": "UN",
        "UN General Assembly": "UN",
        "North Atlantic Treaty Organization": "NATO",
        "International Atomic Energy Agency": "IAEA",
    }
)
"""Intergovernmental bodies that get a short code; a body's organ is written `Ministry (European Union)`."""


@dataclass(frozen=True)
class ActorNames:
    """What a user's file says of actors, before the rules of a format are asked.

    Attributes
    ----------
    becomes : Mapping[str, str]
        Code of an actor by what the file of events calls it, by its folded code, or of a country by its name; empty
        to leave its acts out.
    name : str or None
        The file it was read from.
    states : bool
        Whether states get their ISO 3166 code, in whatever form the file writes them.
    succession : bool
        Whether codes of former states are their successors' from the day of succession on.

    Examples
    --------
    >>> ActorNames({"Hezbollah": "LBN-HEZ"}).becomes["Hezbollah"]
    'LBN-HEZ'
    """

    becomes: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    states: bool = False
    succession: bool = False


def read_names(path: Path, limits: Limits = LIMITS) -> ActorNames:
    r"""Read a file that maps actors, within limits: columns from and to; an empty `to` leaves the actor's acts out.

    Raises
    ------
    DataError
        If it is no such table, or maps a name twice.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "map.csv"
    ...     _ = path.write_text("from,to\nHezbollah,LBN-HEZ\nCitizen (Japan),\n")
    ...     names = read_names(path)
    >>> names.becomes["Hezbollah"], names.becomes["Citizen (Japan)"]
    ('LBN-HEZ', '')
    """
    table = read_table(path, {"from": "text", "to": "text"}, limits)
    faults = [
        Fault("missing_column", name, where=table.name, hint="map_columns", table="a map of actors")
        for name in ("from", "to")
        if name not in table.columns.columns
    ]
    if faults:
        raise DataError(*faults)

    def twice(row: int) -> Fault:
        got, where = table.columns["from"][row], table.where(row)
        return Fault("given_twice", "from", got=got, where=where, hint="remove_one")

    def nothing(row: int) -> Fault:
        return Fault("required", "from", where=table.where(row), hint="name_actor_or_remove")

    def odd(row: int) -> Fault:
        got, where = table.columns["to"][row], table.where(row)
        hint = {"hint": "write_code", "example": "LBN-HEZ"}
        return Fault("not_an_actor_code", "to", got=got, where=where, most=LONGEST_CODE, **hint)

    table.refuse(table.columns["from"].is_null(), nothing)
    table.refuse(~table.columns["to"].str.contains(ACTOR_CODE).fill_null(value=True), odd)
    given = table.columns["from"]
    table.refuse(given.is_duplicated() & given.is_not_null() & ~given.is_first_distinct(), twice)
    if faults_found := table.faults():
        raise DataError(*faults_found)
    pairs = table.columns.select("from", pl.col("to").fill_null("")).iter_rows()
    return ActorNames(MappingProxyType(dict(pairs)), table.name)


def known(column: str, nobody: tuple[str, ...] = NULL_WORDS) -> pl.Expr:
    """Return a column of text with null where it says nothing."""
    value = pl.col(column).str.strip_chars()
    return pl.when(~value.is_in(nobody)).then(value)


def own_code(actor: pl.Expr, state: pl.Expr, official: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    """Return the code of actors by the rules of a format: the state of its officials, else their own; null for nobody.

    Parameters
    ----------
    actor : polars.Expr
        What the file calls the actor.
    state, official : polars.Expr
        The code of its state, null if unknown, and whether the actor speaks for it.
    otherwise : polars.Expr
        The code of a group.
    """
    code = pl.when(official & state.is_not_null()).then(state).otherwise(otherwise)
    return pl.when(actor.is_not_null()).then(code)


def wanted_code(names: ActorNames, actor: pl.Expr, code: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the code of actors after what the user says, and the line of the user's map that said it.

    Parameters
    ----------
    names : ActorNames
    actor, code : polars.Expr
        What the file calls the actor, and the code it would have.

    Returns
    -------
    code : polars.Expr
        Null where nobody is named; empty where the user leaves the actor out.
    by : polars.Expr
        The name in the map that was applied, null for none.
    """
    by = pl.lit(None, pl.String)
    if names.becomes:
        listed = list(names.becomes)
        by = pl.coalesce(pl.when(actor.is_in(listed)).then(actor), pl.when(code.is_in(listed)).then(code))
        code = pl.coalesce(by.replace_strict(dict(names.becomes), default=None, return_dtype=pl.String), code)
    if names.states:
        state = code.str.to_lowercase().replace_strict(
            dict(state_forms()), default=None, return_dtype=pl.String
        )
        code = pl.coalesce(state, code)
    return code, by


def slug(name: pl.Expr) -> pl.Expr:
    """Return a name as a code: letters and digits with hyphens between, so that an argument can name it."""
    code = name.str.replace_all(r"[^\p{L}\p{N}]+", "-").str.strip_chars("-")
    return pl.when(code != "").then(code)
