from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.memory import (
    Indicator,
    Log1p,
    Memory,
    Product,
    Saturate,
    Schedule,
    Weight,
    atoms_of,
    memories_of,
    pool,
)

M = Memory(10.0, ())
positive = st.floats(0, 1e6)


def test_an_act_counts_half_after_one_half_life() -> None:
    assert Memory(10.0, ()).decay ** 10 == pytest.approx(0.5)
    assert Memory(math.inf, ()).decay == 1.0


def test_the_weight_multiplies_intensity_rank_closeness_and_deaths() -> None:
    weight = Weight(0.5, by_intensity=True, per_log_death=0.5, rank_factors=(1.5, 3.0, 5.0))
    assert weight.of(intensity=-8, rank="senior", deaths=0) == pytest.approx(0.5 * 0.8 * 3.0)
    assert weight.of(intensity=-8, deaths=9) == pytest.approx(0.5 * 0.8 * (1 + 0.5 * math.log(10)))
    assert Weight(actions=("ASSAULT",)).of(action="ACCUSE") == 0


@given(positive, positive, st.floats(0.1, 100))
def test_features_rise_with_the_memory_and_saturation_stays_below_its_ceiling(
    a: float, b: float, cap: float
) -> None:
    low, high = sorted((a, b))
    for atom in (Log1p(M), Saturate(M), Indicator(M, 1.0)):
        assert float(atom.value(np.array(low), cap)) <= float(atom.value(np.array(high), cap)) + 1e-12
    assert float(Saturate(M).value(np.array(high), cap)) <= math.log1p(cap) + 1e-9


@given(st.floats(0.01, 1e3), st.floats(0.5, 50), st.floats(0.5, 5))
def test_slopes_are_the_derivatives_of_values(s: float, cap: float, scale: float) -> None:
    h = 1e-5 * s
    for atom in (Log1p(M, scale), Saturate(M, scale)):
        numeric = (atom.value(np.array(s + h), cap) - atom.value(np.array(s - h), cap)) / (2 * h)
        assert atom.slope(s, cap) == pytest.approx(float(numeric), rel=1e-4)


def test_without_a_ceiling_saturation_is_log1p() -> None:
    s = np.linspace(0, 50, 11)
    np.testing.assert_allclose(Saturate(M).value(s, np.inf), Log1p(M).value(s, np.inf))


def test_a_schedule_holds_each_step_from_its_day_on() -> None:
    steps = Schedule("x", ((date(2020, 1, 2), 2.0), (date(2020, 1, 4), 0.0)))
    assert [steps.at(date(2020, 1, d)) for d in (1, 2, 3, 4, 5)] == [0, 2, 2, 0, 0]


def test_equal_memories_are_one_whatever_the_order_of_their_feeds() -> None:
    a, b = pool(7, {1: Weight(), 0: Weight(0.5)}), pool(7, {0: Weight(0.5), 1: Weight()})
    assert a == b
    assert hash(a) == hash(b)
    both = Product(Saturate(a), Schedule("s", ()))
    assert len(atoms_of(both)) == 2
    assert list(memories_of(both)) == [a]
