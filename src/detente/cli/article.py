"""``detente article``: an argument as an article page in three languages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AsJson, Force, Only, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, show_text, write
from detente.report.text.as_json import json_of
from detente.report.text.first_line import first_lines


@options
def article(
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for the pages; default: RIVALRY-article")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(help="address at which the folder will be published, for links between languages"),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write an argument as an article in three languages, with the verdict on each claim beside its paragraph."""
    from detente.base.outputs import check_folder

    loaded = case.load()
    target = out or Path(f"{Path(loaded.rivalry or loaded.name).stem}-article")
    if not as_json or out is not None:
        from detente.report.pages.article import NAMES_OF_FILES

        check_folder(target, NAMES_OF_FILES, inputs=case.inputs(), force=force)
    run.refuse_too_many(loaded)
    from detente.studies.article import article_on

    page = target
    with progress_bars() as tell:
        result = article_on(loaded, **run.given(), progress=tell)
        if not as_json or out is not None:
            from detente.report.pages.article import write_article

            page = write_article(result, target, tell, base_url=base_url, force=force)
    if as_json:
        write(json_of(result))
        return
    if lines := first_lines(result.cautions):
        show_text(lines.rstrip())
    write(f"Written to {target}: open {page}")
