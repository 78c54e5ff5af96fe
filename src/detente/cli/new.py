"""``detente new``: a first argument about two actors, proposed from event data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.errors import ArgumentError, Fault, OutputError
from detente.base.input_limits import limits_of
from detente.cli.options import Codebook, LimitSettings, SkipBad, day_of, pair_of
from detente.cli.output import write

if TYPE_CHECKING:
    from detente.events.chronicle import Chronicle
    from detente.studies.drafting.shipped import MeasuredQuestion, Template


def new(
    one: Annotated[
        str | None,
        typer.Argument(help="an actor's code; or an argument's YAML file, for which --with prints templates"),
    ] = None,
    other: Annotated[str | None, typer.Argument(help="the other actor's code")] = None,
    events: Annotated[
        Path | None, typer.Option("--events", help="an event file, such as one that was imported")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="as-of day, YYYY-MM-DD: nothing known later is used; default: the end of the file"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="the .yaml file to write; default: ONE-OTHER.yaml")
    ] = None,
    with_: Annotated[
        str | None,
        typer.Option(
            "--with", help="blocks to add as templates, separated by commas: door, levers, bargain, claims"
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            help="copy an argument that comes with the program, instead of naming two actors: iran-iraq or israel-syria"
        ),
    ] = None,
    codebook: Codebook = None,
    skip_bad: SkipBad = False,
    limits: LimitSettings = None,
    force: Annotated[bool, typer.Option("--force", help="replace a file that exists")] = False,
) -> None:
    """Write a first argument about two actors, proposed from the events up to a day (docs/new.md)."""
    from detente.base.outputs import write_output
    from detente.lab.arguments import load_argument, names_file
    from detente.lab.case import load_chronicle
    from detente.studies.drafting.from_events import named_from, propose
    from detente.studies.drafting.shipped import copy_template
    from detente.studies.drafting.templates import templates_for

    allowed = limits_of(limits or ())
    blocks = tuple(part.strip() for part in (with_ or "").split(",") if part.strip())
    if template is not None:
        if one is not None or blocks:
            other_field = "with" if blocks else "actors"
            raise ArgumentError(
                Fault("cannot_combine", "template", other=other_field, hint="template_and_events")
            )
        if events is None:
            raise ArgumentError(Fault("required", "events", hint="template_and_events"))
        path = out or Path(f"{template}.yaml")
        _check_new(path, events, force=force)
        chronicle = load_chronicle(events=events, codebook=codebook, skip_bad=skip_bad, limits=allowed)
        own = named_from(path, events)
        copied = copy_template(template, chronicle, day_of(as_of, "as_of"), events=own)
        write_output(path, copied.text.encode(), inputs=[events], force=force)
        next_ = _next(path, own, events, codebook, skip_bad=skip_bad)
        write(f"{_alike(chronicle)}{_template_text(copied, path)}\n{next_}")
        return
    if other is None and one is not None and names_file(one):
        if not blocks:
            raise ArgumentError(Fault("required", "with", hint="try", example="door,levers"))
        write(templates_for(load_argument(one, limits=allowed), blocks))
        return
    if one is None or other is None or events is None:
        field = "one" if one is None else "other" if other is None else "events"
        raise ArgumentError(Fault("required", field, hint="give_two_and_events"))
    pair = pair_of(f"{one},{other}", "actors")
    path = out or Path(f"{one}-{other}.yaml".replace("/", "-"))
    _check_new(path, events, force=force)
    chronicle = load_chronicle(events=events, codebook=codebook, skip_bad=skip_bad, limits=allowed)
    own = named_from(path, events)
    proposal = propose(chronicle, pair, day_of(as_of, "as_of"), events=own, with_=blocks)
    write_output(path, proposal.text.encode(), inputs=[events], force=force)
    run = proposal.argument.run
    write(
        _alike(chronicle)
        + f"{path}: {one} and {other} as of {run.as_of}. Proposed: parties {len(proposal.argument.parties)}, eras "
        f"{len(proposal.breaks)}, mechanisms {len(proposal.argument.mechanisms)}, questions "
        f"{len(proposal.questions)}. Read it, change it, then:\n"
        + _next(path, own, events, codebook, skip_bad=skip_bad)
    )


def _alike(chronicle: Chronicle) -> str:
    """Return lines about codes that look like one actor, and columns that seem to be misnamed."""
    from detente.events.ontology.state_codes import look_alikes
    from detente.lab.check import held_columns
    from detente.report.text.import_events import alike_lines, meant_lines

    codes = (*chronicle.events["source"], *chronicle.events["target"])
    meant = meant_lines(chronicle.provenance.columns_left_out, held_columns(chronicle.events))
    lines = alike_lines(look_alikes(codes, chronicle.codebook)) + meant
    return "".join(f"{line}\n" for line in lines)


def _check_new(path: Path, events: Path, *, force: bool) -> None:
    """Refuse a file that is there: also one of ours, since it may have been changed by hand."""
    from detente.base.outputs import check_target

    if path.suffix not in (".yaml", ".yml"):
        raise OutputError(Fault("wrong_ending", "out", got=path.name, endings=(".yaml", ".yml")))
    if path.exists() and not force:
        raise OutputError(Fault("file_exists", "out", got=str(path), hint="force_or_other_file"))
    check_target(path, inputs=[events], force=force)


def _next(path: Path, own: str | None, events: Path, codebook: str | None, *, skip_bad: bool) -> str:
    """Return the commands that come next."""
    flags = ("" if own else f" --events {events}") + (f" --codebook {codebook}" if codebook else "")
    flags += " --skip-bad" if skip_bad else ""
    read = f" --codebook {codebook}" if codebook else ""
    return f"detente check {path}{read}\ndetente run {path}{flags}"


def _template_text(template: Template, path: Path) -> str:
    """Return which of its questions and parties fit the events."""
    argument, questions = template.argument, template.questions
    unfit = [question for question in questions if not question.fits]
    principals = " and ".join(argument.principals or ())
    fit = f"{len(questions) - len(unfit)} of {len(questions)} questions came true in 5 to 95 % of the earlier windows"
    lines = [f"{path}: {principals} as of {argument.run.as_of}. {fit} of these events."]
    if gone := [question for question in unfit if not question.asked]:
        asked = ", ".join(each.spec.id for each in template.added) or "none"
        lines.append(
            f"Hardly questions in these events, and asked no more: {_shares(gone)}. Proposed in their stead: {asked}."
        )
    if kept := [question for question in unfit if question.asked]:
        lines.append(
            f"Hardly questions in these events, and asked all the same, since claims speak of them: {_shares(kept)}."
        )
    if template.absent:
        lines.append(f"Parties of which nobody acts here: {', '.join(template.absent)}.")
    if argument.run.fit_from is not None:
        lines.append(
            f"It is fitted from {argument.run.fit_from} on: a fit to everything feeds itself without end."
        )
    if template.radius is not None and template.radius >= 1:
        lines.append(
            f"In a burst each act brings on {template.radius:.2f} further acts, and a run refuses 1 and more: take "
            "mechanisms out, or another day."
        )
    lines.append("Read it, change it, then:")
    return "\n".join(lines)


def _shares(questions: Sequence[MeasuredQuestion]) -> str:
    """Return questions with how often each came true before, as far as that can be told."""
    return ", ".join(
        f"{q.id} (cannot be told)" if q.share is None else f"{q.id} ({q.share:.0%})" for q in questions
    )
