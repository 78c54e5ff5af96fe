"""Rows of the event study over other rivalries, as the protocol or an argument declares them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from detente.argument.fields import Name, Spec, Text

Condition = Annotated[str, Field(pattern=r"^[a-z_]+ (==|!=|<=|>=|<|>) -?[0-9]+(\.[0-9]+)?$")]
Units = Literal["disputes", "months", "crises", "pair_years", "cases"]
Event = Literal["leader_change", "mediation", "sanction_imposed", "sanction_ended"]
Measure = Literal["disputes", "own_disputes", "own_force", "crises", "agreements"]

# The events that single out the episodes of each kind of unit; conditions on its fields do so where it has none.
EVENTS: dict[str, tuple[str, ...]] = {
    "disputes": (),
    "months": ("leader_change",),
    "crises": ("mediation",),
    "pair_years": ("sanction_imposed", "sanction_ended"),
    "cases": (),
}
NEEDS_EVENT = ("months", "pair_years")


class OutcomeSpec(Spec):
    """What is compared after episodes and controls: a measure in a window, or a field of the unit itself."""

    measure: Measure | None = Field(None, description="dated acts of the pair, counted in the window")
    field: Name | None = Field(None, description="a field of the unit that is yes or no")
    from_: Annotated[int, Field(ge=1, le=600)] | None = Field(
        None, alias="from", description="first month, or year of pair-years, of the window"
    )
    until: Annotated[int, Field(ge=1, le=600)] | None = Field(None, description="its last one")
    as_: Literal["count", "any", "share"] = Field(
        alias="as", description="how many (ratio of rates), whether any (ratio of chances), or share (odds)"
    )
    after: Literal["start", "end"] = Field("start", description="what the window counts from")

    @model_validator(mode="after")
    def _one_way(self) -> OutcomeSpec:
        dated = self.measure is not None
        if dated == (self.field is not None):
            raise ValueError("needs exactly one of measure and field")
        if dated and (self.from_ is None or self.until is None or self.from_ > self.until):
            raise ValueError("needs from and until, in this order")
        if dated == (self.as_ == "share"):
            raise ValueError("needs as: share with field, and count or any with measure")
        return self


class EvidenceRow(Spec):
    """One claim as a comparison: episodes against controls of the same cell, and what followed both."""

    id: Name
    text: Text
    sign: Literal["+", "-"] = Field(description="whether the claim says that the ratio is above or below 1")
    units: Units
    pairs: Literal["rivalries", "all"] = Field("rivalries", description="which pairs count, of crises")
    among: tuple[Condition, ...] = Field((), description="what every unit must fulfil")
    event: Event | None = Field(None, description="the dated event that makes a unit an episode")
    episode: tuple[Condition, ...] = Field((), description="or the conditions that do")
    control: tuple[Condition, ...] = Field((), description="the conditions of controls")
    least_tenure_months: Annotated[int, Field(ge=1, le=240)] = 24
    outcome: OutcomeSpec
    leads_of: Measure | None = Field(
        None, description="the measure of the placebo; that of the outcome if it has one"
    )
    cells: tuple[Name, ...] = Field(min_length=1, description="fields that episode and control must share")
    e_value: bool = False

    @property
    def placebo(self) -> Measure:
        """The measure that must not differ before the episode."""
        return self.leads_of or self.outcome.measure or "disputes"

    @model_validator(mode="after")
    def _one_way(self) -> EvidenceRow:
        events = EVENTS[self.units]
        if self.event is not None and self.event not in events:
            raise ValueError(
                f"event of {self.units} must be one of {', '.join(events) or 'none'}, got {self.event}"
            )
        if self.event is None and (self.units in NEEDS_EVENT or not (self.episode and self.control)):
            raise ValueError("needs an event, or both episode and control")
        if self.event is not None and (self.episode or self.control):
            raise ValueError("needs an event, or episode and control, not both")
        if self.units in NEEDS_EVENT and self.outcome.field is not None:
            raise ValueError(f"needs a measure as outcome of {self.units}")
        return self
