"""KEDS and TABARI as they are published: tabs, no header, days as YYMMDD, and rows that end a document."""

from __future__ import annotations

import polars as pl

from detente.events.importing.coded_rows import TOLD, machine_coded
from detente.events.importing.file_layout import FileLayout
from detente.events.importing.import_options import Options
from detente.events.importing.steps import WHY

_ALL = ("date", "source", "target", "code", "label", "text")
_read = machine_coded(None, officials=True)


def _events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Read rows of KEDS as published; a row DOC … 999 ends a document and is no act."""
    ends = (pl.col("source") == "DOC") & (pl.col("code") == "999")
    at = frame.select(ends.fill_null(value=False).alias("ends"))["ends"]
    read = _read(frame, options)
    return read.with_columns(pl.when(at).then(pl.lit("no-act", WHY)).otherwise("why").alias("why"))


LAYOUT = FileLayout(
    "keds-native",
    "KEDS as published",
    None,
    ("date", "source", "target", "code"),
    _events,
    shapes={n: _ALL[:n] for n in range(4, len(_ALL) + 1)},
    marks={
        "date": "^([0-9]{6}|[0-9]{8})$",
        "source": "^[A-Z*-][A-Z0-9*-]{2,}$",
        "target": r"^([A-Z*-][A-Z0-9*-]{2,}|[0-9.]*)$",
        "code": "^[0-9]{3,4}$",
    },
    headed=False,
    takes=("dates", "leading_zeros", "null"),
    told=TOLD,
    sample="keds-native.txt",
    publisher="KEDS and TABARI output: tabs, no header, YYMMDD; its codebook is told by its labels, or by the user",
    officials="the second three letters of a code, as IRQMIL",
)
