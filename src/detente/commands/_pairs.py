"""The part of ``detente claims`` that judges every pair of an event file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from detente.commands.common import day_of, progress_bars, write

if TYPE_CHECKING:
    from detente.across import Across


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
    from detente.across import claims_of_pairs
    from detente.argument import load_argument
    from detente.errors import ArgumentError, Fault
    from detente.lab import load_chronicle

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


def told_pairs(result: Across) -> str:
    """Return every claim over all pairs on a few lines."""
    value = result.to_dict()
    head = (
        f"{value['events']}, argument {value['argument']}, as of {value['as_of']}: {value['pairs']} pairs; "
        f"detente {value['version']}, data {value['data']['digest'][:12]}."
    )
    lines = [head, ""]
    for row in value["claims"]:
        by = ", ".join(f"{n} {name}" for name, n in row["pairs_by_verdict"].items() if n)
        weakest = min(row["variants"].items(), key=lambda v: v[1] if row["P"] >= 0.5 else 1 - v[1])
        number = f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        share = (
            f"V {row['V']:.2f}, P {row['P']:.3f}, {row['episodes']:,} episodes; claimed sign {row['sign']}"
        )
        lines.append(f"{row['id']:<9} {row['verdict']:<13} {number}  {share}")
        lines.append(f"          {row['text']}")
        lines.append(
            f"          between pairs ± {row['between']:.2f}; at its weakest P {weakest[1]:.3f} ({weakest[0]})"
        )
        lines.append(
            f"          pairs by themselves: {by}; the mean moves most without {row['most_moved_by']}"
        )
    expected = value["false_verdicts_expected"]
    lines += [
        "",
        f"If every true effect were zero, {expected:.2g} of the rows that can be tested would not be silent.",
    ]
    return "\n".join(
        [*lines, "Claims that need declared facts, or deaths the file does not hold, are not here."]
    )
