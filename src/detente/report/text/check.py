"""What `detente check` prints of a file without a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.faults import fault_text
from detente.report.languages.formats import iso_window, listed
from detente.report.languages.language import _, given, sentences
from detente.report.languages.marks import without_marks
from detente.report.languages.readers import visitor_reads
from detente.report.text.import_events import (
    alike_lines,
    better_line,
    both_dead_cost,
    gap_lines,
    unused_lines,
)
from detente.report.text.numbers import commas, phrases
from detente.report.text.unread import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detente.base.days import Window
    from detente.lab.case import Case
    from detente.lab.check import Checked
    from detente.studies.whatif.unread import Unread

_SHOWN = 12  # actors that are named


def text_of(result: Checked) -> str:
    """Return in a sentence or two what a file holds."""
    return without_marks("\n".join(_lines(result)))


def _lines(result: Checked) -> list[str]:
    """Return what a file holds as lines in the language of the page, with marks around what is in another."""
    from detente.events.chronicle import Chronicle

    found, name = result.found, result.file.name
    if isinstance(found, Chronicle):
        return [_held(result), *_more(result)]
    said = _(
        "{name}: a valid argument, {argument}, with {mechanisms} mechanisms, {questions} questions and {claims} claims."
    ).format(
        name=given(name),
        argument=given(found.argument),
        mechanisms=len(found.mechanisms),
        questions=len(found.questions),
        claims=len(found.claims),
    )
    return [said, *_untranslated(result), *_against_events(result)]


def _against_events(result: Checked) -> list[str]:
    """Return a line for each part of an argument that its events cannot carry, or that they could not be read."""
    if result.unread:
        said = _(
            "Warning: the events that it names cannot be read as they are, so plans and door were not checked against "
            "them: add --codebook, or check the event file itself."
        )
        return [said]
    said = _("Warning: not with these events: {fault}")
    return [said.format(fault=fault_text(fault)) for fault in result.refused]


def _untranslated(result: Checked) -> list[str]:
    """Return a line for each language in which some of an argument's texts are missing."""
    said = _("Warning: texts.{language} lacks {names}; pages show the original there.")
    return [
        said.format(language=language, names=_first(keys)) for language, keys in result.untranslated.items()
    ]


def _first(names: Sequence[str]) -> str:
    shown = commas(names[:_SHOWN])
    if len(names) <= _SHOWN:
        return shown
    return _("{files} and {n} more").format(files=shown, n=f"{len(names) - _SHOWN:,}")


def read_texts(case: Case) -> list[str]:
    """Return what `detente check` says of a case's argument and of its events, with plans that nothing reads."""
    from pathlib import Path

    from detente.lab.check import Checked
    from detente.studies.whatif.unread import unread_plans

    named = ((f"{case.argument.argument}.yaml", case.argument), (case.name, case.chronicle))
    said = [line for name, found in named for line in _lines(Checked(Path(name), found))]
    return said + plan_lines(unread_plans(case.argument))


def _held(result: Checked) -> str:
    """Return the first line: rows, acts, coverage and actors."""
    found: Any = result.found
    origin = found.provenance
    return _(
        "{name}: a valid event file, {rows} rows, {acts} acts after folding ({second} second directions, {repeated} "
        "repetitions), {coverage}. Actors: {actors}."
    ).format(
        name=given(result.file.name),
        rows=f"{origin.rows_read:,}",
        acts=f"{found.acts:,}",
        second=f"{origin.mutual_folded:,}",
        repeated=f"{origin.duplicates_folded:,}",
        coverage=listed([_days(part) for part in found.coverage.parts]),
        actors=_first([f"{code} {count:,}" for code, count in result.actors.items()]),
    )


def _more(result: Checked) -> list[str]:
    """Return lines on what a reader should know of the rows: gaps, rows left out, actors, columns, codebook."""
    found: Any = result.found
    origin, lines = found.provenance, gap_lines(found.gaps)
    if result.parts:
        part = _("{acts} in {part}")
        each = phrases(*(part.format(acts=f"{acts:,}", part=_days(where)) for where, acts in result.parts))
        said = (
            _("Acts: {each}. If nothing happened between, upload the file again with the days it covers.")
            if visitor_reads()
            else _("Acts: {each}. If nothing happened between, declare the days: `{command}`.")
        )
        lines.append(said.format(each=each, command=_declaring(result)))
    if origin.domestic:
        lines.append(_("{n} rows left out: an actor on itself.").format(n=f"{origin.domestic:,}"))
    if origin.nobody:
        lines.append(
            _("{n} rows left out: nobody on one of the two sides (---, * or UNK).").format(
                n=f"{origin.nobody:,}"
            )
        )
    if origin.apart:
        shown = commas(f"{day.isoformat()} ({where})" for day, where in origin.apart[:_SHOWN])
        said = (
            _(
                "{n} rows set apart and not used: their dates are far off from all others: {shown}. If they are right, "
                "upload the file again with the days it covers."
            )
            if visitor_reads()
            else _(
                "{n} rows set apart and not used: their dates are far off from all others: {shown}. If they are right, "
                "declare the days: `{command}`."
            )
        )
        lines.append(said.format(n=f"{len(origin.apart):,}", shown=shown, command=_declaring(result)))
    if origin.unfinished:
        lines.append(
            _("The last line has no line break after it: its fields are all there, but was the file cut off?")
        )
    lines += alike_lines(result.alike)
    if result.both_dead:
        said = _("{n} acts count the dead of both sides together.").format(n=f"{result.both_dead:,}")
        lines.append(sentences(said, both_dead_cost()))
    lines += unused_lines(origin.columns_left_out, result.columns)
    if origin.beside:
        lines.append(
            _("Files left out, since they are no tables: {files}.").format(files=commas(origin.beside))
        )
    if result.fits_better is not None:
        lines.append(better_line(result.fits_better, found.codebook))
    return lines


def _days(window: Window) -> str:
    return iso_window(window.start.isoformat(), window.end.isoformat())


def _declaring(result: Checked) -> str:
    """Return the command that imports a file again, in its own format, and says which days it covers."""
    window = result.found.coverage.span  # type: ignore[union-attr]
    return f"detente import {result.layout} FILE --since {window.start} --until {window.end}"


def plans_text(plans: Mapping[str, Sequence[Unread]]) -> str:
    """Return a line, after a line break, for each plan of levers that nothing in the argument reads."""
    return "".join(f"\n{line}" for line in plan_lines(plans))


def plan_lines(plans: Mapping[str, Sequence[Unread]]) -> list[str]:
    """Return a line for each plan of levers that nothing in the argument reads."""
    said = _("Warning: plan {name}: {reasons}.")
    return [said.format(name=given(name), reasons=reasons(parts)) for name, parts in plans.items()]


def plans_to_json(value: dict[str, Any], plans: Mapping[str, Sequence[Unread]]) -> dict[str, Any]:
    """Return a check's plain values with the plans that nothing reads, if there are any."""
    if not plans:
        return value
    rows = [
        {"plan": name, "unread": [part.to_dict() for part in parts], "sentences": {"warning": reasons(parts)}}
        for name, parts in plans.items()
    ]
    return {**value, "unread_plans": rows}


def add_sentences(value: dict[str, Any], result: Checked) -> None:
    """Add what the file holds as a summary."""
    value["sentences"] = {"summary": text_of(result)}
