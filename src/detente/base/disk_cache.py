"""Results kept on disk under a digest of everything they depend on; a damaged file counts as absent."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from detente.base.errors import DetenteWarning, Fault, OutputError
from detente.base.files import write_whole
from detente.base.input_files import unfit

Cache = str | Path | bool
"""Where results are kept: a folder, True for the user's own (`user_cache`), or False to keep and read nothing."""

_MOST_BYTES = 100_000_000  # of one kept result
_INTERFACES = ("__main__.py", "cli", "report", "web")


def folder_of(cache: Cache) -> Path | None:
    """Return the folder that a choice of cache stands for; None where nothing is to be kept, or a user has no home.

    Examples
    --------
    >>> folder_of("kept").name, folder_of(False)
    ('kept', None)
    """
    if not isinstance(cache, bool):
        return Path(cache)
    with suppress(RuntimeError):  # nobody says where the home is
        return user_cache() if cache else None
    return None


def user_cache() -> Path:
    """Return the folder of the environment's ``DETENTE_CACHE``, or else where this platform keeps a user's caches."""
    if os.environ.get("DETENTE_CACHE"):
        return Path(os.environ["DETENTE_CACHE"])
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "detente"
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "detente" / "cache"
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "detente"


@cache
def code_digest() -> str:
    """Return the SHA-256 of the package's own source: a changed line makes every kept result stale.

    Only the interfaces are left out, since they format results and change none.
    """
    package = Path(__file__).parent.parent
    total = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] in _INTERFACES:
            continue
        total.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def key_of(parts: Mapping[str, Any]) -> str:
    """Return the digest of the parts, the code among them."""
    text = json.dumps({**parts, "code": code_digest()}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def load(folder: Path, key: str) -> Any | None:
    """Return what was kept under a key, or None if there is nothing whole: a pipe or a device holds nothing."""
    path = folder / f"{key}.json"
    try:
        if unfit(path, "cache", "file", _MOST_BYTES):
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["key"] == key and kept["digest"] == _digest(kept["value"]):
            return kept["value"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def keep(folder: Path, key: str, value: Any) -> None:
    """Keep a value of plain JSON types under a key; the file is there whole or not at all.

    A folder that cannot take it is told by a `DetenteWarning`: finished work is never lost to its cache.
    """
    text = json.dumps({"key": key, "digest": _digest(value), "value": value})
    try:
        write_whole(folder / f"{key}.json", text.encode(), field="cache", parents=True)
    except OutputError as error:
        reason = dict(error.faults[0].values)["reason"]
        fault = Fault("not_kept", "cache", where=str(folder), hint="other_cache", reason=reason)
        warnings.warn(DetenteWarning(fault), stacklevel=2)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
