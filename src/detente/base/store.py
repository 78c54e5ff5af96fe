"""Results kept on disk under a digest of everything they depend on; a damaged or foreign file counts as absent."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from platform import machine, python_version
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from detente.base.errors import DetenteWarning, Fault, OutputError
from detente.base.files import replacing
from detente.base.input_files import unfit
from detente.base.input_limits import LIMITS

Cache: TypeAlias = "str | Path | bool | Store"
"""Where results are kept: a folder, True for the user's own (`user_cache`), False for nowhere at all, or a store."""

Arrays = Mapping[str, npt.NDArray[Any]]

KINDS = ("fit", "futures", "rates", "verdict", "backtest", "world", "evidence", "page")
_OF_MINUTES = ("backtest", "world", "evidence")

_MOST_OF_ONE = 4  # a result larger than the folder's limit over this is not kept at all
_NAME = re.compile(rf"({'|'.join(KINDS)})-[0-9a-f]{{64}}\.(?:json|npz)")
_INTERFACES = ("__main__.py", "cli", "pull", "report", "web")
_CHECK = "digest"
_CHECK_BYTES = 64


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A result on disk: its kind, how many bytes it takes, and when it was last used, in seconds since 1970."""

    path: Path
    kind: str
    bytes: int
    used: float


@dataclass(frozen=True, slots=True)
class Store:
    """Results of one folder, found again by what they were made from.

    Files are written whole or not at all, so that processes may share a folder; each holds the digest of its content,
    and one that does not fit it is made again. A folder that cannot be written loses no work: a warning says so.

    Attributes
    ----------
    folder : path or None
        None keeps nothing and finds nothing.
    most : int
        Bytes of all files together; the least recently used go first.
    chosen : bool
        Whether a user named the folder: then every result that it cannot take is told of, else only those of minutes.
    frozen : bool
        Whether nothing new is kept, only found.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store, key = Store(Path(folder)), key_of({"argument": "essay"})
    ...     store.keep("rates", key, {"share": 0.25})
    ...     store.value("rates", key), store.value("rates", key_of({"argument": "other"}))
    ({'share': 0.25}, None)
    """

    folder: Path | None = None
    most: int = LIMITS.kept
    chosen: bool = True
    frozen: bool = False

    def value(self, kind: str, key: str) -> Any | None:
        """Return the plain value kept under a key, or None if there is nothing whole."""
        content = self._read(kind, key, "json")
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            kept = json.loads(content) if content else {}
            if kept["key"] == key and kept[_CHECK] == _digest_of(kept["value"]):
                self._touch(kind, key, "json")
                return kept["value"]
        return None

    def keep(self, kind: str, key: str, value: Any) -> None:
        """Keep a value of plain JSON types under a key.

        Raises
        ------
        ValueError
            If the kind is none of `KINDS`.
        """
        text = json.dumps({"key": key, _CHECK: _digest_of(value), "value": value})
        self._write(kind, key, "json", text.encode())

    def arrays(self, kind: str, key: str) -> Arrays | None:
        """Return the arrays kept under a key by name, or None if there is nothing whole."""
        content = self._read(kind, key, "npz") or b""
        body, check = content[:-_CHECK_BYTES], content[-_CHECK_BYTES:]
        if not body or check != _check_of(key, body):
            return None
        self._touch(kind, key, "npz")
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    def keep_arrays(self, kind: str, key: str, arrays: Arrays) -> None:
        """Keep arrays of numbers or text under a key.

        Raises
        ------
        ValueError
            If the kind is none of `KINDS`.
        """
        if self.folder is None or sum(array.nbytes for array in arrays.values()) > self.most // _MOST_OF_ONE:
            return
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **arrays)
        # the digest is the archive's comment, whose length ends an archive that has none
        body = content.getvalue()[:-2] + _CHECK_BYTES.to_bytes(2, "little")
        self._write(kind, key, "npz", body + _check_of(key, body))

    def files(self) -> list[KeptFile]:
        """Return what is kept, the most recently used first; files that this program did not make are left out."""
        found = []
        with suppress(OSError):
            for entry in os.scandir(self.folder) if self.folder else ():
                if (match := _NAME.fullmatch(entry.name)) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append(KeptFile(Path(entry.path), match[1], status.st_size, status.st_mtime))
        return sorted(found, key=lambda file: (-file.used, file.path.name))

    def clear(self, most: int = 0) -> int:
        """Remove the least recently used results until the rest takes at most so many bytes; return how many went."""
        total, removed = 0, 0
        for file in self.files():
            total += file.bytes
            if total > most:
                with suppress(OSError):  # another process may have been faster
                    file.path.unlink()
                    removed += 1
        return removed

    def _path(self, kind: str, key: str, suffix: str) -> Path | None:
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind}")
        return None if self.folder is None else self.folder / f"{kind}-{key}.{suffix}"

    def _read(self, kind: str, key: str, suffix: str) -> bytes | None:
        path = self._path(kind, key, suffix)
        with suppress(OSError):
            if path is not None and not unfit(path, "cache", "file", self.most):  # no pipe, no device
                return path.read_bytes()
        return None

    def _touch(self, kind: str, key: str, suffix: str) -> None:
        path = self._path(kind, key, suffix)
        with suppress(OSError):
            if path is not None and not self.frozen:
                os.utime(path)

    def _write(self, kind: str, key: str, suffix: str, content: bytes) -> None:
        path = self._path(kind, key, suffix)
        if path is None or self.frozen or len(content) > self.most // _MOST_OF_ONE:
            return
        try:
            with replacing(
                path, field="cache", parents=True
            ) as temporary:  # never a pipe: it would wait for a reader
                temporary.write_bytes(content)
        except OutputError as error:
            if self.chosen or kind in _OF_MINUTES:
                _warn_not_kept(path.parent, str(dict(error.faults[0].values)["reason"]))
            return
        if sum(file.bytes for file in self.files()) > self.most:
            self.clear(self.most)


def store_of(cache: Cache, most: int = LIMITS.kept) -> Store:
    """Return the store that a choice of cache stands for; one that keeps nothing if a user has no home.

    Examples
    --------
    >>> store_of("kept").folder.name, store_of(False).folder
    ('kept', None)
    """
    if isinstance(cache, Store):
        return cache
    if not isinstance(cache, bool):
        return Store(Path(cache), most)
    with suppress(RuntimeError):  # nobody says where the home is
        return Store(user_cache() if cache else None, most, chosen="DETENTE_CACHE" in os.environ)
    return Store()


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
    """Return the SHA-256 of what computes: our own source, the versions of NumPy and Python, and the kind of machine.

    Tables that the source reads count as source. A changed line makes every kept result stale. Only the interfaces are
    left out, since they format results and change none.
    """
    total = hashlib.sha256(f"{python_version()} {np.__version__} {sys.platform} {machine()}".encode())
    total.update(source_digest().encode())
    return total.hexdigest()


@cache
def source_digest(folders: tuple[str, ...] = ()) -> str:
    """Return the SHA-256 of our own source but for the interfaces: of some folders of the package, or of all.

    It is the same on every machine, unlike `code_digest`.

    Examples
    --------
    >>> source_digest() == source_digest(), source_digest() == source_digest(("base",))
    (True, False)
    """
    package, total = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted([*package.rglob("*.py"), *(package / "data").glob("*.json")]):
        top = path.relative_to(package).parts[0]
        if top in _INTERFACES or (folders and top not in folders):
            continue
        total.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def key_of(parts: Mapping[str, Any]) -> str:
    """Return the digest of the parts, the code among them."""
    text = json.dumps({**parts, "code": code_digest()}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _check_of(key: str, body: bytes) -> bytes:
    total = hashlib.sha256(key.encode())
    total.update(body)
    return total.hexdigest().encode()


@cache
def _warn_not_kept(folder: Path, reason: str) -> None:
    """Warn once for each folder and reason."""
    fault = Fault("not_kept", "cache", where=str(folder), hint="other_cache", reason=reason)
    warnings.warn(DetenteWarning(fault), stacklevel=4)
