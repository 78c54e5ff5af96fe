"""Event files: load a chronicle from CSV or Parquet, and write one so that it reads back the same."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from detente.base.days import Window
from detente.base.errors import DataError, Fault, OutputError
from detente.base.given import path_given
from detente.base.input_limits import LIMITS, Limits
from detente.base.outputs import write_output
from detente.base.ownership import parquet_mark
from detente.events.chronicle import Chronicle
from detente.events.columns import CONTENT
from detente.events.covered_days import far_days, gaps_between
from detente.events.files.codebook import codebook_of, other_book
from detente.events.files.folding import fold
from detente.events.files.raw_table import SUFFIXES, RawTable
from detente.events.files.read_table import read_table
from detente.events.files.reports import reported_days, reported_late
from detente.events.files.rows import TYPES, events_of
from detente.events.files.sidecar import said_by_sidecar
from detente.events.ontology.actors import Actor, Actors
from detente.events.ontology.classes import scheme_for
from detente.events.ontology.null_words import nobody
from detente.events.provenance import Era, Provenance

_OF_OTHER_FORMATS = (
    *("wrong_ending", "missing_column", "column_named_twice", "unnamed_column", "unprintable_name"),
    *("not_commas", "not_utf8", "bad_csv"),
)
"""Faults that a file of another project's format has for an event file."""


def load_events(
    path: str | os.PathLike[str],
    *,
    codebook: str | None = None,
    window: Window | None = None,
    eras: Iterable[Era] = (),
    skip_bad: bool = False,
    actors: Actors | None = None,
    duplicates: str = "fold",
    limits: Limits = LIMITS,
    today: date | None = None,
    vintage: date | None = None,
    whole: bool = False,
) -> Chronicle:
    r"""Load a chronicle from a CSV (also packed, ``.csv.gz``) or Parquet file.

    The least a file needs is the columns date, source, target and one of action, cameo or code. It may have precision,
    class, mode, fatalities, fatalities_of, victim_rank, issue, summary, citation, evidence, confidence, intensity,
    mutual and codebook too; other columns are left out and named in the provenance. Fields lose the white space
    around them, and empty ones are null.

    Parameters
    ----------
    path : path
    codebook : str, optional
        ``detente``, ``plover``, ``cameo`` or ``weis``: how the codes read. Without it a column action reads as
        ``detente`` and a column cameo as ``cameo``; a bare column code is refused.
    window : Window, optional
        The days the file covers. Without it what the sidecar of an import says; or else from the first
        event's day to the last one's, both included, after rows dated far off from all others are set apart, and but
        for years without any row (see `detente.events.covered_days`); the provenance says that nobody declared it.
    eras : iterable of Era
        Eras of coverage.
    skip_bad : bool
        Leave faulty rows out, and count them in the provenance, instead of refusing the file.
    actors : Actors, optional
        Refuse events of anybody else.
    duplicates : str
        ``fold`` counts rows that are equal in every column once; ``keep`` takes each as an act of its own, as ICEWS
        rows folded into states need it.
    limits : Limits
        How large the file may be, packed and unpacked, and how many years it may cover.
    today : date, optional
        No row may be dated after it.
    vintage : date, optional
        Only rows whose column `reported` says that they were reported before this day.
    whole : bool
        Whether no row is set apart for being dated far off from all others.

    Returns
    -------
    Chronicle
        Folded (see `fold`) and sorted by date. Scheme ``detente`` for codebooks detente and plover, else ``quad``.
        Machine-coded acts of an actor on itself are domestic, so they are left out and counted; under the other two
        codebooks, whose rows people write, they are faults.

    Raises
    ------
    DataError
        With one fault for each problem: file, line, field, what was got and what to try. At most 20 are told.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "events.csv"
    ...     _ = path.write_text(
    ...         "date,source,target,cameo\n2018-05-08,USA,IRN,163\n2018-05-09,IRN,USA,112\n"
    ...     )
    ...     chronicle = load_events(path)
    >>> chronicle.scheme, str(chronicle.window), chronicle.events["class"].to_list()
    ('quad', '2018-05-08 to 2018-05-09', ['material-conflict', 'verbal-conflict'])
    """
    if duplicates not in ("fold", "keep"):
        raise DataError(Fault("not_one_of", "duplicates", got=duplicates, choices=("fold", "keep")))
    path = path_given("events", path)
    table, codebook = _event_table(path, codebook, limits)
    said = said_by_sidecar(path)
    window, columns = window or said.window, table.columns.columns
    events, coded = events_of(table, codebook, window, actors)
    reported = reported_days(table, vintage)
    late = reported_late(reported, vintage)
    far = _far(events) if window is None and not whole else ()
    apart = events["date"].is_in(pl.Series(far, dtype=pl.Date).implode()).fill_null(value=False)
    if today is not None:
        _refuse_after(table, ((events["date"] > today) & ~apart).fill_null(value=False))
    bad, faults = table.faulty(), table.faults()
    if faults and not skip_bad:
        raise DataError(*other_book(table, codebook), *faults)
    sound = pl.Series((i not in bad for i in range(events.height)), dtype=pl.Boolean)
    shown = [
        (day, f"{table.name}{table.place}{row}")
        for day, row in events.filter(apart).select("date", "row").rows()
    ]
    later = int((late & sound).sum())
    events = events.filter(sound & ~apart & ~late)
    read, days = events.height, _per_day(events)
    events = events.filter(pl.col("source") != pl.col("target"))
    domestic = read - events.height
    unknown = events.select(
        pl.any_horizontal(pl.col("source", "target").is_in(nobody(codebook))).alias("one")
    )["one"]
    events = events.filter(~unknown)
    if events.is_empty():
        raise DataError(Fault("no_act_between_two", "file", where=table.name), *faults)
    scheme = scheme_for(codebook)
    events, repeated, mutual = fold(events, scheme, duplicates)
    events = events.sort("date", maintain_order=True)
    gaps = () if window is not None else gaps_between(days) if said.gaps is None else said.gaps
    used = set(TYPES) - ({"cameo"} if codebook != "cameo" else set())
    provenance = Provenance(
        table.name,
        codebook,
        rows_read=len(table.lines),
        duplicates_folded=repeated,
        mutual_folded=mutual,
        domestic=domestic,
        nobody=int(unknown.sum()),
        skipped=len(bad),
        faults=faults,
        columns_left_out=tuple(name for name in columns if name not in used),
        codes_filled=tuple(
            code
            for code in events["code"].drop_nulls().unique(maintain_order=True).to_list()
            if code in coded and coded[code].filled
        ),
        window_declared=window is not None,
        unfinished=table.unfinished,
        beside=table.beside,
        apart=tuple(sorted(shown)),
        vintage=vintage,
        later=later,
        reported=_by_row(events, table, reported),
        files=(Path(path).absolute(),),
    )
    covered = window or _span(events)
    limits.check_window(covered.start, covered.end, "window", table.name)
    return Chronicle(events, covered, scheme, tuple(eras), provenance, gaps)


