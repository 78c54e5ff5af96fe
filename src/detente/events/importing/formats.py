"""What a row of each format says: its day, its two actors and its act, and why it is refused or left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import polars as pl

from detente.base.printable import CONTROL
from detente.events.importing.actor_names import (
    BODIES,
    NOBODY,
    OFFICIAL_TYPES,
    ActorNames,
    folded,
    known,
    slug,
    state_codes,
    state_names,
)
from detente.events.ontology.actions import PLOVER
from detente.events.ontology.actors import ACTOR_CODE
from detente.events.ontology.classes import scheme_of
from detente.events.ontology.crosswalks import cameo

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "fields": "row_fields",
        "text": "row_text",
        "end": "row_end",
        "date": "row_date",
        "actor": "row_actor",
        "country": "row_country",
        "code": "row_code",
        "contradiction": "row_contradiction",
        "rule": "row_rule",
    }
)
"""Why a row is refused, a fault of the file, and the rule of `detente.base.messages` that it breaks."""


LEFT_OUT = ("one-sided", "domestic", "outside", "map")
"""Why a sound row is left out: nobody on a side, an actor on itself, outside the days asked for, by the user's map."""


WHY = pl.Enum([*REFUSED, *LEFT_OUT])
"""Type of the column that holds the reason."""


_YEARS = (1900, 2100)  # no format codes older events, and none can code later ones
Events = Callable[[pl.DataFrame, ActorNames], pl.DataFrame]
"""From a frame of text with a format's columns to the same with date, source, target, the act, and why."""


# --- what the formats share ------------------------------------------------------------------------------------------
def once(frame: pl.DataFrame, keys: Sequence[str], *steps: Sequence[pl.Expr]) -> pl.DataFrame:
    """Add columns computed once for each combination of the keys: files repeat few values very often.

    Parameters
    ----------
    frame : polars.DataFrame
    keys : sequence of str
        Columns of text or categories.
    *steps : sequence of polars.Expr
        Of the keys as text, and of what the steps before have said; names that begin with a low line are not kept.

    Examples
    --------
    >>> frame = pl.DataFrame({"code": ["040", None, "040"]})
    >>> once(frame, ["code"], [pl.col("code").str.head(2).alias("root")])["root"].to_list()
    ['04', None, '04']
    """
    table = frame.select(keys).unique()
    meaning = table.select(pl.all().cast(pl.String))
    for step in steps:
        meaning = meaning.with_columns(step)
    said = [name for name in meaning.columns if name not in keys and not name.startswith("_")]
    table = table.hstack(meaning.select(said))
    return frame.join(table, on=list(keys), how="left", nulls_equal=True, maintain_order="left")


_NAME, _STATE = pl.col("_name"), pl.col("_state")
_ITSELF = pl.col("_itself") == _STATE


def _first(*checks: tuple[str, pl.Expr]) -> pl.Expr:
    """Return the first reason that holds, or null; a check that cannot be told does not hold."""
    return pl.coalesce(pl.when(holds).then(pl.lit(reason, WHY)) for reason, holds in checks)


