"""Classic results of bargaining theory with numbers: Nash's barter, Adjusted Winner, Rubinstein, Kydd, Fearon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.base.errors import ArgumentError, Fault

_MOST_GOODS = 20


@dataclass(frozen=True)
class Good:
    """One indivisible good: who owns it, and what it is worth to the first and the second trader."""

    name: str
    owner: int
    worth: tuple[float, float]


@dataclass(frozen=True)
class Allocation:
    """Who ends up with what.

    Attributes
    ----------
    given : tuple of tuple of str
        Goods the first trader gives, and goods the second gives.
    gains : tuple of float
        What each gains over keeping what it owns.
    """

    given: tuple[tuple[str, ...], tuple[str, ...]]
    gains: tuple[float, float]

    @property
    def product(self) -> float:
        """Product of both gains."""
        return self.gains[0] * self.gains[1]


def barter(goods: Sequence[Good]) -> tuple[Allocation, ...]:
    """Return the undominated allocations that leave neither trader worse off, by rising gain of the first.

    Every allocation is tried, so at most 20 goods are taken.

    Raises
    ------
    ArgumentError
        If there are more goods, or an owner is neither 0 nor 1.

    Notes
    -----
    Allocations with the same gains are told once. Source: [nash1950], whose example has product 60.

    Examples
    --------
    >>> book, pen = Good("book", 0, (2, 4)), Good("pen", 1, (10, 1))
    >>> [a.gains for a in barter([book, pen])]
    [(8.0, 3.0)]
    """
    if len(goods) > _MOST_GOODS:
        raise ArgumentError(Fault("too_large", "goods", got=len(goods), high=_MOST_GOODS))
    if any(good.owner not in (0, 1) for good in goods):
        raise ArgumentError(Fault("not_one_of", "owner", got=[good.owner for good in goods], choices=(0, 1)))
    count = len(goods)
    moved = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1
    owner = np.array([good.owner for good in goods])
    worth = np.array([good.worth for good in goods], dtype=float).reshape(count, 2)
    change = np.where(owner[:, None] == np.array([0, 1]), -worth, worth)
    gains = moved @ change
    acceptable = np.flatnonzero((gains >= 0).all(axis=1))
    out: list[Allocation] = []
    best = -np.inf
    # From the first trader's best down: a point is undominated if the second gains more than at every one before.
    for row in acceptable[np.lexsort((-gains[acceptable, 1], -gains[acceptable, 0]))]:
        if gains[row, 1] > best:
            best = gains[row, 1]
            names = [
                tuple(g.name for g, m in zip(goods, moved[row], strict=True) if m and g.owner == i)
                for i in (0, 1)
            ]
            out.append(Allocation((names[0], names[1]), (float(gains[row, 0]), float(gains[row, 1]))))
    return tuple(reversed(out))


@dataclass(frozen=True)
class Division:
    """An Adjusted Winner division.

    Attributes
    ----------
    shares : dict of str to float
        Share of each issue that goes to the first side.
    points : tuple of float
        Points each side ends with, of 100.
    divided : str or None
        The issue that is split, if one is.
    """

    shares: dict[str, float]
    points: tuple[float, float]
    divided: str | None


def adjusted_winner(points: Mapping[str, tuple[float, float]]) -> Division:
    """Divide issues by Adjusted Winner: efficient, equitable and free of envy, with at most one issue divided.

    Parameters
    ----------
    points : mapping of str to (float, float)
        What each issue is worth to the first and the second side; scaled to sum to 100 for each.

    Raises
    ------
    ArgumentError
        If a side's points are negative or sum to 0.

    Notes
    -----
    Issues in order of falling ratio of the first's points to the second's; the first side takes them until both stand
    equal. Source: [brams1996]. On equal ratios a tie goes by the order given; both sides' points do not depend on it.

    Examples
    --------
    >>> adjusted_winner({"land": (60, 40), "rights": (40, 60)}).points
    (60.0, 60.0)
    """
    names = list(points)
    worth = np.array([points[n] for n in names], dtype=float).reshape(len(names), 2)
    total = worth.sum(axis=0)
    if (worth < 0).any() or not (total > 0).all():
        raise ArgumentError(Fault("negative_points", "points", got=dict(points)))
    worth = 100 * worth / total
    order = np.argsort(-np.arctan2(worth[:, 0], worth[:, 1]), kind="stable")
    shares = dict.fromkeys(names, 0.0)
    mine, theirs, divided = 0.0, 100.0, None
    for row in order:
        step = worth[row, 0] + worth[row, 1]
        share = 1.0 if step == 0 else min(1.0, (theirs - mine) / step)
        share = 0.0 if share < 1e-12 else share  # equal already, up to rounding
        shares[names[row]] = float(share)
        mine, theirs = mine + share * worth[row, 0], theirs - share * worth[row, 1]
        if 1e-12 < share < 1 - 1e-12:
            divided = names[row]
    return Division(shares, (float(mine), float(theirs)), divided)


def rubinstein_share(first: float, second: float) -> float:
    """Return the share of the side that offers first, when offers alternate and delay discounts both.

    Parameters
    ----------
    first, second : float
        Discount factors of the first and the second side, 0 up to (not including) 1 for at least one.

    Raises
    ------
    ArgumentError
        If a factor lies outside [0, 1], or both are 1.

    Notes
    -----
    ``(1 - second) / (1 - first * second)``. Source: [rubinstein1982].

    Examples
    --------
    >>> round(rubinstein_share(0.9, 0.8), 5)
    0.71429
    """
    _in_unit("discount factor", first, second)
    if first == second == 1:
        raise ArgumentError(Fault("both_patient", "discount factors", got=(first, second)))
    return (1 - second) / (1 - first * second)


def trust_threshold(reward: float, temptation: float, punishment: float, sucker: float) -> float:
    """Return how likely the other must be trustworthy for a trustworthy state to cooperate first.

    Parameters
    ----------
    reward, temptation, punishment, sucker : float
        Payoffs of mutual cooperation, of exploiting, of mutual defection and of being exploited; for a trustworthy
        state reward > temptation and punishment > sucker.

    Raises
    ------
    ArgumentError
        If the payoffs are not those of a trustworthy state.

    Notes
    -----
    ``(P - S) / ((P - S) + (R - T))``. Source: [kydd2005].

    Examples
    --------
    >>> trust_threshold(4, 3, 2, 1)
    0.5
    """
    if not (reward > temptation and punishment > sucker):
        hint = "trustworthy_payoffs"
        got = (reward, temptation, punishment, sucker)
        raise ArgumentError(Fault("not_trustworthy", "payoffs", got=got, hint=hint))
    return (punishment - sucker) / ((punishment - sucker) + (reward - temptation))


def reassured(trust: float, if_trustworthy: float, if_not: float) -> float:
    """Return the trust left after a signal that each type sends with a given chance, by Bayes' rule.

    Raises
    ------
    ArgumentError
        If a chance lies outside [0, 1], or neither type sends the signal.

    Notes
    -----
    Source: [kydd2005].

    Examples
    --------
    >>> round(reassured(0.4, 0.8, 0.3), 6)
    0.64
    """
    _in_unit("chance", trust, if_trustworthy, if_not)
    sent = trust * if_trustworthy + (1 - trust) * if_not
    if sent == 0:
        raise ArgumentError(Fault("signal_never_sent", "signal", got=(if_trustworthy, if_not)))
    return trust * if_trustworthy / sent


def mediator_window(
    high: float, low: float, war: float, residual: float, war_cost: float
) -> tuple[float, float]:
    """Return the bias toward one side within which that side can believe a mediator who counsels restraint.

    Parameters
    ----------
    high, low : float
        What the side gets by the high demand if it is met, and by the low demand.
    war : float
        What it expects from war.
    residual : float
        Chance of war left after the high demand.
    war_cost : float
        What war costs the mediator.

    Returns
    -------
    tuple of float
        Least and largest bias; without a bias of its own a mediator is not believed.

    Raises
    ------
    ArgumentError
        If low < war < high does not hold in the way the window needs.

    Notes
    -----
    A compact version of [kydd2003], proposed here and not printed there:
    ``r c / ((x_H - x_L) - r (x_H - p)) <= b <= c / (p - x_L)``.

    Examples
    --------
    >>> [round(b, 5) for b in mediator_window(0.7, 0.5, 0.6, 0.1, 0.2)]
    [0.10526, 2.0]
    """
    _in_unit("residual", residual)
    least = (high - low) - residual * (high - war)
    if least <= 0 or war <= low:
        got = (high, low, war, residual)
        raise ArgumentError(Fault("no_mediator_window", "payoffs", got=got))
    return residual * war_cost / least, war_cost / (war - low)


@dataclass(frozen=True)
class PreventiveWar:
    """The two sides of Fearon's inequality; war if `temptation` exceeds `restraint`."""

    temptation: float
    restraint: float

    @property
    def war(self) -> bool:
        """Whether the declining side attacks."""
        return self.temptation > self.restraint


