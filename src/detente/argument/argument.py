"""An argument: what an analyst claims about a rivalry, as one frozen value."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import ClassVar

import polars as pl
from pydantic import Field, PrivateAttr

from detente.argument.article_blocks import ArticleSpec, Language, TextsSpec
from detente.argument.bargain_blocks import BargainSpec
from detente.argument.blocks import (
    AgentSpec,
    ChannelSpec,
    ClocksSpec,
    DoorSpec,
    EraSpec,
    FactSpec,
    GapSpec,
    MechanismSpec,
    PartySpec,
    PlanSpec,
    QuestionSpec,
    RunSpec,
    SiegeSpec,
    TollSpec,
)
from detente.argument.claim_blocks import ClaimSpec
from detente.argument.evidence_blocks import EvidenceRow
from detente.argument.fields import Code, Name, Spec, Text
from detente.argument.world_prior import WorldPrior
from detente.argument.yaml_lines import Path_, Places
from detente.base.errors import ArgumentError, Fault
from detente.base.tables import Tables, heading, table_of


class Argument(Tables, Spec):
    """A written view of a rivalry; `load_argument` reads one from YAML."""

    argument: Name = Field(description="its name; a file may begin with `extends: NAME` and change another")
    title: Text
    summary: Text | None = None
    source: Text | None = None
    rivalry: Name | None = None
    events: Text | None = Field(
        None, exclude=True, description="its event file, relative to this file and inside its folder"
    )
    principals: tuple[Code, Code] | None = Field(
        None, description="the two actors; absent in a generic argument"
    )
    locker: Code | None = None
    parties: dict[Name, PartySpec] = {}
    channels: tuple[ChannelSpec, ...] = ()
    agents: tuple[AgentSpec, ...] = ()
    eras: tuple[EraSpec, ...] = ()
    gaps: tuple[GapSpec, ...] = ()
    sieges: tuple[SiegeSpec, ...] = ()
    tolls: tuple[TollSpec, ...] = ()
    facts: dict[str, tuple[FactSpec, ...]] = Field({}, description="declared facts by kind")
    clocks: ClocksSpec = ClocksSpec()
    mechanisms: dict[str, MechanismSpec] = Field(min_length=1)
    world_prior: WorldPrior | Text | None = Field(
        None, description="name or file of priors from many pairs, for terms that mechanisms gives none"
    )
    evidence: bool = Field(
        False,
        description="terms of claims tested on other rivalries start from what those say (docs/evidence.md)",
    )
    other_rivalries: tuple[EvidenceRow, ...] = Field(
        (), description="own claims to be tested on other rivalries by `detente evidence`"
    )
    claims: tuple[ClaimSpec, ...] = ()
    questions: tuple[QuestionSpec, ...] = ()
    levers: dict[Name, PlanSpec] = Field({}, description="plans of levers for `detente whatif`")
    door: DoorSpec | None = Field(None, description="the test of `detente unlock`")
    bargain: BargainSpec | None = None
    run: RunSpec = RunSpec()
    # What only pages show is never dumped: no digest, fit or kept result depends on how an argument is told.
    language: Language = Field("en", exclude=True, description="the language of its own texts")
    article: ArticleSpec | None = Field(
        None, exclude=True, description="the argument as `detente article` tells it"
    )
    texts: dict[Language, TextsSpec] = Field({}, exclude=True, description="its texts in other languages")
    _places: Places = PrivateAttr(default_factory=Places)  # neither compared nor dumped
    tables: ClassVar[tuple[str, ...]] = ("priors", "claims", "questions")

    def _about(self) -> str:
        counts = {name: len(getattr(self, name)) for name in ("mechanisms", "claims", "questions")}
        return heading(self.argument, *(self.principals or ()), **counts)

    def _table(self, name: str) -> pl.DataFrame:
        if name == "claims":
            return table_of(
                {"id": str, "kind": str, "text": str}, ((c.id, c.kind, c.text) for c in self.claims)
            )
        if name == "questions":
            return table_of(
                {"id": str, "text": str, "ask": str}, ((q.id, q.text, q.ask) for q in self.questions)
            )
        rows = (
            (m, t, p.mean, p.sd, p.because)
            for m, spec in self.mechanisms.items()
            for t, p in spec.terms.items()
        )
        return table_of({"mechanism": str, "term": str, "mean": float, "sd": float, "because": str}, rows)

    def place(self, at: Path_) -> str:
        """Return the file and line of a field, or of the nearest part that holds it; the argument's name if unread."""
        return self._places.nearest(at) or self.argument

    def at(self, places: Places) -> Argument:
        """Return the same argument, read from these places."""
        self._places = places
        return self

    @property
    def files(self) -> tuple[Path, ...]:
        """The files it was read from and the event file that it names, which no output is written over."""
        events = () if self.events is None else (((self._places.home or Path()) / self.events).absolute(),)
        return (*self._places.files, *events)

    def event_file(self) -> Path | None:
        """Return the event file that the argument names, or None if it names none.

        Raises
        ------
        ArgumentError
            If the file lies outside the folder of the argument's file, be it through a link.
        """
        if self.events is None:
            return None
        folder = self._places.home or Path()
        path = folder / self.events
        if not inside(folder, self.events):
            where = self.place(("events",))
            raise ArgumentError(
                Fault("outside_folder", "events", got=self.events, where=where, hint="copy_inside")
            )
        return path

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


def inside(folder: Path, name: str) -> bool:
    """Return whether a file named in a folder lies in it or below: no absolute path, no ``..``, no link out.

    Examples
    --------
    >>> inside(Path(), "data/acts.csv"), inside(Path(), "../acts.csv")
    (True, False)
    """
    plain = PurePosixPath(name.replace("\\", "/"))
    if plain.is_absolute() or PureWindowsPath(name).drive or ".." in plain.parts or "\0" in name:
        return False
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead in a circle
        return False
