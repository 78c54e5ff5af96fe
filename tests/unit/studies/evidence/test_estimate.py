"""Exact cells, their weights, the effect with its clustered error, and draws of labels."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.studies.evidence.changes import Tenures, by_shifts
from detente.studies.evidence.crises import PairCrisis
from detente.studies.evidence.estimate import clustered, estimate, weights_of
from detente.studies.evidence.months import Measure
from detente.studies.evidence.permute import permute, weighted_means
from detente.studies.evidence.pooling import LEAST_NEW_SD, pool_rivalries
from detente.studies.evidence.risk_sets import by_days, course_of, risk_sets
from detente.studies.evidence.sample import Measured, UnitSample, within_cells
from detente.studies.evidence.verdict import judge
from tiers import examples

LABELS = st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=60)


def sample_of(
    episode: np.ndarray,
    cell: np.ndarray,
    y: np.ndarray,
    *,
    exposure: float = 1.0,
    pairs: int = 40,
    odds: bool = False,
    leads: tuple[np.ndarray, ...] = (),
) -> UnitSample:
    """Make a sample whose units are in one row each, spread over pairs and years."""
    n = len(episode)
    rows = np.arange(n)
    pair = np.column_stack([2 + rows % pairs, np.full(n, 900)])
    measured = [Measured(each.astype(float), np.full(n, exposure)) for each in (y, *leads)]
    return UnitSample(
        pair,
        1950 + rows % 50,
        measured[0],
        tuple((-1, -1, lead) for lead in measured[1:]),
        (),
        rows,
        episode,
        cell,
        odds,
        within_cells(rows, episode, cell),
    )


@settings(max_examples=examples(200))
@given(LABELS)
def test_weights_balance_every_cell_and_drop_cells_of_one_kind(labels: list[tuple[bool, int]]) -> None:
    episode = np.array([e for e, _ in labels])
    cell = np.array([c for _, c in labels])
    weight = weights_of(episode, cell)
    for each in np.unique(cell):
        inside = cell == each
        both = episode[inside].any() and (~episode[inside]).any()
        assert weight[inside & episode].sum() == pytest.approx(weight[inside & ~episode].sum())
        assert (weight[inside] > 0).all() if both else (weight[inside] == 0).all()


@settings(max_examples=examples(100))
@given(LABELS)
def test_shuffled_labels_keep_their_number_in_every_cell(labels: list[tuple[bool, int]]) -> None:
    episode = np.array([e for e, _ in labels])
    cell = np.array([c for _, c in labels])
    draw = within_cells(np.arange(len(cell)), episode, cell)
    for rows, drawn, cells in draw(np.random.default_rng(1), 3):
        assert (rows == np.arange(len(cell))).all()
        assert (cells == cell).all()
        for each in np.unique(cell):
            assert drawn[cell == each].sum() == episode[cell == each].sum()


def test_the_effect_of_one_cell_is_the_plain_ratio() -> None:
    episode = np.array([True, True, False, False, False, False])
    y = np.array([3, 1, 1, 0, 2, 1])
    found = estimate(sample_of(episode, np.zeros(6, dtype=int), y, exposure=2.0))
    assert found.effect == pytest.approx(np.log(2.0))
    assert found.treated == pytest.approx(1.0)


def test_odds_are_odds() -> None:
    episode = np.repeat([True, False], 10)
    y = np.concatenate([np.arange(10) < 8, np.arange(10) < 5])
    found = estimate(sample_of(episode, np.zeros(20, dtype=int), y, odds=True, pairs=20))
    assert np.exp(found.effect) == pytest.approx(4.0)
    # one unit a pair and a year: the error is that of the plain odds ratio
    assert found.error == pytest.approx((1 / 8 + 1 / 2 + 1 / 5 + 1 / 5) ** 0.5)


def test_a_cell_that_confounds_is_held_fixed() -> None:
    rng = np.random.default_rng(3)
    cell = np.repeat([0, 1], 4000)
    episode = rng.random(8000) < np.where(cell == 0, 0.1, 0.6)
    y = rng.poisson(np.where(cell == 0, 0.2, 2.0))
    found, blind = (estimate(sample_of(episode, c, y)).effect for c in (cell, np.zeros(8000, dtype=int)))
    assert abs(found) < 0.1
    assert blind > 0.8


def test_what_repeats_within_a_pair_is_not_counted_as_new() -> None:
    influence = np.ones(12)
    same, apart = (np.column_stack([codes, np.full(12, 900)]) for codes in (np.full(12, 2), np.arange(12)))
    years = np.arange(1950, 1962)
    assert clustered(influence, same, years) == 144
    assert clustered(influence, apart, years) == 12


def test_nothing_to_compare_is_no_number() -> None:
    found = estimate(sample_of(np.array([True, False]), np.array([0, 1]), np.array([1, 1])))
    assert np.isnan(found.effect)


def test_means_of_draws_are_those_of_the_estimate() -> None:
    rng = np.random.default_rng(4)
    episode, cell = rng.random(300) < 0.3, rng.integers(0, 5, 300)
    sample = sample_of(episode, cell, rng.poisson(1.0, 300))
    columns = np.array([sample.outcome.count, sample.outcome.exposure])
    found = estimate(sample)
    means = weighted_means(columns, sample.rows, episode, cell)
    assert means[0].tolist() == pytest.approx([found.treated, found.control])


def test_leads_that_differ_are_seen_and_those_that_do_not_are_not() -> None:
    rng = np.random.default_rng(5)
    episode, cell = rng.random(800) < 0.4, rng.integers(0, 4, 800)
    y = rng.poisson(1.0, 800)
    for lead, seen in ((rng.poisson(0.5, 800), False), (rng.poisson(0.5 + 0.4 * episode), True)):
        sample = sample_of(episode, cell, y, leads=(lead,))
        drawn = permute(sample, estimate(sample), "+", draws=200, noise=np.random.default_rng(1))
        assert drawn.leads_p is not None
        assert (drawn.leads_p <= 0.05) is seen
        verdict = judge(0.5, 0.1, drawn.p_for, drawn.p_against, drawn.leads_p).verdict
        assert (verdict == "not credible") is seen


@pytest.mark.parametrize(
    ("effect", "sd", "p", "verdict"),
    [
        (0.5, 0.3, (0.01, 1.0), "no power"),
        (0.5, 0.2, (0.01, 1.0), "holds elsewhere"),
        (-0.5, 0.2, (1.0, 0.01), "contradicted elsewhere"),
        (0.02, 0.05, (0.4, 0.6), "negligible elsewhere"),
        (0.02, 0.2, (0.4, 0.6), "silent elsewhere"),
    ],
)
def test_verdicts_in_their_order(effect: float, sd: float, p: tuple[float, float], verdict: str) -> None:
    assert judge(effect, sd, *p, 0.5).verdict == verdict
    assert judge(effect, sd, *p, None).verdict == verdict
    assert judge(effect, sd, *p, 0.01).verdict == "not credible"


def test_measures_count_both_ends_of_a_window_and_know_where_sources_end() -> None:
    seen = Measure.of([(2, 40, m) for m in (10, 12, 12, 15)] + [(40, 2, 11), (2, 41, 12)], last=14)
    pair, since, until = np.array([2040, 2040, 40002]), np.array([10, 11, 11]), np.array([12, 15, 11])
    assert seen.count(pair, since, until).tolist() == [3, 3, 1]
    assert seen.covered(since, until).tolist() == [3, 4, 1]


def crisis(number: int, days: int, mediated: int | None, *, usable: bool = True) -> PairCrisis:
    start = date(1980, 1, 1)
    return PairCrisis(
        number=number,
        own=2,
        other=40 + number,
        start=start,
        end=date.fromordinal(start.toordinal() + days),
        violent_trigger=False,
        agreement=False,
        severity=1,
        mediated_on=None if mediated is None else date.fromordinal(start.toordinal() + mediated),
        usable=usable,
        actors=True,
    )


def test_a_risk_set_holds_the_crises_still_open_and_not_yet_mediated() -> None:
    crises = [
        crisis(0, 50, 10),
        crisis(1, 5, None),
        crisis(2, 50, 30),
        crisis(3, 20, None),
        crisis(4, 50, None),
    ]
    course, cell = course_of(crises), np.zeros(5, dtype=int)
    usable = np.ones(5, dtype=bool)
    rows, episode, sets = risk_sets(course, course.mediated, cell, usable)
    members = {
        s: (rows[(sets == s) & episode].tolist(), rows[(sets == s) & ~episode].tolist()) for s in (0, 1)
    }
    assert members == {0: ([0], [2, 3, 4]), 1: ([2], [4])}
    rows, episode, sets = risk_sets(course, course.mediated, cell, usable, never_mediated_only=True)
    assert rows[(sets == 0) & ~episode].tolist() == [3, 4]
    usable[4] = False
    rows, *_ = risk_sets(course, course.mediated, cell, usable)
    assert 4 not in rows


def test_a_drawn_mediation_falls_on_an_open_crisis_and_on_all_its_pairs() -> None:
    crises = [crisis(0, 50, 10), crisis(0, 50, 10), crisis(1, 5, None), crisis(2, 50, None), crisis(3, 9, 4)]
    course, cell, usable = course_of(crises), np.zeros(5, dtype=int), np.ones(5, dtype=bool)
    drawn = set()
    for rows, episode, sets in by_days(course, cell, usable)(np.random.default_rng(2), 60):
        for each in np.unique(sets):
            treated = frozenset(rows[(sets == each) & episode].tolist())
            drawn.add((int(each), treated))
            assert not treated & {0, 1} or treated >= {0, 1}
    assert {t for s, t in drawn if s == 1} <= {frozenset({0, 1}), frozenset({3}), frozenset()}
    assert (0, frozenset({2})) in drawn
    assert (0, frozenset({3})) in drawn


def test_shifted_leaders_keep_their_number_and_their_own_span() -> None:
    months = 120
    long, changed = np.zeros((2, months), dtype=bool), np.zeros((2, months), dtype=bool)
    for state, begin in ((0, 0), (1, 60)):
        for change in (begin + 30, begin + 55):
            long[state, change - 5 : change + 1], changed[state, change] = True, True
    tenures = Tenures(np.array([2, 40]), 0, long, changed, np.array([0, 60]), np.array([120, 60]))
    place, month = np.repeat([0, 1], months), np.tile(np.arange(months), 2)
    draw = by_shifts(tenures, month, place, np.zeros(240, dtype=int), np.ones(240, dtype=bool))
    for rows, episode, _ in draw(np.random.default_rng(6), 20):
        assert np.bincount(place[rows[episode]], minlength=2).tolist() == [2, 2]
        assert (month[rows][place[rows] == 1] >= 60).all()


def test_a_pooled_mean_without_spread_is_the_effect_and_a_new_rivalry_is_never_surer_than_its_least_sd() -> (
    None
):
    rng = np.random.default_rng(7)
    episode, cell = rng.random(4000) < 0.5, rng.integers(0, 5, 4000)
    sample = sample_of(episode, cell, rng.poisson(np.where(episode, 3.0, 2.0)))
    found = estimate(sample)
    pooled = pool_rivalries(sample, found, found.error)
    assert pooled is not None
    assert pooled.mean == pytest.approx(found.effect, abs=0.02)
    assert pooled.between < 0.1
    assert pooled.new_sd == LEAST_NEW_SD
    assert len(pooled.pairs) == 40


def test_rivalries_that_differ_spread() -> None:
    rng = np.random.default_rng(8)
    episode, cell = rng.random(6000) < 0.5, rng.integers(0, 3, 6000)
    own = np.where(np.arange(6000) % 40 % 2 == 0, 1.0, -0.2)
    sample = sample_of(episode, cell, rng.poisson(np.where(episode, 2.0 * np.exp(own), 2.0)))
    found = estimate(sample)
    pooled = pool_rivalries(sample, found, found.error)
    assert pooled is not None
    assert pooled.between > 0.3
    assert pooled.new_sd > 0.4
    effects = np.array([p.effect for p in pooled.pairs])
    assert effects[::2].mean() > effects[1::2].mean() + 0.5
