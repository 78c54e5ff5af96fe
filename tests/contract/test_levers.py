"""What every lever has to hold, whichever file declares it: nothing for nothing, nothing before its day, any names."""

from __future__ import annotations

import shlex
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.futures.futures import simulate
from detente.futures.interventions import Paths, run_paths
from detente.futures.kernel.event_log import EventLog
from detente.futures.levers import lever_registry
from detente.futures.levers.base import Dose, Effect
from detente.futures.levers.doses import effect_of, parse_dose
from detente.lab.case import Case
from detente.lab.run import run
from detente.model.channels import Layout
from detente.model.clocks import at_clocks
from detente.model.compiler import compile_argument
from detente.model.fit import Draws, fit
from detente.model.layout import lay_out
from worlds import AS_OF, embedded, essay, renamed

COUNT, DAYS, SEED = 60, 150, 3
NAMES = list(lever_registry())
OTHER = {"USA": "UUU", "IRN": "III"}


def plain(argument: Argument) -> Argument:
    """The argument at its declared half-lives, without what no fit reads."""
    still = at_clocks(argument, argument.clocks.half_lives())
    return still.model_copy(update={"questions": (), "claims": (), "levers": {}, "bargain": None})


@cache
def drawn() -> Draws:
    return fit(compile_argument(plain(essay()), embedded(), AS_OF)).draws(COUNT, SEED)


@cache
def other_names() -> tuple[Draws, Argument]:
    """The same fit with the principals under other names."""
    text = plain(essay()).model_dump_json()
    for name, new in OTHER.items():
        text = text.replace(f'"{name}"', f'"{new}"')
    argument = Argument.model_validate_json(text)
    program = compile_argument(argument, renamed(embedded(), OTHER), AS_OF)
    return fit(program).draws(COUNT, SEED), argument


def pulled(effect: Effect, days: int = DAYS, **more: Any) -> Paths:
    return run_paths(drawn(), plain(essay()), effect, days=days, **more)


@cache
def base() -> Paths:
    return pulled(Effect())


def bytes_of(log: EventLog, before: int = 10**6) -> list[bytes]:
    rows = np.asarray(log.day) < before
    columns = (log.future, log.day, log.channel, log.act, log.deaths)
    return [np.ascontiguousarray(np.asarray(c)[rows]).astype(np.int64).tobytes() for c in columns]


def example(name: str, layout: Layout) -> Dose:
    return parse_dose(shlex.split(lever_registry()[name].example)[0], layout)


def acted(paths: Paths) -> list[tuple[int, ...]]:
    """What was drawn, told by its looks, so that rows put into the table of acts do not matter."""
    log = paths.log
    looks = paths.acts.looks.select("source", "target", "action", "mode", "issue").rows()
    keep = ~np.isin(log.act, list(paths.put))
    columns = (log.future, log.day, log.channel, log.act, log.deaths)
    rows = zip(*(np.asarray(c)[keep].tolist() for c in columns), strict=True)
    return [(f, d, c, looks[a], k) for f, d, c, a, k in rows]  # type: ignore[misc]


@pytest.mark.parametrize("name", NAMES)
def test_declares_itself_and_its_example_reads(name: str) -> None:
    lever, layout = lever_registry()[name], lay_out(essay(), "detente")
    assert lever.name == name
    assert lever.says.endswith(".")
    assert lever.says
    assert lever.limits[0] == 0.0
    assert lever.limits[0] < lever.default <= lever.limits[1]
    dose = example(name, layout)
    assert dose.lever == name
    assert parse_dose(dose.text, layout) == dose


@pytest.mark.like_cases
@pytest.mark.parametrize("name", NAMES)
def test_size_zero_changes_nothing_to_the_byte(name: str) -> None:
    dose = replace(example(name, drawn().program.layout), size=0.0)
    effect = effect_of([dose], drawn().program.layout)
    assert effect == Effect()
    assert bytes_of(pulled(effect).log) == bytes_of(base().log)


@pytest.mark.like_cases
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [0, 1])
def test_acts_and_not_before_its_day_for_either_principal(name: str, side: int) -> None:
    layout = drawn().program.layout
    dose = replace(example(name, layout), day=40)
    if lever_registry()[name].who == "principal":
        if name == "partner_attack" and side == 0:
            pytest.skip("the first principal has no armed partner in this argument")
        dose = replace(dose, actor=layout.principals[side])
    effect = effect_of([dose], layout)
    assert effect != Effect()
    paths = pulled(effect)
    before = [row for row in acted(paths) if row[1] < 40]
    assert before == [row for row in acted(base()) if row[1] < 40]
    assert all(act.day >= 40 for act in effect.acts)


@pytest.mark.like_cases
@pytest.mark.parametrize("name", NAMES)
def test_renaming_the_principals_changes_only_names(name: str) -> None:
    draws, argument = other_names()
    layout, new = drawn().program.layout, draws.program.layout
    dose = example(name, layout)
    actor = dose.actor
    for old, other in OTHER.items():
        actor = actor.replace(old, other)
    one = pulled(effect_of([dose], layout))
    two = run_paths(draws, argument, effect_of([replace(dose, actor=actor)], new), days=DAYS)
    assert bytes_of(one.log) == bytes_of(two.log)
    assert one.moved == two.moved


def test_a_lever_of_a_principal_is_pulled_by_the_locker_unless_told() -> None:
    layout = lay_out(essay(), "detente")
    assert parse_dose("relief@30", layout).actor == "USA"
    assert parse_dose("relief@30", replace(layout, locker="IRN")).actor == "IRN"


def test_neither_equals_the_base_run_to_the_byte() -> None:
    """Over a grid of clocks too: the run, its futures and paths without an effect are one."""
    case = Case("us-iran", essay().model_copy(update={"questions": ()}), embedded())
    ran = run(case, as_of=AS_OF, days=200, futures=80, seed=5)
    draws = ran.posterior.draws(80, 5)
    assert len(draws.parts) > 1
    paths = run_paths(draws, case.argument, Effect(), days=200)
    assert bytes_of(paths.log) == bytes_of(ran.futures.log)
    again = simulate(
        ran.posterior, days=200, futures=80, seed=5, scheme="detente", codebook="detente", threads=1
    )
    assert bytes_of(paths.log) == bytes_of(again.log)


def test_levers_add_up_in_any_order() -> None:
    layout = drawn().program.layout
    texts = ["relief=0.5@20", "new_leader:IRN@30", "hold:good offices@10"]
    one, two = (
        pulled(effect_of([parse_dose(t, layout) for t in order], layout)) for order in (texts, texts[::-1])
    )
    assert acted(one) == acted(two)


def test_threads_do_not_matter() -> None:
    layout = drawn().program.layout
    effect = effect_of([parse_dose("assassination:USA=3@20", layout)], layout)
    assert bytes_of(pulled(effect, threads=1).log) == bytes_of(pulled(effect, threads=2).log)
