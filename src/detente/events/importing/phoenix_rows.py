"""Rows of PETRARCH's family: an actor's full code beside its root and agent, and the code of an act beside its root."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from detente.events.importing.actor_names import OFFICIAL_TYPES, own_code
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    NAME,
    STATE,
    Events,
    american_day,
    as_said,
    dated,
    first_of,
    judged,
    not_cameo,
    once,
    padded,
    side,
    without_point,
)


def petrarch(columns: Mapping[str, str], *days: Callable[[str], pl.Expr]) -> Events:
    """Return the reader of rows whose columns have these names.

    Parameters
    ----------
    columns : Mapping[str, str]
        Names in the file of ``day``, ``code``, ``root``, and for source and target of ``source``, ``source_state``,
        ``source_agent`` and so on.
    *days : callable
        From the name of a column to the days in it, for each form of day.
    """
    at = {what: f"{name} given" for what, name in columns.items()}

    def events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
        frame = frame.rename({name: f"{name} given" for name in columns.values()})
        agent = pl.col("_agent")
        official = agent.str.head(3).is_in(OFFICIAL_TYPES).fill_null(value=False) & (
            agent.str.len_bytes() == 3
        )
        official |= (NAME == STATE).fill_null(value=False)
        for which in ("source", "target"):
            keys = [at[which], at[f"{which}_state"], at[f"{which}_agent"]]
            said = as_said(name=keys[0], state=keys[1], agent=keys[2])
            frame = once(frame, keys, said, *side(which, options, own_code(NAME, STATE, official, NAME)))
        given, root, code = pl.col(at["code"]), pl.col(at["root"]), pl.col("_code")
        root = without_point(root)
        two = pl.when(root.str.len_bytes() == 1).then(pl.lit("0") + root).otherwise(root)
        wrong = first_of(
            ("code", not_cameo(code)),
            ("contradiction", code.str.head(2).ne_missing(two)),
        )
        note = pl.when(code != given).then(pl.lit("padded"))
        said = [
            code.cast(pl.Categorical).alias("code"),
            wrong.alias("act why"),
            note.cast(pl.Categorical).alias("note"),
        ]
        frame = once(frame, [at["code"], at["root"]], [padded(given, root).alias("_code")], said)
        order = "mdy" if american_day in days else None
        return judged(dated(frame, at["day"], options, *(form(at["day"]) for form in days), order=order))

    return events


def told(columns: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the columns that show what is wrong with a row."""
    at = {what: f"{name} given" for what, name in columns.items()}
    return {
        "date": (at["day"],),
        "actor": (at["source"], at["target"]),
        "code": (at["code"],),
        "contradiction": (at["code"], at["root"]),
    }
