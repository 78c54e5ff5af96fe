"""Fit a program: penalised negative-binomial likelihood by Newton, and its Laplace posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.base.errors import Fault, FitError
from detente.base.random import Stream, generator
from detente.base.store import Arrays, key_of
from detente.base.tables import Tables, heading, table_of
from detente.model.likelihood import DISPERSION_PRIOR, Likelihood
from detente.model.posterior_mean import posterior_mean
from detente.model.program import Design, Program
from detente.model.stability import LAST_YEAR, spectral_radius

_MAX_STEPS = 200
_OF_MEAN = 0.01  # of the tolerance: the last step to the mean, which converges by steps of a tenth and less
TOLERANCE = 1e-6  # of the last step, in posterior standard deviations; what is left is a twentieth of it


class Fitted(Protocol):
    """What a fit gives to those who use it: one `Posterior`, or several averaged over a grid of clocks."""

    @property
    def program(self) -> Program:
        """The program fitted; of several, the one with most mass."""

    @property
    def mode(self) -> Floats:
        """Coefficients of the highest density, shape (coefficient,): where a rate of one number stands."""

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

    @property
    def spectral_radius_last_year(self) -> float:
        """The same at the mean memories and rates of the last year of the fit."""

    def draws(self, count: int, seed: int) -> Draws:
        """Draw coefficients and log dispersions; see `Posterior.draws`."""


def coefficient_table(fitted: Fitted) -> pl.DataFrame:
    """Return the coefficients of a fit, one row each: prior and posterior mean and standard deviation."""
    columns: dict[str, type] = dict.fromkeys(("mechanism", "term", "channels"), str)
    columns |= dict.fromkeys(("prior_mean", "prior_sd", "mean", "sd"), float)
    pairs = zip(fitted.program.coefficients, fitted.mean, fitted.sd, strict=True)
    rows = (
        (c.mechanism, c.term, "; ".join(c.channels), c.prior.mean, c.prior.sd, float(mean), float(sd))
        for c, mean, sd in pairs
    )
    return table_of(columns, rows)


@dataclass(frozen=True)
class Posterior(Tables):
    """Normal approximation to the posterior of coefficients and log dispersions.

    Attributes
    ----------
    mode : ndarray of shape (coefficient,)
        Of the highest density. Rates there add up to about the acts seen, so a rate of one number stands there.
    mean : ndarray of shape (coefficient,)
        Of the normal law, which draws come from: rates that are expected over it add up to about the acts seen; see
        `posterior_mean`.
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
    mode: Floats
    mean: Floats
    precision: Floats
    log_alpha_mean: Floats
    log_alpha_sd: Floats
    log_posterior: float
    log_likelihood: float
    log_evidence: float
    steps: int
    step_size: float
    tables = ("coefficients",)

    def _about(self) -> str:
        return heading(self.program.as_of, coefficients=len(self.mean), radius=self.spectral_radius)

    def _table(self, name: str) -> pl.DataFrame:
        return coefficient_table(self)

    @cached_property
    def covariance(self) -> Floats:
        """Posterior covariance of the coefficients, shape (coefficient, coefficient)."""
        return self._root @ self._root.T

    @cached_property
    def _root(self) -> Floats:
        """The upper triangle whose product with its transpose is the covariance, shape (coefficient, coefficient)."""
        return np.asarray(np.linalg.inv(np.linalg.cholesky(self.precision).T))

    @property
    def sd(self) -> Floats:
        """Posterior standard deviations, shape (coefficient,)."""
        return np.sqrt(np.diag(self.covariance))

    def draws(self, count: int, seed: int) -> Draws:
        """Draw coefficients and log dispersions; the first draws are the same however many are made."""
        return Draws(*self.at(*noise(self.program, count, seed)), ((self, np.arange(count)),), seed)

    def at(self, z: Floats, w: Floats) -> tuple[Floats, Floats]:
        """Return the draws that normal numbers point at, of shapes (future, coefficient) and (future, class)."""
        # a matrix product's last digit depends on its size
        beta = self.mean + np.einsum("fk,ck->fc", z, self._root)
        return beta, self.log_alpha_mean + self.log_alpha_sd * w

    @cached_property
    def spectral_radius(self) -> float:
        """Largest absolute eigenvalue of the feedback matrix at the mode: below one, bursts die out."""
        return spectral_radius(self.program, self.mode)

    @cached_property
    def spectral_radius_last_year(self) -> float:
        """The same at the mean memories and rates of the last year of the fit: how bursts feed themselves now."""
        return spectral_radius(self.program, self.mode, last=LAST_YEAR)