def preventive_war(discount: float, now: float, later: float, cost: float) -> PreventiveWar:
    """Say whether a declining side attacks before the other grows stronger.

    Parameters
    ----------
    discount : float
        Discount factor, 0 to 1.
    now, later : float
        The rising side's chance to win a war today, and after it has risen.
    cost : float
        What war costs the declining side.

    Notes
    -----
    War iff ``discount * later - now > cost * (1 - discount) ** 2``. Source: [fearon1995].

    Examples
    --------
    >>> preventive_war(0.9, 0.3, 0.6, 0.1).war
    True
    """
    _in_unit("chance", discount, now, later)
    return PreventiveWar(discount * later - now, cost * (1 - discount) ** 2)


@dataclass(frozen=True)
class RiskReturn:
    """The demand that pays best against an opponent of unknown resolve, and the chance of war it runs."""

    demand: float
    war_chance: float


def risk_return(win: float, cost: float, most: float) -> RiskReturn:
    """Return the best demand when the other's cost of war is uniform between 0 and `most`.

    Notes
    -----
    The demand is ``p + (C - c) / 2`` within [p, 1] and war comes with chance ``(1 - c / C) / 2``. Source: [fearon1995].

    Examples
    --------
    >>> found = risk_return(0.6, 0.1, 0.5)
    >>> round(found.demand, 12), round(found.war_chance, 12)
    (0.8, 0.4)
    """
    _in_unit("chance to win", win)
    if most <= 0 or cost < 0:
        raise ArgumentError(Fault("bad_costs", "costs", got=(cost, most)))
    beyond = min(max((most - cost) / 2, 0.0), 1 - win)
    return RiskReturn(win + beyond, min(beyond / most, 1.0))


def bargaining_range(win: float, cost: float, other_cost: float) -> tuple[float, float]:
    """Return the divisions of one issue that both sides prefer to war, for the first side.

    Notes
    -----
    ``[p - c_A, p + c_B]`` within [0, 1]. Source: [fearon1995].

    Examples
    --------
    >>> low, high = bargaining_range(0.6, 0.1, 0.3)
    >>> round(low, 12), round(high, 12)
    (0.5, 0.9)
    """
    _in_unit("chance to win", win)
    if min(cost, other_cost) < 0:
        raise ArgumentError(Fault("too_small", "costs", got=(cost, other_cost), low=0))
    return max(win - cost, 0.0), min(win + other_cost, 1.0)


def _in_unit(what: str, *values: float) -> None:
    for value in values:
        if not 0 <= value <= 1:
            raise ArgumentError(Fault("out_of_range", what, got=value, low=0, high=1))
