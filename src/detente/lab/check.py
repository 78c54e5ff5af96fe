"""Checking a file: an argument or events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.argument import Argument
from detente.base.input_limits import LIMITS, Limits
from detente.events.chronicle import Chronicle
from detente.events.files.event_file import load_events
from detente.lab.arguments import load_argument


@dataclass(frozen=True)
class Checked:
    """A file without a fault: an argument or events.

    Attributes
    ----------
    file : Path
    found : Argument or Chronicle
        What it holds.
    """

    file: Path
    found: Argument | Chronicle

    @property
    def argument(self) -> Argument | None:
        """What the file holds, if that is an argument."""
        return self.found if isinstance(self.found, Argument) else None

    @property
    def actors(self) -> dict[str, int]:
        """How often each code acts or is acted on, the most often seen first; empty for an argument."""
        if isinstance(self.found, Argument):
            return {}
        ends = pl.concat([self.found.events["source"], self.found.events["target"]]).alias("code")
        counted = ends.value_counts().sort("count", "code", descending=[True, False])
        return dict(counted.iter_rows())

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        if isinstance(self.found, Argument):
            return {
                "file": str(self.file),
                "kind": "argument",
                "argument": self.found.argument,
                "mechanisms": len(self.found.mechanisms),
                "questions": len(self.found.questions),
                "claims": len(self.found.claims),
            }
        origin = self.found.provenance
        return {
            "file": str(self.file),
            "kind": "events",
            "rows": origin.rows_read,
            "mutual_folded": origin.mutual_folded,
            "duplicates_folded": origin.duplicates_folded,
            "window": [self.found.window.start.isoformat(), self.found.window.end.isoformat()],
            "actors": self.actors,
            "acts": self.found.acts,
            "digest": self.found.digest,
        }


def check_file(path: str | Path, codebook: str | None = None, limits: Limits = LIMITS) -> Checked:
    """Check an argument (``.yaml``, ``.yml``) or an event file within limits, and return what it holds.

    Raises
    ------
    ArgumentError, DataError
        With every fault found.
    """
    path = Path(path)
    if path.suffix in (".yaml", ".yml"):
        return Checked(path, load_argument(path, limits=limits))
    return Checked(path, load_events(path, codebook=codebook, limits=limits))
