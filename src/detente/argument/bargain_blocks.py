"""The ``bargain:`` block of an argument: issues, demands, sides, levers, mediators and the crisis game.

`argument` imports this module, so the parts here have a base of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from detente.base.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from detente.argument.yaml_lines import Path_

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Range = Annotated[tuple[Number, ...], Field(min_length=1, max_length=3)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class LaterSpec(_Part):
    """A range that takes the place of an earlier one from a day on."""

    range: Range
    because: Text
    known_from: date


class InputSpec(_Part):
    """An uncertain number with its source: fixed, uniform between two numbers, or triangular on three."""

    range: Range = Field(description="[x], [low, high] or [low, likely, high]")
    because: Text = Field(description="paragraph, source or the word assumption with a reason")
    known_from: date | None = Field(None, description="first day it may be used; absent for what always held")
    later: tuple[LaterSpec, ...] = Field(
        (), description="ranges that replace it, each from its known_from on"
    )


class StakeSpec(_Part):
    """What one side has at stake on one issue."""

    weight: InputSpec = Field(description="importance; weights of a side are scaled to sum to 1")
    ideal: InputSpec = Field(description="the point on the axis it likes best")
    limit: InputSpec | None = Field(None, description="red line: the furthest point it accepts")
    sacred: bool = Field(False, description="conceding it for material gain makes the gain worth less")


class IssueSpec(_Part):
    """One issue: an axis with two ends, where things stand today, and each side's stake."""

    text: Text
    ends: tuple[Number, Number] = (0.0, 1.0)
    means: tuple[Text, Text] = Field(description="what the two ends mean")
    today: InputSpec = Field(description="where things stand without a deal")
    material: bool = Field(
        False, description="money or goods: a side payment where a sacred issue is conceded"
    )
    stakes: dict[Name, StakeSpec] = Field(min_length=2, max_length=2)


class DemandSpec(_Part):
    """A point one side insists on: no deal short of it."""

    by: Name
    issue: Name
    at: InputSpec
    text: Text


class SideSpec(_Part):
    """What bears on one side whatever the issue; shares are of all it has at stake, 0 to 1."""

    pressure: InputSpec = Field(description="pressure it is under, 0 to 1")
    dignity: InputSpec = Field(description="what full pressure adds to the cost of conceding, as a multiple")
    credibility: InputSpec = Field(description="share of its promises the other side believes")
    audience: InputSpec = Field(
        description="what a full symbolic loss adds to the cost of conceding, as a multiple"
    )
    loss: InputSpec = Field(description="recent symbolic loss, 0 to 1")
    sanctions_cost: InputSpec = Field(description="what going on with sanctions costs it without a deal")
    hostility_cost: InputSpec = Field(description="what going on with hostility costs it without a deal")
    war_cost: InputSpec = Field(description="what war would cost it")
    taboo_share: InputSpec | None = Field(
        None, description="share of its deciders for whom a sacred issue is not for sale"
    )
    taboo_value: InputSpec | None = Field(
        None, description="what a unit of payment for a sacred issue is worth to those, 0 or less"
    )


class SanctionsSpec(_Part):
    """Who holds the sanctions stock, whom it presses, and the issue that is about lifting it."""

    by: Name
    on: Name
    issue: Name
    restores: InputSpec = Field(
        description="share of the holder's lost credibility that lifting all would restore"
    )


class LeverSpec(_Part):
    """A declared change of inputs; what it does not name stays."""

    text: Text
    because: Text
    known_from: date | None = None
    set: dict[str, Number] = {}
    scale: dict[str, Number] = {}
    ease: dict[Name, Share] = Field({}, description="demands moved by a share of their issue's axis")
    drop: tuple[Name, ...] = Field((), description="demands no longer insisted on")
    lift: Annotated[float, Field(allow_inf_nan=False, ge=-1, le=1)] = Field(
        0.0, description="share of the sanctions stock lifted in advance; negative for new sanctions"
    )


class MediatorSpec(_Part):
    """What a third party can bring: a share of the sanctions stock offset, or of an issue's axis bridged."""

    reach: InputSpec = Field(description="largest share it can offset or bridge")
    offsets: bool = Field(False, description="its trade can stand in for sanctions lifted")
    bridges: tuple[Name, ...] = Field(
        (), description="issues on which its guarantees can stand in for a concession"
    )


