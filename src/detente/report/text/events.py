"""What `detente events` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from detente.report.text import added
from detente.report.text.console import Sheet, table

if TYPE_CHECKING:
    import polars as pl

    from detente.events.chronicle import Chronicle


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
