"""International crises as pairs of states were in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from detente.studies.evidence.sources import Files

AGREEMENTS = (1, 2)  # formal and semi-formal, of the form of outcome
HEAVY_FIGHTING, FULL_WAR, VIOLENCE = 3, 4, 2  # of severity of violence
_VIOLENT_TRIGGERS = (8, 9)
_NOT_STATES = 990  # codes from here on are not states
_VAGUE_DAYS = {66: 5, 77: 15, 88: 25}  # early, middle and late in the month
_MEDIATED, _NOT_MEDIATED = (2, 3), 1


@dataclass(frozen=True, slots=True)
class PairCrisis:
    """One pair of states in one crisis.

    Attributes
    ----------
    number : int
    own, other : int
        Two of its actors, or an actor and the state that triggered the crisis; codes ascend.
    start, end : date
    violent_trigger : bool
    agreement : bool
        Whether the outcome of either was a formal or semi-formal agreement.
    severity : int
        Of the violence as either saw it, 1 none to 4 full-scale war.
    mediated_on : date or None
        First day of a mediation.
    usable : bool
        False if it is unknown whether and when it was mediated, or a mediation began before the trigger.
    actors : bool
        Whether both were actors of the crisis.
    """

    number: int
    own: int
    other: int
    start: date
    end: date
    violent_trigger: bool
    agreement: bool
    severity: int
    mediated_on: date | None
    usable: bool
    actors: bool


def crises_of(files: Files) -> list[PairCrisis]:
    """Return all pairs of states in all crises whose first and last month are known."""
    actors: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for number, actor, trigger, severity, form in files.rows(
        "icb2v14.csv", "crisno", "cracid", "trigent", "sevvio", "outfor"
    ):
        if number and actor:
            actors[number].append((_whole(actor), _whole(trigger), _whole(severity), _whole(form)))
    found = []
    names = ("crisno", "break", "yrtrig", "motrig", "datrig", "yrterm", "moterm", "daterm", "mednum")
    for row in files.rows("icb1v14.csv", *names, "yrmedst", "momedst", "damedst"):
        number, trigger, *days = row[0], _whole(row[1]), *row[2:8]
        start, end = _day(*days[:3]), _day(*days[3:])
        if not number or start is None or end is None or end < start:
            continue
        mediations, mediated = _whole(row[8]), _day(*row[9:])
        known = mediations == _NOT_MEDIATED or (mediations in _MEDIATED and mediated is not None)
        usable = known and not (mediated is not None and mediated < start)
        sides: dict[tuple[int, int], bool] = {}
        about: dict[int, list[tuple[int, int]]] = defaultdict(list)  # an actor may have several crises in one
        for code, _, severity, form in actors[number]:
            about[code].append((severity, form))
        for code, cause, _, _ in actors[number]:
            if 0 < cause < _NOT_STATES and cause != code:
                sides.setdefault((min(code, cause), max(code, cause)), False)
            for two in about:
                if two != code:
                    sides[min(code, two), max(code, two)] = True
        for (own, other), both in sorted(sides.items()):
            seen = [each for code in (own, other) if code in about for each in about[code]]
            found.append(
                PairCrisis(
                    _whole(number),
                    own,
                    other,
                    start,
                    end,
                    trigger in _VIOLENT_TRIGGERS,
                    any(form in AGREEMENTS for _, form in seen),
                    max(severity for severity, _ in seen),
                    mediated if mediations in _MEDIATED else None,
                    usable,
                    both,
                )
            )
    return found


def _whole(text: str) -> int:
    """Return a whole number, 0 for what is none."""
    try:
        return int(float(text))
    except ValueError:
        return 0


def _day(year: str, month: str, day: str) -> date | None:
    """Return a day, in the middle of the month if only that is known; None without a month."""
    y, m, d = _whole(year), _whole(month), _whole(day)
    if y < 1000 or not 1 <= m <= 12:
        return None
    d = _VAGUE_DAYS.get(d, d)
    try:
        return date(y, m, d if d >= 1 else 15)
    except ValueError:
        return date(y, m, 28)
