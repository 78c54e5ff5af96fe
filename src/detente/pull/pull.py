"""The use case `pull`: files of a source in its folder, with what was expected, what came and what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from detente.base import clock
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.files import output_faults
from detente.base.progress import Progress
from detente.base.store import user_cache
from detente.pull.beside import keep_note, whole_and_ours
from detente.pull.client import Client, RefusedError
from detente.pull.declared import DataSource, Listing, Pages, source_named
from detente.pull.download import Wanted, download
from detente.pull.found import DaysAsked, Found, find
from detente.pull.locks import held_alone
from detente.pull.pages import Piece, pieces_of, pull_piece
from detente.pull.secrets import SECRET_NAMES, Secrets
from detente.pull.tokens import AccessToken, missing

CAME, HERE, CHANGED, TO_COME = "came", "here", "changed", "to come"
"""What may be said of a file: it came, was here already, came and is another than before, or would come."""

_MOST_NAMED = 8
_RELEASE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.]*")


@dataclass(frozen=True)
class Asked:
    """What is asked of a source.

    Attributes
    ----------
    days : DaysAsked
    only : tuple of str
        Patterns of file names, as ``*2019*``.
    where : mapping of str to str
        Parameters of an interface, by the names of its documentation.
    release : str or None
    """

    days: DaysAsked = field(default_factory=DaysAsked)
    only: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    release: str | None = None


@dataclass(frozen=True)
class PulledFile:
    """A file of a source.

    Attributes
    ----------
    path : path
    state : str
        One of `CAME`, `HERE`, `CHANGED`, `TO_COME`.
    bytes : int or None
        None if not known yet.
    sha256 : str or None
    promised : str or None
        The digest that the publisher states, which it has.
    rows : int or None
        Where rows were asked for.
    """

    path: Path
    state: str
    bytes: int | None = None
    sha256: str | None = None
    promised: str | None = None
    rows: int | None = None


@dataclass(frozen=True)
class PulledFiles:
    """What came of a source.

    Attributes
    ----------
    source : DataSource
    folder : path
    files : tuple of PulledFile
        In the order of names.
    expected : int
        How many there should be.
    missing : tuple of str
        What should be there and is not: days without a file, years without a row, files that are not public.
    left : int
        Files of the source that were not asked for.
    dry : bool
        Whether nothing was fetched.
    """

    source: DataSource
    folder: Path
    files: tuple[PulledFile, ...]
    expected: int
    missing: tuple[str, ...]
    left: int
    dry: bool

    def count(self, *states: str) -> int:
        """Return how many files are in one of these states."""
        return sum(file.state in states for file in self.files)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        source = self.source
        return {
            "source": source.source,
            "title": source.title,
            "page": source.page,
            "doi": source.doi,
            "licence": source.licence,
            "citation": source.citation,
            "format": source.layout,
            "folder": str(self.folder),
            "dry_run": self.dry,
            "expected": self.expected,
            "missing": list(self.missing),
            "left": self.left,
            "files": [
                {
                    "name": file.path.name,
                    "state": file.state,
                    "bytes": file.bytes,
                    "rows": file.rows,
                    "sha256": file.sha256,
                    "promised": file.promised,
                }
                for file in self.files
            ],
        }


@dataclass
class _Work:
    """One pull under way."""

    client: Client
    source: DataSource
    base: str
    folder: Path
    asked: Asked
    secrets: Secrets
    again: bool
    force: bool
    dry: bool
    tell: Progress
    missing: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    expected: int = 0

    def all(self) -> list[PulledFile]:
        """Fetch what every way of the source has."""
        done: list[PulledFile] = []
        for way in self.source.ways:
            if isinstance(way, Pages):
                done += self._pages(way)
                continue
            try:
                found = find(self.client, self.source, self.base, way, self.asked.days, self.asked.only)
                if found.licence is not None:
                    self.source = replace(self.source, licence=found.licence)
                done += self._files(found)
            except RefusedError as error:
                raise DataError(
                    Fault(
                        "credentials_refused",
                        self.source.source,
                        status=error.status,
                        hint="likely",
                        cause=self.source.denied,
                    )
                ) from None
        return done

    def _files(self, found: Found) -> list[PulledFile]:
        self.missing += found.missing
        self.left += found.left
        self.expected += found.expected
        if self.dry:
            return [self._planned(self.folder / file.name, file.size, file.digest) for file in found.files]
        done = []
        for number, file in enumerate(found.files):
            self.tell("files", number, len(found.files))
            done.append(self._file(file))
        self.tell("files", len(found.files), len(found.files))
        return done

    def _file(self, wanted: Wanted) -> PulledFile:
        path = self.folder / wanted.name
        with held_alone(path):
            before = whole_and_ours(path, force=self.force)
            if before and not self.again and before.get("promised") == wanted.digest:
                return _of_note(path, HERE, before)
            told = partial(self.tell, wanted.name)
            note = partial(keep_note, path, self.source)
            came = download(self.client, wanted, path, note, told)
            return _of_note(path, _state(before, came), came)

    def _pages(self, way: Pages) -> list[PulledFile]:
        pieces = pieces_of(self.base, way, self.asked.days, self.asked.where, self.asked.release)
        self.expected += len(pieces)
        if self.dry:
            return [self._planned(self.folder / piece.name, None, None) for piece in pieces]
        wanted = self.source.credentials
        token = AccessToken(self.source, self.base, self.secrets, self.client) if wanted is not None else None
        found = [self._piece(way, piece, token) for piece in pieces]
        return [file for file in found if file is not None]

    def _piece(self, way: Pages, piece: Piece, token: AccessToken | None) -> PulledFile | None:
        path = self.folder / piece.name
        with held_alone(path):
            before = whole_and_ours(path, force=self.force)
            if before and not self.again:
                return _of_note(path, HERE, before)
            told = partial(self.tell, piece.name)
            note = partial(keep_note, path, self.source)
            came = pull_piece(self.client, self.source, way, piece, path, token, note, told)
        if came is None:
            self.missing.append(piece.days if piece.days != "/" else piece.name)
            return None
        return _of_note(path, _state(before, came), came)

    def _planned(self, path: Path, size: int | None, digest: str | None) -> PulledFile:
        before = whole_and_ours(path, force=self.force)
        if before and not self.again and (digest is None or before.get("promised") == digest):
            return _of_note(path, HERE, before)
        return PulledFile(path, TO_COME, size, None, digest)


def pull(
    name: str,
    asked: Asked | None = None,
    *,
    into: Path | None = None,
    secrets: Secrets | None = None,
    address: str | None = None,
    again: bool = False,
    force: bool = False,
    dry: bool = False,
    seconds: float = 60.0,
    wait: Callable[[float], None] = clock.wait,
    progress: Progress | None = None,
) -> PulledFiles:
    """Fetch files of a source into its folder.

    Parameters
    ----------
    name : str
        The source, as `data_sources` lists them.
    asked : Asked, optional
    into : path, optional
        The folder that has a folder for each source; the user's own cache if not given.
    secrets : Secrets, optional
        Tokens and passwords.
    address : str, optional
        What addresses begin with instead of the source's own base: a mirror.
    again : bool
        Fetch also what is here.
    force : bool
        Replace files of the same name that were not pulled.
    dry : bool
        Fetch nothing, and say what would come; a list of files is read.
    seconds : float
        How long to wait for the next bytes of an answer.
    wait : callable
        Takes the seconds to wait before another try.
    progress : callable, optional
        Called with the file, and the bytes or rows of it that are here and in all.

    Raises
    ------
    ArgumentError
        If the source does not take what is asked, or wants to know who asks.
    DataError
        If the source cannot be reached, refuses, has nothing for what is asked, or sends something else.
    OutputError
        If a file would be replaced that was not pulled, or the disk will not take it.
    """
    source, asked = source_named(name), asked or Asked()
    _check(source, asked, secrets or Secrets(), dry=dry)
    base = _base(source, address)
    folder = (into if into is not None else user_cache() / "pulled") / source.source
    with output_faults(folder, "into"):
        if not dry:
            folder.mkdir(parents=True, exist_ok=True)
    known = secrets or Secrets()
    with Client(source.page, known, seconds, wait) as client:
        tell = progress or (lambda stage, done, total: None)
        work = _Work(client, source, base, folder, asked, known, again, force, dry, tell)
        files = tuple(sorted(work.all(), key=lambda file: file.path.name))
    if not files and work.left and asked.only:
        known_names: dict[str, Any] = {"hint": "known_first", "known": tuple(sorted(work.left)[:_MOST_NAMED])}
        raise ArgumentError(Fault("names_no_file", "only", got=asked.only, where=base, **known_names))
    if not files:
        got = ", ".join(work.missing[:4]) or None
        raise DataError(Fault("came_empty", name, got=got, where=base, hint="likely", cause=source.empty))
    return PulledFiles(work.source, folder, files, work.expected, tuple(work.missing), len(work.left), dry)


def _check(source: DataSource, asked: Asked, secrets: Secrets, *, dry: bool) -> None:
    """Refuse what a source cannot be asked, before it is."""
    pages = [way for way in source.ways if isinstance(way, Pages)]
    lists = any(isinstance(way, Listing) for way in source.ways)
    days = asked.days
    if (days.first is None) != (days.last is None):
        raise ArgumentError(Fault("both_or_neither", "days", one="from", other="to"))
    if days.first is not None and days.last is not None and days.last < days.first:
        raise ArgumentError(Fault("too_small", "to", got=days.last, low=days.first))
    if days.first is None and (lists or any(way.by_year for way in pages)):
        raise ArgumentError(Fault("required", "from", where=source.source, hint="give_days"))
    if days.first is not None and not lists and not any(way.between for way in pages):
        raise ArgumentError(Fault("not_asked_for", "from", where=source.source, **_takes(source)))
    if asked.where and not pages:
        raise ArgumentError(Fault("not_asked_for", "where", where=source.source, **_takes(source)))
    if asked.only and len(pages) == len(source.ways):
        raise ArgumentError(Fault("not_asked_for", "only", where=source.source, **_takes(source)))
    if asked.release and not any(way.release for way in pages):
        raise ArgumentError(Fault("not_asked_for", "release", where=source.source, **_takes(source)))
    if asked.release and not _RELEASE.fullmatch(asked.release):
        raise ArgumentError(Fault("wrong_pattern", "release", got=asked.release, pattern=_RELEASE.pattern))
    taken = {name for way in pages for name in (way.page, way.size, *way.between)}
    if clash := sorted(taken & asked.where.keys()):
        raise ArgumentError(Fault("given_twice", "where", got=clash[0]))
    wanted = source.credentials
    if wanted is not None and pages and not dry:
        given = secrets.get(wanted.token) or (secrets.get(wanted.user) and secrets.get(wanted.password))
        if not given:
            raise ArgumentError(missing(source, wanted))


def _takes(source: DataSource) -> dict[str, Any]:
    """Return the hint that says what can be asked of a source."""
    pages = [way for way in source.ways if isinstance(way, Pages)]
    names: list[str] = []
    if any(isinstance(way, Listing) or (isinstance(way, Pages) and way.between) for way in source.ways):
        names += ["from", "to"]
    names += ["where"] * bool(pages) + ["release"] * any(way.release for way in pages)
    names += ["only"] * (len(pages) < len(source.ways))
    return {"hint": "source_takes", "names": tuple(names)}


def _base(source: DataSource, address: str | None) -> str:
    if address is None:
        return source.base
    if not address.startswith(("https://", "http://")):
        raise ArgumentError(Fault("not_an_address", "address", got=address))
    return address if address.endswith("/") else f"{address}/"


def _of_note(path: Path, state: str, note: Mapping[str, Any]) -> PulledFile:
    return PulledFile(
        path, state, note.get("bytes"), note.get("sha256"), note.get("promised"), note.get("rows")
    )


def _state(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    return CHANGED if before is not None and before.get("sha256") != now.get("sha256") else CAME


def parameters_of(values: Sequence[str] | None) -> dict[str, str]:
    """Return parameters given as NAME=VALUE.

    Raises
    ------
    ArgumentError

    Examples
    --------
    >>> parameters_of(["country=Iran"])
    {'country': 'Iran'}
    """
    found: dict[str, str] = {}
    for text in values or ():
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name:
            raise ArgumentError(
                Fault("not_assignment", "where", got=text, hint="try", example="country=Iran")
            )
        if name in found:
            raise ArgumentError(Fault("given_twice", "where", got=name))
        if name.lower() in SECRET_NAMES:  # it would be in the name of the file, and in the note beside it
            raise ArgumentError(Fault("secret_in_the_open", "where", got=name))
        found[name] = value
    return found
