"""Injects: a future as dated lines that an exercise reads out, each act a sentence in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.events.phases import Phase
from detente.futures.phases import FuturePhases

_DOES = {
    "AGREE": "makes an agreement with",
    "CONSULT": "consults with",
    "SUPPORT": "speaks up for",
    "YIELD": "gives way to",
    "CONCEDE": "gives way to",
    "RETREAT": "gives way by deed to",
    "COOPERATE": "cooperates with",
    "AID": "gives aid to",
    "REQUEST": "asks something of",
    "ACCUSE": "accuses",
    "REJECT": "turns down",
    "THREATEN": "threatens",
    "PROTEST": "protests against",
    "SANCTION": "puts sanctions on",
    "MOBILIZE": "moves forces against",
    "COERCE": "coerces",
    "ASSAULT": "strikes",
    "STATEMENT": "makes a statement about",
    "APPEAL": "appeals to",
}
_TOGETHER = {"AGREE": "make an agreement", "CONSULT": "meet for talks", "COOPERATE": "cooperate"}


@dataclass(frozen=True, slots=True)
class Inject:
    """One dated line of an exercise.

    Attributes
    ----------
    date : date
    kind : str
        ``act`` or ``phase``.
    words : str
        A sentence.
    source, target, action, mode, issue : str or None
    deaths : int or None
    played : bool
        Whether a player did it.
    """

    date: date
    kind: str
    words: str
    source: str | None = None
    target: str | None = None
    action: str | None = None
    mode: str | None = None
    issue: str | None = None
    deaths: int | None = None
    played: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON or a row of CSV."""
        return asdict(self) | {"date": self.date.isoformat()}


def sentence(act: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Tell an act in plain words.

    Examples
    --------
    >>> act = {"source": "USA", "target": "IRN", "action": "ASSAULT", "mode": "drone-strike"}
    >>> sentence(act | {"issue": "regional", "fatalities": 10}, {"USA": "United States", "IRN": "Iran"})
    'United States strikes Iran (drone strike; about: regional). 10 people die.'
    """
    one, two = (names.get(act[end], act[end]) for end in ("source", "target"))
    if act.get("mutual"):
        text = f"{one} and {two} {_TOGETHER.get(act['action'], 'act together')}"
    else:
        text = f"{one} {_DOES.get(act['action'], 'acts on')} {two}"
    issue = None if act.get("issue") in (None, "other") else f"about: {act['issue'].replace('-', ' ')}"
    mode = act["mode"].replace("-", " ") if act.get("mode") else None
    how = "; ".join(part for part in (mode, issue) if part)
    text += f" ({how})." if how else "."
    deaths = act.get("fatalities") or 0
    return text + (f" {deaths:,} people die." if deaths > 1 else " One person dies." if deaths else "")


def injects_of(
    events: pl.DataFrame,
    phases: FuturePhases,
    row: int,
    days: int,
    names: Mapping[str, str],
    moves: pl.DataFrame,
) -> tuple[Inject, ...]:
    """Tell the acts and the changes of phase of one future.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical acts of that future.
    phases : FuturePhases
    row : int
        Its row there.
    days : int
        How many days are told.
    names : dict of str to str
        Names of actors by code.
    moves : polars.DataFrame
        Acts of players, which are among the events.
    """
    window = phases.window
    out: list[tuple[int, int, Inject]] = []
    before, talking = None, False
    for day in range(min(days, window.days)):
        phase, talks = Phase(int(phases.phase[row, day])), bool(phases.talks[row, day])
        if phase is not before:
            words = (
                f"The first day's phase: {phase.word}."
                if before is None
                else f"The phase turns to {phase.word}."
            )
            out.append((day, 1, Inject(window.day(day), "phase", words)))
        if talks != talking:
            words = "Talks are going on." if talks else "Talks have come to an end."
            out.append((day, 1, Inject(window.day(day), "phase", words)))
        before, talking = phase, talks
    keys = ("date", "source", "target", "action", "mode", "issue", "fatalities")
    played = [tuple(act[k] or 0 if k == "fatalities" else act[k] for k in keys) for act in moves.to_dicts()]
    for act in events.to_dicts():
        day = window.index(act["date"])
        if day >= days:
            continue
        key = tuple(act[k] or 0 if k == "fatalities" else act[k] for k in keys)
        by_player = key in played
        if by_player:
            played.remove(key)
        told = (act["source"], act["target"], act["action"], act["mode"], act["issue"], act["fatalities"])
        out.append((day, 0, Inject(act["date"], "act", sentence(act, names), *told, by_player)))
    # A phase is that of the day with its acts, so its line stands below them.
    return tuple(inject for _, _, inject in sorted(out, key=lambda entry: entry[:2]))
