"""GDELT's reduced files: one row for the events of a day with the same actors, code and place."""

from __future__ import annotations

import polars as pl

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.gdelt_rows import quad_classes
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    LOST,
    dated,
    eight_digits,
    first_of,
    judged,
    not_cameo,
    officials_by_suffix,
    once,
    zeros_of,
)

_ALL = (
    *("Date", "Source", "Target", "CAMEOCode", "NumEvents", "NumArts", "QuadClass", "Goldstein"),
    *(f"{whose}Geo{what}" for whose in ("Source", "Target", "Action") for what in ("Type", "Lat", "Long")),
)


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of a reduced file: letters of actors tell officials, and the quad class must be that of the code."""
    for which, key in (("source", "Source"), ("target", "Target")):
        frame = once(frame, [key], *officials_by_suffix(which, key, options))
    given, code = pl.col("CAMEOCode"), pl.col("_code")
    quad = code.str.head(2).replace_strict(quad_classes(), default=None, return_dtype=pl.String)
    wrong = first_of(
        ("zeros", pl.lit(not options.zeros_lost) & given.str.contains(LOST)),
        ("code", not_cameo(code) | (code.str.len_bytes() < 3)),
        ("contradiction", pl.col("QuadClass").ne_missing(quad)),
    )
    said = [code.cast(pl.Categorical).alias("code"), wrong.alias("act why")]
    read = zeros_of(given) if options.zeros_lost else given
    frame = once(frame, ["CAMEOCode", "QuadClass"], [read.alias("_code")], said)
    return judged(dated(frame, "Date", options, eight_digits("Date")))


LAYOUT = FileLayout(
    "gdelt-reduced",
    "GDELT reduced",
    "cameo",
    ("Date", "Source", "Target", "CAMEOCode", "QuadClass"),
    _events,
    optional=("ActionGeoLat", "ActionGeoLong"),
    shapes={17: _ALL},
    marks={
        "Date": "^[0-9]{8}$",
        "CAMEOCode": "^[0-9]{2,4}$",
        "NumEvents": "^[0-9]+$",
        "QuadClass": "^[1-4]$",
    },
    place=("ActionGeoLat", "ActionGeoLong"),
    takes=("dates", "leading_zeros"),
    told={
        "date": ("Date",),
        "actor": ("Source", "Target"),
        "code": ("CAMEOCode",),
        "zeros": ("CAMEOCode",),
        "contradiction": ("CAMEOCode", "QuadClass"),
    },
    sample="gdelt-reduced.txt",
    publisher="GDELT's reduced files of 17 columns; a row stands for one act a day, pair, code and place",
    officials="the second three letters of a code, as IRQMIL",
)