def _event_table(path: Path, codebook: str | None, limits: Limits) -> tuple[RawTable, str]:
    """Return the table of an event file and its codebook; a file of another format is named as such.

    Raises
    ------
    DataError
    """
    try:
        table = read_table(path, TYPES, limits)
        codebook = codebook_of(table, codebook)
    except DataError as error:
        if any(fault.code in _OF_OTHER_FORMATS for fault in error.faults):
            from detente.events.importing.recognise import other_format

            if fault := other_format(path, limits):
                raise DataError(fault) from None
        raise
    if not table.lines:
        raise DataError(Fault("no_event", "file", where=table.name, hint="add_row"))
    return table, codebook


def _by_row(events: pl.DataFrame, table: RawTable, reported: pl.Series) -> pl.DataFrame | None:
    """Return the day each act was reported on, by its line; None if not every one says so."""
    if reported.null_count() == len(reported):
        return None
    rows = pl.DataFrame({"row": pl.Series(table.lines, dtype=pl.Int64), "reported": reported})
    found = rows.join(events.select("row"), on="row", how="semi")
    return None if found["reported"].has_nulls() or found.is_empty() else found


def _far(events: pl.DataFrame) -> tuple[date, ...]:
    """Return the days far off from the rest; codes of an actor on itself count, since their days are covered too."""
    return far_days(_per_day(events))


