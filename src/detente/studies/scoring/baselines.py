"""Baselines: plain models that stand beside an argument, on the same folded counts, eras and count law.

All but one are programs stripped or reweighted, so that the same fit and the same kernel run them:

- *era intercepts*: an intercept per channel and the known breaks in coverage, nothing that happened lately;
- *ridge*: the argument's own features with every prior replaced by N(0, s²), one s for all, chosen on the past;
- *last four years*: each channel's rate over the last 1,461 days;
- *EWMA*: era intercepts, moved by a running ratio of acts seen to acts expected that forgets with a half-life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled
from detente.base.random import Stream, generator
from detente.model.fit import TOLERANCE, Posterior, fit
from detente.model.likelihood import DISPERSION_PRIOR
from detente.model.mechanisms.base import Prior
from detente.model.program import Coefficient, Design, History, Program
from detente.studies.scoring.scores import log_score

RIDGE_SDS = (0.05, 0.1, 0.2, 0.4, 0.8)  # grid that s is chosen from
HALF_LIVES_DAYS = (7.0, 14.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3840.0)  # grid for EWMA
RECENT_DAYS = 1461  # four years
PRIOR_ACTS = 1.0  # expected acts that hold an EWMA at its era's rate
RATE_PRIOR_ACTS = 0.5  # Jeffreys' half act behind a rate counted over the last four years
_PLAIN = ("intercept", "era")
_ALPHA_STEPS = 50


def _keep(program: Program, wanted: Callable[[Coefficient], bool]) -> Program:
    """Return a program with only those coefficients and their terms."""
    columns = [j for j, c in enumerate(program.coefficients) if c.mechanism in _PLAIN or wanted(c)]
    row = {j: i for i, j in enumerate(columns)}
    return replace(
        program,
        coefficients=tuple(program.coefficients[j] for j in columns),
        terms=tuple((c, row[j], a, b) for c, j, a, b in program.terms if j in row),
    )


def era_intercepts(program: Program) -> Program:
    """Return the program without any mechanism: intercepts and known breaks in coverage only.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.model.compiler import compile_argument
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran")
    >>> program = compile_argument(case.argument, case.chronicle, date(2000, 1, 17))
    >>> sorted({c.mechanism for c in era_intercepts(program).coefficients})
    ['intercept']
    """
    return _keep(program, lambda c: False)


def without(program: Program, mechanism: str) -> Program:
    """Return the program with one mechanism dropped."""
    return _keep(program, lambda c: c.mechanism != mechanism)


def with_priors(program: Program, change: Callable[[Prior], Prior]) -> Program:
    """Return the program with the prior of every mechanism's term changed; intercepts and eras keep theirs.

    Parameters
    ----------
    program : Program
    change : callable
        Takes a prior and returns another.
    """
    return replace(
        program,
        coefficients=tuple(
            c if c.mechanism in _PLAIN else replace(c, prior=change(c.prior)) for c in program.coefficients
        ),
    )


def ridge(program: Program, sd: float) -> Program:
    """Return the program with every mechanism's term under N(0, sd²): the analyst's content taken out."""
    return with_priors(program, lambda prior: Prior(0.0, sd))


def choose_ridge(
    program: Program,
    sds: tuple[float, ...] = RIDGE_SDS,
    *,
    start: Posterior | None = None,
    tolerance: float = TOLERANCE,
    design: Design | None = None,
) -> tuple[float, Posterior]:
    """Fit the ridge with each sd of a grid, and return the sd of highest Laplace evidence with its fit.

    The evidence is that of the fitted days alone, so the choice looks at nothing later.

    Parameters
    ----------
    program : Program
    sds : tuple of float
    start, tolerance, design
        See `detente.model.fit.fit`.

    Returns
    -------
    sd : float
    posterior : Posterior
    """
    fits: list[Posterior] = []
    design = design or program.stacked_design()
    for sd in sds:
        start = fit(ridge(program, sd), start=start, tolerance=tolerance, design=design)
        fits.append(start)
    best = int(np.argmax([posterior.log_evidence for posterior in fits]))
    return sds[best], fits[best]


def fit_dispersion(counts: Ints, mean: Floats, class_of: Ints, classes: int) -> Floats:
    """Return the log dispersion per class that best explains counts of given means, under the fit's own prior.

    Parameters
    ----------
    counts, mean : ndarray of shape (channel, day)
    class_of : ndarray of shape (channel,)
    classes : int

    Returns
    -------
    ndarray of shape (class,)
    """
    out = np.empty(classes)
    for k in range(classes):
        rows = class_of == k
        y, mu = counts[rows], mean[rows]
        busy = y > 0
        seen, expected = y[busy].astype(float), mu[busy]

        def value(log_alpha: float, mu: Floats = mu, y: Floats = seen, m: Floats = expected) -> float:
            alpha, centre = np.exp(log_alpha), (log_alpha - DISPERSION_PRIOR[0]) / DISPERSION_PRIOR[1]
            r = 1 / alpha
            each = gammaln(y + r) - gammaln(r) + y * np.log(alpha * m / (1 + alpha * m))
            return float(each.sum() - r * np.log(1 + alpha * mu).sum() - 0.5 * centre**2)

        out[k] = _golden(value, -5.0, 4.0)
    return out


def _golden(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function of one hump is highest, by golden section."""
    step = (np.sqrt(5) - 1) / 2
    a, b = high - step * (high - low), low + step * (high - low)
    at_a, at_b = value(a), value(b)
    for _ in range(_ALPHA_STEPS):
        if at_a < at_b:
            low, a, at_a = a, b, at_b
            b = low + step * (high - low)
            at_b = value(b)
        else:
            high, b, at_b = b, a, at_a
            a = high - step * (high - low)
            at_a = value(a)
        if high - low < 1e-4:
            break
    return (low + high) / 2


