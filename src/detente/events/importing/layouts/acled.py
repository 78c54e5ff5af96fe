"""ACLED: one row for an event of one or two actors, named in words."""

from __future__ import annotations

import polars as pl

from detente.events.columns import MIXED
from detente.events.importing.actor_names import own_code, slug
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    NAME,
    STATE,
    as_said,
    dated,
    day_of,
    first_of,
    judged,
    looked_up,
    no_deaths,
    once,
    side,
    whole_number,
    without_point,
)
from detente.events.ontology.state_codes import state_forms

_NO_ACT = "no act"
# Types of PLOVER, with a mode where it has one. What only sets the scene is no act between two.
_ACTS = {
    "Armed clash": "ASSAULT",
    "Government regains territory": "ASSAULT",
    "Non-state actor overtakes territory": "ASSAULT",
    "Chemical weapon": "ASSAULT/unconventional",
    "Air/drone strike": "ASSAULT/aerial",
    "Suicide bomb": "ASSAULT/suicide",
    "Shelling/artillery/missile attack": "ASSAULT/heavy-weapons",
    "Remote explosive/landmine/IED": "ASSAULT/explosives",
    "Grenade": "ASSAULT/explosives",
    "Sexual violence": "ASSAULT/sexual",
    "Attack": "ASSAULT",
    "Abduction/forced disappearance": "ASSAULT/abduct",
    "Peaceful protest": "PROTEST/demo",
    "Protest with intervention": "PROTEST/demo",
    "Excessive force against protesters": "ASSAULT/crowd-control",
    "Violent demonstration": "PROTEST/riot",
    "Mob violence": "PROTEST/riot",
    "Agreement": "AGREE",
    "Arrests": "COERCE/arrest",
    "Looting/property destruction": "ASSAULT/destroy",
    "Change to group/activity": _NO_ACT,
    "Disrupted weapons use": _NO_ACT,
    "Headquarters or base established": _NO_ACT,
    "Non-violent transfer of territory": _NO_ACT,
    "Other": _NO_ACT,
}
# Forces abroad are External/Other forces, 8, in the older files.
_FORCES = ("state forces", "external/other forces", "1", "8")
_OF_STATE = r"^(?:Military Forces|Police Forces|Government) of (?:the )?(.+?)(?: \([0-9]{4}-?[0-9]*\).*)?$"
_YEARS = r" \([0-9]{4}-?[0-9]*\)"
_PRECISIONS = {"1": "day", "2": "day", "3": "month"}
_IN_WORDS = r"^[0-9]{1,2} [A-Za-z]+ [0-9]{4}$"


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of ACLED: names of forces tell the state, and the sub-event tells the act."""
    state = looked_up(NAME.str.extract(_OF_STATE).str.to_lowercase(), state_forms())
    force = without_point(pl.col("_force")).str.to_lowercase()
    official = force.is_in(_FORCES).fill_null(value=False)
    own = own_code(NAME, STATE, official, slug(NAME.str.replace(_YEARS, "")))
    for which, n in (("source", 1), ("target", 2)):
        keys = [f"actor{n}", f"inter{n}"]
        said = as_said(name=keys[0], force=keys[1])
        frame = once(frame, keys, said, [state.alias("_state")], *side(which, options, own))
    acts = {name.lower(): act for name, act in _ACTS.items()}
    act = looked_up(pl.col("sub_event_type").str.to_lowercase(), acts)
    parts, exact = act.str.split("/"), without_point(pl.col("time_precision"))
    precision = looked_up(exact, _PRECISIONS)
    battle = pl.col("event_type") == "Battles"
    said = [
        parts.list.first().cast(pl.Categorical).alias("action"),
        parts.list.get(1, null_on_oob=True).cast(pl.Categorical).alias("mode"),
        first_of(("code", act.is_null() | precision.is_null()), ("no-act", act == _NO_ACT)).alias("act why"),
        precision.cast(pl.Categorical).alias("precision"),
        pl.concat_str(
            pl.when(exact == "2").then(pl.lit("week")),
            pl.when(battle).then(pl.lit("no-order")),
            separator="+",
            ignore_nulls=True,
        )
        .replace("", None)
        .cast(pl.Categorical)
        .alias("note"),
    ]
    frame = once(frame, ["sub_event_type", "event_type", "time_precision"], said)
    text = pl.col("event_date").str.replace_all("-", " ")  # the oldest files have hyphens
    in_words = pl.when(text.str.contains(_IN_WORDS)).then(text).str.to_date("%d %B %Y", strict=False)
    frame = dated(frame, "event_date", options, day_of("event_date"), in_words)
    frame = frame.rename({"fatalities": "deaths given"})
    dead = whole_number("deaths given")
    return judged(frame, no_deaths((), "deaths given")).with_columns(
        dead.alias("fatalities"), pl.when(dead > 0).then(pl.lit(MIXED)).alias("fatalities_of")
    )


LAYOUT = FileLayout(
    "acled",
    "ACLED",
    "plover",
    (
        *("event_date", "time_precision", "event_type", "sub_event_type"),
        *("actor1", "inter1", "actor2", "inter2", "fatalities"),
    ),
    _events,
    optional=("event_id_cnty", "location", "admin1", "country", "timestamp"),
    id="event_id_cnty",
    numbered=True,
    reported="timestamp",
    place=("location", "admin1", "country"),
    content=("action", "mode", "precision", "fatalities", "fatalities_of"),
    takes=("dates",),
    told={
        "date": ("event_date",),
        "actor": ("actor1", "actor2"),
        "code": ("sub_event_type", "time_precision"),
        "deaths": ("deaths given",),
    },
    sample="acled.csv",
    publisher="ACLED exports, with commas or semicolons, of 31 columns and of older versions",
    officials="names such as Military Forces of Iran (1989-), of state or external forces",
)
