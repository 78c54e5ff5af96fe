"""Arguments: a view of a rivalry as a file of principals, mechanisms with priors, claims, questions and a run."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from detente._bargain_spec import BargainSpec
from detente._claim_spec import ActSpec, ClaimSpec, LedgerSpec
from detente._cross_check import cross_check, place_of
from detente._spec import Code, Finite, Name, Role, Spec, Spread, Text
from detente._world_prior import WorldPrior, read_world_prior
from detente._yaml import Path_, lay_over, lay_places, read_yaml
from detente.errors import ArgumentError, Fault
from detente.mechanisms import registry

_FIELDS = "must hold named fields", "Indent them below it, one step deeper."
_PLAIN = {
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "tuple_type": ("must be a list", "Write [a, b], or a line with a dash for each."),
    "date_type": ("must be an existing day written YYYY-MM-DD", "Try 2020-01-17."),
}


class PriorSpec(Spec):
    """A normal prior on one coefficient, laid over the mechanism's default."""

    mean: Finite
    sd: Spread
    because: Text | None = Field(None, description="why this prior: a paragraph, a page, a study")


class MechanismSpec(Spec):
    """One mechanism in use: its priors and settings where they differ from the defaults."""

    terms: dict[str, PriorSpec] = {}
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
    role: Role
    includes: tuple[Role, ...] = Field((), description="roles whose acts belong to it too")
    actions: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    name: Name | None = None


class AgentSpec(Spec):
    """Acts between agents and a partner that count as acts between a principal and that partner."""

    agents: tuple[Code, ...] = Field(min_length=1)
    acts_for: Code
    partner: Code
    roles: tuple[Role, ...] = Field(min_length=1)
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
    value: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 1.0
    known_from: date
    because: Text


class CountSpec(Spec):
    """Which acts a question counts; an absent field takes everything."""

    source: tuple[Name, ...] = ()
    target: tuple[Name, ...] = ()
    either_way: bool = False
    role: tuple[Role, ...] = ()
    action: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    deaths_at_least: Annotated[int, Field(ge=0)] | None = None


class QuestionSpec(Spec):
    """A dated, resolvable statement: a line in the grammar of questions, or a count written out as fields."""

    id: Name
    text: Text
    ask: Text | None = Field(None, description="the question in the grammar of docs/questions.md")
    count: CountSpec | None = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    opens: date | None = Field(None, description="first day; as_of if absent")
    opens_after_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    closes: date | None = Field(None, description="first day outside")
    within_days: Annotated[int, Field(ge=1, le=36_500)] | None = None


class LeverSpec(Spec):
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
    because: Text


class RunSpec(Spec):
    """What a run needs; command-line flags override it, and every output prints it."""

    as_of: date | None = None
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    futures: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    fit_from: date | None = Field(None, description="first day whose counts are fitted")
    unknown_deaths: Literal["impute", "exclude"] = "impute"


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
    levers: dict[Name, LeverSpec] = Field({}, description="plans of levers for `detente whatif`")
    door: DoorSpec | None = Field(None, description="the test of `detente unlock`")
    bargain: BargainSpec | None = None
    run: RunSpec = RunSpec()

    def between(self, first: str, second: str) -> Argument:
        """Return the same argument about two given actors."""
        if first == second:
            raise ArgumentError(Fault("principals", "must be two different actors", got=f"{first},{second}"))
        same = {first, second} == set(
            self.principals or ()
        )  # others' sieges, wars and bargain are not theirs
        kept = {
            "sieges": self.sieges if same else (),
            "tolls": self.tolls if same else (),
            "facts": self.facts if same else {},
            "locker": self.locker if same else None,
            "bargain": self.bargain if same else None,
        }
        return self.model_copy(update={"principals": (first, second), **kept})


def load_argument(name: str | Path, rivalry: str | None = None) -> Argument:
    """Load an argument by name (``essay`` of ``us-iran``, ``baseline``) or from a YAML file.

    Raises
    ------
    ArgumentError
        With one fault per problem: what, the constraint, what was got, ``file:line`` and what to try.

    Examples
    --------
    >>> load_argument("essay", "us-iran").principals
    ('USA', 'IRN')
    """
    return parse_argument(_found(name, rivalry))


def _found(name: str | Path, rivalry: str | None) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    known = dict(_embedded(rivalry))
    if str(name) not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}; or give a .yaml file."
        raise ArgumentError(Fault("argument", "must be known or a .yaml file", got=str(name), hint=hint))
    return known[str(name)]


