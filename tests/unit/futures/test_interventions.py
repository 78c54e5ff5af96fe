"""Effects pulled one by one on the same draws: the same futures as each alone, whatever the program is laid out for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.base.errors import DataError
from detente.base.input_limits import Limits
from detente.futures.interventions import Paths, Pulls, run_paths
from detente.futures.levers.base import Effect
from detente.futures.levers.doses import effect_of, parse_dose
from detente.model.clocks import ClockFit, at_clocks, fit_clocks
from detente.model.fit import Draws
from detente.model.known import read_known
from worlds import AS_OF, embedded, essay

DAYS, SEED = 120, 5
DOSES = (
    "relief=0.33@30",
    "sanctions:USA=2@10",
    "new_leader:IRN@20",
    "return_to_deal:USA@40",
    "mediator:OMN=2@60",
)


@cache
def argument() -> Argument:
    still = at_clocks(essay(), essay().clocks.half_lives())
    clocks = still.clocks.model_copy(update={"grid": {"fast": (7.0, 21.0)}})
    return still.model_copy(update={"questions": (), "claims": (), "bargain": None, "clocks": clocks})


@cache
def fitted() -> ClockFit:
    return fit_clocks(argument(), read_known(argument(), embedded(), AS_OF))


def draws() -> Draws:
    return fitted().draws(40, SEED)


def effects() -> list[Effect]:
    layout = fitted().program.layout
    held = f"hold:{next(iter(layout.directed('pressure'))).label}@60"
    return [Effect(), *(effect_of([parse_dose(dose, layout)], layout) for dose in (*DOSES, held))]


def events(paths: Paths) -> list[tuple[object, ...]]:
    """Acts by what they look like: the rows of a table depend on what else may be put in."""
    log = paths.log
    looks = paths.acts.looks.rows()
    put = np.isin(log.act, list(paths.put)).tolist()
    columns = (log.future.tolist(), log.day.tolist(), log.channel.tolist(), log.deaths.tolist(), put)
    return [(*row, looks[act]) for row, act in zip(zip(*columns, strict=True), log.act, strict=True)]


def test_effects_side_by_side_are_those_of_each_alone() -> None:
    assert len(draws().parts) == 2
    assert sum(effect.changes_terms for effect in effects()) >= 2
    pulls = Pulls(draws(), argument(), effects(), days=DAYS)
    found = [events(paths) for paths in pulls.paths()]
    alone = [run_paths(draws(), argument(), effect, days=DAYS) for effect in effects()]
    assert found == [events(paths) for paths in alone]
    assert all(one != found[0] for one in found[1:])
    told = [(paths.moved, paths.beyond) for paths in pulls.paths()]
    assert told == [(paths.moved, paths.beyond) for paths in alone]


def test_what_is_laid_out_for_many_days_serves_for_fewer_and_for_a_mute_channel() -> None:
    joint = fitted().program.layout.index(next(iter(fitted().program.layout.joint())))
    pulls = Pulls(draws(), argument(), effects(), days=DAYS)
    for effect, paths in zip(effects(), pulls.paths(days=50, mute=joint, threads=1), strict=True):
        alone = run_paths(draws(), argument(), effect, days=50, mute=joint)
        assert events(paths) == events(alone)
        assert paths.log.hazard is not None
        assert alone.log.hazard is not None
        assert paths.log.hazard.tobytes() == alone.log.hazard.tobytes()
        assert paths.moved == alone.moved


def test_a_plan_serves_no_more_days_than_it_was_made_for() -> None:
    pulls = Pulls(draws(), argument(), [Effect()], days=DAYS)
    with pytest.raises(ValueError, match="days must be the plan's 120 or fewer, got 121"):
        next(pulls.paths(days=DAYS + 1))


def test_effects_beyond_the_memory_are_refused_before_any_is_run() -> None:
    with pytest.raises(DataError, match="GB for 40 futures"):
        Pulls(draws(), argument(), [Effect()], days=DAYS, limits=Limits(memory=0.00001))
