"""The sidecar of an imported file, as far as it says which days the file covers and what it was read as."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from detente.base.days import Window
from detente.base.errors import DataError

_MOST = 10_000_000  # bytes; a sidecar holds a few thousand


@dataclass(frozen=True)
class Said:
    """What a sidecar says of the days that its file covers.

    Attributes
    ----------
    window : Window or None
        Those that the import declared; all of them are covered.
    gaps : tuple of Window or None
        Where none were declared: years without any row that was read, kept or not. None if there is no sidecar.
    layout : str
        The format that the import read it as; empty if there is no sidecar.
    """

    window: Window | None = None
    gaps: tuple[Window, ...] | None = None
    layout: str = ""


def said_by_sidecar(path: Path) -> Said:
    """Return what an import said of a file, if its sidecar lies beside it and is of this very file.

    Examples
    --------
    >>> said_by_sidecar(Path("no-such-file.parquet"))
    Said(window=None, gaps=None, layout='')
    """
    side = path.with_name(path.name + ".json")
    with suppress(OSError, ValueError, KeyError, TypeError, DataError):
        if not side.is_file() or side.stat().st_size > _MOST:
            return Said()
        said = json.loads(side.read_text(encoding="utf-8"))
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != said["output"]["sha256"]:
                return Said()
        if said["window_declared"] is True:
            return Said(_window(said["window"]), layout=str(said["format"]))
        return Said(None, tuple(map(_window, said["gaps"])), str(said["format"]))
    return Said()


def _window(days: Sequence[str]) -> Window:
    return Window(*map(date.fromisoformat, days))
