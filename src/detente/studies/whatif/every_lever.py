"""What would change it: every lever at one dose, the door and the mediators, for a report's chapter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from detente.base.errors import ArgumentError
from detente.futures.interventions import run_paths
from detente.futures.levers import lever_registry
from detente.futures.levers.base import Dose, Effect
from detente.futures.levers.doses import effect_of
from detente.futures.outcomes import Counted, Difference, difference
from detente.futures.unseen import Unseen
from detente.lab.case import Case
from detente.model.channels import Layout
from detente.model.clocks import at_clocks
from detente.model.fit_cache import fitted
from detente.studies.whatif.door_result import Door
from detente.studies.whatif.door_test import quick_door
from detente.studies.whatif.mediators import Mediators, mediators
from detente.studies.whatif.whatif import MOVED, drivers

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
        By name of `OUTCOMES`.
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

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "lever": self.dose.text,
            "title": self.title,
            "actor": self.dose.actor,
            "outcomes": {
                name: {"without": d.without, "with": d.with_, "mean": d.mean, "low": d.low, "high": d.high}
                for name, d in self.outcomes.items()
            },
            "drivers": self.drivers,
            "on_priors": self.on_priors,
            "outside_data": [what.to_dict() for what in self.beyond],
        }


@dataclass(frozen=True)
class ChangeOverview:
    """What would change the outcome, at the declared half-lives.

    Attributes
    ----------
    pulled : tuple of Pulled
        What raises talks most first.
    door : Door or None
        None where the argument declares none.
    mediators : Mediators or None
        None where there is no third party.
    futures, days : int
    """

    pulled: tuple[Pulled, ...]
    door: Door | None
    mediators: Mediators | None
    futures: int = FUTURES
    days: int = DAYS

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "levers": [row.to_dict() for row in self.pulled],
            "futures": self.futures,
            "days": self.days,
            "door": self.door.to_dict() if self.door else None,
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
    door = None
    if case.argument.door is not None and case.argument.locker is not None:
        door = quick_door(case, as_of=as_of, seed=seed, threads=threads)
    return ChangeOverview(_pull_all(case, as_of, seed, ranked, threads), door, ranked)


def _pull_all(
    case: Case, as_of: date, seed: int, ranked: Mediators | None, threads: int
) -> tuple[Pulled, ...]:
    argument = at_clocks(case.argument, case.argument.clocks.half_lives())
    plain = replace(case, argument=argument)
    posterior = fitted(argument, case.known(as_of), threads=threads)
    draws = posterior.draws(FUTURES, seed)
    base = Counted.of(run_paths(draws, argument, Effect(), days=DAYS, threads=threads))
    before = {name: getattr(base, name)(DAYS) for name in OUTCOMES}
    out = []
    for dose, effect in _doses(case, draws.program.layout, ranked):
        paths = run_paths(draws, argument, effect, days=DAYS, threads=threads)
        through = drivers(posterior, plain, paths)
        if not through:  # nothing in this argument reads it
            continue
        after = Counted.of(paths)
        changes = {name: difference(before[name], getattr(after, name)(DAYS)) for name in OUTCOMES}
        on_priors = sum(d.moved < MOVED for d in through)
        title = lever_registry()[dose.lever].title
        out.append(Pulled(dose, title, changes, len(through), on_priors, paths.beyond))
    return tuple(sorted(out, key=lambda row: (-row.outcomes["talks"].mean, row.dose.text)))


def _doses(case: Case, layout: Layout, ranked: Mediators | None) -> list[tuple[Dose, Effect]]:
    """Return each lever at its default on day 30: of both principals, and of one mediator, named or the best."""
    named = case.argument.door.mediator if case.argument.door else None
    best = ranked.standings[0].actor if ranked else None
    who = {
        "principal": list(layout.principals),
        "third party": [actor for actor in (named or best,) if actor and any(layout.third_parties())],
        "channel": [],
    }
    out = []
    for name, lever in lever_registry().items():
        for actor in who[lever.who]:
            dose = Dose(name, actor, lever.default, DAY)
            try:
                effect = effect_of([dose], layout)
            except ArgumentError:  # this argument has no channel for it
                continue
            if effect != Effect():
                out.append((dose, effect))
    return out
