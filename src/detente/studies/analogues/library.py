"""What else the program comes with that a reader of a case may open: other rivalries, arguments and templates."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from detente.events.files.embedded import embedded_rivalries
from detente.lab.case import Case

_ARGUMENT = re.compile(r"^argument: *(\S+) *$", re.MULTILINE)
_TITLE = re.compile(r"^title: *(.+?) *$", re.MULTILINE)
_PRINCIPALS = re.compile(r"^principals:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LibraryPiece:
    """An argument that comes with the program.

    Attributes
    ----------
    kind : str
        ``argument`` (another view of the same rivalry), ``rivalry`` (with events of its own), ``template`` (of two
        other actors, for events of the user's), or ``generic`` (for any two actors).
    name, title : str
    rivalry : str or None
        The rivalry that it belongs to.
    """

    kind: str
    name: str
    title: str
    rivalry: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def other_pieces(case: Case) -> tuple[LibraryPiece, ...]:
    """Return what the program comes with besides the case's own argument.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> [(piece.kind, piece.name) for piece in other_pieces(load_case("us-iran"))][:2]
    [('argument', 'essay-evidence'), ('argument', 'maximum-pressure')]
    """
    data = resources.files("detente") / "data"
    own = case.rivalry.partition("@")[0] if case.rivalry else None
    found = []
    for rivalry in embedded_rivalries().values():
        if rivalry.revised:  # the chronicle before its revision has the same arguments
            for name, title, _ in _arguments(data / rivalry.folder):
                kind = "argument" if rivalry.name == own else "rivalry"
                found.append(LibraryPiece(kind, name, title, rivalry.name))
    found += [
        LibraryPiece("template" if about else "generic", name, title, None)
        for name, title, about in _arguments(data)
    ]
    here = case.argument.argument
    return tuple(p for p in found if not (p.name == here and p.rivalry in (None, own)))


def _arguments(folder: Any) -> list[tuple[str, str, bool]]:
    """Return the arguments of a folder: name, title, and whether it is about two named actors."""
    out = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".yaml"):
            continue
        text = path.read_text(encoding="utf-8")
        name, title = _ARGUMENT.search(text), _TITLE.search(text)
        if name and title:
            out.append((name[1], title[1].strip("\"'"), bool(_PRINCIPALS.search(text))))
    return out
