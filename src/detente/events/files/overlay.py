"""Overlay: new events laid over a chronicle, checked as a file is and folded against what is there."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from detente.base.days import Window, span_of
from detente.base.errors import DataError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.events.chronicle import Chronicle
from detente.events.columns import CONTENT
from detente.events.coverage import uncovered_of
from detente.events.covered_days import gaps_between
from detente.events.files.event_file import load_events
from detente.events.files.folding import fold
from detente.events.files.raw_table import SHOWN
from detente.events.ontology.actions import action_fault, action_names
from detente.events.ontology.classes import scheme_of
from detente.events.provenance import Added


def overlay(
    chronicle: Chronicle,
    path: str | os.PathLike[str],
    *,
    codebook: str | None = None,
    until: date | None = None,
    limits: Limits = LIMITS,
    vintage: date | None = None,
) -> Chronicle:
    r"""Lay an event file over a chronicle.

    A row that repeats what is there, or gives one direction of a mutual act that is there, is counted and left out;
    the second direction of an act that stands alone makes it mutual, as in one file (see `fold`).

    Parameters
    ----------
    chronicle : Chronicle
    path : path
        Read and checked as `load_events` reads any file.
    codebook : str, optional
        How the file's codes read; its classes must be those of the chronicle.
    until : date, optional
        First day the file does not cover. Without it the chronicle's window grows to the file's last event, but for
        years without any act, and the provenance says that this is assumed. Days of a gap that lie between the file's
        first and last event are covered by it.
    limits : Limits
        As for `load_events`; they hold for the whole chronicle too.
    vintage : date, optional
        Only rows that were reported before this day.

    Returns
    -------
    Chronicle
        With the file in ``provenance.added``.

    Raises
    ------
    DataError
        With file and line for every row that cannot be laid over; nothing is then.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from detente.events.files.embedded import load_embedded
    >>> base = load_embedded("us-iran")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "news.csv"
    ...     _ = path.write_text("date,source,target,action\n2026-07-06,IRN,USA,ACCUSE\n")
    ...     now = overlay(base, path)
    >>> now.acts - base.acts, now.window.end, now.provenance.added[0].repeated
    (1, datetime.date(2026, 7, 7), 0)
    """
    new = load_events(path, codebook=codebook, limits=limits, whole=True, vintage=vintage)
    _check(chronicle, new, until)
    came, old = new.provenance, chronicle.provenance
    fresh = _without_known_directions(chronicle.events, new.events, chronicle.scheme)
    events, repeated, paired = fold(pl.concat([chronicle.events, fresh]), chronicle.scheme)
    events = events.sort("date", maintain_order=True)
    first, last = new.events["date"].min(), new.events["date"].max()
    # The last event's own day, as for a file of its own: a month-dated event vouches for no whole month.
    end = until or (last + timedelta(days=1) if isinstance(last, date) else chronicle.window.end)
    end = max(end, chronicle.window.end)
    repeated += came.duplicates_folded + new.acts - fresh.height
    paired += came.mutual_folded
    seen = pl.concat([chronicle.events["source"], chronicle.events["target"]]).unique()
    actors = pl.concat([new.events["source"], new.events["target"]]).unique(maintain_order=True)
    added = Added(
        came.name,
        came.rows_read,
        events.height - chronicle.acts,
        repeated,
        paired,
        _alike(chronicle.events, fresh),
        tuple(actors.filter(~actors.is_in(seen.implode())).to_list()),
        Window(chronicle.window.end, end) if end > chronicle.window.end else None,
        until is not None,
        first if isinstance(first, date) else None,
    )
    provenance = replace(
        old,
        rows_read=old.rows_read + came.rows_read,
        duplicates_folded=old.duplicates_folded + repeated,
        mutual_folded=old.mutual_folded + paired,
        domestic=old.domestic + came.domestic,
        columns_left_out=tuple(dict.fromkeys(old.columns_left_out + came.columns_left_out)),
        codes_filled=tuple(dict.fromkeys(old.codes_filled + came.codes_filled)),
        added=(*old.added, added),
        later=old.later + came.later,
        reported=None,
        by_report=False,
        files=(*old.files, *came.files),
    )
    window = Window(chronicle.window.start, end)
    limits.check_window(window.start, window.end, "window", came.name)
    gaps = (*uncovered_of(chronicle.gaps, new.coverage.parts), *_gaps_after(chronicle, events, until))
    return Chronicle(events, window, chronicle.scheme, chronicle.eras, provenance, gaps)


def _gaps_after(chronicle: Chronicle, events: pl.DataFrame, until: date | None) -> tuple[Window, ...]:
    """Return the gaps after a chronicle's end, where nobody declares that the file laid over it covers those days."""
    if until is not None:
        return ()
    found = gaps_between(dict(events["date"].value_counts().iter_rows()))
    end = chronicle.window.end
    return tuple(Window(max(gap.start, end), gap.end) for gap in found if gap.end > end)


def _check(chronicle: Chronicle, new: Chronicle, until: date | None) -> None:
    name, faults = new.provenance.name, []
    if new.scheme != chronicle.scheme:
        raise DataError(
            Fault(
                "other_classes",
                "file to add",
                got=new.codebook,
                where=name,
                hint="file_in_codebook",
                classes=scheme_of(chronicle.scheme).classes,
                codebook=chronicle.codebook,
            )
        )
    known = action_names(chronicle.codebook)
    for day, precision, action, line in new.events.select("date", "precision", "action", "row").iter_rows():
        where = f"{name}:{line}"
        if action is not None and action not in known:
            faults.append(action_fault(action, chronicle.codebook, where))
        if day < chronicle.window.start:
            start = chronicle.window.start
            faults.append(
                Fault("before_chronicle", "date", got=day, where=where, hint="remove_row", start=start)
            )
        elif until is not None and span_of(day, precision).end > max(until, chronicle.window.end):
            hint = "later_day_or_remove"
            faults.append(Fault("past_coverage", "date", got=day, where=where, hint=hint, until=until))
    if faults:
        raise DataError(*faults[:SHOWN])


def _without_known_directions(old: pl.DataFrame, new: pl.DataFrame, scheme: str) -> pl.DataFrame:
    """Drop rows that give one direction of a mutual act that is there: folding pairs only rows not yet mutual."""
    if scheme_of(scheme).joint_class is None:
        return new
    keys = ["date", "precision", "action", "summary", "_low", "_high"]
    low, high = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
    ends = {"_low": low, "_high": high}
    mutual = old.filter(pl.col("mutual") & pl.col("summary").is_not_null()).with_columns(**ends).select(keys)
    return (
        new.with_columns(**ends)
        .join(mutual, on=keys, how="anti", maintain_order="left")
        .drop("_low", "_high")
    )


def _alike(old: pl.DataFrame, new: pl.DataFrame) -> int:
    """Count new acts beside which an act of the same day, parties and action stands, in other words."""
    other = new.join(old.select(CONTENT), on=list(CONTENT), how="anti", nulls_equal=True)
    return other.join(old, on=["date", "source", "target", "action"], how="semi").height
