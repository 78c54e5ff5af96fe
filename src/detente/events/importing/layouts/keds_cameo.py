"""KEDS with CAMEO codes: date, source, target and code."""

from __future__ import annotations

from detente.events.importing.coded_rows import TOLD, machine_coded
from detente.events.importing.file_layout import FileLayout

LAYOUT = FileLayout(
    "keds-cameo",
    "KEDS with CAMEO codes",
    "cameo",
    ("date", "source", "target", "code"),
    machine_coded("cameo", officials=True),
    takes=("columns", "dates", "leading_zeros", "null"),
    told=TOLD,
    sample="keds-cameo.csv",
    publisher="KEDS with CAMEO codes as a table: date (also YYMMDD), source, target, code",
    officials="the second three letters of a code, as IRQMIL",
)
