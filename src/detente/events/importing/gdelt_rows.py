"""Rows of GDELT's event exports, which both of its versions share."""

from __future__ import annotations

import polars as pl

from detente.events.importing.actor_names import OFFICIAL_TYPES, own_code
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    NAME,
    STATE,
    as_said,
    eight_digits,
    first_of,
    judged,
    not_cameo,
    once,
    padded,
    side,
    without_point,
)

_ACTOR = ("Code", "CountryCode", "KnownGroupCode", "Type1Code", "Type2Code", "Type3Code")
_KEYS = {which: [f"Actor{n}{what}" for what in _ACTOR] for which, n in (("source", 1), ("target", 2))}
_DAY = ("SQLDATE", "MonthYear", "Year", "DATEADDED")
_ACT = ("EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "IsRootEvent")
_GEO_1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO_2 = (*_GEO_1[:4], "ADM2Code", *_GEO_1[4:])
USED = ("GLOBALEVENTID", *_DAY, *_KEYS["source"], *_KEYS["target"], *_ACT, "ActionGeo_FullName")
"""The columns that are read."""


TOLD = {
    "date": ("SQLDATE",),
    "actor": ("Actor1Code", "Actor2Code"),
    "code": ("EventCode",),
    "zeros": ("EventCode", "EventRootCode"),
    "contradiction": (*_DAY, *_ACT),
}
"""The columns that show what is wrong with a row."""


MARKS = {
    "GLOBALEVENTID": "^[0-9]+$",
    "SQLDATE": "^[0-9]{8}$",
    "MonthYear": "^[0-9]{6}$",
    "Year": "^[0-9]{4}$",
}
"""What a first row without a header looks like."""


_VERBAL_COOPERATION, _MATERIAL_COOPERATION, _VERBAL_CONFLICT, _ROOTS = 5, 9, 14, 20


def quad_classes() -> dict[str, str]:
    """Return GDELT's own QuadClass by root: 01–05, 06–09, 10–14 and 15–20.

    That of our scheme is another (06–08, 09–13): it is worked out from the code, and this one only checked.

    Examples
    --------
    >>> [quad_classes()[root] for root in ("05", "09", "14", "15")]
    ['1', '2', '3', '4']
    """
    last = (_VERBAL_COOPERATION, _MATERIAL_COOPERATION, _VERBAL_CONFLICT)
    return {f"{root:02}": str(1 + sum(root > each for each in last)) for root in range(1, _ROOTS + 1)}


def shapes(last: tuple[str, ...], *, second: bool) -> dict[int, tuple[str, ...]]:
    """Return the names of all columns by their number; the first version had fewer in its first years."""
    actor = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
    event = (
        "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources "
        "NumArticles AvgTone"
    )
    columns = (
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{n}{what}" for n in (1, 2) for what in actor.split()),
        *event.split(),
        *(
            f"{whose}Geo_{what}"
            for whose in ("Actor1", "Actor2", "Action")
            for what in (_GEO_2 if second else _GEO_1)
        ),
    )
    if second:
        return {len(columns) + len(last): (*columns, *last)}
    return {len(columns) + n: (*columns, *last[:n]) for n in range(1, len(last) + 1)}


def gdelt_events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of GDELT 1.0 or 2.0: type codes tell officials, and its columns say the day and the root twice."""
    types = [pl.col(f"_type{n}") for n in (1, 2, 3)]
    official = pl.any_horizontal(*(kind.is_in(OFFICIAL_TYPES).fill_null(value=False) for kind in types))
    official |= (NAME == STATE).fill_null(value=False)
    own = own_code(NAME, STATE, official & pl.col("_group").is_null(), NAME)
    for which, keys in _KEYS.items():
        what = dict(zip(("name", "state", "group", "type1", "type2", "type3"), keys, strict=True))
        frame = once(frame, keys, as_said(**what), *side(which, options, own))
    day, added = pl.col("SQLDATE"), pl.col("DATEADDED")
    agree = (
        (pl.col("MonthYear") == day.str.head(6))
        & (pl.col("Year") == day.str.head(4))
        & added.str.contains(r"^(?:[0-9]{8}|[0-9]{14})$")
        & (added.str.head(8) >= day)
    )
    date = eight_digits("SQLDATE")
    wrong = first_of(("date", date.is_null()), ("contradiction", ~agree.fill_null(value=False)))
    frame = once(frame, _DAY, [date.alias("date"), wrong.alias("day why")])
    code, given = pl.col("_code"), pl.col("EventCode")
    root, base = pl.col("_root"), pl.col("_base")
    two = without_point(pl.col("EventRootCode"))
    steps = [
        pl.when(two.str.len_bytes() == 1).then(pl.lit("0") + two).otherwise(two).alias("_root"),
        padded(given, two).alias("_code"),
        padded(pl.col("EventBaseCode"), two).alias("_base"),
    ]
    agree = (
        (root == code.str.head(2))
        & code.str.starts_with(base)
        & (pl.col("QuadClass") == root.replace_strict(quad_classes(), default=None, return_dtype=pl.String))
        & pl.col("IsRootEvent").is_in(["0", "1"])
    )
    wrong = first_of(
        ("code", not_cameo(code)),
        ("contradiction", ~agree.fill_null(value=False)),
    )
    said = [
        code.cast(pl.Categorical).alias("code"),
        wrong.alias("act why"),
        pl.when(code != given).then(pl.lit("padded")).cast(pl.Categorical).alias("note"),
    ]
    return judged(once(frame, _ACT, steps, said))
