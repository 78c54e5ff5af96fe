"""Checking a file: an argument or events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.events.files.event_file import load_events
from detente.lab.arguments import load_argument
from detente.lab.case import _who


def check_file(path: str | Path, codebook: str | None = None) -> dict[str, Any]:
    """Check an argument (``.yaml``, ``.yml``) or an event file, and say in a sentence what it holds.

    Raises
    ------
    ArgumentError, DataError
        With every fault found.
    """
    path = Path(path)
    if path.suffix in (".yaml", ".yml"):
        spec = load_argument(path)
        told = (
            f"{path.name}: a sound argument, {spec.argument}, with {len(spec.mechanisms)} mechanisms, "
            f"{len(spec.questions)} questions and {len(spec.claims)} claims."
        )
        return {"file": str(path), "kind": "argument", "summary": told}
    chronicle = load_events(path, codebook=codebook)
    came = chronicle.provenance
    told = (
        f"{path.name}: a sound event file, {came.rows_read:,} rows, {chronicle.acts:,} acts after folding "
        f"({came.mutual_folded:,} second directions, {came.duplicates_folded:,} repetitions), {chronicle.window}. "
        f"Actors: {_who(chronicle)}."
    )
    return {
        "file": str(path),
        "kind": "events",
        "summary": told,
        "acts": chronicle.acts,
        "digest": chronicle.digest,
    }
