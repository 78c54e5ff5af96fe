"""The blocks of an argument's YAML file: mechanisms, parties, channels, facts, questions, plans of levers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from detente.argument.fields import Code, Finite, Name, RoleName, Spec, StandardDeviation, Text
from detente.base import limits


class PriorSpec(Spec):
    """A normal prior on one coefficient, laid over the mechanism's default."""

    mean: Finite
    sd: StandardDeviation
    because: Text | None = Field(None, description="why this prior: a paragraph, a page, a study")


class MechanismSpec(Spec):
    """One mechanism in use: its priors and settings where they differ from the defaults."""

    terms: dict[str, PriorSpec] = {}
    prior: Literal["rivalries"] | None = Field(
        None,
        description="where the priors of terms without one of their own come from: rivalries takes those estimated "
        "from many other pairs; absent, the mechanism's defaults",
    )
    settings: dict[str, Annotated[float, Field(allow_inf_nan=False, ge=0, le=1000)]] = {}
    without: tuple[str, ...] = Field((), description="terms of the mechanism left out")


class PartySpec(Spec):
    """Several actors taken together, such as one patron's proxies."""

    members: tuple[Code, ...] = Field(min_length=1)
    side: Code | None = Field(None, description="the principal they act for")
    ally_of: Code | None = Field(
        None, description="the principal as whose their strikes count in hostilities; they act for themselves"
    )
    closeness: Annotated[float, Field(ge=0, le=1)] = 1.0


class ChannelSpec(Spec):
    """A channel besides those between the principals."""

    source: Name
    target: Name
    role: RoleName
    includes: tuple[RoleName, ...] = Field((), description="roles whose acts belong to it too")
    actions: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    name: Name | None = None


class AgentSpec(Spec):
    """Acts between agents and a partner that count as acts between a principal and that partner."""

    agents: tuple[Code, ...] = Field(min_length=1)
    acts_for: Code
    partner: Code
    roles: tuple[RoleName, ...] = Field(min_length=1)
    actions: tuple[str, ...] = ()
    direction: Literal["to", "from", "both"] = "both"
    start: date | None = Field(None, alias="from")
    end: date | None = Field(None, alias="until")


class EraSpec(Spec):
    """An era of coverage, laid over the chronicle's own."""

    start: date
    known_from: date


class SiegeSpec(Spec):
    """A stretch of hostage-taking or blockade: crisis whatever else happens."""

    start: date
    end: date | None = Field(None, description="first day outside; absent while it lasts")
    known_from: date
    because: Text


class GapSpec(Spec):
    """A stretch that the events do not cover: a day in it without acts was not quiet, and has no phase."""

    start: date
    end: date = Field(description="first day outside")
    because: Text


class TollSpec(Spec):
    """Deaths between the principals in a war, as a source gives them; where events hold no toll, this settles it."""

    start: date
    end: date = Field(description="first day outside")
    deaths: Annotated[int, Field(ge=0)]
    known_from: date
    because: Text


class FactSpec(Spec):
    """Something that events cannot show, declared: an order, an election, a broken agreement, an injury."""

    actor: Code = Field(description="whose it is: who ordered, broke, suffered, is about to vote")
    start: date
    end: date | None = Field(None, description="first day outside; absent while it lasts")
    end_known_from: date | None = Field(
        None, description="first day on which the end may be used; absent if it is known with the fact"
    )
    value: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 1.0
    known_from: date
    because: Text


class CountSpec(Spec):
    """Which acts a question counts; an absent field takes everything."""

    source: tuple[Name, ...] = ()
    target: tuple[Name, ...] = ()
    either_way: bool = False
    role: tuple[RoleName, ...] = ()
    action: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    deaths_at_least: Annotated[int, Field(ge=0)] | None = None


class QuestionSpec(Spec):
    """A dated, resolvable statement: a line in the grammar of questions, or a count written out as fields."""

    id: Name
    text: Text
    ask: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="the question in the grammar of docs/questions.md"
    )
    count: CountSpec | None = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    opens: date | None = Field(None, description="first day; as_of if absent")
    opens_after_days: Annotated[int, Field(ge=0, le=limits.DAYS[1])] = 0
    closes: date | None = Field(None, description="first day outside")
    within_days: Annotated[int, Field(ge=limits.DAYS[0], le=limits.DAYS[1])] | None = None


class PlanSpec(Spec):
    """A named plan of levers, each written ``NAME[:ACTOR][=SIZE]@DAY``."""

    text: Text
    pull: tuple[Text, ...] = Field(min_length=1)
    because: Text | None = None


class DoorSpec(Spec):
    """What the door test puts in: who mediates, what each side's gesture is, and which terms carry the thesis."""

    mediator: Code = Field(description="a third party of the good offices' channel")
    gestures: dict[Code, Text] = Field(description="each principal's gesture as LEVER=SIZE", min_length=2)
    lapses_after_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        description="a suspension ends after so long"
    )
    thesis: tuple[Text, ...] = Field(min_length=1, description="mechanism.term of the terms that carry it")
    gate: Text = Field(description="mechanism.term of the gate itself")
    other_days: tuple[date, ...] = Field(
        (),
        description="days on which the test is run too; absent, at a half and three quarters of the fitted time",
    )
    because: Text


class RunSpec(Spec):
    """What a run needs; command-line flags override it, and every output prints it."""

    as_of: date | None = None
    days: Annotated[int, Field(ge=limits.DAYS[0], le=limits.DAYS[1])] | None = None
    futures: Annotated[int, Field(ge=limits.FUTURES[0], le=limits.FUTURES[1])] | None = None
    seed: Annotated[int, Field(ge=limits.SEED[0], lt=limits.SEED[1] + 1)] | None = None
    fit_from: date | None = Field(None, description="first day whose counts are fitted")
    unknown_deaths: Literal["impute", "exclude"] = "impute"
    outbreaks: bool = Field(
        True,
        description="whether fighting may break out between the principals that no rate foresees",
    )


HalfLife = Annotated[float, Field(gt=0, le=100_000)]


class ClocksSpec(Spec):
    """Half-lives in days: fixed, or the prior's median where a grid is given."""

    fast: HalfLife = 14.0
    slow: HalfLife = 365.0
    generational: HalfLife = 7305.0
    grid: dict[Literal["fast", "slow", "generational"], tuple[HalfLife, ...]] = Field(
        {}, description="half-lives weighed by their evidence; a clock without a grid stays fixed"
    )

    def half_lives(self) -> dict[str, float]:
        """Return the half-life of every clock, in days."""
        return {"fast": self.fast, "slow": self.slow, "generational": self.generational}
