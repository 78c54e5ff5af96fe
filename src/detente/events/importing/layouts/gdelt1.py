"""GDELT 1.0: event exports of 57 and 58 columns."""

from __future__ import annotations

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.gdelt_rows import MARKS, TOLD, USED, gdelt_events, shapes

LAYOUT = FileLayout(
    "gdelt1",
    "GDELT 1.0",
    "cameo",
    USED,
    gdelt_events,
    shapes=shapes(("DATEADDED", "SOURCEURL"), second=False),
    marks=MARKS,
    first="GLOBALEVENTID",
    id="GLOBALEVENTID",
    reported="DATEADDED",
    place=("ActionGeo_FullName",),
    told=TOLD,
    sample="gdelt1.csv",
    publisher="GDELT 1.0 event exports of 58 columns (57 before April 2013), with or without a header",
    officials="type codes GOV, MIL, COP, SPY, LEG, JUD, or the bare country code",
)
