"""Results of pages on disk, found again by what was asked after the server was ended: plain JSON under a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from detente.base.store import Store, key_of
from detente.lab.arguments import names_file
from detente.lab.case import Case
from detente.web.plain import as_plain
from detente.web.requested import Requested
from detente.web.shown import Shown

_KIND = "page"
_INTERFACES = ("data", "report", "web")


@dataclass(frozen=True, slots=True)
class KeptPages:
    """What was found for pages, by what was asked, the argument, the events and the code.

    Attributes
    ----------
    store : Store
        The folder that the commands keep their results in.
    """

    store: Store

    def find(self, case: Case, requested: Requested) -> Shown | None:
        """Return what was found when the same was asked before, or None."""
        if any(map(names_file, requested.lines)):
            return None
        value = self.store.value(_KIND, _key(case, requested))
        return None if value is None else Shown(**value)

    def keep(self, case: Case, requested: Requested, found: Shown) -> Shown:
        """Keep what was found, and return it as it will be found again."""
        value = as_plain(found)
        if not any(map(names_file, requested.lines)):  # such a file may change under its name
            self.store.keep(_KIND, _key(case, requested), value)
        return Shown(**value)


def _key(case: Case, requested: Requested) -> str:
    parts = {
        "case": case.name,
        "argument": case.argument.model_dump_json(),
        "events": case.chronicle.digest,
        "study": requested.study,
        "lines": requested.lines,
        "settings": requested.settings,
        "language": requested.language,
        "interface": _interface_digest(),
    }
    return key_of(parts)


@cache
def _interface_digest() -> str:
    """Return the SHA-256 of what draws and writes, and of arguments that come with the program.

    A changed picture or sentence makes a kept page stale.
    """
    package, total = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted(path for folder in _INTERFACES for path in (package / folder).rglob("*")):
        if path.is_file() and path.suffix in (".py", ".j2", ".yaml", ".csv", ".mo"):
            total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
