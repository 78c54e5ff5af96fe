"""Import event data of other formats: read in blocks, told row by row, folded, and written as one event file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from detente.base.days import Window
from detente.base.errors import DataError, Fault, OutputError
from detente.base.files import beside, replacing, write_whole
from detente.base.hidden_names import unfinished
from detente.base.input_limits import LIMITS, Limits
from detente.base.outputs import check_target
from detente.base.ownership import made_by
from detente.base.printable import name_of
from detente.base.progress import Progress
from detente.base.workers import Threads, alongside
from detente.events.columns import CONTENT
from detente.events.covered_days import gaps_between
from detente.events.files.codebook import better_codebook
from detente.events.importing.blocks import Block, Rows, SourceText, blocks_of, in_one, quoted_rows
from detente.events.importing.classify_rows import REPORTED, Part, book_of, part_of, read_plainly
from detente.events.importing.file_layout import QUOTED, FileLayout
from detente.events.importing.fitting_codebook import codebook_by_labels
from detente.events.importing.import_options import Options, said_in_vain
from detente.events.importing.json_rows import json_rows
from detente.events.importing.members import Member, members, reading, size_of
from detente.events.importing.registry import layout_of, layout_registry, layout_seen
from detente.events.importing.releases import Compared, Release, compare_releases
from detente.events.importing.result import FileRead, Imported, missing_windows
from detente.events.importing.spool import Folded, Spool
from detente.events.importing.steps import LEFT_OUT, REFUSED
from detente.events.ontology.state_codes import look_alikes

_MEGA = 1_000_000


def import_events(
    form: str,
    files: Sequence[Path],
    out: Path,
    *,
    options: Options | None = None,
    threads: int = 0,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
    force: bool = False,
    earlier: Sequence[Path] = (),
) -> Imported:
    r"""Import files of one format into one Parquet event file, with a sidecar that says where it came from.

    Memory is bounded: blocks of the files are read in threads and their events put aside on the disk, then folded by
    windows of days. The same files give the same bytes, for any number of threads.

    Parameters
    ----------
    form : str
        One of `detente.events.importing.registry.layout_registry`.
    files : sequence of Path
        Plain, gzip or zip.
    out : Path
        A .parquet file; its sidecar is named ``OUT.parquet.json``.
    options : Options, optional
        What is known of the files beside their format, and which of their rows are wanted.
    threads : int
        0 uses every core.
    progress : callable, optional
        Called with (stage, done, total), in megabytes.
    limits : Limits
        How large a file may be, packed and unpacked, and how many years the events may cover.
    force : bool
        Whether files that Détente did not write may be replaced; those imported never are.
    earlier : sequence of Path
        Files of an earlier release of the same data: rows that it has and the files have not, or have otherwise, are
        counted. Nothing of it is kept.

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
    asked = options or Options()
    _check(layout, asked, files, limits)
    if earlier:
        _check(layout, asked, earlier, limits)
    if out.suffix.lower() != ".parquet":
        raise OutputError(Fault("wrong_ending", "out", got=out.name, endings=(".parquet",)))
    for path in (out, sidecar_of(out)):
        check_target(path, inputs=(*files, *earlier), force=force, streams=False)
    with unfinished(beside(out)) as spool:
        try:
            spool.mkdir()
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(Fault("unwritable", "out", where=str(out.parent), reason=reason)) from None
        tally = Spool(spool, layout.codebook or asked.codebook)
        read = _read(layout, asked, files, tally, Threads(threads), progress, limits)
        if asked.vintage is not None and tally.columns and REPORTED not in tally.columns:
            raise DataError(Fault("nobody_says_when", "vintage", where=files[0].name))
        tally.set_apart(asked=asked.since is not None and asked.until is not None, today=asked.today)
        if tally.in_order and tally.in_other is not None:
            raise DataError(tally.in_other)
        if not tally.per_day:
            raise tally.none_kept("files", files[0].name)
        compared = _compared(layout, asked, earlier, tally, Threads(threads), limits) if earlier else None
        limits.check_window(min(tally.per_day), max(tally.per_day), "events", files[0].name)
        with replacing(out, field="out") as temporary:
            done = tally.fold(str(tally.book), temporary)
            told = _told(layout, asked, tally, read, done, out, _digest(temporary))
            told = replace(told, compared=compared)
            value = {"made_by": made_by()} | told.to_dict()
            write_whole(sidecar_of(out), f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode())
        return told