_NUMBERS = tuple(field.name for field in fields(Posterior) if field.name != "program")


@dataclass(frozen=True)
class Draws:
    """Draws from a fit, made once and handed to whatever runs futures on them.

    Attributes
    ----------
    beta, log_alpha : ndarray of shape (future, coefficient) and (future, class)
    parts : tuple of (Posterior, future rows)
        What each future is drawn from: one part for each point of a grid of clocks that some future fell to.
    seed : int
    """

    beta: Floats
    log_alpha: Floats
    parts: tuple[tuple[Posterior, Ints], ...]
    seed: int

    @property
    def program(self) -> Program:
        """One of the programs; layout and acts are the same in all."""
        return self.parts[0][0].program

    def copied(self, copies: int) -> Draws:
        """Return the same draws, each for so many futures in a row."""
        offsets = np.arange(copies)
        parts = tuple((part, (rows[:, None] * copies + offsets).ravel()) for part, rows in self.parts)
        beta, log_alpha = np.repeat(self.beta, copies, axis=0), np.repeat(self.log_alpha, copies, axis=0)
        return Draws(beta, log_alpha, parts, self.seed)


def noise(program: Program, futures: int, seed: int) -> tuple[Floats, Floats]:
    """Return the standard normal numbers behind a draw, of shapes (future, coefficient) and (future, class)."""
    z, w = generator(seed, Stream.COEFFICIENTS), generator(seed, Stream.DISPERSIONS)
    sizes = len(program.coefficients), len(program.classes)
    return z.standard_normal((futures, sizes[0])), w.standard_normal((futures, sizes[1]))


def fit(
    program: Program,
    *,
    start: Posterior | None = None,
    tolerance: float = TOLERANCE,
    design: Design | None = None,
) -> Posterior:
    """Fit a program to its history, or return the fit that its store keeps of the same numbers.

    ``log p(y | beta, alpha) + log p(beta) + log p(log alpha)`` is maximised by Newton steps with step halving; the
    posterior is normal with the expected information at the mode (Laplace), around a mean corrected for its skew.

    Parameters
    ----------
    program : Program
    start : Posterior, optional
        A fit of much the same program, such as one of a quarter earlier: coefficients of the same name start where it
        ended, which saves steps and changes the result by no more than the tolerance.
    tolerance : float
        Size of the last Newton step, in posterior standard deviations, at which to stop.
    design : Design, optional
        The program's own, if the caller has it from another fit of the same terms.

    Returns
    -------
    Posterior

    Raises
    ------
    FitError
        If the iteration does not converge.
    ValueError
        If the design is not the program's own: the fit would be kept, and found again, as the program's.

    Notes
    -----
    Every coefficient is on the log-rate scale: a mean of .4 multiplies the daily expected count by ``exp(.4) = 1.5``
    for each unit of its feature. Sources: [fokianos2011], [vanniekerk2024].
    """
    if design is not None and not program.owns(design):
        raise ValueError("design must be the program's own")
    beta, log_alpha = _first_values(program, start)
    store, key = program.store, ""
    if store.folder is not None:
        key = _digest_of(program, beta, log_alpha, np.array([start is None, tolerance]))
        found = posteriors_of([program], store.arrays("fit", key))
        if found:
            return found[0]
    problem = Likelihood(program, design)
    if start is None:
        beta[: len(program.layout.channels)] = problem.start_intercepts(beta)
    posterior = _newton(program, problem, beta, log_alpha, tolerance)
    store.keep_arrays("fit", key, numbers_of([posterior]))
    return posterior


