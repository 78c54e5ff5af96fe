"""Clocks: half-lives weighed by their evidence on a small grid, and how far the events can tell them apart."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.base.random import Stream, generator
from detente.base.tables import Tables, heading
from detente.base.workers import Threads
from detente.model.clock_prior import log_prior_mass
from detente.model.compiler import Shared, assemble, assemble_all
from detente.model.fit import Draws, Posterior, coefficient_table, fit, noise
from detente.model.known import Known
from detente.model.mechanisms import mechanism_registry
from detente.model.program import Program

USUAL_GRID = {
    "fast": (7.0, 14.0, 21.0, 30.0),
    "slow": (90.0, 180.0, 365.0, 730.0),
    "generational": (3652.0, 7305.0, 14610.0),
}
_EVIDENCE_TOLERANCE = (
    0.1  # posterior sds of the last step: what is left of it moves a log evidence by less than .01
)
_AGAINST = -3.0  # nats below the best from which the evidence speaks against a half-life
_TOLD_APART = 1.0  # nats between the best and the worst half-life below which events say nothing


@dataclass(frozen=True, slots=True)
class ProfilePoint:
    """One half-life of one clock: prior and posterior mass, and log evidence below the best in nats.

    `profile` takes the best values of the other clocks, `log_evidence` averages over them.
    """

    days: float
    prior: float
    mass: float
    profile: float
    log_evidence: float


@dataclass(frozen=True, slots=True)
class Identified:
    """How well events identify the half-life of one clock.

    Attributes
    ----------
    clock : str
    best : float
        Half-life with the highest evidence, in days.
    spread : float
        Log evidence of the best above that of the worst tried, in nats.
    against : tuple of float
        Half-lives that the evidence speaks against.
    at_edge : bool
        Whether the best is the first or the last of the grid.
    tried : int
        Half-lives tried; 1 if the clock is fixed.
    """

    clock: str
    best: float
    spread: float
    against: tuple[float, ...]
    at_edge: bool
    tried: int

    @property
    def verdict(self) -> str:
        """Return fixed, not identified, or identified."""
        if self.tried == 1:
            return "fixed"
        return "identified" if self.spread >= _TOLD_APART else "not identified"


@dataclass(frozen=True)
class ClockFit(Tables):
    """The fits of one argument on a grid of half-lives.

    Attributes
    ----------
    grid : dict of str to tuple of float
        Half-lives tried for each clock, in days.
    points : tuple of dict
        The half-lives of each grid point.
    posteriors : tuple of Posterior
        One fit per point.
    log_prior, evidence : ndarray of shape (point,)
        Log prior mass of each point's cell (up to a constant) and its log Laplace evidence, in nats.
    """

    grid: Mapping[str, tuple[float, ...]]
    points: tuple[Mapping[str, float], ...]
    posteriors: tuple[Posterior, ...]
    log_prior: Floats
    evidence: Floats
    tables = ("coefficients",)

    def _about(self) -> str:
        return heading(self.program.as_of, coefficients=len(self.mean), grid_points=len(self.points))

    def _table(self, name: str) -> pl.DataFrame:
        return coefficient_table(self)

    @cached_property
    def weights(self) -> Floats:
        """Posterior mass of each grid point, shape (point,)."""
        return _normalised(self.log_prior + self.evidence)

    @property
    def best(self) -> Posterior:
        """Posterior of the point with most mass."""
        return self.posteriors[int(np.argmax(self.weights))]

    @property
    def program(self) -> Program:
        """Program of the point with most mass."""
        return self.best.program

    @cached_property
    def mode(self) -> Floats:
        """Modes of the coefficients, averaged over the grid, shape (coefficient,)."""
        return np.asarray(self.weights @ np.array([p.mode for p in self.posteriors]))

    @cached_property
    def mean(self) -> Floats:
        """Posterior means of the coefficients, averaged over the grid, shape (coefficient,)."""
        return np.asarray(self.weights @ np.array([p.mean for p in self.posteriors]))

    @cached_property
    def sd(self) -> Floats:
        """Posterior standard deviations, the spread between grid points included, shape (coefficient,)."""
        means = np.array([p.mean for p in self.posteriors])
        within = self.weights @ np.array([p.sd**2 for p in self.posteriors])
        between = self.weights @ (means - self.mean) ** 2
        return np.asarray(np.sqrt(within + between))

    @cached_property
    def log_alpha_mean(self) -> Floats:
        """Means of the log dispersions, averaged over the grid, shape (class,)."""
        return np.asarray(self.weights @ np.array([p.log_alpha_mean for p in self.posteriors]))

    @cached_property
    def log_alpha_sd(self) -> Floats:
        """Standard deviations of the log dispersions, the spread between grid points included, shape (class,)."""
        means = np.array([p.log_alpha_mean for p in self.posteriors])
        within = self.weights @ np.array([p.log_alpha_sd**2 for p in self.posteriors])
        return np.asarray(np.sqrt(within + self.weights @ (means - self.log_alpha_mean) ** 2))

    @property
    def log_likelihood(self) -> float:
        """Log likelihood at the mode of the point with most mass, in nats."""
        return self.best.log_likelihood

    @property
    def log_posterior(self) -> float:
        """Log posterior density at the mode of the point with most mass."""
        return self.best.log_posterior

    @cached_property
    def log_evidence(self) -> float:
        """Log marginal likelihood averaged over the prior of the half-lives, in nats."""
        return _log_mean(self.evidence, self.log_prior)

    @property
    def steps(self) -> int:
        """Newton steps taken over the whole grid."""
        return sum(p.steps for p in self.posteriors)

    @property
    def spectral_radius(self) -> float:
        """Spectral radius at the mode of the point with most mass."""
        return self.best.spectral_radius

    @property
    def spectral_radius_last_year(self) -> float:
        """The same at the memories and rates of the last year of the fit."""
        return self.best.spectral_radius_last_year

    def draws(self, count: int, seed: int) -> Draws:
        """Draw half-lives for each future, then its coefficients and log dispersions at these; see `Posterior.draws`.

        The first futures fall to the same points of the grid however many are drawn.
        """
        u = generator(seed, Stream.HALF_LIVES).random(count)
        point = np.minimum(np.searchsorted(np.cumsum(self.weights), u, side="right"), len(self.weights) - 1)
        parts = tuple((self.posteriors[p], np.flatnonzero(point == p)) for p in np.unique(point))
        z, w = noise(self.program, count, seed)
        for posterior, rows in parts:
            z[rows], w[rows] = posterior.at(z[rows], w[rows])
        return Draws(z, w, parts, seed)

    def profile(self, clock: str) -> list[ProfilePoint]:
        """Return what the events say of one clock, in order of half-life."""
        at = np.array([point[clock] for point in self.points])
        prior = _normalised(self.log_prior)
        masks = [at == days for days in self.grid[clock]]
        averaged = [_log_mean(self.evidence[here], self.log_prior[here]) for here in masks]
        return [
            ProfilePoint(
                days,
                float(prior[here].sum()),
                float(self.weights[here].sum()),
                float(self.evidence[here].max() - self.evidence.max()),
                float(log_evidence - max(averaged)),
            )
            for days, here, log_evidence in zip(self.grid[clock], masks, averaged, strict=True)
        ]

    def identified(self, clock: str) -> Identified:
        """Return how well the events identify one clock."""
        points = self.profile(clock)
        best = max(points, key=lambda p: p.log_evidence)
        return Identified(
            clock,
            best.days,
            -min(p.log_evidence for p in points),
            tuple(p.days for p in points if p.log_evidence < _AGAINST),
            len(points) > 1 and best in (points[0], points[-1]),
            tried=len(points),
        )


@dataclass(frozen=True)
class ClockGrid:
    """The half-lives that an argument lets its clocks have.

    Attributes
    ----------
    half_lives : dict of str to tuple of float
        Those tried for each clock, in days; one for a clock that has no grid, or that nothing reads.
    points : tuple of dict
        Every combination of them, the last clock fastest.
    log_prior : ndarray of shape (point,)
        Log mass of each point's cell, up to a constant; see `clock_prior.log_prior_mass`.
    """

    half_lives: Mapping[str, tuple[float, ...]]
    points: tuple[Mapping[str, float], ...]
    log_prior: Floats

    def programs(self, argument: Argument, known: Known, shared: Shared) -> list[Program]:
        """Compile the argument at each point."""
        return assemble_all([at_clocks(argument, point) for point in self.points], known, shared)


def grid_of(argument: Argument) -> ClockGrid:
    """Return the grid of half-lives of an argument.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> len(grid_of(load_case("us-iran").argument).points)
    48
    """
    declared = argument.clocks.half_lives()
    grid: dict[str, tuple[float, ...]] = {clock: (days,) for clock, days in declared.items()}
    for clock, values in argument.clocks.grid.items():
        if clock in _read(argument):
            grid[clock] = tuple(sorted(set(values)))
    points = tuple(dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values()))
    mass = {clock: log_prior_mass(clock, declared[clock], values) for clock, values in grid.items()}
    cells = itertools.product(*mass.values())
    return ClockGrid(grid, points, np.array([sum(cell) for cell in cells]))


def fit_clocks(
    argument: Argument,
    known: Known,
    *,
    recipe: Callable[[Program], Program] = lambda program: program,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> ClockFit:
    """Fit an argument at every point of its grid of half-lives.

    Given clocks and dispersions the posterior of the coefficients is concave, so it has one mode; a grid visits every
    local optimum of the half-lives, where climbing would stop at the first. Fits start where one near by ended.

    Parameters
    ----------
    argument : Argument
        Its ``clocks.grid`` names the half-lives; a clock without one, or that nothing reads, stays as declared.
    known : Known
        What was known by as_of, laid on the argument's channels.
    recipe : callable
        Makes what is fitted of the program compiled at each point, such as the same with wider priors.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (done, total).

    Returns
    -------
    ClockFit

    Raises
    ------
    ArgumentError, FitError
        As `compile_argument` and `fit` do.
    """
    grid = grid_of(argument)
    programs = [recipe(program) for program in grid.programs(argument, known, Shared())]
    first = fit(programs[int(np.argmax(grid.log_prior))])
    # Points that differ in the last clock alone are near: each starts the next.
    length = len(list(grid.half_lives.values())[-1])
    lines = [programs[i : i + length] for i in range(0, len(programs), length)]

    def tell(done: int, _: int) -> None:
        if progress:
            progress(done * length, len(programs))

    fits = Threads(threads).map(partial(_fit_line, first), lines, progress=tell)
    posteriors = list(itertools.chain.from_iterable(fits))
    evidence = np.array([p.log_evidence for p in posteriors])
    return ClockFit(grid.half_lives, grid.points, tuple(posteriors), grid.log_prior, evidence)


def _fit_line(first: Posterior, programs: Sequence[Program]) -> list[Posterior]:
    """Fit programs one from the other, the first of them from a fit near by."""
    fits = [first]
    for program in programs:
        fits.append(fit(program, start=fits[-1], tolerance=_EVIDENCE_TOLERANCE))
    return fits[1:]


def fit_argument(
    argument: Argument,
    known: Known,
    *,
    recipe: Callable[[Program], Program] = lambda program: program,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Posterior | ClockFit:
    """Fit an argument to what was known by a day: over its grid of half-lives if it declares one; see `fit_clocks`.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran")
    >>> plain = at_clocks(case.argument, {"fast": 14, "slow": 365, "generational": 7305})
    >>> type(fit_argument(plain, case.known(date(2020, 1, 17)))).__name__
    'Posterior'
    """
    if argument.clocks.grid:
        return fit_clocks(argument, known, recipe=recipe, threads=threads, progress=progress)
    posterior = fit(recipe(assemble(argument, known, Shared())))
    if progress:
        progress(1, 1)
    return posterior


def with_usual_grid(argument: Argument) -> Argument:
    """Return the argument with the usual grid for every clock its mechanisms read, where it declares none."""
    if argument.clocks.grid:
        return argument
    grid = {clock: values for clock, values in USUAL_GRID.items() if clock in _read(argument)}
    return argument.model_copy(update={"clocks": argument.clocks.model_copy(update={"grid": grid})})


def at_clocks(argument: Argument, half_lives: Mapping[str, float]) -> Argument:
    """Return the argument with its clocks fixed at the given half-lives, in days."""
    clocks = argument.clocks.model_copy(update={**half_lives, "grid": {}})
    return argument.model_copy(update={"clocks": clocks})


def _read(argument: Argument) -> set[str]:
    """Return the clocks that some mechanism of the argument reads."""
    return {clock for name in argument.mechanisms for clock in mechanism_registry()[name].clocks}


def _normalised(log_mass: Floats) -> Floats:
    mass = np.exp(log_mass - log_mass.max())
    return np.asarray(mass / mass.sum())


def _log_mean(values: Floats, log_weights: Floats) -> float:
    top = values.max()
    return float(top + np.log(_normalised(log_weights) @ np.exp(values - top)))
