"""Fit a program: penalised negative-binomial likelihood by Newton, and its Laplace posterior."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import digamma, gammaln, polygamma

from detente.errors import Fault, FitError
from detente.program import Floats, Ints, Program
from detente.stability import spectral_radius

DISPERSION_PRIOR = (np.log(0.5), 0.5)  # mean and sd of log alpha: 0.19 to 1.3 with 95 %
_MAX_STEPS = 200
TOLERANCE = 1e-9  # of the Newton step, in posterior standard deviations


class Fitted(Protocol):
    """What a fit gives to those who use it: one `Posterior`, or several averaged over a grid of clocks."""

    @property
    def program(self) -> Program:
        """The program fitted; of several, the one with most mass."""

    @property
    def mean(self) -> Floats:
        """Posterior means of the coefficients, shape (coefficient,)."""

    @property
    def sd(self) -> Floats:
        """Posterior standard deviations, shape (coefficient,)."""

    @property
    def log_alpha_mean(self) -> Floats:
        """Means of the log dispersions, shape (class,)."""

    @property
    def log_alpha_sd(self) -> Floats:
        """Standard deviations of the log dispersions, shape (class,)."""

    @property
    def log_likelihood(self) -> float:
        """Log likelihood at the mode, in nats."""

    @property
    def log_evidence(self) -> float:
        """Laplace approximation to the log marginal likelihood."""

    @property
    def steps(self) -> int:
        """Newton steps taken."""

    @property
    def spectral_radius(self) -> float:
        """Largest absolute eigenvalue of the feedback matrix at the mode."""

    def draw(self, futures: int, seed: int) -> tuple[Floats, Floats]:
        """Draw coefficients and log dispersions, one row per future; see `Posterior.draw`."""

    def parts(self, futures: int, seed: int) -> list[tuple[Posterior, Ints]]:
        """Return the posteriors that futures are drawn from, each with the futures that are its own."""


@dataclass(frozen=True)
class Posterior:
    """Normal approximation to the posterior of coefficients and log dispersions.

    Attributes
    ----------
    mean : ndarray of shape (coefficient,)
        Posterior mode.
    precision : ndarray of shape (coefficient, coefficient)
        Expected information plus prior precision at the mode.
    log_alpha_mean, log_alpha_sd : ndarray of shape (class,)
        Log dispersion per class: the count's variance is ``mu + alpha * mu ** 2``.
    log_posterior : float
        Log likelihood plus log prior density at the mode.
    log_likelihood : float
        Log likelihood at the mode, in nats.
    log_evidence : float
        Laplace approximation to the log marginal likelihood.
    steps : int
        Newton steps taken.
    step_size : float
        Size of the last Newton step in posterior standard deviations: the convergence check.
    """

    program: Program
    mean: Floats
    precision: Floats
    log_alpha_mean: Floats
    log_alpha_sd: Floats
    log_posterior: float
    log_likelihood: float
    log_evidence: float
    steps: int
    step_size: float

    @cached_property
    def covariance(self) -> Floats:
        """Posterior covariance of the coefficients, shape (coefficient, coefficient)."""
        return np.asarray(cho_solve(cho_factor(self.precision, lower=True), np.eye(len(self.mean))))

    @property
    def sd(self) -> Floats:
        """Posterior standard deviations, shape (coefficient,)."""
        return np.sqrt(np.diag(self.covariance))

    def draw(self, futures: int, seed: int) -> tuple[Floats, Floats]:
        """Draw coefficients and log dispersions, one row per future.

        The first rows are the same however many are drawn.

        Returns
        -------
        beta : ndarray of shape (future, coefficient)
        log_alpha : ndarray of shape (future, class)
        """
        return self.at(*noise(self.program, futures, seed))

    def at(self, z: Floats, w: Floats) -> tuple[Floats, Floats]:
        """Return the draws that normal numbers point at, of shapes (future, coefficient) and (future, class)."""
        upper = np.linalg.cholesky(self.precision).T
        beta = self.mean + solve_triangular(upper, z.T, lower=False).T
        return beta, self.log_alpha_mean + self.log_alpha_sd * w

    def parts(self, futures: int, seed: int) -> list[tuple[Posterior, Ints]]:
        """Return this posterior with every future: there is no other to draw from."""
        return [(self, np.arange(futures))]

    @cached_property
    def spectral_radius(self) -> float:
        """Largest absolute eigenvalue of the feedback matrix at the mode: below one, bursts die out."""
        return spectral_radius(self.program, self.mean)


def noise(program: Program, futures: int, seed: int) -> tuple[Floats, Floats]:
    """Return the standard normal numbers behind a draw, of shapes (future, coefficient) and (future, class)."""
    z, w = (np.random.Generator(np.random.Philox(key=[seed, stream])) for stream in (0, 1))
    sizes = len(program.coefficients), len(program.classes)
    return z.standard_normal((futures, sizes[0])), w.standard_normal((futures, sizes[1]))


def fit(program: Program, *, start: Posterior | None = None, tolerance: float = TOLERANCE) -> Posterior:
    """Fit a program to its history.

    ``log p(y | beta, alpha) + log p(beta) + log p(log alpha)`` is maximised by Newton steps with step halving; the
    posterior is normal around the mode with the expected information (Laplace).

    Parameters
    ----------
    program : Program
    start : Posterior, optional
        A fit of much the same program, such as one of a quarter earlier: coefficients of the same name start where it
        ended, which saves steps and changes the result by no more than the tolerance.
    tolerance : float
        Size of the last Newton step, in posterior standard deviations, at which to stop.

    Returns
    -------
    Posterior

    Raises
    ------
    FitError
        If the iteration does not converge.

    Notes
    -----
    Every coefficient is on the log-rate scale: a mean of .4 multiplies the daily expected count by ``exp(.4) = 1.5``
    for each unit of its feature. Source: [fokianos2011].
    """
    problem = Likelihood(program)
    beta = program.prior_mean
    log_alpha = np.full(len(program.classes), DISPERSION_PRIOR[0])
    if start is None:
        beta[: len(program.layout.channels)] = problem.start_intercepts(beta)
    else:
        ended = {
            (c.mechanism, c.term): m for c, m in zip(start.program.coefficients, start.mean, strict=True)
        }
        names = [(c.mechanism, c.term) for c in program.coefficients]
        beta = np.array([ended.get(name, b) for name, b in zip(names, beta, strict=True)])
        if start.program.classes == program.classes:
            log_alpha = start.log_alpha_mean.copy()
    value = problem.log_posterior(beta, log_alpha)
    size, steps = np.inf, 0
    for _ in range(_MAX_STEPS):
        steps += 1
        gradient, information, _ = problem.derivatives(beta, log_alpha)
        factor = cho_factor(information, lower=True)
        move = cho_solve(factor, gradient)
        alpha_gradient, alpha_curvature = problem.dispersion_derivatives(beta, log_alpha)
        alpha_move = alpha_gradient / alpha_curvature
        size = float(max((np.abs(move) * np.sqrt(np.diag(information))).max(), np.abs(alpha_move).max()))
        if size < tolerance:
            break
        scale = 1.0
        while True:
            trial = problem.log_posterior(beta + scale * move, log_alpha + scale * alpha_move)
            if trial >= value - 1e-10 * abs(value) or scale < 1e-6:
                break
            scale /= 2
        beta, log_alpha, value = beta + scale * move, log_alpha + scale * alpha_move, trial
    else:
        hint = (
            "Look for a channel without acts and with a very wide prior, or for two terms that say the same."
        )
        raise FitError(
            Fault(
                "fit", f"must converge within {_MAX_STEPS} steps", got=f"last step {size:.2g} sd", hint=hint
            )
        )
    _, information, log_likelihood = problem.derivatives(beta, log_alpha, expected=True)
    _, alpha_curvature = problem.dispersion_derivatives(beta, log_alpha)
    _, log_det = np.linalg.slogdet(information)
    dimensions = len(beta) + len(log_alpha)
    log_evidence = (
        value + 0.5 * dimensions * np.log(2 * np.pi) - 0.5 * (log_det + np.log(alpha_curvature).sum())
    )
    return Posterior(
        program,
        beta,
        information,
        log_alpha,
        1 / np.sqrt(alpha_curvature),
        value,
        log_likelihood,
        float(log_evidence),
        steps,
        size,
    )


class Likelihood:
    """The penalised likelihood of a program, with its derivatives; one dense design per channel."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.prior_mean, self.prior_sd = program.prior_mean, program.prior_sd
        self.class_of = program.channel_class
        self.counts = program.history.counts.astype(float)
        self.busy: list[Ints] = [np.flatnonzero(row) for row in program.history.counts]
        self.designs = program.designs()
        self._kept: tuple[bytes, list[Floats]] = (b"", [])

    def start_intercepts(self, prior_mean: Floats) -> Floats:
        """Return intercepts that reproduce each channel's total at the prior mean of the rest, shape (channel,)."""
        out = np.empty(len(self.designs))
        for c, (columns, design) in enumerate(self.designs):
            rest = design @ prior_mean[columns] - prior_mean[columns[0]]
            out[c] = np.log((self.counts[c].sum() + 0.5) / np.exp(rest).sum())
        return out

    def rates(self, beta: Floats) -> list[Floats]:
        """Return the expected count of each channel on every fitted day: a list of arrays of shape (day,).

        The last answer is kept, because one step asks three times.
        """
        key = beta.tobytes()
        if self._kept[0] != key:
            etas = (np.clip(design @ beta[columns], -50, 50) for columns, design in self.designs)
            self._kept = key, [np.exp(eta) for eta in etas]
        return self._kept[1]

    def log_posterior(self, beta: Floats, log_alpha: Floats) -> float:
        """Log likelihood plus log prior density, in nats."""
        value = (
            -0.5
            * (((beta - self.prior_mean) / self.prior_sd) ** 2 + np.log(2 * np.pi * self.prior_sd**2)).sum()
        )
        mean, sd = DISPERSION_PRIOR
        value += -0.5 * (((log_alpha - mean) / sd) ** 2 + np.log(2 * np.pi * sd**2)).sum()
        for c, mu in enumerate(self.rates(beta)):
            value += self._log_likelihood(c, mu, np.exp(log_alpha[self.class_of[c]]))
        return float(value)

    def _log_likelihood(self, c: int, mu: Floats, alpha: float) -> float:
        days, r = self.busy[c], 1 / alpha
        y, m = self.counts[c, days], mu[days]
        quiet = (
            -r * np.log1p(alpha * mu).sum()
        )  # every day's zero term; the busy days' counts are added to it
        return float(
            quiet
            + (gammaln(y + r) - gammaln(r) - gammaln(y + 1) + y * np.log(alpha * m / (1 + alpha * m))).sum()
        )

    def derivatives(
        self, beta: Floats, log_alpha: Floats, *, expected: bool = False
    ) -> tuple[Floats, Floats, float]:
        """Return the gradient of the log posterior in beta, minus its Hessian (or expectation), and the likelihood."""
        gradient = -(beta - self.prior_mean) / self.prior_sd**2
        information = np.diag(1 / self.prior_sd**2)
        value = 0.0
        rates = self.rates(beta)
        for c, (columns, design) in enumerate(self.designs):
            mu, alpha, y = rates[c], np.exp(log_alpha[self.class_of[c]]), self.counts[c]
            spread = 1 + alpha * mu
            curvature = mu / spread if expected else mu * (1 + alpha * y) / spread**2
            gradient[columns] += design.T @ ((y - mu) / spread)
            information[np.ix_(columns, columns)] += _weighted_square(design, curvature)
            if expected:
                value += self._log_likelihood(c, mu, alpha)
        return gradient, information, value

    def dispersion_derivatives(self, beta: Floats, log_alpha: Floats) -> tuple[Floats, Floats]:
        """Return the gradient in log alpha and a positive curvature, shape (class,) each."""
        mean, sd = DISPERSION_PRIOR
        gradient, curvature = -(log_alpha - mean) / sd**2, np.full(len(log_alpha), 1 / sd**2)
        for c, mu in enumerate(self.rates(beta)):
            k, days = self.class_of[c], self.busy[c]
            r = float(np.exp(-log_alpha[k]))
            y, m = self.counts[c, days], mu[days]
            first = (mu / (r + mu) - np.log1p(mu / r)).sum() + (
                digamma(y + r) - digamma(r) - y / (r + m)
            ).sum()
            second = (1 / r - 1 / (r + mu) - mu / (r + mu) ** 2).sum()
            second += (polygamma(1, y + r) - polygamma(1, r) + y / (r + m) ** 2).sum()
            gradient[k] -= r * first
            curvature[k] -= r * r * second + r * first
        # the likelihood may curve upwards far from the mode; the prior's curvature is then the safe step
        return gradient, np.maximum(curvature, 1 / sd**2)


def _weighted_square(design: Floats, weight: Floats, block: int = 2048) -> Floats:
    """Return ``design.T @ diag(weight) @ design``, by blocks of days that stay in the processor's cache."""
    out = np.zeros((design.shape[1], design.shape[1]))
    for first in range(0, len(design), block):
        part = design[first : first + block]
        out += (part.T * weight[first : first + block]) @ part
    return out
