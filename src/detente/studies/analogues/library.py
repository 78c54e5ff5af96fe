"""What else the program comes with that a reader of a case may open: other rivalries, arguments and templates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from detente.argument.load import embedded_arguments
from detente.events.files.embedded import embedded_rivalries
from detente.lab.case import Case


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
    own = case.rivalry.partition("@")[0] if case.rivalry else None
    found = []
    for one in embedded_arguments():
        rivalry = one.rivalry if one.rivalry in embedded_rivalries() else None
        if rivalry is not None:
            kind = "argument" if rivalry == own else "rivalry"
        else:
            kind = "template" if one.principals else "generic"
        if one.argument != case.argument.argument or rivalry not in (None, own):
            found.append(LibraryPiece(kind, one.argument, one.title, rivalry))
    return tuple(sorted(found, key=lambda piece: piece.rivalry is None))
