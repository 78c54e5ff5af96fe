"""Why a probability is what it is: how far it varies over posterior draws, and which coefficients move it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.base.arrays import Floats
from detente.base.shares import share_of
from detente.model.fit import Fitted
from detente.questions.settle import Outcome, Outcomes

_FEWEST = 100  # settled futures below which draws and chance cannot be told apart
_SURE = 3.5  # standard errors from which a coefficient is named: by chance one in two thousand


@dataclass(frozen=True, slots=True)
class ProbabilitySpread:
    """How far a probability varies from one posterior draw to another.

    Attributes
    ----------
    sd : float
        Standard deviation of the probability over draws.
    sd_low, sd_high : float
        90 % interval of that.
    low, high : float
        The central 90 % of draws, if their probabilities follow a beta law with that mean and sd.
    """

    sd: float
    sd_low: float
    sd_high: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mover:
    """A coefficient whose draws move a question's answer.

    Attributes
    ----------
    name : str
        ``mechanism.term``; ``intercept`` and ``era`` are levels, ``dispersion`` and ``half-life`` what they say.
    channels : tuple of str
        Where it acts.
    points : float
        Change of the probability per standard deviation of its draws.
    error : float
        Standard error of that.
    moved : float or None
        V, the share of the prior sd that events removed; None for half-lives and dispersions.
    """

    name: str
    channels: tuple[str, ...]
    points: float
    error: float
    moved: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self) | {"channels": list(self.channels)}


@dataclass(frozen=True)
class DrawnValues:
    """What each future drew, in standard deviations over futures, shape (future, number), and what it is called."""

    values: Floats
    names: tuple[tuple[str, tuple[str, ...], float | None], ...]


def drawn_values(posterior: Fitted, futures: int, seed: int) -> DrawnValues:
    """Return the coefficients, log dispersions and log half-lives that each future of a run drew.

    Parameters
    ----------
    posterior : Fitted
    futures, seed : int
        Those of the run.
    """
    program = posterior.program
    draws = posterior.draws(futures, seed)
    half_lives = np.zeros((futures, len(program.clocks)))
    for part, rows in draws.parts:
        half_lives[rows] = np.log([part.program.clocks[name] for name in program.clocks])
    moved = 1 - posterior.sd / program.prior_sd
    names: list[tuple[str, tuple[str, ...], float | None]] = [
        (f"{c.mechanism}.{c.term}", c.channels, float(v))
        for c, v in zip(program.coefficients, moved, strict=True)
    ]
    names += [(f"dispersion.{cls}", (), None) for cls in program.classes]
    names += [(f"half-life.{clock}", (), None) for clock in program.clocks]
    table = np.hstack([draws.beta, draws.log_alpha, half_lives])
    sd = table.std(axis=0)
    varied = sd > 1e-12
    table = (table[:, varied] - table[:, varied].mean(axis=0)) / sd[varied]
    return DrawnValues(table, tuple(n for n, keep in zip(names, varied, strict=True) if keep))


def spread(outcomes: Outcomes, draws: DrawnValues) -> ProbabilitySpread | None:
    """Return how far a question's probability varies over posterior draws; None with fewer than 100 settled futures.

    Parameters
    ----------
    outcomes : ndarray of shape (future,)
        `Outcome` values.
    draws : DrawnValues

    Notes
    -----
    Each future has its own draw and one outcome, so draws and chance are told apart by regression on the draws Z:
    ``outcome = p + Z b + e``. The variance of ``Z b`` is the adjusted R squared times ``p (1 - p)``; its interval is
    that of the F ratio with random effects. What is not linear in the draws counts as chance, so the spread is, if
    anything, too small.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> z = rng.standard_normal((4000, 20))
    >>> p = 0.5 + 0.1 * z[:, 0]
    >>> told = spread((rng.random(4000) < p).astype(np.int8), DrawnValues(z, (("x", (), None),) * 20))
    >>> told.sd_low < 0.1 < told.sd_high
    True
    """
    from scipy.special import fdtri

    y, z = _settled(outcomes, draws)
    p = share_of(float(y.sum()), len(y))
    if p is None or len(y) < _FEWEST:
        return None
    if y.min() == y.max():
        return ProbabilitySpread(0.0, 0.0, 0.0, p, p)
    z = z - z.mean(axis=0)
    size, axes = np.linalg.eigh(z.T @ z)
    some = size > 1e-9 * size.max()
    total, used = float(((y - p) ** 2).sum()), int(some.sum())
    free = len(y) - 1 - used
    if used == 0 or free < _FEWEST // 2:
        return None
    along = float(((axes[:, some].T @ (z.T @ (y - p))) ** 2 / size[some]).sum())
    ratio = (along / used) / ((total - along) / free)

    def sd_at(scale: float) -> float:
        """Sd of the probability if the ratio is so many times what it would be without any spread."""
        odds = max(scale - 1, 0.0) * used / (len(y) - 1)
        return float(np.sqrt(odds / (1 + odds) * p * (1 - p)))

    sd = sd_at(ratio)
    sd_low, sd_high = (sd_at(ratio / float(fdtri(used, free, share))) for share in (0.95, 0.05))
    low, high = _beta_bounds(p, sd)
    return ProbabilitySpread(sd, sd_low, sd_high, low, high)


def _beta_bounds(mean: float, sd: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    if sd <= 1e-6:
        return mean, mean
    size = max(mean * (1 - mean) / sd**2 - 1, 1e-3)
    a, b = mean * size, (1 - mean) * size
    return float(betaincinv(a, b, 0.05)), float(betaincinv(a, b, 0.95))


def movers(outcomes: Outcomes, draws: DrawnValues, most: int = 5) -> tuple[Mover, ...]:
    """Return the coefficients whose draws move a question's answer most, largest first.

    Named are those whose effect is at least 3.5 standard errors from zero. Draws are correlated, so a coefficient
    may carry what a neighbour does; effects do not add up.

    Parameters
    ----------
    outcomes : ndarray of shape (future,)
    draws : DrawnValues
    most : int

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> z = rng.standard_normal((4000, 3))
    >>> came = (rng.random(4000) < 0.5 - 0.1 * z[:, 1]).astype(np.int8)
    >>> found = movers(came, DrawnValues(z, tuple((name, (), 0.2) for name in "abc")))
    >>> [(m.name, m.points < 0) for m in found]
    [('b', True)]
    """
    y, z = _settled(outcomes, draws)
    if len(y) < _FEWEST or y.std() == 0:
        return ()
    slopes = (z - z.mean(axis=0)).T @ (y - y.mean()) / len(y)
    error = float(y.std() / np.sqrt(len(y)))
    order = np.argsort(-np.abs(slopes), kind="stable")[:most]
    return tuple(
        Mover(draws.names[i][0], draws.names[i][1], float(slopes[i]), error, draws.names[i][2])
        for i in order
        if abs(slopes[i]) >= _SURE * error
    )


def _settled(outcomes: Outcomes, draws: DrawnValues) -> tuple[Floats, Floats]:
    rows = outcomes <= Outcome.YES
    return (outcomes[rows] == Outcome.YES).astype(float), draws.values[rows]