def _embedded(rivalry: str | None) -> Iterator[tuple[str, Path]]:
    data = Path(str(resources.files("detente"))) / "data"
    folders = [data / rivalry.replace("-", "_")] if rivalry else []
    for folder in [*folders, data]:
        for path in sorted(folder.glob("*.yaml")):
            yield path.stem, path


def parse_argument(path: Path) -> Argument:
    """Read and validate one argument file; see `load_argument`."""
    value, places = _read(path, ())
    try:
        argument = Argument.model_validate(value)
    except ValidationError as error:
        raise ArgumentError(*(_fault(detail, places) for detail in error.errors())) from None
    faults = list(cross_check(argument, places))
    if faults:
        raise ArgumentError(*faults)
    if isinstance(argument.world_prior, str):
        prior = read_world_prior(argument.world_prior, path.parent, argument.clocks.fast)
        argument = argument.model_copy(update={"world_prior": prior})
    return argument


def _read(path: Path, above: tuple[Path, ...]) -> tuple[dict[str, Any], dict[Path_, str]]:
    """Read a file and lay it over the argument it extends, if it names one."""
    value, places = read_yaml(path)
    if not isinstance(value, dict):
        raise ArgumentError(Fault("argument file", "must hold named fields", where=f"{path.name}:1"))
    if "extends" not in value:
        return value, places
    where = place_of(places, ("extends",))
    name = str(value.pop("extends"))
    home = str(value["rivalry"]) if isinstance(value.get("rivalry"), str) else None
    try:
        base = _found(path.parent / name if name.endswith((".yaml", ".yml")) else name, home)
    except ArgumentError as error:
        hint = error.faults[0].hint
        raise ArgumentError(Fault("extends", "must be known or a .yaml file", name, where, hint)) from None
    if base in above or base == path:
        raise ArgumentError(Fault("extends", "must not lead back to the file itself", got=name, where=where))
    under, below = _read(base, (*above, path))
    places.pop(("extends",))
    return lay_over(under, value), lay_places(under, value, below, places)


def _fault(detail: Any, places: dict[Path_, str]) -> Fault:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    where = place_of(places, loc)
    what = ".".join(map(str, loc)) or "argument"
    if detail["type"] == "extra_forbidden":
        fields = _fields_at(loc[:-1])
        near = difflib.get_close_matches(str(loc[-1]), fields, 1)
        hint = (
            f"Did you mean {near[0]}?" if near else (f"Fields here: {', '.join(fields)}." if fields else None)
        )
        return Fault(what, "is not a field here", where=where, hint=hint)
    if detail["type"] == "missing":
        return Fault(what, "is required", where=where, hint="Add it.")
    if detail["type"] in _PLAIN:
        message, hint = _PLAIN[detail["type"]]
        return Fault(what, message, got=detail["input"], where=where, hint=hint)
    message = str(detail["msg"]).replace("Input should be ", "must be ").replace("Input should ", "must ")
    message = message.replace("String should ", "must ").replace("Tuple should ", "must ")
    message = message.replace("Dictionary should ", "must ")
    return Fault(what, message, got=detail["input"], where=where)


def _fields_at(loc: tuple[Any, ...]) -> list[str]:
    """Return the field names of the model at a path, following the schema."""
    schema = Argument.model_json_schema()
    node = schema
    for part in loc:
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        for option in node.get("anyOf", []):
            if "$ref" in option or "properties" in option:
                node = option
                while "$ref" in node:
                    node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
        if not isinstance(node, dict):
            return []
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return list(node.get("properties", {}))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of argument files, mechanisms and their terms included."""
    schema = Argument.model_json_schema(by_alias=True)
    mechanisms = schema["properties"]["mechanisms"]
    mechanisms.pop("additionalProperties", None)
    mechanisms["additionalProperties"] = False
    mechanisms["properties"] = {}
    for key, mechanism in registry().items():
        terms = {
            term.name: {"$ref": "#/$defs/PriorSpec", "description": term.says} for term in mechanism.terms
        }
        mechanisms["properties"][key] = {
            "description": mechanism.says,
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "terms": {"type": "object", "additionalProperties": False, "properties": terms},
                "settings": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        s: {"type": "number", "default": v} for s, v in mechanism.settings.items()
                    },
                },
                "without": {"type": "array", "items": {"enum": [term.name for term in mechanism.terms]}},
            },
        }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Détente argument"
    return schema


__all__ = ["ActSpec", "Argument", "ClaimSpec", "LedgerSpec", "json_schema", "load_argument", "parse_argument"]
