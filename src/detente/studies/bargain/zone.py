"""The zone of possible agreement over many draws at once: arrays in, arrays out.

Every gain is piecewise linear and concave on each issue and adds up over issues, so the efficient deals of a draw form
a polyline that a greedy walk finds: start at the deal one side likes best and hand over, segment by segment, what
gives the other most per unit lost. No linear program is solved; the tests solve one beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Bools, Floats

EPSILON = 1e-12  # gains below it are rounding: a side indifferent to a deal does not prefer it


@dataclass(frozen=True, eq=False)
class Terms:
    """All a draw needs, with sides on the first axis, draws next, issues last.

    Attributes
    ----------
    weight, ideal : ndarray of shape (2, draw, issue)
        Weights of a side sum to 1; points lie on axes scaled to 0 and 1.
    today : ndarray of shape (draw, issue)
        Where things stand without a deal.
    low, high : ndarray of shape (draw, issue)
        Deals allowed by limits and demands; none where low > high.
    belief : ndarray of shape (2, draw)
        Share of a gain a side counts: the other's credibility.
    burden : ndarray of shape (2, draw)
        What a concession costs, as a multiple of its plain loss: 1 + dignity · pressure + audience · loss.
    payment : ndarray of shape (2, draw)
        What a material gain is worth once a sacred issue is conceded, as a multiple of its worth otherwise.
    cost : ndarray of shape (2, draw)
        What no deal costs a side and a deal would spare it, as a share of all it has at stake.
    sacred : ndarray of bool, shape (2, issue)
    material : ndarray of bool, shape (issue,)
    """

    weight: Floats
    ideal: Floats
    today: Floats
    low: Floats
    high: Floats
    belief: Floats
    burden: Floats
    payment: Floats
    cost: Floats
    sacred: Bools
    material: Bools

    def take(self, rows: slice | npt.NDArray[np.int64]) -> Terms:
        """Return the same terms for some of the draws."""
        return replace(
            self,
            **{
                n: getattr(self, n)[:, rows]
                for n in ("weight", "ideal", "belief", "burden", "payment", "cost")
            },
            **{n: getattr(self, n)[rows] for n in ("today", "low", "high")},
        )


@dataclass(frozen=True, eq=False)
class Frontier:
    """The efficient deals of every draw, from the first side's best to the second's.

    Attributes
    ----------
    gains : ndarray of shape (2, draw, vertex)
        Gains over no deal at the corners of the polyline.
    order : ndarray of shape (draw, segment)
        Which piece of which issue each segment hands over.
    steps : ndarray of shape (draw, segment)
        How far it moves on its issue's axis, with its sign.
    issue : ndarray of shape (segment,)
        The issue of each piece, before ordering.
    start : ndarray of shape (draw, issue)
        The deal at the first corner.
    gap : ndarray of shape (draw,)
        Widest distance between limits and demands that contradict each other; 0 if none do.
    """

    gains: Floats
    order: npt.NDArray[np.int64]
    steps: Floats
    issue: npt.NDArray[np.int64]
    start: Floats
    gap: Floats


def branches(terms: Terms) -> Iterator[Terms]:
    """Yield the terms with each side's sacred issues either not conceded, or open and payments worth less."""
    choices = [(False, True) if terms.sacred[i].any() else (False,) for i in (0, 1)]
    for conceded in product(*choices):
        out = terms
        payment = np.ones_like(terms.payment)
        for i in (0, 1):
            if conceded[i]:
                payment[i] = terms.payment[i]
            elif terms.sacred[i].any():
                held, ideal = terms.sacred[i], terms.ideal[i]
                low = np.where(held & (ideal >= out.today), np.maximum(out.low, out.today), out.low)
                high = np.where(held & (ideal <= out.today), np.minimum(out.high, out.today), out.high)
                out = replace(out, low=low, high=high)
        yield replace(out, payment=payment)


def gains_of(terms: Terms, deal: Floats) -> Floats:
    """Return each side's gain over no deal, shape (2, draw), of one deal a draw, shape (draw, issue).

    The payments of `terms` are taken as they stand; see `branches`.
    """
    gain: Floats = terms.cost + _values(terms, deal[:, :, None])[..., 0].sum(axis=2)
    return gain