class CrisisSpec(_Part):
    """Payoffs of the crisis game: a challenger A, a target B; see `detente.studies.bargain.crisis_game.Stakes`."""

    challenger: Name
    target: Name
    status_quo_a: InputSpec
    prize_a: InputSpec
    war_a: InputSpec
    audience_a: InputSpec
    concede_b: InputSpec
    prize_b: InputSpec
    war_b: InputSpec


class BargainSpec(_Part):
    """A bargain between two principals over several issues."""

    draws: Annotated[int, Field(ge=2, le=1_000_000)] | None = None
    issues: dict[Name, IssueSpec] = Field(min_length=1, max_length=12)
    demands: dict[Name, DemandSpec] = {}
    sides: dict[Name, SideSpec] = Field(min_length=2, max_length=2)
    war_chance: InputSpec
    sanctions: SanctionsSpec | None = None
    levers: dict[Name, LeverSpec] = {}
    mediators: dict[Name, MediatorSpec] = {}
    standoff: CrisisSpec | None = Field(None, description="payoffs of the crisis game")


RATES = (
    "pressure",
    "credibility",
    "loss",
    "taboo_share",
    "reach",
    "restores",
    "war_chance",
)
POSITIVE = ("weight", "dignity", "audience", "sanctions_cost", "hostility_cost", "war_cost")


def declared_inputs(spec: BargainSpec) -> dict[str, tuple[InputSpec, Path_]]:
    """Return every input by its dotted name, such as ``missiles.IRN.weight``, with its place in the block.

    The crisis game's payoffs are not among them: they have no bearing on the zone.
    """
    out: dict[str, tuple[InputSpec, Path_]] = {}

    def take(part: Any, fields: tuple[str, ...], name: str, at: Path_) -> None:
        for field in fields:
            given = getattr(part, field)
            if given is not None:
                out[f"{name}.{field}" if name else field] = (given, (*at, field))

    for name, issue in spec.issues.items():
        take(issue, ("today",), name, ("issues", name))
        for side, stake in issue.stakes.items():
            take(stake, ("weight", "ideal", "limit"), f"{name}.{side}", ("issues", name, "stakes", side))
    for name, demand in spec.demands.items():
        take(demand, ("at",), name, ("demands", name))
    for name, side_spec in spec.sides.items():
        take(side_spec, tuple(SideSpec.model_fields), name, ("sides", name))
    take(spec, ("war_chance",), "", ())
    if spec.sanctions is not None:
        take(spec.sanctions, ("restores",), "sanctions", ("sanctions",))
    for name, mediator in spec.mediators.items():
        take(mediator, ("reach",), name, ("mediators", name))
    return out


def bounds_of(spec: BargainSpec, name: str) -> tuple[float, float]:
    """Return the least and the largest value an input may take."""
    first, _, last = name.rpartition(".")
    if last in RATES:
        return 0.0, 1.0
    if last in POSITIVE:
        return 0.0, 1e6
    if last == "taboo_value":
        return -1e6, 0.0
    issue = spec.demands[first].issue if last == "at" else first.split(".")[0]
    low, high = sorted(spec.issues[issue].ends)
    return low, high


