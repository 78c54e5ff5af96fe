"""The ``bargain:`` block of an argument: issues, demands, sides, levers, mediators and the crisis game.

`argument` imports this module, so the parts here have a base of their own.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

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


class BargainLeverSpec(_Part):
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
    levers: dict[Name, BargainLeverSpec] = {}
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
