"""The files of visitors: a folder for each, with a limit to its size and to its age."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from detente.base.clock import epoch
from detente.base.errors import Fault
from detente.web.refusals import NothingHereError, TooLongError
from detente.web.visitors.visitor import DAYS, Visitor

EACH, ALL = 200_000_000, 5_000_000_000
"""Bytes of one visitor's files, and of all together."""
_SWEEP = 600  # seconds between two looks for old ones
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one visitor; it is made when something is put into it.

    Attributes
    ----------
    folder : Path
    most : int
        Bytes that it may hold.
    """

    folder: Path
    most: int = EACH

    @property
    def bytes(self) -> int:
        """How much it holds."""
        return sum(file.stat().st_size for file in _files(self.folder))

    def place(self, kind: str, name: str) -> Path:
        """Return where a thing of a kind is; names are ours, or have been checked, and hold no separator."""
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name, re.ASCII):
            raise NothingHereError(Fault("no_such_address", "address", got=name))
        return self.folder / kind / name

    def new(self, kind: str, expected: int = 0) -> Path:
        """Make a folder of a kind with a name drawn at random, for so many bytes.

        Raises
        ------
        TooLongError
            If there is no room for them.
        """
        self.check(expected)
        place = self.place(kind, secrets.token_hex(8))
        place.mkdir(parents=True, mode=0o700)
        self.seen()
        return place

    def check(self, expected: int) -> None:
        """Refuse what there is no room for.

        Raises
        ------
        TooLongError
        """
        if self.bytes + expected > self.most:
            raise TooLongError(Fault("workspace_full", "files", most=self.most, hint="remove_uploads"))

    def all_of(self, kind: str) -> list[Path]:
        """Return the things of a kind, the latest first."""
        found = []
        with suppress(OSError):
            found = [path for path in (self.folder / kind).iterdir() if path.is_dir()]
        return sorted(found, key=lambda path: -path.stat().st_mtime)

    def seen(self) -> None:
        """Note that its owner was here: age is counted from then."""
        with suppress(OSError):
            self.folder.touch()


class Workspaces:
    """The folders of all visitors.

    Parameters
    ----------
    folder : Path
    each, all_ : int
        Bytes of one, and of all.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     spaces = Workspaces(Path(folder))
    ...     path = spaces.of(Visitor("0" * 32)).new("uploads")
    ...     path.parent.parent.name, spaces.of(Visitor("0" * 32)).bytes
    ('00000000000000000000000000000000', 0)
    """

    def __init__(self, folder: Path, each: int = EACH, all_: int = ALL) -> None:
        self.folder, self._each, self._all, self._swept = folder, each, all_, 0.0

    def of(self, visitor: Visitor | str) -> Workspace:
        """Return the folder of a visitor."""
        name = visitor if isinstance(visitor, str) else visitor.name
        return Workspace(self.folder / (name if _ID.fullmatch(name) else "nobody"), self._each)

    def room(self, expected: int) -> None:
        """Refuse an upload for which there is no room, after old files are gone.

        Raises
        ------
        TooLongError
        """
        self.sweep()
        if sum(file.stat().st_size for file in _files(self.folder)) + expected > self._all:
            raise TooLongError(Fault("workspaces_full", "files", most=self._all, hint="on_command_line"))

    def sweep(self) -> int:
        """Remove the folders of visitors who were not seen for a week, now and then; return how many went."""
        now, gone = epoch(), 0
        if now - self._swept < _SWEEP:
            return 0
        self._swept = now
        with suppress(OSError):
            for folder in self.folder.iterdir():
                if _ID.fullmatch(folder.name) and now - folder.stat().st_mtime > DAYS * 86_400:
                    shutil.rmtree(folder, ignore_errors=True)
                    gone += 1
        return gone


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path
