"""What `detente events` and `detente phases` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from detente.report.text import added
from detente.report.text.console import Sheet, table
from detente.report.text.numbers import percent

if TYPE_CHECKING:
    import polars as pl

    from detente.events.chronicle import Chronicle
    from detente.lab.phases import Period, PhaseHistory

_SHOWN_ACTS = 6


def text_of(chronicle: Chronicle, chosen: Chronicle, rows: pl.DataFrame, limit: int, *, counted: bool) -> str:
    """Return acts, or counts of acts."""
    sheet, origin = Sheet(), chronicle.provenance
    sheet.print(
        f"{escape(origin.name)}: {origin.rows_read:,} rows read, {chronicle.acts:,} acts after folding "
        f"({origin.mutual_folded:,} second directions of mutual acts, {origin.duplicates_folded:,} repetitions folded; "
        f"{origin.skipped:,} faulty rows left out), {chronicle.window}; {chosen.acts:,} chosen."
    )
    for fault in origin.faults:
        sheet.print(f"left out: {fault}", markup=False)
    for file in origin.added:
        sheet.print(added.text_of(file), markup=False)
    shown = rows.head(limit)
    if counted:
        columns = shown.columns
        out = table("", *columns, numbers=1)
        for row in shown.iter_rows():
            out.add_row(*(escape("" if v is None else str(v)) for v in row))
    else:
        out = table("", "date", "source", "target", "class", "act", "deaths", "summary")
        for named in shown.iter_rows(named=True):
            day = str(named["date"])[: {"day": 10, "month": 7, "year": 4}[named["precision"]]]
            act = " ".join(filter(None, (named["action"], named["mode"] or named["code"])))
            deaths = "" if named["fatalities"] is None else str(named["fatalities"])
            cells = (
                day,
                named["source"],
                named["target"],
                named["class"],
                act,
                deaths,
                named["summary"] or "",
            )
            out.add_row(*(escape(cell) for cell in cells))
    sheet.print(out)
    if rows.height > limit:
        sheet.print(f"... and {rows.height - limit:,} more; a limit of {rows.height} prints all.")
    return sheet.text()


def phases_text_of(rivalry: str, argument: str, history: PhaseHistory) -> str:
    """Return every period of the phases and of talks, with the acts that opened it."""
    value = history.to_dict()["share_of_days"]
    shares = ", ".join(f"{kind} {percent(share)}" for kind, share in value.items())
    lines = [f"{rivalry}, argument {argument}, {history.window}: share of days {shares}.", "", "Phases"]
    lines += [line for period in history.periods for line in _period(period)]
    lines += ["", "Talks"]
    lines += [line for period in history.talk_periods for line in _period(period)] or ["  none"]
    if history.force_scale != 1:
        said = (
            f"Points of force that make a crisis: {history.force_scale:.1f} times those of the rule, as the two fight "
            "that much more than the pair it was tuned on (mean of the last ten years)."
        )
        lines += ["", said]
    lines += ["", "The rule is in docs/phases.md; it was tuned on the periods it is checked on."]
    return "\n".join(lines)


def _period(period: Period) -> list[str]:
    window = period.window
    last = window.day(window.days - 1)
    unit = "day" if window.days == 1 else "days"
    tail = ", and going on" if period.ongoing else ""
    lines = [
        f"  {window.start.isoformat()} to {last.isoformat()}  {period.kind}, {window.days:,} {unit}{tail}"
    ]
    if period.because:
        lines.append(f"      declared: {period.because}")
    for act in period.opened_by[-_SHOWN_ACTS:]:
        mode = f" {act['mode']}" if act["mode"] else ""
        summary = f": {act['summary']}" if act["summary"] else ""
        lines.append(
            f"      {act['date'].isoformat()} {act['source']} -> {act['target']} {act['action']}{mode}{summary}"
        )
    return lines
