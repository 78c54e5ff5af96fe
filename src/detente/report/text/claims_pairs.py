"""What `detente claims --pairs` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.studies.claims.over_pairs import Across


def text_of(result: Across) -> str:
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
        f"If every true effect were zero, {expected:.2g} of the testable rows would not be silent.",
    ]
    return "\n".join(
        [*lines, "Claims that need declared facts, or deaths the file does not hold, are not here."]
    )