def _judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Add why, from what is wrong with the day, the act and each side, and from the two sides being one."""
    domestic = _first(("domestic", pl.col("source") == pl.col("target")))
    return frame.with_columns(
        pl.coalesce("day why", "act why", "source why", "target why", domestic).alias("why")
    )


def _day(column: str, form: str = "%Y-%m-%d", width: int = 10, years: tuple[int, int] = _YEARS) -> pl.Expr:
    text = pl.col(column)
    day = pl.when(text.str.len_bytes() == width).then(text).str.to_date(form, strict=False)
    return pl.when(day.dt.year().is_between(*years, closed="left")).then(day)


def _dated(frame: pl.DataFrame, column: str, years: tuple[int, int] = _YEARS) -> pl.DataFrame:
    missing = _first(("date", pl.col("date").is_null())).alias("day why")
    day = _day(column, years=years).alias("date")
    return once(frame, [column], [day], [missing])


def _side(side: str, code: pl.Expr, *checks: tuple[str, pl.Expr]) -> tuple[list[pl.Expr], ...]:
    """Return steps to the code of an actor, and to what is wrong with it: nobody, no code, or unwanted."""
    text = pl.col("_code")
    unprintable = _NAME.str.contains(CONTROL.pattern)
    no_code = (text != "") & ~text.str.contains(ACTOR_CODE)
    odd = (
        ("actor", unprintable | no_code.fill_null(value=False)),
        ("one-sided", text.is_null()),
        ("map", text == ""),
    )
    return (
        [code.alias("_code")],
        [_first(*checks, *odd).alias(f"{side} why"), text.cast(pl.Categorical).alias(side)],
    )


def _named(**keys: str) -> list[pl.Expr]:
    return [known(column).alias(f"_{name}") for name, column in keys.items()]


def _looked_up(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return text.replace_strict(dict(table), default=None, return_dtype=pl.String)


def _not_cameo(code: pl.Expr) -> pl.Expr:
    return code.is_null() | ~code.is_in(list(cameo()))


# --- ICEWS -----------------------------------------------------------------------------------------------------------
_ICEWS_OFFICIAL = r"(?:^|,)(?:Government|Military|Police)(?:,|$)"


def icews(frame: pl.DataFrame, names: ActorNames) -> pl.DataFrame:
    """Read rows of ICEWS: sectors tell officials, and the intensity must be that of the code."""
    states = {**state_names(), **names.becomes}
    for side in ("source", "target"):
        keys = [f"{side.title()} {what}" for what in ("Name", "Sectors", "Country")]
        country, sectors = pl.col("_country"), pl.col("_sectors")
        official = sectors.str.contains(_ICEWS_OFFICIAL).fill_null(value=False)
        official |= sectors.is_null() & _ITSELF.fill_null(value=False)
        organ = _looked_up(_NAME.str.extract(r"\(([^()]+)\)$"), BODIES)
        code = folded(
            names, _NAME, _STATE, official, pl.coalesce(_looked_up(_NAME, BODIES), organ, slug(_NAME))
        )
        frame = once(
            frame,
            keys,
            _named(name=keys[0], sectors=keys[1], country=keys[2]),
            [_looked_up(country, states).alias("_state"), _looked_up(_NAME, state_names()).alias("_itself")],
            *_side(side, code, ("country", country.is_not_null() & _STATE.is_null())),
        )
    weights = {code: act.intensity for code, act in cameo().items()}
    code = pl.col("CAMEO Code")
    expected = code.replace_strict(weights, default=None, return_dtype=pl.Float64)
    weight = pl.col("Intensity").cast(pl.Float64, strict=False)
    wrong = _first(("code", _not_cameo(code)), ("contradiction", weight.ne_missing(expected)))
    frame = once(
        frame, ["CAMEO Code", "Intensity"], [code.cast(pl.Categorical).alias("code"), wrong.alias("act why")]
    )
    return _judged(_dated(frame, "Event Date"))


# --- GDELT -----------------------------------------------------------------------------------------------------------
_GDELT_ACTOR = ("Code", "CountryCode", "KnownGroupCode", "Type1Code", "Type2Code", "Type3Code")
GDELT_KEYS = {
    side: [f"Actor{n}{what}" for what in _GDELT_ACTOR] for side, n in (("source", 1), ("target", 2))
}
"""Columns that tell GDELT's two actors."""


