"""Options that commands share: groups of them, and the decorator that spreads a group into a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

import typer

from detente.base import limits
from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import LIMITS, Limits, limits_of

if TYPE_CHECKING:
    from datetime import date

    from detente.lab.case import Case
    from detente.studies.bargain.openings import Declared

_EVENTS, _RUN, _KEPT = "Argument and events", "Run", "Results kept on disk"

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]
Codebook = Annotated[
    str | None,
    typer.Option(help="codebook of the event codes: detente, plover, cameo or weis", rich_help_panel=_EVENTS),
]
EventFile = Annotated[
    Path | None,
    typer.Option(
        "--events", help="event file to use instead of the embedded chronicle", rich_help_panel=_EVENTS
    ),
]
SkipBad = Annotated[
    bool,
    typer.Option(
        "--skip-bad",
        help="leave out faulty rows and list them, instead of refusing the file",
        rich_help_panel=_EVENTS,
    ),
]
LimitSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--limits",
        metavar="NAME=VALUE",
        help="change a limit on what is read or held, such as yaml=4MB; may be repeated (docs/reference.md)",
        rich_help_panel=_EVENTS,
    ),
]
Threads = Annotated[
    int,
    typer.Option(
        min=limits.THREADS[0],
        max=limits.THREADS[1],
        help="number of threads; 0 uses every core; results do not depend on it",
        rich_help_panel=_RUN,
    ),
]
CacheFolder = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help="folder of kept results; default: DETENTE_CACHE, else the platform's user cache",
        rich_help_panel=_KEPT,
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="neither read nor keep results", rich_help_panel=_KEPT)
]
Out = Annotated[Path | None, typer.Option(help="folder for the page, the pictures and the numbers")]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="print the expected seconds and memory, from a timed sample, and write nothing"
    ),
]
Force = Annotated[bool, typer.Option("--force", help="also replace files that detente did not write")]


class Group:
    """Base of a group of options: a frozen dataclass whose fields are the options, each with its type and help."""


@dataclass(frozen=True)
class CaseOptions(Group):
    """Which argument, on which events."""

    rivalry: Annotated[
        str | None, typer.Argument(help="a named rivalry, such as us-iran, or an argument's YAML file")
    ] = None
    argument: Annotated[
        str | None,
        typer.Option(help="name of an argument, or its YAML file", rich_help_panel=_EVENTS),
    ] = None
    events: EventFile = None
    codebook: Codebook = None
    principals: Annotated[
        str | None, typer.Option(help="the two actors, such as USA,IRN", rich_help_panel=_EVENTS)
    ] = None
    skip_bad: SkipBad = False
    add: Annotated[
        list[Path] | None,
        typer.Option(help="event file to add to the chronicle; may be repeated", rich_help_panel=_EVENTS),
    ] = None
    add_until: Annotated[
        str | None,
        typer.Option(
            help="first day that the last added file no longer covers, YYYY-MM-DD", rich_help_panel=_EVENTS
        ),
    ] = None
    vintage: Annotated[
        str | None,
        typer.Option(
            help="use only rows of the event file that were reported before this day, YYYY-MM-DD",
            rich_help_panel=_EVENTS,
        ),
    ] = None
    limits: LimitSettings = None

    def named(self, rivalry: str | None = None, argument: str | None = None) -> tuple[str | None, str | None]:
        """Return the rivalry and the argument; a YAML file in the place of the rivalry is the argument."""
        from detente.lab.arguments import names_file

        rivalry, argument = rivalry or self.rivalry, argument or self.argument
        if rivalry is not None and argument is None and names_file(rivalry):
            return None, rivalry
        return rivalry, argument

    def inputs(self) -> tuple[Path, ...]:
        """Return the files that the options name and those that the argument's file names: none is written over."""
        allowed = limits_of(self.limits or ())
        return files_named(self.named()[1], self.events, *(self.add or ()), limits=allowed)

    def load_declared(self) -> Declared:
        """Load the argument for a study of what it declares; the chronicle too if an option or the argument names one.

        Raises
        ------
        ArgumentError, DataError
        """
        from detente.studies.bargain.openings import Declared, bargain_argument

        if not (self.events or self.add or self.principals or self.codebook or self.skip_bad):
            found = bargain_argument(*self.named(), limits_of(self.limits or ()))
            if found.events is None:
                return Declared(found)
        case = self.load()
        return Declared(case.argument, case.chronicle)

    def load(self, rivalry: str | None = None, argument: str | None = None) -> Case:
        """Load the case that the options name; what is given here takes the place of an option.

        Raises
        ------
        ArgumentError, DataError
        """
        from detente.lab.case import load_case

        rivalry, argument = self.named(rivalry, argument)
        return load_case(
            rivalry,
            argument=argument,
            events=self.events,
            codebook=self.codebook,
            principals=pair_of(self.principals, "principals") if self.principals else None,
            skip_bad=self.skip_bad,
            add=tuple(self.add or ()),
            add_until=day_of(self.add_until, "add_until"),
            vintage=day_of(self.vintage, "vintage"),
            limits=limits_of(self.limits or ()),
        )


@dataclass(frozen=True)
class SimulationOptions(CaseOptions):
    """A case that is fitted and simulated, and where what is made of it is kept, if anywhere."""

    allow_unstable: Annotated[
        bool,
        typer.Option(
            "--allow-unstable",
            help="simulate even if bursts of acts grow without end (spectral radius 1 or more)",
            rich_help_panel=_RUN,
        ),
    ] = False
    cache: CacheFolder = None
    no_cache: NoCache = False

    def load(self, rivalry: str | None = None, argument: str | None = None) -> Case:
        """Load the case; see `CaseOptions.load`.

        Raises
        ------
        ArgumentError
            If a folder is given and none is to be used.
        """
        chosen = cache_of(self.cache, self.no_cache)
        found = super().load(rivalry, argument)
        return replace(found, allow_unstable=self.allow_unstable, cache=chosen)


