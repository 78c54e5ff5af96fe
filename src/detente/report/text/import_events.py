"""What `detente import` prints."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.base.days import Window
    from detente.events.importing.result import Imported

_MOST_SHOWN = 12
_FOLDING = (
    "rows with the same day, source, target, act and place are one event, however many reports mention it"
)
_LEFT_OUT = {
    "one-sided": "nobody on one of the two sides",
    "domestic": "an act of an actor on itself",
    "outside": "outside the days asked for",
    "map": "left out by the map",
}


def text_of(result: Imported) -> str:
    """Return what was read, kept, folded, left out and refused, and which days are missing."""
    from detente.base.errors import rule_text
    from detente.events.files.raw_table import MAX_FIELDS
    from detente.events.importing.formats import REFUSED

    files = ", ".join(file.name for file in result.files[:4]) + (
        f" and {len(result.files) - 4:,} more" if len(result.files) > 4 else ""
    )
    lines = [
        f"{result.form}: {result.rows:,} rows read from {files}.",
        f"{result.events:,} events of {result.actors:,} actors kept in {result.output}; codebook {result.codebook}.",
        f"{result.folded:,} folded: {_FOLDING}.",
    ]
    if result.too_many:
        lines.append(
            f"That is more than the {MAX_FIELDS:,} fields that an event file may hold: import fewer days, with "
            "since and until, or leave actors out with a map."
        )
    lines += [f"{count:,} left out: {_LEFT_OUT[reason]}." for reason, count in result.left_out.items()]
    lines += [
        f"{count:,} refused: a row {rule_text(REFUSED[reason])}." for reason, count in result.refused.items()
    ]
    lines += [f"  {fault}" for fault in result.faults]
    how = "as declared" if result.declared else "from the first event to the last"
    lines.append(
        f"{result.window.days:,} days expected, {result.window} ({how}); {result.days_missing:,} of them have no row."
    )
    if result.missing:
        shown = ", ".join(_days(window) for window in result.missing[:_MOST_SHOWN])
        lines.append(f"  No row: {shown}{' …' if len(result.missing) > _MOST_SHOWN else ''}")
    if result.unmet:
        lines.append(
            f"{result.mapped} names actors that no row has: {', '.join(result.unmet[:_MOST_SHOWN])}."
        )
    return "\n".join(lines)


def _days(window: Window) -> str:
    last = window.end - timedelta(days=1)
    first = window.start.isoformat()
    return first if window.days == 1 else f"{first} to {last.isoformat()}"


def add_sentences(value: dict[str, Any], result: Imported) -> None:
    """Add how rows are folded."""
    value["sentences"] = {"folding_rule": _FOLDING}
