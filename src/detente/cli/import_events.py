"""``detente import``: event data of other formats as one event file, with a sidecar."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detente.base.input_limits import limits_of
from detente.cli.options import AsJson, Codebook, Force, LimitSettings, day_of, files_named
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.import_events import text_of


class Form(StrEnum):
    """Formats that can be imported."""

    ICEWS = "icews"
    GDELT1 = "gdelt1"
    GDELT2 = "gdelt2"
    POLECAT = "polecat"
    KEDS_WEIS = "keds-weis"
    KEDS_CAMEO = "keds-cameo"
    CSV = "csv"


def import_(
    form: Annotated[Form, typer.Argument(help="the format of the files")],
    files: Annotated[list[Path], typer.Argument(help="files of that format: plain, gzip or zip")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="the .parquet file to write; OUT.json is its sidecar")
    ],
    names: Annotated[
        Path | None, typer.Option("--map", help="a CSV file with the columns from and to that names actors")
    ] = None,
    since: Annotated[str | None, typer.Option(help="first day wanted, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day not wanted, YYYY-MM-DD")] = None,
    codebook: Codebook = None,
    limits: LimitSettings = None,
    threads: Annotated[
        int, typer.Option(min=0, max=32, help="0 uses every core; results do not depend on it")
    ] = 0,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Import ICEWS, GDELT, POLECAT or KEDS files as one event file (docs/import.md)."""
    from detente.base.outputs import check_target
    from detente.events.importing.actor_names import read_names
    from detente.events.importing.importer import import_events, sidecar_of

    for path in (out, sidecar_of(out)):
        check_target(path, inputs=files_named(*files, names), force=force, streams=False)
    allowed = limits_of(limits or ())
    mapped = read_names(names, allowed) if names is not None else None
    first, end = day_of(since, "since"), day_of(until, "until")
    with progress_bars() as tell:
        result = import_events(
            form.value,
            files,
            out,
            codebook=codebook,
            names=mapped,
            since=first,
            until=end,
            threads=threads,
            progress=tell,
            limits=allowed,
            force=force,
        )
    write(json_of(result) if as_json else text_of(result))