@dataclass(frozen=True)
class RecentRate:
    """The rate of the last four years: each channel's acts over those days, with what so few acts leave open.

    Attributes
    ----------
    acts : ndarray of shape (channel,)
    days : int
        Days counted; fewer than 1,461 where the fit starts later.
    log_alpha : ndarray of shape (class,)
    class_of : ndarray of shape (channel,)
    """

    acts: Ints
    days: int
    log_alpha: Floats
    class_of: Ints

    def totals(self, days: int, futures: int, seed: int) -> Ints:
        """Draw totals of the next `days`, shape (future, channel).

        Each future draws its rate from Gamma(acts + 1/2, days counted) and then each day from the negative binomial of
        the channel's class: the sum over the days is negative binomial too.
        """
        rng = generator(seed, Stream.RECENT_RATE)
        rate = rng.gamma(self.acts + RATE_PRIOR_ACTS, 1 / self.days, size=(futures, len(self.acts)))
        alpha = np.exp(self.log_alpha[self.class_of])
        return rng.negative_binomial(days / alpha, 1 / (1 + alpha * rate)).astype(np.int64)


def last_four_years(program: Program) -> RecentRate:
    """Fit the rate of the last four years before a program's `as_of`."""
    counts = program.history.counts[:, -RECENT_DAYS:]
    acts, days = counts.sum(axis=1), counts.shape[1]
    mean = np.broadcast_to(((acts + RATE_PRIOR_ACTS) / days)[:, None], counts.shape)
    class_of = program.channel_class
    return RecentRate(acts, days, fit_dispersion(counts, mean, class_of, len(program.classes)), class_of)


