"""Episodes of a condition: how often the chronicle put a mechanism to the test, at least eight weeks apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.arrays import Bools
from detente.events.phase_days import read_days
from detente.events.phase_shares import runs
from detente.events.phases import Phase, label
from detente.model.channels import Layout
from detente.model.known import Known
from detente.model.mediation import mediations

APART = timedelta(days=56)
WAVE_DAYS, WAVE_ACTS = 28, 3
REPRISAL_DAYS, MANY_DEATHS = 30, 10


@dataclass(frozen=True, slots=True)
class Episode:
    """The first day of a condition, and what fulfilled it.

    Attributes
    ----------
    day : date
    kind : str
        ``declared`` (a fact), ``rank`` (killing of a person of rank), ``deaths``, ``reprisal``, ``crisis``,
        ``pressure``, ``force``, ``deed`` (a friendly one) or ``offices`` (an act of mediation).
    what, actor : str
        The kind of fact and whose it is, or the rank; else empty.
    count : int or None
        Deaths, or acts of pressure in `WAVE_DAYS`.
    act : dict or None
        The act that fulfilled it, if it was one: its fields by name.
    """

    day: date
    kind: str
    what: str = ""
    actor: str = ""
    count: int | None = None
    act: dict[str, Any] | None = None


Condition = dict[str, Any]  # kind, what and count of an episode


def episodes(
    argument: Argument, known: Known, conditions: Sequence[str], during: str | None
) -> list[Episode]:
    """Return the episodes of any of some conditions, each at least eight weeks after the one before.

    Parameters
    ----------
    argument : Argument
    known : Known
        What was known by its `as_of`.
    conditions : sequence of str
        Names of `CONDITIONS`, or kinds of declared facts.
    during : str, optional
        A kind of fact that has to hold on the day.

    Returns
    -------
    list of Episode
    """
    found: list[Episode] = []
    for name in conditions:
        found += (
            list(EPISODES_OF[name](argument, known)) if name in EPISODES_OF else list(_facts(known, name))
        )
    if during is not None:
        held = [f for f in known.layout.facts if f.kind == during]
        found = [e for e in found if any(f.start <= e.day and (f.end is None or e.day < f.end) for f in held)]
    separate: list[Episode] = []
    for episode in sorted(found, key=lambda e: e.day):
        if known.window.start <= episode.day < known.as_of and (
            not separate or episode.day - separate[-1].day >= APART
        ):
            separate.append(episode)
    return separate


def _facts(known: Known, kind: str) -> Iterable[Episode]:
    return (Episode(f.start, "declared", kind, f.actor) for f in known.layout.facts if f.kind == kind)


def _acts(
    known: Known,
    rows: list[int],
    rule: Callable[[dict[str, Any]], Condition | None],
    among: Bools | None = None,
) -> Iterable[Episode]:
    """Yield the acts of some channels, or those `among` them, in which a rule sees a condition."""
    inside = np.isin(known.channel_of, rows) & (True if among is None else among)
    events = known.chronicle.events.filter(pl.Series(inside)).sort("date")
    for act in events.filter(pl.col("precision") == "day").iter_rows(named=True):
        found = rule(act)
        if found is not None:
            yield Episode(act["date"], **found, act=act)


def _force(layout: Layout) -> list[int]:
    return [layout.index(c) for c in layout.sided("force")]


def _loss(argument: Argument, known: Known) -> Iterable[Episode]:
    def rule(act: dict[str, Any]) -> Condition | None:
        if act["victim_rank"] in ("senior", "leader"):
            return {"kind": "rank", "what": act["victim_rank"]}
        deaths = act["fatalities"] or 0
        return {"kind": "deaths", "count": deaths} if deaths >= MANY_DEATHS else None

    return _acts(known, _force(known.layout), rule)


def _ranked_loss(argument: Argument, known: Known) -> Iterable[Episode]:
    def rule(act: dict[str, Any]) -> Condition | None:
        return None if act["victim_rank"] is None else {"kind": "rank", "what": act["victim_rank"]}

    return _acts(known, _force(known.layout), rule)


def _deaths_at_home(argument: Argument, known: Known) -> Iterable[Episode]:
    layout = known.layout
    at_home = [layout.index(c) for c in layout.sided("force") if c.target.name in layout.principals]

    def rule(act: dict[str, Any]) -> Condition | None:
        deaths = act["fatalities"] or 0
        return {"kind": "deaths", "count": deaths} if deaths > 0 else None

    return _acts(known, at_home, rule)


def _reprisal(argument: Argument, known: Known) -> Iterable[Episode]:
    last: dict[str, date] = {}  # side -> day its force was last suffered by the other
    layout = known.layout
    side = {
        (s, t): channel.source.side
        for channel in layout.sided("force")
        for s in channel.source.members
        for t in channel.target.members
    }
    for episode in _acts(known, _force(layout), lambda act: {"kind": "force"}):
        act = episode.act or {}
        own = side.get((act["source"], act["target"]), "")
        other = next((p for p in layout.principals if p != own), "")
        if (
            act["source"] in layout.principals
            and other in last
            and 0 <= (episode.day - last[other]).days <= REPRISAL_DAYS
        ):
            yield Episode(episode.day, "reprisal", act=act)
        last[own] = episode.day


def _crisis(argument: Argument, known: Known) -> Iterable[Episode]:
    sides = sides_of(argument, known.as_of)
    window = known.chronicle.window
    phase, _ = label(read_days(known.chronicle.events, window, sides, scheme=known.chronicle.scheme))
    for value, span in runs(phase[0], window):
        if value == Phase.CRISIS:
            yield Episode(span.start, "crisis")


def _pressure_wave(argument: Argument, known: Known) -> Iterable[Episode]:
    layout = known.layout
    role = "pressure" if any(layout.directed("pressure")) else "force"
    for target in layout.principals:
        rows = [
            layout.index(c)
            for c in layout.channels
            if c.target.name == target and not c.joint and layout.role(c) == role
        ]
        recent: list[date] = []

        def rule(act: dict[str, Any]) -> Condition | None:
            return {"kind": "pressure"} if role == "pressure" or act["action"] == "SANCTION" else None

        for episode in _acts(known, rows, rule):
            recent = [d for d in recent if (episode.day - d).days < WAVE_DAYS] + [episode.day]
            if len(recent) >= WAVE_ACTS:
                yield Episode(episode.day, "pressure", count=len(recent), act=episode.act)


def _force_received(argument: Argument, known: Known) -> Iterable[Episode]:
    return _acts(
        known, [known.layout.index(c) for c in known.layout.directed("force")], lambda act: {"kind": "force"}
    )


def _friendly_deed(argument: Argument, known: Known) -> Iterable[Episode]:
    rows = [known.layout.index(c) for c in known.layout.directed("cooperation_by_deed")]
    return _acts(known, rows, lambda act: {"kind": "deed"})


def _good_offices(argument: Argument, known: Known) -> Iterable[Episode]:
    rows = [known.layout.index(c) for c in known.layout.third_parties()]
    mediation = mediations(known.chronicle.events, known.layout, known.chronicle.codebook)
    return _acts(known, rows, lambda act: {"kind": "offices"}, mediation)


EPISODES_OF: dict[str, Callable[[Argument, Known], Iterable[Episode]]] = {
    "loss": _loss,
    "ranked loss": _ranked_loss,
    "deaths at home": _deaths_at_home,
    "reprisals": _reprisal,
    "crisis begins": _crisis,
    "pressure wave": _pressure_wave,
    "third parties": _good_offices,
    "force received": _force_received,
    "friendly deed": _friendly_deed,
}
