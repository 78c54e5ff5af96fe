from __future__ import annotations

import numpy as np
import pytest

from detente.base.shares import share_of
from detente.lab.run import run
from detente.lab.why import DrawnValues, drawn_values, movers, spread
from detente.questions.settle import Outcome
from worlds import essay_case


def made(effect: float, seed: int, futures: int = 2000, numbers: int = 80) -> tuple[np.ndarray, DrawnValues]:
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((futures, numbers))
    p = np.clip(0.4 + effect * (z[:, 0] - z[:, 1]) / np.sqrt(2), 0, 1)
    names = tuple((f"m.{i}", ("A -> B",), 0.3) for i in range(numbers))
    return (rng.random(futures) < p).astype(np.int8), DrawnValues(z, names)


@pytest.mark.parametrize("effect", [0.05, 0.1, 0.15])
def test_the_spread_over_draws_is_found_apart_from_chance(effect: float) -> None:
    told = [spread(*made(effect, seed)) for seed in range(12)]
    found = [s for s in told if s is not None]
    assert abs(np.mean([s.sd for s in found]) - effect) < 0.015
    assert sum(s.sd_low <= effect <= s.sd_high for s in found) >= 9
    assert all(s.low < 0.4 < s.high for s in found if s.sd > 0.04)


def test_pure_chance_has_no_spread() -> None:
    told = [spread(*made(0.0, seed)) for seed in range(12)]
    assert sum(s is not None and s.sd_low == 0 for s in told) >= 10
    assert np.mean([s.sd for s in told if s is not None]) < 0.03


def test_movers_have_their_sign_and_size_and_no_others_are_named() -> None:
    others = 0
    for seed in range(6):
        found = {m.name: m.points for m in movers(*made(0.14, seed, futures=4000))}
        assert found["m.0"] == pytest.approx(0.1, abs=0.03)
        assert found["m.1"] == pytest.approx(-0.1, abs=0.03)
        others += len(found) - 2
    assert others <= 1


def test_few_or_one_sided_futures_say_so() -> None:
    outcomes, draws = made(0.1, 2, futures=90)
    assert spread(outcomes, draws) is None
    assert movers(outcomes, draws) == ()
    sure, draws = made(0.1, 2)
    told = spread(np.ones_like(sure), draws)
    assert told is not None
    assert (told.sd, told.low, told.high) == (0.0, *[share_of(len(sure), len(sure))] * 2)
    unclear = np.full_like(sure, Outcome.AMBIGUOUS)
    assert spread(unclear, draws) is None


def test_draws_are_those_of_the_run() -> None:
    result = run(essay_case(), futures=60, seed=3)
    draws = drawn_values(result.posterior, 60, 3)
    beta = result.posterior.draws(60, 3).beta
    names = [name for name, _, _ in draws.names]
    assert draws.values.shape == (60, len(names))
    assert np.corrcoef(draws.values[:, 0], beta[:, 0])[0, 1] == pytest.approx(1)
    assert "half-life.fast" in names  # the only clock that varies here
    assert "half-life.slow" not in names
