"""The cases that visitors made: an argument of their own on the events of an upload, each seen by its owner alone."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from detente.base.errors import ArgumentError, Fault
from detente.base.files import write_whole
from detente.base.memo import Memo
from detente.base.store import Store
from detente.events.importing.importer import sidecar_of
from detente.lab.case import Case, load_case
from detente.web.refusals import unknown
from detente.web.uploads.own_arguments import NAME, UPLOADED, own_argument
from detente.web.uploads.uploaded import Upload
from detente.web.visitors.workspace import Workspaces

CASES = "cases"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_HELD = 16  # cases that stay loaded


class OwnCases:
    """Cases by visitor and name.

    Parameters
    ----------
    workspaces : Workspaces
    store : Store
        Where results of them are kept.
    """

    def __init__(self, workspaces: Workspaces, store: Store) -> None:
        self._spaces, self._store = workspaces, store
        self._loaded = Memo[tuple[str, str, str], Case](_HELD)

    def names(self, owner: str) -> tuple[str, ...]:
        """Return the names of a visitor's cases, the latest first."""
        found = self._spaces.of(owner).all_of(CASES)
        return tuple(path.name for path in found if _NAME.fullmatch(path.name) and (path / NAME).is_file())

    def text(self, owner: str, name: str) -> str:
        """Return the text of a visitor's argument.

        Raises
        ------
        NothingHereError
        """
        return self._file(owner, name).read_text("utf-8")

    def upload(self, owner: str, name: str) -> str:
        """Return the name of the upload that a case is about."""
        value = json.loads((self._file(owner, name).parent / "case.json").read_text("utf-8"))
        return str(value["upload"])

    def case(self, owner: str, name: str) -> Case:
        """Return a visitor's case.

        Raises
        ------
        NothingHereError
            If the visitor has none of this name.
        ArgumentError, DataError
            If its argument or its events cannot be read.
        """
        key = owner, name, self.version(owner, name)
        return self._loaded.get(key, lambda: self._load(owner, name))

    def version(self, owner: str, name: str) -> str:
        """Return a digest of a case's argument and upload: what was found for another is not what it says now.

        Raises
        ------
        NothingHereError
        """
        now = [self.text(owner, name), self.upload(owner, name)]
        return sha256(json.dumps(now).encode()).hexdigest()

    def add(self, owner: str, name: str, text: str, upload: Upload) -> Case:
        """Check an argument and put it on the shelf of a visitor; one of the same name is replaced.

        Raises
        ------
        ArgumentError, DataError
            If the name, the argument or the events are faulty; nothing is kept then.
        """
        if not _NAME.fullmatch(name):
            pattern = "a-z, 0-9, -"
            raise ArgumentError(Fault("wrong_pattern", "name", got=name, pattern=pattern))
        own_argument(text)
        self._spaces.of(owner).check(len(text.encode()))
        place = self._spaces.of(owner).place(CASES, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f"{name}_", dir=place.parent) as folder:  # no case has a name with _
            trial = Path(folder) / NAME
            trial.write_text(text, "utf-8")
            case = _named(
                load_case(argument=trial, events=upload.events, limits=UPLOADED, cache=self._store), upload
            )
            if case.argument.principals is None:
                raise ArgumentError(Fault("required", "principals", where=case.argument.place(())))
            write_whole(place / "case.json", json.dumps({"upload": upload.name}).encode(), parents=True)
            write_whole(place / NAME, text.encode())  # last: from now on it is a case
        self._spaces.of(owner).seen()
        return case

    def packed(self, owner: str, name: str) -> bytes:
        """Return an archive of a visitor's case for the command line: its argument, its events and their sidecar.

        Raises
        ------
        NothingHereError
        """
        upload = Upload(self._spaces.of(owner).place("uploads", self.upload(owner, name)))
        files = [self._file(owner, name), upload.events, sidecar_of(upload.events)]
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for file in files:
                if file.is_file():
                    archive.write(file, f"{name}/{file.name}")
        return out.getvalue()

    def remove_of(self, owner: str, upload: str) -> None:
        """Remove the cases of an upload."""
        for name in self.names(owner):
            if self.upload(owner, name) == upload:
                folder = self._file(owner, name).parent
                for file in (folder / NAME, folder / "case.json"):
                    file.unlink(missing_ok=True)
                with suppress(OSError):
                    folder.rmdir()

    def _file(self, owner: str, name: str) -> Path:
        if name not in self.names(owner):
            raise unknown("case", name, self.names(owner))
        return self._spaces.of(owner).place(CASES, name) / NAME

    def _load(self, owner: str, name: str) -> Case:
        upload = Upload(self._spaces.of(owner).place("uploads", self.upload(owner, name)))
        own_argument(self.text(owner, name))  # rules may be stricter than when it was kept
        file = self._file(owner, name)
        return _named(
            load_case(argument=file, events=upload.events, limits=UPLOADED, cache=self._store), upload
        )


def _named(case: Case, upload: Upload) -> Case:
    """Return a case whose events are called by the files that the visitor sent, not by the one they were read into."""
    events = case.chronicle
    provenance = replace(events.provenance, name=", ".join(upload.about["files"]))
    return replace(case, chronicle=replace(events, provenance=provenance))
