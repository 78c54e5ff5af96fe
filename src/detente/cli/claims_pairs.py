"""The part of ``detente claims`` that judges every pair of an event file."""

from __future__ import annotations

import json
from pathlib import Path

from detente.cli.options import day_of
from detente.cli.output import progress_bars, write
from detente.report.text.claims_pairs import told_pairs


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
        raise ArgumentError(Fault("--pairs", "goes with --events", got=pairs, hint="Give an event file."))
    chronicle = load_chronicle(events=events, codebook=codebook, skip_bad=skip_bad)
    with progress_bars() as tell:
        result = claims_of_pairs(
            chronicle,
            load_argument(argument or "pairs"),
            pairs=pairs,
            as_of=day_of(as_of, "--as-of"),
            threads=threads,
            progress=tell,
        )
    write(json.dumps(result.to_dict(), indent=2, ensure_ascii=False) if as_json else told_pairs(result))
