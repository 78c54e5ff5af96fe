"""What is kept beside a pulled file: whose it is, where it came from, and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from detente.base.errors import Fault, OutputError
from detente.base.files import write_whole
from detente.base.ownership import is_ours, made_by
from detente.pull.declared import DataSource

_BLOCK = 1 << 20


def note_of(path: Path) -> Path:
    """Return the name of what is kept beside a file.

    Examples
    --------
    >>> note_of(Path("20200117.export.CSV.zip")).name
    '20200117.export.CSV.zip.source.json'
    """
    return path.with_name(f"{path.name}.source.json")


def keep_note(path: Path, source: DataSource, what: Mapping[str, Any]) -> None:
    """Write beside a file whose it is, and what is known of it."""
    note = {
        "made_by": made_by(),
        "file": path.name,
        "source": source.source,
        "title": source.title,
        "page": source.page,
        "doi": source.doi,
        "licence": source.licence,
        "citation": source.citation,
        **what,
    }
    write_whole(note_of(path), (json.dumps(note, indent=2, ensure_ascii=False) + "\n").encode())


def read_note(path: Path) -> dict[str, Any] | None:
    """Return what is kept beside a file; None where there is nothing of ours."""
    with suppress(OSError, ValueError):
        note = note_of(path)
        value = json.loads(note.read_text("utf-8")) if is_ours(note) else None
        return value if isinstance(value, dict) else None
    return None


def digest_of(path: Path, kind: str = "sha256") -> str:
    """Return the digest of a file, SHA-256 or another that hashlib has."""
    total = hashlib.new(kind, usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            total.update(block)
    return total.hexdigest()


def whole_and_ours(path: Path, *, force: bool = False) -> dict[str, Any] | None:
    """Return the note of a file that is here, was pulled, and has not been changed since; None if there is no file.

    Raises
    ------
    OutputError
        If a file of that name is here that was not pulled, or was changed since, and may not be replaced.
    """
    if not path.exists() and not path.is_symlink():
        return None
    note = read_note(path) if path.is_file() else None
    if note is not None and note.get("sha256") == digest_of(path):
        return note
    if force and path.is_file():
        return None
    raise OutputError(Fault("not_pulled", "into", got=str(path), hint="force_or_other_folder"))
