from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.base.days import Window
from detente.model.memory import (
    Fading,
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


def test_modes_say_which_acts_count_and_an_empty_one_stands_for_acts_without_a_mode() -> None:
    weight = Weight(actions=("YIELD",), modes=("", "waiver"), per_act=-2.0)
    assert weight.of(action="YIELD", mode="waiver") == weight.of(action="YIELD", mode=None) == -2.0
    assert weight.of(action="YIELD", mode="apology") == weight.of(action="SANCTION", mode="waiver") == 0
    assert Weight(modes=("waiver",)).of(action="YIELD") == 0
    assert Weight().of(action="YIELD", mode="anything") == 1


def test_an_act_may_count_by_its_deaths_alone_or_by_the_rank_of_the_dead_alone() -> None:
    deaths = Weight(per_act=0.0, per_log_death=1.0, rank_factors=(1.5, 3.0, 5.0))
    assert deaths.of(deaths=0) == 0
    assert deaths.of(deaths=9) == pytest.approx(math.log(10))
    assert deaths.of(deaths=9, rank="senior") == pytest.approx(3 * math.log(10))
    ranked = Weight(rank_factors=(0.5, 1.0, 2.0), unranked=0.0)
    assert [ranked.of(rank=rank) for rank in (None, "officer", "senior", "leader")] == [0, 0.5, 1, 2]


def test_a_pulse_counts_from_its_day_on_and_half_after_a_half_life() -> None:
    pulse = Fading("x", (), ((date(2020, 1, 10), 3.0, 10.0),))
    assert [pulse.at(date(2020, 1, d)) for d in (9, 10, 20, 30)] == [0, 3, 1.5, 0.75]
    logged = Fading("x", (), pulse.pulses, log=True)
    assert logged.at(date(2020, 1, 20)) == pytest.approx(math.log1p(1.5))
    assert logged.at(date(2020, 1, 9)) == 0


pulses = st.tuples(
    st.integers(-400, 400).map(lambda d: date(2020, 1, 1) + timedelta(days=d)),
    st.floats(-3, 3),
    st.floats(1, 5000),
)


@given(st.lists(pulses, max_size=6))
def test_pulses_add_up_to_no_less_than_zero(given_: list[tuple[date, float, float]]) -> None:
    window = Window(date(2019, 6, 1), date(2021, 6, 1))
    values = Fading("x", (), tuple(given_)).values(window)
    for day in (date(2019, 6, 1), date(2020, 1, 1), date(2021, 5, 31)):
        total = sum(a * 2.0 ** (-(day - start).days / h) for start, a, h in given_ if start <= day)
        assert values[window.index(day)] == pytest.approx(max(total, 0), abs=1e-9)
