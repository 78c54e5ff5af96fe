"""What `detente check` prints of a file without a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.text.unread import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.lab.check import Checked
    from detente.studies.whatif.unread import Unread

_SHOWN = 12  # actors that are named


def text_of(result: Checked) -> str:
    """Return in a sentence or two what a file holds."""
    from detente.events.chronicle import Chronicle

    found, name = result.found, result.file.name
    if not isinstance(found, Chronicle):
        return (
            f"{name}: a valid argument, {found.argument}, with {len(found.mechanisms)} mechanisms, "
            f"{len(found.questions)} questions and {len(found.claims)} claims."
        )
    origin = found.provenance
    return (
        f"{name}: a valid event file, {origin.rows_read:,} rows, {found.acts:,} acts after folding "
        f"({origin.mutual_folded:,} second directions, {origin.duplicates_folded:,} repetitions), {found.window}. "
        f"Actors: {_actors(result.actors)}."
    )


def plans_text(plans: Mapping[str, Sequence[Unread]]) -> str:
    """Return a line for each plan of levers that nothing in the argument reads."""
    return "".join(f"\nWarning: plan {name}: {reasons(parts)}." for name, parts in plans.items())


def plans_to_json(value: dict[str, Any], plans: Mapping[str, Sequence[Unread]]) -> dict[str, Any]:
    """Return a check's plain values with the plans that nothing reads, if there are any."""
    if not plans:
        return value
    rows = [
        {"plan": name, "unread": [part.to_dict() for part in parts], "sentences": {"warning": reasons(parts)}}
        for name, parts in plans.items()
    ]
    return {**value, "unread_plans": rows}


def _actors(counted: dict[str, int]) -> str:
    shown = [f"{code} {count:,}" for code, count in list(counted.items())[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(counted) - _SHOWN:,} more" if len(counted) > _SHOWN else "")


def add_sentences(value: dict[str, Any], result: Checked) -> None:
    """Add what the file holds as a summary."""
    value["sentences"] = {"summary": text_of(result)}
