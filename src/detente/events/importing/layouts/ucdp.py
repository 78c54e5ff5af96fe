"""UCDP Georeferenced Event Dataset, and its monthly candidates, which may lack the header."""

from __future__ import annotations

import polars as pl

from detente.events.importing.actor_names import known, own_code, slug
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    BACK,
    NAME,
    as_said,
    dated,
    first_of,
    judged,
    looked_up,
    no_deaths,
    once,
    side,
    whole_number,
    without_point,
)
from detente.events.ontology.state_codes import state_forms, state_numbers

_ALL = tuple(
    """
    id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id
    conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id
    side_b_new_id side_b number_of_sources source_article source_office source_date source_headline
    source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude
    geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a
    deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
    """.split()  # noqa: SIM905 - forty-nine names read better as text
)
_ONE_SIDED = "3"  # of type_of_violence: one side kills civilians
_PRECISIONS = {"1": "day", "2": "day", "3": "day", "4": "month", "5": "year"}


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of GED: fights of two sides are an act in each direction, since it does not say who began."""
    of_state = NAME.str.extract(r"^Government of (?:the )?(.+)$").str.to_lowercase()
    state = pl.coalesce(
        looked_up(without_point(pl.col("_number")), state_numbers()),
        looked_up(of_state, state_forms()),
    )
    own = own_code(NAME, pl.col("_state"), of_state.is_not_null(), slug(NAME))
    for which, x in (("source", "a"), ("target", "b")):
        keys = [f"side_{x}", f"gwno{x}"]
        said = as_said(name=keys[0], number=keys[1])
        frame = once(frame, keys, said, [state.alias("_state")], *side(which, options, own))
    exact, kind = without_point(pl.col("date_prec")), without_point(pl.col("type_of_violence"))
    told = kind.is_in(["1", "2", _ONE_SIDED]).fill_null(value=False)  # an empty one is none of them
    said = [
        looked_up(exact, _PRECISIONS).cast(pl.Categorical).alias("precision"),
        first_of(("code", ~told | looked_up(exact, _PRECISIONS).is_null())).alias("act why"),
        pl.concat_str(
            pl.when(exact.is_in(["2", "3"])).then(pl.lit("week")),
            pl.when(kind != _ONE_SIDED).then(pl.lit("no-initiator")),
            separator="+",
            ignore_nulls=True,
        )
        .replace("", None)
        .cast(pl.Categorical)
        .alias("note"),
    ]
    frame = once(frame, ["date_prec", "type_of_violence"], said)
    frame = frame.with_columns(
        pl.lit("ASSAULT").alias("action"),
        *(whole_number(f"deaths_{x}").alias(f"_{x}") for x in ("a", "b", "civilians")),
    )
    frame = judged(
        dated(frame, "date_start", options), no_deaths((), "deaths_a", "deaths_b", "deaths_civilians")
    )
    one_sided = without_point(pl.col("type_of_violence").cast(pl.String).str.strip_chars()) == _ONE_SIDED
    there = _losses(frame, pl.when(one_sided).then("_civilians").otherwise("_b"), ~one_sided)
    ends = {"source": "target", "target": "source", "source why": "target why", "target why": "source why"}
    ends |= {"source by": "target by", "target by": "source by"} if "source by" in frame.columns else {}
    back = frame.rename(ends).filter(~one_sided & pl.col("why").is_null())  # a faulty row counts once
    if "id" in back.columns:  # the other direction is an act of its own
        back = back.with_columns(known("id") + BACK)
    back = _losses(back, pl.col("_a"), pl.lit(value=True)).select(there.columns)
    return pl.concat([there, back]).sort("line", maintain_order=True)


def _losses(frame: pl.DataFrame, dead: pl.Expr, unknown: pl.Expr) -> pl.DataFrame:
    """Add the target's dead, and that nobody says who began."""
    return frame.with_columns(
        dead.alias("fatalities"),
        pl.when(dead > 0).then(pl.col("target").cast(pl.String)).alias("fatalities_of"),
        pl.when(unknown.fill_null(value=False))
        .then(pl.lit("initiator: unknown"))
        .cast(pl.Categorical)
        .alias("evidence"),
    )


LAYOUT = FileLayout(
    "ucdp",
    "UCDP GED",
    "plover",
    (
        *("type_of_violence", "side_a", "side_b", "date_prec", "date_start"),
        *("deaths_a", "deaths_b", "deaths_civilians", "gwnoa", "gwnob"),
    ),
    _events,
    optional=("id", "where_coordinates", "adm_1", "country"),
    shapes={len(_ALL): _ALL},
    marks={
        "id": "^[0-9]+$",
        "year": "^[0-9]{4}$",
        "type_of_violence": "^[123]$",
        "date_prec": "^[1-5]$",
        "date_start": "^[0-9]{4}-[0-9]{2}-[0-9]{2}",
    },
    id="id",
    numbered=True,
    place=("where_coordinates", "adm_1", "country"),
    content=("action", "precision", "fatalities", "fatalities_of", "evidence"),
    takes=("dates",),
    told={
        "date": ("date_start",),
        "actor": ("side_a", "side_b"),
        "code": ("type_of_violence", "date_prec"),
        "deaths": ("deaths_a", "deaths_b", "deaths_civilians"),
    },
    sample="ucdp.csv",
    publisher="UCDP GED and Candidate: 49 columns with commas; a candidate may lack the header",
    officials="names such as Government of India, or a Gleditsch–Ward number of the side",
)
