"""The two laws of tolls are learnt with what doubt the tolls leave."""

from __future__ import annotations

import numpy as np
import pytest

from detente.model.tolls import MANY, SINGLE_MANY, Tolls, learn_tolls


def drawn(exponent: float, taper: float, size: int, seed: int = 1) -> list[int]:
    rng = np.random.default_rng(seed)
    toll = np.minimum(rng.random(size) ** (-1 / exponent), 1 + taper * rng.exponential(size=size))
    return np.floor(toll).astype(int).tolist()


def alive(tolls: Tolls, k: int) -> np.ndarray:
    exponent, taper = tolls.single.T
    return np.asarray(k**-exponent * np.exp(-(k - 1) / taper))


def test_without_a_toll_the_prior_speaks() -> None:
    tolls = learn_tolls([], [])
    assert np.quantile(alive(tolls, MANY), 0.5) == pytest.approx(SINGLE_MANY[0], rel=0.25)
    assert np.quantile(tolls.hostilities, [0.16, 0.84]) == pytest.approx([0.49, 0.71], abs=0.02)


def test_many_tolls_find_their_laws() -> None:
    tolls = learn_tolls(drawn(0.8, 200.0, 4000), drawn(0.5, np.inf, 2000))
    assert tolls.single[:, 0].mean() == pytest.approx(0.8, abs=0.06)
    assert 1 / (1 / tolls.single[:, 1]).mean() == pytest.approx(200, rel=0.3)
    assert tolls.hostilities.mean() == pytest.approx(0.5, abs=0.04)
    assert tolls.hostilities.std() < 0.03 < learn_tolls([], []).hostilities.std()


def test_the_posterior_covers_the_exponent() -> None:
    inside = 0
    for seed in range(60):
        tolls = learn_tolls(drawn(0.6, 200.0, 25, seed), [])
        low, high = np.quantile(tolls.single[:, 0], [0.05, 0.95])
        inside += low <= 0.6 <= high
    assert inside >= 48


def test_a_single_act_of_a_hundred_tolls_hardly_kills_a_thousand() -> None:
    """One toll in 25 of more than 240, as recorded, must not bring back an untapered tail."""
    tolls = learn_tolls([1] * 8 + [2, 2, 3, 3, 4, 5, 5, 7, 10, 13, 19, 25, 37, 63, 241, 290], [])
    assert 0.02 < alive(tolls, 100).mean() < 0.12
    assert alive(tolls, 1000).mean() < 1e-3


def test_expected_logarithms_are_sums_over_the_law() -> None:
    rng = np.random.default_rng(3)
    tolls = Tolls.of(0.9, 30.0, 1.5)
    for hostilities, exponent, taper in ((False, 0.9, 30.0), (True, 1.5, np.inf)):
        toll = rng.random(200_000) ** (-1 / exponent)
        if taper < np.inf:
            toll = np.minimum(toll, 1 + taper * rng.exponential(size=200_000))
        expected = tolls.expected_log(hostilities=hostilities)
        assert expected == pytest.approx(np.log1p(np.floor(toll)).mean(), rel=0.01)
