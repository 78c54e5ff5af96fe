"""Published numbers, reproduced: what the literature printed, our machinery gives."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import nbinom

from detente.futures.kernel.simulate import simulate_log
from detente.model.act_table import ActTable
from detente.model.biexponential import DAYS_PER_YEAR, Stores, ledger
from detente.model.program import LOG1P, NO_ATOM, Dynamics
from detente.model.tolls import Tolls

CAMPY = np.loadtxt(
    [
        "2 3 4 1 6 9 12 8 5 7 11 9 6 6 9 6 12 8 7 5 10 12 12 9 12 8 9 14",
        "5 5 9 14 8 10 16 13 12 10 7 9 6 8 6 4 6 6 11 8 10 11 13 5 6 3 4 8",
        "2 7 12 12 14 12 7 7 8 7 7 3 5 5 10 7 8 13 13 11 12 6 8 4 7 6 9 14",
        "11 11 15 22 17 5 10 12 16 6 16 11 13 15 20 55 47 28 16 21 15 9 19 20 16 14 24 16",
        "33 19 21 18 10 17 12 15 19 18 9 8 25 17 13 21 11 12 10 13 5 7 13 17 16 21 16 9",
    ],
    dtype=int,
).ravel()


def test_t1_scores_of_the_campylobacter_model_at_its_published_parameters() -> None:
    """Negative binomial INGARCH(1, 13) with a level shift and a spike [liboschik2017]."""
    b0, b1, a13, shift, spike, sigma2 = 3.3184, 0.3690, 0.2198, 3.0810, 41.9541, 0.0297
    y = CAMPY
    assert len(y) == 140
    start = b0 / (1 - b1 - a13)
    mean = np.empty(140)
    for t in range(140):
        week = t + 1
        before = y[t - 1] if t >= 1 else start
        season = mean[t - 13] if t >= 13 else start
        mean[t] = b0 + b1 * before + a13 * season + shift * (week >= 84) + spike * (week == 100)
    r = 1 / sigma2
    law = nbinom(r, r / (r + mean))
    k = np.arange(400)[:, None]
    ranked = ((law.cdf(k) - (y <= k)) ** 2).sum(axis=0).mean()
    variance = mean + sigma2 * mean**2
    dawid_sebastiani = ((y - mean) ** 2 / variance + np.log(variance)).mean()
    assert -law.logpmf(y).mean() == pytest.approx(2.7220, abs=5e-4)
    assert ranked == pytest.approx(2.1851, abs=5e-4)
    assert dawid_sebastiani == pytest.approx(3.6059, abs=5e-4)
    assert law.logpmf(y).sum() == pytest.approx(-381.084, abs=5e-3)


def test_t12_what_is_left_of_an_injury_after_years() -> None:
    """Communicative memory feeding cultural memory [candia2019]: p, r, q = .3, .05, .01."""
    stores, day = Stores(0.3, 0.05, 0.01), date(1900, 1, 1)
    pulses = ledger([(day, 1.0)], [], stores)
    for years, published in zip((0, 1, 5, 10, 40), (1, 0.7467, 0.2881, 0.1588, 0.0986), strict=True):
        assert stores.remembered(years) == pytest.approx(published, abs=5e-5)
        age = years * DAYS_PER_YEAR
        assert sum(a * 2.0 ** (-age / h) for _, a, h in pulses) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize(("b", "published"), [(0.2, 0.006), (0.3, 0.998), (0.4, 1.0)])
def test_t15_a_raw_count_in_the_exponent_explodes(b: float, published: float) -> None:
    """Y[t] ~ Poisson(exp(b Y[t-1])) over 400 steps in 500 runs: why the grammar has no raw counts."""
    rng = np.random.default_rng(1)
    y, exploded = np.zeros(500), np.zeros(500, dtype=bool)
    for _ in range(400):
        rate = np.exp(np.minimum(b * y, 20))
        exploded |= rate > 1e6
        y = np.where(exploded, 0, rng.poisson(np.minimum(rate, 1e6)))
    assert exploded.mean() == pytest.approx(published, abs=0.012)


@pytest.mark.parametrize("b", [0.5, 0.8, 0.95])
def test_t15_the_log_of_a_count_in_the_exponent_never_explodes(b: float) -> None:
    """Y[t] ~ Poisson(exp(b log1p(Y[t-1]))) by the kernel, which would refuse an explosion."""
    one = np.zeros(1, dtype=np.int64)
    decay = 1e-9  # only yesterday is remembered
    yesterday = Dynamics(
        decay=np.array([decay]),
        initial=np.zeros(1),
        atom_kind=one + LOG1P,
        atom_index=one,
        atom_scale=np.array([decay]),
        atom_cap=np.array([np.inf]),
        schedule=np.zeros((0, 400)),
        term_start=np.array([0, 2]),
        term_coefficient=np.array([0, 1]),
        term_atom_a=np.array([NO_ATOM, 0]),
        term_atom_b=np.array([NO_ATOM, NO_ATOM]),
        channel_class=one,
        weight=np.ones((1, 1)),
        weight_log_deaths=np.zeros((1, 1)),
        acts=ActTable(np.array([0, 1]), np.ones(1), np.zeros(1), Tolls.of(1.0), 1),
    )
    beta = np.tile([0.0, b], (500, 1))
    log = simulate_log(yesterday, beta, np.full((500, 1), -np.inf), days=400, seed=1)
    daily = np.bincount(log.future * 400 + log.day, minlength=500 * 400)
    assert daily.max() < 2000
    assert 1 < daily.mean() < 60


def test_t15_the_spectral_radius_of_the_published_matrix() -> None:
    matrix = np.array([[0.626, 0.298], [0.438, 0.458]])
    assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(0.9129, abs=5e-5)
