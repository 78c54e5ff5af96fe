"""Fit one class of the world model: a negative binomial whose mean and dispersion are log-linear, pairs pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled
from detente.base.errors import Fault, FitError

SLOPE_SD = 0.13  # of a coefficient, for one standard deviation of its feature
SPREAD_SD = 0.22  # the same for the log dispersion
START_SD = 0.2  # of a pair's deviations, before the events have spoken
_LEAST_SD = 0.01
_MAX_STEPS = 100
_ACCEPTED = (
    1.0  # nats still promised after all steps: a dispersion far out on a flat slope changes no forecast
)
_LAST_SPREAD = 30  # step at which spreads stop: one on its way to nothing would creep on for ever
TOLERANCE = 0.01  # nats a step may still promise where it stops
_LONGEST_STEP = 2.0  # of any log rate
LOW_RATE, HIGH_RATE = -20.0, 6.0  # of a log rate
LOW_SIZE, HIGH_SIZE = -5.0, 6.0  # of the log size, which is minus the log dispersion


@compiled
def _evaluate(
    y: Floats, eta: Floats, size: Floats, score: Floats, weight: Floats, size_score: Floats
) -> float:
    """Sum the log likelihood, and fill its slopes in the log rate and the log size, and the expected curvature."""
    total = 0.0
    for i in range(len(y)):
        mu = np.exp(min(max(eta[i], LOW_RATE), HIGH_RATE))
        r = np.exp(min(max(size[i], LOW_SIZE), HIGH_SIZE))
        k = y[i]
        lost = np.log1p(mu / r)
        value = -r * lost
        slope = -lost + (mu - k) / (r + mu)
        if k > 0:
            value += k * (np.log(mu) - np.log(r + mu))
            for j in range(int(k)):
                value += np.log((r + j) / (j + 1.0))
                slope += 1 / (r + j)
        total += value
        score[i] = (k - mu) * r / (r + mu)
        weight[i] = mu * r / (r + mu)
        size_score[i] = slope * r
    return total


@dataclass(frozen=True)
class ClassFit:
    """The fitted numbers of one class.

    ``log mean = intercept + x @ slopes + deviations[pair] . (1, some of x)`` and ``log dispersion = -(size_intercept +
    some of x @ size_slopes)``, with ``x`` the features minus `centre`, by `scale`, held between `low` and `high`:
    what was never seen in training moves nothing beyond what was.
    """

    centre: Floats  # (feature,)
    scale: Floats
    low: Floats
    high: Floats
    slopes: Floats  # (1 + feature,), the intercept first
    sd: Floats  # (1 + feature,) of the posterior
    size_slopes: Floats  # (1 + feature of the dispersion,)
    spreads_with: Ints
    deviates_with: Ints
    deviations: Floats  # (pair, 1 + deviating feature)
    deviation_sd: Floats  # (1 + deviating feature,)
    log_likelihood: float
    steps: int

    def standard(self, x: Floats) -> Floats:
        """Return features on the scale of the coefficients, in place."""
        x -= self.centre
        x /= self.scale
        return np.clip(x, self.low, self.high, out=x)

    def predict(self, x: Floats) -> tuple[Floats, Floats]:
        """Return mean and dispersion for raw features, shape (day × pair, feature), which are overwritten."""
        x = self.standard(x)
        pairs = len(self.deviations)
        eta = self.slopes[0] + x @ self.slopes[1:]
        moved = x[:, self.deviates_with].reshape(len(x) // pairs, pairs, len(self.deviates_with))
        own = self.deviations[:, 0] + np.einsum("tpk,pk->tp", moved, self.deviations[:, 1:])
        size = self.size_slopes[0] + x[:, self.spreads_with] @ self.size_slopes[1:]
        mean = np.exp(np.clip(eta + own.ravel(), LOW_RATE, HIGH_RATE))
        return mean, np.exp(-np.clip(size, LOW_SIZE, HIGH_SIZE))


@dataclass
class _At:
    slopes: Floats
    deviations: Floats
    sizes: Floats

    def moved(self, by: _At, scale: float) -> _At:
        return _At(
            self.slopes + scale * by.slopes,
            self.deviations + scale * by.deviations,
            self.sizes + scale * by.sizes,
        )


class _Problem:
    """The penalised likelihood of one class, rows with pairs innermost."""

    def __init__(
        self,
        x: Floats,
        y: Floats,
        pairs: int,
        spreads_with: Ints,
        deviates_with: Ints,
        sds: tuple[float, float],
    ) -> None:
        self.x, self.y, self.pairs = x, y, pairs
        one = np.ones((len(x), 1))
        self.z = np.concatenate([one, x[:, spreads_with]], axis=1)
        self.d = np.concatenate([one, x[:, deviates_with]], axis=1).reshape(-1, pairs, 1 + len(deviates_with))
        self.score, self.weight, self.size_score = (np.empty(len(y)) for _ in range(3))
        self.precision = np.full(1 + x.shape[1], sds[0] ** -2)
        self.size_precision = np.full(self.z.shape[1], sds[1] ** -2)
        self.precision[0], self.size_precision[0] = 1e-6, 1e-2

    def eta(self, at: _At) -> Floats:
        own = np.einsum("tpk,pk->tp", self.d, at.deviations)
        return np.asarray(at.slopes[0] + self.x @ at.slopes[1:] + own.ravel())

    def value(self, at: _At, sd: Floats) -> tuple[float, float]:
        """Return log posterior and log likelihood, and keep the slopes there."""
        ll = _evaluate(self.y, self.eta(at), self.z @ at.sizes, self.score, self.weight, self.size_score)
        held = (self.precision * at.slopes**2).sum() + (self.size_precision * at.sizes**2).sum()
        return ll - 0.5 * float(held + ((at.deviations / sd) ** 2).sum()), ll

    def step(self, at: _At, sd: Floats, pooled: bool) -> tuple[_At, float, Floats, Floats]:
        """Return the Newton step, what it promises, and posterior covariances of slopes and of deviations."""
        w, x, days = self.weight, self.x, len(self.y) // self.pairs
        gradient = np.concatenate([[self.score.sum()], x.T @ self.score]) - self.precision * at.slopes
        wx = x * w[:, None]
        information = np.empty((1 + x.shape[1],) * 2)
        information[0, 0] = w.sum()
        information[0, 1:] = information[1:, 0] = wx.sum(axis=0)
        information[1:, 1:] = x.T @ wx
        information[np.diag_indices_from(information)] += self.precision
        move = np.zeros_like(at.deviations)
        inner = np.zeros((self.pairs, *at.deviations.shape[1:] * 2))
        if pooled:
            wd = self.d * w.reshape(days, self.pairs, 1)
            full = np.concatenate([np.ones((len(x), 1)), x], axis=1).reshape(days, self.pairs, -1)
            cross = np.stack([wd[:, p].T @ full[:, p] for p in range(self.pairs)])
            inner = np.einsum("tpk,tpl->pkl", wd, self.d) + np.diag(sd**-2.0)
            inner = np.linalg.inv(inner)
            own = np.einsum("tpk,tp->pk", self.d, self.score.reshape(days, -1)) - at.deviations / sd**2
            gradient_own = np.einsum("pkl,pl->pk", inner, own)
            information = information - np.einsum("pkf,pkl,plg->fg", cross, inner, cross, optimize=True)
            reduced = gradient - np.einsum("pkf,pk->f", cross, gradient_own)
            covariance = np.linalg.inv(information)
            slopes = covariance @ reduced
            move = gradient_own - np.einsum("pkl,plf,f->pk", inner, cross, slopes, optimize=True)
            promise = float(gradient @ slopes + (own * move).sum())
        else:
            covariance = np.linalg.inv(information)
            slopes = covariance @ gradient
            promise = float(gradient @ slopes)
        size_gradient = self.z.T @ self.size_score - self.size_precision * at.sizes
        outer = self.z.T @ (
            self.z * (self.size_score**2)[:, None]
        )  # expected information, as the data have it
        outer[np.diag_indices_from(outer)] += self.size_precision
        sizes: Floats = np.linalg.solve(outer, size_gradient).astype(float)
        sizes = sizes * min(1.0, 1.0 / float(max(np.abs(self.z @ sizes).max(), 1e-12)))
        return _At(slopes, move, sizes), promise + float(size_gradient @ sizes), covariance, inner


def fit_class(
    x: Floats,
    y: Floats,
    pairs: int,
    *,
    spreads_with: list[int],
    deviates_with: list[int],
    spread: float | None,
    sds: tuple[float, float] = (SLOPE_SD, SPREAD_SD),
    clip: bool = True,
    cls: str = "",
) -> ClassFit:
    """Fit one class.

    Parameters
    ----------
    x : ndarray of shape (day × pair, feature)
        Raw features, pairs innermost; overwritten.
    y : ndarray of shape (day × pair,)
        Counts.
    pairs : int
    spreads_with, deviates_with : list of int
        Features that move the dispersion, and those whose coefficients deviate pair by pair.
    spread : float, optional
        Prior sd of a pair's deviations; 0 for none, None for those of highest evidence.
    sds : (float, float)
        Prior sds of coefficients, and of those of the log dispersion, for one standard deviation of a feature.

    clip : bool
        Whether features are held inside what training had seen.
    cls : str
        For messages.

    Raises
    ------
    FitError
        If the iteration does not converge.

    Notes
    -----
    Newton steps on the expected information; the pairs' deviations are eliminated pair by pair (Schur complement), so
    400 of them cost no more than one. Spreads of highest evidence come by the EM update ``s² = mean of
    (deviation² + its posterior variance)``. Source: [gelman2007].
    """
    centre, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    x -= centre
    x /= scale
    problem = _Problem(x, y, pairs, np.array(spreads_with, int), np.array(deviates_with, int), sds)
    pooled = spread != 0
    sd = np.full(1 + len(deviates_with), spread or START_SD)
    at = _At(np.zeros(1 + x.shape[1]), np.zeros((pairs, len(sd))), np.zeros(problem.z.shape[1]))
    at.slopes[0] = np.log(y.mean() + 1e-6)
    here, ll = problem.value(at, sd)
    for steps in range(1, _MAX_STEPS + 1):
        by, promise, covariance, inner = problem.step(at, sd, pooled)
        length = min(1.0, _LONGEST_STEP / max(np.abs(problem.eta(by)).max(), 1e-12))
        trial, ll = problem.value(at.moved(by, length), sd)
        while trial < here - 1e-9 * abs(here) and length > 1e-4:
            length /= 2
            trial, ll = problem.value(at.moved(by, length), sd)
        at, here, drift = at.moved(by, length), trial, 0.0
        if spread is None and 3 < steps <= _LAST_SPREAD:
            variance = (at.deviations**2).mean(axis=0) + np.einsum("pkk->k", inner) / pairs
            new = np.maximum(np.sqrt(variance), _LEAST_SD)
            drift = float(np.abs(np.log(new / sd)).max())
            sd = new
            here, ll = problem.value(at, sd)
        if promise < TOLERANCE and drift < 0.05:
            break
    if not promise < _ACCEPTED:
        steps, left = _MAX_STEPS, float(promise)
        raise FitError(
            Fault("world_not_converged", "fit", where=cls, hint="few_acts", steps=steps, left=left)
        )
    return ClassFit(
        centre,
        scale,
        x.min(axis=0) if clip else np.full(x.shape[1], -np.inf),
        x.max(axis=0) if clip else np.full(x.shape[1], np.inf),
        at.slopes,
        np.sqrt(np.diag(covariance)),
        at.sizes,
        np.array(spreads_with, int),
        np.array(deviates_with, int),
        at.deviations,
        sd,
        ll,
        steps,
    )
