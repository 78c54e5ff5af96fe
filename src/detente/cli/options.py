"""What every command shares: its options, how it finds a case, how it prints and shows progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.errors import ArgumentError, Fault

if TYPE_CHECKING:
    from datetime import date

    from detente.lab.case import Case

Rivalry = Annotated[
    str | None, typer.Argument(help="a named rivalry, such as us-iran, or an argument's YAML file")
]
ArgumentName = Annotated[str | None, typer.Option("--argument", help="an argument's name, or a YAML file")]
EventFile = Annotated[
    Path | None, typer.Option("--events", help="an event file to use instead of the embedded one")
]
Codebook = Annotated[
    str | None, typer.Option("--codebook", help="how codes read: detente, plover, cameo or weis")
]
Principals = Annotated[str | None, typer.Option("--principals", help="the two actors, such as USA,IRN")]
Add = Annotated[
    list[Path] | None, typer.Option("--add", help="an event file to lay over the chronicle; may be repeated")
]
AddUntil = Annotated[
    str | None, typer.Option("--add-until", help="first day the last added file does not cover, YYYY-MM-DD")
]
Threads = Annotated[int, typer.Option(min=0, max=32, help="0 uses every core; results do not depend on it")]
Seed = Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="fixes every random number")]
FutureCount = Annotated[int | None, typer.Option(min=1, max=1_000_000, help="how many futures")]
FirstDay = Annotated[
    str | None, typer.Option(help="first day to simulate, YYYY-MM-DD; nothing known later is used")
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="leave faulty rows out, and say which, instead of refusing")
]


def pair_of(text: str, what: str) -> tuple[str, str]:
    """Read two actors written with a comma."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
        raise ArgumentError(Fault("not_a_pair", what, got=text, hint="try", example="USA,IRN"))
    return parts[0], parts[1]


def day_of(text: str | None, what: str = "add_until") -> date | None:
    """Read the day a flag gives, if it gives one."""
    from detente.base.days import parse_day

    return parse_day(text, what=what) if text is not None else None


def case_of(
    rivalry: str | None,
    argument: str | None,
    events: Path | None,
    codebook: str | None,
    principals: str | None,
    skip_bad: bool,
    add: list[Path] | None = None,
    add_until: str | None = None,
) -> Case:
    """Find the argument and the chronicle that the flags name."""
    from detente.lab.case import load_case

    pair = pair_of(principals, "principals") if principals else None
    if rivalry is not None and argument is None and Path(rivalry).suffix in (".yaml", ".yml"):
        rivalry, argument = None, rivalry
    return load_case(
        rivalry,
        argument=argument,
        events=events,
        codebook=codebook,
        principals=pair,
        skip_bad=skip_bad,
        add=tuple(add or ()),
        add_until=day_of(add_until),
    )
