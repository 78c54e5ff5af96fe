"""What `detente import` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.base.days import Window
    from detente.events.importing.file_layout import FileLayout
    from detente.events.importing.result import Imported

_MOST_SHOWN = 12
_FOLDING = (
    "rows with the same day, source, target, act and place are one event, however many reports mention it"
)
_NUMBERED = "rows with the same number, pair and act are one event; rows with other numbers are others"
_LEFT_OUT = {
    "one-sided": "nobody on one of the two sides",
    "domestic": "an act of an actor on itself",
    "no-act": "no act of one actor on another",
    "outside": "outside the days asked for",
    "later": "reported later than the vintage asked for, or on a day that the file does not tell",
    "apart": "dated far from all others, so that no year between is taken for quiet; since and until keep them",
    "map": "left out by the map",
}
_NOTES = {
    "padded": "had a code that had lost its leading zero; another column of the row says which it was.",
    "latin-1": "had bytes that are not UTF-8 in the name of a place or in a column that is not used; read as Latin-1.",
    "unfinished": "had no line break after it, as the last of its file, but all its fields: was the file cut off?",
    "one-report": "are of rows that name several actors: each is an act, and they are marked as one report.",
    "no-report-day": "say when they were reported in a way that cannot be read; a vintage leaves them out.",
    "vague": "have a day that is known to the month or the year only: they enter no rate.",
    "week": "have a day that is exact to a week only.",
    "no-order": "are of battles, whose first actor did not necessarily attack.",
    "no-initiator": "are of fights of which nobody says who began: an act in each direction, marked so.",
}


def text_of(result: Imported) -> str:
    """Return what was read, kept, folded, left out and refused, and which days are missing."""
    from detente.base.errors import rule_text
    from detente.events.files.raw_table import MAX_FIELDS
    from detente.events.importing.steps import REFUSED

    files = ", ".join(file.name for file in result.files[:4]) + (
        f" and {len(result.files) - 4:,} more" if len(result.files) > 4 else ""
    )
    lines = [
        f"{result.form}: {result.rows:,} rows read from {files}.",
        f"{result.events:,} events of {result.actors:,} actors kept in {result.output}; codebook {result.codebook}.",
        f"{result.folded:,} folded: {_NUMBERED if result.numbered else _FOLDING}.",
        *_of_ids(result),
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
    lines += [f"{count:,} of the rows kept {_NOTES[note]}" for note, count in result.notes.items()]
    how = "as declared" if result.declared else "from the first event to the last"
    lines.append(
        f"{result.window.days:,} days expected, {result.window} ({how}); {result.days_missing:,} of them have no row."
    )
    if result.missing:
        shown = ", ".join(str(window) for window in result.missing[:_MOST_SHOWN])
        lines.append(f"  No row: {shown}{' …' if len(result.missing) > _MOST_SHOWN else ''}")
    lines += [*gap_lines(result.gaps), *_of_releases(result), *_of_actors(result), *_of_columns(result)]
    return "\n".join(lines)


def _of_ids(result: Imported) -> list[str]:
    lines = []
    if result.reissued:
        lines.append(
            f"  {result.reissued:,} of them re-issued: the number, pair and act of another row; the first day stays."
        )
    if result.other_deaths:
        who = "event has" if result.other_deaths == 1 else "events have"
        lines.append(
            f"  {result.other_deaths:,} such {who} other deaths in another row: those of the first day stay."
        )
    if result.shared_ids:
        shown = ", ".join(result.shared_examples)
        many = "number is used" if result.shared_ids == 1 else "numbers are used"
        lines.append(
            f"{result.shared_ids:,} {many} for different pairs or acts, so the rows are kept as they are: {shown}."
        )
    if result.changed:
        lines.append(
            f"  {result.changed:,} of them were reported on different days: a later release changed a row."
        )
    return lines


def _of_releases(result: Imported) -> list[str]:
    """Return a line on what became of an earlier release; none without one."""
    found = result.compared
    if found is None:
        return []
    head = f"Compared with {', '.join(found.files)}, {found.window}"
    if not found.by_number:
        gone = f"Acts before: {found.events:,}; no longer there: {found.withdrawn:,}; new: {found.added:,}"
        return [f"{head}. {gone}. Without a number for every row, an act that was changed counts as both."]
    first = {name: f" (first: {', '.join(numbers)})" for name, numbers in found.first.items()}
    how = ", ".join(f"{name} {count:,}" for name, count in found.changes.items())
    gone = f"withdrawn: {found.withdrawn:,}{first.get('withdrawn', '')}"
    other = f"changed: {found.changed:,}{first.get('changed', '')}"
    return [
        f"{head}. Numbers before: {found.events:,}; {gone}; {other}; new: {found.added:,}.",
        *([f"  Changed: {how}."] if how else []),
    ]


def gap_lines(gaps: tuple[Window, ...]) -> list[str]:
    """Return a line on stretches of years without a row; none where there are none."""
    if not gaps:
        return []
    shown = ", ".join(map(str, gaps))
    return [
        f"Coverage in {len(gaps) + 1} parts: no row of any actor {shown}, which is unknown and not quiet."
    ]


def alike_lines(groups: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return lines on actors that look like one; none where there are none."""
    shown = "; ".join(", ".join(group) for group in groups[:_MOST_SHOWN])
    more = f" and {len(groups) - _MOST_SHOWN:,} more" if len(groups) > _MOST_SHOWN else ""
    return (
        [f"Actors that look like one: {shown}{more}. A map, or names, of detente import merges them."]
        if groups
        else []
    )


def _of_actors(result: Imported) -> list[str]:
    lines = alike_lines(result.alike)
    if result.renamed:
        first = [f"{pair} {count:,}" for pair, count in result.renamed.items()]
        lines.append(
            f"Names of states, in rows: {', '.join(first[:_MOST_SHOWN])}{' …' * (len(first) > _MOST_SHOWN)}."
        )
    if result.succeeded:
        shown = ", ".join(f"{pair} {count:,}" for pair, count in result.succeeded.items())
        lines.append(f"Succession applied, in rows: {shown}.")
    met = [f"{name} {count:,}" for name, count in result.applied.items() if count]
    if met:
        lines.append(
            f"{result.mapped} named actors, in rows: {', '.join(met[:_MOST_SHOWN])}{' …' * (len(met) > _MOST_SHOWN)}."
        )
    if result.unmet:
        lines.append(
            f"{result.mapped} names actors that no row has: {', '.join(result.unmet[:_MOST_SHOWN])}."
        )
    return lines


def _of_columns(result: Imported) -> list[str]:
    lines = []
    if result.columns_unused:
        lines.append(f"Columns not used: {', '.join(result.columns_unused)}.")
    if result.files_left_out:
        lines.append(f"Files left out, since they are no tables of acts: {', '.join(result.files_left_out)}.")
    if result.fits_better is not None:
        lines.append(better_line(result.fits_better, result.codebook))
    return lines


def better_line(better: tuple[str, int, int], codebook: str) -> str:
    """Return a warning that codes fit another codebook better than their own."""
    other, theirs, own = better
    return (
        f"Warning: the codes fit another codebook better: {theirs:,} events have a code of {other}, {own:,} of "
        f"{codebook}. If they were written in {other}, acts here mean something else."
    )


def seen_text(name: str, layouts: Sequence[FileLayout]) -> str:
    """Return what a file looks like."""
    return f"{name} looks like {' or '.join(layout.title for layout in layouts)}."


def add_sentences(value: dict[str, Any], result: Imported) -> None:
    """Add how rows are folded."""
    value["sentences"] = {"folding_rule": _NUMBERED if result.numbered else _FOLDING}