@dataclass(frozen=True)
class Ewma:
    """A running ratio of acts seen to acts expected, around the era intercepts.

    ``mu_c(t) = m_c(t) * (k + sum of d ** (t - s) y_c(s)) / (k + sum of d ** (t - s) m_c(s))`` over days ``s < t``,
    with ``m`` the rate of the era intercepts, ``d = 2 ** (-1 / half_life)`` and ``k`` = 1 expected act: the posterior
    mean of a gamma-Poisson filter that forgets.

    Attributes
    ----------
    half_life_days : ndarray of shape (channel,)
    log_alpha : ndarray of shape (class,)
    """

    half_life_days: Floats
    log_alpha: Floats


def ewma_means(counts: Ints, level: Floats, half_life_days: Floats) -> Floats:
    """Return the means of an `Ewma` on every day of a history, from the acts of the days before each.

    Parameters
    ----------
    counts : ndarray of shape (channel, day)
    level : ndarray of shape (channel, day)
        Rates of the era intercepts.
    half_life_days : ndarray of shape (channel,)

    Returns
    -------
    ndarray of shape (channel, day)

    Examples
    --------
    An act on day 0, where a tenth was expected every day, counts half on day 2:

    >>> ewma_means(np.array([[1, 0, 0]]), np.full((1, 3), 0.1), np.array([1.0])).round(3).tolist()
    [[0.1, 0.143, 0.116]]
    """
    decay = np.exp2(-1 / half_life_days)
    return np.asarray(
        level * (PRIOR_ACTS + _discounted(counts, decay)) / (PRIOR_ACTS + _discounted(level, decay))
    )


@compiled
def _discount(values: Floats, decay: Floats, out: Floats) -> None:
    for c in range(values.shape[0]):
        state = 0.0
        for t in range(values.shape[1]):
            out[c, t] = state
            state = decay[c] * (state + values[c, t])


def _discounted(values: Floats | Ints, decay: Floats) -> Floats:
    """Return ``S[t] = decay * (S[t - 1] + values[t - 1])`` along the days, shape (channel, day)."""
    out = np.empty(values.shape)
    _discount(np.ascontiguousarray(values, dtype=float), decay, out)
    return out


def fit_ewma(history: History, level: Floats, class_of: Ints, log_alpha: Floats) -> tuple[Ewma, Ewma]:
    """Choose the half-life, one for all channels and one for each, that best foretold the fitted days one day ahead.

    Parameters
    ----------
    history : History
    level : ndarray of shape (channel, day)
        Rates of the era intercepts on the fitted days.
    class_of : ndarray of shape (channel,)
    log_alpha : ndarray of shape (class,)
        Dispersion under which half-lives are compared; then it is fitted again.

    Returns
    -------
    one, each : Ewma
    """
    channels = len(history.counts)
    alpha = np.exp(log_alpha[class_of])[:, None]
    means = [ewma_means(history.counts, level, np.full(channels, half_life)) for half_life in HALF_LIVES_DAYS]
    scores = np.array([log_density(history.counts, mean, alpha).sum(axis=1) for mean in means])

    def fitted(best: Ints) -> Ewma:
        mean = np.array([means[i][c] for c, i in enumerate(best)])
        dispersion = fit_dispersion(history.counts, mean, class_of, len(log_alpha))
        return Ewma(np.array(HALF_LIVES_DAYS)[best], dispersion)

    return fitted(np.full(channels, scores.sum(axis=1).argmax())), fitted(scores.argmax(axis=0))


def log_density(counts: Ints, mean: Floats, alpha: Floats) -> Floats:
    """Return `log_score` of mostly quiet days: the same numbers, with the costly part on busy days only."""
    a = np.broadcast_to(alpha, counts.shape)
    out = -np.log1p(a * mean) / a
    busy = counts > 0
    out[busy] = log_score(counts[busy], mean[busy], a[busy])
    return out


def expected_counts(program: Program, beta: Floats) -> Floats:
    """Return the expected counts of a program's history at given coefficients, shape (channel, day)."""
    return np.array([np.exp(np.clip(x @ beta[k], -50, 50)) for k, x in program.designs()])
