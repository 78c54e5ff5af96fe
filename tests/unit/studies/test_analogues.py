from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from detente.lab.chronicles import history_of
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.studies.analogues import APART_DAYS, Analogue, analogues
from worlds import AS_OF, baseline, embedded, essay, essay_case

DAYS = 90


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    return fit(compile_argument(essay(), embedded(), AS_OF))


@pytest.fixture(scope="module")
def found(posterior: Posterior) -> tuple[Analogue, ...]:
    return analogues(posterior, history_of(essay_case()).events, count=5, days=DAYS)


def test_the_closest_come_first_and_lie_apart(found: tuple[Analogue, ...]) -> None:
    assert len(found) == 5
    assert [a.distance for a in found] == sorted(a.distance for a in found)
    days = sorted([*(a.day for a in found), AS_OF])
    assert min((b - a).days for a, b in pairwise(days)) > APART_DAYS
    assert all(a.window.end <= AS_OF for a in found)


def test_what_followed_is_what_the_chronicle_holds(found: tuple[Analogue, ...]) -> None:
    events = history_of(essay_case()).events
    for analogue in found:
        inside = events.filter(
            pl.col("date").is_between(analogue.day, analogue.day + timedelta(days=DAYS), closed="left")
            & pl.col("source").is_in(["USA", "IRN"])
            & pl.col("target").is_in(["USA", "IRN"])
        )
        assert sum(analogue.followed.values()) == inside.height
        assert analogue.talked == bool(inside["mutual"].any())
        assert all(act["date"] < analogue.day for act in analogue.before)


def test_the_day_itself_would_be_its_own_analogue() -> None:
    """Where the memories of as_of are those of a past day, and no fact is declared, that day has distance 0."""
    posterior = fit(compile_argument(baseline(), embedded(), AS_OF))
    program = posterior.program
    then = program.history.window.index(date(1988, 7, 4))
    same = replace(posterior, program=replace(program, initial=program.history.memories[:, then]))
    nearest = analogues(same, history_of(essay_case()).events, count=1, days=DAYS)[0]
    assert nearest.day == date(1988, 7, 4)
    assert nearest.distance == pytest.approx(0, abs=1e-9)
    assert np.isfinite(nearest.distance)


def test_nothing_after_as_of_is_read(posterior: Posterior, found: tuple[Analogue, ...]) -> None:
    events = history_of(essay_case()).events
    known = events.filter(pl.col("date") < AS_OF)
    assert analogues(posterior, known, count=5, days=DAYS) == found


def test_acts_that_read_alike_are_told_once(posterior: Posterior, found: tuple[Analogue, ...]) -> None:
    events = history_of(essay_case()).events
    twice = pl.concat([events, events]).sort("date", maintain_order=True)
    again = analogues(posterior, twice, count=5, days=DAYS)
    assert [a.before for a in again] == [a.before for a in found]
