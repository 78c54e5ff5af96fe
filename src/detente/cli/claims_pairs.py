"""The part of ``detente claims`` that judges every pair of an event file."""

from __future__ import annotations

from pathlib import Path

from detente.cli.options import day_of
from detente.cli.output import progress_bars, write
from detente.report.text.as_json import json_of
from detente.report.text.claims_pairs import text_of


def over_pairs(
    pairs: int,
    argument: str | None,
    events: Path | None,
    codebook: str | None,
    skip_bad: bool,
    as_of: str | None,
    threads: int,
    as_json: bool,
) -> None:
    """Judge claims on the busiest pairs of an event file and print them."""
    from detente.base.errors import ArgumentError, Fault
    from detente.lab.arguments import load_argument
    from detente.lab.case import load_chronicle
    from detente.studies.claims.over_pairs import claims_of_pairs

    if events is None:
        raise ArgumentError(Fault("only_with", "pairs", got=pairs, hint="give_event_file", other="events"))
    chronicle = load_chronicle(events=events, codebook=codebook, skip_bad=skip_bad)
    with progress_bars() as tell:
        result = claims_of_pairs(
            chronicle,
            load_argument(argument or "pairs"),
            pairs=pairs,
            as_of=day_of(as_of, "as_of"),
            threads=threads,
            progress=tell,
        )
    write(json_of(result) if as_json else text_of(result))
