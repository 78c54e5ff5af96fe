"""``detente cache``: what is kept on disk between one command and the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.options import AsJson, LimitSettings
from detente.cli.output import write

if TYPE_CHECKING:
    from detente.base.store import Store

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


class Action(StrEnum):
    """What to do with what is kept."""

    LIST = "list"
    SIZE = "size"
    CLEAR = "clear"


def cache(
    action: Annotated[
        Action, typer.Argument(help="list the kept results, print their bytes, or remove them all")
    ] = Action.LIST,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            metavar="DIR",
            help="folder of kept results; default: DETENTE_CACHE, else the platform's user cache",
        ),
    ] = None,
    limits: LimitSettings = None,
    as_json: AsJson = False,
) -> None:
    """List, measure or remove the fits, futures and backtests kept on disk; they are computed again when needed."""
    from detente.base.input_limits import limits_of
    from detente.base.store import store_of
    from detente.report.text.as_json import json_text

    store = store_of(True if folder is None else folder, limits_of(limits or ()).kept)
    before = kept_of(store)
    if action is Action.CLEAR:
        store.clear()
        kept = kept_of(store)
        removed = {"removed": before["files"] - kept["files"], "freed": before["bytes"] - kept["bytes"]}
        write(
            json_text(kept | removed)
            if as_json
            else f"{removed['removed']} results removed, {removed['freed']} bytes freed"
        )
    elif as_json:
        write(json_text(before))
    else:
        write(f"{before['bytes']}" if action is Action.SIZE else text_of(before))


def kept_of(store: Store) -> dict[str, Any]:
    """Return what a store holds, as plain values: all files and bytes, and those of each kind.

    Examples
    --------
    >>> from detente.base.store import Store
    >>> kept_of(Store(None))["bytes"]
    0
    """
    from detente.base.store import KINDS

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
