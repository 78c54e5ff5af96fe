"""States by their codes and names: ISO 3166, Correlates of War, Gleditsch and Ward, and what data sets write."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

# CAMEO and KEDS name some states, present and past, by codes that ISO 3166 does not have.
_OLD_CODES = frozenset(("CZA", "GME", "GMW", "PAL", "ROM", "SCG", "TMP", "USR", "XKX", "YMN", "YMS", "ZAR"))

# What those codes, and others of event data, mean; only where they mean nothing else in ISO 3166.
_ALIASES = {
    "CZA": "CSK",
    "GME": "DDR",
    "GMW": "DEU",
    "KOS": "XKX",
    "KSV": "XKX",
    "MTN": "MNE",
    "PAL": "PSE",
    "ROM": "ROU",
    "SUN": "SUN",
    "TMP": "TLS",
    "USR": "SUN",
    "YMN": "YEM",
    "YMS": "YMD",
    "ZAR": "COD",
}


@dataclass(frozen=True, slots=True)
class Succession:
    """A code of a state that is another's from a day on.

    Attributes
    ----------
    old, new : str
    start : date
    """

    old: str
    new: str
    start: date


@cache
def state_names() -> Mapping[str, str]:
    """Return the code of every state by its names: those of ISO 3166 (alpha-3), and those data sets write.

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
    return MappingProxyType(names | {row["name"]: row["code"] for row in code_table("spellings.csv")})


@cache
def state_codes() -> frozenset[str]:
    """Return the codes that stand for a state, ISO's and the old ones that CAMEO and KEDS keep.

    Examples
    --------
    >>> "IRN" in state_codes(), "USR" in state_codes(), "IGO" in state_codes()
    (True, True, False)
    """
    return frozenset(state_names().values()) | _OLD_CODES


@cache
def iso2_codes() -> Mapping[str, str]:
    """Return the alpha-3 code of ISO 3166 by the alpha-2 code.

    Examples
    --------
    >>> iso2_codes()["NA"], iso2_codes()["IN"]
    ('NAM', 'IND')
    """
    from pycountry import countries

    return MappingProxyType({country.alpha_2: country.alpha_3 for country in countries})


@cache
def state_numbers() -> Mapping[str, str]:
    """Return codes of states by the numbers of Correlates of War and of Gleditsch and Ward.

    Notes
    -----
    Where the two differ, both numbers are in the table: 255 and 260 are Germany, 345 is Yugoslavia and 340 Serbia.
    365 is Russia at all times.

    Examples
    --------
    >>> [state_numbers()[number] for number in ("2", "200", "750", "365")]
    ['USA', 'GBR', 'IND', 'RUS']
    """
    return MappingProxyType({row["number"]: row["code"] for row in code_table("states.csv")})


@cache
def state_forms() -> Mapping[str, str]:
    """Return the code of a state by every form it is written in, in small letters.

    Examples
    --------
    >>> state_forms()["ukg"], state_forms()["united kingdom"]
    ('GBR', 'GBR')
    """
    abbreviations = {row["abbreviation"]: row["code"] for row in code_table("states.csv")}
    names = {name.casefold(): code for name, code in state_names().items()}
    codes = {code: code for code in state_codes()}
    forms = {**abbreviations, **iso2_codes(), **codes, **_ALIASES}
    return MappingProxyType(names | {form.casefold(): code for form, code in forms.items()})


def state_of(text: str) -> str | None:
    """Return the code of the state that a code or a name in any form stands for, or None.

    Codes of three letters are ISO's where ISO has them, else those of KEDS, CAMEO and Correlates of War.

    Examples
    --------
    >>> [state_of(text) for text in ("IN", "ind", "India", "UKG", "USR", "LBN-HEZ")]
    ['IND', 'IND', 'IND', 'GBR', 'SUN', None]
    """
    return state_forms().get(text.strip().casefold())


def look_alikes(actors: Iterable[str], codebook: str | None = None) -> tuple[tuple[str, ...], ...]:
    """Return the groups of actors that look like one: forms of one state, or one name in different letters.

    Files in WEIS have codes of their own, in which AUS is Austria and AUL Australia: there only letters count.

    Examples
    --------
    >>> look_alikes(["IND", "Pakistan", "PK", "India", "Mongol", "MONGOL", "USA"])
    (('IND', 'India'), ('MONGOL', 'Mongol'), ('PK', 'Pakistan'))
    """
    groups = defaultdict(list)
    for actor in sorted(set(actors)):
        plain = "".join(letter for letter in actor.casefold() if letter.isalnum())
        state = None if codebook == "weis" else state_of(actor) or state_of(actor.replace("-", " "))
        groups[state or plain].append(actor)
    return tuple(sorted(tuple(group) for group in groups.values() if len(group) > 1))


@cache
def successions() -> tuple[Succession, ...]:
    """Return which codes of states are another's from which day on.

    Notes
    -----
    Days are those of Correlates of War and of Gleditsch and Ward. East Germany, Czechoslovakia and South Yemen have one
    successor here, which took their seat or most of their people; others are for a map to say.

    Examples
    --------
    >>> [(each.new, each.start.year) for each in successions() if each.old == "YUG"]
    [('SCG', 2003), ('SRB', 2006)]
    """
    rows = code_table("succession.csv")
    return tuple(Succession(row["old"], row["new"], date.fromisoformat(row["from"])) for row in rows)


@cache
def code_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table in ``data/codes``.

    Examples
    --------
    >>> next(row["name"] for row in code_table("states.csv") if row["number"] == "750")
    'India'
    """
    text = (resources.files("detente") / "data" / "codes" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