def _values(terms: Terms, points: Floats) -> Floats:
    """Return what points (draw, issue, point) are worth to each side beyond today, shape (2, draw, issue, point)."""
    ideal = terms.ideal[..., None]
    plain = np.abs(terms.today[None, :, :, None] - ideal) - np.abs(points[None] - ideal)
    up = _gain_factor(terms)[..., None]
    factor = np.where(plain >= 0, up, terms.burden[:, :, None, None])
    value: Floats = terms.weight[..., None] * factor * plain
    return value


def _gain_factor(terms: Terms) -> Floats:
    paid = np.where(terms.material, terms.payment[:, :, None], 1.0)
    factor: Floats = terms.belief[:, :, None] * paid
    return factor


def frontier(terms: Terms) -> Frontier:
    """Return the efficient deals of every draw; where nothing is allowed, those at the middle of each gap."""
    width = terms.low - terms.high
    middle = (terms.low + terms.high) / 2
    low, high = np.where(width > 0, middle, terms.low), np.where(width > 0, middle, terms.high)
    # A side whose gain is worth less than nothing likes today best.
    best = np.where(_gain_factor(terms) >= 0, terms.ideal, terms.today)
    start, stop = np.clip(best[0], low, high), np.clip(best[1], low, high)
    sign = np.where(stop >= start, 1.0, -1.0)
    # Gains turn into losses at today's point and at its mirror beyond each ideal.
    inner = np.stack([terms.today, *(2 * terms.ideal - terms.today)], axis=-1)
    ends = np.minimum(start, stop)[..., None], np.maximum(start, stop)[..., None]
    path = np.concatenate([start[..., None], np.clip(inner, *ends), stop[..., None]], axis=-1)
    path = np.sort(path * sign[..., None], axis=-1) * sign[..., None]
    values = _values(terms, path)
    draws, issues = terms.today.shape
    steps = np.diff(path, axis=-1).reshape(draws, -1)
    used = np.flatnonzero(np.any(steps != 0, axis=0))
    steps = steps[:, used]
    moved = np.diff(values, axis=-1).reshape(2, draws, -1)[:, :, used]
    order = np.argsort(-np.arctan2(moved[1], -moved[0]), axis=1, kind="stable")
    moved = np.take_along_axis(moved, np.broadcast_to(order, moved.shape), axis=2)
    first = terms.cost + values[..., 0].sum(axis=2)
    gains = np.concatenate([first[..., None], first[..., None] + np.cumsum(moved, axis=2)], axis=2)
    return Frontier(
        gains,
        order,
        np.take_along_axis(steps, order, axis=1),
        np.repeat(np.arange(issues), 4)[used],
        start,
        np.maximum(width, 0).max(axis=1, initial=0.0),
    )


def margin_of(line: Frontier) -> Floats:
    """Return the largest gain both sides can have at once, shape (draw,); minus the gap where nothing is allowed."""
    a, b = line.gains
    ahead = a - b  # falls from corner to corner
    crossing = (ahead > 0).sum(axis=1)
    after = np.clip(crossing, 1, max(a.shape[1] - 1, 1))[:, None]
    if a.shape[1] == 1:
        best = np.minimum(a[:, 0], b[:, 0])
    else:
        a0, a1 = (np.take_along_axis(a, after + k, axis=1)[:, 0] for k in (-1, 0))
        b0, b1 = (np.take_along_axis(b, after + k, axis=1)[:, 0] for k in (-1, 0))
        fall = (a0 - b0) - (a1 - b1)
        t = np.clip(np.divide(a0 - b0, fall, out=np.zeros_like(fall), where=fall > 0), 0, 1)
        best = np.minimum(a0 + t * (a1 - a0), b0 + t * (b1 - b0))
    return np.asarray(np.where(line.gap > 0, np.minimum(best, -line.gap), best))


def margins(terms: Terms) -> Floats:
    """Return the margin of every draw, shape (draw,): the zone is open where it is above 0.

    A positive margin is the gain, as a share of all a side has at stake, that the deal best for the worse-off side
    leaves both with. A negative one is what that deal lacks, or how far limits and demands lie apart if that is more.
    """
    best = np.full(len(terms.today), -np.inf)
    for part in branches(terms):
        np.maximum(best, margin_of(frontier(part)), out=best)
    return best


