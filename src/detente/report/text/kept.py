"""What is kept on disk, as plain values and as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from detente.base.store import KINDS, Store

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def kept_of(store: Store) -> dict[str, Any]:
    """Return what a store holds, as plain values: all files and bytes, and those of each kind.

    Examples
    --------
    >>> kept_of(Store(None))["bytes"]
    0
    """
    files = store.files()
    kinds = []
    for kind in KINDS:
        own = [file for file in files if file.kind == kind]
        if own:
            used = datetime.fromtimestamp(max(file.used for file in own), UTC)
            size = sum(file.bytes for file in own)
            kinds.append(
                {
                    "kind": kind,
                    "files": len(own),
                    "bytes": size,
                    "last_used": used.isoformat(timespec="seconds"),
                }
            )
    return {
        "folder": None if store.folder is None else str(store.folder),
        "files": len(files),
        "bytes": sum(file.bytes for file in files),
        "limit": store.most,
        "kinds": kinds,
    }


def text_of(kept: Mapping[str, Any]) -> str:
    """Write what `kept_of` returns as text."""
    if kept["folder"] is None:
        return "nothing is kept: this user has no home folder, and DETENTE_CACHE names no other"
    lines = [
        f"{kept['folder']}: {kept['files']} results, {size(kept['bytes'])} of at most {size(kept['limit'])}",
        *(
            f"  {kind['kind']:<9} {kind['files']:>6}  {size(kind['bytes']):>9}  last used {kind['last_used']}"
            for kind in kept["kinds"]
        ),
    ]
    return "\n".join(lines)


def size(count: int) -> str:
    """Write a number of bytes with the unit that suits it.

    Examples
    --------
    >>> size(12), size(4_956_010)
    ('12 bytes', '5.0 MB')
    """
    for unit, factor in _UNITS:
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} bytes"
