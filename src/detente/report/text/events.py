"""What `detente events` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from detente.report.text.console import _console, _table

if TYPE_CHECKING:
    import polars as pl

    from detente.events.chronicle import Chronicle


def events(
    chronicle: Chronicle, chosen: Chronicle, table: pl.DataFrame, limit: int, *, counted: bool
) -> None:
    """Print acts, or counts of acts."""
    console, came = _console(), chronicle.provenance
    console.print(
        f"{escape(came.name)}: {came.rows_read:,} rows read, {chronicle.acts:,} acts after folding "
        f"({came.mutual_folded:,} second directions of mutual acts, {came.duplicates_folded:,} repetitions folded; "
        f"{came.skipped:,} faulty rows left out), {chronicle.window}; {chosen.acts:,} chosen."
    )
    for fault in came.faults:
        console.print(f"left out: {fault}", markup=False)
    for added in came.added:
        console.print(added.told(), markup=False)
    shown = table.head(limit)
    if counted:
        columns = shown.columns
        out = _table("", *columns, numbers=1)
        for row in shown.iter_rows():
            out.add_row(*(escape("" if v is None else str(v)) for v in row))
    else:
        out = _table("", "date", "source", "target", "class", "act", "deaths", "summary")
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
    console.print(out)
    if table.height > limit:
        console.print(f"... and {table.height - limit:,} more; --limit {table.height} prints all.")
