"""Write the measured tables of docs/claims-pairs.md; `make docs` does not run it: it takes minutes and others' data.

Run: python docs/pairs.py NAME=FILE.json ...
where each file holds what `detente claims --events FILE --codebook BOOK --pairs N --json` wrote, NAME keds or icews.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from generate import fill

PAGE = Path(__file__).with_name("claims-pairs.md")


def table(value: dict[str, Any]) -> str:
    """Return the verdicts over all pairs of one file."""
    lines = [
        f"{value['pairs']} pairs, as of {value['as_of']}.",
        "",
        "| claim | claimed sign | verdict | value, 90 % interval | V | P | episodes | between pairs | single pairs |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in value["claims"]:
        by = ", ".join(f"{n} {name}" for name, n in row["pairs_by_verdict"].items() if n)
        number = f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})".replace("-", "−")
        sign = row["sign"].replace("-", "−")
        lines.append(
            f"| {row['id']}: {row['text']} | {sign} | {row['verdict']} | {number} | {row['V']:.2f} | {row['P']:.3f} "
            f"| {row['episodes']:,} | ± {row['between']:.2f} | {by} |"
        )
    expected = value["false_verdicts_expected"]
    return "\n".join(
        [
            *lines,
            "",
            f"If all effects were zero, {expected:.2g} rows would be expected to read supported or contradicted.",
        ]
    )


def main() -> None:
    """Fill the page."""
    page = PAGE.read_text(encoding="utf-8")
    for argument in sys.argv[1:]:
        name, _, path = argument.partition("=")
        page = fill(page, name, table(json.loads(Path(path).read_text(encoding="utf-8"))))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
