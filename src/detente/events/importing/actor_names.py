"""States, officials and agencies: how the actors of event data become codes, and a user's file that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import polars as pl

from detente.base.errors import DataError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.events.files.read_table import read_table
from detente.events.ontology.actors import ACTOR_CODE, LONGEST_CODE

NOBODY = ("", "NA", "None")
"""What the formats write where they know no actor, country or sector."""


OFFICIAL_TYPES = ("GOV", "MIL", "COP", "SPY", "LEG", "JUD")
"""CAMEO's types of officials and agencies: government, military, police, intelligence, legislature, courts."""


_SPELLINGS = {
    "Burma": "MMR",
    "Cape Verde": "CPV",
    "Cote d'Ivoire": "CIV",
    "Czech Republic": "CZE",
    "Democratic Republic of Congo": "COD",
    "East Timor": "TLS",
    "Holy See": "VAT",
    "Iran": "IRN",
    "Ivory Coast": "CIV",
    "Kosovo": "XKX",
    "Laos": "LAO",
    "Macao": "MAC",
    "Macedonia": "MKD",
    "Micronesia": "FSM",
    "Moldova": "MDA",
    "North Korea": "PRK",
    "Occupied Palestinian Territory": "PSE",
    "Palestinian Territory, Occupied": "PSE",
    "Russia": "RUS",
    "South Korea": "KOR",
    "Swaziland": "SWZ",
    "Syria": "SYR",
    "Tanzania": "TZA",
    "Turkey": "TUR",
    "United States": "USA",
    "Vatican": "VAT",
    "Venezuela": "VEN",
    "Vietnam": "VNM",
    "the former Yugoslav Republic of Macedonia": "MKD",
}


# CAMEO and KEDS name some states, present and past, by codes that ISO 3166 does not have.
_OLD_CODES = frozenset(("CZA", "GME", "GMW", "PAL", "ROM", "SCG", "TMP", "USR", "XKX", "YMN", "YMS", "ZAR"))
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


@cache
def state_names() -> Mapping[str, str]:
    """Return the ISO 3166 alpha-3 code of every state by its names: those of ISO, and those ICEWS writes.

    Examples
    --------
    >>> state_names()["Russian Federation"], state_names()["South Korea"], state_names()["Kosovo"]
    ('RUS', 'KOR', 'XKX')
    """
    from pycountry import countries, historic_countries

    names = {country.name: country.alpha_3 for country in historic_countries}
    for country in countries:
        for kind in ("name", "official_name", "common_name"):
            if name := getattr(country, kind, None):
                names[name] = country.alpha_3
    return MappingProxyType(names | _SPELLINGS)


@cache
def state_codes() -> frozenset[str]:
    """Return the codes that stand for a state, ISO's and the old ones that CAMEO and KEDS keep.

    Examples
    --------
    >>> "IRN" in state_codes(), "USR" in state_codes(), "IGO" in state_codes()
    (True, True, False)
    """
    return frozenset(state_names().values()) | _OLD_CODES


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

    Examples
    --------
    >>> ActorNames({"Hezbollah": "LBN-HEZ"}).becomes["Hezbollah"]
    'LBN-HEZ'
    """

    becomes: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None


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


def known(column: str, nobody: tuple[str, ...] = NOBODY) -> pl.Expr:
    """Return a column of text with null where the format knows nothing."""
    value = pl.col(column).str.strip_chars()
    return pl.when(~value.is_in(nobody)).then(value)


def folded(
    names: ActorNames, actor: pl.Expr, state: pl.Expr, official: pl.Expr, otherwise: pl.Expr
) -> pl.Expr:
    """Return the code of actors: what the user's file says, else the state of its officials, else their own.

    Parameters
    ----------
    names : ActorNames
    actor : polars.Expr
        What the file calls the actor.
    state, official : polars.Expr
        The code of its state, null if unknown, and whether the actor speaks for it.
    otherwise : polars.Expr
        The code of a group.

    Returns
    -------
    polars.Expr
        Null where nobody is named; empty where the user leaves the actor out.
    """
    code = pl.when(official & state.is_not_null()).then(state).otherwise(otherwise)
    if not names.becomes:
        return code
    renamed = code.replace(dict(names.becomes))
    return pl.coalesce(
        actor.replace_strict(dict(names.becomes), default=None, return_dtype=pl.String), renamed
    )


def slug(name: pl.Expr) -> pl.Expr:
    """Return a name as a code: letters and digits with hyphens between, so that an argument can name it."""
    code = name.str.replace_all(r"[^\p{L}\p{N}]+", "-").str.strip_chars("-")
    return pl.when(code != "").then(code)
