"""What `detente events` and `detente phases` print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from detente.report.text.actors import act_line, legend_of
from detente.report.text.answers.phases import cold_text
from detente.report.text.console import Sheet, entries, table
from detente.report.text.first_line import head_line
from detente.report.text.numbers import percent

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from detente.events.chronicle import Chronicle
    from detente.events.provenance import Added
    from detente.lab.phases import Period, PhaseHistory

_SHOWN_ACTS = 6


def text_of(
    chronicle: Chronicle,
    chosen: Chronicle,
    rows: pl.DataFrame,
    limit: int,
    *,
    counted: bool,
    names: Mapping[str, str],
) -> str:
    """Return acts, or counts of acts, with the names of the actors shown."""
    sheet, origin = Sheet(), chronicle.provenance
    sheet.print(
        f"{escape(origin.name)}: {origin.rows_read:,} rows read, {chronicle.acts:,} acts after folding "
        f"({origin.mutual_folded:,} second directions of mutual acts, {origin.duplicates_folded:,} repetitions folded; "
        f"{origin.skipped:,} faulty rows left out), {chronicle.coverage}; {chosen.acts:,} chosen."
    )
    for fault in origin.faults:
        sheet.print(f"left out: {fault}", markup=False)
    for file in origin.added:
        sheet.print(added_text(file), markup=False)
    shown = rows.head(limit)
    ends = [shown[end].to_list() for end in ("source", "target") if end in shown.columns]
    if actors := legend_of(names, (code for codes in ends for code in codes)):
        sheet.print(actors, markup=False)
    if counted:
        columns = shown.columns
        out = table("", *columns, numbers=1)
        for row in shown.iter_rows():
            out.add_row(*(escape("" if v is None else str(v)) for v in row))
        sheet.print(out)
    else:
        sheet.print(f"\n{_acts(shown, sheet.width)}", markup=False)
    if rows.height > limit:
        sheet.print(f"... and {rows.height - limit:,} more; a limit of {rows.height} prints all.")
    return sheet.text()


def _acts(rows: pl.DataFrame, width: int) -> str:
    """Return one entry an act, with its summary below."""
    shown = []
    for row in rows.iter_rows(named=True):
        day = str(row["date"])[: {"day": 10, "month": 7, "year": 4}[row["precision"]]]
        act = " ".join(filter(None, (row["action"], row["mode"] or row["code"])))
        deaths = "" if row["fatalities"] is None else str(row["fatalities"])
        shown.append(((day, row["source"], row["target"], row["class"], act, deaths), row["summary"] or ""))
    return entries(("date", "source", "target", "class", "act", "deaths"), shown, width, numbers=["deaths"])


def phases_text_of(head: Mapping[str, Any], history: PhaseHistory, names: Mapping[str, str]) -> str:
    """Return every period of the phases and of talks, with the acts that opened it; `head` is that of `head_of`."""
    acts = [act for p in (*history.periods, *history.talk_periods) for act in p.opened_by[-_SHOWN_ACTS:]]
    actors = legend_of(names, (act[end] for act in acts for end in ("source", "target")))
    value = history.to_dict()["share_of_days"]
    shares = ", ".join(f"{kind} {percent(share)}" for kind, share in value.items())
    bare = int((~history.covered).sum())
    of_days = f"share of the {history.window.days - bare:,} days covered" if bare else "share of days"
    lines = [head_line(head, f"{history.window}, {of_days} {shares}"), *filter(None, [actors]), "", "Phases"]
    lines += [line for period in history.periods for line in _period(period)]
    lines += ["", "Talks"]
    lines += [line for period in history.talk_periods for line in _period(period)] or ["  none"]
    if history.force_scale != 1:
        said = (
            f"Points of force that make a crisis: {history.force_scale:.1f} times those of the rule, as the two fight "
            "that much more than the pair it was tuned on (mean of the last ten years)."
        )
        lines += ["", said]
    lines += [f"\n{said}" for said in filter(None, [cold_text(history)])]
    lines += ["", "The rule is in docs/phases.md; it was tuned on the periods it is checked on."]
    return "\n".join(lines)


def _period(period: Period) -> list[str]:
    window = period.window
    unit = "day" if window.days == 1 else "days"
    tail = ", and going on" if period.ongoing else ""
    lines = [f"  {window}  {period.kind}, {window.days:,} {unit}{tail}"]
    if period.because:
        lines.append(f"      declared: {period.because}")
    opened = period.opened_by[-_SHOWN_ACTS:]
    return [*lines, *(f"      {act['date'].isoformat()} {act_line(act)}" for act in opened)]


def added_text(added: Added, as_of: date | None = None) -> str:
    """Return what was added, what is assumed of it, and whether a fit as of a day knows it.

    Examples
    --------
    >>> from detente.events.provenance import Added
    >>> added_text(Added("news.csv", 3, 2, repeated=1))
    'news.csv added: 3 rows, 2 new acts, 1 repeated, 0 paired into mutual acts.'
    """
    text = (
        f"{added.name} added: {added.rows_read:,} rows, {added.acts:,} new acts, {added.repeated:,} repeated, "
        f"{added.paired:,} paired into mutual acts."
    )
    if added.alike:
        text += (
            f" {added.alike:,} have the same day, parties and action as another act: check for duplicates."
        )
    if added.new_actors:
        text += f" New actors: {', '.join(added.new_actors)}."
    if added.covers is not None:
        why = "as declared" if added.declared else "assumed: up to its last event"
        text += f" Only this file covers {added.covers} ({why})."
    if as_of is not None and added.first is not None and added.first >= as_of:
        text += f" None of it was known by {as_of}, so no probability changes: use a later as_of."
    return text
