"""From the mode to the mean: the normal law over a skewed posterior is moved until it expects what was seen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled
from detente.base.errors import Fault, FitError
from detente.model.likelihood import BLOCK, add_products, exponentials
from detente.model.program import Design, Program

_NODES, _SHARES = np.polynomial.hermite_e.hermegauss(
    5
)  # Gauss-Hermite: right to 1 % where a log rate has sd 2
_MIDDLE, _INNER, _OUTER = _SHARES[2:] / _SHARES.sum()
_NEAR, _FAR = _NODES[3:]
_MAX_STEPS, _SMALLEST = 200, 1e-6  # steps, and the share of one below which it is no longer halved


def posterior_mean(
    program: Program, mode: Floats, covariance: Floats, alpha: Floats, *, design: Design, tolerance: float
) -> Floats:
    """Return the mean of the normal law with a given covariance that is nearest to the posterior.

    Parameters
    ----------
    program : Program
    mode : ndarray of shape (coefficient,)
        Where the search starts; the result does not depend on it.
    covariance : ndarray of shape (coefficient, coefficient)
    alpha : ndarray of shape (class,)
        Dispersions.
    design : Design
        The program's own.
    tolerance : float
        Size of the last step, in posterior standard deviations, at which to stop.

    Returns
    -------
    ndarray of shape (coefficient,)

    Raises
    ------
    FitError
        If the iteration does not converge.

    Notes
    -----
    Of the laws ``q = N(m, covariance)`` that with the smallest Kullback-Leibler divergence from q to the posterior
    has an expected gradient of zero::

        sum over channels and days of  x E_q[(y - mu) / (1 + alpha mu)]  -  (m - prior mean) / prior sd ** 2  =  0

    as the posterior itself has under its own expectation. A law around the mode expects more than was seen, by
    ``exp(v / 2)`` for a log rate of variance v, since a rate's posterior leans to the left in the log. Expectations
    are by five nodes; steps are ``covariance @ gradient``, halved until the gradient comes nearer to zero. With the
    covariance fixed the problem is concave. Source: [vanniekerk2024].
    """
    columns, first, rows = design
    counts = program.history.counts.astype(float)
    of_channel = alpha[program.channel_class]
    near, far = np.empty(counts.shape), np.empty(counts.shape)
    for c, (a, b) in enumerate(pairwise(first)):
        own = columns[a:b]
        root = np.linalg.cholesky(covariance[np.ix_(own, own)])
        _fill_factors(rows[a:b], np.ascontiguousarray(root), near[c], far[c])
    sd = np.sqrt(np.diag(covariance))

    def step_at(mean: Floats) -> tuple[Floats, float]:
        """Return the step from a mean, and the size of the expected gradient there."""
        gradient = -(mean - program.prior_mean) / program.prior_sd**2
        _add_expected_scores(rows, first, columns, counts, mean, of_channel, near, far, gradient)
        step = covariance @ gradient
        return step, float(gradient @ step)

    mean = mode
    step, left = step_at(mean)
    for _ in range(_MAX_STEPS):
        share = 1.0
        while True:
            trial = mean + share * step
            onward, after = step_at(trial)
            if after <= left or share < _SMALLEST:
                break
            share /= 2
        size = float(np.abs(share * step / sd).max())
        mean, step, left = trial, onward, after
        if size < tolerance:
            return mean
    raise FitError(Fault("not_converged", "fit", hint="wide_prior", steps=_MAX_STEPS, size=size))


@compiled
def _fill_factors(design: Floats, root: Floats, near: Floats, far: Floats) -> None:
    """Fill in what the rate of each day is multiplied by at the inner and at the outer node above its mean.

    Parameters
    ----------
    design : ndarray of shape (k, day)
    root : ndarray of shape (k, k)
        Lower triangular; times its transpose it is the covariance of the channel's coefficients.
    near, far : ndarray of shape (day,)
    """
    k, days = design.shape
    part, variance, bits = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK, np.int64)
    inner, outer = np.empty(BLOCK), np.empty(BLOCK)
    for start in range(0, days, BLOCK):
        n = min(BLOCK, days - start)
        variance[:] = 0.0
        for j in range(k):
            part[:] = 0.0
            for i in range(j, k):
                feature, factor = design[i, start : start + n], root[i, j]
                for t in range(n):
                    part[t] += factor * feature[t]
            for t in range(BLOCK):
                variance[t] += part[t] * part[t]
        for t in range(BLOCK):
            sd = np.sqrt(variance[t])
            inner[t], outer[t] = _NEAR * sd, _FAR * sd
        exponentials(inner, bits)
        exponentials(outer, bits)
        for t in range(n):
            near[start + t], far[start + t] = inner[t], outer[t]


@compiled
def _add_expected_scores(
    design: Floats,
    first: Ints,
    columns: Ints,
    counts: Floats,
    mean: Floats,
    alpha: Floats,
    near: Floats,
    far: Floats,
    gradient: Floats,
) -> None:
    """Add the gradient of each channel's log likelihood, expected over the normal law of its coefficients."""
    days = counts.shape[1]
    rate, slope, bits = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK, np.int64)
    for c in range(len(counts)):
        own, a = columns[first[c] : first[c + 1]], alpha[c]
        part, total = np.zeros((len(own), BLOCK)), np.zeros(len(own))
        for start in range(0, days, BLOCK):
            n = min(BLOCK, days - start)
            rate[:] = 0.0
            for i in range(len(own)):
                feature, mine, factor = design[first[c] + i, start : start + n], part[i], mean[own[i]]
                for t in range(n):
                    mine[t] = feature[t]
                    rate[t] += factor * feature[t]
            exponentials(rate, bits)
            y, up, far_up = (
                counts[c, start : start + n],
                near[c, start : start + n],
                far[c, start : start + n],
            )
            for t in range(n):
                # the expectation of 1 / (1 + alpha mu), of which the slope is linear
                mu = a * rate[t]
                inner = 1 / (1 + mu * up[t]) + up[t] / (up[t] + mu)
                outer = 1 / (1 + mu * far_up[t]) + far_up[t] / (far_up[t] + mu)
                slope[t] = (y[t] * a + 1) * (_MIDDLE / (1 + mu) + _INNER * inner + _OUTER * outer) - 1
            for t in range(n, BLOCK):
                slope[t] = 0.0  # what is left of the block adds nothing
            add_products(part, slope, total)
        for i in range(len(own)):
            gradient[own[i]] += total[i] / a
