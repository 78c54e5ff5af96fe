"""What the verdicts of claims rest on, as values; `detente.report.text.reasons` makes sentences of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.argument.claim_blocks import ActSpec
    from detente.futures.outcomes import Difference
    from detente.studies.bargain.moves import OpeningMove
    from detente.studies.claims.forecasts import Forecast
    from detente.studies.claims.judge import Judgement
    from detente.studies.scoring.competition import Competition
    from detente.studies.whatif.door_result import Door
    from detente.studies.whatif.mediators import MediatorRank
    from detente.studies.whatif.necessity import Necessity


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why nothing was computed.

    Attributes
    ----------
    code : str
        ``no term`` (none is in the model), ``no size`` (no two acts whose size could differ), ``no ledger`` (not
        declared of both sides), ``no deal`` (none leaves both better off), ``no accords`` (not modelled on these
        events), ``no door`` (it cannot be tested on them) or ``not implemented``.
    """

    code: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement of terms of the model; without a declared condition no episode counts."""

    judgement: Judgement
    declared: bool = True

    @property
    def weakest(self) -> tuple[str, float]:
        """The variant that speaks least for the verdict's side: its name and the probability of the claimed sign."""
        j = self.judgement
        least = min(j.variants, key=lambda v: v.P if j.P >= 0.5 else 1 - v.P)
        return least.name, least.P

    @property
    def turned(self) -> tuple[str, ...]:
        """The variants in which the contrast has the other sign."""
        return tuple(v.name for v in self.judgement.variants if v.value * self.judgement.value <= 0)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        name, chance = self.weakest
        multiple = self.judgement.multiple
        return {
            "weakest": {"name": name, "P": chance},
            "turned": list(self.turned),
            "condition_declared": self.declared,
            "multiple": multiple if isfinite(multiple) else None,
        }


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast beside the model."""

    forecast: Forecast

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = self.forecast.to_dict()
        return {name: value[name] for name in ("chances", "before", "scores", "interval", "cannot_fail")}


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many acts of a claim the chronicle holds, and which it lacks."""

    acts: int
    missing: tuple[ActSpec, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "acts": self.acts,
            "missing": [act.model_dump(mode="json", exclude_none=True) for act in self.missing],
        }


@dataclass(frozen=True, slots=True)
class PageParts:
    """Which parts an article page has: each by its name, and by its language where it is a text."""

    there: tuple[str, ...]
    missing: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"there": list(self.there), "missing": list(self.missing)}


@dataclass(frozen=True, slots=True)
class RelatedFound:
    """How many pieces are like an argument: earlier days and crises like its own day, and other arguments.

    Attributes
    ----------
    days : tuple of date
        The closest first.
    distance : float or None
        Of the closest day.
    crises, others : int
    """

    days: tuple[date, ...]
    distance: float | None
    crises: int
    others: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        days = [day.isoformat() for day in self.days]
        return {"days": days, "distance": self.distance, "crises": self.crises, "others": self.others}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Stocks of injuries of two sides: the share of draws in which the second's is the heavier."""

    first: str
    second: str
    share: float
    draws: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SmallestMove:
    """The smallest of an actor's moves that opens the zone, None if none of those tried does."""

    move: OpeningMove | None
    tried: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        name, size = (None, None) if self.move is None else (self.move.move, self.move.share)
        return {"move": name, "share": size, "tried": self.tried}


@dataclass(frozen=True, slots=True)
class OpenZone:
    """The zone under the full demands, the demands that close it even alone, and what each actor's move opens it."""

    closing: tuple[str, ...]
    openers: Mapping[str, SmallestMove]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "closing": list(self.closing),
            "openers": {actor: found.to_dict() for actor, found in self.openers.items()},
        }


@dataclass(frozen=True, slots=True)
class LeftOnTable:
    """What both sides leave on the table."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {}


@dataclass(frozen=True, slots=True)
class DoorTested:
    """The door test at the declared half-lives."""

    door: Door

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        cells = self.door.fits["argument"].cells
        return {
            "talks": {name: cell["talks"].mean for name, cell in cells.items()},
            "gate_share": self.door.gate_share,
            "necessity": None if self.door.necessity is None else self.door.necessity.to_dict(),
            "draws": self.door.draws,
            "paths_per_draw": self.door.copies,
        }


@dataclass(frozen=True, slots=True)
class PlansCompared:
    """What two plans of levers change in accords, and whether accords came only after a friendly step.

    Attributes
    ----------
    changes, talks : mapping of str to Difference
        By plan: what it changes in accords, on which it is judged, and in talks.
    necessity : Necessity
        Of either side's steps, by as_of.
    drivers, on_priors : int
        Coefficients in play, and how many of them rest on the priors.
    futures : int
    openers : mapping of str to SmallestMove
        Of each actor of the bargain; empty where the argument has none.
    """

    changes: Mapping[str, Difference]
    talks: Mapping[str, Difference]
    necessity: Necessity
    drivers: int
    on_priors: int
    futures: int
    openers: Mapping[str, SmallestMove]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            **{
                name: {plan: {"mean": d.mean, "low": d.low, "high": d.high} for plan, d in changes.items()}
                for name, changes in (("accords", self.changes), ("talks", self.talks))
            },
            "necessity": self.necessity.to_dict(),
            "drivers": self.drivers,
            "on_priors": self.on_priors,
            "futures": self.futures,
            "openers": {actor: found.to_dict() for actor, found in self.openers.items()},
        }


@dataclass(frozen=True, slots=True)
class Ranked:
    """The rank of a third party as a mediator."""

    standing: MediatorRank
    count: int
    first: str
    draws: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "third_parties": self.count,
            "first": self.first,
            "ties": dict(self.standing.ties),
            "mediations": self.standing.mediations,
            "acts": len(self.standing.acts),
            "draws": self.draws,
        }


@dataclass(frozen=True, slots=True)
class TiesMissing:
    """A third party whose ties are not on record, so that its rank cannot be computed.

    Attributes
    ----------
    actor : str
    acts_with : mapping of str to int
        Acts between it and each principal known by the day.
    least : int
        How many with each are needed.
    others : int
        Other third parties that have so many; one at least is needed to rank beside.
    """

    actor: str
    acts_with: Mapping[str, int]
    least: int
    others: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "actor": self.actor,
            "acts_with": dict(self.acts_with),
            "least": self.least,
            "others_on_record": self.others,
        }


@dataclass(frozen=True, slots=True)
class Rival:
    """The rival argument of a claim, and what held-out quarters say between the two; None if no backtest is stored."""

    rivalry: str | None
    argument: str
    against: str
    competition: Competition | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "against": self.against,
            "verdict": None if self.competition is None else self.competition.verdict,
        }


Reason = (
    Lacking
    | Judged
    | Scored
    | Recorded
    | PageParts
    | RelatedFound
    | Weighed
    | OpenZone
    | LeftOnTable
    | DoorTested
    | PlansCompared
    | Ranked
    | TiesMissing
)
