"""``detente import``: event data of other formats as one event file, with a sidecar."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detente.base.input_limits import limits_of
from detente.cli.options import AsJson, Codebook, Force, LimitSettings, day_of
from detente.cli.output import progress_bars, write
from detente.report.text.import_events import seen_text, text_of


class Form(StrEnum):
    """Formats that can be imported; auto names the one it sees, and asks."""

    ICEWS = "icews"
    GDELT1 = "gdelt1"
    GDELT2 = "gdelt2"
    GDELT_REDUCED = "gdelt-reduced"
    POLECAT = "polecat"
    KEDS_WEIS = "keds-weis"
    KEDS_CAMEO = "keds-cameo"
    KEDS_NATIVE = "keds-native"
    PHOENIX = "phoenix"
    CLINE_PHOENIX = "cline-phoenix"
    TERRIER = "terrier"
    ACLED = "acled"
    UCDP = "ucdp"
    MID = "mid"
    MIDIP = "midip"
    CSV = "csv"
    AUTO = "auto"


class DayOrder(StrEnum):
    """How days may be written."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


class Zeros(StrEnum):
    """What has become of leading zeros."""

    KEPT = "kept"
    LOST = "lost"


def import_(
    form: Annotated[Form, typer.Argument(help="the format of the files; auto recognises it and asks")],
    files: Annotated[list[Path], typer.Argument(help="files of that format: plain, gzip or zip")],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="the .parquet file to write; a sidecar OUT.json says where the events came from",
        ),
    ],
    names: Annotated[
        Path | None, typer.Option("--map", help="a CSV file with the columns from and to that renames actors")
    ] = None,
    states: Annotated[
        bool,
        typer.Option("--names", help="write every state as its ISO 3166 code, whatever form the file uses"),
    ] = False,
    succession: Annotated[
        bool,
        typer.Option(
            "--succession",
            help="give acts of former states to their successors, from the successor's first day on",
        ),
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option(help="names of the columns in a plain file, such as date=event_date,source=actor1"),
    ] = None,
    dates: Annotated[
        DayOrder | None,
        typer.Option(help="the order of day, month and year, if the file does not use that of its format"),
    ] = None,
    leading_zeros: Annotated[
        Zeros, typer.Option(help="lost: the file has lost leading zeros, so read 40 as 040 and 10 as 010")
    ] = Zeros.KEPT,
    null: Annotated[
        str | None,
        typer.Option(
            help="words for a missing value in a plain or KEDS file, separated by commas, instead of NULL, NA and so on"
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(help="first day wanted, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day not wanted, YYYY-MM-DD")] = None,
    vintage: Annotated[
        str | None,
        typer.Option(help="use only rows reported before this day, YYYY-MM-DD, if the format says when"),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            help="a file of an earlier release, to count what was withdrawn or changed since; may be repeated"
        ),
    ] = None,
    codebook: Codebook = None,
    limits: LimitSettings = None,
    threads: Annotated[
        int,
        typer.Option(min=0, max=32, help="number of threads; 0 uses every core; results do not depend on it"),
    ] = 0,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Turn event data of other projects into one event file (docs/import.md)."""
    from detente.base.clock import today
    from detente.base.outputs import check_target
    from detente.events.importing.actor_names import ActorNames, read_names
    from detente.events.importing.import_options import Options, columns_given
    from detente.events.importing.importer import import_events, sidecar_of
    from detente.events.ontology.null_words import NULL_WORDS

    inputs = (*files, *(earlier or ()), *((names,) if names is not None else ()))
    for path in (out, sidecar_of(out)):
        check_target(path, inputs=inputs, force=force, streams=False)
    allowed = limits_of(limits or ())
    mapped = read_names(names, allowed) if names is not None else ActorNames()
    options = Options(
        replace(mapped, states=states, succession=succession),
        codebook=codebook,
        since=day_of(since, "since"),
        until=day_of(until, "until"),
        columns=columns_given(columns),
        dates=dates.value if dates else None,
        zeros_lost=leading_zeros is Zeros.LOST,
        today=today(),
        vintage=day_of(vintage, "vintage"),
        nulls=NULL_WORDS if null is None else ("", *(word.strip() for word in null.split(","))),
    )
    chosen = form.value if form is not Form.AUTO else _asked(files)
    with progress_bars() as tell:
        result = import_events(
            chosen,
            files,
            out,
            options=options,
            threads=threads,
            progress=tell,
            limits=allowed,
            force=force,
            earlier=earlier or (),
        )
    if as_json:
        from detente.report.text.as_json import json_of

        write(json_of(result))
    else:
        write(text_of(result))


def _asked(files: list[Path]) -> str:
    """Name the format that files have, and ask whether to read them so; without somebody to ask, refuse.

    Raises
    ------
    DataError
        If the files have no known format, or nobody can be asked.
    """
    import sys

    from detente.base.errors import DataError, Fault
    from detente.events.importing.recognise import formats_seen

    found = formats_seen(files)
    if len(found) == 1 and sys.stdin.isatty():
        typer.echo(seen_text(files[0].name, found), err=True)
        if typer.confirm("Import it so?", err=True):
            return found[0].name
        raise typer.Abort
    name, titles = files[0].name, tuple(each.name for each in found)
    hint = "import_it" if len(found) == 1 else "import_one_of"
    raise DataError(
        Fault(
            "format_not_given", "format", where=name, hint=hint, format=titles[0], formats=titles, file=name
        )
    )
