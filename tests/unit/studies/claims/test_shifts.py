"""The null of a verdict against a plain computation that shares no line with it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from detente.base.arrays import Floats, Ints
from detente.model.program import Design
from detente.studies.claims.power import Side
from detente.studies.claims.shifts import ActTally, Point, ShiftTest, random_lags

ERAS = [0, 37, 90, 200]
FIRST = np.array([0, 4, 8, 11])
COLUMNS = np.array([0, 3, 4, 5, 1, 3, 4, 6, 2, 4, 5])  # 4 and 5 are judged; 4 acts on every channel, 6 on one
WEIGHT = np.array([0.0, 0.0, 0.0, 0.0, 0.5, -0.5, 0.0])
PRIOR = np.array([3.0, 3.0, 3.0, 0.5, 0.3, 0.2, 0.4])
ALPHA = np.array([0.5, 0.8, 0.3])


def world(seed: int, days: int = 200) -> tuple[Design, Floats, Ints]:
    """Return a design of three channels, coefficients and counts."""
    noise = np.random.default_rng(seed)
    rows = noise.gamma(1.0, 0.7, (len(COLUMNS), days))
    rows[FIRST[:-1]] = 1.0
    beta = np.array([-1.5, -1.0, -2.0, 0.3, 0.0, 0.0, 0.2])
    rates = [np.exp(beta[COLUMNS[a:b]] @ rows[a:b]) for a, b in pairwise(FIRST)]
    counts = np.array([noise.poisson(noise.gamma(1 / a, a * r)) for a, r in zip(ALPHA, rates, strict=True)])
    return (COLUMNS, FIRST, rows), beta, counts


def dense(design: Design, counts: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """Return gradient and expected information at some coefficients, priors of mean zero included, without tricks."""
    columns, first, rows = design
    gradient, information = -beta / PRIOR**2, np.diag(1 / PRIOR**2)
    for c, (a, b) in enumerate(pairwise(first)):
        x = np.zeros((len(beta), rows.shape[1]))
        x[columns[a:b]] = rows[a:b]
        rate = np.exp(beta @ x)
        gradient = gradient + x @ ((counts[c] - rate) / (1 + ALPHA[c] * rate))
        information = information + (x * (rate / (1 + ALPHA[c] * rate))) @ x.T
    return gradient, information


def null_mode(design: Design, counts: Floats) -> Floats:
    """Return the mode without the judged features."""
    free, beta = np.flatnonzero(WEIGHT == 0), np.array([-1.0, -1.0, -1.0, 0, 0, 0, 0])
    for _ in range(60):
        gradient, information = dense(design, counts, beta)
        beta[free] += np.linalg.solve(information[np.ix_(free, free)], gradient[free])
    return beta


def moved(design: Design, lag: Ints) -> Design:
    """Return the design with the judged features turned round within each era."""
    columns, first, rows = design
    out = rows.copy()
    for row in np.flatnonzero(WEIGHT[columns] != 0):
        for (start, stop), by in zip(pairwise(ERAS), lag, strict=True):
            out[row, start:stop] = np.roll(rows[row, start:stop], by)
    return columns, first, out


def prepared(seed: int, shifts: int) -> tuple[ShiftTest, Design, Floats, Ints]:
    design, _, counts = world(seed)
    beta = null_mode(design, counts.astype(float))
    judged, rest = np.flatnonzero(WEIGHT), np.flatnonzero(WEIGHT == 0)
    precision = np.diag(1 / PRIOR**2)
    precision[np.ix_(rest, rest)] = dense(design, counts.astype(float), beta)[1][np.ix_(rest, rest)]
    assert not precision[np.ix_(judged, rest)].any()
    lags = random_lags(ERAS, shifts, np.random.default_rng(seed + 100))
    test = ShiftTest.of(Point.of(design, beta, ALPHA), ActTally.of(counts), precision, WEIGHT, ERAS, lags)
    return test, design, beta, counts


@pytest.mark.parametrize("seed", range(4))
def test_every_shift_is_the_newton_step_of_a_plain_computation(seed: int) -> None:
    test, design, beta, counts = prepared(seed, 25)
    noise = np.random.default_rng(seed)
    other = noise.poisson(
        1.5 * counts.mean(axis=1)[:, None], counts.shape
    )  # another chronicle, far from the mode
    table = ActTally.of(other)
    both = ActTally(
        np.concatenate([np.zeros_like(test.observed.day), np.ones_like(table.day)]),
        *(
            np.concatenate([getattr(test.observed, name), getattr(table, name)])
            for name in ("channel", "day", "count")
        ),
        2,
    )
    found = test.statistics(both)
    for s, lag in enumerate(test.lags):
        for m, happened in enumerate((counts, other)):
            gradient, information = dense(moved(design, lag), happened.astype(float), beta)
            step = beta + np.linalg.solve(information, gradient)
            sd = np.sqrt(WEIGHT @ np.linalg.solve(information, WEIGHT))
            assert found[s, m] == pytest.approx(WEIGHT @ step / sd, abs=1e-8)


def test_shifts_stay_within_their_eras_and_the_first_stays_in_place() -> None:
    lags = random_lags(ERAS, 400, np.random.default_rng(0))
    assert lags.shape == (401, 3)
    assert not lags[0].any()
    assert (lags >= 0).all()
    assert (lags < np.diff(ERAS)).all()
    assert (lags[1:].max(axis=0) > 0.9 * np.diff(ERAS)).all()


def test_simulated_chronicles_have_the_rates_and_the_spread_of_the_model() -> None:
    design, beta, _ = world(1)
    point = Point.of(design, beta, ALPHA)
    acts = point.simulate(4000, np.random.default_rng(2))
    assert acts.chronicles == 4000
    for c in range(3):
        own = acts.channel == c
        total = np.bincount(acts.chronicle[own], acts.count[own], 4000)
        variance = (point.rate[c] + ALPHA[c] * point.rate[c] ** 2).sum()
        assert total.mean() == pytest.approx(point.rate[c].sum(), abs=4 * np.sqrt(variance / 4000))
        assert total.var() == pytest.approx(variance, rel=0.1)
        by_day = np.bincount(acts.day[own], acts.count[own], 200) / 4000
        np.testing.assert_allclose(by_day, point.rate[c], atol=0.12, rtol=0.25)


def test_where_nothing_but_the_shift_differs_p_is_uniform() -> None:
    """Equal rates on all days, so that any place of the features is as good as any other."""
    noise = np.random.default_rng(5)
    days, shifts, chronicles = 300, 199, 600
    rows = np.stack([np.ones(days), noise.gamma(0.5, 1.0, days)])
    design = (np.array([0, 1]), np.array([0, 2]), rows)
    point = Point.of(design, np.array([-1.0, 0.0]), np.array([0.5]))
    weigh = point.rate[0] / (1 + 0.5 * point.rate[0])
    precision = np.diag([weigh.sum() + 1 / 9, 1 / 0.3**2])
    observed = point.simulate(1, noise)
    lags = random_lags([0, days], shifts, noise)
    test = ShiftTest.of(point, observed, precision, np.array([0.0, 1.0]), [0, days], lags)
    found = test.statistics(point.simulate(chronicles, noise))
    p = (1 + (found[1:] >= found[0]).sum(axis=0)) / (shifts + 1)
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.025)


def test_the_size_of_the_rule_is_that_of_a_plain_script() -> None:
    """Chronicles, statistics, shares and their calibration once more, with loops over all of them."""
    test, design, beta, counts = prepared(11, 39)
    columns, first, rows = design
    noise = np.random.default_rng(12)
    rates = np.array([np.exp(beta[columns[a:b]] @ rows[a:b]) for a, b in pairwise(first)])
    offset = dense(design, counts.astype(float), beta)[0]  # what the mode leaves in the judged gradient
    free = WEIGHT == 0
    assert np.abs(offset[free]).max() < 1e-8
    drawn = [noise.poisson(noise.gamma(1 / ALPHA[:, None], ALPHA[:, None] * rates)) for _ in range(120)]
    plain = np.empty((40, 120))
    for s, lag in enumerate(test.lags):
        shifted = moved(design, lag)
        inverse = np.linalg.inv(dense(shifted, counts.astype(float), beta)[1])
        sd = np.sqrt(WEIGHT @ inverse @ WEIGHT)
        for m, happened in enumerate(drawn):
            gradient, _ = dense(shifted, happened.astype(float), beta)
            plain[s, m] = WEIGHT @ (beta + inverse @ gradient) / sd
    null, fresh = plain[:, :60], plain[:, 60:]

    def share(column: Floats) -> float:
        return (1 + sum(t >= column[0] for t in column[1:])) / 40

    by_shifts = [share(null[:, m]) for m in range(60)]
    expected = []
    for m in range(60):
        own = share(fresh[:, m])
        expected.append(max(own, (1 + sum(other <= own for other in by_shifts)) / 61))
    tables = [ActTally.of(happened) for happened in drawn]
    got = np.hstack([test.statistics(table) for table in tables])
    np.testing.assert_allclose(got, plain, atol=1e-8)
    p = Side.of(got[:, :60]).p(got[:, 60:])
    np.testing.assert_allclose(p, expected)
    assert (p <= 0.05).mean() == (np.array(expected) <= 0.05).mean()
