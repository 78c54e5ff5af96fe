"""``detente world``: all pairs of an event file, fitted together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import limits_of
from detente.base.printable import name_of
from detente.cli.cluster_option import Cluster, workers_given
from detente.cli.options import (
    AsJson,
    CacheFolder,
    Codebook,
    EventFile,
    Force,
    LimitSettings,
    NoCache,
    Out,
    SkipBad,
    Threads,
    cache_of,
    day_of,
    files_named,
)
from detente.cli.output import progress_bars, say_written, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.console import written_text
from detente.report.text.world import text_of


def world(
    about: Annotated[
        str | None,
        typer.Argument(
            metavar="[EVENTS]",
            help="an event file with many pairs, an argument's YAML file that names one, or a named rivalry",
        ),
    ] = None,
    event_file: EventFile = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="as-of day, YYYY-MM-DD: nothing from this day on is used; default: the day after the last event"
        ),
    ] = None,
    pairs: Annotated[
        int, typer.Option(min=1, max=5000, help="number of undirected pairs, busiest first")
    ] = 200,
    out: Out = None,
    lang: Lang = "en",
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
    vintage: Annotated[
        str | None, typer.Option(help="use only rows that were reported before this day, YYYY-MM-DD")
    ] = None,
    limits: LimitSettings = None,
    force: Force = False,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    threads: Threads = 0,
    cluster: Cluster = None,
    as_json: AsJson = False,
) -> None:
    """Fit all pairs of an event file together: rates, heating and cooling rivalries, and a world prior."""
    from detente.base.outputs import check_folder, check_target, write_output
    from detente.report.pages.world import NAMES, write_world
    from detente.studies.world import run

    workers, chosen = workers_given(threads, cluster), cache_of(cache, no_cache)
    inputs = files_named(about, event_file, limits=limits_of(limits or ()))
    check_folder(out, NAMES, inputs=inputs, force=force)
    if prior is not None:
        check_target(prior, inputs=inputs, force=force, field="prior", parents=True)
        if out is not None and prior.resolve() in [(out / name).resolve() for name in NAMES]:
            raise ArgumentError(Fault("not_unique", "prior and out", got=str(prior), hint="other_file"))
    events = about if event_file is None else str(event_file)
    if events is None:
        raise ArgumentError(Fault("required", "events", hint="give_event_file"))
    name = name_of(Path(events))
    with workers, progress_bars():
        found = run.world_of(
            events,
            as_of=day_of(as_of, "as_of"),
            pairs=pairs,
            codebook=codebook,
            states=states,
            skip_bad=skip_bad,
            vintage=day_of(vintage, "vintage"),
            cache=chosen,
            limits=limits_of(limits or ()),
            threads=workers,
        )
        folder: list[Path] = []
        if prior is not None:
            command = f"detente world {name} --pairs {pairs} --fast {fast:g} --prior {name_of(prior)}"
            command += f" --codebook {codebook}" * (codebook is not None) + " --states" * states
            command += f" --vintage {vintage}" * (vintage is not None)
            command += " --skip-bad" * skip_bad + f" --as-of {as_of}" * (as_of is not None)
            text = run.world_prior_of(found, fast_half_life_days=fast, made_by=command).model_dump_json(
                indent=1
            )
            write_output(prior, f"{text}\n".encode(), inputs=inputs, force=force, field="prior", parents=True)
        if out is not None:
            with written_in(lang):
                folder = write_world(found, out, force=force)
    show(found, text_of, as_json=as_json)
    if prior is not None and not as_json:
        say_written(f"\nWritten to {prior}: the world prior.", prior)
    say_missing_letters(lang)
    if folder and not as_json:
        write(f"\n{written_text(folder)}")
