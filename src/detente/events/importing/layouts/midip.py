"""Participants of the incidents of MID: one row a state, with its side and its own action."""

from __future__ import annotations

import polars as pl

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.layouts.mid import INSTEAD, KIN, TOLD, UNKNOWN, disputed
from detente.events.importing.steps import judged, no_deaths, whole_number, without_point

_INCIDENT = ["dispnum", "incidnum"]
_NOTHING = ["0", "-9"]  # actions: none, and unknown


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of participants: what a state did was done to each state on the other side of the incident."""
    frame = frame.rename({"ccode": "ccode1"}).with_row_index("_row")
    others = frame.select(
        *_INCIDENT, pl.col("insidea").alias("_side"), pl.col("ccode1").alias("ccode2"), "fatalpre"
    )
    pairs = frame.drop("fatalpre").join(others, on=_INCIDENT, maintain_order="left_right")
    pairs = pairs.filter(pl.col("insidea") != pl.col("_side"))
    acted = ~without_point(pl.col("action").cast(pl.String)).is_in(_NOTHING).fill_null(value=False)
    dead = whole_number("fatalpre")
    pairs = pairs.with_columns(
        # With more than two states nobody says whose act cost whom how many lives.
        pl.when(pl.len().over(_INCIDENT) == 2).then(dead).alias("fatalities"),
        pl.when(acted & (pl.len().over("_row") > 1))
        .then(pl.lit("one-report"))
        .cast(pl.Categorical)
        .alias("note"),
    ).filter(acted | pl.col("_row").is_first_distinct())
    alone = frame.join(pairs, on="_row", how="anti")
    rows = pl.concat([pairs, alone], how="diagonal").sort("_row", maintain_order=True)
    rows = disputed(rows, options)
    of = pl.when(pl.col("fatalities") > 0).then(pl.col("target").cast(pl.String))
    return judged(rows.with_columns(of.alias("fatalities_of")), no_deaths(UNKNOWN, "fatalpre"))


LAYOUT = FileLayout(
    "midip",
    "MIDIP",
    "plover",
    ("dispnum", "incidnum", "ccode", "insidea", "fatalpre", "styear", "action"),
    _events,
    optional=("stmon", "stday"),
    synonyms={"dispnum3": "dispnum", "incidnum3": "incidnum", "inside_a": "insidea"},
    whole=True,
    content=("action", "mode", "precision", "fatalities", "fatalities_of"),
    told={**TOLD, "deaths": ("fatalpre",)},
    kin=KIN,
    instead=INSTEAD,
    sample="midip.csv",
    publisher="MIDIP, the participants of MID's incidents: what a state did was done to each on the other side",
    officials="states alone",
)
