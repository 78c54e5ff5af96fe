"""The sidecar of an imported file, as far as it says which days the file covers."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import date
from pathlib import Path

from detente.base.days import Window
from detente.base.errors import DataError

_MOST = 10_000_000  # bytes; a sidecar holds a few thousand


def declared_window(path: Path) -> Window | None:
    """Return the days that an import declared a file to cover, if its sidecar lies beside it and is of this very file.

    Examples
    --------
    >>> declared_window(Path("no-such-file.parquet")) is None
    True
    """
    side = path.with_name(path.name + ".json")
    with suppress(OSError, ValueError, KeyError, TypeError, DataError):
        if not side.is_file() or side.stat().st_size > _MOST:
            return None
        said = json.loads(side.read_text(encoding="utf-8"))
        if said["window_declared"] is not True:
            return None
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != said["output"]["sha256"]:
                return None
        return Window(*(date.fromisoformat(day) for day in said["window"]))
    return None
