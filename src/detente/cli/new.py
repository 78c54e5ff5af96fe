"""``detente new``: a first argument about two actors, proposed from event data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.base.errors import ArgumentError, Fault, OutputError
from detente.base.input_limits import limits_of
from detente.cli.options import Codebook, LimitSettings, SkipBad, day_of, pair_of
from detente.cli.output import write


def new(
    one: Annotated[
        str, typer.Argument(help="an actor's code; or an argument's YAML file, whose templates are printed")
    ],
    other: Annotated[str | None, typer.Argument(help="the other actor's code")] = None,
    events: Annotated[
        Path | None, typer.Option("--events", help="an event file, such as one that was imported")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="first day of which nothing is used, YYYY-MM-DD; the end of the file if absent"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="the .yaml file to write; ONE-OTHER.yaml if absent")
    ] = None,
    with_: Annotated[
        str | None,
        typer.Option("--with", help="templates to add, with commas: door, levers, bargain, claims"),
    ] = None,
    codebook: Codebook = None,
    skip_bad: SkipBad = False,
    limits: LimitSettings = None,
    force: Annotated[bool, typer.Option("--force", help="replace a file that exists")] = False,
) -> None:
    """Write a first argument about two actors, with what the events up to a day suggest (docs/new.md)."""
    from detente.base.outputs import check_target, write_output
    from detente.events.ontology.state_codes import look_alikes
    from detente.lab.arguments import load_argument, names_file
    from detente.lab.case import load_chronicle
    from detente.report.text.import_events import alike_lines
    from detente.studies.drafting.from_events import named_from, propose
    from detente.studies.drafting.templates import templates_for

    allowed = limits_of(limits or ())
    blocks = tuple(part.strip() for part in (with_ or "").split(",") if part.strip())
    if other is None and names_file(one):
        if not blocks:
            raise ArgumentError(Fault("required", "with", hint="try", example="door,levers"))
        write(templates_for(load_argument(one, limits=allowed), blocks))
        return
    if other is None or events is None:
        field = "other" if other is None else "events"
        raise ArgumentError(Fault("required", field, hint="give_two_and_events"))
    pair = pair_of(f"{one},{other}", "actors")
    path = out or Path(f"{one}-{other}.yaml".replace("/", "-"))
    if path.suffix not in (".yaml", ".yml"):
        raise OutputError(Fault("wrong_ending", "out", got=path.name, endings=(".yaml", ".yml")))
    if path.exists() and not force:  # also one of ours: it may have been changed by hand since
        raise OutputError(Fault("file_exists", "out", got=str(path), hint="force_or_other_file"))
    check_target(path, inputs=[events], force=force)
    chronicle = load_chronicle(events=events, codebook=codebook, skip_bad=skip_bad, limits=allowed)
    own = named_from(path, events)
    proposal = propose(chronicle, pair, day_of(as_of, "as_of"), events=own, with_=blocks)
    write_output(path, proposal.text.encode(), inputs=[events], force=force)
    run = proposal.argument.run
    flags = ("" if own else f" --events {events}") + (f" --codebook {codebook}" if codebook else "")
    flags += " --skip-bad" if skip_bad else ""
    lines = alike_lines(
        look_alikes((*chronicle.events["source"], *chronicle.events["target"]), chronicle.codebook)
    )
    write(
        f"{path}: {one} and {other} as of {run.as_of}. Proposed: parties {len(proposal.argument.parties)}, eras "
        f"{len(proposal.breaks)}, mechanisms {len(proposal.argument.mechanisms)}, questions "
        f"{len(proposal.questions)}. Read it, change it, then:\n"
        + "".join(f"{line}\n" for line in lines)
        + f"detente check {path}\ndetente run {path}{flags}"
    )
