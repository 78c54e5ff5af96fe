"""Episodes of a condition: how often the chronicle put a mechanism to the test, at least eight weeks apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.arrays import Bools, Ints
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
        ``declared`` (a fact), ``rank`` (killing of a person of rank), ``deaths``, ``unknown toll`` (an attack counted
        with the deaths that the fit expects of it), ``reprisal``, ``crisis``, ``pressure``, ``force``, ``deed`` (a
        friendly one) or ``offices`` (an act of mediation).
    what, actor : str
        The kind of fact and whose it is, or the rank; else empty.
    count : int or None
        Deaths, or acts of pressure in `WAVE_DAYS`.
    act : dict or None
        The act that fulfilled it, if it was one: its fields by name.
    side : str
        The principal who suffered it, or did it where the condition is an act of one's own; empty for what both did.
    """

    day: date
    kind: str
    what: str = ""
    actor: str = ""
    count: int | None = None
    act: dict[str, Any] | None = None
    side: str = ""


Condition = dict[str, Any]  # kind, what and count of an episode
Rule = Callable[
    [dict[str, Any], float], Condition | None
]  # of an act and the deaths that the fit counts of it


def episodes(
    argument: Argument, known: Known, conditions: Sequence[str], during: str | None
) -> list[Episode]:
    """Return the episodes of any of some conditions, each at least eight weeks after the one before on its side.

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
    last: dict[str, date] = {}
    for episode in sorted(found, key=lambda e: e.day):
        inside = known.window.start <= episode.day < known.as_of
        if inside and (episode.side not in last or episode.day - last[episode.side] >= APART):
            separate.append(episode)
            last[episode.side] = episode.day
    return separate


def _facts(known: Known, kind: str) -> Iterable[Episode]:
    facts = (f for f in known.layout.facts if f.kind == kind)
    return (Episode(f.start, "declared", kind, f.actor, side=f.actor) for f in facts)


def _acts(
    argument: Argument, known: Known, rows: list[int], rule: Rule, among: Bools | None = None
) -> Iterable[Episode]:
    """Yield the acts of some channels, or those `among` them, in which a rule sees a condition of their targets."""
    return _seen(argument, known, known.channel_of, rows, rule, among)


def _losses(argument: Argument, known: Known, rows: list[int], rule: Rule) -> Iterable[Episode]:
    """Yield the acts whose dead were lost in some channels, whoever acted, in which a rule sees a condition."""
    return _seen(argument, known, known.lost_in, rows, rule)


def _seen(
    argument: Argument,
    known: Known,
    channel_of: Ints,
    rows: list[int],
    rule: Rule,
    among: Bools | None = None,
) -> Iterable[Episode]:
    events = known.chronicle.events
    inside = np.isin(channel_of, rows) & (True if among is None else among)
    inside &= (events["precision"] == "day").to_numpy()
    lives = np.expm1(known.log_deaths(impute=argument.run.unknown_deaths == "impute"))
    for i in np.flatnonzero(inside):
        act = events.row(int(i), named=True)
        found = rule(act, float(lives[i]))
        if found is not None:
            side = known.layout.channels[channel_of[i]].target.side
            yield Episode(act["date"], **found, act=act, side=side)


def _force(layout: Layout) -> list[int]:
    return [layout.index(c) for c in layout.sided("force")]


def _always(kind: str) -> Rule:
    return lambda act, expected: {"kind": kind}


def _killed(act: dict[str, Any], expected: float, least: int) -> Condition | None:
    """Say whether an act cost at least so many lives; an unknown toll counts as the fit counts it."""
    if act["fatalities"] is None:
        return {"kind": "unknown toll"} if expected >= least else None
    return {"kind": "deaths", "count": act["fatalities"]} if act["fatalities"] >= least else None


def _loss(argument: Argument, known: Known) -> Iterable[Episode]:
    def rule(act: dict[str, Any], expected: float) -> Condition | None:
        if act["victim_rank"] in ("senior", "leader"):
            return {"kind": "rank", "what": act["victim_rank"]}
        return _killed(act, expected, MANY_DEATHS)

    return _losses(argument, known, _force(known.layout), rule)


def _ranked_loss(argument: Argument, known: Known) -> Iterable[Episode]:
    def rule(act: dict[str, Any], expected: float) -> Condition | None:
        return None if act["victim_rank"] is None else {"kind": "rank", "what": act["victim_rank"]}

    return _losses(argument, known, _force(known.layout), rule)


def _deaths_at_home(argument: Argument, known: Known) -> Iterable[Episode]:
    layout = known.layout
    at_home = [layout.index(c) for c in layout.sided("force") if c.target.name in layout.principals]
    return _losses(argument, known, at_home, lambda act, expected: _killed(act, expected, 1))


def _reprisal(argument: Argument, known: Known) -> Iterable[Episode]:
    last: dict[str, date] = {}  # side -> day its force was last suffered by the other
    layout = known.layout
    side = {
        (s, t): channel.source.side
        for channel in layout.sided("force")
        for s in channel.source.members
        for t in channel.target.members
    }
    for episode in _acts(argument, known, _force(layout), _always("force")):
        act = episode.act or {}
        own = side.get((act["source"], act["target"]), "")
        other = next((p for p in layout.principals if p != own), "")
        if (
            act["source"] in layout.principals
            and other in last
            and 0 <= (episode.day - last[other]).days <= REPRISAL_DAYS
        ):
            yield Episode(episode.day, "reprisal", act=act, side=own)
        last[own] = episode.day


def _crisis(argument: Argument, known: Known) -> Iterable[Episode]:
    sides = sides_of(argument, known.as_of, known.cut.gaps)
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

        def rule(act: dict[str, Any], expected: float) -> Condition | None:
            return {"kind": "pressure"} if role == "pressure" or act["action"] == "SANCTION" else None

        for episode in _acts(argument, known, rows, rule):
            recent = [d for d in recent if (episode.day - d).days < WAVE_DAYS] + [episode.day]
            if len(recent) >= WAVE_ACTS:
                yield Episode(episode.day, "pressure", count=len(recent), act=episode.act, side=target)


def _force_received(argument: Argument, known: Known) -> Iterable[Episode]:
    rows = [known.layout.index(c) for c in known.layout.directed("force")]
    return _acts(argument, known, rows, _always("force"))


def _friendly_deed(argument: Argument, known: Known) -> Iterable[Episode]:
    rows = [known.layout.index(c) for c in known.layout.directed("cooperation_by_deed")]
    return _acts(argument, known, rows, _always("deed"))


def _good_offices(argument: Argument, known: Known) -> Iterable[Episode]:
    rows = [known.layout.index(c) for c in known.layout.third_parties()]
    mediation = mediations(known.chronicle.events, known.layout, known.chronicle.codebook)
    return _acts(argument, known, rows, _always("offices"), mediation)


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
