"""Actions: PLOVER's types and scores, and the fifteen of this project's own chronicle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NoReturn

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest

CODEBOOKS = ("detente", "plover", "cameo", "weis")
"""How the codes of an event file may read."""


@dataclass(frozen=True, slots=True)
class Action:
    """One type of act with its intensity, a score from -10 (most hostile) to +10.

    Attributes
    ----------
    name : str
        The word used in event files.
    intensity : float
        Score of the type, without a dimension.
    modes : Mapping[str, float]
        Scores of the modes the codebook names; a mode it does not name leaves the type's score.
    """

    name: str
    intensity: float
    modes: Mapping[str, float]


def _action(name: str, intensity: float, modes: str = "") -> Action:
    pairs = (pair.rsplit(" ", 1) for pair in modes.split("; ") if pair)
    return Action(name, float(intensity), MappingProxyType({mode: float(score) for mode, score in pairs}))


# Type and mode scores of the PLOVER code base (openeventdata/PLOVER, commit 5e0c24f). ACCUSE is printed there
# as "3"; -3 is meant. An earlier, frequency-weighted set differs by up to 5 points (REQUEST).
_PLOVER = (
    _action("AGREE", 2.5),
    _action("CONSULT", 2.5, "visit 4; third-party 1; multilateral 4; phone 1.5"),
    _action("SUPPORT", 5),
    _action("CONCEDE", 4.5),
    _action("COOPERATE", 9.5),
    _action("AID", 10),
    _action("RETREAT", 6.5, "withdraw 8; release 6.5; disarm 10; ceasefire 7.5; access 6.5; resign 4.5"),
    _action("REQUEST", 0, "assist .5; change -1; yield -1; meet 0"),
    _action("ACCUSE", -3, "disapprove -2; investigate -3.5; allege -3.5"),
    _action("REJECT", -2, "assist -1.5; change -2; yield -2; meet -2"),
    _action(
        "THREATEN", -3.5, "restrict -3; arrest -3.5; relations -3.5; expel -3.5; territory -4; violence -3.5"
    ),
    _action("PROTEST", -5, "demo -5; riot -7; strike -5; hunger -4.5; boycott -4.5; obstruct -4.5"),
    _action("SANCTION", -6, "convict -6; expel -5.5; withdraw -6; discontinue -6"),
    _action("MOBILIZE", -5.5, "troops -6.5; weapons -6.5; police -5.5; militia -6"),
    _action(
        "COERCE",
        -7,
        "seize -7; restrict -7; censor -6.5; curfew -6.5; martial-law -7.5; arrest -7; deport -7; withhold -7; "
        "misinformation -6.5; cyber -7",
    ),
    _action(
        "ASSAULT",
        -9,
        "abduct -8.5; beat -7.5; torture -8.5; sexual -8.5; targeted -9.5; destroy -8.5; primitive -8; firearms -9; "
        "explosives -9; suicide -9.5; aerial -9.5; drone -9.5; heavy-weapons -9.5; crowd-control -7.5; "
        "unconventional -10",
    ),
)
_OWN_WORDS = ("CONCEDE", "RETREAT", "SANCTION")
_YIELD_BY_WORDS, _YIELD_BY_DEEDS = 4.5, 6.5
_ECONOMIC_SANCTION = -7.0  # PLOVER's COERCE/restrict: its own SANCTION means reduced relations
PLOVER: Mapping[str, Action] = MappingProxyType({action.name: action for action in _PLOVER})
"""PLOVER's sixteen types by name."""


DETENTE: Mapping[str, Action] = MappingProxyType(
    {a.name: _action(a.name, a.intensity) for a in _PLOVER if a.name not in _OWN_WORDS}
    | {"YIELD": _action("YIELD", _YIELD_BY_DEEDS), "SANCTION": _action("SANCTION", _ECONOMIC_SANCTION)}
)
"""The fifteen actions of the embedded chronicle by name."""


STATEMENT, APPEAL = "STATEMENT", "APPEAL"
"""Our own names for CAMEO roots 01 and 02 (and WEIS 02, 09, 10), which PLOVER does not have."""