def _compared(
    layout: FileLayout,
    asked: Options,
    earlier: Sequence[Path],
    tally: Spool,
    workers: Threads,
    limits: Limits,
) -> Compared:
    """Read an earlier release as the files were read, and compare the two.

    Raises
    ------
    DataError
    """
    folder = tally.folder / "earlier"
    folder.mkdir()
    before = Spool(folder, layout.codebook or asked.codebook)
    _read(layout, asked, earlier, before, workers, None, limits)
    before.set_apart(asked=asked.since is not None and asked.until is not None, today=asked.today)
    if not before.per_day:
        raise before.none_kept("earlier", name_of(earlier[0]))
    old, new = (Release([path for _, _, path in each.parts], list(each.per_day)) for each in (before, tally))
    return compare_releases(old, new, [name_of(path) for path in earlier])


def sidecar_of(out: Path) -> Path:
    """Return where the sidecar of an imported file lies.

    Examples
    --------
    >>> sidecar_of(Path("events.parquet")).name
    'events.parquet.json'
    """
    return out.with_name(out.name + ".json")


def _check(layout: FileLayout, asked: Options, files: Sequence[Path], limits: Limits) -> None:
    if not files:
        raise DataError(Fault("required", "files"))
    real = [os.path.realpath(path) for path in files]  # which takes links in a circle
    for path in files:
        if real.count(os.path.realpath(path)) > 1:
            raise DataError(Fault("given_twice", "file", got=str(path)))
    if asked.since is not None and asked.until is not None:
        wanted = Window(asked.since, asked.until)
        limits.check_window(wanted.start, wanted.end, "since and until")
    if vain := said_in_vain(asked, layout.takes):
        forms = tuple(name for name, each in layout_registry().items() if vain in each.takes)
        raise DataError(Fault("option_of_formats", vain, where=layout.name, formats=forms))
    if asked.codebook is not None and layout.codebook is not None:
        raise DataError(
            Fault(
                "own_codebook_of_format",
                "codebook",
                got=asked.codebook,
                hint="format_has_codebook",
                format=layout.title,
                codebook=layout.codebook,
            )
        )


# --- reading ---------------------------------------------------------------------------------------------------------
Task = tuple[SourceText, Block | Rows, FileLayout, Options, str | None]
"""A piece of a text, what to ask of it, its codebook."""


def _read(
    layout: FileLayout,
    asked: Options,
    files: Sequence[Path],
    tally: Spool,
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
            closing(_tasks(layout, asked, path, tally, tell, limits)) as tasks,
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
    layout: FileLayout, asked: Options, path: Path, tally: Spool, tell: Callable[[int], None], limits: Limits
) -> Generator[Task, None, None]:
    """Yield the pieces of a file with what reads them; the first piece tells a codebook that is open."""
    with closing(members(path, limits)) as texts:
        for member in texts:
            tally.left_out.update(dict.fromkeys(member.left_out))
            new, here, options = True, layout, asked
            for text, rows in _pieces(member, layout, asked, tally):
                if layout.events is None and (new or "codebook" in text.used):
                    tally.book, options = book_of(text, rows, asked if new else options, tally.book)
                    _same(text.used, tally)
                    here = read_plainly(layout, text.used, tally.book)
                elif layout.codebook is None and new and layout.events is not None:
                    tally.book = tally.book or codebook_by_labels(text, rows)
                if new:
                    _check_names(asked, tally.book)
                new = False
                yield text, rows, here, options, tally.book
                tell(member.done())


