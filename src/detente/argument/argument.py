"""An argument: what an analyst claims about a rivalry, as one frozen value."""

from __future__ import annotations

from pydantic import Field, PrivateAttr

from detente.argument.bargain_blocks import BargainSpec
from detente.argument.blocks import (
    AgentSpec,
    ChannelSpec,
    ClocksSpec,
    DoorSpec,
    EraSpec,
    FactSpec,
    MechanismSpec,
    PartySpec,
    PlanSpec,
    QuestionSpec,
    RunSpec,
    SiegeSpec,
    TollSpec,
)
from detente.argument.claim_blocks import ClaimSpec
from detente.argument.fields import Code, Name, Spec, Text
from detente.argument.world_prior import WorldPrior
from detente.argument.yaml_lines import Path_, Places
from detente.base.errors import ArgumentError, Fault


class Argument(Spec):
    """A written view of a rivalry; `load_argument` reads one from YAML."""

    argument: Name = Field(description="its name; a file may begin with `extends: NAME` and change another")
    title: Text
    summary: Text | None = None
    source: Text | None = None
    rivalry: Name | None = None
    principals: tuple[Code, Code] | None = Field(
        None, description="the two actors; absent in a generic argument"
    )
    locker: Code | None = None
    parties: dict[Name, PartySpec] = {}
    channels: tuple[ChannelSpec, ...] = ()
    agents: tuple[AgentSpec, ...] = ()
    eras: tuple[EraSpec, ...] = ()
    sieges: tuple[SiegeSpec, ...] = ()
    tolls: tuple[TollSpec, ...] = ()
    facts: dict[str, tuple[FactSpec, ...]] = Field({}, description="declared facts by kind")
    clocks: ClocksSpec = ClocksSpec()
    mechanisms: dict[str, MechanismSpec] = Field(min_length=1)
    world_prior: WorldPrior | Text | None = Field(
        None, description="name or file of priors from many pairs, for terms that mechanisms gives none"
    )
    claims: tuple[ClaimSpec, ...] = ()
    questions: tuple[QuestionSpec, ...] = ()
    levers: dict[Name, PlanSpec] = Field({}, description="plans of levers for `detente whatif`")
    door: DoorSpec | None = Field(None, description="the test of `detente unlock`")
    bargain: BargainSpec | None = None
    run: RunSpec = RunSpec()
    _places: Places = PrivateAttr(default_factory=Places)  # neither compared nor dumped

    def place(self, at: Path_) -> str:
        """Return the file and line of a field, or of the nearest part that holds it; the argument's name if unread."""
        return self._places.nearest(at) or self.argument

    def at(self, places: Places) -> Argument:
        """Return the same argument, read from these places."""
        self._places = places
        return self

    def between(self, first: str, second: str) -> Argument:
        """Return the same argument about two given actors."""
        if first == second:
            raise ArgumentError(Fault("not_two_actors", "principals", got=(first, second)))
        same = {first, second} == set(
            self.principals or ()
        )  # others' sieges, wars and bargain are not theirs
        updates = {
            "sieges": self.sieges if same else (),
            "tolls": self.tolls if same else (),
            "facts": self.facts if same else {},
            "locker": self.locker if same else None,
            "bargain": self.bargain if same else None,
        }
        return self.model_copy(update={"principals": (first, second), **updates})
