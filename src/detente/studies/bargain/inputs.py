"""Uncertain inputs of a bargain: which range holds on a day, draws from the ranges, and what levers change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from detente.argument.argument import Argument
from detente.argument.bargain_blocks import (
    BargainLeverSpec,
    BargainSpec,
    InputSpec,
    bounds_of,
    declared_inputs,
)
from detente.base.arrays import Floats
from detente.base.errors import ArgumentError, Fault
from detente.base.random import Stream, generator
from detente.studies.bargain.sobol import sobol_points
from detente.studies.bargain.zone import Terms


@dataclass(frozen=True)
class InputChange:
    """What differs from the declared bargain: inputs set or scaled, demands eased or dropped, sanctions lifted.

    Attributes
    ----------
    set, scale : mapping of str to float
        Inputs by dotted name; scaled values stay within what the input allows.
    ease : mapping of str to float
        Demands, and by what share of their issue's axis they move toward the other side.
    bend : mapping of (str, str) to float
        Limits by issue and side, and by what share of the issue's axis they move toward the other side.
    advance : mapping of (str, str) to float
        Issues by issue and side, and by what share of the way to the other side's ideal this side goes before any deal.
    lift : float
        Share of the sanctions stock lifted before any deal.
    offset : float
        Share of the sanctions stock a mediator's trade stands in for.
    keep : tuple of str or None
        Demands insisted on; None keeps all.
    by : str or None
        A mediator, whose reach bounds `ease` and `offset` in each draw.
    """

    set: Mapping[str, float]
    scale: Mapping[str, float]
    ease: Mapping[str, float]
    bend: Mapping[tuple[str, str], float] = field(default_factory=dict)
    advance: Mapping[tuple[str, str], float] = field(default_factory=dict)
    lift: float = 0.0
    offset: float = 0.0
    keep: tuple[str, ...] | None = None
    by: str | None = None


NO_CHANGE = InputChange({}, {}, {})


@dataclass(frozen=True)
class Inputs:
    """The inputs of a bargain as known on a day.

    Attributes
    ----------
    spec : BargainSpec
    principals : tuple of str
        The first and the second side; arrays keep this order.
    as_of : date
        Ranges, demands and levers known from a later day are left out.
    ranges : dict of str to tuple of float
        One, two or three numbers by dotted name, in the file's order.
    because : dict of str to str
        Where each range comes from.
    demands : tuple of str
        Demands known by `as_of`.
    """

    spec: BargainSpec
    principals: tuple[str, str]
    as_of: date
    ranges: dict[str, tuple[float, ...]]
    because: dict[str, str]
    demands: tuple[str, ...]

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the inputs that have a range and not a single value."""
        return tuple(name for name, r in self.ranges.items() if r[0] < r[-1])

    def values(self, quantiles: Floats) -> dict[str, Floats]:
        """Return every input at quantiles of shape (draw, uncertain input)."""
        columns = {name: quantiles[:, j] for j, name in enumerate(self.uncertain)}
        draws = len(quantiles)
        return {
            name: of_quantiles(r, columns[name]) if name in columns else np.full(draws, r[0])
            for name, r in self.ranges.items()
        }

    def middle(self) -> dict[str, Floats]:
        """Return every input at its median, as one draw."""
        return self.values(np.full((1, len(self.uncertain)), 0.5))


def known_day(argument: Argument, as_of: date) -> date:
    """Return the day, if the inputs of the argument's bargain were known by then.

    An input without a day of its own is known from the first day that the argument fits on, or else from its ``as_of``.

    Raises
    ------
    ArgumentError
        If the day is earlier.
    """
    first = argument.run.fit_from or argument.run.as_of
    if first is not None and as_of < first:
        hint = "inputs_from"
        raise ArgumentError(Fault("inputs_not_known", "as_of", got=as_of, hint=hint, first=first))
    return as_of


def inputs_of(spec: BargainSpec, principals: tuple[str, str], as_of: date) -> Inputs:
    """Choose for every input the range that was known on a day.

    Raises
    ------
    ArgumentError
        If an input other than a demand was not yet known.
    """
    ranges: dict[str, tuple[float, ...]] = {}
    because: dict[str, str] = {}
    faults = []
    for name, (given, _) in declared_inputs(spec).items():
        chosen = known_range(given, as_of)
        if chosen is not None:
            ranges[name], because[name] = chosen
        elif not name.endswith(".at"):
            hint = "earlier_range_or_later_day"
            faults.append(Fault("not_known_yet", f"bargain input {name}", got=as_of, hint=hint))
    if faults:
        raise ArgumentError(*faults)
    demands = tuple(name for name in spec.demands if f"{name}.at" in ranges)
    return Inputs(spec, principals, as_of, ranges, because, demands)


