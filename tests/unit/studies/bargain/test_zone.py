"""The vectorised zone against a linear program, and what must hold of every zone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.studies.bargain.zone import (
    EPSILON,
    Terms,
    branches,
    frontier,
    gains_of,
    margins,
    nash_points,
    open_zones,
)
from tiers import examples

DRAWS = 6


def terms(seed: int, issues: int, crossed: bool = False) -> Terms:
    """Return random terms; `crossed` ones have ideals anywhere, the others at opposite ends of today."""
    rng = np.random.default_rng(seed)
    weight = rng.random((2, DRAWS, issues)) * (rng.random((2, DRAWS, issues)) > 0.1) + 1e-3
    today = rng.random((DRAWS, issues))
    if crossed:
        ideal = rng.random((2, DRAWS, issues))
    else:
        far = np.stack([rng.uniform(today, 1), rng.uniform(0, today)])
        ideal = np.where(rng.random(issues) < 0.5, far, far[::-1])
    low, high = np.sort(rng.random((2, DRAWS, issues)) * np.array([0.6, 1.0])[:, None, None], axis=0)
    low = np.where(rng.random((DRAWS, issues)) < 0.1, high + 0.1, low)
    return Terms(
        weight=weight / weight.sum(axis=2, keepdims=True),
        ideal=ideal,
        today=today,
        low=low,
        high=np.maximum(high, 0.05),
        belief=rng.random((2, DRAWS)),
        burden=1 + 2 * rng.random((2, DRAWS)),
        payment=rng.uniform(0, 1, (2, DRAWS)),
        cost=rng.uniform(-0.02, 0.25, (2, DRAWS)),
        sacred=rng.random((2, issues)) < 0.25,
        material=rng.random(issues) < 0.4,
    )


worlds = st.builds(terms, st.integers(0, 2**31), st.integers(1, 5), st.booleans())


def oracle(part: Terms, draw: int) -> float:
    """Return the largest gain both sides can have, by HiGHS: variables x, |x - ideal|, values, and the smaller gain."""
    n = part.today.shape[1]
    d, v, m = (n, 2 * n), (3 * n, 4 * n), 5 * n
    rows, bounds = [], []

    def row(entries: dict[int, float], bound: float) -> None:
        line = np.zeros(5 * n + 1)
        for at, value in entries.items():
            line[at] += value
        rows.append(line)
        bounds.append(bound)

    for i in (0, 1):
        row({m: 1.0, **{v[i] + q: -1.0 for q in range(n)}}, part.cost[i, draw])
        for q in range(n):
            a, w = part.ideal[i, draw, q], part.weight[i, draw, q]
            start = abs(part.today[draw, q] - a)
            row({q: 1.0, d[i] + q: -1.0}, a)
            row({q: -1.0, d[i] + q: -1.0}, -a)
            paid = part.payment[i, draw] if part.material[q] else 1.0
            for factor in (part.belief[i, draw] * paid, part.burden[i, draw]):
                row({v[i] + q: 1.0, d[i] + q: factor * w}, factor * w * start)
    goal = np.zeros(5 * n + 1)
    goal[m] = -1
    limits = [(part.low[draw, q], part.high[draw, q]) for q in range(n)] + [(None, None)] * (4 * n + 1)
    done = linprog(goal, A_ub=np.array(rows), b_ub=bounds, bounds=limits, method="highs")
    return -done.fun if done.status == 0 else -np.inf


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_margin_is_that_of_the_linear_program(world: Terms) -> None:
    got = margins(world)
    for draw in range(DRAWS):
        want = max(oracle(part, draw) for part in branches(world))
        if np.isfinite(want) and want >= 0:
            assert got[draw] == pytest.approx(want, abs=1e-7)
        else:
            assert got[draw] <= 1e-9


@settings(max_examples=examples(60), deadline=None)
@given(worlds, st.permutations(range(5)), st.floats(0.1, 50))
def test_order_and_scale_of_issues_do_not_matter(world: Terms, order: list[int], scale: float) -> None:
    rows = [q for q in order if q < world.today.shape[1]]
    turned = replace(
        world,
        **{
            n: getattr(world, n)[..., rows]
            for n in ("weight", "ideal", "today", "low", "high", "sacred", "material")
        },
    )
    flipped = replace(
        turned,
        ideal=1 - turned.ideal,
        today=1 - turned.today,
        low=1 - turned.high,
        high=1 - turned.low,
    )
    longer = replace(
        turned,
        weight=turned.weight / scale,
        **{n: getattr(turned, n) * scale for n in ("ideal", "today", "low", "high")},
    )
    want = margins(world)
    assert margins(turned) == pytest.approx(want, abs=1e-9)
    assert margins(flipped) == pytest.approx(want, abs=1e-9)
    assert (np.sign(np.round(margins(longer), 9)) == np.sign(np.round(want, 9))).all()


@settings(max_examples=examples(60), deadline=None)
@given(worlds, st.floats(0, 0.5), st.floats(0, 0.5))
def test_widening_a_limit_never_closes(world: Terms, down: float, up: float) -> None:
    wider = replace(world, low=world.low - down, high=world.high + up)
    was, now = margins(world) > EPSILON, margins(wider) > EPSILON
    assert (now | ~was).all()


@settings(max_examples=examples(60), deadline=None)
@given(worlds, st.floats(0, 3), st.sampled_from([0, 1]))
def test_more_dignity_cost_never_helps(world: Terms, more: float, side: int) -> None:
    burden = world.burden.copy()
    burden[side] += more
    assert (margins(replace(world, burden=burden)) <= margins(world) + 1e-12).all()


@settings(max_examples=examples(40), deadline=None)
@given(worlds, st.integers(0, 2**31))
def test_nash_point_lies_in_the_zone_and_no_deal_beats_it(world: Terms, seed: int) -> None:
    found = nash_points(world)
    assert (found.open == (margins(world) > EPSILON)).all()
    deal = np.where(found.open[:, None], found.deal, world.today)
    shown = [gains_of(part, deal) for part in branches(world)]
    rng = np.random.default_rng(seed)
    for draw in np.flatnonzero(found.open):
        assert (deal[draw] >= world.low[draw] - 1e-9).all()
        assert (deal[draw] <= world.high[draw] + 1e-9).all()
        got = found.gains[:, draw]
        assert (got > 0).all()
        assert any(g[:, draw] == pytest.approx(got, abs=1e-9) for g in shown)
        assert got.sum() <= found.joint[draw] + 1e-9
    for part in branches(world):
        for _ in range(30):
            other = rng.uniform(part.low, np.maximum(part.high, part.low))
            allowed = (part.low <= part.high).all(axis=1) & found.open
            gains = gains_of(part, other)
            product = np.where((gains > 0).all(axis=0), gains.prod(axis=0), 0)
            assert (product[allowed] <= found.gains[:, allowed].prod(axis=0) + 1e-9).all()


def test_a_payment_that_backfires_is_refused() -> None:
    one = terms(1, 2)
    shape = (2, DRAWS, 2)
    ideal = np.broadcast_to(np.array([[1.0, 0.0], [0.0, 1.0]])[:, None], shape)  # a sacred issue, and money
    world = replace(
        one,
        weight=np.broadcast_to(np.array([[0.7, 0.3], [0.3, 0.7]])[:, None], shape),
        ideal=ideal,
        today=np.zeros((DRAWS, 2)),
        low=np.zeros((DRAWS, 2)),
        high=np.ones((DRAWS, 2)),
        belief=np.ones((2, DRAWS)),
        burden=np.ones((2, DRAWS)),
        payment=np.stack([np.ones(DRAWS), np.full(DRAWS, -0.5)]),
        cost=np.full((2, DRAWS), 0.1),
        sacred=np.array([[False, False], [True, False]]),
        material=np.array([False, True]),
    )
    sold = nash_points(replace(world, sacred=np.zeros((2, 2), dtype=bool), payment=np.ones((2, DRAWS))))
    kept = nash_points(world)
    assert sold.deal[0] == pytest.approx([1, 1])
    assert kept.deal[0].prod() == 0  # never both: the sacred issue is not sold
    assert sold.joint[0] > kept.joint[0] + 0.1
    *_, conceded = branches(world)
    line = frontier(conceded)
    assert (line.start[:, 1] == 0).all()
    paid = gains_of(conceded, np.tile([0.2, 0.5], (DRAWS, 1)))
    unpaid = gains_of(conceded, np.tile([0.2, 0.0], (DRAWS, 1)))
    assert (paid[1] < unpaid[1]).all()


def test_contradicting_limits_close_whatever_the_gains() -> None:
    world = terms(3, 3)
    shut = replace(world, cost=world.cost + 5, low=np.full((DRAWS, 3), 0.6), high=np.full((DRAWS, 3), 0.4))
    assert margins(shut) == pytest.approx(np.full(DRAWS, -0.2))
    assert not nash_points(shut).open.any()
    assert margins(replace(shut, low=np.full((DRAWS, 3), 0.4))).min() > 0


def test_draws_do_not_mix() -> None:
    world = terms(5, 4)
    alone = np.concatenate([margins(world.take(np.array([i]))) for i in range(DRAWS)])
    assert alone == pytest.approx(margins(world), abs=1e-12)


@settings(max_examples=examples(25), deadline=None)
@given(worlds)
def test_zones_are_open_where_margins_are_above_rounding(world: Terms) -> None:
    assert (open_zones(world) == (margins(world) > EPSILON)).all()
