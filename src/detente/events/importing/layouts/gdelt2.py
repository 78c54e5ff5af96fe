"""GDELT 2.0: event exports of 61 columns, and tables of BigQuery and gdeltPyR, which have a header."""

from __future__ import annotations

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.gdelt_rows import MARKS, TOLD, USED, gdelt_events, shapes

_SHAPES = shapes(("DATEADDED", "SOURCEURL"), second=True)

LAYOUT = FileLayout(
    "gdelt2",
    "GDELT 2.0",
    "cameo",
    USED,
    gdelt_events,
    shapes=_SHAPES,
    titled={n + 1: (*names, "CAMEOCodeDescription") for n, names in _SHAPES.items()},
    marks=MARKS,
    first="GLOBALEVENTID",
    id="GLOBALEVENTID",
    reported="DATEADDED",
    place=("ActionGeo_FullName",),
    told=TOLD,
    sample="gdelt2.csv",
    publisher="GDELT 2.0 event exports of 61 columns; also with a header, with commas, or with a description (62)",
    officials="type codes GOV, MIL, COP, SPY, LEG, JUD, or the bare country code",
)
