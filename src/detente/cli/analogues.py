"""``detente analogues``: earlier moments and crises like the as-of day, and what followed them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import (
    AsJson,
    CacheFolder,
    CaseOptions,
    Force,
    NoCache,
    Only,
    Out,
    RunOptions,
    cache_of,
    options,
)
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.analogues.analogues import text_of
from detente.report.text.console import written_text


@options
def analogues(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of")],
    among: Annotated[
        list[Path] | None,
        typer.Option(help="event file whose pairs are searched for moments as well; may be repeated"),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=100, help="number of moments and crises to show")] = 5,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="first measure on past questions how well moments forecast (a minute), and keep the result",
        ),
    ] = False,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Find earlier moments and international crises like the as-of day, and what followed each."""
    from detente.base.outputs import check_folder
    from detente.report.pages.analogues import NAMES, write_analogues
    from detente.studies.analogues import related as use

    files = tuple(among or ())
    check_folder(out, NAMES, inputs=(*case.inputs(), *files), force=force)
    # the codebook is of every file that is named: without one of the case's own, of those that are searched
    own = case if not files or case.events or case.add else replace(case, codebook=None)
    loaded = replace(own.load(), cache=cache_of(cache, no_cache))
    with progress_bars() as progress:
        result = use.analogues(
            loaded,
            **run.given(),
            among=files,
            codebook=case.codebook,
            skip_bad=case.skip_bad,
            count=count,
            measure=measure,
            progress=progress,
        )
    with written_in(lang, loaded.argument):
        written = [] if out is None else write_analogues(result, out, force=force)
    show(result, text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