def _per_day(events: pl.DataFrame) -> dict[date, int]:
    return dict(events["date"].drop_nulls().value_counts().iter_rows())


def _refuse_after(table: RawTable, late: pl.Series) -> None:
    def fault(row: int) -> Fault:
        got, where = table.columns["date"][row], table.where(row)
        return Fault("after_today", "date", got=got, where=where, hint="later_day_or_remove")

    table.refuse(late, fault)


def _span(events: pl.DataFrame) -> Window:
    first, last = events["date"].first(), events["date"].last()
    if not isinstance(first, date) or not isinstance(last, date):
        raise DataError(Fault("required", "date"))
    return Window(first, last + timedelta(days=1))


def load_actors(path: str | os.PathLike[str]) -> Actors:
    r"""Load a list of actors from a CSV or Parquet file with the columns code, name, type and, if wanted, patron.

    Raises
    ------
    DataError
        If the file is no such table, or the list breaks a rule of `Actors.of`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "actors.csv"
    ...     _ = path.write_text("code,name,type,patron\nIRN,Iran,state,\nLBN-HEZ,Hezbollah,nonstate,IRN\n")
    ...     actors = load_actors(path)
    >>> actors.principal_of("LBN-HEZ").name
    'Iran'
    """
    table = read_table(Path(path), dict.fromkeys(("code", "name", "type", "patron"), "text"))
    missing = [name for name in ("code", "name", "type") if name not in table.columns.columns]
    if missing:
        where, hint, table_of = table.name, "actor_columns", "a list of actors"
        raise DataError(
            *(Fault("missing_column", name, where=where, hint=hint, table=table_of) for name in missing)
        )
    if faults := table.faults():
        raise DataError(*faults)
    return _actors_of(table)


def _actors_of(table: RawTable) -> Actors:
    rows = table.columns
    if "patron" not in rows.columns:
        rows = rows.with_columns(patron=pl.lit(None, pl.String))
    listed = [
        Actor(code or "", name or "", kind or "", patron)
        for code, name, kind, patron in rows.select("code", "name", "type", "patron").iter_rows()
    ]
    return Actors.of(listed, {i: table.where(i) for i in range(len(listed))})


def write_events(chronicle: Chronicle, path: str | os.PathLike[str], *, force: bool = False) -> None:
    """Write a chronicle's events to a .csv, .csv.gz, .gz or .parquet file, whole or not at all.

    The file has the canonical columns (but not `row`, which counts the lines of the file that was read) and codebook,
    so `load_events` reads the same events back: mutual acts stay folded, since they say so in the column mutual.
    Window, eras and provenance are not in it. The same events give the same bytes. A CSV file bears no mark that
    Détente wrote it, for a comment would not be a column's name to other readers.

    Parameters
    ----------
    chronicle : Chronicle
    path : path
        Never a file that the chronicle was read from.
    force : bool
        Whether a file that bears no mark of Détente may be replaced.

    Raises
    ------
    OutputError
        If it is such a file, or can't be written. Nothing is left behind, and a file that was there stays as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from detente.events.files.embedded import load_embedded
    >>> talks = load_embedded("us-iran").filter(class_="joint")
    >>> with TemporaryDirectory() as folder:
    ...     write_events(talks, Path(folder) / "talks.parquet")
    ...     again = load_events(Path(folder) / "talks.parquet", window=talks.window, eras=talks.eras)
    >>> again.digest == talks.digest
    True
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(Fault("wrong_ending", "file", got=path.name, endings=SUFFIXES))
    codebook = pl.lit(chronicle.codebook).alias("codebook")
    frame = chronicle.events.select(*CONTENT, codebook)
    data = io.BytesIO()
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(data, metadata=parquet_mark())
    else:
        # As `detente.base.spreadsheet.prefixed` does, for a column at once.
        safe = pl.col(pl.String).str.replace(r"^('*[=+\-@\t\r])", "'$1")
        frame.with_columns(safe).write_csv(data, date_format="%Y-%m-%d")
    content = data.getvalue()
    if path.suffix.lower() == ".gz":
        content = gzip.compress(content, mtime=0)
    write_output(path, content, inputs=chronicle.provenance.files, force=force, field="file")
