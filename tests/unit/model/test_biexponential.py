from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from detente.model.biexponential import DAYS_PER_YEAR, Stores, ledger

START = date(1950, 1, 1)
DAYS = st.integers(0, 20_000).map(lambda d: START + timedelta(days=d))
RATES = st.builds(
    Stores, st.floats(0.02, 0.5), st.floats(0.005, 0.1), st.floats(0.001, 0.015), st.floats(0, 1)
)


def told(pulses: tuple[tuple[date, float, float], ...], day: date) -> float:
    return sum(a * 2.0 ** (-(day - start).days / h) for start, a, h in pulses if start <= day)


def by_equations(
    injuries: list[tuple[date, float]], evocations: list[date], stores: Stores, day: date
) -> float:
    """Run ``u' = -(p + r) u, v' = r u - q v`` from act to act by the matrix exponential."""
    flow = np.array([[-(stores.p + stores.r), 0.0], [stores.r, -stores.q]])
    state, last = np.zeros(2), START
    for at, weight in sorted([*injuries, *((d, -1.0) for d in evocations)]):
        if at > day:
            break
        state = expm(flow * (at - last).days / DAYS_PER_YEAR) @ state
        last = at
        moved = stores.revived * state[1] if weight < 0 else weight
        state += np.array([moved, -moved]) if weight < 0 else np.array([moved, 0.0])
    return float((expm(flow * (day - last).days / DAYS_PER_YEAR) @ state).sum())


@given(st.lists(st.tuples(DAYS, st.floats(0.1, 5)), max_size=4), st.lists(DAYS, max_size=4), RATES, DAYS)
def test_the_pulses_are_the_two_equations(
    injuries: list[tuple[date, float]], evocations: list[date], stores: Stores, day: date
) -> None:
    pulses = ledger(injuries, evocations, stores)
    assert told(pulses, day) == pytest.approx(by_equations(injuries, evocations, stores, day), abs=1e-8)


def test_an_evocation_leaves_the_memory_as_it_is_that_day_and_more_of_it_in_talk() -> None:
    """It is no new injury: what a culture keeps is talked of again, and talk fades faster."""
    stores, injury = Stores(0.05, 0.02, 0.01, 0.2), [(START, 4.0)]
    day, later = date(1990, 1, 1), date(1995, 1, 1)
    quiet, evoked = ledger(injury, [], stores), ledger(injury, [day], stores)
    assert told(evoked, day) == pytest.approx(told(quiet, day))
    assert told(evoked, later) < told(quiet, later)


def test_calling_to_mind_what_was_never_suffered_remembers_nothing() -> None:
    assert ledger([], [START], Stores(0.05, 0.02, 0.01, 0.2)) == ()
