"""Import event data of other formats: read in blocks, told row by row, folded, and written as one event file."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from detente.base.days import Window
from detente.base.errors import DataError, Fault, OutputError
from detente.base.files import beside, replacing, write_whole
from detente.base.hidden_names import unfinished
from detente.base.input_limits import LIMITS, Limits
from detente.base.outputs import check_target
from detente.base.ownership import made_by, parquet_mark
from detente.base.printable import name_of
from detente.base.progress import Progress
from detente.base.workers import Threads, alongside
from detente.events.columns import COLUMNS, CONTENT
from detente.events.files.rows import TYPES
from detente.events.importing.actor_names import ActorNames
from detente.events.importing.blocks import (
    SHOWN_EACH,
    Block,
    Rows,
    blocks_of,
    quoted_rows,
)
from detente.events.importing.classify_rows import (
    ImportOptions,
    Part,
    SourceText,
    book_of,
    part_of,
)
from detente.events.importing.formats import LEFT_OUT, REFUSED
from detente.events.importing.layouts import FileLayout, layout_of
from detente.events.importing.members import Member, members, reading, size_of
from detente.events.importing.result import FileRead, Imported, missing_windows

_AT_ONCE = 1_000_000  # events taken from the spool in one go
_PIECE = 50_000  # and folded in one go
_MEGA = 1_000_000


@dataclass
class _Tally:
    """What all blocks so far said; their events lie in the spool."""

    spool: Path
    book: str | None  # codebook of plain event files, known from the first of them
    why: Counter[str] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)
    shown: dict[str, list[Fault]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    per_day: Counter[date] = field(default_factory=Counter)
    rows: int = 0
    parts: list[tuple[date, date, Path]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    used: tuple[str, ...] = ()

    def add(self, part: Part) -> None:
        self.rows += part.rows
        self.why += part.why
        self.days |= part.days
        self.met |= part.met
        for reason, fault in part.shown:
            shown = self.shown.setdefault(reason, [])
            if len(shown) < SHOWN_EACH:
                shown.append(fault)
        if part.events.is_empty():
            return
        days = dict(part.events["date"].value_counts().iter_rows())
        self.columns = tuple(part.events.columns)
        self.per_day.update(days)
        path = self.spool / f"{len(self.parts):06}.arrow"
        self.parts.append((min(days), max(days), path))
        part.events.write_ipc(path)


def import_events(
    form: str,
    files: Sequence[Path],
    out: Path,
    *,
    codebook: str | None = None,
    names: ActorNames | None = None,
    since: date | None = None,
    until: date | None = None,
    threads: int = 0,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
    force: bool = False,
) -> Imported:
    r"""Import files of one format into one Parquet event file, with a sidecar that says where it came from.

    Memory is bounded: blocks of the files are read in threads and their events put aside on the disk, then folded by
    windows of days. The same files give the same bytes, for any number of threads.

    Parameters
    ----------
    form : str
        One of `detente.events.importing.layouts.LAYOUTS`.
    files : sequence of Path
        Plain, gzip or zip.
    out : Path
        A .parquet file; its sidecar is named ``OUT.parquet.json``.
    codebook : str, optional
        For format csv, as for `load_events`.
    names : ActorNames, optional
        How actors are to be named instead.
    since, until : date, optional
        First day wanted, and first day not wanted.
    threads : int
        0 uses every core.
    progress : callable, optional
        Called with (stage, done, total), in megabytes.
    limits : Limits
        How large a file may be, packed and unpacked, and how many years the events may cover.
    force : bool
        Whether files that Détente did not write may be replaced; those imported never are.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        If a file is not of the format, does not unpack, or holds no event. Nothing is written.
    OutputError
        If the output is such a file, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "keds.csv"
    ...     _ = path.write_text(
    ...         "date,source,target,code\n1990-08-02,IRQMIL,KWT,190\n1990-08-02,IRQ,KWT,190\n"
    ...     )
    ...     told = import_events("keds-cameo", [path], Path(folder) / "out.parquet")
    >>> told.rows, told.events, told.folded
    (2, 1, 1)
    """
    layout = layout_of(form)
    asked = ImportOptions(layout, names or ActorNames(), codebook, since, until)
    _check(asked, files, limits)
    if out.suffix.lower() != ".parquet":
        raise OutputError(Fault("wrong_ending", "out", got=out.name, endings=(".parquet",)))
    for path in (out, sidecar_of(out)):
        check_target(path, inputs=files, force=force, streams=False)
    with unfinished(beside(out)) as spool:
        try:
            spool.mkdir()
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(Fault("unwritable", "out", where=str(out.parent), reason=reason)) from None
        tally = _Tally(spool, layout.codebook or codebook)
        read = _read(asked, files, tally, Threads(threads), progress, limits)
        if not tally.parts:
            faults = [fault for told in tally.shown.values() for fault in told]
            none = Fault("no_row_kept", "files", where=files[0].name, rows=tally.rows)
            raise DataError(none, *faults)
        limits.check_window(min(tally.per_day), max(tally.per_day), "events", files[0].name)
        with replacing(out, field="out") as temporary:
            book = str(tally.book)
            events, actors = _fold(tally, book, temporary)
            told = _told(asked, tally, read, book, events, actors, out, _digest(temporary))
            value = {"made_by": made_by()} | told.to_dict()
            write_whole(sidecar_of(out), f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode())
        return told


def sidecar_of(out: Path) -> Path:
    """Return where the sidecar of an imported file lies.

    Examples
    --------
    >>> sidecar_of(Path("events.parquet")).name
    'events.parquet.json'
    """
    return out.with_name(out.name + ".json")


def _check(asked: ImportOptions, files: Sequence[Path], limits: Limits) -> None:
    if not files:
        raise DataError(Fault("required", "files"))
    real = [os.path.realpath(path) for path in files]  # which takes links in a circle
    for path in files:
        if real.count(os.path.realpath(path)) > 1:
            raise DataError(Fault("given_twice", "file", got=str(path)))
    if asked.since is not None and asked.until is not None:
        wanted = Window(asked.since, asked.until)
        limits.check_window(wanted.start, wanted.end, "since and until")
    if asked.codebook is not None and asked.layout.codebook is not None:
        raise DataError(
            Fault(
                "own_codebook_of_format",
                "codebook",
                got=asked.codebook,
                hint="format_has_codebook",
                format=asked.layout.title,
                codebook=asked.layout.codebook,
            )
        )


# --- reading ---------------------------------------------------------------------------------------------------------
Task = tuple[
    SourceText, Block | Rows, ImportOptions, str | None
]  # a piece of a text, what to ask of it, its codebook


def _read(
    asked: ImportOptions,
    files: Sequence[Path],
    tally: _Tally,
    workers: Threads,
    progress: Progress | None,
    limits: Limits,
) -> tuple[FileRead, ...]:
    sizes = [size_of(path, limits) for path in files]
    total, behind = max(sum(sizes), 1), 0
    read: list[FileRead] = []
    for path, size in zip(files, sizes, strict=True):
        before = tally.rows
        tell = partial(_tell_bytes, progress, behind, total)
        with (
            alongside(partial(_digest, path)) as digest,
            closing(_tasks(asked, path, tally, tell, limits)) as tasks,
            closing(workers.stream(_part_of, tasks, ahead=workers.count)) as parts,
        ):
            for part in parts:
                tally.add(part)
        behind += size
        read.append(FileRead(name_of(path), digest(), size, tally.rows - before))
        if any(one.sha256 == read[-1].sha256 for one in read[:-1]):
            raise DataError(Fault("given_twice", "file", got=path.name, hint="same_content"))
    return tuple(read)


def _tasks(
    asked: ImportOptions, path: Path, tally: _Tally, tell: Callable[[int], None], limits: Limits
) -> Generator[Task, None, None]:
    """Yield the pieces of a file with what reads them; a plain event file's first piece tells its codebook."""
    with closing(members(path, limits)) as texts:
        for member in texts:
            new, here = True, asked
            for text, rows in _pieces(member, asked.layout):
                if asked.layout.events is None and (new or "codebook" in text.used):
                    tally.book, new = book_of(text, rows, tally.book), False
                    _same(text.used, tally)
                    here = replace(asked, layout=asked.layout.plainly(text.used, tally.book))
                yield text, rows, here, tally.book
                tell(member.done())