def check_bargain(
    spec: BargainSpec, principals: tuple[str, str] | None, fault: Callable[..., Fault]
) -> Iterator[Fault]:
    """Yield what no single field of the block can know: names that refer to each other, ranges out of bounds."""
    sides = principals or ()
    if not sides:
        yield fault(("bargain",), "must stand in an argument that names its principals", None)
        return

    def known(at: Path_, got: object, choices: Any, what: str) -> Iterator[Fault]:
        if got not in choices:
            yield fault(("bargain", *at), f"must be {what}", got, choices)

    for side in spec.sides:
        yield from known(("sides", side), side, sides, "one of the principals")
    names = [*spec.issues, *spec.demands, *spec.sides, *spec.mediators]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield fault(
            ("bargain",), "must not use one name for two of issues, demands, sides and mediators", name
        )
    for name, issue in spec.issues.items():
        if issue.ends[0] == issue.ends[1]:
            yield fault(("bargain", "issues", name, "ends"), "must be two different numbers", issue.ends)
        for side in issue.stakes:
            yield from known(("issues", name, "stakes", side), side, sides, "one of the principals")
            stake = issue.stakes[side]
            if stake.sacred and side in spec.sides and spec.sides[side].taboo_share is None:
                hint = f"{side} needs taboo_share and taboo_value"
                yield fault(("bargain", "issues", name, "stakes", side, "sacred"), "needs a taboo", hint)
    for name, demand in spec.demands.items():
        yield from known(("demands", name, "by"), demand.by, sides, "one of the principals")
        yield from known(("demands", name, "issue"), demand.issue, spec.issues, "an issue of the bargain")
    for name, mediator in spec.mediators.items():
        for issue_name in mediator.bridges:
            at = ("mediators", name, "bridges")
            yield from known(at, issue_name, spec.issues, "an issue of the bargain")
        if mediator.offsets and spec.sanctions is None:
            yield fault(("bargain", "mediators", name, "offsets"), "needs a sanctions block", name)
    for name, side_spec in spec.sides.items():
        if (side_spec.taboo_share is None) != (side_spec.taboo_value is None):
            at = ("bargain", "sides", name)
            yield fault(at, "must have both or neither of taboo_share and taboo_value", name)
    if spec.sanctions is not None:
        for field in ("by", "on"):
            yield from known(
                ("sanctions", field), getattr(spec.sanctions, field), sides, "one of the principals"
            )
        yield from known(("sanctions", "issue"), spec.sanctions.issue, spec.issues, "an issue of the bargain")
        if spec.sanctions.by == spec.sanctions.on:
            yield fault(("bargain", "sanctions", "on"), "must be the other principal", spec.sanctions.on)
    if spec.standoff is not None:
        for field in ("challenger", "target"):
            yield from known(
                ("standoff", field), getattr(spec.standoff, field), sides, "one of the principals"
            )
        for field in CrisisSpec.model_fields:
            given = getattr(spec.standoff, field)
            if isinstance(given, InputSpec):
                yield from _ranges(("bargain", "standoff", field), given, -1e6, 1e6, fault)
    inputs = declared_inputs(spec)
    for name, (entry, place) in inputs.items():
        if name.endswith(".at") and spec.demands[name[:-3]].issue not in spec.issues:
            continue  # told above
        low, high = bounds_of(spec, name)
        yield from _ranges(("bargain", *place), entry, low, high, fault)
    yield from _levers(spec, inputs, fault)


def _levers(spec: BargainSpec, inputs: Mapping[str, object], fault: Callable[..., Fault]) -> Iterator[Fault]:
    for name, lever in spec.levers.items():
        at: Path_ = ("bargain", "levers", name)
        for field in ("set", "scale"):
            for changed in getattr(lever, field):
                if changed not in inputs:
                    yield fault((*at, field, changed), "must be an input of the bargain", changed, inputs)
        for field, given in (("drop", lever.drop), ("ease", tuple(lever.ease))):
            for demand in given:
                if demand not in spec.demands:
                    yield fault((*at, field), "must be a demand of the bargain", demand, spec.demands)
        if lever.lift and spec.sanctions is None:
            yield fault((*at, "lift"), "needs a sanctions block", lever.lift)


def _ranges(
    at: Path_, given: InputSpec, low: float, high: float, fault: Callable[..., Fault]
) -> Iterator[Fault]:
    days = [given.known_from] if given.known_from else []
    parts: tuple[InputSpec | LaterSpec, ...] = (given, *given.later)
    for i, part in enumerate(parts):
        where = (*at, "range") if i == 0 else (*at, "later", i - 1, "range")
        if list(part.range) != sorted(part.range):
            yield fault(where, "must be in rising order", list(part.range))
        elif part.range[0] < low or part.range[-1] > high:
            yield fault(where, f"must lie within {low:g} and {high:g}", list(part.range))
        if i:
            days.append(given.later[i - 1].known_from)
    if days != sorted(set(days)):
        yield fault((*at, "later"), "must follow each other by known_from", [d.isoformat() for d in days])
