"""ICEWS Coded Event Data: yearly files, weekly files, and what the R package icews exports."""

from __future__ import annotations

import polars as pl

from detente.events.importing.actor_names import BODIES, own_code, slug
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    ITSELF,
    NAME,
    STATE,
    american_day,
    as_said,
    dated,
    day_of,
    eight_digits,
    first_of,
    judged,
    looked_up,
    not_cameo,
    once,
    side,
    without_point,
)
from detente.events.ontology.crosswalks import cameo, cameo_names
from detente.events.ontology.state_codes import state_names

_OFFICIAL = r"(?:^|,)(?:Government|Military|Police)(?:,|$)"


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of ICEWS: sectors tell officials, and the intensity must be that of the code."""
    states = {**state_names(), **options.names.becomes}
    for which in ("source", "target"):
        keys = [f"{which.title()} {what}" for what in ("Name", "Sectors", "Country")]
        country, sectors = pl.col("_country"), pl.col("_sectors")
        official = sectors.str.contains(_OFFICIAL).fill_null(value=False)
        official |= sectors.is_null() & ITSELF.fill_null(value=False)
        organ = looked_up(NAME.str.extract(r"\(([^()]+)\)$"), BODIES)
        own = own_code(NAME, STATE, official, pl.coalesce(looked_up(NAME, BODIES), organ, slug(NAME)))
        frame = once(
            frame,
            keys,
            as_said(name=keys[0], sectors=keys[1], country=keys[2]),
            [looked_up(country, states).alias("_state"), looked_up(NAME, state_names()).alias("_itself")],
            *side(which, options, own, ("country", country.is_not_null() & STATE.is_null())),
        )
    forms = (day_of("Event Date"), american_day("Event Date"), eight_digits("Event Date"))
    return judged(dated(_coded(frame), "Event Date", options, *forms, order="mdy"))


def _coded(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the code: as given, with the zeros that intensity and text say it has lost, or as the text names it."""
    weights = {code: act.intensity for code, act in cameo().items()}
    weight = pl.col("Intensity").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    if "CAMEO Code" in frame.columns:
        keys = ["CAMEO Code", "Intensity"]
        number = without_point(pl.col("CAMEO Code"))
        own, longer = (_weight(code, weights) == weight for code in (number, pl.lit("0") + number))
        # 10 may be a root or 010: no root has the intensity of the code that is left with its digits.
        lost = longer.fill_null(value=False) & ~own.fill_null(value=False)
        given = pl.when(lost).then(pl.lit("0") + number).otherwise(number)
        padded = (pl.col("_code") != pl.col("CAMEO Code")).fill_null(value=False)
    else:
        keys = ["Event Text", "Intensity"]
        given = looked_up(pl.col("Event Text").str.to_lowercase(), cameo_names())
        padded = pl.lit(value=False)
    code = pl.col("_code")
    wrong = first_of(
        ("code", not_cameo(code) | (code.str.len_bytes() < 3)),
        ("contradiction", weight.ne_missing(_weight(code, weights))),
    )
    said = [
        code.cast(pl.Categorical).alias("code"),
        wrong.alias("act why"),
        pl.when(padded).then(pl.lit("padded")).cast(pl.Categorical).alias("note"),
    ]
    return once(frame, keys, [given.alias("_code")], said)


def _weight(code: pl.Expr, weights: dict[str, float]) -> pl.Expr:
    return code.replace_strict(weights, default=None, return_dtype=pl.Float64)


LAYOUT = FileLayout(
    "icews",
    "ICEWS",
    "cameo",
    (
        *("Event Date", "Source Name", "Source Sectors", "Source Country", "Intensity"),
        *("Target Name", "Target Sectors", "Target Country"),
    ),
    _events,
    optional=("Event ID", "CAMEO Code", "Event Text", "City", "Province", "Country"),
    stands_in={"Event Text": "CAMEO Code"},
    id="Event ID",
    place=("City", "Province", "Country"),
    takes=("dates",),
    told={
        "date": ("Event Date",),
        "actor": ("Source Name", "Target Name"),
        "country": ("Source Country", "Target Country"),
        "code": ("CAMEO Code", "Event Text"),
        "contradiction": ("CAMEO Code", "Intensity"),
    },
    sample="icews.tab",
    publisher="ICEWS Coded Event Data, yearly and weekly .tab files, and exports of the R package icews",
    officials="sectors Government, Military or Police, or the country's own name",
)
