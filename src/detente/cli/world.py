"""``detente world``: all pairs of an event file, fitted together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AsJson, Codebook, Out, SkipBad, Threads, day_of
from detente.cli.output import check_folder, progress_bars, show, write
from detente.report.text.world import text_of


def world(
    events: Annotated[
        Path, typer.Argument(help="an event file with many pairs: date, source, target, cameo")
    ],
    as_of: Annotated[
        str | None,
        typer.Option(help="first day not used, YYYY-MM-DD; default: the day after the last event"),
    ] = None,
    pairs: Annotated[
        int, typer.Option(min=1, max=5000, help="number of undirected pairs, busiest first")
    ] = 200,
    out: Out = None,
    prior: Annotated[
        Path | None,
        typer.Option(help="write what the pairs say of momentum and reprisal as a world prior (JSON)"),
    ] = None,
    fast: Annotated[
        float, typer.Option(min=1, max=365, help="half-life in days of the world prior's clock")
    ] = 14.0,
    codebook: Codebook = None,
    states: Annotated[
        bool, typer.Option("--states", help="an actor is the first three letters of its code (ISRMIL is ISR)")
    ] = False,
    skip_bad: SkipBad = False,
    threads: Threads = 0,
    as_json: AsJson = False,
) -> None:
    """Fit all pairs of an event file together: rates, heating and cooling rivalries, a world prior."""
    from detente.studies.world import run

    check_folder(out)
    with progress_bars():
        found = run.world_of(
            events,
            as_of=day_of(as_of, "as_of"),
            pairs=pairs,
            codebook=codebook,
            states=states,
            skip_bad=skip_bad,
            threads=threads,
        )
        written: list[Path] = []
        if prior is not None:
            from detente.base.files import write_files

            command = f"detente world {events.name} --pairs {pairs} --fast {fast:g} --prior {prior.name}"
            command += f" --codebook {codebook}" * (codebook is not None) + " --states" * states
            command += " --skip-bad" * skip_bad + f" --as-of {as_of}" * (as_of is not None)
            text = run.world_prior_of(found, fast_half_life_days=fast, made_by=command).model_dump_json(
                indent=1
            )
            written += write_files([(prior.name, f"{text}\n".encode())], 1, prior.parent)
        if out is not None:
            from detente.report.pages.world import write_world

            written += write_world(found, out)
    show(found, text_of, as_json=as_json)
    for path in () if as_json else written:
        write(f"wrote {path}")