def known_range(given: InputSpec, as_of: date) -> tuple[tuple[float, ...], str] | None:
    """Return the latest range known on a day and its source, or None if none was."""
    found = None
    if given.known_from is None or given.known_from <= as_of:
        found = (given.range, given.because)
    for part in given.later:
        if part.known_from <= as_of:
            found = (part.range, part.because)
    return found


def of_quantiles(r: tuple[float, ...], u: Floats) -> Floats:
    """Return quantiles of a range: of a uniform law for two numbers, of a triangular one for three.

    Examples
    --------
    >>> (
    ...     of_quantiles((0.0, 2.0), np.array([0.25])).tolist(),
    ...     of_quantiles((0.0, 1.0, 2.0), np.array([0.5])).tolist(),
    ... )
    ([0.5], [1.0])
    """
    low, high = r[0], r[-1]
    if len(r) < 3 or low == high:
        return low + u * (high - low)
    mode, span = r[1], high - low
    left = low + np.sqrt(u * span * (mode - low))
    right = high - np.sqrt((1 - u) * span * (high - mode))
    return np.where(u * span < mode - low, left, right)


def low_discrepancy(draws: int, inputs: int, seed: int) -> Floats:
    """Return points of a Sobol sequence, shape (draw, input), shifted at random by the seed.

    The shift [cranley1976] keeps the even cover and makes the mean unbiased; points lie inside (0, 1).
    """
    if inputs == 0:
        return np.empty((draws, 0))
    size = max(int(draws - 1).bit_length(), 1)
    points = sobol_points(size, inputs)[:draws]
    shift = generator(seed, Stream.BARGAIN).random(inputs)
    return np.asarray(np.clip((points + shift) % 1.0, 1e-12, 1 - 1e-12))


def lever_change(inputs: Inputs, lever: BargainLeverSpec) -> InputChange:
    """Return what a declared lever changes."""
    keep = tuple(d for d in inputs.demands if d not in lever.drop) if lever.drop else None
    ease = {d: s for d, s in lever.ease.items() if d in inputs.demands}
    return InputChange(lever.set, lever.scale, ease, lift=lever.lift, keep=keep)


def known_levers(inputs: Inputs) -> dict[str, BargainLeverSpec]:
    """Return the levers that may be used on the day."""
    levers = inputs.spec.levers.items()
    return {n: lever for n, lever in levers if lever.known_from is None or lever.known_from <= inputs.as_of}


def terms_of(inputs: Inputs, values: Mapping[str, Floats], changes: Iterable[InputChange] = ()) -> Terms:
    """Lay values of the inputs out as the arrays of the zone, with changes applied one after the other."""
    spec = inputs.spec
    now = dict(values)
    none = np.zeros_like(now["war_chance"])
    eased = dict.fromkeys(inputs.demands, none)
    bent: dict[tuple[str, str], float] = {}
    ahead: dict[tuple[str, str], float] = {}
    insisted = set(inputs.demands)
    lift, offset = none, none
    for change in changes:
        for name, value in change.set.items():
            if name in now:
                now[name] = np.full_like(now[name], value)
        for name, factor in change.scale.items():
            if name in now:
                now[name] = now[name] * factor
        for name in {*change.set, *change.scale} & set(now):
            now[name] = np.clip(now[name], *bounds_of(spec, name))
        reach = now[f"{change.by}.reach"] if change.by is not None else np.inf
        for demand, share in change.ease.items():
            eased[demand] = eased[demand] + np.minimum(share, reach)
        for limit, share in change.bend.items():
            bent[limit] = bent.get(limit, 0.0) + share
        for step, share in change.advance.items():
            ahead[step] = ahead.get(step, 0.0) + share
        if change.keep is not None:
            insisted &= set(change.keep)
        lift, offset = lift + change.lift, offset + np.minimum(change.offset, reach)
    today = {name: _scaled(now[f"{name}.today"], issue.ends) for name, issue in spec.issues.items()}
    for (name, side), share in ahead.items():
        other = next(p for p in inputs.principals if p != side)
        goal = _scaled(now[f"{name}.{other}.ideal"], spec.issues[name].ends)
        today[name] = today[name] + min(share, 1.0) * (goal - today[name])
    if spec.sanctions is not None and (lift.any() or offset.any()):
        _lift(now, today, inputs, lift, offset)
    return _laid_out(inputs, now, today, {d: eased[d] for d in inputs.demands if d in insisted}, bent)


def _scaled(values: Floats, ends: tuple[float, float]) -> Floats:
    return (values - ends[0]) / (ends[1] - ends[0])