@dataclass(frozen=True)
class RunOptions(Group):
    """As of when, how far, how many and from which seed; a command takes all or some of them."""

    as_of: Annotated[
        str | None,
        typer.Option(help="as-of day, YYYY-MM-DD: nothing known later is used", rich_help_panel=_RUN),
    ] = None
    days: Annotated[
        int | None,
        typer.Option(min=limits.DAYS[0], max=limits.DAYS[1], help="days to simulate", rich_help_panel=_RUN),
    ] = None
    futures: Annotated[
        int | None,
        typer.Option(
            min=limits.FUTURES[0], max=limits.FUTURES[1], help="number of futures", rich_help_panel=_RUN
        ),
    ] = None
    seed: Annotated[
        int | None,
        typer.Option(
            min=limits.SEED[0], max=limits.SEED[1], help="seed of all random numbers", rich_help_panel=_RUN
        ),
    ] = None
    threads: Threads = 0
    taken: tuple[str, ...] = field(default=(), metadata={"option": False})

    def given(self) -> dict[str, Any]:
        """Return the options that the command takes, as a use case takes them."""
        values = {name: getattr(self, name) for name in self.taken}
        return values | ({"as_of": day_of(self.as_of, "as_of")} if "as_of" in values else {})

    def refuse_too_many(self, case: Case, *, answers: bool = False) -> None:
        """Refuse futures that the memory cannot hold before what fits and runs them is loaded.

        Parameters
        ----------
        case : Case
        answers : bool
            Whether they answer the argument's questions, which may need more days.

        Raises
        ------
        DataError, QuestionError
        """
        from detente.lab.too_much import plan_run, refuse_too_many

        declared = case.argument.run
        as_of, days = day_of(self.as_of, "as_of") or declared.as_of, self.days or declared.days
        if self.futures is not None and as_of is not None and days is not None:
            if "seed" in self.taken:
                _ = case.settings(seed=self.seed).seed  # that none was given is told first
            (plan_run if answers else refuse_too_many)(case, as_of, days=days, futures=self.futures)


def cache_of(folder: Path | None, none: bool) -> Path | bool:
    """Return where results are kept: the folder, nowhere, or in the user's own cache.

    Raises
    ------
    ArgumentError
        If a folder is given and none is to be used.
    """
    if folder is not None and none:
        raise ArgumentError(Fault("cannot_combine", "cache", got=str(folder), other="no_cache"))
    return not none if folder is None else folder


def refuse_over_pairs(hint: str, **given: object) -> None:
    """Refuse options that apply to a single rivalry where all pairs of a file are studied; none of them would act.

    Raises
    ------
    ArgumentError
        With one fault for each that was given.
    """
    if names := [name for name, value in given.items() if value is not None and value is not False]:
        raise ArgumentError(*(Fault("one_rivalry_only", name, hint=hint) for name in names))


class Only:
    """Says which options of a group a command takes: ``Annotated[RunOptions, Only("as_of", "seed")]``."""

    def __init__(self, *names: str) -> None:
        self.names = names


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Spread the groups among a command's parameters into options of its own.

    A field whose name the command already has is left to the command.
    """
    signature = inspect.signature(command, eval_str=True)
    own = set(signature.parameters)
    groups: dict[str, tuple[type[Any], list[str]]] = {}
    spread: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        group, wanted = _group_of(parameter.annotation)
        if group is None:
            spread.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        hints = get_type_hints(group, include_extras=True)
        chosen = [
            f
            for f in fields(group)
            if f.metadata.get("option", True) and f.name not in own and (not wanted or f.name in wanted)
        ]
        groups[parameter.name] = group, [f.name for f in chosen]
        spread += [
            inspect.Parameter(
                f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=hints[f.name]
            )
            for f in chosen
        ]

    @wraps(command)
    def with_options(**values: Any) -> None:
        built = {}
        for name, (group, taken) in groups.items():
            given = {field: values.pop(field) for field in taken}
            built[name] = group(**given, **({"taken": tuple(taken)} if "taken" in _names(group) else {}))
        command(**built, **values)

    with_options.__signature__ = signature.replace(parameters=spread)  # type: ignore[attr-defined]
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in spread}
    return with_options


def files_named(*given: str | Path | None, limits: Limits = LIMITS) -> tuple[Path, ...]:
    """Return the files that options name, with those that the YAML files of arguments among them name."""
    from detente.lab.arguments import names_file
    from detente.lab.named_files import files_of

    paths = [Path(each) for each in given if each is not None]
    return tuple(file for path in paths for file in (files_of(path, limits) if names_file(path) else (path,)))


def _names(group: Any) -> set[str]:
    return {field.name for field in fields(group)}


def _group_of(annotation: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the group that a parameter is annotated with, and the fields it asks for; all if it names none."""
    kind, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    if not (isinstance(kind, type) and issubclass(kind, Group)):
        return None, ()
    return kind, next((mark.names for mark in marks if isinstance(mark, Only)), ())


def pair_of(text: str, what: str) -> tuple[str, str]:
    """Read two actors written with a comma."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
        raise ArgumentError(Fault("not_a_pair", what, got=text, hint="try", example="USA,IRN"))
    return parts[0], parts[1]


def day_of(text: str | None, what: str) -> date | None:
    """Read the day that an option gives, if it gives one."""
    from detente.base.days import parse_day

    return parse_day(text, what=what) if text is not None else None