@cache
def action_names(codebook: str) -> tuple[str, ...]:
    """Return the actions an event may have under a codebook.

    Parameters
    ----------
    codebook : str
        One of `CODEBOOKS`. Codes of ``cameo`` and ``weis`` become PLOVER's types, ``STATEMENT`` or ``APPEAL``.

    Returns
    -------
    tuple[str, ...]

    Raises
    ------
    DataError
        If there is no such codebook.

    Examples
    --------
    >>> len(action_names("detente")), len(action_names("plover")), action_names("cameo")[-2:]
    (15, 16, ('STATEMENT', 'APPEAL'))
    """
    if codebook == "detente":
        return tuple(DETENTE)
    if codebook == "plover":
        return tuple(PLOVER)
    if codebook in CODEBOOKS:
        return (*PLOVER, STATEMENT, APPEAL)
    raise DataError(Fault("not_one_of", "codebook", got=codebook, choices=CODEBOOKS))


def intensity_of(
    action: str, mode: str | None = None, codebook: str = "detente", class_: str | None = None
) -> float:
    """Return how friendly or hostile an act of this action and mode is.

    Parameters
    ----------
    action : str
        A name of `action_names(codebook)`.
    mode : str, optional
        Under ``plover`` the mode's own score counts where it has one. Under ``detente`` modes are free words of
        our own, so they do not move the score, even where one happens to be spelled like a mode of PLOVER's.
    codebook : str
        ``detente`` or ``plover``; acts given by a ``cameo`` or ``weis`` code get their intensity from the code.
    class_ : str, optional
        Under ``detente``, YIELD by words (class verbal-cooperation) scores as PLOVER's CONCEDE, else as RETREAT.

    Returns
    -------
    float
        From -10, the most hostile, to +10; a scale without a dimension.

    Raises
    ------
    DataError
        If the action or the codebook is not known.

    Notes
    -----
    Source: plover.

    Examples
    --------
    >>> intensity_of("SANCTION"), intensity_of("SANCTION", codebook="plover")
    (-7.0, -6.0)
    >>> intensity_of("CONSULT", "visit", "plover"), intensity_of("CONSULT", "visit", "detente")
    (4.0, 2.5)
    >>> intensity_of("YIELD"), intensity_of("YIELD", class_="verbal-cooperation")
    (6.5, 4.5)
    """
    if codebook not in ("detente", "plover"):
        choices = ("detente", "plover")
        raise DataError(
            Fault(
                "not_one_of",
                "codebook of an action",
                got=codebook,
                hint="own_intensity",
                choices=choices,
            )
        )
    found = (DETENTE if codebook == "detente" else PLOVER).get(action)
    if found is None:
        refuse_action(action, codebook)
    if codebook == "detente" and action == "YIELD" and class_ == "verbal-cooperation":
        return _YIELD_BY_WORDS
    return found.modes.get(mode, found.intensity) if mode else found.intensity


def refuse_action(action: str, codebook: str, where: str | None = None) -> NoReturn:
    """Raise the `DataError` for an action its codebook does not know, with the nearest one it does.

    Examples
    --------
    >>> refuse_action("ASSALT", "detente")
    Traceback (most recent call last):
    detente.base.errors.DataError: action must be one of the 15 actions of codebook detente, got ASSALT. Did you...
    """
    raise DataError(action_fault(action, codebook, where))


def action_fault(action: str, codebook: str, where: str | None = None) -> Fault:
    """Return the fault of an action its codebook does not know.

    Examples
    --------
    >>> action_fault("RETREAT", "detente").remedy
    'In this codebook it is YIELD.'
    """
    names = action_names(codebook)
    # The words other codebooks use for what this one calls something else.
    foreign = {"CONCEDE": ("YIELD",), "RETREAT": ("YIELD",), "YIELD": ("RETREAT", "CONCEDE")}
    other = foreign.get(action.upper())
    hint = {"hint": "foreign_action", "nearest": other} if other else suggest(action.upper(), names)
    return Fault(
        "not_an_action",
        "action",
        got=action,
        where=where,
        count=len(names),
        codebook=codebook,
        **hint,
    )
