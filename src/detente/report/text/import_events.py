"""What `detente import` prints, and what the web says of an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.faults import fault_text, noun, rule_said
from detente.report.languages.formats import iso_window
from detente.report.languages.language import _, for_later, given, ngettext, sentences
from detente.report.languages.marks import without_marks
from detente.report.languages.readers import visitor_reads
from detente.report.text.numbers import clauses, commas, of_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detente.base.days import Window
    from detente.events.importing.file_layout import FileLayout
    from detente.events.importing.result import Imported

_MOST_SHOWN = 12
_FOLDING = for_later(
    "rows with the same day, source, target, act and place are one event, however many reports mention it"
)
_NUMBERED = for_later(
    "rows with the same number, pair and act are one event; rows with other numbers are others"
)
_LEFT_OUT = {
    "one-sided": for_later("{n} left out: nobody on one of the two sides."),
    "domestic": for_later("{n} left out: an act of an actor on itself."),
    "no-act": for_later("{n} left out: no act of one actor on another."),
    "outside": for_later("{n} left out: outside the days asked for."),
    "later": for_later(
        "{n} left out: reported later than the vintage asked for, or on a day that the file does not tell."
    ),
    "apart": for_later(
        "{n} left out: dated far off from all others, so that no year between is taken for quiet; since and until keep "
        "them."
    ),
    "map": for_later("{n} left out: left out by the map."),
}
_NOTES = {
    "padded": for_later(
        "{n} of the rows kept had a code that had lost its leading zero; another column of the row says which it was."
    ),
    "latin-1": for_later(
        "{n} of the rows kept had bytes that are not UTF-8 in the name of a place or in a column that is not used; "
        "read as Latin-1."
    ),
    "unfinished": for_later(
        "{n} of the rows kept had no line break after it, as the last of its file, but all its fields: was the file "
        "cut off?"
    ),
    "one-report": for_later(
        "{n} of the rows kept are of rows that name several actors: each is an act, and they are marked as one report."
    ),
    "no-report-day": for_later(
        "{n} of the rows kept say when they were reported in a way that cannot be read; a vintage leaves them out."
    ),
    "vague": for_later(
        "{n} of the rows kept have a day that is known to the month or the year only: they enter no rate."
    ),
    "week": for_later("{n} of the rows kept have a day that is exact to a week only."),
    "both-dead": for_later("{n} of the rows kept count the dead of both sides together."),
    "no-order": for_later(
        "{n} of the rows kept are of battles, whose first actor did not necessarily attack."
    ),
    "no-initiator": for_later(
        "{n} of the rows kept are of fights of which nobody says who began: an act in each direction, marked so."
    ),
}


def text_of(result: Imported) -> str:
    """Return what was read, kept, folded, left out and refused, and which days are missing."""
    return "\n".join(without_marks(line) for line in read_lines(result))


def read_lines(result: Imported) -> list[str]:
    """Return what was read as lines in the language of the page, with marks around what is in another."""
    from detente.events.files.raw_table import MAX_FIELDS
    from detente.events.importing.steps import REFUSED

    names = commas(file.name for file in result.files[:4])
    files = _("{files} and {n} more") if len(result.files) > 4 else "{files}"
    lines = [
        _("{form}: {n} rows read from {files}.").format(
            form=noun(result.form),
            n=_n(result.rows),
            files=files.format(files=names, n=_n(len(result.files) - 4)),
        ),
        _("{n} events of {actors} actors kept in {output}; codebook {codebook}.").format(
            n=_n(result.events),
            actors=_n(result.actors),
            output=given(str(result.output)),
            codebook=result.codebook,
        ),
        _("{n} folded: {rule}.").format(
            n=_n(result.folded), rule=_(_NUMBERED if result.numbered else _FOLDING)
        ),
        *_of_ids(result),
    ]
    if result.too_many:
        lines.append(
            _(
                "That is more than the {n} fields that an event file may hold: import fewer days, with since and "
                "until, or leave actors out with a map."
            ).format(n=_n(MAX_FIELDS))
        )
    lines += [_(_LEFT_OUT[reason]).format(n=_n(count)) for reason, count in result.left_out.items()]
    lines += [
        _("{n} refused: a row {rule}.").format(n=_n(count), rule=rule_said(REFUSED[reason]))
        for reason, count in result.refused.items()
    ]
    lines += [f"  {fault_text(fault)}" for fault in result.faults]
    lines += [
        sentences(_(_NOTES[note]).format(n=_n(count)), both_dead_cost() if note == "both-dead" else "")
        for note, count in result.notes.items()
    ]
    days = (
        _("{n} days expected, {window} (as declared); {missing} of them have no row.")
        if result.declared
        else _(
            "{n} days expected, {window} (from the first event to the last); {missing} of them have no row."
        )
    )
    lines.append(
        days.format(n=_n(result.window.days), window=_days(result.window), missing=_n(result.days_missing))
    )
    if result.missing:
        lines.append("  " + _missing(result.missing))
    return [
        *lines,
        *gap_lines(result.gaps),
        *_of_releases(result),
        *_of_actors(result),
        *_of_columns(result),
    ]


def _n(count: int) -> str:
    return f"{count:,}"


def _missing(missing: Sequence[Window]) -> str:
    """Return the stretches without a row, the longest first where there are many."""
    longest = sorted(missing, key=lambda window: (-window.days, window.start))
    if len(longest) <= _MOST_SHOWN:
        return _("No row: {days}").format(days=commas(map(_days, missing)))
    shown = [
        _("{stretch} ({days})").format(stretch=_days(window), days=of_count(window.days, "day"))
        for window in longest[:_MOST_SHOWN]
    ]
    return _("No row, the longest first: {days}, and {n} stretches more.").format(
        days=commas(shown), n=_n(len(longest) - _MOST_SHOWN)
    )


def _first(parts: Iterable[str]) -> str:
    """Return the first parts as a list, with a mark where there are more."""
    shown = list(parts)
    return commas(shown[:_MOST_SHOWN]) + (" …" if len(shown) > _MOST_SHOWN else "")


def _of_ids(result: Imported) -> list[str]:
    lines = []
    if result.reissued:
        lines.append(
            "  "
            + _(
                "{n} of them re-issued: the number, pair and act of another row; the first day stays."
            ).format(n=_n(result.reissued))
        )
    if result.other_deaths:
        lines.append(
            "  "
            + ngettext(
                "{n} such event has other deaths in another row: those of the first day stay.",
                "{n} such events have other deaths in another row: those of the first day stay.",
                result.other_deaths,
            ).format(n=_n(result.other_deaths))
        )
    if result.shared_ids:
        said = ngettext(
            "{n} number stands for different pairs or acts, so the rows are kept as they are: {shown}.",
            "{n} numbers stand for different pairs or acts, so the rows are kept as they are: {shown}.",
            result.shared_ids,
        )
        lines.append(said.format(n=_n(result.shared_ids), shown=commas(result.shared_examples)))
    if result.changed:
        lines.append(
            "  "
            + _("{n} of them were reported on different days: a later release changed a row.").format(
                n=_n(result.changed)
            )
        )
    return lines


def _of_releases(result: Imported) -> list[str]:
    """Return a line on what became of an earlier release; none without one."""
    found = result.compared
    if found is None:
        return []
    head = _("Compared with {files}, {days}").format(files=commas(found.files), days=_days(found.window))
    counts = {"before": _n(found.events), "withdrawn": _n(found.withdrawn), "new": _n(found.added)}
    if not found.by_number:
        said = _(
            "{head}. Acts before: {before}; no longer there: {withdrawn}; new: {new}. Without a number for every row, "
            "an act that was changed counts as both."
        )
        return [said.format(head=head, **counts)]
    counts["changed"] = _n(found.changed or 0)
    for name, numbers in found.first.items():
        counts[name] += _(" (first: {numbers})").format(numbers=commas(numbers))
    said = _("{head}. Numbers before: {before}; withdrawn: {withdrawn}; changed: {changed}; new: {new}.")
    how = commas(f"{name} {_n(count)}" for name, count in found.changes.items())
    return [said.format(head=head, **counts), *(["  " + _("Changed: {how}.").format(how=how)] if how else [])]


def gap_lines(gaps: tuple[Window, ...]) -> list[str]:
    """Return a line on stretches of years without a row; none where there are none."""
    if not gaps:
        return []
    said = _("Coverage in {n} parts: no row of any actor {days}, which is unknown and not quiet.")
    return [said.format(n=len(gaps) + 1, days=commas(map(_days, gaps)))]


def unused_lines(columns: Sequence[str], used: Sequence[str] = ()) -> list[str]:
    """Return lines on columns that are not used, and which of ours each was probably meant to be.

    Examples
    --------
    >>> print(*unused_lines(["killed", "weather"]), sep=chr(10))
    Columns not used: killed, weather.
    Did you mean fatalities by killed? Rename the column, or import it with --columns fatalities=killed.
    """
    if not columns:
        return []
    return [_("Columns not used: {columns}.").format(columns=commas(columns)), *meant_lines(columns, used)]


def meant_lines(columns: Sequence[str], used: Sequence[str] = ()) -> list[str]:
    """Return a line for each column that is not used and that was probably meant to be one of ours."""
    from detente.events.files.headers import meant_by

    said = (
        _(
            "Did you mean {ours} by {theirs}? Rename the column, or upload the file again and give {ours}={theirs} as "
            "names of columns."
        )
        if visitor_reads()
        else _(
            "Did you mean {ours} by {theirs}? Rename the column, or import it with --columns {ours}={theirs}."
        )
    )
    return [said.format(ours=ours, theirs=given(theirs)) for theirs, ours in meant_by(columns, used).items()]


def both_dead_cost() -> str:
    """Return what it costs that a file counts the dead of both sides together."""
    return _(
        "Who of the two lost them is not known: a question about the deaths of one side is settled only where no such "
        "act falls in its window, and its base rate mostly cannot be told."
    )


def alike_lines(groups: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return lines on actors that look like one; none where there are none."""
    if not groups:
        return []
    shown = clauses(commas(group) for group in groups[:_MOST_SHOWN])
    if len(groups) > _MOST_SHOWN:
        shown = _("{files} and {n} more").format(files=shown, n=_n(len(groups) - _MOST_SHOWN))
    return [
        _("Actors that look like one: {actors}. `detente import` merges them by a map, or by names.").format(
            actors=shown
        )
    ]


