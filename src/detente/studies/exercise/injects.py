"""Injects: a future as dated entries that an exercise reads out, acts and changes of phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.events.phase_runs import PhaseRuns
from detente.events.phases import Phase


@dataclass(frozen=True, slots=True)
class Simulated:
    """An act as the model drew it, where it is told in another way."""

    source: str
    target: str
    action: str
    mode: str | None
    issue: str | None
    deaths: int | None


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
    simulated : Simulated or None
        The act that the model drew, where that is not plausible and another is told.
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
    simulated: Simulated | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self) | {"date": self.date.isoformat()}


def act_of(act: Mapping[str, Any], *, played: bool = False, simulated: Simulated | None = None) -> Inject:
    """Return a canonical event as an inject."""
    fields = (act["source"], act["target"], act["action"], act["mode"], act["issue"], act["fatalities"])
    return Inject(act["date"], "act", *fields, played, bool(act["mutual"]), simulated=simulated)


def injects_of(
    events: pl.DataFrame,
    phases: PhaseRuns,
    days: int,
    simulated: Sequence[Simulated | None],
    played: Sequence[bool],
) -> tuple[Inject, ...]:
    """Return the acts and the changes of phase of one future.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical acts of that future, as they are told.
    phases : PhaseRuns
        Of that future alone.
    days : int
        How many days are told.
    simulated : sequence of Simulated or None
        For each act the one that was drawn in its place, if another is told.
    played : sequence of bool
        Whether each act is a player's.
    """
    window, labels, talks_on = phases.window, phases.phase[0], phases.talks[0]
    out: list[tuple[int, int, Inject]] = []
    before, talking = None, False
    for day in range(min(days, window.days)):
        phase, talks = Phase(int(labels[day])), bool(talks_on[day])
        if phase is not before:
            begins = Inject(window.day(day), "phase", phase=phase.word, first=before is None)
            out.append((day, 1, begins))
        if talks != talking:
            out.append((day, 1, Inject(window.day(day), "phase", talks=talks)))
        before, talking = phase, talks
    for act, drawn, own in zip(events.to_dicts(), simulated, played, strict=True):
        out.append((window.index(act["date"]), 0, act_of(act, played=own, simulated=drawn)))
    # A phase is that of the day with its acts, so its entry comes after them.
    return tuple(inject for _, _, inject in sorted(out, key=lambda entry: entry[:2]))
