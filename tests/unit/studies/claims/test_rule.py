"""The rule of verdicts at its edges, and its first version."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.studies.claims.rule import (
    LEAST_EPISODES,
    LEAST_POWER,
    LEAST_SHARE,
    LEVEL,
    NEGLIGIBLE,
    STEADY,
    SURE,
    claim_verdict,
    false_chance,
    first_verdict,
)

TINY = 1e-9
WIDE = (-0.5, 0.5)
NARROW = (-0.10, 0.10)


@pytest.mark.parametrize(
    ("power", "episodes", "p", "steady", "interval", "verdict"),
    [
        (0.5, 5, (0.05, 0.95), True, WIDE, "supported"),
        (0.5 - TINY, 5, (0.05, 0.95), True, WIDE, "no power"),
        (0.9, 4, (0.001, 1.0), True, WIDE, "no power"),
        (0.5, 5, (0.05 + TINY, 0.95), True, WIDE, "silent"),
        (0.9, 9, (0.01, 0.99), False, WIDE, "silent"),  # the sign turns in a variant
        (0.9, 9, (0.99, 0.05), True, WIDE, "contradicted"),
        (0.9, 9, (0.99, 0.01), False, WIDE, "silent"),
        (0.9, 9, (0.5, 0.5), True, NARROW, "negligible"),
        (0.9, 9, (0.5, 0.5), True, (-0.10 - TINY, 0.10), "silent"),
        (0.9, 9, (0.5, 0.5), True, (-0.10, 0.10 + TINY), "silent"),
        (0.9, 9, (0.01, 0.99), True, NARROW, "supported"),  # the sign comes before the size
        (0.9, 9, (0.01, 0.99), False, NARROW, "negligible"),
        (0.1, 9, (0.5, 0.5), True, NARROW, "no power"),  # what could not be seen is not small
    ],
)
def test_the_rule_at_its_edges(
    power: float,
    episodes: int,
    p: tuple[float, float],
    steady: bool,
    interval: tuple[float, float],
    verdict: str,
) -> None:
    low, high = interval
    assert claim_verdict(power, episodes, *p, steady=steady, low=low, high=high) == verdict


@given(
    st.floats(0, 1), st.integers(0, 20), st.floats(0, 1), st.floats(0.051, 1), st.booleans(),
    st.floats(-1, 1), st.floats(0, 1),
)  # fmt: skip
def test_the_opposite_claim_gets_the_opposite_verdict(
    power: float, episodes: int, one: float, other: float, steady: bool, low: float, width: float
) -> None:
    opposite = {"supported": "contradicted", "contradicted": "supported"}
    verdict = claim_verdict(power, episodes, one, other, steady=steady, low=low, high=low + width)
    turned = claim_verdict(power, episodes, other, one, steady=steady, low=-low - width, high=-low)
    assert turned == opposite.get(verdict, verdict)


def test_the_rules_numbers_are_those_of_the_protocol() -> None:
    assert (LEAST_EPISODES, LEAST_POWER, LEVEL, NEGLIGIBLE) == (5, 0.5, 0.05, 0.10)


@pytest.mark.parametrize(
    ("chance", "removed", "episodes", "steady", "interval", "verdict"),
    [
        (0.99, 0.5, 5, [0.95], WIDE, "supported"),
        (0.99, 0.5, 4, [0.95], WIDE, "not testable"),
        (0.99, 0.10, 5, [0.95], WIDE, "supported"),
        (0.99, 0.10 - TINY, 5, [0.95], WIDE, "not testable"),
        (0.975, 0.5, 5, [0.90], WIDE, "supported"),
        (0.975 - TINY, 0.5, 5, [0.99], WIDE, "silent"),
        (0.99, 0.5, 5, [0.90 - TINY, 0.99], WIDE, "silent"),
        (0.025, 0.5, 5, [0.10], WIDE, "contradicted"),
        (0.025 + TINY, 0.5, 5, [0.01], WIDE, "silent"),
        (0.01, 0.5, 5, [0.01, 0.10 + TINY], WIDE, "silent"),
        (0.01, 0.5, 5, [0.95], WIDE, "silent"),  # a variant on the other side
        (0.5, 0.5, 5, [], (-0.10, 0.10), "negligible"),
        (0.5, 0.5, 5, [], (-0.10 - TINY, 0.10), "silent"),
        (0.5, 0.5, 5, [], (-0.10, 0.10 + TINY), "silent"),
        (0.99, 0.5, 5, [], (0.01, 0.09), "supported"),  # the sign comes before the size
        (0.99, 0.5, 5, [0.5], (0.01, 0.09), "negligible"),
        (0.99, 0.0, 0, [], (0.01, 0.09), "not testable"),
    ],
)
def test_the_first_rule_at_its_edges(
    chance: float,
    removed: float,
    episodes: int,
    steady: list[float],
    interval: tuple[float, float],
    verdict: str,
) -> None:
    assert first_verdict(chance, removed, episodes, steady, *interval) == verdict


def test_the_first_rules_numbers_are_those_fixed_beforehand() -> None:
    assert (LEAST_EPISODES, LEAST_SHARE, SURE, STEADY, NEGLIGIBLE) == (5, 0.10, 0.975, 0.90, 0.10)


@given(
    st.floats(0, 1), st.floats(0, 1), st.integers(0, 20), st.lists(st.floats(0, 1), max_size=4),
    st.floats(-1, 1), st.floats(0, 1),
)  # fmt: skip
def test_the_opposite_claim_gets_the_opposite_verdict_under_the_first_rule(
    chance: float, removed: float, episodes: int, steady: list[float], low: float, width: float
) -> None:
    high = low + width
    turned = [1 - p for p in steady]
    if min(abs(p - edge) for p in (chance, *steady) for edge in (0.025, 0.975, 0.1, 0.9)) < 1e-6:
        return  # on the edge itself rounding decides
    opposite = {"supported": "contradicted", "contradicted": "supported"}
    verdict = first_verdict(chance, removed, episodes, steady, low, high)
    expected = opposite.get(verdict, verdict)
    assert first_verdict(1 - chance, removed, episodes, turned, -high, -low) == expected


def test_the_chance_of_a_false_verdict_grows_with_what_events_remove() -> None:
    chances = [false_chance(v) for v in (0.0, 0.1, 0.3, 0.6, 1.0)]
    assert chances[0] == 0
    assert chances == sorted(chances)
    assert chances[-1] == pytest.approx(0.05)
    # by simulation: a true zero, a prior of sd 1 and a standard error of 1 / sqrt(1.5)
    rng, information = np.random.default_rng(0), 1.5
    sd = 1 / np.sqrt(1 + information)
    mean = sd**2 * information * rng.normal(0, 1 / np.sqrt(information), 400_000)
    assert false_chance(1 - sd) == pytest.approx((np.abs(mean / sd) > 1.959964).mean(), abs=5e-4)