def _of_actors(result: Imported) -> list[str]:
    lines = alike_lines(result.alike)
    if result.renamed:
        pairs = _first(f"{pair} {_n(count)}" for pair, count in result.renamed.items())
        lines.append(_("Names of states, in rows: {pairs}.").format(pairs=pairs))
    if result.succeeded:
        pairs = commas(f"{pair} {_n(count)}" for pair, count in result.succeeded.items())
        lines.append(_("Succession applied, in rows: {pairs}.").format(pairs=pairs))
    met = [f"{name} {_n(count)}" for name, count in result.applied.items() if count]
    if met:
        lines.append(
            _("{map} named actors, in rows: {pairs}.").format(
                map=given(str(result.mapped)), pairs=_first(met)
            )
        )
    if result.unmet:
        lines.append(
            _("{map} names actors that no row has: {actors}.").format(
                map=given(str(result.mapped)), actors=commas(result.unmet[:_MOST_SHOWN])
            )
        )
    return lines


def _of_columns(result: Imported) -> list[str]:
    lines = []
    if result.columns_unused:
        lines += unused_lines(result.columns_unused, result.columns)
    if result.files_left_out:
        lines.append(
            _("Files left out, since they are no tables of acts: {files}.").format(
                files=commas(result.files_left_out)
            )
        )
    if result.fits_better is not None:
        lines.append(better_line(result.fits_better, result.codebook))
    return lines


def better_line(better: tuple[str, int, int], codebook: str) -> str:
    """Return a warning that codes fit another codebook better than their own."""
    other, theirs, own = better
    return _(
        "Warning: the codes fit another codebook better: {theirs} events have a code of {other}, {own} of {codebook}. "
        "If they were written in {other}, acts here mean something else."
    ).format(theirs=_n(theirs), other=other, own=_n(own), codebook=codebook)


def seen_text(name: str, layouts: Sequence[FileLayout]) -> str:
    """Return what a file looks like."""
    return f"{name} looks like {' or '.join(layout.title for layout in layouts)}."


def _days(window: Window) -> str:
    return iso_window(window.start.isoformat(), window.end.isoformat())


def add_sentences(value: dict[str, Any], result: Imported) -> None:
    """Add how rows are folded."""
    value["sentences"] = {"folding_rule": _(_NUMBERED if result.numbered else _FOLDING)}
