"""Revisions of a chronicle: rows added and fields corrected since its first state, and that state made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from detente.base.days import parse_day
from detente.events.chronicle import Chronicle

ADDED, CORRECTED = "added", "corrected"
_ROW = ["date", "source", "target", "action", "summary"]  # what names a row, as the file gives it now
_READ: MappingProxyType[str, Callable[[str], Any]] = MappingProxyType(
    {
        "date": parse_day,
        "fatalities": int,
        **dict.fromkeys(
            ("precision", "fatalities_of", "victim_rank", "summary", "citation", "evidence", "confidence"),
            str,
        ),
    }
)
FIELDS = tuple(_READ)
"""The fields that a revision may correct: none from which the class or the intensity of an act follows."""


def read_revisions(path: Path) -> pl.DataFrame:
    """Read a list of revisions.

    Returns
    -------
    polars.DataFrame
        Text columns: change (``added`` or ``corrected``); date, source, target, action and summary of the row as the
        event file has it now; field, old and new of a correction; why, citation and evidence.

    Examples
    --------
    >>> from detente.events.files.embedded import embedded_revisions
    >>> sorted(set(embedded_revisions("us-iran")["change"]))
    ['added', 'corrected']
    """
    return pl.read_csv(path, infer_schema=False)


def before_revisions(chronicle: Chronicle, revisions: pl.DataFrame) -> Chronicle:
    """Return a chronicle as it was before its revisions: without the rows added, with fields as they stood.

    Parameters
    ----------
    chronicle : Chronicle
        The event file as it is now, read and folded.
    revisions : polars.DataFrame
        As `read_revisions` returns them.

    Examples
    --------
    >>> from detente.events.files.embedded import load_embedded
    >>> load_embedded("us-iran@first").acts < load_embedded("us-iran").acts
    True
    """
    rows = revisions.with_columns(pl.col("date").str.to_date())
    added = rows.filter(pl.col("change") == ADDED)
    events = chronicle.events.join(added, on=_ROW, how="anti", maintain_order="left")
    place = {row: i for i, row in enumerate(events.select(_ROW).iter_rows())}
    values = {field: events[field].to_list() for field in FIELDS}
    for correction in rows.filter(pl.col("change") == CORRECTED).iter_rows(named=True):
        field, old = correction["field"], correction["old"]
        at = place[tuple(correction[name] for name in _ROW)]
        values[field][at] = None if old is None else _READ[field](old)
    events = events.with_columns(
        pl.Series(field, column, events.schema[field]) for field, column in values.items()
    )
    events = events.sort("date", maintain_order=True)
    told = chronicle.provenance
    provenance = replace(
        told,
        rows_read=told.rows_read - added.height,
        mutual_folded=told.mutual_folded - (added.height - (chronicle.acts - events.height)),
    )
    return replace(chronicle, events=events, provenance=provenance)
