"""What would change it: every lever at one dose, the door and the mediators, for a report's chapter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from detente.base.errors import ArgumentError, Fault
from detente.futures.interventions import Pulls
from detente.futures.levers import lever_registry
from detente.futures.levers.base import Dose, Effect
from detente.futures.levers.doses import effect_of
from detente.futures.modelled import modelled
from detente.futures.outcomes import YES_OR_NO, Counted, Difference, difference
from detente.futures.unseen import Unseen
from detente.lab.case import Case
from detente.model.channels import Layout
from detente.model.clocks import at_clocks
from detente.model.fit_cache import fitted
from detente.studies.whatif.door_result import Door
from detente.studies.whatif.door_test import quick_door, unreadable_door
from detente.studies.whatif.mediators import Mediators, mediators
from detente.studies.whatif.unread import Unread, unread
from detente.studies.whatif.whatif import MOVED, contrary, drivers

FUTURES, DAYS, DAY = 500, 365, 30
OUTCOMES = ("talks", "accords", "force", "pressure")


@dataclass(frozen=True)
class Pulled:
    """One lever at its default dose on day 30, over a year.

    Attributes
    ----------
    dose : Dose
    title : str
    outcomes : dict of str to Difference
        By name, those of `OUTCOMES` that are modelled.
    drivers, on_priors : int
        Coefficients it acts through, and how many of them rest on the priors.
    beyond : tuple of Unseen
        What of it lies outside anything seen on the days fitted.
    """

    dose: Dose
    title: str
    outcomes: dict[str, Difference]
    drivers: int
    on_priors: int
    beyond: tuple[Unseen, ...]

    @property
    def implausible(self) -> tuple[str, ...]:
        """Outcomes that move beyond chance against what the lever is declared to do."""
        return tuple(name for name, d in self.outcomes.items() if contrary([self.dose.lever], name, d))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "lever": self.dose.text,
            "title": self.title,
            "actor": self.dose.actor,
            "outcomes": {
                name: self.outcomes[name].to_dict() if name in self.outcomes else None for name in OUTCOMES
            },
            "drivers": self.drivers,
            "on_priors": self.on_priors,
            "outside_data": [what.to_dict() for what in self.beyond],
            "implausible": list(self.implausible),
        }


@dataclass(frozen=True)
class Idle:
    """A lever that moves nothing in this argument, and why.

    Attributes
    ----------
    lever, title : str
    why : tuple of Unread
        What of it nothing reads; empty where the argument has no channel, or no third party, for it.
    """

    lever: str
    title: str
    why: tuple[Unread, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"lever": self.lever, "title": self.title, "unread": [what.to_dict() for what in self.why]}


@dataclass(frozen=True)
class ChangeOverview:
    """What would change the outcome, at the declared half-lives.

    Attributes
    ----------
    pulled : tuple of Pulled
        What raises talks most first.
    door : Door or None
        None where the argument declares none, or none that can be tested on these events.
    mediators : Mediators or None
        None where there is no third party.
    futures, days : int
    idle : tuple of Idle
        Levers that cannot act in this argument.
    untested : tuple of Fault
        Why the declared door cannot be tested on these events; empty where it can.
    """

    pulled: tuple[Pulled, ...]
    door: Door | None
    mediators: Mediators | None
    futures: int = FUTURES
    days: int = DAYS
    idle: tuple[Idle, ...] = ()
    untested: tuple[Fault, ...] = ()

    @property
    def not_modelled(self) -> tuple[str, ...]:
        """Those of `OUTCOMES` that no act of these futures can count toward; empty where no lever acts."""
        return tuple(name for name in OUTCOMES if any(name not in row.outcomes for row in self.pulled))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "levers": [row.to_dict() for row in self.pulled],
            "idle": [row.to_dict() for row in self.idle],
            "not_modelled": list(self.not_modelled),
            "futures": self.futures,
            "days": self.days,
            "door": self.door.to_dict() if self.door else None,
            "untested": [fault.to_dict() for fault in self.untested],
            "mediators": self.mediators.to_dict() if self.mediators else None,
        }


def change_of(case: Case, as_of: date, seed: int, threads: int = 0) -> ChangeOverview:
    """Pull every lever, test the door and rank the mediators, with few futures.

    Parameters
    ----------
    case : Case
    as_of : date
    seed : int
    threads : int
    """
    try:
        ranked: Mediators | None = mediators(case, as_of=as_of, seed=seed, draws=500)
    except ArgumentError:  # no third party ever acted
        ranked = None
    door, untested = None, unreadable_door(case) if case.argument.door is not None else ()
    if case.argument.door is not None and case.argument.locker is not None and not untested:
        door = quick_door(case, as_of=as_of, seed=seed, threads=threads)
    pulled, idle = _pull_all(case, as_of, seed, ranked, threads)
    return ChangeOverview(pulled, door, ranked, idle=idle, untested=untested)


def _pull_all(
    case: Case, as_of: date, seed: int, ranked: Mediators | None, threads: int
) -> tuple[tuple[Pulled, ...], tuple[Idle, ...]]:
    argument = at_clocks(case.argument, case.argument.clocks.half_lives())
    plain = replace(case, argument=argument)
    posterior = fitted(argument, case.known(as_of), store=case.store, threads=threads)
    draws = posterior.draws(FUTURES, seed)
    layout = draws.program.layout
    names = [name for name in modelled(draws.program) if name in OUTCOMES]
    doses, idle = _doses(case, layout, ranked)
    effects = [Effect(), *(effect for _, effect in doses)]
    runs = Pulls(draws, argument, effects, days=DAYS, limits=case.limits).paths(threads=threads)
    base, out = Counted.of(next(runs)), []
    before = {name: getattr(base, name)(DAYS) for name in names}
    for (dose, effect), paths in zip(doses, runs, strict=True):
        through = drivers(posterior, plain, paths)
        after, title = Counted.of(paths), lever_registry()[dose.lever].title
        changes = {
            name: difference(before[name], getattr(after, name)(DAYS), of_futures=name in YES_OR_NO)
            for name in names
        }
        missing = unread(argument, layout, effect)
        if not through or (missing and not any(d.low or d.high for d in changes.values())):
            idle.append(Idle(dose.text, title, missing))
            continue
        on_priors = sum(d.moved < MOVED for d in through)
        out.append(Pulled(dose, title, changes, len(through), on_priors, paths.beyond))
    return tuple(sorted(out, key=_raises_talks)), tuple(idle)


def _raises_talks(row: Pulled) -> tuple[float, str]:
    talks = row.outcomes.get("talks")
    return 0.0 if talks is None else -talks.mean, row.dose.text


def _doses(
    case: Case, layout: Layout, ranked: Mediators | None
) -> tuple[list[tuple[Dose, Effect]], list[Idle]]:
    """Return each lever at its default on day 30, of both principals and of one mediator, named or the best.

    Beside them are those for which the argument has no channel or no third party.
    """
    named = case.argument.door.mediator if case.argument.door else None
    best = ranked.standings[0].actor if ranked and ranked.standings else None
    who = {
        "principal": list(layout.principals),
        "third party": [actor for actor in (named or best,) if actor and any(layout.third_parties())],
        "channel": [],
    }
    out, idle = [], []
    for name, lever in lever_registry().items():
        if lever.who == "third party" and not who[lever.who]:
            idle.append(Idle(name, lever.title))
        for actor in who[lever.who]:
            dose = Dose(name, actor, lever.default, DAY)
            try:
                effect = effect_of([dose], layout)
            except ArgumentError:  # this argument has no channel for it
                effect = Effect()
            if effect == Effect():
                idle.append(Idle(dose.text, lever.title))
            else:
                out.append((dose, effect))
    return out, idle
