"""Militarised interstate disputes: incidents of two states (MIE), dyads of disputes, and the files of GML."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from detente.events.importing.actor_names import own_code
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    NAME,
    as_said,
    first_of,
    judged,
    looked_up,
    no_deaths,
    once,
    side,
    whole_number,
    without_point,
)
from detente.events.ontology.state_codes import state_numbers

KIN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "MIDA": ("numa", "numb", "hiact"),
        "MIDB": ("ccode", "sidea", "hiact"),
        "MIDI": ("numa", "tbi", "action"),
    }
)
"""Columns that tell files of the family whose rows do not say who acted on whom."""


TOLD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": ("styear", "stmon", "stday"),
        "country": ("ccode1", "ccode2"),
        "actor": ("ccode1", "ccode2"),
        "code": ("given",),
        "deaths": ("fatalmin2", "fatalmax2"),
    }
)
"""The columns that show what is wrong with a row."""


INSTEAD = ("MIE", "MIDIP", "dyadic MID", "the dyads of GML")
"""Files of the family that do."""


_NO_ACT, _MISSING = "no act", "-9"
UNKNOWN = (_MISSING, f"{_MISSING}.0")
"""What stands for a number that nobody knows."""


# Types of PLOVER, with a mode where it has one, by the number of the action.
_ACTS = {
    **dict.fromkeys(("0", _MISSING), _NO_ACT),
    **dict.fromkeys(("1", "2", "3", "4", "5", "6"), "THREATEN/violence"),
    **dict.fromkeys(("7", "8", "9", "10", "11"), "MOBILIZE/troops"),
    **dict.fromkeys(("12", "13"), "COERCE"),
    "14": "ASSAULT",
    "15": "COERCE/seize",
    "16": "ASSAULT",
    "17": "ASSAULT",
    "18": "THREATEN/violence",
    "19": "ASSAULT/unconventional",
    **dict.fromkeys(("20", "21"), "ASSAULT"),
}
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of disputes: states are numbers, and -9 is unknown; a day that is unknown leaves its month."""
    frame = disputed(frame, options)
    dead = [name for name in ("fatalmin2", "fatalmax2") if name in frame.columns]
    return judged(_deaths(frame), *([no_deaths(UNKNOWN, *dead)] if dead else []))


def disputed(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Add day, states and act to rows that name two states, ``ccode1`` and ``ccode2``."""
    state = looked_up(without_point(NAME), state_numbers())
    for which, key in (("source", "ccode1"), ("target", "ccode2")):
        own = own_code(NAME, state, state.is_not_null(), NAME)
        steps = side(which, options, own, ("country", NAME.is_not_null() & state.is_null()))
        frame = once(frame, [key], as_said(name=key), *steps)
    act = looked_up(without_point(pl.col("given")), _ACTS)
    parts = act.str.split("/")
    said = [
        parts.list.first().cast(pl.Categorical).alias("action"),
        parts.list.get(1, null_on_oob=True).cast(pl.Categorical).alias("mode"),
        first_of(("code", act.is_null()), ("no-act", act == _NO_ACT)).alias("act why"),
    ]
    frame = once(frame.rename({"action": "given"}), ["given"], said)
    return _days(frame)


def _days(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in ("stday", "stmon") if name not in frame.columns]
    frame = frame.with_columns(pl.lit(_MISSING).alias(name) for name in missing)
    if "midonset" in frame.columns:  # the month is that of the first year of a dispute
        month = (
            pl.when(pl.col("midonset") == "1")
            .then(pl.col("stmon").cast(pl.String))
            .otherwise(pl.lit(_MISSING))
        )
        frame = frame.with_columns(month.alias("stmon"))
    keys = ["styear", "stmon", "stday"]
    day, month = whole_number("stday"), whole_number("stmon")
    vague_month, vague_day = month.is_null(), day.is_null()
    parts = pl.concat_str(
        whole_number("styear"),
        month.fill_null(1).cast(pl.String).str.zfill(2),
        pl.when(vague_month).then(1).otherwise(day.fill_null(1)).cast(pl.String).str.zfill(2),
        separator="-",
    )
    date = parts.str.to_date("%Y-%m-%d", strict=False)
    date = pl.when(date.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR, closed="left")).then(date)
    odd = pl.any_horizontal(
        whole_number(name).is_null() & ~pl.col(name).cast(pl.String).is_in(UNKNOWN).fill_null(value=False)
        for name in ("stmon", "stday")
    )
    precision = (
        pl.when(vague_month)
        .then(pl.lit("year"))
        .when(vague_day)
        .then(pl.lit("month"))
        .otherwise(pl.lit("day"))
    )
    said = [
        pl.when(~odd).then(date).alias("date"),
        precision.cast(pl.Categorical).alias("precision"),
    ]
    return once(frame, keys, said, [first_of(("date", pl.col("date").is_null())).alias("day why")])


def _deaths(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the target's dead, where the least and the most are one number."""
    if not {"fatalmin2", "fatalmax2"} <= set(frame.columns):
        none = pl.lit(None, pl.String)
        return frame.with_columns(none.cast(pl.Int64).alias("fatalities"), none.alias("fatalities_of"))
    least, most = whole_number("fatalmin2"), whole_number("fatalmax2")
    dead = pl.when(least == most).then(least)
    of = pl.when(dead > 0).then(pl.col("target").cast(pl.String))
    return frame.with_columns(dead.alias("fatalities"), of.alias("fatalities_of"))


LAYOUT = FileLayout(
    "mid",
    "MID",
    "plover",
    ("ccode1", "ccode2", "styear", "action"),
    _events,
    optional=("stmon", "stday", "midonset", "fatalmin2", "fatalmax2"),
    synonyms={
        "statea": "ccode1",
        "stateb": "ccode2",
        "strtday": "stday",
        "strtmnth": "stmon",
        "strtyr": "styear",
        "year": "styear",
        "highmcaa": "action",
        "hiact1": "action",
    },
    content=("action", "mode", "precision", "fatalities", "fatalities_of"),
    told=TOLD,
    kin=KIN,
    instead=INSTEAD,
    sample="mid.csv",
    publisher="MIE, dyadic MID and GML files of the Correlates of War family, with state numbers; −9 is unknown",
    officials="states alone",
)