def numbers_of(posteriors: Sequence[Posterior]) -> Arrays:
    """Return the numbers of fits by name, each stacked over the fits: all of them but their programs."""
    return {name: np.array([getattr(posterior, name) for posterior in posteriors]) for name in _NUMBERS}


def posteriors_of(programs: Sequence[Program], numbers: Arrays | None) -> tuple[Posterior, ...]:
    """Return fits of programs from their numbers; none if they are not of these programs."""
    if numbers is None or set(numbers) != set(_NUMBERS):
        return ()
    if any(len(values) != len(programs) for values in numbers.values()):
        return ()
    if numbers["mean"].shape[1:] != (len(programs[0].coefficients),):
        return ()
    rows = zip(*(_rows(numbers[name]) for name in _NUMBERS), strict=True)
    return tuple(Posterior(program, *row) for program, row in zip(programs, rows, strict=True))


def _rows(values: npt.NDArray[Any]) -> list[Any]:
    """Return the rows of an array, as plain numbers where each is one."""
    return list(values) if values.ndim > 1 else values.tolist()


def _digest_of(program: Program, *more: Floats) -> str:
    """Return the digest of all that a fit is computed from."""
    total = sha256(repr((program.terms, program.channel_class.tolist(), program.classes)).encode())
    for array in (
        program.history.counts,
        *program.history.atom_rows,
        program.prior_mean,
        program.prior_sd,
        *more,
    ):
        total.update(np.ascontiguousarray(array).data)
    return key_of({"fit": total.hexdigest()})


def _first_values(program: Program, start: Posterior | None) -> tuple[Floats, Floats]:
    """Return the coefficients and the log dispersions that the iteration starts from; see `fit`."""
    beta, log_alpha = program.prior_mean, np.full(len(program.classes), DISPERSION_PRIOR[0])
    if start is None:
        return beta, log_alpha
    ended = {(c.mechanism, c.term): m for c, m in zip(start.program.coefficients, start.mode, strict=True)}
    names = [(c.mechanism, c.term) for c in program.coefficients]
    beta = np.array([ended.get(name, b) for name, b in zip(names, beta, strict=True)])
    if start.program.classes == program.classes:
        log_alpha = start.log_alpha_mean.copy()
    return beta, log_alpha


def _newton(
    program: Program, problem: Likelihood, beta: Floats, log_alpha: Floats, tolerance: float
) -> Posterior:
    """Iterate from coefficients and log dispersions; see `fit`."""
    here = problem.evaluate(beta, log_alpha)
    size, steps = np.inf, 0
    for _ in range(_MAX_STEPS):
        steps += 1
        move = np.linalg.solve(here.information, here.gradient)
        alpha_move = here.alpha_gradient / here.alpha_curvature
        size = float(max((np.abs(move) * np.sqrt(np.diag(here.information))).max(), np.abs(alpha_move).max()))
        scale = 1.0
        while True:  # the last step ends with what is reported: the expected information
            trial = problem.evaluate(
                beta + scale * move, log_alpha + scale * alpha_move, expected=size < tolerance
            )
            if trial.value >= here.value - 1e-10 * abs(here.value) or scale < 1e-6:
                break
            scale /= 2
        beta, log_alpha, here = beta + scale * move, log_alpha + scale * alpha_move, trial
        if size < tolerance:
            break
    else:
        raise FitError(Fault("not_converged", "fit", hint="wide_prior", steps=_MAX_STEPS, size=size))
    _, log_det = np.linalg.slogdet(here.information)
    dimensions = len(beta) + len(log_alpha)
    log_evidence = (
        here.value
        + 0.5 * dimensions * np.log(2 * np.pi)
        - 0.5 * (log_det + np.log(here.alpha_curvature).sum())
    )
    mean = posterior_mean(
        program,
        beta,
        np.asarray(np.linalg.inv(here.information)),
        np.exp(log_alpha),
        design=(problem.columns, problem.first, problem.design),
        tolerance=tolerance * _OF_MEAN,
    )
    return Posterior(
        program,
        beta,
        mean,
        here.information,
        log_alpha,
        1 / np.sqrt(here.alpha_curvature),
        here.value,
        here.log_likelihood,
        float(log_evidence),
        steps,
        size,
    )