def _lift(
    now: dict[str, Floats], today: dict[str, Floats], inputs: Inputs, lift: Floats, offset: Floats
) -> None:
    """Take a share off the sanctions stock: less pressure and less to gain for one side, more belief in the other.

    Only the holder's own lift restores its credibility; a mediator's trade does not. A negative share adds sanctions.
    """
    stock = inputs.spec.sanctions
    if stock is None:
        return
    share = np.minimum(lift + offset, 1.0)
    rest = 1.0 - share
    now[f"{stock.on}.pressure"] = np.clip(now[f"{stock.on}.pressure"] * rest, 0, 1)
    now[f"{stock.on}.sanctions_cost"] = now[f"{stock.on}.sanctions_cost"] * rest
    point = today[stock.issue]
    goal = _scaled(now[f"{stock.issue}.{stock.on}.ideal"], inputs.spec.issues[stock.issue].ends)
    today[stock.issue] = np.clip(point + share * (goal - point), 0, 1)
    trust = now[f"{stock.by}.credibility"]
    now[f"{stock.by}.credibility"] = np.clip(
        trust + lift * now["sanctions.restores"] * np.where(lift > 0, 1 - trust, trust), 0, 1
    )


def _laid_out(
    inputs: Inputs,
    now: Mapping[str, Floats],
    today: Mapping[str, Floats],
    demands: Mapping[str, Floats],
    bent: Mapping[tuple[str, str], float],
) -> Terms:
    spec, sides = inputs.spec, inputs.principals
    draws = len(now["war_chance"])
    shape = (2, draws, len(spec.issues))
    weight, ideal = np.empty(shape), np.empty(shape)
    low, high = np.zeros(shape[1:]), np.ones(shape[1:])
    for q, (name, issue) in enumerate(spec.issues.items()):
        for i, side in enumerate(sides):
            weight[i, :, q] = now[f"{name}.{side}.weight"]
            ideal[i, :, q] = _scaled(now[f"{name}.{side}.ideal"], issue.ends)
        for i, side in enumerate(sides):
            bars = []
            if f"{name}.{side}.limit" in now:
                bars.append((f"{name}.{side}.limit", np.full(draws, bent.get((name, side), 0.0))))
            for demand, share in demands.items():
                if (spec.demands[demand].by, spec.demands[demand].issue) == (side, name):
                    bars.append((f"{demand}.at", share))
            upward = (
                ideal[i, :, q] >= ideal[1 - i, :, q]
            )  # it would rather have more of the axis than the other
            for bar, eased in bars:
                point = _scaled(now[bar], issue.ends)
                low[:, q] = np.where(upward, np.maximum(low[:, q], point - eased), low[:, q])
                high[:, q] = np.where(upward, high[:, q], np.minimum(high[:, q], point + eased))
    total = weight.sum(axis=2, keepdims=True)
    if not (total > 0).all():
        raise ArgumentError(Fault("no_weight", "bargain weights", hint="give_weight"))

    def both(field: str) -> Floats:
        return np.stack([now[f"{side}.{field}"] for side in sides])

    belief = both("credibility")[::-1].copy()  # what a side gains are the other's promises
    # So is the end of what no deal costs: a deal spares it only as far as the other is believed.
    spared = both("sanctions_cost") + both("hostility_cost") + now["war_chance"] * both("war_cost")
    payment = np.ones((2, draws))
    for i, side in enumerate(sides):
        if f"{side}.taboo_share" in now:
            share = now[f"{side}.taboo_share"]
            payment[i] = 1 - share + share * now[f"{side}.taboo_value"]
    return Terms(
        weight=weight / total,
        ideal=ideal,
        today=np.stack([today[name] for name in spec.issues], axis=1),
        low=low,
        high=high,
        belief=belief,
        burden=1 + both("dignity") * both("pressure") + both("audience") * both("loss"),
        payment=payment,
        cost=belief * spared,
        sacred=np.array([[issue.stakes[s].sacred for issue in spec.issues.values()] for s in sides]),
        material=np.array([issue.material for issue in spec.issues.values()]),
    )


def bytes_of_draw(inputs: Inputs) -> int:
    """Return the memory that a study of a bargain is expected to need for one draw, in bytes.

    Notes
    -----
    Calibrated on what peak memory grew by over that of 64 draws, in bytes a draw: us-iran (56 inputs, 5 issues) 3,719
    (estimated 4,292), panama-canal (69 inputs, 10 issues) 6,247 (7,208).
    """
    return 32 * len(inputs.ranges) + 500 * len(inputs.spec.issues)


def with_quantiles(inputs: Inputs, draws: int, seed: int) -> dict[str, Floats]:
    """Return every input over draws of a low-discrepancy sequence, each of shape (draw,)."""
    return inputs.values(low_discrepancy(draws, len(inputs.uncertain), seed))


def dropping(inputs: Inputs, demand: str) -> InputChange:
    """Return the change that drops one demand."""
    return replace(NO_CHANGE, keep=tuple(d for d in inputs.demands if d != demand))
