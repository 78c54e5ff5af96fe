"""POLECAT: weekly and yearly files, with PLOVER's types and modes."""

from __future__ import annotations

import polars as pl

from detente.base.printable import CONTROL
from detente.events.importing.actor_names import BODIES, OFFICIAL_TYPES, known, own_code, slug
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
    first_of,
    judged,
    looked_up,
    once,
    side,
)
from detente.events.ontology.actions import PLOVER
from detente.events.ontology.state_codes import state_codes, state_names

_KEYS = {
    which: [f"{who} Name", f"{who} Country", f"Primary {who} Sector"]
    for which, who in (("source", "Actor"), ("target", "Recipient"))
}
_QUADS = {
    "VERBAL COOPERATION": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "MATERIAL COOPERATION": ("COOPERATE", "AID", "RETREAT"),
    "VERBAL CONFLICT": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "MATERIAL CONFLICT": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of POLECAT: the primary sector tells officials, and the quad code must be that of the type."""
    frame = _one_actor_each(frame)
    country, sector = pl.col("_country"), pl.col("_sector")
    state = pl.when(country.is_in(list(state_codes()))).then(country)
    official = sector.str.to_uppercase().is_in(OFFICIAL_TYPES).fill_null(value=False)
    official |= sector.is_null() & ITSELF.fill_null(value=False)
    own = own_code(NAME, STATE, official, pl.coalesce(looked_up(NAME, BODIES), slug(NAME)))
    astray = (~country.str.contains("^[A-Z]{3}$")).fill_null(value=False)
    for which, keys in _KEYS.items():
        frame = once(
            frame,
            keys,
            as_said(name=keys[0], country=keys[1], sector=keys[2]),
            [state.alias("_state"), looked_up(NAME, state_names()).alias("_itself")],
            *side(which, options, own, ("country", astray)),
        )
    if "Event Mode" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("Event Mode"))
    quad_of = {action: quad for quad, actions in _QUADS.items() for action in actions}
    action, quad = pl.col("Event Type").str.to_uppercase(), pl.col("Quad Code").str.to_uppercase()
    mode = known("Event Mode").str.to_lowercase()
    wrong = first_of(
        ("code", action.is_null() | ~action.is_in(list(PLOVER)) | mode.str.contains(CONTROL.pattern)),
        ("contradiction", quad.ne_missing(looked_up(action, quad_of))),
    )
    said = [
        action.cast(pl.Categorical).alias("action"),
        mode.cast(pl.Categorical).alias("mode"),
        wrong.alias("act why"),
    ]
    frame = once(frame, ["Event Type", "Event Mode", "Quad Code"], said)
    forms = (day_of("Event Date"), american_day("Event Date"))
    return judged(dated(frame, "Event Date", options, *forms, order="mdy"))


def _one_actor_each(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows that name several actors on a side, with semicolons between, once for each of them.

    Names, countries and sectors go together in order; one sector is that of all. Where there are not as many of one
    as of the other the row is left as it is, and refused for its country.
    """
    for keys in _KEYS.values():
        names, countries = pl.col(keys[0]).cast(pl.String), pl.col(keys[1]).cast(pl.String)
        if not frame[keys[1]].cast(pl.String).str.contains(";", literal=True).any():
            continue
        both = frame.with_columns(
            names.str.split(";").alias(keys[0]), countries.str.split(";").alias(keys[1])
        )
        size, sectors = (
            pl.col(keys[1]).list.len(),
            pl.col(keys[2]).cast(pl.String).str.split(";").alias("_sectors"),
        )
        both = both.with_columns(pl.int_ranges(size).alias("_nth"), size.alias("_size"), sectors)
        several = (pl.col("_size") > 1) & (pl.col(keys[0]).list.len() == pl.col("_size"))
        note = pl.lit("one-report").cast(pl.Categorical)
        split = both.with_row_index("_at").filter(several).explode(keys[0], keys[1], "_nth")
        own = pl.when(pl.col("_sectors").list.len() == pl.col("_size")).then(
            pl.col("_sectors").list.get("_nth")
        )
        split = split.with_columns(pl.coalesce(own, pl.col(keys[2]).cast(pl.String)).alias(keys[2]))
        split = split.with_columns(note.alias("note"), pl.col(keys).str.strip_chars())
        if "Event ID" in split.columns:  # one number is on several pairs here, and rightly so
            split = split.with_columns(pl.lit(None, pl.String).alias("Event ID"))
        kept = frame.with_row_index("_at").join(split.select("_at"), on="_at", how="anti")
        if "note" not in kept.columns:
            kept = kept.with_columns(pl.lit(None, pl.Categorical).alias("note"))
        kept = kept.with_columns(pl.col(keys).cast(pl.String))
        frame = pl.concat([kept, split.select(kept.columns)]).sort("_at", maintain_order=True).drop("_at")
    return frame


LAYOUT = FileLayout(
    "polecat",
    "POLECAT",
    "plover",
    ("Event Date", "Event Type", "Quad Code", *_KEYS["source"], *_KEYS["target"]),
    _events,
    optional=("Event ID", "Event Mode", "Publication Date", "Placename", "Country"),
    id="Event ID",
    reported="Publication Date",
    place=("Placename", "Country"),
    content=("action", "mode"),
    takes=("dates",),
    told={
        "date": ("Event Date",),
        "actor": ("Actor Name", "Recipient Name"),
        "country": ("Actor Country", "Recipient Country"),
        "code": ("Event Type",),
        "contradiction": ("Event Type", "Quad Code"),
    },
    sample="polecat.txt",
    publisher="POLECAT weekly and yearly files, with tabs and a header",
    officials="primary sector GOV, MIL, COP, SPY, LEG, JUD, or the country's own name",
)
