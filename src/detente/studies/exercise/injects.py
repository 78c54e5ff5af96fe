"""Injects: a future as dated entries that an exercise reads out, acts and changes of phase."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.events.phases import Phase
from detente.futures.phases import FuturePhases


@dataclass(frozen=True, slots=True)
class Inject:
    """One dated entry of an exercise.

    Attributes
    ----------
    date : date
    kind : str
        ``act`` or ``phase``.
    source, target, action, mode, issue : str or None
        Of an act.
    deaths : int or None
    played : bool
        Whether a player did it.
    mutual : bool
        Whether it is an act of both sides together.
    phase : str or None
        The phase that begins.
    first : bool
        Whether that is the phase of the first day.
    talks : bool or None
        Whether talks begin (True) or end (False).
    """

    date: date
    kind: str
    source: str | None = None
    target: str | None = None
    action: str | None = None
    mode: str | None = None
    issue: str | None = None
    deaths: int | None = None
    played: bool = False
    mutual: bool = False
    phase: str | None = None
    first: bool = False
    talks: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON or a row of a table."""
        return asdict(self) | {"date": self.date.isoformat()}


def injects_of(
    events: pl.DataFrame,
    phases: FuturePhases,
    row: int,
    days: int,
    moves: pl.DataFrame,
) -> tuple[Inject, ...]:
    """Return the acts and the changes of phase of one future.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical acts of that future.
    phases : FuturePhases
    row : int
        Its row there.
    days : int
        How many days are told.
    moves : polars.DataFrame
        Acts of players, which are among the events.
    """
    window = phases.window
    out: list[tuple[int, int, Inject]] = []
    before, talking = None, False
    for day in range(min(days, window.days)):
        phase, talks = Phase(int(phases.phase[row, day])), bool(phases.talks[row, day])
        if phase is not before:
            begins = Inject(window.day(day), "phase", phase=phase.word, first=before is None)
            out.append((day, 1, begins))
        if talks != talking:
            out.append((day, 1, Inject(window.day(day), "phase", talks=talks)))
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
        fields = (act["source"], act["target"], act["action"], act["mode"], act["issue"], act["fatalities"])
        out.append((day, 0, Inject(act["date"], "act", *fields, by_player, bool(act["mutual"]))))
    # A phase is that of the day with its acts, so its entry comes after them.
    return tuple(inject for _, _, inject in sorted(out, key=lambda entry: entry[:2]))