GDELT_DAY = ("SQLDATE", "MonthYear", "Year", "DATEADDED")
GDELT_ACT = ("EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "IsRootEvent")


def gdelt(frame: pl.DataFrame, names: ActorNames) -> pl.DataFrame:
    """Read rows of GDELT 1.0 or 2.0: type codes tell officials, and its columns say the day and the root twice."""
    types = [pl.col(f"_type{n}") for n in (1, 2, 3)]
    official = pl.any_horizontal(*(kind.is_in(OFFICIAL_TYPES).fill_null(value=False) for kind in types))
    official |= (_NAME == _STATE).fill_null(value=False)
    code = folded(names, _NAME, _STATE, official & pl.col("_group").is_null(), _NAME)
    for side, keys in GDELT_KEYS.items():
        what = dict(zip(("name", "state", "group", "type1", "type2", "type3"), keys, strict=True))
        frame = once(frame, keys, _named(**what), *_side(side, code))
    day, added = pl.col("SQLDATE"), pl.col("DATEADDED")
    agree = (
        (pl.col("MonthYear") == day.str.head(6))
        & (pl.col("Year") == day.str.head(4))
        & added.str.contains(r"^(?:[0-9]{8}|[0-9]{14})$")
        & (added.str.head(8) >= day)
    )
    date = _day("SQLDATE", "%Y%m%d", 8)
    wrong = _first(("date", date.is_null()), ("contradiction", ~agree.fill_null(value=False)))
    frame = once(frame, GDELT_DAY, [date.alias("date"), wrong.alias("day why")])
    quads = {code: str(scheme_of("quad").classes.index(act.class_) + 1) for code, act in cameo().items()}
    code = pl.col("EventCode")
    agree = (
        (pl.col("EventRootCode") == code.str.head(2))
        & code.str.starts_with(pl.col("EventBaseCode"))
        & (pl.col("QuadClass") == _looked_up(code, quads))
        & pl.col("IsRootEvent").is_in(["0", "1"])
    )
    wrong = _first(("code", _not_cameo(code)), ("contradiction", ~agree.fill_null(value=False)))
    return _judged(once(frame, GDELT_ACT, [code.cast(pl.Categorical).alias("code"), wrong.alias("act why")]))


# --- POLECAT ---------------------------------------------------------------------------------------------------------
POLECAT_KEYS = {
    side: [f"{who} Name", f"{who} Country", f"Primary {who} Sector"]
    for side, who in (("source", "Actor"), ("target", "Recipient"))
}
"""Columns that tell POLECAT's two actors."""


_QUADS = {
    "VERBAL COOPERATION": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "MATERIAL COOPERATION": ("COOPERATE", "AID", "RETREAT"),
    "VERBAL CONFLICT": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "MATERIAL CONFLICT": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}


def polecat(frame: pl.DataFrame, names: ActorNames) -> pl.DataFrame:
    """Read rows of POLECAT: the primary sector tells officials, and the quad code must be that of the type."""
    country, sector = pl.col("_country"), pl.col("_sector")
    state = pl.when(country.is_in(list(state_codes()))).then(country)
    official = sector.is_in(OFFICIAL_TYPES).fill_null(value=False)
    official |= sector.is_null() & _ITSELF.fill_null(value=False)
    code = folded(names, _NAME, _STATE, official, pl.coalesce(_looked_up(_NAME, BODIES), slug(_NAME)))
    astray = (~country.str.contains("^[A-Z]{3}$")).fill_null(value=False)
    for side, keys in POLECAT_KEYS.items():
        frame = once(
            frame,
            keys,
            _named(name=keys[0], country=keys[1], sector=keys[2]),
            [state.alias("_state"), _looked_up(_NAME, state_names()).alias("_itself")],
            *_side(side, code, ("country", astray)),
        )
    if "Event Mode" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("Event Mode"))
    quad_of = {action: quad for quad, actions in _QUADS.items() for action in actions}
    action, quad = pl.col("Event Type").str.to_uppercase(), pl.col("Quad Code").str.to_uppercase()
    mode = known("Event Mode").str.to_lowercase()
    wrong = _first(
        ("code", action.is_null() | ~action.is_in(list(PLOVER)) | mode.str.contains(CONTROL.pattern)),
        ("contradiction", quad.ne_missing(_looked_up(action, quad_of))),
    )
    said = [
        action.cast(pl.Categorical).alias("action"),
        mode.cast(pl.Categorical).alias("mode"),
        wrong.alias("act why"),
    ]
    return _judged(_dated(once(frame, ["Event Type", "Event Mode", "Quad Code"], said), "Event Date"))


# --- KEDS, and plain machine-coded files -----------------------------------------------------------------------------
def machine_coded(codebook: str, *, officials: bool) -> Events:
    """Return the reader of files with nothing but date, source, target and a code in the column code or cameo.

    Parameters
    ----------
    codebook : str
        ``cameo`` or ``weis``.
    officials : bool
        Whether the second three letters of an actor tell officials, as in KEDS.
    """

    def events(frame: pl.DataFrame, names: ActorNames) -> pl.DataFrame:
        act = "cameo" if "cameo" in frame.columns else "code"
        frame = frame.rename({"date": "day", "source": "from", "target": "to", act: "act"})
        state, official = pl.lit(None, pl.String), pl.lit(value=False)
        if officials:
            state = pl.when(_NAME.str.head(3).is_in(list(state_codes()))).then(_NAME.str.head(3))
            official = (_NAME.str.len_chars() == 6) & _NAME.str.tail(3).is_in(OFFICIAL_TYPES)
        own = folded(names, _NAME, state, official.fill_null(value=False), _NAME)
        # Whoever writes a plain file names both sides: an empty one is a fault there.
        checks = () if officials else (("rule", _NAME.is_null()),)
        for side, key in (("source", "from"), ("target", "to")):
            named = [known(key, NOBODY if officials else ("",)).alias("_name")]
            frame = once(frame, [key], named, *_side(side, own, *checks))
        code = pl.col("_code")
        if codebook == "weis":
            odd = ~code.str.contains("^(?:0[1-9]|1[0-9]|2[0-2])[0-9]$")
        else:
            # A code of two digits is no root here but a longer one that has lost its zero: 010 is not 10.
            odd = (code.str.len_bytes() < 3) | _not_cameo(code)
        said = [
            code.cast(pl.Categorical).alias("code"),
            _first(("code", code.is_null() | odd)).alias("act why"),
        ]
        frame = once(frame, ["act"], [known("act", ("",)).alias("_code")], said)
        return _judged(_dated(frame, "day", _YEARS if officials else (1, 9999)))

    return events
