"""Rows of an argument: its claims, and what each is tied to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from detente.argument.fields import Code, Name, Spec, Text

# Conditions that the chronicle itself fulfils; `studies.claims.episodes` has a rule for each.
CONDITIONS = (
    "loss",
    "ranked loss",
    "deaths at home",
    "reprisals",
    "crisis begins",
    "pressure wave",
    "third parties",
    "force received",
    "friendly deed",
)


class ActSpec(Spec):
    """An act that a chronicle should hold: the fields given must agree, the others may be anything."""

    date: date
    source: Code
    target: Code
    action: Text
    mode: Text | None = None
    fatalities: Annotated[int, Field(ge=0)] | None = None
    victim_rank: Text | None = None


class LedgerSpec(Spec):
    """Two stocks of declared injuries to compare; each weight is uncertain by a factor of about ``exp(spread)``."""

    kind: Name = Field(description="the kind of fact that fills the stocks")
    revived_by: Name | None = Field(None, description="the kind of fact that brings them back to mind")
    spread: Annotated[float, Field(gt=0, le=3)] = Field(description="sd of the log of each weight and rate")


class ElsewhereSpec(Spec):
    """The row of the event study over other rivalries that a claim is tested by, and how their scales go together."""

    row: Name = Field(description="a row of `detente evidence`")
    per_episode: Annotated[float, Field(allow_inf_nan=False, gt=0, le=20)] | None = Field(
        None,
        description="how much one episode changes the feature of the claim's terms, on average over the row's window",
    )
    terms: tuple[str, ...] = Field(
        (),
        description="the terms whose outcome the row has, also of those beside; all of the claim's if none",
    )
    because: Text | None = Field(None, description="where per_episode comes from")


class ClaimSpec(Spec):
    """A row of the argument, tied to terms, to a question, to acts or to a ledger."""

    id: Name
    paragraphs: tuple[Annotated[int, Field(ge=0)], ...] = ()
    kind: Literal["fact", "mechanism", "forecast", "bargain", "thesis", "rival", "page"]
    text: Text
    terms: tuple[str, ...] = Field(
        (), description="mechanism.term, judged on their mean; a minus turns one round"
    )
    sign: Literal["+", "-"] | None = Field(None, description="the claimed sign of that mean")
    beside: tuple[str, ...] = Field((), description="terms shown beside and not judged")
    adds: tuple[Name, ...] = Field(
        (), description="mechanisms that enter the model for this claim alone, with their default priors"
    )
    size_of: Literal["answers", "force in crises"] | None = Field(
        None,
        description="judge how grave these acts of force are, given that they happen, instead of how often acts come",
    )
    given: tuple[str, ...] = Field(
        (), description="terms whose features the size of an act is predicted from"
    )
    condition: tuple[Text, ...] = Field(
        (), description="what has to have happened, as docs/claims.md names it"
    )
    during: Name | None = Field(None, description="a kind of fact that has to hold then")
    apart_from_talks: bool = Field(
        False, description="third parties' acts within a day of talks are left out"
    )
    elsewhere: ElsewhereSpec | None = Field(None, description="how other rivalries test it")
    acts: tuple[ActSpec, ...] = ()
    ledger: LedgerSpec | None = None
    door: bool = Field(False, description="the door test computes it")
    plans: tuple[Name, ...] = Field(
        (), description="the argument's plans of levers it compares, over 24 months"
    )
    bargain: Literal["open zone", "joint loss"] | None = Field(
        None, description="what of the bargain it speaks of"
    )
    against: Name | None = Field(None, description="the rival argument that held-out events are asked about")
    mediator: Code | None = Field(None, description="the third party whose rank as a mediator it speaks of")
    page: Literal["article", "related"] | None = Field(
        None,
        description="what of the article page it speaks of: its parts, or the related pieces at its foot",
    )
    question: Name | None = None
    words: Text | None = Field(None, description="the hedge of a forecast: a short phrase of the source")
    read_as: Name | None = Field(None, description="the word of a survey that stands nearest to the hedge")
    at_least: bool = Field(
        False, description="the hedge is a least chance, as in at least possible: no outcome can make it fail"
    )
    higher_than: date | None = Field(
        None, description="the question's chance is claimed to be higher than it was as of this day"
    )