def _tell_bytes(progress: Progress | None, behind: int, total: int, done: int) -> None:
    if progress:
        progress("import", (behind + done) // _MEGA, total // _MEGA)


def _part_of(task: Task) -> Part:
    return part_of(*task)


def _same(used: tuple[str, ...], tally: _Tally) -> None:
    """Refuse plain event files that have not the same columns: one table holds all."""
    if tally.used and set(tally.used) != set(used):
        raise DataError(Fault("other_columns", "files", got=used, hint="one_by_one", columns=tally.used))
    tally.used = used


def _pieces(member: Member, layout: FileLayout) -> Iterator[tuple[SourceText, Block | Rows]]:
    """Yield a text's blocks, or its rows where fields are quoted."""
    blocks = blocks_of(member)
    first = next(blocks, None)
    if first is None:
        raise DataError(Fault("empty", "file", where=member.name))
    line, _, rest = first.data.partition(b"\n")
    with suppress(UnicodeDecodeError):
        columns = layout.columns_of(line.decode(), f"{member.name}:1")
        used = layout.wanted(columns, TYPES)
        text = SourceText(member.name, columns, used)
        start = first if layout.widths else Block(rest, 2, first.ended)
        following = chain([start] if start.data else [], blocks)
        for block in following:
            if layout.separator == "," and b'"' in block.data:
                # A quoted field may run over the end of a block: from here on the file is read as one stream.
                for rows in quoted_rows(chain([block], following), member.name, columns, used):
                    yield text, rows
                return
            yield text, block
        return
    raise DataError(Fault("not_utf8", "first line", where=f"{member.name}:1", hint="is_it_packed"))


# --- folding and writing ---------------------------------------------------------------------------------------------
def _fold(tally: _Tally, book: str, path: Path) -> tuple[int, int]:
    """Fold what lies in the spool by windows of days, write it, and return the numbers of events and of actors."""
    names = [name for name in CONTENT if name in tally.columns]
    columns = [pl.col(name).cast(COLUMNS[name]) for name in names]
    counts: list[int] = []
    actors: set[str] = set()

    def folded(*_: object) -> Iterator[pl.DataFrame]:
        for start, end in _windows(tally.per_day):
            # The spool is in the order of the files, so the first row of an event is the first that told it.
            parts = [path for first, last, path in tally.parts if first <= end and last >= start]
            some = pl.scan_ipc(parts).filter(pl.col("date").is_between(start, end)).collect()
            for rows in _days(some.sort("date", maintain_order=True)):
                distinct = rows.unique(maintain_order=True, keep="first")
                counts.append(distinct.height)
                for side in ("source", "target"):
                    actors.update(distinct[side].unique().to_list())
                yield distinct.select(*columns, pl.lit(book).alias("codebook"))

    schema = {name: COLUMNS[name] for name in names} | {"codebook": pl.String()}
    register_io_source(folded, schema=schema).sink_parquet(path, compression="zstd", metadata=parquet_mark())
    return sum(counts), len(actors)


def _days(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield sorted rows in pieces of whole days: small ones fold several times faster, since they stay in the cache."""
    start, days = 0, rows["date"]
    while start < rows.height:
        last = min(start + _PIECE, rows.height) - 1
        end = int(days.search_sorted(days[last], "right"))
        yield rows.slice(start, end - start)
        start = end


def _windows(per_day: Counter[date]) -> Iterator[tuple[date, date]]:
    """Yield first and last days of windows, with no more events than can be folded at once."""
    days = sorted(per_day)
    start, held = days[0], 0
    for day, before in zip(days, [days[0], *days], strict=False):
        if held and held + per_day[day] > _AT_ONCE:
            yield start, before
            start, held = day, 0
        held += per_day[day]
    yield start, days[-1]


def _told(
    asked: ImportOptions,
    tally: _Tally,
    read: tuple[FileRead, ...],
    book: str,
    events: int,
    actors: int,
    out: Path,
    digest: str,
) -> Imported:
    kept = tally.rows - tally.why.total()
    window = Window(asked.since or min(tally.per_day), asked.until or max(tally.per_day) + timedelta(days=1))
    return Imported(
        asked.layout.title,
        book,
        read,
        tally.rows,
        events,
        kept - events,
        actors,
        {reason: tally.why[reason] for reason in LEFT_OUT if tally.why[reason]},
        {reason: tally.why[reason] for reason in REFUSED if tally.why[reason]},
        tuple(fault for reason in REFUSED for fault in tally.shown.get(reason, ())),
        window,
        asked.since is not None and asked.until is not None,
        missing_windows(window, sorted(tally.days)),
        asked.names.name,
        tuple(name for name in asked.names.becomes if name not in tally.met),
        out.name,
        digest,
        (*(name for name in CONTENT if name in tally.columns), "codebook"),
    )


def _digest(path: Path) -> str:
    with reading(path.name), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
