"""One file downloaded: its pieces are kept, checked against what was promised, and moved to its place when whole."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.base.errors import DataError, Fault
from detente.base.files import output_faults
from detente.pull.beside import digest_of
from detente.pull.client import Client, CutError, Reply, is_web_page

Told = Callable[[int, int], None]  # bytes that are here, bytes in all (0 if unknown)
Note = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to come.

    Attributes
    ----------
    name, address : str
    size : int or None
        Its bytes, where the publisher says.
    digest : str or None
        Its digest, where the publisher says, such as ``md5:…``.
    day : str or None
        The day it is about, YYYY-MM-DD.
    """

    name: str
    address: str
    size: int | None = None
    digest: str | None = None
    day: str | None = None


def download(
    client: Client, wanted: Wanted, path: Path, note: Note, told: Told | None = None
) -> dict[str, Any]:
    """Download a file, going on where an earlier try or an earlier process ended.

    Parameters
    ----------
    client : Client
    wanted : Wanted
    path : path
        Where it goes once it is whole. Until then its bytes are in ``PATH.part``.
    note : callable
        Called with what is returned just before the file is moved to its place.
    told : callable, optional
        Called with the bytes that are here and the bytes in all.

    Returns
    -------
    dict
        Its address, bytes, ``sha256``, what the publisher promised, and the server's day.

    Raises
    ------
    RefusedError
    DataError
        If it cannot be had, comes empty, is a web page, or is not what was promised. A file with another digest is
        not kept.
    OutputError
        If the disk will not take it.

    Notes
    -----
    Bytes of an earlier try are used only if the server still has the same file, by its ETag or the day of its last
    change, or if a digest is promised. If the whole then has another digest, it is loaded once more from the start.
    """
    part = _Part(path)
    for fresh in (False, True):
        resumed = part.bytes() > 0 and not fresh
        if fresh:
            part.remove()
        served = _load(client, wanted, part, told)
        fault = _fault_of(wanted, part, client.page)
        if fault is None:
            break
        part.remove()
        if not resumed or fault.code != "other_digest":
            raise DataError(fault)
    with output_faults(path, "into"):
        known = {
            "address": wanted.address,
            "bytes": part.bytes(),
            "sha256": digest_of(part.path),
            "promised": wanted.digest,
            "served": served,
        }
        note(known)
        part.path.replace(path)
        part.remove()
    return known


class _Part:
    """The bytes of a file that is not whole yet, and which file they are of."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._about = path.with_name(f"{path.name}.part.json")

    def bytes(self) -> int:
        """Return how many there are."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def validator(self, wanted: Wanted) -> str | None:
        """Return by what the server knows whether they are of the file it has; empty if only the digest can tell."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            about = json.loads(self._about.read_text("utf-8"))
            if about["address"] == wanted.address and about["promised"] == wanted.digest:
                return str(about["validator"] or "") if about["validator"] or wanted.digest else None
        return None

    def note(self, wanted: Wanted, validator: str | None) -> None:
        """Note which file they are of."""
        about = {"address": wanted.address, "promised": wanted.digest, "validator": validator}
        self._about.write_text(json.dumps(about), "utf-8")

    def remove(self) -> None:
        """Forget them."""
        self.path.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)


def _load(client: Client, wanted: Wanted, part: _Part, told: Told | None) -> str | None:
    """Load until the server says that this is all; return its day."""
    for turn in client.tries(wanted.address):
        with turn, output_faults(part.path, "into"):
            known = part.validator(wanted)
            start = part.bytes() if known is not None else 0
            with client.pieces(wanted.address, start=start, validator=known) as (answer, pieces):
                if answer.status == 416:  # nothing from there on: all is here, or they are of another file
                    if _whole_size(answer) == start:
                        return answer.headers.get("date")
                    part.remove()
                    raise CutError("416")
                start = start if answer.status == 206 else 0
                if answer.status == 206 and _begins_at(answer) != start:
                    part.remove()
                    raise CutError("206")
                part.note(wanted, _validator_of(answer))
                _append(part, pieces, start, wanted.size or _size_of(answer, start), turn.progress, told)
                return answer.headers.get("date")
    raise RuntimeError(wanted.address)  # the last try raises


def _append(
    part: _Part,
    pieces: Iterator[bytes],
    start: int,
    size: int,
    progress: Callable[[], None],
    told: Told | None,
) -> None:
    done = start
    with part.path.open("r+b" if start else "wb") as stream:
        stream.truncate(start)
        stream.seek(start)
        for piece in pieces:
            stream.write(piece)
            done += len(piece)
            progress()
            if told:
                told(done, size)
        stream.flush()
        os.fsync(stream.fileno())


def _fault_of(wanted: Wanted, part: _Part, page: str) -> Fault | None:
    """Return what is wrong with a file that has come, if anything is."""
    came = part.bytes()
    if not came:
        return Fault("came_empty", wanted.name, where=wanted.address, hint="see_page", page=page)
    with part.path.open("rb") as stream:
        head = stream.read(512)
    if is_web_page(head) and not wanted.name.endswith((".html", ".htm")):
        return Fault("web_page", wanted.name, where=wanted.address, hint="see_page", page=page)
    if wanted.digest is not None:
        kind, _, promised = wanted.digest.partition(":")
        got = digest_of(part.path, kind)
        if got != promised.lower():
            return Fault(
                "other_digest",
                wanted.name,
                got=got,
                where=wanted.address,
                hint="pull_again",
                kind=kind.upper(),
                promised=promised,
                page=page,
            )
    elif wanted.size is not None and came != wanted.size:
        values: dict[str, Any] = {"came": came, "size": wanted.size}
        return Fault("other_size", wanted.name, where=wanted.address, hint="pull_again", page=page, **values)
    if wanted.name.endswith(".zip") and not zipfile.is_zipfile(part.path):
        return Fault(
            "other_answer", wanted.name, where=wanted.address, reason="ZIP", hint="see_page", page=page
        )
    return None


def _validator_of(answer: Reply) -> str | None:
    tag = answer.headers.get("etag")
    if tag is not None and not tag.startswith("W/"):  # a weak one does not promise the same bytes
        return str(tag)
    changed = answer.headers.get("last-modified")
    return None if changed is None else str(changed)


def _begins_at(answer: Reply) -> int:
    first = answer.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return int(first) if first.isdecimal() else -1


def _whole_size(answer: Reply) -> int:
    last = answer.headers.get("content-range", "").rpartition("/")[2]
    return int(last) if last.isdecimal() else -1


def _size_of(answer: Reply, start: int) -> int:
    length = answer.headers.get("content-length", "")
    return start + int(length) if length.isdecimal() else 0