def open_zones(terms: Terms) -> Bools:
    """Return whether the zone of every draw is open, shape (draw,): where `margins` are above rounding.

    Draws whose limits and demands contradict each other are closed without a walk.
    """
    found = np.zeros(len(terms.today), dtype=bool)
    for part in branches(terms):
        rows = np.flatnonzero((part.low <= part.high).all(axis=1) & ~found)
        if rows.size:
            found[rows] = margin_of(frontier(part.take(rows))) > EPSILON
    return found


@dataclass(frozen=True, eq=False)
class NashPoints:
    """The deal of every draw that makes the product of both gains as large as it can be.

    Attributes
    ----------
    open : ndarray of bool, shape (draw,)
    deal : ndarray of shape (draw, issue)
        NaN where the zone is closed.
    gains : ndarray of shape (2, draw)
        NaN where the zone is closed.
    joint : ndarray of shape (draw,)
        Largest sum of both gains over the zone; NaN where it is closed.
    """

    open: Bools
    deal: Floats
    gains: Floats
    joint: Floats


def nash_points(terms: Terms) -> NashPoints:
    """Find the Nash point of every draw whose zone is open."""
    draws, issues = terms.today.shape
    found = np.zeros(draws)
    deal, gains = np.full((draws, issues), np.nan), np.full((2, draws), np.nan)
    joint = np.full(draws, np.nan)
    for part in branches(terms):
        line = frontier(part)
        value, here, got, most = _nash(line)
        shut = (margin_of(line) <= EPSILON) | (value <= found)
        found = np.where(shut, found, value)
        deal = np.where(shut[:, None], deal, here)
        gains = np.where(shut, gains, got)
        joint = np.fmax(joint, np.where(margin_of(line) > EPSILON, most, np.nan))
    return NashPoints(found > 0, deal, gains, joint)


def _nash(line: Frontier) -> tuple[Floats, Floats, Floats, Floats]:
    """Return product, deal, gains and largest joint gain of every draw, among deals that leave both at least 0."""
    a, b = line.gains
    if a.shape[1] == 1:
        inside = (a[:, 0] > 0) & (b[:, 0] > 0)
        value = np.where(inside, a[:, 0] * b[:, 0], 0.0)
        return value, line.start.copy(), line.gains[:, :, 0], np.where(inside, a[:, 0] + b[:, 0], -np.inf)
    a0, b0, da, db = a[:, :-1], b[:, :-1], np.diff(a, axis=1), np.diff(b, axis=1)
    # Where both stay at 0 or more: the second gains enough from `first` on, the first not too little up to `last`.
    first = np.divide(-b0, db, out=np.where(b0 >= 0, 0.0, 2.0), where=db > 0)
    last = np.divide(-a0, da, out=np.where(a0 >= 0, 1.0, -1.0), where=da < 0)
    first, last = np.clip(first, 0, 2), np.clip(last, -1, 1)
    curve = -2 * da * db
    best = np.divide(a0 * db + b0 * da, curve, out=np.where(db > 0, 1.0, 0.0), where=curve > 0)
    best = np.minimum(np.maximum(best, first), last)
    inside = first <= last
    value = np.where(inside, np.maximum(a0 + best * da, 0) * np.maximum(b0 + best * db, 0), 0.0)
    at = value.argmax(axis=1)
    rows = np.arange(len(a))
    t = best[rows, at]
    gains = np.stack([a0[rows, at] + t * da[rows, at], b0[rows, at] + t * db[rows, at]])
    taken = np.clip(at[:, None] + t[:, None] - np.arange(a.shape[1] - 1), 0, 1)
    deal = line.start.copy()
    np.add.at(deal, (rows[:, None], line.issue[line.order]), taken * line.steps)
    ends = np.maximum(a0 + b0 + first * (da + db), a0 + b0 + last * (da + db))
    joint = np.where(inside, ends, -np.inf).max(axis=1)
    return value[rows, at], deal, gains, joint
