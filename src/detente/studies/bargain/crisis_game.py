"""The crisis game with audience costs: a challenge, resistance, and a choice to fight or back down; all equilibria."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from detente.base.arrays import Floats
from detente.base.errors import ArgumentError, Fault

_SCAN = 1601
_NODES = 96  # of the quadrature; the integrand is a bell a few units wide
_REACH = 12.0  # standard deviations beyond which a bell adds nothing
_SURE = 40.0  # probit past which a chance is 0 or 1 in double precision
_FAR = 1e5  # a threshold of so many standard deviations is as good as an infinite one


@dataclass(frozen=True)
class Stakes:
    """Payoffs of the game, in units of the standard deviation of what each side keeps to itself.

    Attributes
    ----------
    status_quo_a, prize_a : float
        Challenger: without a challenge, and if the target concedes.
    war_a, audience_a : float
        Challenger: mean payoff of war, and of backing down before its public after a challenge.
    concede_b, prize_b : float
        Target: if it concedes, and if the challenger backs down.
    war_b : float
        Target: mean payoff of war.
    """

    status_quo_a: float
    prize_a: float
    war_a: float
    audience_a: float
    concede_b: float
    prize_b: float
    war_b: float


@dataclass(frozen=True)
class Equilibrium:
    """One equilibrium: chances of the moves and of the four outcomes.

    Attributes
    ----------
    resists, challenges, fights : float
        The target resists a challenge; the challenger makes one; having been resisted, it fights.
    status_quo, concession, war, backing_down : float
        Chances of the outcomes; they sum to 1.
    """

    resists: float
    challenges: float
    fights: float
    status_quo: float
    concession: float
    war: float
    backing_down: float


def equilibria(stakes: Stakes) -> tuple[Equilibrium, ...]:
    """Return every equilibrium of the crisis game, by rising chance that the target resists.

    Parameters
    ----------
    stakes : Stakes

    Raises
    ------
    ArgumentError
        If a payoff is not finite, or the target would rather concede than see the challenger back down.

    Notes
    -----
    With unit-normal private shocks to both war payoffs and to the audience cost, the chance p_R of resistance solves
    ``probit(p_R) = war_b - prize_b + (prize_b - concede_b) / p_F``, where p_F is the chance that a challenger who is
    resisted fights. There may be one, two or three solutions; a solver started at one point finds one of them. The
    curve is scanned on the probit scale, and its turning points are searched for roots that the scan would straddle.
    p_F is the share of two positive integrals, so it stays exact where a challenge is all but impossible.
    Source: [lewis2003crisis], [crismancox2021].

    Examples
    --------
    >>> [round(e.resists, 5) for e in equilibria(Stakes(0, 1, -1.9, -1.2, 0, 1, -2.9))]
    [0.2511, 0.59472, 0.81332]
    """
    _check(stakes)
    from scipy.special import ndtr

    found = _roots(lambda z: z - _answer(z, stakes), _grid(stakes))
    out = []
    for z in found:
        fights, challenges = _challenger(np.array([z]), stakes)
        resists, p_f, p_c = float(ndtr(z)), float(fights[0]), float(challenges[0])
        out.append(
            Equilibrium(
                resists,
                p_c,
                p_f,
                status_quo=1 - p_c,
                concession=p_c * float(ndtr(-z)),
                war=p_c * resists * p_f,
                backing_down=p_c * resists * (1 - p_f),
            )
        )
    return tuple(out)


def _check(stakes: Stakes) -> None:
    for name, value in vars(stakes).items():
        if not np.isfinite(value) or abs(value) > 30:
            hint = "payoff_scale"
            raise ArgumentError(Fault("not_number_in_range", name, got=value, hint=hint, low=-30, high=30))
    if stakes.prize_b < stakes.concede_b:
        got, hint = stakes.prize_b, "target_would_concede"
        raise ArgumentError(Fault("less_than_field", "prize_b", got=got, hint=hint, other="concede_b"))


def _answer(z: Floats, stakes: Stakes) -> Floats:
    """Return the probit of the target's best chance of resistance when the challenger expects ``ndtr(z)``."""
    fights, _ = _challenger(z, stakes)
    swing = stakes.prize_b - stakes.concede_b
    with np.errstate(divide="ignore"):
        worth: Floats = (
            stakes.war_b - stakes.prize_b + (swing / fights if swing > 0 else np.zeros_like(fights))
        )
    return np.minimum(worth, 1e6)


