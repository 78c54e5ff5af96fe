"""Checks of the ``bargain:`` block: names that refer to each other, ranges out of bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.argument.bargain_blocks import (
    BargainSpec,
    CrisisSpec,
    InputSpec,
    LaterSpec,
    bounds_of,
    declared_inputs,
)
from detente.argument.faults import Faults
from detente.argument.yaml_lines import Path_


def check_bargain(faults: Faults) -> None:
    """Add what no single field of the block can know."""
    spec, sides = faults.argument.bargain, faults.argument.principals
    if spec is None:
        return
    if not sides:
        faults.add(("bargain",), "needs_principals")
        return
    _names(faults, spec, sides)
    _issues(faults, spec, sides)
    _sanctions(faults, spec, sides)
    _standoff(faults, spec, sides)
    inputs = declared_inputs(spec)
    for name, (entry, place) in inputs.items():
        if name.endswith(".at") and spec.demands[name[:-3]].issue not in spec.issues:
            continue  # reported with the demand
        _ranges(faults, ("bargain", *place), entry, *bounds_of(spec, name))
    _levers(faults, spec, inputs)


def _names(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    for side in spec.sides:
        faults.unless_in(("bargain", "sides", side), side, sides, "not_a_principal")
    names = [*spec.issues, *spec.demands, *spec.sides, *spec.mediators]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.add(("bargain",), "shared_name", name)


def _issues(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    for name, issue in spec.issues.items():
        at: Path_ = ("bargain", "issues", name)
        if issue.ends[0] == issue.ends[1]:
            faults.add((*at, "ends"), "same_ends", issue.ends)
        for side, stake in issue.stakes.items():
            faults.unless_in((*at, "stakes", side), side, sides, "not_a_principal")
            if stake.sacred and side in spec.sides and spec.sides[side].taboo_share is None:
                faults.add((*at, "stakes", side, "sacred"), "sacred_without_taboo", side=side)
    for name, demand in spec.demands.items():
        faults.unless_in(("bargain", "demands", name, "by"), demand.by, sides, "not_a_principal")
        faults.unless_in(("bargain", "demands", name, "issue"), demand.issue, spec.issues, "not_an_issue")
    for name, mediator in spec.mediators.items():
        for bridged in mediator.bridges:
            faults.unless_in(("bargain", "mediators", name, "bridges"), bridged, spec.issues, "not_an_issue")
        if mediator.offsets and spec.sanctions is None:
            faults.add(("bargain", "mediators", name, "offsets"), "needs_block", name, block="sanctions")
    for name, side_spec in spec.sides.items():
        if (side_spec.taboo_share is None) != (side_spec.taboo_value is None):
            both = {"one": "taboo_share", "other": "taboo_value"}
            faults.add(("bargain", "sides", name), "both_or_neither", name, **both)


def _sanctions(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    if spec.sanctions is None:
        return
    at: Path_ = ("bargain", "sanctions")
    for field in ("by", "on"):
        faults.unless_in((*at, field), getattr(spec.sanctions, field), sides, "not_a_principal")
    faults.unless_in((*at, "issue"), spec.sanctions.issue, spec.issues, "not_an_issue")
    if spec.sanctions.by == spec.sanctions.on:
        faults.add((*at, "on"), "not_the_other_principal", spec.sanctions.on)


def _standoff(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    if spec.standoff is None:
        return
    at: Path_ = ("bargain", "standoff")
    for field in ("challenger", "target"):
        faults.unless_in((*at, field), getattr(spec.standoff, field), sides, "not_a_principal")
    for field in CrisisSpec.model_fields:
        given = getattr(spec.standoff, field)
        if isinstance(given, InputSpec):
            _ranges(faults, (*at, field), given, -1e6, 1e6)


def _levers(faults: Faults, spec: BargainSpec, inputs: Mapping[str, object]) -> None:
    for name, lever in spec.levers.items():
        at: Path_ = ("bargain", "levers", name)
        for field in ("set", "scale"):
            for changed in getattr(lever, field):
                faults.unless_in((*at, field, changed), changed, inputs, "not_an_input")
        for field, given in (("drop", lever.drop), ("ease", tuple(lever.ease))):
            for demand in given:
                faults.unless_in((*at, field), demand, spec.demands, "not_a_demand")
        if lever.lift and spec.sanctions is None:
            faults.add((*at, "lift"), "needs_block", lever.lift, block="sanctions")


def _ranges(faults: Faults, at: Path_, given: InputSpec, low: float, high: float) -> None:
    days = [given.known_from] if given.known_from else []
    parts: tuple[InputSpec | LaterSpec, ...] = (given, *given.later)
    for i, part in enumerate(parts):
        where = (*at, "range") if i == 0 else (*at, "later", i - 1, "range")
        if list(part.range) != sorted(part.range):
            faults.add(where, "not_ascending", list(part.range))
        elif part.range[0] < low or part.range[-1] > high:
            faults.add(where, "out_of_range", list(part.range), low=low, high=high)
        if i:
            days.append(given.later[i - 1].known_from)
    if days != sorted(set(days)):
        faults.add((*at, "later"), "not_chronological", days)
