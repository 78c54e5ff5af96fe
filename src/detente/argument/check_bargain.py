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

_PRINCIPAL = "must be one of the principals"
_ISSUE = "must be an issue of the bargain"


def check_bargain(faults: Faults) -> None:
    """Add what no single field of the block can know."""
    spec, sides = faults.argument.bargain, faults.argument.principals
    if spec is None:
        return
    if not sides:
        faults.add(("bargain",), "needs the argument's principals")
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
        faults.unless_in(("bargain", "sides", side), side, sides, _PRINCIPAL)
    names = [*spec.issues, *spec.demands, *spec.sides, *spec.mediators]
    for name in sorted({n for n in names if names.count(n) > 1}):
        rule = "must not use one name for two of issues, demands, sides and mediators"
        faults.add(("bargain",), rule, name)


def _issues(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    for name, issue in spec.issues.items():
        at: Path_ = ("bargain", "issues", name)
        if issue.ends[0] == issue.ends[1]:
            faults.add((*at, "ends"), "must be two different numbers", issue.ends)
        for side, stake in issue.stakes.items():
            faults.unless_in((*at, "stakes", side), side, sides, _PRINCIPAL)
            if stake.sacred and side in spec.sides and spec.sides[side].taboo_share is None:
                got = f"{side} needs taboo_share and taboo_value"
                faults.add((*at, "stakes", side, "sacred"), "needs a taboo", got)
    for name, demand in spec.demands.items():
        faults.unless_in(("bargain", "demands", name, "by"), demand.by, sides, _PRINCIPAL)
        faults.unless_in(("bargain", "demands", name, "issue"), demand.issue, spec.issues, _ISSUE)
    for name, mediator in spec.mediators.items():
        for bridged in mediator.bridges:
            faults.unless_in(("bargain", "mediators", name, "bridges"), bridged, spec.issues, _ISSUE)
        if mediator.offsets and spec.sanctions is None:
            faults.add(("bargain", "mediators", name, "offsets"), "needs a sanctions block", name)
    for name, side_spec in spec.sides.items():
        if (side_spec.taboo_share is None) != (side_spec.taboo_value is None):
            rule = "must have both or neither of taboo_share and taboo_value"
            faults.add(("bargain", "sides", name), rule, name)


def _sanctions(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    if spec.sanctions is None:
        return
    at: Path_ = ("bargain", "sanctions")
    for field in ("by", "on"):
        faults.unless_in((*at, field), getattr(spec.sanctions, field), sides, _PRINCIPAL)
    faults.unless_in((*at, "issue"), spec.sanctions.issue, spec.issues, _ISSUE)
    if spec.sanctions.by == spec.sanctions.on:
        faults.add((*at, "on"), "must be the other principal", spec.sanctions.on)


def _standoff(faults: Faults, spec: BargainSpec, sides: Iterable[str]) -> None:
    if spec.standoff is None:
        return
    at: Path_ = ("bargain", "standoff")
    for field in ("challenger", "target"):
        faults.unless_in((*at, field), getattr(spec.standoff, field), sides, _PRINCIPAL)
    for field in CrisisSpec.model_fields:
        given = getattr(spec.standoff, field)
        if isinstance(given, InputSpec):
            _ranges(faults, (*at, field), given, -1e6, 1e6)


def _levers(faults: Faults, spec: BargainSpec, inputs: Mapping[str, object]) -> None:
    for name, lever in spec.levers.items():
        at: Path_ = ("bargain", "levers", name)
        for field in ("set", "scale"):
            for changed in getattr(lever, field):
                faults.unless_in((*at, field, changed), changed, inputs, "must be an input of the bargain")
        for field, given in (("drop", lever.drop), ("ease", tuple(lever.ease))):
            for demand in given:
                faults.unless_in((*at, field), demand, spec.demands, "must be a demand of the bargain")
        if lever.lift and spec.sanctions is None:
            faults.add((*at, "lift"), "needs a sanctions block", lever.lift)


def _ranges(faults: Faults, at: Path_, given: InputSpec, low: float, high: float) -> None:
    days = [given.known_from] if given.known_from else []
    parts: tuple[InputSpec | LaterSpec, ...] = (given, *given.later)
    for i, part in enumerate(parts):
        where = (*at, "range") if i == 0 else (*at, "later", i - 1, "range")
        if list(part.range) != sorted(part.range):
            faults.add(where, "must be in rising order", list(part.range))
        elif part.range[0] < low or part.range[-1] > high:
            faults.add(where, f"must lie within {low:g} and {high:g}", list(part.range))
        if i:
            days.append(given.later[i - 1].known_from)
    if days != sorted(set(days)):
        got = [d.isoformat() for d in days]
        faults.add((*at, "later"), "must be in chronological order of known_from", got)