def _challenger(z: Floats, stakes: Stakes) -> tuple[Floats, Floats]:
    """Return the chances that a resisted challenger fights, and that a challenge is made; each of shape (point,).

    A challenge is made if the better of war and backing down exceeds c*, where conceding is worth its price.
    """
    from scipy.special import log_ndtr, ndtr

    gain = stakes.status_quo_a - stakes.prize_a
    price = np.exp(np.minimum(-log_ndtr(z), 700.0))  # 1 / p_R
    least = np.clip(stakes.prize_a + gain * price, -_FAR, _FAR)
    log_fight, log_yield = (
        _log_beats(least, first, second)
        for first, second in ((stakes.war_a, stakes.audience_a), (stakes.audience_a, stakes.war_a))
    )
    fights = 1 / (1 + np.exp(np.clip(log_yield - log_fight, -700, 700)))
    challenges = -np.expm1(log_ndtr(least - stakes.war_a) + log_ndtr(least - stakes.audience_a))
    far = least > 30  # past there the sum of two tails is exact and the difference from 1 is not
    tails = ndtr(stakes.war_a - least) + ndtr(stakes.audience_a - least)
    return fights, np.where(far, tails, challenges)


@cache
def _rule() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(_NODES)


def _log_beats(least: Floats, mean: float, other: float) -> Floats:
    """Return the log of the chance that a unit normal at `mean` exceeds both `least` and another at `other`.

    It is the log of the integral of phi(w - mean) Phi(w - other) from `least` up, by Gauss and Legendre's rule around
    the bell; the upper tail alone where `least` is far above both.
    """
    from scipy.special import log_ndtr

    nodes, weights = _rule()
    # The bell's peak lies at `mean` or, if the other is higher, up to halfway to it.
    left = np.maximum(least, min(mean, (mean + other) / 2) - _REACH)
    # Beyond `left` the integrand falls at least as fast as the bell does there.
    fall = np.minimum(_REACH + 2.0, 45.0 / np.maximum(left - mean, 1.0))
    right = np.maximum(left + fall, np.where(left < max(mean, other), max(mean, other) + _REACH, left))
    half = (right - left) / 2
    w = (left + right)[:, None] / 2 + half[:, None] * nodes
    log_f = -0.5 * (w - mean) ** 2 - 0.5 * np.log(2 * np.pi) + log_ndtr(w - other)
    top = log_f.max(axis=1, keepdims=True)
    inner = top[:, 0] + np.log(np.exp(log_f - top) @ weights) + np.log(half)
    return np.asarray(np.where(least - max(mean, other) > 30, log_ndtr(mean - least), inner))


def _grid(stakes: Stakes) -> Floats:
    """Return probits to scan, which hold every equilibrium between their ends.

    Past `_SURE` on either side the challenger's threshold moves no more or has gone to infinity, so the target's answer
    is one constant there and the curve a straight line.
    """
    ends = _answer(np.array([-_SURE, _SURE]), stakes)
    low = min(-_SURE, float(ends.min()) - 1)
    return np.concatenate([[low], np.linspace(-_SURE, _SURE, _SCAN), [max(_SURE, float(ends.max())) + 1]])


def _roots(gap: Callable[[Floats], Floats], grid: Floats) -> list[float]:
    """Return every root of a smooth curve on a grid, those between two turning points of one sign included."""
    from scipy.optimize import brentq, minimize_scalar

    values = gap(grid)

    def at(z: float) -> float:
        return float(gap(np.array([z]))[0])

    def solve(a: float, b: float) -> float:
        return float(brentq(at, a, b, xtol=1e-13, rtol=8.9e-16))

    found = [float(z) for z, v in zip(grid, values, strict=True) if v == 0]
    found += [solve(grid[k], grid[k + 1]) for k in np.flatnonzero(values[:-1] * values[1:] < 0)]
    for i in range(1, len(grid) - 1):
        sign = np.sign(values[i])
        near = sign * values[i - 1 : i + 2]
        if near.min() > 0 and near[1] == near.min():
            turn = minimize_scalar(
                lambda z, s=sign: s * at(z),
                bounds=(grid[i - 1], grid[i + 1]),
                method="bounded",
                options={"xatol": 1e-12},
            )
            if turn.fun < 0:
                found += [solve(grid[i - 1], turn.x), solve(turn.x, grid[i + 1])]
            elif turn.fun < 1e-14:
                found.append(float(turn.x))
    return sorted(found)
