"""`detente check`: read an argument or an event file and report its faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AsJson, Codebook
from detente.cli.output import write


def check(
    file: Annotated[
        Path, typer.Argument(help="an argument (.yaml) or an event file (.csv, .csv.gz, .parquet)")
    ],
    codebook: Codebook = None,
    as_json: AsJson = False,
) -> None:
    """Check an argument or an event file; every fault is told with its line and what to try."""
    from detente.lab import check

    report = check.check_file(file, codebook)
    write(json.dumps(report, indent=2, ensure_ascii=False) if as_json else report["summary"])
