"""The penalised likelihood of a program: one compiled sweep over the days of a channel gives all that a step needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled
from detente.model.program import Program

DISPERSION_PRIOR = (np.log(0.5), 0.5)  # mean and sd of log alpha: 0.19 to 1.3 with 95 %
_BLOCK = 1024  # days at once: what fits the processor's cache
_FARTHEST = 40.0  # log rates are cut off here, so that a product of sixteen of them is still a number


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The log posterior at one point, with its derivatives.

    Attributes
    ----------
    value, log_likelihood : float
        In nats.
    gradient : ndarray of shape (coefficient,)
    information : ndarray of shape (coefficient, coefficient)
        Minus the Hessian in the coefficients, or its expectation, the prior's precision included.
    alpha_gradient, alpha_curvature : ndarray of shape (class,)
        Gradient in log alpha, and a positive curvature.
    """

    value: float
    log_likelihood: float
    gradient: Floats
    information: Floats
    alpha_gradient: Floats
    alpha_curvature: Floats


class Likelihood:
    """The penalised likelihood of a program; one dense design per channel."""

    def __init__(self, program: Program) -> None:
        self.prior_mean, self.prior_sd = program.prior_mean, program.prior_sd
        self.class_of = program.channel_class
        self.counts = program.history.counts.astype(float)
        self.busy: list[Ints] = [np.flatnonzero(row) for row in program.history.counts]
        self.designs = [(columns, design.T) for columns, design in program.designs()]  # rows are contiguous

    def start_intercepts(self, prior_mean: Floats) -> Floats:
        """Return intercepts that reproduce each channel's total at the prior mean of the rest, shape (channel,)."""
        out = np.empty(len(self.designs))
        for c, (columns, design) in enumerate(self.designs):
            rest = prior_mean[columns] @ design - prior_mean[columns[0]]
            out[c] = np.log((self.counts[c].sum() + 0.5) / np.exp(rest).sum())
        return out

    def log_posterior(self, beta: Floats, log_alpha: Floats) -> float:
        """Log likelihood plus log prior density, in nats."""
        return self.evaluate(beta, log_alpha).value

    def evaluate(self, beta: Floats, log_alpha: Floats, *, expected: bool = False) -> Evaluation:
        """Return the log posterior with its derivatives.

        Parameters
        ----------
        beta : ndarray of shape (coefficient,)
        log_alpha : ndarray of shape (class,)
        expected : bool
            Whether the information is to be expected over counts rather than observed.
        """
        gradient = -(beta - self.prior_mean) / self.prior_sd**2
        information = np.diag(1 / self.prior_sd**2)
        mean, sd = DISPERSION_PRIOR
        alpha_gradient, alpha_curvature = -(log_alpha - mean) / sd**2, np.full(len(log_alpha), 1 / sd**2)
        prior = (
            -0.5
            * (((beta - self.prior_mean) / self.prior_sd) ** 2 + np.log(2 * np.pi * self.prior_sd**2)).sum()
        )
        prior += -0.5 * (((log_alpha - mean) / sd) ** 2 + np.log(2 * np.pi * sd**2)).sum()
        log_likelihood = 0.0
        for c, (columns, design) in enumerate(self.designs):
            k, days = self.class_of[c], self.busy[c]
            r = float(np.exp(-log_alpha[k]))
            mu, slope, square, (logs, first, second) = sweep(
                design, beta[columns], self.counts[c], 1 / r, expected
            )
            gradient[columns] += slope
            information[np.ix_(columns, columns)] += square
            y, m = self.counts[c, days], mu[days]
            # every day's zero term; the busy days' counts are added to it
            log_likelihood += float(
                -r * logs + (gammaln(y + r) - gammaln(r) - gammaln(y + 1) + y * np.log(m / (r + m))).sum()
            )
            first += float((digamma(y + r) - digamma(r) - y / (r + m)).sum())
            second += float((polygamma(1, y + r) - polygamma(1, r) + y / (r + m) ** 2).sum())
            alpha_gradient[k] -= r * first
            alpha_curvature[k] -= r * r * second + r * first
        # the likelihood may curve upwards far from the mode; the prior's curvature is then the safe step
        return Evaluation(
            float(prior) + log_likelihood,
            log_likelihood,
            gradient,
            information,
            alpha_gradient,
            np.maximum(alpha_curvature, 1 / sd**2),
        )


@compiled
def sweep(
    design: Floats, beta: Floats, counts: Floats, alpha: float, expected: bool
) -> tuple[Floats, Floats, Floats, tuple[float, float, float]]:
    """Run over the days of one channel.

    Parameters
    ----------
    design : ndarray of shape (k, day)
    beta : ndarray of shape (k,)
    counts : ndarray of shape (day,)
    alpha : float
    expected : bool

    Returns
    -------
    mu : ndarray of shape (day,)
    gradient : ndarray of shape (k,)
    information : ndarray of shape (k, k)
    sums : tuple of float
        Over days, with ``r = 1 / alpha``: ``log1p(alpha mu)``; ``mu / (r + mu) - log1p(alpha mu)``; and
        ``1 / r - 1 / (r + mu) - mu / (r + mu) ** 2``.
    """
    k, days = design.shape
    mu, gradient, information = np.empty(days), np.zeros(k), np.zeros((k, k))
    logs, first, second = 0.0, 0.0, 0.0
    r = 1 / alpha
    part, weighted = np.empty((k, _BLOCK)), np.empty((k, _BLOCK))
    slope, curve = np.empty(_BLOCK), np.empty(_BLOCK)
    for start in range(0, days, _BLOCK):
        n = min(_BLOCK, days - start)
        slope[:] = 0.0
        for i in range(k):
            for t in range(n):
                part[i, t] = design[i, start + t]
                slope[t] += beta[i] * part[i, t]
            part[i, n:] = 0.0
        curve[n:] = 0.0
        product = 1.0
        for t in range(n):
            m = np.exp(min(max(slope[t], -_FARTHEST), _FARTHEST))
            y = counts[start + t]
            spread = 1 + alpha * m
            mu[start + t] = m
            slope[t] = (y - m) / spread
            curve[t] = m / spread if expected else m * (1 + alpha * y) / (spread * spread)
            product *= spread  # one logarithm for sixteen days
            if t % 16 == 15:
                logs += np.log(product)
                product = 1.0
            inverse = 1 / (r + m)
            first += m * inverse
            second += alpha - inverse - m * inverse * inverse
        logs += np.log(product)
        for i in range(k):
            for t in range(_BLOCK):
                weighted[i, t] = part[i, t] * curve[t]
        gradient += part @ slope
        information += weighted @ part.T
    return mu, gradient, information, (logs, first - logs, second)
