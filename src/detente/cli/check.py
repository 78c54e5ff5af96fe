"""`detente check`: read an argument or an event file and report its faults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AsJson, Codebook
from detente.cli.output import write
from detente.report.text.as_json import json_of
from detente.report.text.check import text_of


def check(
    file: Annotated[
        Path, typer.Argument(help="an argument (.yaml) or an event file (.csv, .csv.gz, .parquet)")
    ],
    codebook: Codebook = None,
    as_json: AsJson = False,
) -> None:
    """Check an argument or an event file; report every fault with its line and a suggested fix."""
    from detente.lab import check

    report = check.check_file(file, codebook)
    write(json_of(report) if as_json else text_of(report))
