"""Plain event files: date, source, target, and action, cameo or code."""

from __future__ import annotations

from detente.events.files.rows import TYPES
from detente.events.importing.file_layout import FileLayout

_COLUMNS = ("date", "source", "target")

LAYOUT = FileLayout(
    "csv",
    "event file",
    None,
    _COLUMNS,
    None,
    optional=tuple(name for name in TYPES if name not in _COLUMNS),
    acts=("action", "cameo", "code"),
    reported="reported",
    content=(),
    takes=("columns", "dates", "leading_zeros", "null"),
    told={"code": ("code",), "zeros": ("code",), "null": ("source", "target"), "date": ("date",)},
    publisher="any event file: commas, semicolons, tabs; fields may be quoted",
    officials="–",
)
