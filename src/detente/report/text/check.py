"""What `detente check` prints of a file without a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.text.import_events import alike_lines, better_line, gap_lines
from detente.report.text.unread import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.lab.case import Case
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
            f"{len(found.questions)} questions and {len(found.claims)} claims.{_untranslated(result)}"
        )
    return "\n".join((_held(result), *_more(result)))


def _untranslated(result: Checked) -> str:
    """Return a line for each language in which some of an argument's texts are missing."""
    lines = []
    for language, keys in result.untranslated.items():
        names = ", ".join(keys[:_SHOWN]) + (f" and {len(keys) - _SHOWN:,} more" if len(keys) > _SHOWN else "")
        lines.append(f"\nWarning: texts.{language} lacks {names}; pages show the original there.")
    return "".join(lines)


def read_texts(case: Case) -> list[str]:
    """Return what `detente check` says of a case's argument and of its events, with plans that nothing reads."""
    from pathlib import Path

    from detente.lab.check import Checked
    from detente.studies.whatif.unread import unread_plans

    named = ((f"{case.argument.argument}.yaml", case.argument), (case.name, case.chronicle))
    said = [line for name, found in named for line in text_of(Checked(Path(name), found)).splitlines()]
    return said + plans_text(unread_plans(case.argument)).split("\n")[1:]


def _held(result: Checked) -> str:
    """Return the first line: rows, acts, coverage and actors."""
    found: Any = result.found
    origin = found.provenance
    return (
        f"{result.file.name}: a valid event file, {origin.rows_read:,} rows, {found.acts:,} acts after folding "
        f"({origin.mutual_folded:,} second directions, {origin.duplicates_folded:,} repetitions), {found.coverage}. "
        f"Actors: {_actors(result.actors)}."
    )


def _more(result: Checked) -> list[str]:
    """Return lines on what a reader should know of the rows: gaps, rows left out, actors, columns, codebook."""
    found: Any = result.found
    origin, lines = found.provenance, gap_lines(found.gaps)
    if result.parts:
        each = ", ".join(f"{acts:,} in {part}" for part, acts in result.parts)
        lines.append(
            f"Acts: {each}. If nothing happened between, declare the days: detente import csv with since and until."
        )
    if origin.domestic:
        lines.append(f"{origin.domestic:,} rows left out: an actor on itself.")
    if origin.nobody:
        lines.append(f"{origin.nobody:,} rows left out: nobody on one of the two sides (---, * or UNK).")
    if origin.apart:
        shown = ", ".join(f"{day.isoformat()} ({where})" for day, where in origin.apart[:_SHOWN])
        lines.append(
            f"{len(origin.apart):,} rows set apart and not used: their dates are far from all others: {shown}. "
            "If they are right, declare the days: detente import csv with since and until."
        )
    if origin.unfinished:
        lines.append(
            "The last line has no line break after it: its fields are all there, but was the file cut off?"
        )
    lines += alike_lines(result.alike)
    if origin.columns_left_out:
        lines.append(f"Columns not used: {', '.join(origin.columns_left_out)}.")
    if origin.beside:
        lines.append(f"Files left out, since they are not tables: {', '.join(origin.beside)}.")
    if result.fits_better is not None:
        lines.append(better_line(result.fits_better, found.codebook))
    return lines


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
