"""`detente check`: read an argument or an event file and report its faults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.base.input_limits import limits_of
from detente.cli.options import AsJson, Codebook, LimitSettings
from detente.cli.output import write
from detente.report.text.as_json import json_text, to_json
from detente.report.text.check import plans_text, plans_to_json, text_of


def check(
    file: Annotated[
        Path, typer.Argument(help="an argument (.yaml) or an event file (.csv, .csv.gz, .zip, .parquet)")
    ],
    codebook: Codebook = None,
    limits: LimitSettings = None,
    as_json: AsJson = False,
) -> None:
    """Check an argument or an event file; report every fault with its line and a suggested fix."""
    from detente.base.clock import today
    from detente.lab import check
    from detente.studies.whatif.unread import unread_plans

    report = check.check_file(file, codebook, limits_of(limits or ()), today())
    plans = unread_plans(report.argument) if report.argument is not None else {}
    write(
        json_text(plans_to_json(to_json(report), plans)) if as_json else text_of(report) + plans_text(plans)
    )