def _tell_bytes(progress: Progress | None, behind: int, total: int, done: int) -> None:
    if progress:
        progress("import", (behind + done) // _MEGA, total // _MEGA)


def _check_names(asked: Options, book: str | None) -> None:
    """Refuse names of states where codes of actors are of another kind.

    Raises
    ------
    DataError
    """
    if asked.names.states and book == "weis":
        raise DataError(Fault("cannot_combine", "names", other="codebook weis", hint="map_weis"))


def _part_of(task: Task) -> Part:
    return part_of(*task)


def _same(used: tuple[str, ...], tally: Spool) -> None:
    """Refuse plain event files that have not the same columns: one table holds all."""
    if tally.used and set(tally.used) != set(used):
        raise DataError(Fault("other_columns", "files", got=used, hint="one_by_one", columns=tally.used))
    tally.used = used


def _pieces(
    member: Member, layout: FileLayout, options: Options, tally: Spool
) -> Iterator[tuple[SourceText, Block | Rows]]:
    """Yield a text's blocks, or its rows where fields are quoted."""
    blocks = blocks_of(member)
    first = next(blocks, None)
    if first is None:
        raise DataError(Fault("empty", "file", where=member.name))
    line, _, rest = first.data.partition(b"\n")
    where = f"{member.name}:1"
    head = _decoded(line, where, strict=not layout.shapes)
    inside = member.name.partition("/")[2]
    if inside and layout.without_pairs(head, where) is not None:  # beside others in an archive it is no fault
        tally.left_out[inside] = None
        return
    opening = layout.opened(head, where, options, layout_seen(head))
    tally.unused.update(dict.fromkeys(opening.unused))
    quoted = opening.separator in QUOTED
    loose = {*layout.place, *opening.unused}
    text = SourceText(
        member.name,
        opening.columns,
        opening.used,
        opening.separator,
        quoted,
        frozenset(opening.used) - loose,
        frozenset(name for name in (layout.id,) if name),
    )
    start = Block(rest, 2, first.ended) if opening.header else first
    following = chain([start] if start.data else [], blocks)
    if layout.whole:
        one = in_one(following, member.name)
        following = chain([one] if one.data else [])
    if opening.keys:
        for rows in json_rows(following, opening.keys):
            yield text, rows
        return
    for block in following:
        if quoted and b'"' in block.data:
            # A quoted field may run over the end of a block: from here on the file is read as one stream.
            for rows in quoted_rows(chain([block], following), text):
                yield text, rows
            return
        yield text, block


def _decoded(line: bytes, where: str, *, strict: bool) -> str:
    """Return a first line as text; one that is no header may hold bytes of Latin-1."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        if strict or b"\0" in line or line.startswith(b"\x1f\x8b"):
            raise DataError(Fault("not_utf8", "first line", where=where, hint="is_it_packed")) from None
        return line.decode("latin-1")


# --- what was imported -----------------------------------------------------------------------------------------------
def _told(
    layout: FileLayout,
    asked: Options,
    tally: Spool,
    read: tuple[FileRead, ...],
    done: Folded,
    out: Path,
    digest: str,
) -> Imported:
    book, same = str(tally.book), done.same
    kept = tally.rows + tally.more - tally.why.total()
    window = Window(asked.since or min(done.days), asked.until or max(done.days) + timedelta(days=1))
    seen = {day: rows for day, rows in tally.days.items() if day in window}
    return Imported(
        layout.title,
        book,
        read,
        tally.rows,
        done.events,
        kept - done.events,
        len(done.actors),
        {reason: tally.why[reason] for reason in LEFT_OUT if tally.why[reason]},
        {reason: tally.why[reason] for reason in REFUSED if tally.why[reason]},
        tuple(fault for reason in (*REFUSED, "apart") for fault in tally.shown.get(reason, ())),
        window,
        asked.since is not None and asked.until is not None,
        missing_windows(window, sorted(seen)),
        asked.names.name,
        {name: tally.applied[name] for name in asked.names.becomes},
        out.name,
        digest,
        (*(n for n in (*CONTENT, REPORTED) if n in tally.columns), "codebook"),
        more=tally.more,
        notes=dict(sorted(tally.notes.items())),
        succeeded={f"{old} -> {new}": n for (old, new), n in sorted(tally.succeeded.items())},
        renamed=dict(sorted(tally.renamed.items())),
        alike=look_alikes(done.actors, book),
        reissued=same.repeated,
        other_deaths=same.other_deaths,
        shared_ids=same.shared,
        shared_examples=same.examples,
        changed=same.changed,
        gaps=gaps_between(seen),
        files_left_out=tuple(tally.left_out),
        columns_unused=tuple(tally.unused) if layout.events is None else (),
        fits_better=better_codebook(tally.codes, book),
        numbered=layout.numbered,
    )


def _digest(path: Path) -> str:
    with reading(path.name), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
