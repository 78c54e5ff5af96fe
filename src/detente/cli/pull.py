"""``detente pull``: event data fetched from those who publish them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import AsJson, Force, day_of
from detente.cli.output import progress_bars, write

if TYPE_CHECKING:
    from detente.pull.pull import PulledFiles

_MOST_NAMED = 4  # files by their names in the command that comes next


def pull(
    source: Annotated[
        str | None, typer.Argument(help="name of a source; without one, all are listed")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="first day wanted, YYYY-MM-DD")] = None,
    to: Annotated[str | None, typer.Option("--to", help="last day wanted, YYYY-MM-DD")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PATTERN",
            help="only files with matching names, such as '*2019*'; may be repeated",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="NAME=VALUE",
            help="a parameter of the source's API, such as country=Iran; may be repeated",
        ),
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="release, such as 25.1, if the source has several")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="folder in which each source gets a folder; default: pulled in the user's cache",
        ),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='file with mode 600 and lines such as UCDP_TOKEN = "..."; variables such as DETENTE_UCDP_TOKEN take '
            "precedence; default: the file that DETENTE_SECRETS names",
        ),
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="URL", help="a mirror to use instead of the source's own address")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="download again what is already here, and say what changed")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="list what would be downloaded, and download nothing")
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Download event data from their publishers, with licence and citation (docs/pull.md)."""
    from detente.pull.declared import data_sources
    from detente.pull.found import DaysAsked
    from detente.pull.pull import Asked, parameters_of
    from detente.pull.pull import pull as pull_source
    from detente.pull.secrets import read_secrets
    from detente.report.text.as_json import json_of, json_text
    from detente.report.text.pull import sources_text, text_of

    if source is None:
        known = data_sources().values()
        rows = [{"source": s.source, "title": s.title, "licence": s.licence, "page": s.page} for s in known]
        write(json_text({"sources": rows}) if as_json else sources_text(known))
        return
    if secrets is None and os.environ.get("DETENTE_SECRETS"):
        secrets = Path(os.environ["DETENTE_SECRETS"])
    asked = Asked(
        DaysAsked(day_of(from_, "from"), day_of(to, "to")), tuple(only or ()), parameters_of(where), release
    )
    with progress_bars() as tell:
        result = pull_source(
            source,
            asked,
            into=into,
            secrets=read_secrets(secrets),
            address=address,
            again=again,
            force=force,
            dry=dry_run,
            progress=tell,
        )
    write(json_of(result) if as_json else text_of(result) + ("" if dry_run else _next(result)))


def _next(result: PulledFiles) -> str:
    """Return the command that imports what came, where it is acts."""
    if result.source.layout is None:
        return "\nThese data are no acts: nothing imports them."
    paths = [shlex.quote(str(file.path)) for file in result.files]
    every = f"{shlex.quote(str(result.folder))}/*{result.files[0].path.suffix}"
    files = " ".join(paths) if len(paths) <= _MOST_NAMED else every
    return f"\nNext: detente import {result.source.layout} {files} -o events.parquet"
