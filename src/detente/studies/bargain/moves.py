"""Opening moves: the smallest step an actor can take alone after which a deal is at least as likely as not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from detente.base.arrays import Floats
from detente.studies.bargain.inputs import NO_CHANGE, InputChange, Inputs, terms_of
from detente.studies.bargain.zone import open_zones

TARGET = 0.5  # a move opens the zone if it is open in at least this share of draws
GRID = tuple(i / 10 for i in range(11))
_FINE = 0.004  # relative; below the 1 % by which a smaller move must fail
LEAST = 1e-6  # a share told where any move at all opens the zone


@dataclass(frozen=True)
class OpeningMove:
    """One kind of move by one actor, and the smallest size at which it opens the zone.

    Attributes
    ----------
    actor, move : str
        Who moves, and a stable name.
    kind : str
        ``ease`` (one demand), ``ease all``, ``bend`` (one limit), ``bend all``, ``give way`` (all demands and limits),
        ``advance`` (steps on one issue before any deal), ``advance all``, ``lift`` (sanctions before any deal),
        ``bridge`` (a mediator's guarantees) or ``offset`` (a mediator's trade for sanctions).
    demand, issue : str
        Which is eased, bent or bridged; empty where it is none or all.
    share : float or None
        Smallest share, 0 to 1; 0 if the zone is open without it, None if no share opens it.
    chance : float
        Chance of an open zone at `share`, or the highest seen on the grid if there is none.
    at : float
        The share that `chance` is told of.
    curve : tuple of (share, chance)
        The chance along the grid.
    """

    actor: str
    move: str
    kind: str
    demand: str
    issue: str
    share: float | None
    chance: float
    at: float
    curve: tuple[tuple[float, float], ...]

    @property
    def idle(self) -> bool:
        """Whether no size of it changes the chance."""
        return len({chance for _, chance in self.curve}) == 1


@dataclass(frozen=True)
class MoveKind:
    """A kind of move: what a share of it changes; see `OpeningMove`."""

    actor: str
    kind: str
    demand: str
    issue: str
    change: Callable[[float], InputChange]

    @property
    def move(self) -> str:
        """Stable name of the move."""
        return " ".join(filter(None, (self.kind, self.demand or self.issue)))


def move_kinds(inputs: Inputs) -> Iterator[MoveKind]:
    """Yield every kind of move; both sides have the same kinds, as far as they have demands, limits and sanctions.

    Demands eased and limits bent, one by one and together, all of both alike, steps before any deal on each issue on
    which something is asked of a side and on all (of sanctions in force, lifting them), and mediation.
    """
    spec = inputs.spec
    for side in inputs.principals:
        own = [d for d in inputs.demands if spec.demands[d].by == side]
        for demand in own:
            issue = spec.demands[demand].issue
            yield MoveKind(side, "ease", demand, issue, _easing((demand,)))
        if len(own) > 1:
            yield MoveKind(side, "ease all", "", "", _easing(tuple(own)))
        limits = [name for name in spec.issues if f"{name}.{side}.limit" in inputs.ranges]
        for issue in limits:
            yield MoveKind(side, "bend", "", issue, _bending(side, (issue,)))
        if len(limits) > 1:
            yield MoveKind(side, "bend all", "", "", _bending(side, tuple(limits)))
        if own and limits:
            yield MoveKind(side, "give way", "", "", _bending(side, tuple(limits), tuple(own)))
        held = spec.sanctions.issue if spec.sanctions is not None and spec.sanctions.by == side else None
        steps = [issue for issue in _asked_of(inputs, side) if issue != held]
        for issue in steps:
            yield MoveKind(side, "advance", "", issue, _advancing(side, (issue,)))
        if len(steps) > 1:
            yield MoveKind(side, "advance all", "", "", _advancing(side, tuple(steps)))
        if held is not None:
            yield MoveKind(side, "lift", "", "", _lifting)
    for name, mediator in spec.mediators.items():
        for issue in mediator.bridges:
            about = tuple(d for d in inputs.demands if spec.demands[d].issue == issue)
            if about:
                yield MoveKind(name, "bridge", "", issue, _easing(about, name))
        if mediator.offsets:
            yield MoveKind(name, "offset", "", "", _offsetting(name))


def _easing(demands: tuple[str, ...], by: str | None = None) -> Callable[[float], InputChange]:
    return lambda share: replace(NO_CHANGE, ease=dict.fromkeys(demands, share), by=by)


def _bending(
    side: str, issues: tuple[str, ...], demands: tuple[str, ...] = ()
) -> Callable[[float], InputChange]:
    limits = [(issue, side) for issue in issues]
    return lambda share: replace(
        NO_CHANGE, bend=dict.fromkeys(limits, share), ease=dict.fromkeys(demands, share)
    )


def _asked_of(inputs: Inputs, side: str) -> list[str]:
    """Return the issues on which something is asked of a side: it has a limit there, or the other side a demand."""
    theirs = {d.issue for name in inputs.demands if (d := inputs.spec.demands[name]).by != side}
    return [i for i in inputs.spec.issues if i in theirs or f"{i}.{side}.limit" in inputs.ranges]


def _advancing(side: str, issues: tuple[str, ...]) -> Callable[[float], InputChange]:
    steps = [(issue, side) for issue in issues]
    return lambda share: replace(NO_CHANGE, advance=dict.fromkeys(steps, share))


def _lifting(share: float) -> InputChange:
    return replace(NO_CHANGE, lift=share)


def _offsetting(name: str) -> Callable[[float], InputChange]:
    return lambda share: replace(NO_CHANGE, offset=share, by=name)


def chance_open(inputs: Inputs, values: Mapping[str, Floats], changes: tuple[InputChange, ...] = ()) -> float:
    """Return the share of draws in which the zone is open."""
    return float(open_zones(terms_of(inputs, values, changes)).mean())


def smallest_share(
    chance: Callable[[float], float], grid: tuple[float, ...] = GRID
) -> tuple[float | None, list[float]]:
    """Return the smallest share at which a chance reaches one half, and the chance along the grid.

    The chance need not rise with the share: lifting sanctions eases pressure but also leaves less to gain. The first
    crossing on the grid is halved until it is known to less than 1 %; then a share 1 % smaller is tried until it fails.
    Where any move at all opens the zone no share is the smallest, and `LEAST` is told.

    Examples
    --------
    >>> share, _ = smallest_share(lambda s: 0.9 if s >= 0.37 else 0.1)
    >>> 0.37 <= share < 0.37 / 0.99
    True
    """
    curve = [chance(s) for s in grid]
    if curve[0] >= TARGET:
        return 0.0, curve
    first = next((i for i, p in enumerate(curve) if p >= TARGET), None)
    if first is None:
        return None, curve
    low, high = grid[first - 1], grid[first]
    if chance(LEAST) >= TARGET:
        return LEAST, curve
    low = max(low, LEAST)
    while high - low > _FINE * high:
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= TARGET else (middle, high)
    while chance(0.99 * high) >= TARGET:
        high *= 0.99
    return high, curve


def opening_move(
    inputs: Inputs, values: Mapping[str, Floats], step: MoveKind, base: tuple[InputChange, ...] = ()
) -> OpeningMove:
    """Find the smallest size of one kind of move, on top of changes already made."""
    share, curve = smallest_share(lambda s: chance_open(inputs, values, (*base, step.change(s))))
    best = int(np.argmax(curve))
    at = GRID[best] if share is None else share
    chance = curve[best] if share is None else chance_open(inputs, values, (*base, step.change(share)))
    points = tuple(zip(GRID, curve, strict=True))
    return OpeningMove(step.actor, step.move, step.kind, step.demand, step.issue, share, chance, at, points)
