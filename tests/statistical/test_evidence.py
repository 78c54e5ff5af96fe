"""The event study: its size and its power on invented rivalries, and its rows on the real files where they are."""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib import resources

import numpy as np
import pytest

from detente.base.arrays import Floats
from detente.model.elsewhere import evidence_table
from detente.studies.evidence.changes import Tenures, by_shifts
from detente.studies.evidence.estimate import estimate
from detente.studies.evidence.permute import permute
from detente.studies.evidence.risk_sets import Course, by_days, risk_sets
from detente.studies.evidence.run import evidence
from detente.studies.evidence.sample import Measured, UnitSample, within_cells
from recomputed_evidence import deaths_and_force, mediated_crises, new_leaders, new_sanctions
from worlds import SHARED

FILES = SHARED / "data"
REAL = pytest.mark.skipif(
    not FILES.exists(), reason="../shared/data is not here: the event study is not tried on the real files"
)
_PAIRS, _DISPUTES, _YEARS = 120, 6, 60


def invented(rng: np.random.Generator, effect: float) -> UnitSample:
    """Make disputes of rivalries that differ in how often they fight and in how deadly they are.

    Both sides of a dispute share whether it was deadly and, in part, what follows; the cells hold the rivalry's kind
    and the decade.
    """
    kind = rng.integers(0, 3, _PAIRS)
    years = rng.integers(0, _YEARS, (_PAIRS, _DISPUTES))
    deadly = rng.random((_PAIRS, _DISPUTES)) < np.array([0.3, 0.5, 0.7])[kind][:, None]
    common = rng.gamma(4.0, 0.25, (_PAIRS, _DISPUTES))
    rate = np.array([0.5, 1.0, 2.0])[kind][:, None] * common * np.exp(effect * deadly)
    sides = [rng.poisson(rate) for _ in range(2)]
    count: Floats = np.concatenate([side.ravel() for side in sides]).astype(float)
    lead: Floats = rng.poisson(np.tile((rate / np.exp(effect * deadly)).ravel(), 2)).astype(float)
    episode = np.tile(deadly.ravel(), 2)
    cell = np.tile((kind[:, None] * 10 + years // 10).ravel(), 2)
    pair = np.tile(
        np.repeat(np.column_stack([np.arange(_PAIRS), np.full(_PAIRS, 900)]), _DISPUTES, axis=0), (2, 1)
    )
    rows, ones = np.arange(len(cell)), np.ones(len(cell))
    return UnitSample(
        pair,
        1950 + np.tile(years.ravel(), 2),
        Measured(count, ones),
        ((-1, -1, Measured(lead, ones)),),
        (),
        rows,
        episode,
        cell,
        False,
        within_cells(rows, episode, cell),
    )


def found_in(replicates: int, effect: float, draws: int) -> tuple[Floats, Floats, Floats]:
    """Return the one-sided p, the p of the lead and the effect of many invented studies."""
    rows = []
    for seed in range(replicates):
        rng = np.random.default_rng([17, seed])
        sample = invented(rng, effect)
        own = estimate(sample)
        drawn = permute(sample, own, "+", draws=draws, noise=rng)
        rows.append((drawn.p_for, drawn.leads_p, own.effect))
    p, leads, effects = np.array(rows, dtype=float).T
    return p, leads, effects


def test_an_effect_that_is_there_is_found() -> None:
    p, _, effects = found_in(12, np.log(1.5), 60)
    assert (p <= 0.05).mean() > 0.7
    assert effects.mean() == pytest.approx(np.log(1.5), abs=0.1)


@pytest.mark.slow
def test_the_test_has_its_size_and_the_placebo_too() -> None:
    p, leads, effects = found_in(600, 0.0, 199)
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.02)
    assert 0.02 < (leads <= 0.05).mean() < 0.1  # .08: it doubts a little too often, and lends no credibility
    assert abs(effects.mean()) < 0.02


def mediated(rng: np.random.Generator) -> UnitSample:
    """Make crises that are mediated at random while they last; the longer they last, the rarer agreements are."""
    n = 160
    length = np.ceil(rng.exponential(120.0, n))
    cell = rng.integers(0, 4, n)
    when = np.ceil(rng.exponential(150.0, n))
    day = np.where(when <= length, when, np.inf)
    agreed = (rng.random(n) < np.where(length > 120, 0.3, 0.6)).astype(float)
    course = Course(length, day, np.arange(n))
    usable = np.ones(n, dtype=bool)
    rows, episode, sets = risk_sets(course, day, cell, usable)
    pair = np.column_stack([rng.integers(2, 60, n), np.full(n, 900)])
    draw = by_days(course, cell, usable)
    ones = np.ones(n)
    return UnitSample(
        pair, rng.integers(1946, 2018, n), Measured(agreed, ones), (), (), rows, episode, sets, True, draw
    )


def led(rng: np.random.Generator) -> UnitSample:
    """Make months of pairs whose leaders change without any bearing on disputes, which come in clusters."""
    states, months, span = 60, 480, 12
    long, changed = np.zeros((states, months), dtype=bool), np.zeros((states, months), dtype=bool)
    for state in range(states):
        last = -24
        while (last := last + int(rng.exponential(50.0)) + 6) < months:
            changed[state, last] = last >= 0
            long[state, last + 24 :] = True
    for state in range(states):  # at risk until the next change only
        since = 999
        for month in range(months):
            since = 0 if changed[state, month - 1] and month else since + 1
            long[state, month] = since >= 24
    changed &= long
    tenures = Tenures(
        np.arange(states), 0, long, changed, np.zeros(states, dtype=int), np.full(states, months)
    )
    place, month = np.repeat(np.arange(states), months), np.tile(np.arange(months), states)
    heat = np.repeat(rng.gamma(1.0, 1.0, (states, months // 60)), 60, axis=1)
    disputes = rng.poisson(0.02 * heat)
    after = np.pad(np.cumsum(disputes, axis=1), ((0, 0), (1, span)), mode="edge")
    count = (after[:, span + 1 :] - after[:, 1:-span]).ravel().astype(float)
    cell, usable = month // 12, month < months - span
    at_risk, changes = tenures.at(place, month)
    rows = np.flatnonzero(at_risk & usable)
    return UnitSample(
        np.column_stack([place, np.full(len(place), 900)]),
        1950 + month // 12,
        Measured(count, np.full(len(count), float(span))),
        (),
        (),
        rows,
        changes[rows],
        cell[rows],
        False,
        by_shifts(tenures, month, place, cell, usable),
    )


@pytest.mark.slow
@pytest.mark.parametrize("made", [mediated, led])
def test_tests_of_dated_events_have_their_size(made: Callable[[np.random.Generator], UnitSample]) -> None:
    rejected = []
    for seed in range(300):
        rng = np.random.default_rng([23, seed])
        sample = made(rng)
        p = permute(sample, estimate(sample), "+", draws=39, noise=rng).p_for
        rejected.append(p <= 0.05)
    assert np.mean(rejected) == pytest.approx(0.05, abs=0.025)


@REAL
def test_estimates_from_the_files_are_those_of_the_table_that_ships() -> None:
    table = {row["id"]: row for row in evidence_table()["rows"]}
    made = evidence(data=FILES, only=["M1", "M13"], permutations=20, cache=False).value
    for row in made["rows"]:
        for name in ("effect", "error", "mean_episodes", "mean_controls"):
            assert row[name] == pytest.approx(table[row["id"]][name], rel=1e-5)
        assert row["n_episodes"] == table[row["id"]]["n_episodes"]
    assert {s["file"]: s["sha256"] for s in made["sources"]} == {
        s["file"]: s["sha256"] for s in evidence_table()["sources"]
    }


@REAL
def test_four_rows_worked_out_by_other_code_agree() -> None:
    text = (resources.files("detente") / "data" / "codes" / "states.csv").read_text("utf-8")
    codes = {
        name: int(row["number"])
        for row in csv.DictReader(text.splitlines())
        for name in (row["name"], *row["also"].split(";"))
        if name
    }
    table = {row["id"]: row for row in evidence_table()["rows"]}
    again = {"M1": deaths_and_force(FILES), "M10": new_sanctions(FILES, codes), "M13": mediated_crises(FILES)}
    again["M9 disputes"] = new_leaders(FILES)
    for name, (effect, episodes, _) in again.items():
        assert effect == pytest.approx(table[name]["effect"], rel=1e-5)
        assert episodes == table[name]["n_episodes"]
